"""Parts of the growth at five units, against numbers worked out by hand."""

from __future__ import annotations

import math

import pytest

from sim.outcomes.growth import MOST
from sim.outcomes.record import PATTERNS
from tests.outcomes.test_patterns import record

TAKERS = [100.0, 50.0, 40.0, 30.0, 4.0]
BEFORE, AFTER = [20.0, 4.0, 8.0, 6.0, 4.0], [36.0, 10.0, 3.0, 5.0, 4.0]
"""Examinees of five schools in 2013 and 2016. Counted: 20, -, 8, 6, - and 36, 10, -, 5, -; they grow by 17.

The first and fourth have a track in both years: +16 - 1. The second opens one: +10. The third closes one: -8.
"""

GROUPS = ("track throughout", "track opened", "track closed")


def parts(before: list[float], after: list[float]) -> list[float]:
    years = record({2013: before, 2016: after}, TAKERS)
    return [PATTERNS["growth_by_track"](years, 2016, group) for group in GROUPS]


def test_parts_of_the_growth_are_those_worked_out_by_hand():
    assert parts(BEFORE, AFTER) == pytest.approx([15 / 17, 10 / 17, -8 / 17])


def test_the_three_parts_make_up_the_growth():
    assert sum(parts(BEFORE, AFTER)) == pytest.approx(1.0)


def test_groups_below_five_are_not_counted():
    assert parts([20.0, 4.0, 4.0, 4.0, 4.0], [30.0, 1.0, 0.0, 4.0, 3.0]) == pytest.approx([1.0, 0.0, 0.0])


def test_where_hardly_anything_grows_parts_have_bounds_and_where_nothing_does_there_are_none():
    low, high = MOST
    assert parts([20.0, 4.0, 8.0, 0.0, 0.0], [20.0, 9.0, 0.0, 0.0, 0.0]) == pytest.approx([0.0, high, low])
    assert all(math.isnan(part) for part in parts(BEFORE, BEFORE))


def test_without_the_year_of_the_launch_there_is_no_growth():
    assert math.isnan(PATTERNS["growth_by_track"](record({2016: AFTER}, TAKERS), 2016, "track opened"))
