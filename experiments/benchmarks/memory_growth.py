"""Does memory stay flat: what processes held along a sweep, and how fast it grew with the runs that were done."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt
from typing import Any

import numpy as np
import pandas as pd

MARKS = (0.1, 0.5, 1.0)
"""Shares of the runs at which memory is told; it may grow up to the first of them and is watched from there."""

PARENT, WORKER = "parent", "worker"
"""How the process that keeps the results is called, and how the names of those that simulate begin."""


@dataclass(frozen=True)
class Line:
    """A straight line by ordinary least squares: its height at zero, its slope, and the slope's standard error."""

    height: float
    slope: float
    error: float


def line_through(x: Any, y: Any) -> Line:
    """The line through points; shape (points,) each. All NaN where fewer than three points, or no two x, leave it open.

    >>> line_through([0, 1, 2, 3], [5, 7, 9, 11])
    Line(height=5.0, slope=2.0, error=0.0)
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if len(x) < 3 or not np.ptp(x):
        return Line(nan, nan, nan)
    across, up = x - x.mean(), y - y.mean()
    spread = float((across**2).sum())
    slope = float((across * up).sum()) / spread
    left = up - slope * across
    return Line(float(y.mean() - slope * x.mean()), slope, sqrt(float((left**2).sum()) / (len(x) - 2) / spread))


def held(samples: pd.DataFrame, of: str) -> pd.DataFrame:
    """What the parent, or a worker in the mean over workers, held at each moment: columns `second`, `runs`, `memory`.

    Args:
        samples: a row a moment and process: `second` [s], `runs` done, `process`, `memory` [MB]
        of: PARENT or WORKER
    """
    mine = samples[samples["process"].str.startswith(of)]
    return mine.groupby("second", as_index=False).agg(runs=("runs", "first"), memory=("memory", "mean"))


def growth(samples: pd.DataFrame) -> pd.DataFrame:
    """Memory of the parent and of a worker at each of MARKS, its greatest value, and how it grows after the first mark.

    Args:
        samples: as `held` takes them

    Returns a row each for PARENT and, where there are workers, WORKER, with columns `0.1`, `0.5`, `1.0` and `most` [MB],
    `height` [MB], `slope` and `error` [MB per 1,000 runs]; `most` is that of the one worker that held most.
    """
    total, rows = samples["runs"].max(), {}
    for of in (PARENT, WORKER):
        mine = held(samples, of)
        if mine.empty:
            continue
        late = mine[mine["runs"] >= MARKS[0] * total]
        line = line_through(late["runs"] / 1000.0, late["memory"])
        at = {str(mark): _first(mine, mark * total) for mark in MARKS}
        most = samples.loc[samples["process"].str.startswith(of), "memory"].max()
        rows[of] = {**at, "most": most, "height": line.height, "slope": line.slope, "error": line.error}
    return pd.DataFrame.from_dict(rows, orient="index")


def _first(mine: pd.DataFrame, runs: float) -> float:
    """Memory when so many runs were done for the first time that it was seen; where it was not, at the end [MB]."""
    reached = mine.loc[mine["runs"] >= runs, "memory"]
    return float(reached.iloc[0] if len(reached) else mine["memory"].iloc[-1])


def workers_in(samples: pd.DataFrame) -> int:
    """How many processes simulated, all told: more than were at work at once where some were replaced."""
    return int(samples.loc[samples["process"].str.startswith(WORKER), "process"].nunique())
