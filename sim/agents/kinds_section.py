"""The section of the parameters with the declared traits of every kind of organisation."""

from __future__ import annotations

from dataclasses import dataclass, fields, make_dataclass, replace
from functools import lru_cache
from typing import Any

from sim.agents import academia, business, foundation, local_authority, ngo
from sim.agents import backbone as backbone_kind
from sim.agents import ministry as ministry_kind
from sim.agents.kinds import NEW_DEFAULTS, NewKinds, digest_of, new_kinds, received_kinds
from sim.agents.organisation import KindParameters


@dataclass(frozen=True)
class Kinds:
    """The declared traits of every kind of organisation."""

    ministry: KindParameters = ministry_kind.DEFAULTS
    foundation: KindParameters = foundation.DEFAULTS
    business: KindParameters = business.DEFAULTS
    ngo: KindParameters = ngo.DEFAULTS
    academia: KindParameters = academia.DEFAULTS
    local_authority: KindParameters = local_authority.DEFAULTS
    backbone: KindParameters = backbone_kind.DEFAULTS

    def __getattr__(self, name: str) -> Any:
        """Return the traits of a kind that was registered after this section was made, with no organisation of it.

        Raises:
            AttributeError: the name is not a kind
        """
        if name in NEW_DEFAULTS:
            return replace(NEW_DEFAULTS[name], number=0)
        raise AttributeError(f"`{name}` is not a kind; `sim.register` adds one")

    def registered(self) -> tuple[tuple[str, str], ...]:
        """Return name and digest of the class of each of the user's own kinds in the section."""
        return tuple((name, digest_of(decider)) for name, (decider, _) in new_kinds().items() if name in vars(self))


def kinds_section() -> type[Kinds]:
    """Return the class of the section with the kinds that are registered now."""
    return _kinds_with(tuple(NEW_DEFAULTS.items())) if NEW_DEFAULTS else Kinds


@lru_cache(maxsize=8)
def _kinds_with(new: tuple[tuple[str, KindParameters], ...]) -> type[Kinds]:
    """Return the class of the section with the user's own kinds; its pickles carry them to other processes."""
    parts = [(name, KindParameters, defaults) for name, defaults in new]
    sent = {"__reduce__": lambda self: (_received, (new_kinds(), dict(vars(self))))}
    return make_dataclass("Kinds", parts, bases=(Kinds,), frozen=True, module=__name__, namespace=sent)


def _received(sent: NewKinds, values: dict[str, KindParameters]) -> Kinds:
    """Return a section from a pickle or a copy, with the kinds that were sent along registered."""
    received_kinds(sent)
    names = {item.name for item in fields(kinds_section())}
    return kinds_section()(**{name: value for name, value in values.items() if name in names})


def default_kinds() -> Kinds:
    """Return the section of kinds with its defaults."""
    return kinds_section()()


def renewed_kinds(kinds: Kinds) -> Kinds:
    """Return a section with its values, and no organisations of kinds registered after it was made."""
    section = kinds_section()
    return kinds if type(kinds) is section else section(**{n.name: getattr(kinds, n.name) for n in fields(section)})
