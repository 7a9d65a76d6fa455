"""Attribution: games whose Shapley values are known, what the axioms ask, and intervals over replicates."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.shapley import (
    IN,
    OUT,
    SHAPLEY,
    add_one_in,
    attribution,
    closing_error,
    coalitions,
    leave_one_out,
    shapley,
)
from sim.errors import InputError


def game(players: int, worth):
    """The values of all coalitions."""
    return np.array([float(worth(set(members))) for members in coalitions(players)])


def by_orders(values, players: int):
    """Shapley values as they are defined: the mean over all orders of what each adds as it comes."""
    contributions = np.zeros(players)
    orders = list(permutations(range(players)))
    for order in orders:
        coalition = 0
        for player in order:
            contributions[player] += values[coalition | 1 << player] - values[coalition]
            coalition |= 1 << player
    return contributions / len(orders)


def test_the_glove_game():
    # One left glove (player 0), two right ones: a pair is worth 1. Shapley 1953: 2/3, 1/6, 1/6.
    values = game(3, lambda who: 0 in who and bool(who & {1, 2}))
    assert shapley(values) == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert leave_one_out(values).tolist() == [1.0, 0.0, 0.0]
    assert add_one_in(values).tolist() == [0.0, 0.0, 0.0]


def test_the_security_council():
    # Weighted majority 4 of weights 3, 2, 1, 1 (Shapley and Shubik 1954): 1/2, 1/6, 1/6, 1/6.
    weights = (3, 2, 1, 1)
    values = game(4, lambda who: sum(weights[i] for i in who) >= 4)
    assert shapley(values) == pytest.approx([1 / 2, 1 / 6, 1 / 6, 1 / 6])


def test_where_nothing_interacts_all_measures_agree():
    gains = np.array([5.0, -2.0, 0.0, 1.5])
    values = game(4, lambda who: 100.0 + sum(gains[i] for i in who))
    for measure in (shapley, leave_one_out, add_one_in):
        assert measure(values) == pytest.approx(gains)


@given(st.integers(1, 5), st.integers(0, 10_000))
def test_they_are_the_mean_over_all_orders_and_sum_to_the_whole(players, seed):
    values = np.random.default_rng(seed).normal(size=2**players)
    contributions = shapley(values)
    assert contributions == pytest.approx(by_orders(values, players))
    assert contributions.sum() == pytest.approx(values[-1] - values[0])


def runs(seeds: int, noise: float) -> pd.DataFrame:
    """Invented runs of a game of two whose luck is the same in all coalitions, but for some noise."""
    rng, rows = np.random.default_rng(2), []
    for seed in range(seeds):
        luck = rng.normal(0, 1000)
        for k, members in enumerate(coalitions(2)):
            value = 9000 + luck + 500 * (0 in members) + 300 * (1 in members) + 200 * (len(members) == 2)
            rows.append({"seed": seed, "coalition": k, "examinees": value + rng.normal(0, noise)})
    return pd.DataFrame(rows)


def test_attribution_of_runs_is_paired_and_leaves_no_rest():
    table = attribution(runs(50, 10.0), ["backbone", "window"], "examinees")
    values = table.set_index(["player", "measure"])["value"]
    assert values["backbone", SHAPLEY] == pytest.approx(600, abs=10)
    assert values["backbone", OUT] == pytest.approx(700, abs=10)
    assert values["backbone", IN] == pytest.approx(500, abs=10)
    assert values["all", "whole"] == pytest.approx(1000, abs=10)
    assert abs(closing_error(table)) < 1e-6
    assert (table["high"] - table["low"]).max() < 30  # luck of 1,000 is the same in all coalitions
    assert set(table["n"]) == {50}


def test_a_replicate_without_all_coalitions_is_left_out():
    frame = runs(4, 0.0)
    frame.loc[5, "examinees"] = np.nan
    assert set(attribution(frame, ["backbone", "window"], "examinees")["n"]) == {3}
    with pytest.raises(InputError, match="no replicate has a value of `examinees` in all 4 coalitions"):
        attribution(frame[frame["coalition"] < 3], ["backbone", "window"], "examinees")


@pytest.mark.parametrize("players", [0, 11])
def test_too_few_or_too_many_players(players):
    with pytest.raises(InputError, match="1 to 10 players"):
        coalitions(players)
