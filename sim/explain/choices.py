"""Schools that a provider chose in a September, admitted or refused: the phase again, with every school open to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.phases.deliver import funds_of
from sim.phases.place import admissions_of, delivering, partners_placed, placing_draws
from sim.phases.site_choice import luck_at
from sim.rules.admitting import admitted
from sim.rules.arrays import Floats, Ints

if TYPE_CHECKING:
    from sim.model import CollaborationModel


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
    world = model.world
    funds = funds_of(model, world)
    if not funds.money.any():
        return Choices(np.zeros(0, np.int64), np.zeros(0))
    placed = partners_placed(model, world, funds, welcome=row).placements
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
    owners, admissions, draws = world.schools.authority, admissions_of(model, world), placing_draws(model, world)
    schools, refused = np.array([site]), []
    for row in np.flatnonzero(asks).tolist():
        luck = luck_at(draws.admission, row, schools, draws)
        if not admitted(row, schools, luck, owners, admissions).size:
            refused.append(row)
    return [row for row in refused if site in choices(model, row).school]
