"""Outcomes: functions of the world, each with its unit and which way is better (1 more, -1 less, 0 neither).

To add an outcome, write one function of the world in the file of its subject and decorate it.
"""

from __future__ import annotations

from sim.declare import OUTCOMES

from sim.outcomes import network, schools, money  # isort: skip  # the order of outcomes in every table
from sim.outcomes import growth  # isort: skip  # its patterns are listed with those of the record
from sim.outcomes.groups import by_group, group_columns
from sim.outcomes.money import by_source, source_columns
from sim.outcomes.record import as_recorded, listed_schools
from sim.outcomes.schools import examinations, share_of_grade, share_of_quintile, share_of_stream
from sim.world.state import World

__all__ = [
    "all_outcomes",
    "as_recorded",
    "by_group",
    "by_source",
    "examinations",
    "group_columns",
    "growth",
    "listed_schools",
    "money",
    "network",
    "schools",
    "share_of_grade",
    "share_of_quintile",
    "share_of_stream",
    "source_columns",
]


def all_outcomes(world: World) -> dict[str, float]:
    """Return every outcome: the declared ones, those of each year, groups, money by source, and the record."""
    figures = examinations(world)
    values = {name: float(item.function(world)) for name, item in OUTCOMES.items()}
    values |= {f"examinees_{year}": float(f["examinees"].sum()) for year, f in figures.items() if year >= 2006}
    values |= {f"share_{year}": share_of_grade(f) for year, f in figures.items() if year >= 2006}
    return values | by_group(world, figures) | by_source(world) | as_recorded(world)
