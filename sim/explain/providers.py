"""Providers that a question of placements is about, September by September."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.explain.choices import refused_at
from sim.explain.question import Question
from sim.explain.replay import septembers
from sim.phases.place import place
from sim.world.organisations import KINDS

if TYPE_CHECKING:
    from sim.model import CollaborationModel


def choosers(asked: Question) -> Iterator[tuple[int, int, CollaborationModel]]:
    """School years and rows of the providers asked about, each with the model of that September before anybody chooses.

    Without one: those that chose the school asked about, first who was let in, then who was refused.

    Raises:
        InputError: without a provider and a school, or for an organisation that places nothing itself
    """
    if asked.row is None and asked.site is None:
        one = "placement" if asked.decision == "placement" else "admission"
        raise InputError(f'say whose {one}, or in which school: `why("{one}", who=..., school=..., year=2016)`')
    for year, model in septembers(asked.run, asked.years, place):
        placed = asked.run.worlds[year].placements
        if asked.row is None:
            inside = placed.provider[placed.school == asked.site].tolist()
            for row in dict.fromkeys([*inside, *refused_at(model, int(asked.site or 0))]):
                yield year, row, model
            continue
        if not (hasattr(model.kinds[asked.kind], "inclination") or (placed.provider == asked.row).any()):
            able = ", ".join(kind for kind in KINDS if hasattr(model.kinds[kind], "inclination"))
            raise InputError(f"{asked.name} places no programmes itself: kinds that do are {able}")
        yield year, asked.row, model
