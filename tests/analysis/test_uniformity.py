"""Bands of ranks hold what they promise, and find ranks that are not uniform."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.uniformity import cumulative, histogram, rank, simultaneous_band, uniformity
from sim.findings.calibration import EFFECT
from sim.findings.calibration_checks import ranks_sentence


def ranks_of(shares: np.ndarray, sets: int = 499, name: str = "a") -> pd.DataFrame:
    """Ranks of truths that lie at these shares of their posteriors."""
    numbers = np.minimum((shares * (sets + 1)).astype(int), sets)
    return pd.DataFrame({"truth": np.arange(len(shares)), "name": name, "rank": numbers, "sets": sets})


@pytest.mark.parametrize(("n", "sets"), [(30, 499), (30, 60), (12, 7), (100, 499)])
def test_uniform_ranks_lie_inside_the_whole_band_as_often_as_it_says(n, sets):
    band = simultaneous_band(n, sets)
    samples = np.random.default_rng(1).integers(0, sets + 1, size=(3000, n))
    shares = np.array([cumulative(sample, band) for sample in samples])
    outside = ((shares < band["low"].to_numpy()) | (shares > band["high"].to_numpy())).any(axis=1).mean()
    assert outside <= 0.05 + 3.0 * np.sqrt(0.05 * 0.95 / 3000)
    assert outside > 0.01


@pytest.mark.heavy
def test_the_band_is_that_of_arviz():
    utilities = pytest.importorskip("arviz_stats.ecdf_utils")
    at, _, low, high = utilities.ecdf_pit(np.linspace(0.01, 0.99, 40), 0.95, 20000)
    own = simultaneous_band(40, 3999)
    assert own["expected"].to_numpy() == pytest.approx(at[1:-1])
    assert np.abs(own["low"].to_numpy() - low[1:-1]).max() < 1.5 / 40
    assert np.abs(own["high"].to_numpy() - high[1:-1]).max() < 1.5 / 40


@pytest.mark.parametrize("bend", [lambda u: u**2, lambda u: 0.5 + 0.3 * (u - 0.5), lambda u: (u > 0.5) * 1.0])
def test_ranks_that_lean_or_crowd_leave_the_band(bend):
    even = (np.arange(30) + 0.5) / 30
    assert list(uniformity(ranks_of(even))["outside"]) == [False]
    assert list(uniformity(ranks_of(bend(even)))["outside"]) == [True]


def test_low_ranks_have_a_positive_deviation_and_one_truth_tells_nothing():
    assert uniformity(ranks_of(np.linspace(0.0, 0.3, 30)))["deviation"].iloc[0] == pytest.approx(0.7, abs=0.05)
    assert uniformity(ranks_of(np.array([0.0])))[["deviation", "outside"]].iloc[0].tolist() == [0.0, False]


def test_among_equals_luck_decides_and_every_rank_is_as_likely():
    places = [rank([5.0, 5.0, 5.0, 1.0], 5.0, luck) for luck in (0.1, 0.3, 0.6, 0.9)]
    assert places == [1, 2, 3, 4]


def test_a_histogram_counts_every_rank_once():
    table = histogram(pd.concat([ranks_of(np.linspace(0, 1, 30)), ranks_of(np.full(30, 0.99), name="b")]), 10)
    assert list(table.index) == ["a", "b"]
    assert table.sum(axis=1).tolist() == [30, 30]
    assert table.loc["b"].tolist() == [0] * 9 + [30]


def test_the_sentence_counts_parameters_and_not_the_effect():
    names = [f"p{k}" for k in range(45)]
    rows = pd.DataFrame({"name": [*names, EFFECT], "truths": 30, "outside": [True, *[False] * 44, True]})
    assert ranks_sentence(rows) == (
        "1 of 45 parameters lie outside their 95% bands (p0); random variation alone puts about 2 there. The backbone's "
        "effect lies outside its band."
    )
    assert ranks_sentence(rows.assign(truths=2)).endswith("2 truths are too few; use at least 30.")
