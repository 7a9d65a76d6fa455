"""Tables of the cases, on runs that are made up: what lies inside, what is scored, and differences within pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.cases import (
    SCORED,
    TRAINED,
    added_within_pairs,
    changes_between,
    figures_beside_runs,
    scores_by_forecast,
    simple_forecasts,
    totals,
)
from sim.analysis.fit import HALF, MOST, OUTSIDE, SHARE
from sim.analysis.forecasts import DAMPED, LAST, TREND
from sim.analysis.scores import MODEL
from sim.analysis.validation import Measurement

MEASURE = Measurement("share", SHARE, 0.01)
FACTS = pd.DataFrame({
    "year": [2010, 2011, 2012, 2013, 2014, 2015],
    "observed": [0.16, 0.158, 0.22, 0.26, 0.27, 0.28],
    "use": [TRAINED] * 4 + [SCORED] * 2,
})  # fmt: skip


def runs(arm: str, shift: float) -> pd.DataFrame:
    """Twenty runs about the published shares, moved by a constant."""
    spread = np.linspace(-0.02, 0.02, 20)
    rows = [
        {"arm": arm, "seed": seed, "year": year, "share": share + shift + spread[seed]}
        for seed in range(20)
        for year, share in zip(FACTS["year"], FACTS["observed"], strict=True)
    ]
    return pd.DataFrame(rows)


FRAME = pd.concat([runs("near", 0.0), runs("far", 0.2)], ignore_index=True)


def test_a_figure_lies_where_it_lies_and_a_near_arm_scores_better():
    table = figures_beside_runs(FRAME, FACTS, "share", MEASURE)
    assert len(table) == 12
    assert set(table.loc[table["arm"] == "near", "lies"]) == {HALF}
    assert set(table.loc[table["arm"] == "far", "lies"]) == {OUTSIDE}
    score = table.groupby("arm")["score"].mean()
    assert score["near"] > score["far"] + 2.0


def test_dull_forecasts_see_the_trained_figures_only():
    forecasts = simple_forecasts(FACTS, MEASURE)
    assert sorted(set(forecasts["arm"])) == sorted([LAST, TREND, DAMPED])
    assert set(forecasts["year"]) == {2014, 2015}
    later = FACTS.assign(observed=FACTS["observed"].where(FACTS["use"] == TRAINED, 0.9))
    pd.testing.assert_series_equal(simple_forecasts(later, MEASURE)["median"], forecasts["median"])
    assert forecasts.loc[forecasts["arm"] == LAST, "median"].tolist() == pytest.approx([0.26, 0.26])
    assert set(forecasts["lies"]) <= {HALF, MOST, OUTSIDE}


def test_totals_and_scores_count_scored_figures_only():
    table = pd.concat(
        [figures_beside_runs(FRAME, FACTS, "share", MEASURE), simple_forecasts(FACTS, MEASURE)], ignore_index=True
    )
    sums = totals(table).set_index("arm")
    assert set(sums["n"]) == {2}
    assert sums.loc["near", ["inside_50", "inside_90"]].tolist() == [2, 2]
    assert sums.loc["far", ["inside_50", "inside_90"]].tolist() == [0, 0]
    assert sums.loc["far", "off"] == pytest.approx(0.2, abs=0.01)
    assert list(scores_by_forecast(table, "far")) == ["year", MODEL, LAST, TREND, DAMPED]
    assert scores_by_forecast(table, "far")[MODEL].max() < scores_by_forecast(table, "near")[MODEL].min()


def test_what_is_added_and_what_changes_is_taken_within_runs():
    more = added_within_pairs(FRAME, "near", "share")
    assert set(more["arm"]) == {"far"}
    assert more[["low_90", "median", "high_90"]].to_numpy() == pytest.approx(0.2)
    moved = changes_between(FRAME, "share", 2011, 2014)
    assert moved[["low_90", "high_90"]].to_numpy() == pytest.approx(0.112)
