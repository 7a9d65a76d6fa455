"""Schools that a provider chose in a September, admitted or refused: the phase again, with every school open to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.draws import Luck, Stream
from sim.phases.deliver import funds_of
from sim.phases.place import admissions_of, delivering, place
from sim.rules.admitting import admitted
from sim.rules.arrays import Floats, Ints

if TYPE_CHECKING:
    from sim.model import CollaborationModel

ALWAYS = -1.0
"""A draw that lies below every chance [share]."""


@dataclass(frozen=True)
class AdmittedEverywhere(Luck):
    """The random draws of a run in which every school admits one provider."""

    identity: int  # of the provider

    def table(self, stream: Stream, month: int, who: Any, whom: Any) -> Any:
        """Return the draws of the run, but such that the provider is admitted wherever it asks."""
        drawn = super().table(stream, month, who, whom)
        if stream == Stream.ADMISSION:
            drawn = drawn.copy()
            drawn[who == self.identity] = ALWAYS
        return drawn


class Choices(NamedTuple):
    """Schools that a provider chose; shapes (schools chosen,)."""

    school: Ints  # row [row]
    meant: Floats  # of its means, what each school would get if all let it in [NIS million]


def choices(model: CollaborationModel, row: int) -> Choices:
    """Return the schools that a provider chose in a September that is about to be placed.

    Those before it choose as they did, and it chooses before any owner answers: admitting it changes no choice of its
    own.

    Args:
        model: of the September
        row: of the provider [row]
    """
    luck = model.luck
    model.luck = AdmittedEverywhere(luck.seed, int(model.world.organisations.id[row]))
    try:
        placed = place(model).placements
    finally:
        model.luck = luck
    own = placed.provider == row
    return Choices(placed.school[own], placed.promised[own].sum(axis=1))


def refused_at(model: CollaborationModel, site: int) -> list[int]:
    """Return the rows of the providers that chose a school in a September and were refused there.

    Args:
        model: of the September
        site: of the school [row]
    """
    world = model.world
    funds = funds_of(model, world)
    if not funds.money.any():
        return []
    asks = (delivering(model, world, funds) > 0.0) & (model.ask("territory") < 0.0)
    schools, admissions = np.array([site]), admissions_of(model, world, np.arange(len(world.organisations)))
    out = [
        row
        for row in np.flatnonzero(asks).tolist()
        if not admitted(row, schools, world.schools.authority, admissions).size
    ]
    return [row for row in out if site in choices(model, row).school]
