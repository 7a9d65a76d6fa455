"""Tracks and teachers by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import staffing
from tests.offenders import each_of


@pytest.mark.parametrize(("takers", "logit"), [(15.0, 0.0), (15.0 * math.e, 2.0), (15.0 / math.e, -2.0)])
def test_a_class_is_viable_by_the_logarithm_of_its_takers(takers: float, logit: float) -> None:
    assert staffing.viability(takers, 15.0, width=0.5) == pytest.approx(logit, abs=1e-12)


@pytest.mark.parametrize(("logit", "hazard"), [(0.0, 0.2), (math.log(3.0), 0.3), (30.0, 0.4), (-30.0, 0.0)])
def test_what_may_be_done_is_done_at_a_rate(logit: float, hazard: float) -> None:
    assert staffing.hazard(logit, rate=0.4) == pytest.approx(hazard, abs=1e-12)


@given(st.floats(-30.0, 30.0), st.floats(0.0, 1.0))
def test_opening_and_closing_together_never_exceed_the_rate(logit: float, rate: float) -> None:
    both = staffing.hazard(logit, rate=rate) + staffing.hazard(-logit, rate=rate)
    assert both == pytest.approx(rate, abs=1e-12)


@each_of(
    ("missing", "training", "sought"),
    [((4.0, 2.0, 1.0), 1.0, 2.0), ((4.0, 2.0, 1.0), 2.0, 1.0), ((4.0, 2.0, 1.0), 1.5, 1.5), ((4.0, 0.0, 0.0), 1.5, 0.0),
     ((0.0, 2.0, 1.0), 1.5, 0.0), ((0.5, 2.0, 1.0), 1.0, 0.5)],
)  # fmt: skip
def test_who_was_trained_for_an_earlier_need_is_sought_as_far_as_the_need_is_still_there(
    missing: tuple[float, float, float], training: float, sought: float
) -> None:
    assert staffing.sought(*missing, training=training) == pytest.approx(sought)


@given(*[st.floats(0.0, 50.0)] * 3, st.floats(1.0, 2.0))
def test_nobody_is_sought_whom_no_one_misses_nor_more_than_were_ever_missing(
    now: float, last: float, before: float, training: float
) -> None:
    sought = staffing.sought(now, last, before, training=training)
    assert 0.0 <= sought <= min(now, max(last, before)) + 1e-12


@pytest.mark.parametrize(
    ("total", "supply", "got"), [(4.0, 2.0, 1.0), (4.0, 4.0, 2.0), (4.0, 9.0, 2.0), (4.0, 0.0, 0.0)]
)
def test_teachers_are_rationed_by_share(total: float, supply: float, got: float) -> None:
    assert staffing.rationed(2.0, total, supply) == got


@given(st.lists(st.floats(0.0, 50.0), min_size=1, max_size=30), st.floats(0.0, 500.0))
def test_nobody_hires_more_than_there_are(wanted: list[float], supply: float) -> None:
    hired = staffing.rationed(np.array(wanted), sum(wanted), supply)
    assert hired.sum() == pytest.approx(min(sum(wanted), supply), abs=1e-9)


def test_where_nobody_wants_a_teacher_nobody_is_hired_and_nothing_is_said() -> None:
    assert staffing.rationed(np.zeros(2), 0.0, 5.0).tolist() == [0.0, 0.0]
