"""Distance of runs from the record: in tolerances, bounded, equal for one run and for many."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sim.analysis.distance import LIMIT, MISSED, Measure, bounded, fact_columns
from sim.analysis.fit import facts

ROWS = facts(
    pd.DataFrame(
        [
            ("maths5_examinees", 2012, "national", "8869", "students", "A", "fit"),
            ("share_5_units", 2013, "quintile 1", "0.179", "share", "B", "fit"),
            ("ministry_joins", 2014, "network", "2014-05", "month", "A", "fit"),
            ("gap_not_narrowed", 2016, "equity", "1", "yes", "A", "fit"),
        ],
        columns=["pattern", "year", "group", "value", "unit", "reliability", "use"],
    )
)
MEASURE = Measure.of(ROWS)
AS_RECORDED = np.array([8869.0, 0.179, 104.0, 1.0])


def test_a_run_that_is_the_record_has_no_distance():
    assert MEASURE.distance(AS_RECORDED) == pytest.approx(0.0)


def test_deviations_are_counted_in_tolerances_on_the_scale_of_the_fact():
    figures = AS_RECORDED + np.array([8869.0 * (math.exp(0.04) - 1.0), -0.03, 2.0, -1.0])
    assert MEASURE.deviations(figures) == pytest.approx([2.0, -1.0, 2.0, -MISSED])


def test_what_never_happened_is_as_far_as_anything_can_be():
    figures = AS_RECORDED + np.array([0.0, 0.0, math.nan, 0.0])
    assert MEASURE.distance(figures) == pytest.approx(LIMIT / math.sqrt(4.0))


def test_no_fact_speaks_for_all():
    assert MEASURE.distance(AS_RECORDED * [1e9, 1.0, 1.0, 1.0]) <= LIMIT / math.sqrt(4.0)
    grid = np.linspace(-50.0, 50.0, 201)
    assert (np.diff(bounded(grid, LIMIT)) > 0.0).all()
    assert (np.abs(bounded(grid, LIMIT)) <= np.minimum(np.abs(grid), LIMIT)).all()


def test_many_runs_are_measured_as_one_by_one():
    many = AS_RECORDED * np.array([[1.0] * 4, [1.1] * 4, [0.8] * 4])
    assert MEASURE.distance(many).tolist() == [MEASURE.distance(run) for run in many]


def test_what_luck_alone_does_is_allowed_for():
    luck = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    runs = AS_RECORDED * np.exp(luck[:, None] * [0.03, 0.0, 0.0, 0.0])
    allowed = MEASURE.with_random_variation(runs)
    assert allowed.tolerance[0] == pytest.approx(math.hypot(MEASURE.tolerance[0], 0.06 / 1.349))
    assert allowed.tolerance[1:].tolist() == MEASURE.tolerance[1:].tolist()
    assert (
        MEASURE.with_random_variation(np.where(runs > 1000.0, math.nan, runs)).tolerance.tolist()
        == MEASURE.tolerance.tolist()
    )


def test_columns_are_those_of_the_facts_in_their_order():
    assert fact_columns(ROWS)[1] == "share_5_units/2013/quintile 1"
    assert len(fact_columns(ROWS)) == len(AS_RECORDED)
