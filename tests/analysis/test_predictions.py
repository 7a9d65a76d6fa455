"""Predictions, effects by thirds of a parameter, and shares of sets in which hypotheses hold, on frames that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.doubling import Doubling
from sim.analysis.hypotheses import HYPOTHESES, NO_EFFECT, shares, verdicts
from sim.analysis.intervals import wilson
from sim.analysis.predictions import by_tercile, doubling_shares, predicted_examinees

BACKBONE = tuple(item for item in HYPOTHESES if item.name == "H6")


def test_a_prediction_is_the_middle_of_the_runs_of_its_scenario():
    runs = pd.DataFrame({"scenario": ["a"] * 101 + ["b"], "examinees_2018": [*range(101), 7.0]})
    table = predicted_examinees(runs, (2018, 2025)).set_index("scenario")
    assert table.index.tolist() == ["a", "b"]
    assert table.loc["a", ["low_90", "low_50", "median", "high_50", "high_90"]].tolist() == [5, 25, 50, 75, 95]
    assert table["n"].tolist() == [101, 1]


def test_doubling_by_a_later_year_is_as_likely_or_more():
    runs = pd.DataFrame(
        {"scenario": "a", **{f"examinees_{year}": 9000.0 for year in range(2013, 2020)}}, index=range(4)
    )
    runs = runs.assign(examinees_2020=[18000.0, 9000.0, 9000.0, 9000.0])
    table = doubling_shares(runs.assign(examinees_2021=[9000.0, 18000.0, 9000.0, 9000.0]), Doubling(), (2020, 2021))
    assert table["p"].tolist() == [0.25, 0.5]
    assert (table["low"] < table["p"]).all()


def test_an_effect_that_grows_with_a_parameter_grows_over_its_thirds():
    values = np.linspace(0.0, 3.0, 30)
    table = by_tercile(values[::-1], 100.0 * values[::-1] - 150.0)
    assert table["n"].tolist() == [10, 10, 10]
    assert table["effect"].tolist() == pytest.approx([-103.448, 0.0, 103.448], abs=1e-3)
    assert table["positive"].tolist() == [0.0, 0.5, 1.0]
    assert (table["low"] < table["effect"]).all()
    assert (table["effect"] < table["high"]).all()
    assert (table["least"].iloc[1:].to_numpy() > table["most"].iloc[:-1].to_numpy()).all()


def runs_of(more: dict[tuple[int, int], float]) -> pd.DataFrame:
    """Runs with and without a backbone, by how many more examinees it brings in each set and seed."""
    rows = [
        {"scenario": name, "set": number, "seed": seed, "examinees_2020": 1000.0 + effect * (name != "no_backbone")}
        for (number, seed), effect in more.items()
        for name in ("historical_emergent", "no_backbone")
    ]
    return pd.DataFrame(rows)


def test_a_hypothesis_is_judged_in_each_set_on_the_mean_of_its_seeds_by_its_own_threshold():
    runs = runs_of({(0, 1): -100.0, (0, 5): 200.0, (1, 2): 4.0, (1, 6): 15.0, (2, 3): NO_EFFECT, (2, 7): NO_EFFECT})
    table = verdicts(runs, BACKBONE).set_index("set")
    assert table["verdict"].tolist() == ["holds", "fails", "neither"]
    assert table.loc[0, "mean"] == pytest.approx(50.0 - NO_EFFECT)


def test_a_hypothesis_that_no_run_can_judge_is_not_among_the_verdicts():
    runs = runs_of({(0, 1): 50.0})
    assert set(verdicts(runs)["hypothesis"]) == {"H6"}


def test_shares_of_sets_come_with_their_interval_and_add_up():
    runs = runs_of({(0, 1): 50.0, (1, 2): 50.0, (2, 3): 0.0, (3, 4): NO_EFFECT})
    row = shares(verdicts(runs, BACKBONE)).iloc[0]
    assert (row["holds"], row["fails"], row["neither"], row["n"]) == (0.5, 0.25, 0.25, 4)
    assert (row["low"], row["high"]) == pytest.approx(tuple(map(float, wilson(2, 4))))
