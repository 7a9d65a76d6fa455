"""Distance of runs from the record, in tolerances of each fact, bounded for each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.fit import COUNT, EVENT, MONTH, PART, SHARE
from sim.declare import Fact

LIMIT = 5.0
"""Bound of the deviation of one fact, so that one impossible fact does not dominate [tolerances]."""

NEAR = 2.0
"""Largest deviation at which a date is near the record [tolerances]."""

MISSED = 3.0
"""Deviation of a run with no where the record has yes [tolerances]."""


@dataclass(frozen=True)
class Measure:
    """Published facts with their tolerances, to compare runs with; shapes (facts,).

    Args:
        observed: published figures; logs of counts
        tolerance: of each fact [log, share, part or months; for yes or no, part of a yes]
        counted: flags of counts
        smooth: flags of counts, shares and parts; the other facts are dates, or yes or no
        dated: flags of dates
    """

    observed: Any
    tolerance: Any
    counted: Any
    smooth: Any
    dated: Any

    @staticmethod
    def of(rows: pd.DataFrame) -> Measure:
        """Return the measure of facts from `sim.analysis.fit.facts`, in their order."""
        counted, dated = ((rows["scale"] == scale).to_numpy() for scale in (COUNT, MONTH))
        smooth = rows["scale"].isin([COUNT, SHARE, PART]).to_numpy()
        value = rows["value"].to_numpy(dtype=float)
        tolerance = rows["tolerance"].where(rows["scale"] != EVENT, 1.0 / MISSED).to_numpy(dtype=float)
        observed = np.where(counted, np.log(np.where(counted, value, 1.0)), value)
        return Measure(observed, np.maximum(tolerance, 1e-9), counted, smooth, dated)

    def deviations(self, figures: Any) -> Any:
        """Return the deviations of simulated figures from the record, unbounded [tolerances]; shape (..., facts).

        A figure that is missing (not simulated, or never happened) has an infinite deviation.
        """
        return np.nan_to_num((self.scaled(figures) - self.observed) / self.tolerance, nan=np.inf)

    def scaled(self, figures: Any) -> Any:
        """Return figures on the scale of comparison: logs of counts, other figures unchanged."""
        simulated = np.asarray(figures, dtype=float)
        return np.where(self.counted, np.log(np.maximum(simulated, 1e-9)), simulated)

    def with_random_variation(self, figures: Any) -> Measure:
        """Return the measure with random variation added to its tolerances, in squares.

        Args:
            figures: of runs that differ only by their seeds; shape (runs, facts)

        Nothing is added for a fact that no run has, or that is the same in most of them.
        """
        simulated = self.scaled(figures)
        spread = [_spread(column[~np.isnan(column)]) for column in simulated.T]
        return replace(self, tolerance=np.hypot(self.tolerance, spread))

    def flags(self, figures: Any) -> Any:
        """Return flags of agreement: all dates near the record (if it has dates), then each yes of it; shape (runs, flags)."""
        deviations = np.abs(self.deviations(figures))
        dates = [(deviations[:, self.dated] <= NEAR).all(axis=1)] if self.dated.any() else []
        yes = ~self.smooth & ~self.dated
        return (
            np.column_stack([*dates, deviations[:, yes] < MISSED])
            if dates or yes.any()
            else np.zeros((len(deviations), 0), bool)
        )

    def distance(self, figures: Any) -> Any:
        """Return the root mean square of the bounded deviations [tolerances]; shape (...)."""
        return np.sqrt(np.mean(bounded(self.deviations(figures), LIMIT) ** 2, axis=-1))


def _spread(values: Any) -> float:
    """Return a robust standard deviation, from the middle half of the values."""
    if not values.size:
        return 0.0
    low, high = np.quantile(values, [0.25, 0.75])
    return float(high - low) / 1.349


def bounded(deviation: Any, limit: float) -> Any:
    """Return a deviation bounded smoothly by a limit; small ones hardly change.

    >>> [round(float(bounded(x, 5.0)), 2) for x in (0.0, 1.0, -1.0, 5.0, float("inf"))]
    [0.0, 0.98, -0.98, 3.54, 5.0]
    """
    return limit * np.sin(np.arctan(np.asarray(deviation) / limit))


def fact_columns(rows: pd.DataFrame) -> list[str]:
    """Return the column of each fact in a frame of runs."""
    return [Fact(*row).column for row in rows[list(Fact._fields)].itertuples(index=False)]
