"""Number of seeds needed for an interval of some width, and number that pairing saves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from sim.analysis.intervals import LEVEL
from sim.errors import InputError

MOST_POINTS = 30
"""Maximum number of points to compare, about; results are medians over their pairs."""


def seeds_needed(deviation: float, reach: float, level: float = LEVEL) -> int:
    """Return the number of seeds for an interval of a mean with some half-width; at least two.

    Args:
        deviation: standard deviation over seeds [outcome's unit]
        reach: half-width of the interval [outcome's unit]
        level: of the interval [share]

    It holds for means that are about normal.

    >>> seeds_needed(10.0, 1.96)
    100
    """
    from scipy.stats import norm

    return max(2, int(np.ceil((float(norm.ppf(0.5 + level / 2)) * deviation / reach) ** 2 - 1e-3)))


def replications(runs: pd.DataFrame, points: Sequence[str], outcomes: Sequence[str], within: float) -> pd.DataFrame:
    """Return the seeds needed for the mean of a point and for a difference, with common and with independent seeds.

    Args:
        runs: one row per run, with column `seed`, the columns of the points and the outcomes
        points: columns that identify the points
        outcomes: columns; outcomes that do not vary over seeds, or have gaps, are left out
        within: half-width of the interval, as a share of the outcome's mean

    Returns:
        one row per outcome: outcome, reach [outcome's unit], mean, apart, paired [seeds needed: median over points or pairs],
        saved [share of the seeds that pairing makes unnecessary], correlation of pairs, pairs, and the deviations of a
        difference over seeds, apart_deviation and paired_deviation [outcome's unit]

    Raises:
        InputError: `within` is not a positive number, there are fewer than two points or three seeds, or no outcome varies
    """
    if not 0 < within < np.inf:
        raise InputError(f"`within` must be a share of an outcome's mean, above 0; got {within}")
    rows = [row for outcome in outcomes if (row := replication_row(runs, points, outcome, within))]
    if not rows:
        raise InputError(
            "the number of seeds cannot be estimated; give runs of three seeds and two points or more, with an "
            "outcome that varies"
        )
    return pd.DataFrame(rows)


def replication_row(runs: pd.DataFrame, points: Sequence[str], outcome: str, within: float) -> dict[str, object] | None:
    """Return the row of one outcome; None if the seeds cannot be estimated."""
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
    varied = apart > 0
    middle = [float(np.sqrt(np.median(variances))) for variances in (variance, apart[varied], paired[varied])]
    saved = 1 - paired[varied].mean() / apart[varied].mean()
    columns = [np.stack([values[:, one], values[:, other]], axis=1) for one, other in pairs]
    varying = [pair for pair in columns if (pair.var(axis=0) > 0).all()]
    correlations = [np.corrcoef(pair.T)[0, 1] for pair in varying]
    mean, independent, with_pairs = (seeds_needed(deviation, reach) for deviation in middle)
    return {
        "outcome": outcome, "reach": reach, "mean": mean, "apart": independent, "paired": with_pairs, "saved": float(saved),
        "correlation": float(np.median(correlations)) if correlations else np.nan, "pairs": int(varied.sum()),
        "apart_deviation": middle[1], "paired_deviation": middle[2],
    }  # fmt: skip
