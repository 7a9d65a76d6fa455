"""Predictions: what runs over many parameter sets say of years that nothing was fitted to, scenario by scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.doubling import Doubling, probability, reached
from sim.analysis.effects import estimate
from sim.analysis.enrolment import years
from sim.analysis.fit import middle
from sim.analysis.intervals import share
from sim.analysis.sweep_grid import needs


def predicted(frame: pd.DataFrame, asked: Sequence[int]) -> pd.DataFrame:
    """Examinees at five units in the years asked, scenario by scenario.

    Args:
        frame: a row a run, with columns scenario and examinees_YEAR [students]
        asked: school years; those that no run has seen are left out

    Returns: a row a scenario and year: scenario, year, median, low_50, high_50, low_90, high_90 (quantiles of runs)
        [students], n [runs].

    >>> runs = pd.DataFrame({"scenario": "a", "examinees_2020": [1.0, 2.0, 3.0]})
    >>> predicted(runs, [2020, 2021])[["year", "median", "n"]].to_numpy().tolist()
    [[2020.0, 2.0, 3.0]]
    """
    needs(frame, ["scenario"])
    rows = [
        {"scenario": name, "year": year, **middle(runs[f"examinees_{year}"]), "n": runs[f"examinees_{year}"].count()}
        for name, runs in frame.groupby("scenario", sort=False)
        for year in asked
        if year in years(runs)
    ]
    return pd.DataFrame(rows)


def doublings(frame: pd.DataFrame, doubling: Doubling, asked: Sequence[int]) -> pd.DataFrame:
    """How often runs double by the years asked: scenario, by, p, low, high (Wilson, 95%) [share of runs], n [runs].

    Raises:
        InputError: a year that runs do not see
    """
    found = [probability(frame, ["scenario"], reached(frame, doubling.until(year))).assign(by=year) for year in asked]
    return pd.concat(found, ignore_index=True)[["scenario", "by", "p", "low", "high", "n"]]


THIRDS = ("lowest", "middle", "highest")
"""Thirds of the values of a parameter, from low to high."""


def by_thirds(values: Any, effects: Any, clusters: Any = None) -> pd.DataFrame:
    """Return an effect by thirds of a parameter's values, as many runs in each as can be.

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
