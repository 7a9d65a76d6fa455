"""Scores: how well published counts are told by the model, and by dull rivals that know nothing of how it came about.

All three have seen the counts they are scored on. A score is the log density of the log of a count, so that a
difference of two is the log of the ratio of what they thought of it; higher is better.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.effects import Estimate, estimate
from sim.analysis.fit import COUNT, facts, simulated
from sim.analysis.forecasts import TREND, misses
from sim.errors import InputError

COUNTS = "maths5_examinees"
"""The pattern of the published national counts."""

MODEL, CURVE = "this model", "curve"
"""Who is scored besides the trend of each count from the two before it: the model; a parabola through the logs."""

COEFFICIENTS = 3
"""Of a parabola."""


def national_counts(targets: pd.DataFrame) -> pd.DataFrame:
    """Return the fitted national counts by year: columns year, value [students], tolerance [log].

    Raises:
        InputError: as `sim.analysis.fit.facts` does, and where there are too few to score a curve
    """
    rows = facts(targets)
    rows = rows[(rows["pattern"] == COUNTS) & (rows["scale"] == COUNT)].sort_values("year").reset_index(drop=True)
    if len(rows) <= COEFFICIENTS:
        raise InputError(f"{len(rows)} national counts are too few to score a curve of {COEFFICIENTS} coefficients")
    return rows[["year", "value", "tolerance"]]


def normal_log_density(value: Any, mean: Any, variance: Any) -> Any:
    """Log density of a normal distribution; numbers or arrays alike.

    >>> float(normal_log_density(3.0, 1.0, 4.0) - normal_log_density(1.0, 1.0, 4.0))
    -0.5
    """
    return -0.5 * (np.log(2.0 * np.pi * variance) + (np.asarray(value) - mean) ** 2 / variance)


def model_scores(frame: pd.DataFrame, targets: pd.DataFrame) -> Any:
    """Log density of each count under a normal with the runs' mean and variance, plus its tolerance squared, of the log.

    Args:
        frame: a row a run of one scenario, with the columns of facts
        targets: as for `national_counts`

    Returns: shape (counts,), by year.

    Raises:
        InputError: fewer than two runs have a count
    """
    counts = national_counts(targets)
    runs = simulated(frame, targets)
    table = runs[runs["pattern"] == COUNTS].pivot(index="run", columns="year", values="simulated")[counts["year"]]
    logs = np.log(table.dropna().to_numpy())
    if len(logs) < 2:
        raise InputError("a score needs two runs that have all the published national counts")
    variance = logs.var(axis=0, ddof=1) + counts["tolerance"].to_numpy() ** 2
    return normal_log_density(np.log(counts["value"].to_numpy()), logs.mean(axis=0), variance)


def curve_scores(years: Any, logs: Any) -> Any:
    """Log density of each count under the parabola fitted to all by least squares: Student's t, its residual variance.

    Args:
        years: of the counts; shape (counts,)
        logs: of the counts; shape (counts,)

    Returns: shape (counts,); infinite where the counts lie on a parabola.
    """
    from scipy.stats import t

    powers = np.vander(np.asarray(years, dtype=float) - np.mean(years), COEFFICIENTS)
    basis, _ = np.linalg.qr(powers)
    fitted = basis @ (basis.T @ logs)
    left = len(logs) - COEFFICIENTS
    leverage = (basis**2).sum(axis=1)
    scale = np.sqrt(((logs - fitted) ** 2).sum() / left * (1.0 + leverage))
    return t.logpdf(logs, left, loc=fitted, scale=scale)


def trend_scores(years: Any, logs: Any) -> Any:
    """Log density of each count from the third on under a normal about last year plus trend, as wide as its own misses."""
    off = misses(TREND, years, logs)
    return normal_log_density(off, 0.0, np.mean(off**2))


def scores(frame: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Scores of model and rivals on the counts that all can score, those from the third on.

    Args:
        frame: runs of one scenario, as for `model_scores`
        targets: as for `national_counts`

    Returns: a row a count: year, value [students], and a column each of MODEL, CURVE, TREND [log density of the log].
    """
    counts = national_counts(targets)
    years, logs = counts["year"].to_numpy(), np.log(counts["value"].to_numpy())
    said = counts[["year", "value"]].iloc[2:].reset_index(drop=True)
    return said.assign(**{
        MODEL: model_scores(frame, targets)[2:],
        CURVE: curve_scores(years, logs)[2:],
        TREND: trend_scores(years, logs),
    })  # fmt: skip


def better_by(table: pd.DataFrame, rival: str, clusters: Any = None) -> Estimate:
    """Return by how much the model scores better than a rival, with its bootstrap interval over facts [log density].

    Args:
        table: a row a fact, with the scores of MODEL and of the rival
        rival: its column
        clusters: series of each fact, which are resampled whole; shape (facts,); None: facts are independent
    """
    return estimate((table[MODEL] - table[rival]).to_numpy(), clusters)


def compared(found: Estimate, rival: str, one: str = "count") -> str:
    """Return the model against a rival in a sentence that claims no more than the interval.

    Args:
        found: by how much the model scores better
        rival: its name
        one: thing that is scored, in the singular

    >>> compared(Estimate(0.5, -0.1, 1.2, 6), "the curve")
    'Model and the curve cannot be told apart on these 6 counts: +0.50 a count (-0.10 to +1.20).'
    """
    verdict = {1: f"The model scores better than {rival}", -1: f"The model scores worse than {rival}"}
    said = verdict.get(found.sign, f"Model and {rival} cannot be told apart")
    ends = "no interval" if np.isnan(found.low) else f"{found.low:+.2f} to {found.high:+.2f}"
    return f"{said} on these {found.n} {one}s: {found.mean:+.2f} a {one} ({ends})."
