"""Predictions for years after the fitted record, from runs over many parameter sets, by scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.doubling import Doubling, probability, reached
from sim.analysis.effects import estimate
from sim.analysis.enrolment import years
from sim.analysis.fit import middle_quantiles
from sim.analysis.intervals import share_interval
from sim.analysis.sweep_grid import needs


def predicted_examinees(frame: pd.DataFrame, wanted_years: Sequence[int]) -> pd.DataFrame:
    """Return examinees at five units in some years, by scenario.

    Args:
        frame: one row per run, with columns scenario and examinees_YEAR [students]
        wanted_years: school years; years that no run has reached are left out

    Returns:
        one row per scenario and year: scenario, year, median, low_50, high_50, low_90, high_90 (quantiles of runs)
        [students], n [runs].

    >>> runs = pd.DataFrame({"scenario": "a", "examinees_2020": [1.0, 2.0, 3.0]})
    >>> predicted_examinees(runs, [2020, 2021])[["year", "median", "n"]].to_numpy().tolist()
    [[2020.0, 2.0, 3.0]]
    """
    needs(frame, ["scenario"])
    rows = [
        {
            "scenario": name,
            "year": year,
            **middle_quantiles(runs[f"examinees_{year}"]),
            "n": runs[f"examinees_{year}"].count(),
        }
        for name, runs in frame.groupby("scenario", sort=False)
        for year in wanted_years
        if year in years(runs)
    ]
    return pd.DataFrame(rows)


def doubling_shares(frame: pd.DataFrame, doubling: Doubling, wanted_years: Sequence[int]) -> pd.DataFrame:
    """Return the shares of runs that double by some years: scenario, by, p, low, high (Wilson, 95%) [share], n [runs].

    Raises:
        InputError: a run ends before one of the years
    """
    tables = [
        probability(frame, ["scenario"], reached(frame, doubling.until(year))).assign(by=year) for year in wanted_years
    ]
    return pd.concat(tables, ignore_index=True)[["scenario", "by", "p", "low", "high", "n"]]


TERCILES = ("lowest", "middle", "highest")
"""Terciles of the values of a parameter, from low to high."""


def by_tercile(values: Any, effects: Any, clusters: Any = None) -> pd.DataFrame:
    """Return an effect by terciles of a parameter's values.

    Args:
        values: of the parameter, run by run; shape (runs,)
        effects: run by run; shape (runs,)
        clusters: parameter set of each run; shape (runs,); None if runs share none

    Returns:
        one row per third: third, least, most (of the parameter), effect, low, high (mean and its 95% bootstrap interval)
        [the effect's unit], positive (runs whose effect is above zero), positive_low, positive_high (Wilson, 95%)
        [share], n [runs].

    >>> by_tercile([3.0, 1.0, 2.0], [30.0, -10.0, 20.0])[["third", "least", "effect", "positive"]].to_numpy().tolist()
    [['lowest', 1.0, -10.0, 0.0], ['middle', 2.0, 20.0, 1.0], ['highest', 3.0, 30.0, 1.0]]
    """
    numbers, outcomes = np.asarray(values, dtype=float), np.asarray(effects, dtype=float)
    parts = np.array_split(np.argsort(numbers, kind="stable"), len(TERCILES))
    sets = np.arange(len(numbers)) if clusters is None else np.asarray(clusters)
    named_parts = [(name, part) for name, part in zip(TERCILES, parts, strict=True) if len(part)]
    rows = [(name, *_tercile(numbers[part], outcomes[part], sets[part])) for name, part in named_parts]
    names = ["third", "least", "most", "effect", "low", "high", "positive", "positive_low", "positive_high", "n"]
    return pd.DataFrame(rows, columns=names)


def _tercile(values: Any, effects: Any, clusters: Any) -> tuple[float, ...]:
    estimated, positive = estimate(effects, clusters), int((effects > 0.0).sum())
    ends = share_interval(effects > 0.0, clusters)
    return (
        values.min(),
        values.max(),
        estimated.mean,
        estimated.low,
        estimated.high,
        positive / len(effects),
        *ends,
        len(effects),
    )
