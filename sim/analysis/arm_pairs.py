"""Arms of a comparison against one another, within the same pairs of runs as against the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from sim.analysis.paired_differences import differences
from sim.analysis.sweep_grid import EMERGENT


def arm_pairs(frame: pd.DataFrame, arms: Sequence[str], outcome: str) -> pd.DataFrame:
    """Return the difference of each arm from each other, with the dates free.

    Args:
        frame: one row per run, with columns scenario, dates, seed and the outcome
        arms: names, the baseline among them if it is to be compared too
        outcome: column [its unit]

    Returns:
        one row for each two arms in each direction, as `sim.analysis.paired_differences.differences`: the first is in the
        column `arm`, the other in the column `baseline`; the columns are arm, baseline, unit, difference, low, high, n
    """
    free, rows = frame[frame["dates"] == EMERGENT], []
    columns = ["arm", "baseline", "unit", "difference", "low", "high", "n"]
    for one, other in combinations(arms, 2):
        row = differences(free, other, [one], [outcome])[columns]
        turned = row.assign(arm=other, baseline=one, difference=-row["difference"], low=-row["high"], high=-row["low"])
        rows += [row, turned]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)


def arm_means(frame: pd.DataFrame, arms: Sequence[str], outcome: str) -> pd.Series[float]:
    """Return the mean of an outcome over the runs of each arm with the dates free, the highest first.

    Args:
        frame: one row per run
        arms: names
        outcome: column [its unit]
    """
    free = frame[(frame["dates"] == EMERGENT) & frame["scenario"].isin(arms)]
    return free.groupby("scenario")[outcome].mean().astype(float).sort_values(ascending=False, kind="stable")
