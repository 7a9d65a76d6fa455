"""Cases: runs of several arms compared with published figures, and differences between arms within pairs of runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.fit import HALF, MOST, OUTSIDE, QUANTILES
from sim.analysis.forecasts import FORECASTS, forecast
from sim.analysis.scores import MODEL
from sim.analysis.validation import Measurement, prediction

TRAINED, SCORED, FITTED = "trained", "scored", "fitted"
"""Uses of a published figure: the case was fitted to it, it is only scored, or the model was fitted to it."""

ENDS = ["low_90", "low_50", "median", "high_50", "high_90"]
"""Quantiles of runs, in order."""

BESIDE_COLUMNS = ["arm", "year", "use", "observed", *ENDS, "lies", "score"]
"""Columns of the table that compares figures with runs."""


def figures_beside_runs(
    frame: pd.DataFrame, facts: pd.DataFrame, column: str, measurement: Measurement
) -> pd.DataFrame:
    """Compare published figures with the runs of each arm, with the error of measurement.

    Args:
        frame: one row for each run and year: arm, seed, year, and the column
        facts: one row for each figure: year, observed, use
        column: of the frame, with the simulated figures
        measurement: scale and error of the figures

    Returns:
        one row per arm and figure: BESIDE_COLUMNS; score is the log density of the figure on its scale
    """
    rows = []
    for arm, runs in frame.groupby("arm", sort=False):
        for year, observed, use in facts[["year", "observed", "use"]].itertuples(index=False):
            figures = runs.loc[runs["year"] == year, column].to_numpy()
            predicted = prediction(figures, float(observed), measurement)
            rows.append({"arm": arm, "year": int(year), "use": use, "observed": float(observed), **predicted})
    return pd.DataFrame(rows)[BESIDE_COLUMNS]


def simple_forecasts(facts: pd.DataFrame, measurement: Measurement) -> pd.DataFrame:
    """Return simple forecasts of the scored figures, made from the trained ones: BESIDE_COLUMNS, `arm` is the forecast.

    Args:
        facts: as for `figures_beside_runs`
        measurement: as for `figures_beside_runs`
    """
    past, rows = facts[facts["use"] == TRAINED].sort_values("year"), []
    years, values = past["year"].to_numpy(dtype=float), measurement.scaled(past["observed"])
    for name in FORECASTS:
        for year, observed in facts.loc[facts["use"] == SCORED, ["year", "observed"]].itertuples(index=False):
            distribution = forecast(name, years, values, float(year), lambda value: float(measurement.error(value)))
            if distribution is not None:
                rows.append({"arm": name, "year": int(year), "use": SCORED, "observed": float(observed)}
                            | _ends(distribution, float(observed), measurement))  # fmt: skip
    return pd.DataFrame(rows, columns=BESIDE_COLUMNS)


def _ends(distribution: Any, observed: float, measurement: Measurement) -> dict[str, Any]:
    """Return the quantiles of a forecast, where a figure lies among them, and its score."""
    from scipy.stats import t

    fact = float(measurement.scaled(observed))
    ends = {
        name: float(distribution.middle + distribution.scale * t.ppf(level, distribution.degrees))
        for name, level in QUANTILES.items()
    }
    inside = {HALF: ends["low_50"] <= fact <= ends["high_50"], MOST: ends["low_90"] <= fact <= ends["high_90"]}
    figures = {name: float(measurement.figures(end)) for name, end in ends.items()}
    lies = next((name for name, within in inside.items() if within), OUTSIDE)
    return {**figures, "lies": lies, "score": distribution.log_density(fact)}


def totals(table: pd.DataFrame) -> pd.DataFrame:
    """Return the mean score of each arm on the scored figures, and how many of them lie inside its intervals.

    Args:
        table: rows of `figures_beside_runs` and `simple_forecasts`

    Returns:
        one row for each arm: arm, n, score, inside_50, inside_90, off (mean distance of the median from the figure, absolute)
    """
    rows = []
    for arm, part in table[table["use"] == SCORED].groupby("arm", sort=False):
        half, off = part["lies"] == HALF, (part["median"] - part["observed"]).abs()
        rows.append(
            (arm, len(part), part["score"].mean(), half.sum(), (half | (part["lies"] == MOST)).sum(), off.mean())
        )
    return pd.DataFrame(rows, columns=["arm", "n", "score", "inside_50", "inside_90", "off"])


def scores_by_forecast(table: pd.DataFrame, arm: str) -> pd.DataFrame:
    """Return the scores of an arm, named MODEL, and of the simple forecasts: one row for each scored figure.

    Args:
        table: rows of `figures_beside_runs` and `simple_forecasts`
        arm: that stands for the model
    """
    scored = table[table["use"] == SCORED]
    wide = scored.pivot(index="year", columns="arm", values="score")
    return wide[[arm, *(name for name in FORECASTS if name in wide)]].rename(columns={arm: MODEL}).reset_index()


def added_within_pairs(frame: pd.DataFrame, against: str, column: str) -> pd.DataFrame:
    """Return the differences of arms from one arm, within pairs of runs with the same parameter set and random numbers.

    Args:
        frame: one row for each run and year: arm, seed, year, and the column
        against: the arm that the others are compared with
        column: of the frame

    Returns:
        one row for each arm and year: arm, year, n, and quantiles of the differences
    """
    wide = frame.pivot(index=["year", "seed"], columns="arm", values=column)
    rows = []
    for arm in (name for name in dict.fromkeys(frame["arm"]) if name != against):
        for year, differences in (wide[arm] - wide[against]).groupby("year"):
            rows.append({"arm": arm, "year": int(year), "n": len(differences), **quantiles(differences)})
    return pd.DataFrame(rows)


def changes_between(frame: pd.DataFrame, column: str, first: int, last: int) -> pd.DataFrame:
    """Return the change of a figure between two years within the runs of each arm.

    Args:
        frame: one row for each run and year: arm, seed, year, and the column
        column: of the frame
        first: earlier year
        last: later year

    Returns:
        one row for each arm: arm, first, last, n, and quantiles of the changes
    """
    wide = frame.pivot(index=["arm", "seed"], columns="year", values=column)
    rows = []
    for arm, differences in (wide[last] - wide[first]).groupby("arm", sort=False):
        rows.append({"arm": arm, "first": first, "last": last, "n": len(differences), **quantiles(differences)})
    return pd.DataFrame(rows)


def quantiles(values: Any) -> dict[str, float]:
    """Return the quantiles ENDS of some values.

    >>> quantiles([1.0, 2.0, 3.0])["median"]
    2.0
    """
    return {name: float(np.quantile(values, QUANTILES[name])) for name in ENDS}
