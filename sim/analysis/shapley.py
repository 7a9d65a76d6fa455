"""Attribution: Shapley values of several conditions, exact over all their coalitions."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.clusters import clusters_in
from sim.analysis.effects import estimate
from sim.analysis.sweep_grid import needs
from sim.errors import InputError

SHAPLEY, OUT, IN = "shapley", "leave_one_out", "add_one_in"
MEASURES = (SHAPLEY, OUT, IN)
"""Shapley value; loss of the whole without a player; gain of a player alone. They agree without interactions."""

CLOSED = 1e-9
"""Largest rounding error of the sum of Shapley values [share of the whole]."""

MOST_PLAYERS = 10
"""Maximum number of players; each additional one doubles the coalitions."""


def coalitions(players: int) -> list[tuple[int, ...]]:
    """Return all coalitions of some number of players; coalition k has player i if bit i of k is set.

    >>> coalitions(2)
    [(), (0,), (1,), (0, 1)]

    Raises:
        InputError: the number of players is out of range
    """
    if not 1 <= players <= MOST_PLAYERS:
        raise InputError(
            f"a game must have 1 to {MOST_PLAYERS} players, since all coalitions are simulated; got {players}"
        )
    return [tuple(i for i in range(players) if k >> i & 1) for k in range(2**players)]


def shapley(values: Any) -> Any:
    """Return the Shapley values of a game: the mean contribution of a player over all orders of the players.

    Args:
        values: of each coalition, in the order of `coalitions`; shape (..., 2**players)

    Returns:
        shape (..., players), in the unit of the values; their sum is the value of all players less that of none

    >>> shapley([0.0, 1.0, 2.0, 6.0]).tolist()
    [2.5, 3.5]
    """
    values = np.asarray(values, dtype=float)
    players = values.shape[-1].bit_length() - 1
    numbers, sizes = np.arange(2**players), np.array([k.bit_count() for k in range(2**players)])
    contributions = []
    for player in range(players):
        without = numbers[(numbers >> player & 1) == 0]
        weights = np.array([1.0 / (players * comb(players - 1, int(size))) for size in sizes[without]])
        contributions.append(((values[..., without | 1 << player] - values[..., without]) * weights).sum(axis=-1))
    return np.stack(contributions, axis=-1)


def leave_one_out(values: Any) -> Any:
    """Return the loss of the whole without each player; shapes as for `shapley`."""
    values = np.asarray(values, dtype=float)
    last = values.shape[-1] - 1
    return np.stack([values[..., last] - values[..., last ^ 1 << i] for i in range(last.bit_length())], axis=-1)


def add_one_in(values: Any) -> Any:
    """Return the gain of each player alone; shapes as for `shapley`."""
    values = np.asarray(values, dtype=float)
    last = values.shape[-1] - 1
    return np.stack([values[..., 1 << i] - values[..., 0] for i in range(last.bit_length())], axis=-1)


def by_coalition(frame: pd.DataFrame, outcome: str, players: int) -> pd.DataFrame:
    """Return an outcome by seed and coalition: index seed, columns coalitions, without seeds that lack a value.

    Args:
        frame: one row per run: `seed`, `coalition` (its number) and the outcome
        outcome: column
        players: number of players

    Raises:
        InputError: no seed has values in all coalitions
    """
    needs(frame, ["seed", "coalition", outcome])
    wide = frame.pivot(index="seed", columns="coalition", values=outcome).reindex(columns=range(2**players)).dropna()
    if not len(wide):
        raise InputError(
            f"no replicate has a value of `{outcome}` in all {2**players:,} coalitions, so nothing can be attributed"
        )
    return wide.astype(float)


def attribution(frame: pd.DataFrame, players: Sequence[str], outcome: str) -> pd.DataFrame:
    """Return the contribution of each player, with intervals over replicates.

    Args:
        frame: as for `by_coalition`
        players: their names, in the order of their numbers
        outcome: column

    Returns:
        one row per player and measure: player, measure, value, low, high (95%, bootstrap over replicates) [outcome's unit],
        n [replicates]; then the row of player `all` and measure `whole`: all less none

    Raises:
        InputError: as `by_coalition` does
    """
    wide = by_coalition(frame, outcome, len(players))
    values, clusters = wide.to_numpy(), clusters_in(frame, wide.index)
    by_measure = {SHAPLEY: shapley(values), OUT: leave_one_out(values), IN: add_one_in(values)}
    columns = [(p, m, by_measure[m][:, k]) for k, p in enumerate(players) for m in MEASURES]
    columns.append(("all", "whole", values[:, -1] - values[:, 0]))
    rows = []
    for player, measure, column in columns:
        estimated = estimate(column, clusters)
        rows.append((player, measure, estimated.mean, estimated.low, estimated.high, estimated.n))
    return pd.DataFrame(rows, columns=["player", "measure", "value", "low", "high", "n"])


def closing_error(table: pd.DataFrame) -> float:
    """Return the whole less the sum of the Shapley values, a rounding error [outcome's unit]."""
    whole = table.loc[table["measure"] == "whole", "value"].iloc[0]
    return float(whole - table.loc[table["measure"] == SHAPLEY, "value"].sum())


def closes(table: pd.DataFrame) -> bool:
    """Return whether the Shapley values sum to the whole, within rounding errors."""
    whole = float(table.loc[table["measure"] == "whole", "value"].iloc[0])
    return abs(closing_error(table)) <= CLOSED * max(abs(whole), 1e-9)
