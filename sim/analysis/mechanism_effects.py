"""Effects of mechanisms on outcomes, within pairs of runs with and without a mechanism."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.clusters import clusters_in
from sim.analysis.intervals import bootstrap, newcombe
from sim.analysis.paired_differences import MONTHS, YES_OR_NO, outcome_traits
from sim.analysis.resampling import independent

MEAN, CAME = "mean", "share of runs in which it came"
"""Measures of an outcome: mean over pairs, or, for a month that few pairs have, share of runs in which it came."""

HALF = 0.5
"""Share of pairs with the month in both runs from which months are compared."""

ITSELF = "(all items)"
"""Name of the item for runs in which nothing is switched off."""


class Effect(NamedTuple):
    """The effect of an item on an outcome: runs with it less runs without it.

    Args:
        level: mean of the outcome in the baseline, over the pairs compared [unit of the outcome]
        difference: mean over pairs [same unit]
        error: standard error of the mean [same unit]
        low: end of its 95% interval [same unit]
        high: end of its 95% interval [same unit]
        pairs: number of pairs that are compared
        measure: `mean`, or the share of runs in which a month came
    """

    level: float
    difference: float
    error: float
    low: float
    high: float
    pairs: int
    measure: str = MEAN


def effect(pairs: pd.DataFrame, unit: str, clusters: Any = None) -> Effect:
    """Return the effect of an item on an outcome.

    Pairs in which both runs have a value are compared. Where fewer than half of all pairs have the month in both runs, the
    share of runs in which it came is compared over all pairs instead.

    Args:
        pairs: columns `on` and `off`, one row per seed; NaN where a run has no value
        unit: of the outcome; months may never come
        clusters: parameter set of each pair; shape (pairs,); None if pairs share none

    >>> effect(pd.DataFrame({"on": [4.0, 6.0], "off": [3.0, 3.0]}), "members")[:3]
    (5.0, 2.0, 1.0)
    >>> effect(pd.DataFrame({"on": [90.0, 91.0, 92.0], "off": [np.nan, np.nan, 95.0]}), MONTHS).measure
    'share of runs in which it came'
    """
    both = pairs.notna().all(axis=1).to_numpy()
    by_share = unit == MONTHS and len(pairs) > 0 and both.mean() < HALF
    compared = pairs.notna().astype(float) if by_share else pairs[both]
    within = clusters if clusters is None or by_share else clusters[both]
    change = (compared["on"] - compared["off"]).to_numpy(dtype=float)
    if by_share or unit == YES_OR_NO:
        mean, low, high = newcombe(compared[["on", "off"]], clusters=within)
    else:
        mean, low, high = (float(end[0]) for end in bootstrap(change[:, None], clusters=within))
    level = float(compared["on"].mean()) if len(compared) else float("nan")
    return Effect(level, mean, standard_error(change, within), low, high, len(compared), CAME if by_share else MEAN)


def standard_error(values: Any, clusters: Any = None) -> float:
    """Return the standard error of a mean; with clusters, the larger of the independent and the clustered error.

    The clustered error is multiplied by the ratio of Student's quantile to the normal quantile.

    Args:
        values: shape (values,)
        clusters: of each value; shape (values,); None: values are independent

    >>> standard_error(np.array([1.0, 3.0])), round(standard_error(np.array([1.0, 1.0, 3.0, 3.0]), np.array([0, 0, 1, 1])), 1)
    (1.0, 6.5)
    """
    from scipy.stats import norm, t

    if len(values) < 2:
        return float("nan")
    independent_error = float(values.std(ddof=1) / np.sqrt(len(values)))
    if independent(clusters):
        return independent_error
    names, places = np.unique(clusters, return_inverse=True)
    if len(names) < 2:
        return float("nan")
    sums = np.bincount(places, values - values.mean())
    clustered_error = float(np.sqrt(len(names) / (len(names) - 1) * (sums**2).sum()) / len(values))
    return max(independent_error, clustered_error * float(t.ppf(0.975, len(names) - 1) / norm.ppf(0.975)))


def effect_of(runs: pd.DataFrame, item: str, outcome: str) -> Effect:
    """Return the effect of an item on an outcome of a baseline.

    Args:
        runs: of one baseline, one row per run: columns item, seed and outcomes
        item: name of the item
        outcome: column of a run
    """
    on = runs[runs["item"] == ITSELF].set_index("seed")[outcome].astype(float)
    without = runs[runs["item"] == item].set_index("seed")[outcome].astype(float)
    pairs = pd.DataFrame({"on": on, "off": without}).loc[on.index.intersection(without.index)].sort_index()
    return effect(pairs, outcome_traits(outcome).unit, clusters_in(runs, pairs.index))
