"""Costs of arms per examinee caused, on numbers that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.costs import ALL, MONEY, costs, money
from sim.analysis.intervals import ratio_of_means
from sim.findings.equity import COUNTED, NO_NUMBER, cost_sentence, cost_text

FATES = {"offered": 10.0, "delivered": 6.0, "overhead": 1.0, "transit": 1.0, "unspent": 2.0, "duplicated": 3.0}
"""NIS million of one source of the reference."""


def frame(more: list[float], times: float = 3.0) -> pd.DataFrame:
    """Runs of a reference with 100 examinees a year and of an arm with so many more in 2019 and 2020, seed by seed."""
    rows = []
    for seed, extra in enumerate(more, start=1):
        for name, by, factor in (("reference", 0.0, 1.0), ("arm", extra, times)):
            row = {
                "scenario": name,
                "dates": "emergent",
                "seed": seed,
                "examinees_2019": 100.0 + by,
                "examinees_2020": 100.0 + by,
            }
            row |= {f"{fate}/{source}": factor * value * part for fate, value in FATES.items() for source, part in
                    (("ministry", 1.0), ("ngo", 0.5))}  # fmt: skip
            rows.append(row | {"cost_per_additional": 7.0 + seed})
    return pd.DataFrame(rows)


def row_of(runs: pd.DataFrame, arm: str = "arm") -> pd.Series:
    table = costs(runs, ["arm", "reference"], "reference")
    return table[(table["arm"] == arm) & (table["source"] == ALL)].iloc[0]


def test_money_is_summed_over_sources_and_told_by_each():
    table = money(frame([1.0, 1.0]), ["arm", "reference"]).set_index(["arm", "source"])
    assert table.loc[("reference", ALL), list(MONEY)].tolist() == [1.5 * FATES[fate] for fate in MONEY]
    assert table.loc[("arm", "ngo"), "unspent"] == 3.0
    fates = table[["delivered", "overhead", "transit", "unspent"]].sum(axis=1)
    assert fates.tolist() == pytest.approx(table["offered"].tolist())


def test_both_costs_are_those_reckoned_by_hand():
    row = row_of(frame([5.0, 5.0, 5.0]))
    assert row[["caused", "caused_low", "caused_high"]].tolist() == [10.0] * 3
    assert row["extra"] == pytest.approx(45.0 - 15.0)
    assert row["per_caused"] == pytest.approx(1000.0 * 45.0 / 10.0)
    assert row[["extra_per_caused", "extra_per_caused_low", "extra_per_caused_high"]].tolist() == pytest.approx(
        [3000.0] * 3
    )
    assert row["per_growth"] == 9.0


def test_it_is_a_ratio_of_means_and_not_a_mean_of_ratios():
    row = row_of(frame([1.0, 9.0] * 10))
    assert row["extra_per_caused"] == pytest.approx(1000.0 * 30.0 / 10.0)
    assert row["extra_per_caused_low"] < 3000.0 < row["extra_per_caused_high"]


@pytest.mark.parametrize(
    ("more", "why"), [([5.0, -5.0] * 5, "not certain that there are any"), ([-5.0] * 4, "there are fewer")]
)
def test_there_is_no_number_where_it_is_not_sure_that_anybody_is_caused(more, why):
    row = row_of(frame(more))
    assert row[["per_caused", "per_caused_low", "extra_per_caused"]].isna().all()
    assert cost_text(row, "per_caused") == NO_NUMBER
    assert why in cost_sentence(row)
    assert "no cost for each examinee caused" in cost_sentence(row)


def test_the_reference_causes_nothing():
    row = row_of(frame([5.0, 5.0]), "reference")
    assert np.isnan(row["caused"])


def test_the_text_says_what_is_counted():
    for counted in ("volunteers' work valued", "pilot", "national programme", "what families and schools spend"):
        assert counted in COUNTED


def test_a_ratio_resamples_pairs_whole():
    below = np.array([1.0, 2.0, 3.0, 10.0])
    (ratio,), (low,), (high,) = ratio_of_means(2.0 * below[:, None], below)
    assert (ratio, low, high) == pytest.approx((2.0, 2.0, 2.0))
    assert all(np.isnan(end).all() for end in ratio_of_means([[1.0], [1.0]], [-1.0, 1.0]))
    assert all(np.isnan(end).all() for end in ratio_of_means([[1.0]], [1.0]))
