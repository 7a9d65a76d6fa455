"""Validation: predictions of runs and of simple forecasts for facts that were not fitted, by fact and in total.

The predictive distribution is that of the runs, each with the error of measurement of the fact. Counts are compared by log,
shares by their logit, correlations by the logit of (1 + r) / 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.fit import AGREED, COUNT, EVENT, HALF, MOST, OUTSIDE, QUANTILES, UNKNOWN
from sim.analysis.forecasts import FORECASTS, forecast
from sim.analysis.intervals import wilson
from sim.analysis.scores import MODEL, normal_log_density, score_difference
from sim.declare import Fact

CORRELATION = "share_correlation"
"""Name of the pattern of correlations, which may be negative."""

NORMAL_QUANTILES = (np.arange(99) + 0.5) / 99
"""Quantile levels of the error of measurement of each run [share]."""

RANKED = 10
"""Number of facts from which ranks are drawn as a histogram."""

LEVELS = {"50%": (HALF,), "90%": (HALF, MOST)}
"""Places that lie in an interval, by its level."""

RIVAL_COLUMNS = ["pattern", "year", "group", "rival", "predicted", "low_90", "high_90", "earlier", "score"]
TOTAL_COLUMNS = ["scenario", "rival", "facts", "series", "mean_model", "mean_rival", "difference", "low", "high"]
COVERAGE_COLUMNS = ["scenario", "interval", "facts", "inside", "share", "low", "high"]
"""Columns of the tables of rivals, of totals and of coverage."""


@dataclass(frozen=True)
class Measurement:
    """The scale of a fact and its error of measurement.

    Args:
        pattern: of the fact
        scale: of the pattern, a count or a share
        tolerance: of the fact [log for counts, share or correlation]
    """

    pattern: str
    scale: str
    tolerance: float

    @property
    def _width(self) -> float:
        """Width of the range of values: 2 for a correlation, 1 for a share."""
        return 2.0 if self.pattern == CORRELATION else 1.0

    def _shares(self, figures: Any) -> Any:
        """Return figures as shares between 0 and 1, at least half a tolerance away from both ends."""
        share = (np.asarray(figures, dtype=float) + self._width - 1.0) / self._width
        edge = min(max(self.tolerance / self._width / 2.0, 1e-6), 0.5)
        return np.clip(share, edge, 1.0 - edge)

    def scaled(self, figures: Any) -> Any:
        """Return figures on the scale: the log of counts (at least 0.5) or the logit of shares."""
        if self.scale == COUNT:
            return np.log(np.maximum(np.asarray(figures, dtype=float), 0.5))
        share = self._shares(figures)
        return np.log(share / (1.0 - share))

    def figures(self, scaled: Any) -> Any:
        """Return values on the scale as figures in the unit of the fact."""
        if self.scale == COUNT:
            return np.exp(scaled)
        return self._width / (1.0 + np.exp(-np.asarray(scaled, dtype=float))) + 1.0 - self._width

    def error(self, scaled: Any) -> Any:
        """Return the standard deviation of the error of measurement at values of the scale, on that scale."""
        if self.scale == COUNT:
            return np.full(np.shape(scaled), self.tolerance)
        share = self._shares(self.figures(scaled))
        return self.tolerance / self._width / (share * (1.0 - share))


def prediction(figures: Any, observed: float, measurement: Measurement) -> dict[str, Any]:
    """Return the prediction of a fact by runs, and where the fact lies.

    Args:
        figures: of the runs, in the unit of the fact, NaN if missing; shape (runs,)
        observed: published figure
        measurement: of the fact

    Returns:
        n (runs that have a figure); median, low_50, high_50, low_90, high_90 (of runs with the error of measurement) in the
        unit of the fact, and for a yes or no as median the share of runs that say yes; lies; rank (share of the predictive
        distribution below the fact); score (log density of the fact on its scale under a normal with the mean of the runs and
        their variance plus that of measurement; for a yes or no the log of its probability).
    """
    values = np.asarray(figures, dtype=float)
    values = values[~np.isnan(values)]
    nothing = {"n": len(values), **dict.fromkeys(["median", *QUANTILES], np.nan), "rank": np.nan, "score": np.nan}
    if not len(values):
        return nothing | {"lies": UNKNOWN}
    if measurement.scale == EVENT:
        agreeing = float((values == observed).sum())
        score = np.log((agreeing + 0.5) / (len(values) + 1.0))
        lies = AGREED if agreeing > len(values) / 2 else OUTSIDE
        return nothing | {"median": float(values.mean()), "score": float(score), "lies": lies}
    return _smooth(values, observed, measurement) | {"n": len(values)}


def _smooth(values: Any, observed: float, measurement: Measurement) -> dict[str, Any]:
    """Return the prediction of a count or a share."""
    from scipy.stats import norm

    runs, fact = measurement.scaled(values), float(measurement.scaled(observed))
    error = np.maximum(measurement.error(runs), 1e-9)
    draws = runs[:, None] + error[:, None] * norm.ppf(NORMAL_QUANTILES)
    ends = {name: float(np.quantile(draws, level)) for name, level in QUANTILES.items()}
    variance = runs.var(ddof=1) + np.mean(error**2) if len(runs) > 1 else np.nan
    lies = {HALF: ends["low_50"] <= fact <= ends["high_50"], MOST: ends["low_90"] <= fact <= ends["high_90"]}
    return {
        **{name: float(measurement.figures(end)) for name, end in ends.items()},
        "lies": next((name for name, inside in lies.items() if inside), OUTSIDE),
        "rank": float(norm.cdf((fact - runs) / error).mean()),
        "score": float(normal_log_density(fact, runs.mean(), variance)),
    }


def predictions(frame: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the predictions of facts by the runs of each scenario.

    Args:
        frame: one row per run, with the column scenario and the columns of the facts
        rows: of the facts, from `sim.analysis.fit.facts`, with the flag `later`

    Returns:
        one row per scenario and fact: scenario, pattern, year, group, unit, reliability, scale, tolerance, later, observed,
        and the columns of `prediction`
    """
    own = ["pattern", "year", "group", "unit", "reliability", "scale", "tolerance", "later"]
    cells = [
        {
            "scenario": name,
            **{key: row[key] for key in own},
            "observed": row["value"],
            **prediction(runs[column_of(row)], row["value"], measurement_of(row)),
        }
        for name, runs in frame.groupby("scenario", sort=False)
        for _, row in rows.iterrows()
    ]
    return pd.DataFrame(cells)


def column_of(row: Any) -> str:
    """Return the column that holds the simulated figure of a fact."""
    return Fact(str(row["pattern"]), int(row["year"]), str(row["group"])).column


def measurement_of(row: Any) -> Measurement:
    """Return the scale of a fact and its error of measurement."""
    return Measurement(str(row["pattern"]), str(row["scale"]), float(row["tolerance"]))


def rival_forecasts(rows: pd.DataFrame, fitted: pd.DataFrame) -> pd.DataFrame:
    """Return simple forecasts of facts whose series has earlier, fitted facts.

    Args:
        rows: of the facts, as for `predictions`
        fitted: facts that were fitted, from `sim.analysis.fit.facts`

    Returns:
        one row per fact and rival: RIVAL_COLUMNS. `earlier` is the number of facts behind the forecast, `score` the log
        density on the scale of the fact. Rivals without past errors and yes-or-no facts are left out.
    """
    listed: list[dict[str, Any]] = []
    for _, row in rows[rows["scale"] != EVENT].iterrows():
        same = (fitted["pattern"] == row["pattern"]) & (fitted["group"] == row["group"])
        past = fitted[same & (fitted["year"] < row["year"])].sort_values("year")
        listed += _rivals_of(row, past)
    return pd.DataFrame(listed, columns=RIVAL_COLUMNS)


def _rivals_of(row: Any, past: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the forecasts of one fact from the facts before it."""
    from scipy.stats import t

    measurement = measurement_of(row)
    years, values = past["year"].to_numpy(dtype=float), measurement.scaled(past["value"])
    fact, identity = float(measurement.scaled(row["value"])), {key: row[key] for key in Fact._fields}
    forecasts = []
    for name in FORECASTS:
        distribution = forecast(name, years, values, float(row["year"]), lambda value: float(measurement.error(value)))
        if distribution is not None:
            ends = distribution.middle + distribution.scale * t.ppf([0.5, 0.05, 0.95], distribution.degrees)
            middle, low, high = (float(end) for end in measurement.figures(ends))
            forecasts.append({**identity, "rival": name, "predicted": middle, "low_90": low, "high_90": high,
                              "earlier": len(past), "score": distribution.log_density(fact)})  # fmt: skip
    return forecasts


def scored_by_all(table: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of model and rivals on the later facts that all can score.

    Args:
        table: rows of `predictions`, of one scenario
        others: rows of `rival_forecasts`

    Returns:
        one row per fact: pattern, year, group, and a column each of MODEL and the rivals
    """
    key = list(Fact._fields)
    wide = others.pivot(index=key, columns="rival", values="score").reindex(columns=list(FORECASTS)).reset_index()
    own = table.loc[table["later"], [*key, "score"]].rename(columns={"score": MODEL})
    return own.merge(wide, on=key).dropna().reset_index(drop=True)


def totals(table: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return mean log scores of model and rivals on the later facts that all can score, and their differences.

    With several series, the interval resamples facts and whole series and is the wider of the two.

    Args:
        table: rows of `predictions`
        others: rows of `rival_forecasts`

    Returns:
        one row per scenario and rival: TOTAL_COLUMNS, with the 95% bootstrap interval of the difference; empty without such
        facts
    """
    sums = []
    for name, rows in table.groupby("scenario", sort=False):
        scored = scored_by_all(rows, others)
        series = scored.groupby(["pattern", "group"], sort=False).ngroup().to_numpy()
        clusters = series if len(set(series)) > 1 else None
        for rival in FORECASTS if len(scored) else ():
            gain = score_difference(scored, rival, clusters)
            sums.append((name, rival, len(scored), len(set(series)), scored[MODEL].mean(), scored[rival].mean(),
                          gain.mean, gain.low, gain.high))  # fmt: skip
    return pd.DataFrame(sums, columns=TOTAL_COLUMNS)


def coverage(table: pd.DataFrame) -> pd.DataFrame:
    """Return the number of later facts in the 50% and the 90% interval of the model.

    Args:
        table: rows of `predictions`

    Returns:
        one row per scenario and interval: COVERAGE_COLUMNS, with Wilson's 95% interval of the share [share of facts]
    """
    shares = []
    for name, rows in table[table["later"] & table["low_90"].notna()].groupby("scenario", sort=False):
        for level, places in LEVELS.items():
            inside = int(rows["lies"].isin(places).sum())
            low, high = wilson(inside, len(rows))
            shares.append((name, level, len(rows), inside, inside / len(rows), float(low), float(high)))
    return pd.DataFrame(shares, columns=COVERAGE_COLUMNS)
