"""Several goals at once: what a decision is worth, which are beaten by none, and which of those are run again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.fronts import along, best, goals_of, unbeaten, worth
from sim.declare import Mistake

NAN = float("nan")
BOTH = {"gain": "max", "cost": "min"}


def test_a_decision_is_worth_its_mean_or_the_mean_of_its_worst_quarter():
    values = [8.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    assert worth(values, "max") == 4.5
    assert worth(values, "max", "worst_quarter") == 1.5
    assert worth(values, "min", "worst_quarter") == 7.5
    assert worth([3.0, NAN], "max") == 3.0
    assert np.isnan(worth([NAN], "max"))


def test_nothing_beats_the_front_and_something_beats_all_others():
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"gain": rng.random(60), "cost": rng.random(60)})
    front = table[unbeaten(table, BOTH)]
    assert 1 < len(front) < 60
    for label, row in table.iterrows():
        better = (table["gain"] >= row["gain"]) & (table["cost"] <= row["cost"])
        better &= (table["gain"] > row["gain"]) | (table["cost"] < row["cost"])
        assert better.any() == (label not in front.index)


def test_equals_are_both_unbeaten_and_what_has_no_value_is_beaten():
    table = pd.DataFrame({"gain": [1.0, 1.0, 2.0, NAN], "cost": [1.0, 1.0, 3.0, 0.0]})
    assert unbeaten(table, BOTH).tolist() == [True, True, True, False]


def test_along_a_front_the_best_by_each_goal_are_kept():
    gain = np.arange(11.0)
    table = pd.DataFrame({"gain": gain, "cost": gain**2, "gap": np.abs(gain - 4.0)})
    goals = {"gain": "max", "cost": "min", "gap": "min"}
    assert along(table, goals, 5) == [10, 8, 5, 4, 0]
    assert along(table, goals, 1) == [10, 4, 0]
    assert along(table, goals, 99) == list(range(10, -1, -1))
    assert (best(table, "gain", "max"), best(table, "gap", "min")) == (10, 4)


@pytest.mark.parametrize(
    ("more", "less", "said"),
    [
        ([], [], "there is no goal"),
        (["examinees_202"], [], "no outcome `examinees_202`"),
        (["gain"], ["gain"], "the goal `gain` is named twice"),
    ],
)
def test_goals_that_are_none(more, less, said):
    with pytest.raises(Mistake, match=said):
        goals_of(more, less, ["gain", "cost"])


def test_goals_have_their_direction():
    assert goals_of(["gain"], ["cost"], ["gain", "cost"]) == BOTH
