"""The model as agents see it."""

from __future__ import annotations

from typing import Any, Protocol

from sim.draws import Luck
from sim.memo import Memo
from sim.world.state import World


class Host(Protocol):
    """The model as agents see it: the world, the parameters in force and the random numbers."""

    world: World
    parameters: Any  # sections are declared beside their readers, many of them above this module
    luck: Luck
    memo: Memo
    kinds: Any  # the class that decides for each kind, by name
    part: float  # of the country's maths takers, in its schools: 1 for the country's schools and for more [ratio]

    @property
    def date(self) -> str:
        """The month that is about to begin, as YYYY-MM."""

    def kind(self, name: str) -> Any:  # of the class that decides, which may be a user's
        """Return everyone of a kind as one object, of the class that decides for it.

        Args:
            name: of the kind
        """

    def organisation(self, row: int) -> object:
        """Return the Mesa agent of the organisation at a row.

        Args:
            row: of the organisation [row]
        """
