"""Schools that a provider chose in a September, let in or refused: the phase once more, with every door open to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.draws import Luck, Stream
from sim.phases.deliver import held_by
from sim.phases.place import delivering, doors, place
from sim.rules.admitting import admitted
from sim.rules.arrays import Floats, Ints

if TYPE_CHECKING:
    from sim.model import CollaborationModel

ALWAYS = -1.0
"""A draw that lies below every chance [share]."""


@dataclass(frozen=True)
class Welcome(Luck):
    """The luck of a run in which every school lets one provider in."""

    identity: int  # of the provider

    def table(self, stream: Stream, month: int, who: Any, whom: Any) -> Any:
        """As in the run, but that the provider is let in wherever it asks."""
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

    Those before it choose as they did, and it chooses before anybody answers: so to let it in changes no choice of its own.
    """
    luck = model.luck
    model.luck = Welcome(luck.seed, int(model.world.organisations.id[row]))
    try:
        placed = place(model).placements
    finally:
        model.luck = luck
    own = placed.provider == row
    return Choices(placed.school[own], placed.promised[own].sum(axis=1))


def refused_at(model: CollaborationModel, site: int) -> list[int]:
    """Rows of the providers that chose a school in a September and were refused there."""
    world = model.world
    held = held_by(model, world)
    if not held.money.any():
        return []
    asks = (delivering(model, world, held) > 0.0) & (model.ask("territory") < 0.0)
    one, kept = np.array([site]), doors(model, world, np.arange(len(world.organisations)))
    out = [row for row in np.flatnonzero(asks).tolist() if not admitted(row, one, world.schools.authority, kept).size]
    return [row for row in out if site in choices(model, row).school]
