"""Providers that a question about placements concerns, for each September."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.explain.choices import refused_at
from sim.explain.question import DecisionQuestion
from sim.explain.replay import septembers
from sim.phases.place import place
from sim.world.organisations import KINDS

if TYPE_CHECKING:
    from sim.model import CollaborationModel


def choosers(question: DecisionQuestion) -> Iterator[tuple[int, int, CollaborationModel]]:
    """Yield school years and rows of the providers in question, with the model of that September before anybody chooses.

    Without a provider: those that chose the school, first those admitted, then those refused.

    Raises:
        InputError: neither a provider nor a school is given, or the organisation does not place programmes
    """
    if question.row is None and question.site is None:
        one = "placement" if question.decision == "placement" else "admission"
        raise InputError(
            f'`who` and `school` are missing; give one of them, for example `why("{one}", who=..., school=..., year=2016)`'
        )
    for year, model in septembers(question.run, question.years, place):
        placed = question.run.worlds[year].placements
        if question.row is None:
            inside = placed.provider[placed.school == question.site].tolist()
            for row in dict.fromkeys([*inside, *refused_at(model, int(question.site or 0))]):
                yield year, row, model
            continue
        if not (hasattr(model.kinds[question.kind], "inclination") or (placed.provider == question.row).any()):
            able = ", ".join(kind for kind in KINDS if hasattr(model.kinds[kind], "inclination"))
            raise InputError(f"{question.name} does not place programmes; kinds that do are {able}")
        yield year, question.row, model
