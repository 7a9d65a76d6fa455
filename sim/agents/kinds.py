"""The class that decides for each kind, and kinds of a user's own, registered with their class and their defaults."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from inspect import unwrap
from keyword import iskeyword
from types import CodeType, FunctionType

from sim.agents.academia import Academia
from sim.agents.backbone import Backbone
from sim.agents.business import Business
from sim.agents.foundation import Foundation
from sim.agents.local_authority import LocalAuthority
from sim.agents.ministry import Ministry
from sim.agents.ngo import NGO
from sim.agents.organisation import KindParameters, Organisation
from sim.agents.roles import Committer, GrantMaker, Member, Provider
from sim.agents.validation import own, unasked
from sim.declare import declarations, problem_with
from sim.errors import Mistake, is_one_of, shown, suggestion
from sim.world.forums import FORUMS
from sim.world.kinds import FIRST, KINDS

KIND_CLASSES: dict[str, type[Organisation]] = {
    "ministry": Ministry,
    "foundation": Foundation,
    "business": Business,
    "ngo": NGO,
    "academia": Academia,
    "local_authority": LocalAuthority,
    "backbone": Backbone,
}
"""The class that decides for each kind; `sim.register` replaces one, or adds one for a kind of the user's own."""

OWN_CLASSES = dict(KIND_CLASSES)
"""The kinds and their own classes: who decides for a kind comes from its own class."""

NEW_DEFAULTS: dict[str, KindParameters] = {}
"""Default parameters of the kinds that a user registered, by name."""

type NewKinds = dict[str, tuple[type[Organisation], KindParameters]]
"""Class and default parameters of kinds of the user's own, by name."""


def classes_with(kinds: Mapping[str, type[Organisation]] | None) -> dict[str, type[Organisation]]:
    """The class that decides for each kind, with some in place of the kinds' own.

    Raises Mistake for a kind that there is not, what is no class of organisations or one of another kind, a decision
    misspelt in a class, or a capability that a class cannot change for one run.
    """
    if not isinstance(kinds, Mapping | None):
        raise Mistake(f"`kinds` gives classes by the name of their kind; got {shown(kinds)}")
    for name, decider in (kinds or {}).items():
        if not is_one_of(name, KIND_CLASSES):
            raise Mistake(f"unknown kind {shown(name)}; there are {', '.join(KIND_CLASSES)}")
        if not isinstance(decider, type) or not issubclass(decider, Organisation):
            raise Mistake(f"a class that decides for {name} must be one of `sim.agents`; got {shown(decider)}")
        parent = OWN_CLASSES[name]
        if not issubclass(decider, parent):
            raise Mistake(
                f"a class that decides for {name} must be a subclass of `{parent.__name__}`; `{decider.__name__}` is none"
            )
        require_sound(name, decider)
        for capability in ("owns_schools", "may_join"):
            if getattr(decider, capability) != getattr(parent, capability):
                raise Mistake(
                    f"`{decider.__name__}.{capability}` cannot differ from that of {name}, since the world is built by it; "
                    "register a kind of your own"
                )
    return KIND_CLASSES | dict(kinds or {})


def add_kind(name: object, decider: object, defaults: object) -> type[Organisation]:
    """Register a kind of the user's own; again with the same name replaces its class and its defaults.

    Args:
        name: of the kind, as files and keys write it
        decider: the class that decides for it, made of roles
        defaults: its parameters where nothing else is said

    Returns:
        The class.

    Raises:
        Mistake: a name that is not an identifier or is a kind of the model, a class that is not made of roles or
            contradicts itself, or defaults that are not `KindParameters`.
    """
    if not isinstance(name, str) or not name.isidentifier() or iskeyword(name) or name != name.lower().lstrip("_"):
        raise Mistake(
            f"a kind is called by a word of small letters, for example `parents_association`; got {shown(name)}"
        )
    if name in (*FIRST, "school", "registered"):
        raise Mistake(f"the name `{name}` is taken; call your kind something else")
    if not isinstance(decider, type) or not issubclass(decider, Member):
        raise Mistake(
            f"a class that decides for {name} must be made of roles of `sim.agents.roles`, `Member` among them; "
            f"got {shown(decider)}"
        )
    if own(decider) or decider.kind not in ("", name):
        raise Mistake(f"`{decider.__name__}` decides for another kind; write a class of your own for {name}")
    usual = checked_defaults(name, defaults)
    require_sound(name, decider)
    require_roles(name, decider)
    decider.kind = name
    _declare(name, decider, usual)
    return decider


def checked_defaults(name: str, defaults: object) -> KindParameters:
    """Default parameters of a kind, each of its type. Raise Mistake for anything else, and values that they cannot have."""
    if not isinstance(defaults, KindParameters):
        raise Mistake(
            f"`defaults` of {name} must be `sim.agents.KindParameters(number=..., ...)`; got {shown(defaults)}"
        )
    usual = KindParameters()
    for key, value, declared in declarations(defaults):
        problem = problem_with(f"kinds.{name}.{key}", value, getattr(usual, key), declared)
        if problem:
            raise Mistake(problem)
    return replace(defaults, **{key: type(getattr(usual, key))(value) for key, value in vars(defaults).items()})


def require_sound(name: str, decider: type[Organisation]) -> None:
    """Raise Mistake for a class with a misspelt decision, or forums or kinds that do not exist."""
    wrong = "" if own(decider) else unasked(decider)
    if wrong:
        raise Mistake(wrong)
    for attribute, known in (("attends", list(FORUMS)), ("funded_by", [*KINDS, name])):
        values = getattr(decider, attribute)
        if isinstance(values, str) or not isinstance(values, Iterable):
            raise Mistake(f"`{decider.__name__}.{attribute}` must be a tuple of names; got {shown(values)}")
        for value in values:
            if not is_one_of(value, known):
                hint = suggestion(value, known) or f"; there are {', '.join(known)}"
                raise Mistake(f"`{decider.__name__}.{attribute}` names {shown(value)}, which does not exist{hint}")


def require_roles(name: str, decider: type[Organisation]) -> None:
    """Raise Mistake for a class of a new kind whose roles and capabilities contradict each other."""
    spends = issubclass(decider, Provider | GrantMaker)
    if issubclass(decider, Committer) and not spends:
        raise Mistake(
            f"`{decider.__name__}` sets money aside that nobody spends; add the role `Provider` or `GrantMaker`"
        )
    roles = {"delivers": Provider, "gives_grants": GrantMaker}
    for capability, role in roles.items():
        if bool(getattr(decider, capability)) != issubclass(decider, role):
            raise Mistake(
                f"`{decider.__name__}.{capability}` comes with the role `{role.__name__}`; add or leave out the role"
            )
    for giver in decider.funded_by:
        if not decider.delivers:
            raise Mistake(f"`{decider.__name__}` is funded by {giver} and delivers nothing; add the role `Provider`")
        if not (decider if giver == name else KIND_CLASSES[giver]).gives_grants:
            raise Mistake(f"`{decider.__name__}.funded_by` names {giver}, which gives no grants")


def new_kinds() -> NewKinds:
    """Return the kinds of the user's own as they are registered, in their order."""
    return {name: (KIND_CLASSES[name], defaults) for name, defaults in NEW_DEFAULTS.items()}


def received_kinds(theirs: NewKinds, exactly: bool = False) -> None:
    """Know the kinds that another process has registered.

    Args:
        theirs: what `new_kinds` gives there
        exactly: whether to forget others that are registered here
    """
    if exactly and list(theirs) != list(NEW_DEFAULTS):
        for name in list(NEW_DEFAULTS):
            del NEW_DEFAULTS[name], KIND_CLASSES[name], OWN_CLASSES[name]
        KINDS.keep(())
    for name, (decider, defaults) in theirs.items():
        if exactly or name not in NEW_DEFAULTS:
            _declare(name, decider, defaults)


def digest_of(decider: type[Organisation]) -> str:
    """Return a hash of what a user wrote in a class: its attributes and the code of its methods.

    Args:
        decider: the class; what its methods call outside it is not read
    """
    theirs = [each for each in decider.__mro__ if not own(each) and each.__module__.partition(".")[0] not in _LIBRARIES]
    text = repr([sorted((name, _text(value)) for name, value in vars(each).items()) for each in theirs])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


_LIBRARIES = ("mesa", "builtins", "abc", "typing")


def _text(value: object) -> str:
    """A value that stands in a class as text that is the same in every process."""
    if isinstance(value, FunctionType):
        value = unwrap(value).__code__
    if isinstance(value, CodeType):
        return repr((value.co_code, value.co_names, value.co_varnames, [_text(each) for each in value.co_consts]))
    if isinstance(value, tuple):
        return repr([_text(each) for each in value])
    return repr(value) if isinstance(value, str | int | float | bool | bytes | None) else type(value).__name__


def _declare(name: str, decider: type[Organisation], defaults: KindParameters) -> None:
    KINDS.declare(name, owns_schools=bool(decider.owns_schools), may_join=bool(decider.may_join))
    KIND_CLASSES[name] = OWN_CLASSES[name] = decider
    NEW_DEFAULTS[name] = defaults


for _name, _class in OWN_CLASSES.items():
    KINDS.declare(_name, owns_schools=_class.owns_schools, may_join=_class.may_join)
