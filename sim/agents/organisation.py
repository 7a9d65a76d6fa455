"""A view of one organisation, or of many of a kind, through the columns of the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.agents import validation
from sim.agents.light_mesa import mesa
from sim.agents.view import Column, View
from sim.declare import parameter
from sim.errors import InputError, shown
from sim.world.organisations import KINDS


class Organisation(View):
    """An organisation, or a slice of them: a read-only view of rows of the world's table.

    Made as a Mesa agent it is registered with its model and shows one row; `everyone` shows many without registering.

    Attributes:
        kind: name of the kind
        gives_grants: whether it hands its money to others as grants
        delivers: whether it delivers programmes in schools
        owns_schools: whether schools belong to it
        may_join: whether it may ever join the initiative
        attends: forums of its sector: the round table if it is invited, the public forum under a national programme, any
            other as a member
        funded_by: kinds that give grants to it
    """

    kind: str = ""
    gives_grants: ClassVar[bool] = False
    delivers: ClassVar[bool] = False
    owns_schools: ClassVar[bool] = False
    may_join: ClassVar[bool] = True
    attends: ClassVar[tuple[str, ...]] = ()
    funded_by: ClassVar[tuple[str, ...]] = ()

    founder, member, joined = Column(), Column(), Column()
    capacity, openness, power, threshold = Column(), Column(), Column(), Column()
    autonomy, preference, mix, initial = Column(), Column(), Column(), Column()
    position, pledge, expected, forums = Column(), Column(), Column(), Column()
    purse, delivery, lapsed_until, id = Column(), Column(), Column(), Column()
    pressure = Column()

    def __init_subclass__(cls, **named: object) -> None:
        """Check the answers of a user's class."""
        super().__init_subclass__(**named)
        if not validation.is_builtin(cls):
            validation.guard(cls)

    @property
    def name(self) -> str:
        """Kind and number, for example ``foundation 3``."""
        table = self.model.world.organisations
        first = table.first_of(KINDS.index(self.kind))
        return f"{self.kind} {self._row() - first + 1}"

    @property
    def partners(self) -> mesa.agent.AgentSet[Organisation]:
        """Organisations that it has a tie to, in the order of rows.

        Raises:
            InputError: the view shows everyone of a kind
        """
        row, ties = self._row(), self.model.world.ties
        targets = ties.target[ties.offsets[row] : ties.offsets[row + 1]]
        return mesa.agent.AgentSet([self.model.organisation(int(target)) for target in targets], random=self.random)

    def trust_in(self, other: Organisation) -> float:
        """Return its trust in another organisation.

        Args:
            other: organisation of the same model

        Returns:
            trust [share], 0 without a tie

        Raises:
            InputError: `other` is not one organisation of the same model, or the view shows everyone of a kind
        """
        row, ties = self._row(), self.model.world.ties
        if not isinstance(other, Organisation) or other.model is not self.model:
            raise InputError(f"`trust_in` needs an organisation of the same model; got {shown(other)}")
        begin, end = ties.offsets[row], ties.offsets[row + 1]
        tie = begin + np.searchsorted(ties.target[begin:end], other._row())
        return float(ties.trust[tie]) if tie < end and ties.target[tie] == other.rows else 0.0

    def _row(self) -> int:
        if isinstance(self.rows, slice):
            raise InputError(
                f"{self!r} shows everyone of a kind; use one organisation, for example `model.agents.to_list()[0]`"
            )
        return int(self.rows)

    def __repr__(self) -> str:
        """Return a line for notebooks."""
        if isinstance(self.rows, slice):
            return f"<{type(self).__name__}: {self.rows.stop - self.rows.start} organisations>"
        return f"<{self.name}: pledge {self.pledge:.2f}, {'member' if self.member else 'not a member'}>"


@dataclass(frozen=True)
class KindParameters:
    """Traits of a kind of organisation; each kind has its own defaults in its own file."""

    number: int = parameter(0, unit="organisations", about="number of organisations", low=0, high=100000)
    capacity: float = parameter(
        0.5, unit="NIS million/year", about="mean means of its own, with the value of volunteers", low=0, high=1000
    )
    threshold: float = parameter(
        0.15, unit="share", about="share of all means that it asks others to put in before it pledges", low=0, high=1
    )
    openness: float = parameter(0.6, unit="share", about="how far it follows what it hears", low=0, high=1)
    power: float = parameter(1.0, unit="ratio", about="standing in deliberation", low=0, high=10)
    joins_at_launch: float = parameter(0.5, unit="share", about="chance to join at the launch", low=0, high=1)
    joins_later: float = parameter(0.01, unit="share/month", about="chance to join in a later month", low=0, high=1)
    engineers: float = parameter(0.0, unit="share", about="how far it needs engineers", low=0, high=1, source="case")
    preference: float = parameter(0.4, unit="share", about="weight of need against convenience", low=0, high=1)
    teaching: float = parameter(0.4, unit="share", about="part of its programmes for teaching", low=0, high=1)
    access: float = parameter(0.3, unit="share", about="part of its programmes for access", low=0, high=1)
    motivation: float = parameter(0.3, unit="share", about="part of its programmes for motivation", low=0, high=1)
    mathematics: float = parameter(0.4, unit="share", about="mean weight on mathematics", low=0, high=1)
    physics: float = parameter(0.25, unit="share", about="mean weight on physics", low=0, high=1)
    computing: float = parameter(0.2, unit="share", about="mean weight on computer science", low=0, high=1)
    junior: float = parameter(0.3, unit="share", about="mean weight on junior high school", low=0, high=1)
    senior: float = parameter(0.5, unit="share", about="mean weight on senior high school", low=0, high=1)
    reach: float = parameter(
        2.0, unit="ratio", about="money that it can deliver, over its own means", low=0.01, high=100
    )
