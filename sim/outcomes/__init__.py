"""What is judged: functions of the world, each with its unit and which way is better (1 more, -1 less, 0 neither).

To add an outcome, write one function of the world in the file of its subject and decorate it.
"""

from __future__ import annotations

from sim.declare import OUTCOMES
from sim.outcomes import networking, schooling, spending
from sim.outcomes.patterns import as_recorded, listed_schools
from sim.outcomes.schooling import examinations, share_of_grade, share_of_quintile, share_of_stream
from sim.world.state import World

__all__ = [
    "as_recorded",
    "examinations",
    "judged",
    "listed_schools",
    "networking",
    "schooling",
    "share_of_grade",
    "share_of_quintile",
    "share_of_stream",
    "spending",
]


def judged(world: World) -> dict[str, float]:
    """Every declared outcome of a world, examinees and share of the grade of each year, and the record as simulated."""
    figures = examinations(world)
    values = {name: float(item.function(world)) for name, item in OUTCOMES.items()}
    values |= {f"examinees_{year}": float(f["examinees"].sum()) for year, f in figures.items() if year >= 2006}
    values |= {f"share_{year}": share_of_grade(f) for year, f in figures.items() if year >= 2006}
    return values | as_recorded(world)
