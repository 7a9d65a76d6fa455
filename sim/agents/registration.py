"""Register a class for a kind that there is, or a kind of a user's own with its class and its defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from keyword import iskeyword

from sim.agents.kinds import KIND_CLASSES, OWN_CLASSES, checked_defaults, declare
from sim.agents.organisation import Organisation
from sim.agents.roles import Committer, GrantMaker, Member, Provider
from sim.agents.validation import own, unasked
from sim.errors import InputError, is_one_of, shown, suggestion
from sim.world.forums import FORUMS
from sim.world.kinds import FIRST, KINDS


def classes_with(kinds: Mapping[str, type[Organisation]] | None) -> dict[str, type[Organisation]]:
    """Return the class that decides for each kind, with some in place of the kinds' own.

    Raises:
        InputError: a kind that there is not, what is no class of organisations or one of another kind, a decision
            misspelt in a class, or a capability that a class cannot change for one run
    """
    if not isinstance(kinds, Mapping | None):
        raise InputError(f"`kinds` gives classes by the name of their kind; got {shown(kinds)}")
    for name, decider in (kinds or {}).items():
        if not is_one_of(name, KIND_CLASSES):
            raise InputError(f"unknown kind {shown(name)}; there are {', '.join(KIND_CLASSES)}")
        if not isinstance(decider, type) or not issubclass(decider, Organisation):
            raise InputError(f"a class that decides for {name} must be one of `sim.agents`; got {shown(decider)}")
        parent = OWN_CLASSES[name]
        if not issubclass(decider, parent):
            raise InputError(
                f"a class that decides for {name} must be a subclass of `{parent.__name__}`; `{decider.__name__}` is none"
            )
        require_sound(name, decider)
        for capability in ("owns_schools", "may_join"):
            if getattr(decider, capability) != getattr(parent, capability):
                raise InputError(
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
        InputError: a name that is not an identifier or is a kind of the model, a class that is not made of roles or
            contradicts itself, or defaults that are not `KindParameters`.
    """
    if not isinstance(name, str) or not name.isidentifier() or iskeyword(name) or name != name.lower().lstrip("_"):
        raise InputError(
            f"a kind is called by a word of small letters, for example `parents_association`; got {shown(name)}"
        )
    if name in (*FIRST, "school", "registered"):
        raise InputError(f"the name `{name}` is taken; call your kind something else")
    if not isinstance(decider, type) or not issubclass(decider, Member):
        raise InputError(
            f"a class that decides for {name} must be made of roles of `sim.agents.roles`, `Member` among them; "
            f"got {shown(decider)}"
        )
    if own(decider) or decider.kind not in ("", name):
        raise InputError(f"`{decider.__name__}` decides for another kind; write a class of your own for {name}")
    usual = checked_defaults(name, defaults)
    require_sound(name, decider)
    require_roles(name, decider)
    decider.kind = name
    declare(name, decider, usual)
    return decider


def require_sound(name: str, decider: type[Organisation]) -> None:
    """Raise InputError for a class with a misspelt decision, or forums or kinds that do not exist."""
    wrong = "" if own(decider) else unasked(decider)
    if wrong:
        raise InputError(wrong)
    for attribute, known in (("attends", list(FORUMS)), ("funded_by", [*KINDS, name])):
        values = getattr(decider, attribute)
        if isinstance(values, str) or not isinstance(values, Iterable):
            raise InputError(f"`{decider.__name__}.{attribute}` must be a tuple of names; got {shown(values)}")
        for value in values:
            if not is_one_of(value, known):
                hint = suggestion(value, known) or f"; there are {', '.join(known)}"
                raise InputError(f"`{decider.__name__}.{attribute}` names {shown(value)}, which does not exist{hint}")


def require_roles(name: str, decider: type[Organisation]) -> None:
    """Raise InputError for a class of a new kind whose roles and capabilities contradict each other."""
    spends = issubclass(decider, Provider | GrantMaker)
    if issubclass(decider, Committer) and not spends:
        raise InputError(
            f"`{decider.__name__}` sets money aside that nobody spends; add the role `Provider` or `GrantMaker`"
        )
    roles = {"delivers": Provider, "gives_grants": GrantMaker}
    for capability, role in roles.items():
        if bool(getattr(decider, capability)) != issubclass(decider, role):
            raise InputError(
                f"`{decider.__name__}.{capability}` comes with the role `{role.__name__}`; add or leave out the role"
            )
    for giver in decider.funded_by:
        if not decider.delivers:
            raise InputError(f"`{decider.__name__}` is funded by {giver} and delivers nothing; add the role `Provider`")
        if not (decider if giver == name else KIND_CLASSES[giver]).gives_grants:
            raise InputError(f"`{decider.__name__}.funded_by` names {giver}, which gives no grants")
