"""How many seeds are enough for an interval of a wanted reach, and how many the pairing of runs saves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from sim.analysis.intervals import LEVEL
from sim.errors import InputError

MOST_POINTS = 30
"""About so many points are compared with each other at most: what is told is a middle value over their pairs."""


def enough(deviation: float, reach: float, level: float = LEVEL) -> int:
    """Seeds with which the interval of a mean reaches no further than wanted, two at least.

    Args:
        deviation: standard deviation over seeds [outcome's unit]
        reach: half the width of the interval [outcome's unit]
        level: of the interval [share]

    Holds for means that are about normal.

    >>> enough(10.0, 1.96)
    100
    """
    from scipy.stats import norm

    return max(2, int(np.ceil((float(norm.ppf(0.5 + level / 2)) * deviation / reach) ** 2 - 1e-3)))


def replications(runs: pd.DataFrame, points: Sequence[str], outcomes: Sequence[str], within: float) -> pd.DataFrame:
    """Seeds needed for the mean of a point and for the difference of two, with the same seeds in both and with others.

    Args:
        runs: a row a run, with columns `seed`, the points' and the outcomes'
        points: columns that tell the points apart
        outcomes: columns; those that do not vary over seeds, or have gaps, are left out
        within: wanted reach of the interval, as a share of the outcome's mean [share]

    Returns:
        a row an outcome: outcome, reach [outcome's unit], mean, apart, paired [seeds needed: middle over points or pairs],
        saved [share of the seeds that pairing makes unnecessary], correlation of pairs, pairs, and the deviations of a
        difference over seeds, apart_deviation and paired_deviation [outcome's unit]

    Raises InputError for a reach that is none, for fewer than two points or three seeds, or where no outcome can be used.
    """
    if not 0 < within < np.inf:
        raise InputError(f"`within` must be a number above 0, a share of the outcome's mean; got {within}")
    rows = [row for outcome in outcomes if (row := needed(runs, points, outcome, within))]
    if not rows:
        raise InputError(
            "how many seeds are enough can be told from three seeds and two points on, of an outcome that varies"
        )
    return pd.DataFrame(rows)


def needed(runs: pd.DataFrame, points: Sequence[str], outcome: str, within: float) -> dict[str, object] | None:
    """Return the row of one outcome; None where nothing can be said of it."""
    table = runs.pivot_table(index="seed", columns=list(points), values=outcome, observed=True).dropna(axis=1)
    table = table.iloc[:, :: max(1, table.shape[1] // MOST_POINTS)]
    pairs = list(combinations(range(table.shape[1]), 2))
    values = table.to_numpy(dtype=float)
    if len(table) < 3 or not pairs or not values.mean() or not values.var(axis=0).any():
        return None
    reach = within * abs(float(values.mean()))
    variance = values.var(axis=0, ddof=1)
    apart = np.array([variance[one] + variance[other] for one, other in pairs])
    paired = np.array([(values[:, one] - values[:, other]).var(ddof=1) for one, other in pairs])
    known = apart > 0
    middle = [float(np.sqrt(np.median(found))) for found in (variance, apart[known], paired[known])]
    saved = 1 - paired[known].mean() / apart[known].mean()
    together = [np.stack([values[:, one], values[:, other]], axis=1) for one, other in pairs]
    both = [pair for pair in together if (pair.var(axis=0) > 0).all()]
    correlations = [np.corrcoef(pair.T)[0, 1] for pair in both]
    mean, alone, joint = (enough(each, reach) for each in middle)
    return {
        "outcome": outcome, "reach": reach, "mean": mean, "apart": alone, "paired": joint, "saved": float(saved),
        "correlation": float(np.median(correlations)) if correlations else np.nan, "pairs": int(known.sum()),
        "apart_deviation": middle[1], "paired_deviation": middle[2],
    }  # fmt: skip
