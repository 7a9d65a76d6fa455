"""Uniformity of the ranks of known values in their posteriors.

Source: saeilynoja_2022, talts_2018
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

LEVEL = 0.95
"""Coverage of a simultaneous band: share of uniform samples of ranks that lie inside it at all points."""

HALVINGS = 40
"""Number of bisections for the tail probability of a band."""


def rank(posterior: Any, value: float, luck: float) -> int:
    """Return the number of posterior values below a value, plus a random part of the equal ones.

    Args:
        posterior: values of the sets of a posterior; shape (sets,)
        value: to rank
        luck: uniform random number for ties

    >>> rank([1.0, 2.0, 2.0, 4.0], 2.0, 0.0), rank([1.0, 2.0, 2.0, 4.0], 2.0, 0.99), rank([1.0, 2.0], 3.0, 0.5)
    (1, 3, 2)
    """
    values = np.asarray(posterior, dtype=float)
    return int((values < value).sum()) + int(luck * ((values == value).sum() + 1))


def simultaneous_band(n: int, sets: int, level: float = LEVEL) -> pd.DataFrame:
    """Return the simultaneous band of the cumulative distribution of uniform ranks.

    The band has the same tail probability at every point, the largest at which the whole band has coverage `level`. It is
    computed exactly: the number of ranks below a point is a Markov chain from point to point.

    Args:
        n: number of ranks
        sets: number of sets of each posterior; a rank is one of `sets` + 1 numbers
        level: coverage [share]

    Returns:
        One row per point: `below` (ranks less than this are counted), `expected`, `low` and `high` [share of ranks].

    Source: saeilynoja_2022

    >>> simultaneous_band(30, 499).iloc[14].round(2).to_dict()
    {'below': 250.0, 'expected': 0.5, 'low': 0.27, 'high': 0.73}
    """
    from scipy.stats import binom

    points = min(n, sets + 1)
    below = np.unique(np.arange(1, points) * (sets + 1) // points)
    shares = below / (sets + 1.0)

    def ends(tail: float) -> tuple[Any, Any]:
        return binom.ppf(tail, n, shares).astype(int), binom.ppf(1.0 - tail, n, shares).astype(int)

    moves = _transitions(n, shares)
    low, high = 0.0, (1.0 - level) / 2.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if _coverage(*ends(middle), moves) >= level else (low, middle)
    least, most = ends(low)
    return pd.DataFrame({"below": below, "expected": shares, "low": least / n, "high": most / n})


def _transitions(n: int, shares: Any) -> list[Any]:
    """Return the transition probabilities of counts between points; shape (n + 1, n + 1) for each point."""
    from scipy.stats import binom

    one, next_one = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    before = np.concatenate(([0.0], shares[:-1]))
    steps = (shares - before) / (1.0 - before)
    return [binom.pmf(next_one - one, n - one, step) for step in steps]


def _coverage(low: Any, high: Any, moves: list[Any]) -> float:
    """Return the probability that counts of uniform ranks lie between low and high at every point."""
    inside = np.zeros(len(moves[0]) if moves else 1)
    inside[0] = 1.0
    for least, most, move in zip(low, high, moves, strict=True):
        inside = inside @ move
        inside[:least] = 0.0
        inside[most + 1 :] = 0.0
    return float(inside.sum())


def cumulative(ranks: Any, band: pd.DataFrame) -> Any:
    """Return the share of ranks below each point of a band; shape (points,).

    Args:
        ranks: shape (ranks,)
        band: of `simultaneous_band`
    """
    return (np.asarray(ranks)[:, None] < band["below"].to_numpy()).mean(axis=0)


def uniformity(ranks: pd.DataFrame, level: float = LEVEL) -> pd.DataFrame:
    """Return a test of the uniformity of ranks for each quantity.

    Args:
        ranks: one row per truth and quantity: truth, name, rank, sets
        level: of the band [share]

    Returns:
        One row per quantity, in their order: name, truths, `deviation` (largest distance of the cumulative distribution from
        the uniform one, with its sign: positive where ranks are low), `outside` (flag: it leaves the band at some point).
    """
    rows = []
    for name, rows_of_quantity in ranks.groupby("name", sort=False):
        band = simultaneous_band(len(rows_of_quantity), int(rows_of_quantity["sets"].iloc[0]), level)
        share = cumulative(rows_of_quantity["rank"], band)
        deviation = share - band["expected"].to_numpy()
        outside = bool(((share < band["low"]) | (share > band["high"])).any())
        largest = float(deviation[np.abs(deviation).argmax()]) if len(deviation) else 0.0
        rows.append({"name": name, "truths": len(rows_of_quantity), "deviation": largest, "outside": outside})
    return pd.DataFrame(rows, columns=["name", "truths", "deviation", "outside"])


def histogram(ranks: pd.DataFrame, bins: int) -> pd.DataFrame:
    """Return the histogram of ranks: one row per quantity, one column per bin.

    Args:
        ranks: one row per truth and quantity: truth, name, rank, sets
        bins: number of bins

    >>> histogram(pd.DataFrame({"name": "a", "rank": [0, 1, 9], "sets": 9}), 2).to_numpy().tolist()
    [[2, 1]]
    """
    part = ranks["rank"] * bins // (ranks["sets"] + 1)
    table = pd.crosstab(ranks["name"], part).reindex(index=ranks["name"].unique(), columns=range(bins), fill_value=0)
    return table.rename_axis(index="name", columns="part")
