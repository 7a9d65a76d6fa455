"""Attribution: what each of several conditions contributes to a whole, exact over all their coalitions."""

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
"""Shapley value; what the whole loses without it; what it adds to nothing. The three agree where nothing interacts."""

CLOSED = 1e-9
"""Part of the whole that sums of Shapley values may miss it by: the error of sums of numbers."""

MOST_PLAYERS = 10
"""Players of a game at most: each one more doubles the coalitions."""


def coalitions(players: int) -> list[tuple[int, ...]]:
    """All coalitions of so many players, by their numbers; coalition k has player i where bit i of k is set.

    >>> coalitions(2)
    [(), (0,), (1,), (0, 1)]

    Raises InputError for fewer than one player or too many.
    """
    if not 1 <= players <= MOST_PLAYERS:
        raise InputError(f"all coalitions are simulated, so a game has 1 to {MOST_PLAYERS} players; got {players}")
    return [tuple(i for i in range(players) if k >> i & 1) for k in range(2**players)]


def shapley(values: Any) -> Any:
    """Shapley values of a game: the mean of what a player adds, over all orders in which players may come.

    Args:
        values: of each coalition, in the order of `coalitions`; shape (..., 2**players)

    Returns:
        shape (..., players), in the values' unit; they sum to the value of all less that of none

    >>> shapley([0.0, 1.0, 2.0, 6.0]).tolist()
    [2.5, 3.5]
    """
    values = np.asarray(values, dtype=float)
    players = values.shape[-1].bit_length() - 1
    numbers, sizes = np.arange(2**players), np.array([k.bit_count() for k in range(2**players)])
    found = []
    for player in range(players):
        without = numbers[(numbers >> player & 1) == 0]
        weights = np.array([1.0 / (players * comb(players - 1, int(size))) for size in sizes[without]])
        found.append(((values[..., without | 1 << player] - values[..., without]) * weights).sum(axis=-1))
    return np.stack(found, axis=-1)


def one_out(values: Any) -> Any:
    """What the whole loses without each player; shapes as for `shapley`."""
    values = np.asarray(values, dtype=float)
    last = values.shape[-1] - 1
    return np.stack([values[..., last] - values[..., last ^ 1 << i] for i in range(last.bit_length())], axis=-1)


def one_in(values: Any) -> Any:
    """What each player adds to nobody; shapes as for `shapley`."""
    values = np.asarray(values, dtype=float)
    last = values.shape[-1] - 1
    return np.stack([values[..., 1 << i] - values[..., 0] for i in range(last.bit_length())], axis=-1)


def by_coalition(frame: pd.DataFrame, outcome: str, players: int) -> pd.DataFrame:
    """Return an outcome by seed and coalition: index seed, columns coalitions. Seeds in which one has no value are left out.

    Args:
        frame: a row a run: `seed`, `coalition` (its number) and the outcome
        outcome: column
        players: how many there are

    Raises InputError where no seed has all coalitions.
    """
    needs(frame, ["seed", "coalition", outcome])
    wide = frame.pivot(index="seed", columns="coalition", values=outcome).reindex(columns=range(2**players)).dropna()
    if not len(wide):
        raise InputError(
            f"no replicate has a value of `{outcome}` in all {2**players:,} coalitions: nothing to attribute"
        )
    return wide.astype(float)


def attribution(frame: pd.DataFrame, players: Sequence[str], outcome: str) -> pd.DataFrame:
    """What each player contributes, with intervals over replicates.

    Args:
        frame: as for `by_coalition`
        players: their names, in the order of their numbers
        outcome: column

    Returns:
        a row a player and measure: player, measure, value, low, high (95%, bootstrap over replicates) [outcome's unit],
        n [replicates]; then the row of player `all` and measure `whole`: all less none

    Raises InputError as `by_coalition` does.
    """
    wide = by_coalition(frame, outcome, len(players))
    values, clusters = wide.to_numpy(), clusters_in(frame, wide.index)
    by_measure = {SHAPLEY: shapley(values), OUT: one_out(values), IN: one_in(values)}
    named = [(p, m, by_measure[m][:, k]) for k, p in enumerate(players) for m in MEASURES]
    named.append(("all", "whole", values[:, -1] - values[:, 0]))
    rows = []
    for player, measure, column in named:
        found = estimate(column, clusters)
        rows.append((player, measure, found.mean, found.low, found.high, found.n))
    return pd.DataFrame(rows, columns=["player", "measure", "value", "low", "high", "n"])


def rest(table: pd.DataFrame) -> float:
    """What the Shapley values leave of the whole: nothing but the error of sums [outcome's unit]."""
    whole = table.loc[table["measure"] == "whole", "value"].iloc[0]
    return float(whole - table.loc[table["measure"] == SHAPLEY, "value"].sum())


def closes(table: pd.DataFrame) -> bool:
    """Whether the Shapley values sum to the whole, but for the error of sums."""
    whole = float(table.loc[table["measure"] == "whole", "value"].iloc[0])
    return abs(rest(table)) <= CLOSED * max(abs(whole), 1e-9)
