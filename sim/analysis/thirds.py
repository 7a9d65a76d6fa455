"""Thirds: an effect in the runs with low, middling and high values of a parameter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.effects import estimate
from sim.analysis.intervals import share

THIRDS = ("lowest", "middle", "highest")
"""Thirds of the values of a parameter, from low to high."""


def by_thirds(values: Any, effects: Any, clusters: Any = None) -> pd.DataFrame:
    """An effect by thirds of a parameter's values, as many runs in each as can be.

    Args:
        values: of the parameter, run by run; shape (runs,)
        effects: run by run; shape (runs,)
        clusters: parameter set of each run; shape (runs,); None where runs share none

    Returns: a row a third: third, least, most (of the parameter), effect, low, high (mean and its 95% bootstrap interval)
        [the effect's unit], positive (runs whose effect is above zero), positive_low, positive_high (Wilson, 95%)
        [share], n [runs].

    >>> by_thirds([3.0, 1.0, 2.0], [30.0, -10.0, 20.0])[["third", "least", "effect", "positive"]].to_numpy().tolist()
    [['lowest', 1.0, -10.0, 0.0], ['middle', 2.0, 20.0, 1.0], ['highest', 3.0, 30.0, 1.0]]
    """
    of, what = np.asarray(values, dtype=float), np.asarray(effects, dtype=float)
    parts = np.array_split(np.argsort(of, kind="stable"), len(THIRDS))
    sets = np.arange(len(of)) if clusters is None else np.asarray(clusters)
    found = [(name, part) for name, part in zip(THIRDS, parts, strict=True) if len(part)]
    rows = [(name, *_third(of[part], what[part], sets[part])) for name, part in found]
    names = ["third", "least", "most", "effect", "low", "high", "positive", "positive_low", "positive_high", "n"]
    return pd.DataFrame(rows, columns=names)


def _third(values: Any, effects: Any, clusters: Any) -> tuple[float, ...]:
    found, above = estimate(effects, clusters), int((effects > 0.0).sum())
    ends = share(effects > 0.0, clusters)
    return values.min(), values.max(), found.mean, found.low, found.high, above / len(effects), *ends, len(effects)
