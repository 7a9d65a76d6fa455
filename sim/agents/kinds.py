"""The class that decides for each kind, kinds of a user's own among them, and what identifies those."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from inspect import unwrap
from types import CodeType, FunctionType

from sim.agents.academia import Academia
from sim.agents.backbone import Backbone
from sim.agents.business import Business
from sim.agents.foundation import Foundation
from sim.agents.local_authority import LocalAuthority
from sim.agents.ministry import Ministry
from sim.agents.ngo import NGO
from sim.agents.organisation import KindParameters, Organisation
from sim.agents.validation import own
from sim.declare import declarations, problem_with
from sim.errors import InputError, shown
from sim.world.kinds import KINDS

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


def checked_defaults(name: str, defaults: object) -> KindParameters:
    """Default parameters of a kind, each of its type. Raise InputError for anything else, and values that they cannot have."""
    if not isinstance(defaults, KindParameters):
        raise InputError(
            f"`defaults` of {name} must be `sim.agents.KindParameters(number=..., ...)`; got {shown(defaults)}"
        )
    usual = KindParameters()
    for key, value, declared in declarations(defaults):
        problem = problem_with(f"kinds.{name}.{key}", value, getattr(usual, key), declared)
        if problem:
            raise InputError(problem)
    return replace(defaults, **{key: type(getattr(usual, key))(value) for key, value in vars(defaults).items()})


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
            declare(name, decider, defaults)


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
    """Return a value that stands in a class as text that is the same in every process."""
    if isinstance(value, FunctionType):
        value = unwrap(value).__code__
    if isinstance(value, CodeType):
        return repr((value.co_code, value.co_names, value.co_varnames, [_text(each) for each in value.co_consts]))
    if isinstance(value, tuple):
        return repr([_text(each) for each in value])
    return repr(value) if isinstance(value, str | int | float | bool | bytes | None) else type(value).__name__


def declare(name: str, decider: type[Organisation], defaults: KindParameters) -> None:
    """Know a kind of the user's own from now on, or its new class and defaults."""
    KINDS.declare(name, owns_schools=bool(decider.owns_schools), may_join=bool(decider.may_join))
    KIND_CLASSES[name] = OWN_CLASSES[name] = decider
    NEW_DEFAULTS[name] = defaults


for _name, _class in OWN_CLASSES.items():
    KINDS.declare(_name, owns_schools=_class.owns_schools, may_join=_class.may_join)
