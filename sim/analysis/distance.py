"""Distance: how far runs lie from the record, each fact in its own tolerances and none without bound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.fit import COUNT, EVENT, MONTH, PART, SHARE
from sim.declare import Fact

LIMIT = 5.0
"""What the deviation of one fact comes to at most [tolerances]: no impossible one speaks for all."""

NEAR = 2.0
"""Deviation of a date up to which it lies near the record [tolerances]."""

MISSED = 3.0
"""Deviation of a run that says no where the record says yes [tolerances]."""


@dataclass(frozen=True)
class Measure:
    """What a run's figures are measured against; shapes (facts,).

    Args:
        observed: published figures, of counts their log
        tolerance: of each [log, share, part, months; yes or no: the part of a yes that is a tolerance]
        counted: which are counts [flag]
        smooth: which are counts, shares or parts; the others are dates, or a yes [flag]
        dated: which are dates [flag]
    """

    observed: Any
    tolerance: Any
    counted: Any
    smooth: Any
    dated: Any

    @staticmethod
    def of(rows: pd.DataFrame) -> Measure:
        """Return the measure of some facts, as `sim.analysis.fit.facts` gives them, in their order."""
        counted, dated = ((rows["scale"] == scale).to_numpy() for scale in (COUNT, MONTH))
        smooth = rows["scale"].isin([COUNT, SHARE, PART]).to_numpy()
        value = rows["value"].to_numpy(dtype=float)
        tolerance = rows["tolerance"].where(rows["scale"] != EVENT, 1.0 / MISSED).to_numpy(dtype=float)
        observed = np.where(counted, np.log(np.where(counted, value, 1.0)), value)
        return Measure(observed, np.maximum(tolerance, 1e-9), counted, smooth, dated)

    def deviations(self, figures: Any) -> Any:
        """Deviation of simulated figures from the record, unbounded [tolerances]; shape of `figures`, (..., facts).

        What was not simulated, or never happened, is infinitely far away.
        """
        return np.nan_to_num((self.scaled(figures) - self.observed) / self.tolerance, nan=np.inf)

    def scaled(self, figures: Any) -> Any:
        """Figures on the scale on which they are compared: counts as their log."""
        simulated = np.asarray(figures, dtype=float)
        return np.where(self.counted, np.log(np.maximum(simulated, 1e-9)), simulated)

    def beside(self, figures: Any) -> Measure:
        """Return the same measure with luck allowed for: to the tolerance comes how far runs of one point differ, by squares.

        Args:
            figures: of runs of one point that differ by luck alone; shape (runs, facts)

        Of what so many of them lack, or all have alike, nothing is added.
        """
        simulated = self.scaled(figures)
        spread = [_spread(column[~np.isnan(column)]) for column in simulated.T]
        return replace(self, tolerance=np.hypot(self.tolerance, spread))

    def said(self, figures: Any) -> Any:
        """Whether all dates lie near the record, if it has dates; and whether each yes of it is so; shape (runs, flags)."""
        off = np.abs(self.deviations(figures))
        dates = [(off[:, self.dated] <= NEAR).all(axis=1)] if self.dated.any() else []
        yes = ~self.smooth & ~self.dated
        return np.column_stack([*dates, off[:, yes] < MISSED]) if dates or yes.any() else np.zeros((len(off), 0), bool)

    def distance(self, figures: Any) -> Any:
        """Root mean square of the bounded deviations [tolerances]; shape (...)."""
        return np.sqrt(np.mean(bounded(self.deviations(figures), LIMIT) ** 2, axis=-1))


def _spread(values: Any) -> float:
    """Standard deviation as the middle half tells it, which a few odd runs do not change."""
    if not values.size:
        return 0.0
    low, high = np.quantile(values, [0.25, 0.75])
    return float(high - low) / 1.349


def bounded(deviation: Any, limit: float) -> Any:
    """Return a deviation that grows ever slower towards a limit; small ones stay as they are.

    >>> [round(float(bounded(x, 5.0)), 2) for x in (0.0, 1.0, -1.0, 5.0, float("inf"))]
    [0.0, 0.98, -0.98, 3.54, 5.0]
    """
    return limit * np.sin(np.arctan(np.asarray(deviation) / limit))


def columns(rows: pd.DataFrame) -> list[str]:
    """Return the column of each fact in a frame of runs."""
    return [Fact(*row).column for row in rows[list(Fact._fields)].itertuples(index=False)]
