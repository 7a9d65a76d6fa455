from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.doubling import (
    CLAIM,
    Doubling,
    answered_in_all,
    probability,
    reached,
    year_of_doubling,
    years_from_national,
    years_to_doubling,
)
from sim.analysis.enrolment import by_year, last_year, published_counts, yearly, years
from sim.dates import month_of
from sim.errors import InputError
from tests.offenders import each_of


def runs(*rows: list[float], first: int = 2012, stem: str = "examinees") -> pd.DataFrame:
    columns = [f"{stem}_{first + k}" for k in range(len(rows[0]))]
    return pd.DataFrame(list(rows), columns=columns)


def test_the_first_year_at_the_goal_is_the_year_of_doubling():
    frame = runs([8000, 9000, 17737, 17738, 20000], [8000, 9000, 9000, 9000, 9000])
    result = year_of_doubling(frame, Doubling(by=2016))
    assert result[0] == 2015
    assert np.isnan(result[1])


def test_a_year_after_the_deadline_does_not_count():
    frame = runs([8000, 9000, 9000, 18000])
    assert not reached(frame, Doubling(by=2014))[0]
    assert reached(frame, Doubling(by=2015))[0]


def test_a_year_before_2013_does_not_count():
    assert not reached(runs([30000, 9000, 9000]), Doubling(by=2014))[0]


def test_a_doubling_that_is_lost_again_counts():
    assert reached(runs([8000, 9000, 18000, 9000]), Doubling(by=2015))[0]


def test_own_base_is_each_run_s_own_2012():
    frame = runs([7000, 8000, 14000], [9000, 9000, 17900])
    assert reached(frame, Doubling(base="own", by=2014)).tolist() == [True, False]


def test_shares_double_against_their_own_base():
    frame = runs([0.09, 0.10, 0.18], [0.09, 0.10, 0.17], stem="share")
    assert reached(frame, Doubling(base="own", of="share", by=2014)).tolist() == [True, False]


def test_factor_is_a_parameter():
    frame = runs([8000, 9000, 13304])
    assert reached(frame, Doubling(factor=1.5, by=2014))[0]
    assert not reached(frame, Doubling(factor=1.6, by=2014))[0]


def test_a_run_that_ends_before_the_deadline_has_no_answer_unless_it_got_there():
    frame = runs([8000, 9000, 18000, np.nan], [8000, 9000, 9000, np.nan])
    assert answered_in_all(frame[:1], Doubling(by=2015))
    assert reached(frame[:1], Doubling(by=2015))[0]
    assert not answered_in_all(frame, Doubling(by=2015))
    with pytest.raises(InputError, match="1 of 2 runs end before 2015"):
        reached(frame, Doubling(by=2015))


def test_years_count_from_the_school_year_of_the_decision():
    frame = runs([8000, 9000, 9000, 9000, 18000], [8000, 9000, 9000, 9000, 9000], [8000, 9000, 9000, 9000, 18000])
    frame["month_national"] = [month_of("2015-05"), month_of("2015-05"), np.nan]
    result = years_from_national(frame, Doubling(by=2016))
    assert result[0] == 1.0
    assert result[1:].isna().all()
    late = frame.assign(month_national=month_of("2015-09"))
    assert years_from_national(late, Doubling(by=2016))[0] == 0.0


def test_probability_counts_runs_at_each_point_with_wilson_ends():
    frame = pd.DataFrame({"timing": ["0"] * 10 + ["24"] * 10})
    happened = pd.Series([True] * 8 + [False] * 2 + [False] * 10)
    result = probability(frame, ["timing"], happened).set_index("timing")
    assert result.loc["0", ["p", "low", "high", "n"]].tolist() == pytest.approx([0.8, 0.49016, 0.94332, 10], abs=1e-5)
    assert result.loc["24", ["p", "low"]].tolist() == [0.0, 0.0]


def test_waits_are_the_mean_of_those_that_double_and_say_how_many():
    frame = runs([8000, 9000, 9000, 9000, 18000], [8000, 9000, 9000, 18000, 18000], [8000, 9000, 9000, 9000, 9000])
    frame = frame.assign(timing="0", month_national=month_of("2014-05"))
    result = years_to_doubling(frame, ["timing"], Doubling(by=2016)).iloc[0]
    assert (result["years"], result["share"], result["n"]) == (1.5, pytest.approx(2 / 3), 3)


def test_a_doubling_before_the_decision_is_not_timed():
    frame = runs([8000, 18000, 18000]).assign(timing="0", month_national=month_of("2014-05"))
    result = years_to_doubling(frame, ["timing"], Doubling(by=2014)).iloc[0]
    assert result["share"] == 0.0
    assert np.isnan(result["years"])


@pytest.mark.parametrize(
    ("doubling", "words"),
    [
        (Doubling(), "twice 2012's 8,869 (17,738) by 2020"),
        (CLAIM, "16,085 or more examinees by 2017"),
        (Doubling(base="own", of="share", by=2025), "twice the run's own share of 2012 by 2025"),
        (Doubling(factor=1.5), "1.5 times 2012's 8,869 (13,304) by 2020"),
    ],
)
def test_a_doubling_says_what_it_is(doubling, words):
    assert doubling.description == words


@each_of(
    "wrong",
    [{"of": "shares"}, {"base": "mine"}, {"factor": 0}, {"base": -1}, {"of": "share"}, {"factor": float("nan")}],
)
def test_a_doubling_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(InputError):
        Doubling(**wrong)


def test_missing_columns_are_named():
    with pytest.raises(InputError, match="examinees_2012"):
        reached(runs([9000, 9000], first=2013), Doubling(base="own", by=2014))


def test_years_are_found_in_the_columns_and_empty_ones_left_out():
    frame = runs([8000, 9000, np.nan])
    assert years(frame) == [2012, 2013]
    assert last_year(frame) == 2013
    assert by_year(frame).tolist() == [[8000, 9000]]
    assert yearly(frame.assign(seed=1), ["seed"])["year"].tolist() == [2012, 2013]


def test_a_frame_without_any_year_is_refused():
    with pytest.raises(InputError, match="no column `examinees_YEAR` is complete"):
        last_year(pd.DataFrame({"seed": [1]}))


def test_published_counts_are_numbers_by_year():
    targets = pd.DataFrame(
        {
            "pattern": ["maths5_examinees", "ministry_joins", "maths5_examinees"],
            "year": [2017, 2014, 2006],
            "value": ["16085", "2014-05", "12900"],
        }
    )
    assert published_counts(targets).to_numpy().tolist() == [[2006, 12900], [2017, 16085]]
