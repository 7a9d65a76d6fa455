"""Short tables of headline outcomes, beside the some 270 columns of runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.analysis.fit import middle_quantiles
from sim.analysis.headlines import headline_outcomes
from sim.analysis.paired_differences import outcome_traits
from sim.analysis.sweep_grid import EMERGENT


def headline_table(frame: pd.DataFrame, by: Sequence[str] = ("scenario",)) -> pd.DataFrame:
    """Return the headline outcomes of runs with the ministry free: a row for each point and outcome.

    Args:
        frame: one row per run
        by: columns that distinguish points

    Returns:
        columns `by`, outcome, unit, runs (with a value), median, and low_90 and high_90, the middle 90% of runs [unit of the
        outcome]
    """
    free = frame[frame["dates"] == EMERGENT] if "dates" in frame else frame
    rows = []
    for point, runs in free.groupby(list(by), sort=False, observed=True):
        for name in headline_outcomes(runs):
            values = runs[name].to_numpy(dtype=float)
            middle = middle_quantiles(values)
            about = dict(zip(by, point, strict=True)) | {"outcome": name, "unit": outcome_traits(name).unit}
            rows.append(
                about
                | {"runs": int((~np.isnan(values)).sum())}
                | {column: middle[column] for column in ("median", "low_90", "high_90")}
            )
    return pd.DataFrame(rows, columns=[*by, "outcome", "unit", "runs", "median", "low_90", "high_90"])


def headline_values(outcomes: pd.Series[float]) -> pd.DataFrame:
    """Return the headline outcomes of one run: columns outcome, value and unit.

    Args:
        outcomes: all outcomes of the run, by name
    """
    names = headline_outcomes(outcomes.to_frame().T)
    units = [outcome_traits(name).unit for name in names]
    return pd.DataFrame({"outcome": names, "value": [float(outcomes[name]) for name in names], "unit": units})
