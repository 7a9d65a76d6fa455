"""Several goals at once: the value of decisions over replicates, and the Pareto front."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.effects import Estimate
from sim.analysis.intervals import LEVEL
from sim.analysis.resampling import BOOTSTRAP_SEED, RESAMPLES, ends_of, independent, wider
from sim.commands import page
from sim.errors import InputError

MAX, MIN = "max", "min"
"""Directions of a goal: the more the better, the less the better."""

MEAN, WORST_QUARTER = "mean", "worst_quarter"
ROBUST = (MEAN, WORST_QUARTER)
"""What a decision is worth over replicates: their mean; the mean of the quarter in which it does worst."""


def objective(values: Any, direction: str, robust: str = MEAN) -> float:
    """Return the value of a decision by one goal over its replicates, in their unit; NaN without any value.

    Args:
        values: shape (replicates,); NaN is left out
        direction: of the goal
        robust: one of ROBUST

    >>> objective([1.0, 2.0, 3.0, 10.0], "max"), objective([1.0, 2.0, 3.0, 10.0], "max", "worst_quarter")
    (4.0, 1.0)
    """
    kept = np.asarray(values, dtype=float)
    kept = kept[~np.isnan(kept)]
    return float(along_last(kept, direction, robust)) if len(kept) else float("nan")


def along_last(values: Any, direction: str, robust: str) -> Any:
    """Return the value over replicates along the last axis; values without NaN."""
    if robust == WORST_QUARTER:
        ordered, quarter = np.sort(values, axis=-1), -(-values.shape[-1] // 4)
        values = ordered[..., :quarter] if direction == MAX else ordered[..., -quarter:]
    return values.mean(axis=-1)


def objective_estimate(values: Any, direction: str, robust: str = MEAN, clusters: Any = None) -> Estimate:
    """Return `objective` with its interval: a percentile bootstrap over replicates, or over the parameter sets they share.

    Args:
        values: shape (replicates,), or (replicates, 2) for what the first column is worth less the second, within pairs;
            those with NaN are left out
        direction: of the goal
        robust: one of ROBUST
        clusters: parameter set of each replicate; shape (replicates,); None where replicates share none
    """
    from scipy.stats import bootstrap

    columns = np.asarray(values, dtype=float).reshape(len(values), -1)
    whole = ~np.isnan(columns).any(axis=1)
    columns = columns[whole].T

    def statistic(*drawn: Any, axis: int = -1) -> Any:
        return (
            np.subtract(*worths) if len(worths := [along_last(d, direction, robust) for d in drawn]) > 1 else worths[0]
        )

    mean = float(statistic(*columns)) if columns.size else float("nan")
    if columns.shape[-1] < 2:
        return Estimate(mean, float("nan"), float("nan"), columns.shape[-1])
    ends = bootstrap(
        tuple(columns), statistic, paired=True, vectorized=True, axis=-1, n_resamples=RESAMPLES, confidence_level=LEVEL,
        method="percentile", rng=BOOTSTRAP_SEED,
    ).confidence_interval  # fmt: skip
    low, high = float(ends.low), float(ends.high)
    within = None if clusters is None else np.asarray(clusters)[whole]
    if not independent(within):
        resampled = ends_of(lambda w: _drawn(w, columns, statistic), within, LEVEL)
        low, high = (float(end[0]) for end in wider((low, high), resampled))
    return Estimate(mean, low, high, columns.shape[-1])


def _drawn(weights: Any, columns: Any, statistic: Callable[..., Any]) -> Any:
    """Return a statistic of the values drawn in each resample; shape (resamples, 1)."""
    times = weights.astype(int)
    return np.array([[float(statistic(*(np.repeat(column, row) for column in columns)))] for row in times])


def goals_of(more: Sequence[Any], less: Sequence[Any], known: Sequence[str]) -> dict[str, str]:
    """Goals with their directions, those of which more is better first.

    Raises:
        InputError: fewer than one, for an unknown outcome, and for one that is named twice
    """
    said = [(str(name), MAX) for name in more] + [(str(name), MIN) for name in less]
    if not said:
        raise InputError("there is no goal: say `more` or `less`, outcomes of which more or less is better")
    for place, (name, _) in enumerate(said):
        if name not in known:
            raise InputError(f"there is no outcome `{name}` to be a goal; {page('outcomes.md')} lists them")
        if name in [other for other, _ in said[:place]]:
            raise InputError(f"the goal `{name}` is named twice")
    return dict(said)


def unbeaten(table: pd.DataFrame, goals: Mapping[str, str]) -> pd.Series[bool]:
    """Return the decisions that no other one equals or beats in every goal and beats in one (the Pareto front).

    Args:
        table: a row a decision, a column a goal; a decision without a value is beaten
        goals: columns with their directions
    """
    losses = np.column_stack([table[name] if way == MIN else -table[name] for name, way in goals.items()])
    known = ~np.isnan(losses).any(axis=1)
    beaten = [bool(((losses[known] <= each).all(axis=1) & (losses[known] < each).any(axis=1)).any()) for each in losses]
    return pd.Series(known & ~np.asarray(beaten, dtype=bool), index=table.index)


def along(table: pd.DataFrame, goals: Mapping[str, str], most: int) -> list[Any]:
    """So many decisions along a front, at most: the best by each goal, and the others evenly by the first.

    Returns:
        labels of rows, from the best by the first goal to the worst
    """
    first, way = next(iter(goals.items()))
    ordered = list(table.sort_values(first, ascending=way == MIN, kind="stable").index)
    ends = dict.fromkeys(best(table, name, way) for name, way in goals.items())
    places = np.linspace(0, len(ordered) - 1, min(most, len(ordered))).round().astype(int)
    chosen = dict.fromkeys([*ends, *(ordered[place] for place in places)])
    kept = set(list(chosen)[: max(most, len(ends))])
    return [label for label in ordered if label in kept]


def best(table: pd.DataFrame, goal: str, direction: str) -> Any:
    """Return the decision that does best by one goal; the first of several."""
    return table[goal].idxmax() if direction == MAX else table[goal].idxmin()
