from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.examination_lag import (
    CHOOSERS,
    MOVERS,
    NO_POLICY,
    TOO_EARLY,
    cohorts_touched,
    decided_in_time,
    policy_reach,
    reach_table,
)
from sim.analysis.sweep_grid import FACILITATION, timing_order, timings, with_dates
from sim.dates import month_of
from sim.errors import InputError
from tests.offenders import each_of


@each_of(
    ("timing", "deadline", "cohorts", "what"),
    [
        ("0", 2017, 2, MOVERS),  # decided May 2015, first September 2015: examinations of 2016 and 2017
        ("0", 2015, 0, TOO_EARLY),
        ("0", 2016, 1, MOVERS),
        ("0", 2018, 3, CHOOSERS),  # who began grade 10 in September 2015
        ("3", 2016, 1, MOVERS),  # August 2015 is in time for September 2015
        ("4", 2016, 0, TOO_EARLY),  # September 2015 is not: it waits a year
        ("-18", 2017, 3, CHOOSERS),  # November 2013, first September 2014
        ("24", 2017, 0, TOO_EARLY),
        ("36", 2020, 2, MOVERS),
        ("never", 2025, 0, NO_POLICY),
    ],
)
def test_cohorts_touched_by_a_deadline(timing, deadline, cohorts, what):
    assert (cohorts_touched(timing, deadline), policy_reach(timing, deadline)) == (cohorts, what)


def test_every_cell_is_told():
    table = reach_table(["0", "never"], [2017, 2020])
    assert table["cohorts"].tolist() == [2, 5, 0, 0]
    assert table.columns.tolist() == ["timing", "deadline", "cohorts", "kind"]


def test_a_run_s_own_decision_may_be_in_time_where_the_window_is_not():
    frame = pd.DataFrame({"month_national": [month_of("2016-08"), month_of("2016-09"), np.nan]})
    assert decided_in_time(frame, 2017).tolist() == [True, False, False]
    assert decided_in_time(frame, 2019, 3).tolist() == [True, False, False]


def test_timings_stand_in_order_with_never_last():
    frame = pd.DataFrame({"timing": ["never", "36", 0, "-18"], FACILITATION: 0.8, "dates": ["emergent"] * 3 + ["held"]})
    assert timings(frame) == ["-18", "0", "36", "never"]
    assert with_dates(frame)["timing"].tolist() == ["never", "36", "0"]


def test_a_timing_that_is_no_number_is_refused():
    with pytest.raises(InputError, match="whole months"):
        timing_order("soon")
