"""A declared number is the number that counts: the code reads it and holds no copy of it."""

from __future__ import annotations

from functools import cache

import pytest

from sim.configuration import scenario
from sim.runs import simulate

CHANGED = {
    "drawing.track_by_size": 2.0,
    "drawing.track_by_quintile": 0.0,
    "drawing.track_non_jewish": 0.0,
    "drawing.track_haredi": 0.0,
    "drawing.track_religious": 0.0,
    "drawing.share_by_quintile": 0.0,
    "drawing.share_non_jewish": 0.0,
    "drawing.share_religious": 0.0,
    "drawing.share_spread": 0.2,
    "staffing.staffed": 0.5,
    "school.late_entrants": 0.2,
    "school.second_year": 0.8,
    "school.undecided": 0.6,
    "package.persisting": 0.0,
    "package.first_report": 10,
    "package.second_report": 40,
    "ministry.pilot_by_need": 2.0,
    "deliberation.junior_shift": 0.5,
    "placing.untried": 0.5,
    "placing.need_of_periphery": 0.0,
    "placing.need_by_share": 0.0,
    "placing.without_track": 1.0,
}
"""Numbers that stood in the code, each with another value."""


@cache
def outcomes(**values: object) -> dict[str, str]:
    """What a run comes to; text, since what is not a number is unlike itself."""
    case = scenario("historical", set={name.replace("__", "."): value for name, value in values.items()})
    return {name: repr(float(value)) for name, value in simulate(case, 1).outcomes.items()}


@pytest.mark.parametrize("name", CHANGED)
def test_another_value_gives_another_run(name: str) -> None:
    assert outcomes(**{name.replace(".", "__"): CHANGED[name]}) != outcomes()
