"""Facts of pairs: figures of a run compared with its reference, the same run with some levers changed from a month on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sim.declare import Fact
from sim.outcomes.record import Record, as_recorded
from sim.outcomes.reference import Reference
from sim.world.state import World

type PairedFigure = Callable[[Record, Record, int, str], float]

PAIRED: dict[str, tuple[PairedFigure, Reference]] = {}
"""Every pattern of pairs by name: a function of a run's record, its reference's, the year and the group; the reference."""


def paired_pattern(name: str, reference: Reference) -> Callable[[PairedFigure], PairedFigure]:
    """Register a function as that of a pattern of pairs; its figure is nan for a year not simulated in both runs.

    Args:
        name: of the pattern
        reference: with which runs are compared
    """

    def listed(function: PairedFigure) -> PairedFigure:
        def figure(record: Record, other: Record, year: int, group: str) -> float:
            both = record.reaches(year) and other.reaches(year)
            return float(function(record, other, year, group)) if both else math.nan

        PAIRED[name] = figure, reference
        return function

    return listed


def references_of(facts: Iterable[Fact]) -> tuple[Reference, ...]:
    """Return the references that some facts need, each once.

    Args:
        facts: the facts
    """
    return tuple(dict.fromkeys(PAIRED[fact.pattern][1] for fact in facts if fact.pattern in PAIRED))


def as_recorded_in_pairs(
    world: World, facts: Sequence[Fact], references: Mapping[Reference, World]
) -> dict[str, float]:
    """Return the simulated figure of every fact by its column, those of pairs included.

    Args:
        world: after the last month of a run
        facts: of the run, and of the pairs that it makes with its references
        references: last world of each reference that the facts need
    """
    unpaired = as_recorded(world, [fact for fact in facts if fact.pattern not in PAIRED])
    record, figures = Record.of(world), dict[str, float]()
    for fact in facts:
        if fact.pattern not in PAIRED:
            figures[fact.column] = unpaired[fact.column]
            continue
        function, reference = PAIRED[fact.pattern]
        figures[fact.column] = function(record, Record.of(references[reference]), fact.year, fact.group)
    return figures


HOURS = Reference(
    "2014-09",
    (("ministry.pilot_budget", 0.0), ("ministry.national_budget", 0.0), ("package.lower_minimum", False)),
)
"""No hours and classes of the programme, since the September of the pilot; the rest of the programme stays as it is."""

BOYS = 0.5
"""Boys among the students of grade 12, of whom the model knows no gender [share]."""


@paired_pattern("boys_gain_by_hours", HOURS)
def boys_gain_by_hours(record: Record, other: Record, year: int, group: str) -> float:
    """Return the effect of hours and classes on boys at five units in schools with hours [share of boys in grade 12].

    Schools received hours where the ministry's support is greater than in the reference. A school's examinees have the
    country's share of boys, and its grade 12 the part of the country's that its maths takers have.
    """
    treated = (record.world.schools.policy_support > other.world.schools.policy_support).any(axis=1)
    if not treated.any():
        return math.nan
    return _share_of_boys(record.figures[year], treated) - _share_of_boys(other.figures[year], treated)


def _share_of_boys(figure: Mapping[str, Any], schools: Any) -> float:
    """Return the share of the boys in grade 12 of some schools who are at five units [share]."""
    boys = figure["examinees"][schools].sum() * (1.0 - figure["girls"] / max(figure["examinees"].sum(), 1.0))
    grade = BOYS * figure["grade"] * figure["takers"][schools].sum() / max(figure["takers"].sum(), 1.0)
    return float(boys / max(grade, 1.0))
