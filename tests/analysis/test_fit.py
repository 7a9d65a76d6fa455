from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sim.analysis.fit import (
    AGREED,
    COUNT,
    HALF,
    MOST,
    NEAR,
    OUTSIDE,
    TOLERANCES,
    UNKNOWN,
    facts,
    fit,
    root_mean_square,
    simulated,
)
from sim.dates import month_of
from sim.errors import InputError
from tests.offenders import each_of

ROWS = [
    ("maths5_examinees", 2012, "national", "1000", "A"),
    ("maths5_examinees", 2013, "national", "2000", "B"),
    ("share_5_units", 2013, "quintile 1", "0.2", "A"),
    ("ministry_joins", 2014, "network", "2014-05", "A"),
    ("gap_not_narrowed", 2016, "equity", "1", "A"),
]


def targets(*rows: tuple[str, int, str, str, str], **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame(rows or ROWS, columns=["pattern", "year", "group", "value", "reliability"])
    return frame.assign(**{"unit": "some", "use": "fit", **columns})


def runs(**values: object) -> pd.DataFrame:
    """Eleven runs: a count from 900 to 1100, one twice as high, a share, a month and a yes or no."""
    even = np.linspace(-1.0, 1.0, 11)
    frame = {
        "maths5_examinees/2012/national": 1000.0 + 100.0 * even,
        "maths5_examinees/2013/national": 4000.0 + 100.0 * even,
        "share_5_units/2013/quintile 1": 0.2 + 0.01 + 0.0105 * even,
        "ministry_joins/2014/network": month_of("2014-05") + 3.0 + even,
        "gap_not_narrowed/2016/equity": (even > -0.5).astype(float),
    }
    return pd.DataFrame({**frame, **values})


def row(table: pd.DataFrame, pattern: str, year: int) -> pd.Series:
    return table[(table["pattern"] == pattern) & (table["year"] == year)].iloc[0]


def test_the_median_and_the_middle_of_runs_are_told_beside_what_was_published():
    fact = row(fit(runs(), targets()), "maths5_examinees", 2012)
    assert (fact["observed"], fact["median"], fact["n"]) == (1000.0, 1000.0, 11)
    assert (fact["low_50"], fact["high_50"]) == pytest.approx((950.0, 1050.0))
    assert (fact["low_90"], fact["high_90"]) == pytest.approx((910.0, 1090.0))


def test_deviations_are_percent_of_the_log_for_counts_percent_for_shares_and_months():
    table = fit(runs(), targets())
    deviations = [row(table, *fact)["deviation"] for fact in (("maths5_examinees", 2013), ("share_5_units", 2013))]
    assert deviations == pytest.approx([100.0 * math.log(2.0), 5.0])
    assert row(table, "ministry_joins", 2014)["deviation"] == pytest.approx(3.0)


def test_a_yes_or_no_is_told_as_the_share_of_runs_that_say_so():
    fact = row(fit(runs(), targets()), "gap_not_narrowed", 2016)
    assert fact["median"] == pytest.approx(8 / 11)
    assert fact["lies"] == AGREED
    assert math.isnan(fact["low_90"])
    seldom = fit(runs(**{"gap_not_narrowed/2016/equity": [1.0] + [0.0] * 10}), targets())
    assert row(seldom, "gap_not_narrowed", 2016)["lies"] == OUTSIDE


@pytest.mark.parametrize(
    ("shift", "lies", "inside"),
    [(0.0, HALF, True), (80.0, MOST, True), (105.0, NEAR, False), (150.0, OUTSIDE, False)],
)
def test_where_the_published_figure_lies(shift, lies, inside):
    higher = runs()["maths5_examinees/2012/national"] + shift
    fact = row(fit(runs(**{"maths5_examinees/2012/national": higher}), targets()), "maths5_examinees", 2012)
    assert (fact["lies"], fact["inside"]) == (lies, inside)


def test_a_fact_that_no_run_has_is_said_to_be_missing():
    table = fit(runs().drop(columns="maths5_examinees/2013/national"), targets())
    fact = row(table, "maths5_examinees", 2013)
    assert (fact["n"], fact["lies"], fact["inside"]) == (0, UNKNOWN, False)
    assert math.isnan(fact["deviation"])


def test_runs_without_a_figure_do_not_count():
    months = [105.0] * 3 + [math.nan] * 8
    fact = row(fit(runs(**{"ministry_joins/2014/network": months}), targets()), "ministry_joins", 2014)
    assert (fact["n"], fact["median"]) == (3, 105.0)


def test_the_root_mean_square_is_that_of_the_log_errors():
    assert root_mean_square(fit(runs(), targets())) == pytest.approx(math.log(2.0) / math.sqrt(2.0))
    with pytest.raises(InputError, match="no year of `partners` was simulated"):
        root_mean_square(fit(runs(), targets()), "partners")


def test_tolerance_comes_from_reliability_and_weight_from_tolerance():
    rows = facts(targets())
    assert rows["tolerance"].tolist()[:2] == [TOLERANCES[COUNT]["A"], TOLERANCES[COUNT]["B"]]
    assert rows["weight"].tolist()[:2] == pytest.approx([1.0, 0.16])
    own = facts(targets(tolerance=[0.08, None, None, None, None]))
    assert own["tolerance"].tolist()[:2] == [0.08, 0.05]


def test_the_simulated_figures_in_long_form():
    long = simulated(runs(), targets())
    assert list(long.columns) == ["pattern", "year", "group", "run", "simulated"]
    assert len(long) == 5 * 11
    last = long[(long["pattern"] == "maths5_examinees") & (long["year"] == 2012) & (long["run"] == 10)]
    assert last["simulated"].tolist() == [1100.0]


def test_rows_that_are_not_fitted_are_left_out():
    assert facts(targets(use=["fit", "input", "fit", "input", "input"]))["year"].tolist() == [2012, 2013]


def with_first(**cells: object) -> pd.DataFrame:
    frame = targets().astype(object)
    for name, value in cells.items():
        frame[name] = frame.get(name)
        frame.loc[0, name] = value
    return frame


@each_of(
    ("wrong", "message"),
    [
        (targets().drop(columns="reliability"), "the table of targets has no column `reliability`"),
        (with_first(pattern="maths6"), "targets, maths6 2012 national: unknown pattern `maths6`"),
        (
            with_first(tolerance=-0.1),
            "targets, maths5_examinees 2012 national: `tolerance` must not be negative; got -0.1",
        ),
        (with_first(reliability="D"), "reliability must be A, B or C; got 'D'"),
        (with_first(value="many"), "`value` must be a number, above 0 for counts and shares; got 'many'"),
        (with_first(value="0"), "`value` must be a number, above 0 for counts and shares; got '0'"),
        (targets(*ROWS, ROWS[0]), "targets, maths5_examinees 2012 national: the fact has two rows; keep one"),
    ],
)
def test_a_wrong_table_of_targets_is_told_in_one_sentence(wrong, message):
    with pytest.raises(InputError) as mistake:
        fit(runs(), wrong)
    assert message in str(mistake.value)
    assert "\n" not in str(mistake.value)


def test_no_run_cannot_be_compared():
    with pytest.raises(InputError, match="no run"):
        fit(runs().iloc[:0], targets())
