"""The view: an organisation, or many of a kind, seen through the columns of the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import mesa
import numpy as np

from sim.agents import validation as answering
from sim.declare import parameter
from sim.world.organisations import KINDS


class Column:
    """A column of a table of the world, read at the rows of the view: a number at one row, an array at many.

    Args:
        table: name of the table in the world
    """

    def __init__(self, table: str = "organisations") -> None:
        self.table = table

    def __set_name__(self, owner: type, name: str) -> None:
        """Remember which column this is."""
        self.name = name

    def __get__(self, view: Any, owner: type | None = None) -> Any:
        """The column at the view's rows, not to be edited."""
        if view is None:
            return self
        values = getattr(getattr(view.model.world, self.table), self.name)[view.rows]
        if isinstance(values, np.ndarray):
            values.flags.writeable = False
        return values

    def __set__(self, view: Any, value: Any) -> None:
        """A view is only read: phases replace the world. Raises AttributeError."""
        raise AttributeError(f"`{self.name}` cannot be set: a view is only read, phases replace the world")


class Organisation(mesa.Agent):  # type: ignore[misc]
    """An organisation, or a slice of them: a read-only view of rows of the world's table.

    Made as a Mesa agent it is registered with its model and shows one row; `everyone` shows many without registering.
    """

    kind: str = ""

    founder, member, joined = Column(), Column(), Column()
    capacity, openness, power, threshold = Column(), Column(), Column(), Column()
    autonomy, preference, mix, initial = Column(), Column(), Column(), Column()
    position, pledge, expected, forums = Column(), Column(), Column(), Column()
    purse, delivery, id = Column(), Column(), Column()

    def __init__(self, model: Any, rows: Any) -> None:
        super().__init__(model)
        self.rows = rows

    def __init_subclass__(cls, **named: Any) -> None:
        """Check what a class of the user's own answers."""
        super().__init_subclass__(**named)
        if not answering.own(cls):
            answering.guard(cls)

    @classmethod
    def everyone(cls, model: Any, rows: slice) -> Self:
        """The same class seen at many rows; nobody is registered."""
        view = object.__new__(cls)
        view.model, view.rows = model, rows
        return view

    @property
    def name(self) -> str:
        """Kind and number, for example ``foundation 3``."""
        table = self.model.world.organisations
        first = table.rows_of(KINDS.index(self.kind)).start
        return f"{self.kind} {int(self.rows) - first + 1}"

    def __repr__(self) -> str:
        """A line for notebooks."""
        if isinstance(self.rows, slice):
            return f"<{type(self).__name__}: {self.rows.stop - self.rows.start} organisations>"
        return f"<{self.name}: pledge {self.pledge:.2f}, {'member' if self.member else 'not a member'}>"


@dataclass(frozen=True)
class KindParameters:
    """What distinguishes a kind of organisation; each kind gives its own defaults in its own file."""

    number: int = parameter(0, unit="organisations", about="how many there are", low=0, high=100000)
    capacity: float = parameter(
        0.5, unit="NIS million/year", about="mean means of its own, volunteers valued", low=0, high=1000
    )
    threshold: float = parameter(
        0.15, unit="share", about="share of all means that it asks others to put in before it pledges", low=0, high=1
    )
    openness: float = parameter(0.6, unit="share", about="how far it follows what it hears", low=0, high=1)
    power: float = parameter(1.0, unit="ratio", about="standing in deliberation", low=0, high=10)
    joins_at_launch: float = parameter(0.5, unit="share", about="chance to be there at the launch", low=0, high=1)
    joins_later: float = parameter(0.01, unit="share/month", about="chance to join in a later month", low=0, high=1)
    preference: float = parameter(0.4, unit="share", about="weight of need against convenience", low=0, high=1)
    teaching: float = parameter(0.4, unit="share", about="part of its programmes for teaching", low=0, high=1)
    access: float = parameter(0.3, unit="share", about="part of its programmes for access", low=0, high=1)
    motivation: float = parameter(0.3, unit="share", about="part of its programmes for motivation", low=0, high=1)
    mathematics: float = parameter(0.4, unit="share", about="mean weight on mathematics", low=0, high=1)
    physics: float = parameter(0.25, unit="share", about="mean weight on physics", low=0, high=1)
    computing: float = parameter(0.2, unit="share", about="mean weight on computer science", low=0, high=1)
    junior: float = parameter(0.3, unit="share", about="mean weight on junior high school", low=0, high=1)
    senior: float = parameter(0.5, unit="share", about="mean weight on senior high school", low=0, high=1)
    reach: float = parameter(2.0, unit="ratio", about="what it can deliver over its own means", low=0.01, high=100)
