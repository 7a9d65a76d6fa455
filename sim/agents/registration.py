"""Registration of a class for an existing kind, or of a user's own kind with its class and defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from keyword import iskeyword

from sim.agents.kinds import KIND_CLASSES, OWN_CLASSES, checked_defaults, declare
from sim.agents.organisation import Organisation
from sim.agents.roles import Committer, GrantMaker, Member, Provider
from sim.agents.validation import is_builtin, method_name_problem
from sim.errors import InputError, is_one_of, shown, suggestion
from sim.world.forums import FORUMS
from sim.world.kinds import FIRST, KINDS


def classes_with(kinds: Mapping[str, type[Organisation]] | None) -> dict[str, type[Organisation]]:
    """Return the class that decides for each kind, with some in place of the default classes.

    Args:
        kinds: classes by the name of their kind, or None

    Raises:
        InputError: a kind does not exist, a class is not one of organisations or is of another kind, a decision is
            misspelt, or a capability differs that a class cannot change for one run
    """
    if not isinstance(kinds, Mapping | None):
        raise InputError(f"`kinds` must be a dict from names of kinds to classes; got {shown(kinds)}")
    for name, decider in (kinds or {}).items():
        if not is_one_of(name, KIND_CLASSES):
            raise InputError(f"{shown(name)} is not a kind; use one of {', '.join(KIND_CLASSES)}")
        if not isinstance(decider, type) or not issubclass(decider, Organisation):
            raise InputError(f"a class that decides for {name} must be one of `sim.agents`; got {shown(decider)}")
        parent = OWN_CLASSES[name]
        if not issubclass(decider, parent):
            raise InputError(
                f"a class that decides for {name} must be a subclass of `{parent.__name__}`; `{decider.__name__}` is not"
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
    """Register a user's kind; again with the same name replaces its class and its defaults.

    Args:
        name: of the kind, as files and keys write it
        decider: the class that decides for it, made of roles
        defaults: its default parameters

    Returns:
        The class.

    Raises:
        InputError: the name is not an identifier or belongs to a kind of the model, the class is not made of roles or
            contradicts itself, or the defaults are not `KindParameters`
    """
    if not isinstance(name, str) or not name.isidentifier() or iskeyword(name) or name != name.lower().lstrip("_"):
        raise InputError(
            f"the name of a kind must be a word of lower-case letters, for example `parents_association`; got {shown(name)}"
        )
    if name in (*FIRST, "school", "registered"):
        raise InputError(f"the name `{name}` is taken; choose another name for your kind")
    if not isinstance(decider, type) or not issubclass(decider, Member):
        raise InputError(
            f"a class that decides for {name} must be made of roles of `sim.agents.roles`, `Member` among them; "
            f"got {shown(decider)}"
        )
    if is_builtin(decider) or decider.kind not in ("", name):
        raise InputError(f"`{decider.__name__}` decides for another kind; write a class of your own for {name}")
    usual = checked_defaults(name, defaults)
    require_sound(name, decider)
    require_roles(name, decider)
    decider.kind = name
    declare(name, decider, usual)
    return decider


def require_sound(name: str, decider: type[Organisation]) -> None:
    """Check that a class has no misspelt decision, and that its forums and funding kinds exist.

    Args:
        name: of the kind
        decider: the class that decides for it

    Raises:
        InputError: a decision is misspelt, or a forum or kind does not exist
    """
    problem = "" if is_builtin(decider) else method_name_problem(decider)
    if problem:
        raise InputError(problem)
    for attribute, allowed in (("attends", list(FORUMS)), ("funded_by", [*KINDS, name])):
        values = getattr(decider, attribute)
        if isinstance(values, str) or not isinstance(values, Iterable):
            raise InputError(f"`{decider.__name__}.{attribute}` must be a tuple of names; got {shown(values)}")
        for value in values:
            if not is_one_of(value, allowed):
                hint = suggestion(value, allowed) or f"; use one of {', '.join(allowed)}"
                raise InputError(f"`{decider.__name__}.{attribute}` names {shown(value)}, which does not exist{hint}")


def require_roles(name: str, decider: type[Organisation]) -> None:
    """Check that the roles and capabilities of a new kind's class agree with each other.

    Args:
        name: of the kind
        decider: the class that decides for it

    Raises:
        InputError: they contradict each other
    """
    spends = issubclass(decider, Provider | GrantMaker)
    if issubclass(decider, Committer) and not spends:
        raise InputError(
            f"`{decider.__name__}` sets money aside and does not spend it; add the role `Provider` or `GrantMaker`"
        )
    roles = {"delivers": Provider, "gives_grants": GrantMaker}
    for capability, role in roles.items():
        if bool(getattr(decider, capability)) != issubclass(decider, role):
            raise InputError(
                f"`{decider.__name__}.{capability}` does not match the roles of the class; add or remove the role "
                f"`{role.__name__}`"
            )
    for giver in decider.funded_by:
        if not decider.delivers:
            raise InputError(f"`{decider.__name__}` is funded by {giver} and delivers nothing; add the role `Provider`")
        if not (decider if giver == name else KIND_CLASSES[giver]).gives_grants:
            raise InputError(f"`{decider.__name__}.funded_by` names {giver}, which gives no grants; remove it")
