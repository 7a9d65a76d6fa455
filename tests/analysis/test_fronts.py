"""Several goals at once: what a decision is worth, which are beaten by none, and which of those are run again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.effects import difference
from sim.analysis.pareto import best_decision, goals_of, objective, objective_estimate, on_front, spread_along_front
from sim.errors import InputError

NAN = float("nan")
BOTH = {"gain": "max", "cost": "min"}


def test_a_decision_is_worth_its_mean_or_the_mean_of_its_worst_quarter():
    values = [8.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    assert objective(values, "max") == 4.5
    assert objective(values, "max", "worst_quarter") == 1.5
    assert objective(values, "min", "worst_quarter") == 7.5
    assert objective([3.0, NAN], "max") == 3.0
    assert np.isnan(objective([NAN], "max"))


def test_nothing_beats_the_front_and_something_beats_all_others():
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"gain": rng.random(60), "cost": rng.random(60)})
    front = table[on_front(table, BOTH)]
    assert 1 < len(front) < 60
    for label, row in table.iterrows():
        better = (table["gain"] >= row["gain"]) & (table["cost"] <= row["cost"])
        better &= (table["gain"] > row["gain"]) | (table["cost"] < row["cost"])
        assert better.any() == (label not in front.index)


def test_equals_are_both_unbeaten_and_what_has_no_value_is_beaten():
    table = pd.DataFrame({"gain": [1.0, 1.0, 2.0, NAN], "cost": [1.0, 1.0, 3.0, 0.0]})
    assert on_front(table, BOTH).tolist() == [True, True, True, False]


def test_along_a_front_the_best_by_each_goal_are_kept():
    gain = np.arange(11.0)
    table = pd.DataFrame({"gain": gain, "cost": gain**2, "gap": np.abs(gain - 4.0)})
    goals = {"gain": "max", "cost": "min", "gap": "min"}
    assert spread_along_front(table, goals, 5) == [10, 8, 5, 4, 0]
    assert spread_along_front(table, goals, 1) == [10, 4, 0]
    assert spread_along_front(table, goals, 99) == list(range(10, -1, -1))
    assert (best_decision(table, "gain", "max"), best_decision(table, "gap", "min")) == (10, 4)


@pytest.mark.parametrize(
    ("more", "less", "message"),
    [
        ([], [], "there is no goal"),
        (["examinees_202"], [], "`examinees_202` is not an outcome"),
        (["gain"], ["gain"], "the goal `gain` is named twice"),
    ],
)
def test_goals_that_are_none(more, less, message):
    with pytest.raises(InputError, match=message):
        goals_of(more, less, ["gain", "cost"])


def test_goals_have_their_direction():
    assert goals_of(["gain"], ["cost"], ["gain", "cost"]) == BOTH


def test_the_mean_within_pairs_has_the_interval_of_a_paired_difference():
    rng = np.random.default_rng(4)
    first = rng.normal(10.0, 3.0, 60)
    pairs = np.column_stack([first + 0.5 + rng.normal(0, 0.1, 60), first])
    estimated, expected = objective_estimate(pairs, "max"), difference(pairs)
    assert (estimated.mean, estimated.n) == (pytest.approx(expected.mean), 60)
    assert (estimated.low, estimated.high) == (
        pytest.approx(expected.low, abs=0.01),
        pytest.approx(expected.high, abs=0.01),
    )


def test_the_worst_quarter_has_an_interval_of_its_own():
    pairs = np.column_stack([np.arange(40.0) + 2.0, np.arange(40.0)])
    for way, worst in (("max", 4.5), ("min", 34.5)):
        estimated = objective_estimate(pairs[:, 1], way, "worst_quarter")
        assert estimated.mean == worst
        assert estimated.low < worst < estimated.high
        assert objective_estimate(pairs, way, "worst_quarter").mean == pytest.approx(2.0)
