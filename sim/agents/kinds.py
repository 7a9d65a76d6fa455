"""The class that decides for each kind, a user's kinds included, and the identity of users' classes."""

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
from sim.agents.validation import is_builtin
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
"""The class that decides for each kind; `sim.register` replaces a class, or adds one for a new kind."""

OWN_CLASSES = dict(KIND_CLASSES)
"""The default class of each kind; a class that decides for a kind must be a subclass of it."""

NEW_DEFAULTS: dict[str, KindParameters] = {}
"""Default parameters of the kinds that a user registered, by name."""

type NewKinds = dict[str, tuple[type[Organisation], KindParameters]]
"""Class and default parameters of a user's kinds, by name."""


def checked_defaults(name: str, defaults: object) -> KindParameters:
    """Return the default parameters of a kind, each converted to its type.

    Args:
        name: of the kind
        defaults: parameters of the kind

    Raises:
        InputError: `defaults` is not a `KindParameters`, or a value is out of its range
    """
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
    """Return the kinds that a user registered, in their order."""
    return {name: (KIND_CLASSES[name], defaults) for name, defaults in NEW_DEFAULTS.items()}


def received_kinds(kinds: NewKinds, exactly: bool = False) -> None:
    """Register the kinds that another process has registered.

    Args:
        kinds: what `new_kinds` gives there
        exactly: whether to forget others that are registered here
    """
    if exactly and list(kinds) != list(NEW_DEFAULTS):
        for name in list(NEW_DEFAULTS):
            del NEW_DEFAULTS[name], KIND_CLASSES[name], OWN_CLASSES[name]
        KINDS.keep(())
    for name, (decider, defaults) in kinds.items():
        if exactly or name not in NEW_DEFAULTS:
            declare(name, decider, defaults)


def digest_of(decider: type[Organisation]) -> str:
    """Return a hash of what a user wrote in a class: its attributes and the code of its methods.

    Args:
        decider: the class; what its methods call outside it is not read
    """
    classes = [
        each for each in decider.__mro__ if not is_builtin(each) and each.__module__.partition(".")[0] not in _LIBRARIES
    ]
    text = repr([sorted((name, _text(value)) for name, value in vars(each).items()) for each in classes])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


_LIBRARIES = ("mesa", "builtins", "abc", "typing")


def _text(value: object) -> str:
    """Return a value of a class as text that is the same in every process."""
    if isinstance(value, FunctionType):
        value = unwrap(value).__code__
    if isinstance(value, CodeType):
        return repr((value.co_code, value.co_names, value.co_varnames, [_text(each) for each in value.co_consts]))
    if isinstance(value, tuple):
        return repr([_text(each) for each in value])
    return repr(value) if isinstance(value, str | int | float | bool | bytes | None) else type(value).__name__


def declare(name: str, decider: type[Organisation], defaults: KindParameters) -> None:
    """Register a user's kind, or its new class and defaults.

    Args:
        name: of the kind
        decider: the class that decides for it
        defaults: its default parameters
    """
    KINDS.declare(name, owns_schools=bool(decider.owns_schools), may_join=bool(decider.may_join))
    KIND_CLASSES[name] = OWN_CLASSES[name] = decider
    NEW_DEFAULTS[name] = defaults
