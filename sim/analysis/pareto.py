"""Several goals: values of decisions over replicates, and the Pareto front."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.effects import Estimate
from sim.analysis.intervals import LEVEL
from sim.analysis.resampling import BOOTSTRAP_SEED, RESAMPLES, cluster_interval, independent, wider_interval
from sim.commands import page
from sim.errors import InputError

MAX, MIN = "max", "min"
"""Directions of a goal: more is better, less is better."""

MEAN, WORST_QUARTER = "mean", "worst_quarter"
ROBUST = (MEAN, WORST_QUARTER)
"""Values of a decision over replicates: the mean, or the mean of the worst quarter."""


def objective(values: Any, direction: str, robust: str = MEAN) -> float:
    """Return the value of a decision by one goal over replicates, in their unit; NaN without values.

    Args:
        values: shape (replicates,); NaN are left out
        direction: of the goal
        robust: one of ROBUST

    >>> objective([1.0, 2.0, 3.0, 10.0], "max"), objective([1.0, 2.0, 3.0, 10.0], "max", "worst_quarter")
    (4.0, 1.0)
    """
    numbers = np.asarray(values, dtype=float)
    numbers = numbers[~np.isnan(numbers)]
    return float(value_over_replicates(numbers, direction, robust)) if len(numbers) else float("nan")


def value_over_replicates(values: Any, direction: str, robust: str) -> Any:
    """Return the value over replicates along the last axis, of values without NaN."""
    if robust == WORST_QUARTER:
        ordered, quarter = np.sort(values, axis=-1), -(-values.shape[-1] // 4)
        values = ordered[..., :quarter] if direction == MAX else ordered[..., -quarter:]
    return values.mean(axis=-1)


def objective_estimate(values: Any, direction: str, robust: str = MEAN, clusters: Any = None) -> Estimate:
    """Return `objective` with its percentile bootstrap interval, over replicates or over the parameter sets they share.

    Args:
        values: shape (replicates,), or (replicates, 2) for the first column less the second within pairs; rows with NaN are
            left out
        direction: of the goal
        robust: one of ROBUST
        clusters: parameter set of each replicate; shape (replicates,); None if replicates share none
    """
    from scipy.stats import bootstrap

    columns = np.asarray(values, dtype=float).reshape(len(values), -1)
    complete = ~np.isnan(columns).any(axis=1)
    columns = columns[complete].T

    def statistic(*drawn: Any, axis: int = -1) -> Any:
        return (
            np.subtract(*worths)
            if len(worths := [value_over_replicates(d, direction, robust) for d in drawn]) > 1
            else worths[0]
        )

    mean = float(statistic(*columns)) if columns.size else float("nan")
    if columns.shape[-1] < 2:
        return Estimate(mean, float("nan"), float("nan"), columns.shape[-1])
    ends = bootstrap(
        tuple(columns), statistic, paired=True, vectorized=True, axis=-1, n_resamples=RESAMPLES, confidence_level=LEVEL,
        method="percentile", rng=BOOTSTRAP_SEED,
    ).confidence_interval  # fmt: skip
    low, high = float(ends.low), float(ends.high)
    within = None if clusters is None else np.asarray(clusters)[complete]
    if not independent(within):
        resampled = cluster_interval(lambda w: _statistic_by_resample(w, columns, statistic), within, LEVEL)
        low, high = (float(end[0]) for end in wider_interval((low, high), resampled))
    return Estimate(mean, low, high, columns.shape[-1])


def _statistic_by_resample(weights: Any, columns: Any, statistic: Callable[..., Any]) -> Any:
    """Return a statistic of the values in each resample; shape (resamples, 1)."""
    times = weights.astype(int)
    return np.array([[float(statistic(*(np.repeat(column, row) for column in columns)))] for row in times])


def goals_of(more: Sequence[Any], less: Sequence[Any], outcomes: Sequence[str]) -> dict[str, str]:
    """Return goals with their directions, first those of which more is better.

    Args:
        more: outcomes of which more is better
        less: outcomes of which less is better
        outcomes: names of all outcomes

    Raises:
        InputError: there is no goal, an outcome is unknown, or one is named twice
    """
    goals = [(str(name), MAX) for name in more] + [(str(name), MIN) for name in less]
    if not goals:
        raise InputError("there is no goal; give outcomes in `more` or `less`")
    for place, (name, _) in enumerate(goals):
        if name not in outcomes:
            raise InputError(f"`{name}` is not an outcome; {page('outcomes.md')} lists all outcomes")
        if name in [other for other, _ in goals[:place]]:
            raise InputError(f"the goal `{name}` is named twice; name it once")
    return dict(goals)


def on_front(table: pd.DataFrame, goals: Mapping[str, str]) -> pd.Series[bool]:
    """Return flags of the decisions on the Pareto front: no other is at least as good in every goal and better in one.

    Args:
        table: one row per decision, one column per goal; a decision with NaN is not on the front
        goals: columns with their directions
    """
    losses = np.column_stack([table[name] if way == MIN else -table[name] for name, way in goals.items()])
    complete = ~np.isnan(losses).any(axis=1)
    beaten = [
        bool(((losses[complete] <= each).all(axis=1) & (losses[complete] < each).any(axis=1)).any()) for each in losses
    ]
    return pd.Series(complete & ~np.asarray(beaten, dtype=bool), index=table.index)


def spread_along_front(table: pd.DataFrame, goals: Mapping[str, str], most: int) -> list[Any]:
    """Return at most `most` decisions of a front: the best by each goal, and others evenly spaced by the first goal.

    Returns:
        labels of rows, from the best by the first goal to the worst
    """
    first, way = next(iter(goals.items()))
    ordered = list(table.sort_values(first, ascending=way == MIN, kind="stable").index)
    ends = dict.fromkeys(best_decision(table, name, way) for name, way in goals.items())
    places = np.linspace(0, len(ordered) - 1, min(most, len(ordered))).round().astype(int)
    chosen = dict.fromkeys([*ends, *(ordered[place] for place in places)])
    selected = set(list(chosen)[: max(most, len(ends))])
    return [label for label in ordered if label in selected]


def best_decision(table: pd.DataFrame, goal: str, direction: str) -> Any:
    """Return the label of the best decision by one goal; the first of several."""
    return table[goal].idxmax() if direction == MAX else table[goal].idxmin()
