"""Predictions: what runs over many parameter sets say of years that nothing was fitted to, scenario by scenario."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sim.analysis.doubling import Doubling, probability, reached
from sim.analysis.enrolment import years
from sim.analysis.fit import middle
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

    Raises Mistake for a year that runs do not see.
    """
    found = [probability(frame, ["scenario"], reached(frame, doubling.until(year))).assign(by=year) for year in asked]
    return pd.concat(found, ignore_index=True)[["scenario", "by", "p", "low", "high", "n"]]
