"""Scores of the published counts under the model and under simple rivals without any mechanism.

All three are scored on counts to which they were fitted. A score is the log density of the log of a count, so a difference of
two scores is a log likelihood ratio; higher is better.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.effects import Estimate, estimate
from sim.analysis.fit import COUNT, facts, simulated
from sim.analysis.forecasts import TREND, past_errors
from sim.errors import InputError

COUNTS = "maths5_examinees"
"""The pattern of the published national counts."""

MODEL, CURVE = "this model", "curve"
"""Names of the model and of the curve, a parabola through the logs; the third is TREND."""

COEFFICIENTS = 3
"""Number of coefficients of a parabola."""


def national_counts(targets: pd.DataFrame) -> pd.DataFrame:
    """Return the fitted national counts by year: columns year, value [students], tolerance [log].

    Raises:
        InputError: as `sim.analysis.fit.facts` does, or there are too few counts to score a curve
    """
    rows = facts(targets)
    rows = rows[(rows["pattern"] == COUNTS) & (rows["scale"] == COUNT)].sort_values("year").reset_index(drop=True)
    if len(rows) <= COEFFICIENTS:
        raise InputError(
            f"{len(rows)} national counts are too few for a curve of {COEFFICIENTS} coefficients; give at least "
            f"{COEFFICIENTS + 1}"
        )
    return rows[["year", "value", "tolerance"]]


def normal_log_density(value: Any, mean: Any, variance: Any) -> Any:
    """Return the log density of a normal distribution, for numbers or arrays.

    >>> float(normal_log_density(3.0, 1.0, 4.0) - normal_log_density(1.0, 1.0, 4.0))
    -0.5
    """
    return -0.5 * (np.log(2.0 * np.pi * variance) + (np.asarray(value) - mean) ** 2 / variance)


def model_scores(frame: pd.DataFrame, targets: pd.DataFrame) -> Any:
    """Return the log density of each count under a normal with the mean and variance of the runs' logs plus squared tolerance.

    Args:
        frame: one row per run of one scenario, with the columns of facts
        targets: as for `national_counts`

    Returns:
        shape (counts,), by year.

    Raises:
        InputError: fewer than two runs have a count
    """
    counts = national_counts(targets)
    runs = simulated(frame, targets)
    table = runs[runs["pattern"] == COUNTS].pivot(index="run", columns="year", values="simulated")[counts["year"]]
    logs = np.log(table.dropna().to_numpy())
    if len(logs) < 2:
        raise InputError("scores need at least two runs with all the published national counts; got {len(logs)}")
    variance = logs.var(axis=0, ddof=1) + counts["tolerance"].to_numpy() ** 2
    return normal_log_density(np.log(counts["value"].to_numpy()), logs.mean(axis=0), variance)


def curve_scores(years: Any, logs: Any) -> Any:
    """Return the log density of each count under a fitted parabola: Student's t with its residual variance.

    Args:
        years: of the counts; shape (counts,)
        logs: of the counts; shape (counts,)

    Returns:
        shape (counts,); infinite if the counts lie on a parabola.
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
    """Return the log density of each count from the third under a normal around last year plus trend."""
    errors = past_errors(TREND, years, logs)
    return normal_log_density(errors, 0.0, np.mean(errors**2))


def scores(frame: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of model and rivals on the counts from the third, which all can score.

    Args:
        frame: runs of one scenario, as for `model_scores`
        targets: as for `national_counts`

    Returns:
        one row per count: year, value [students], and a column each of MODEL, CURVE, TREND [log density of the log].
    """
    counts = national_counts(targets)
    years, logs = counts["year"].to_numpy(), np.log(counts["value"].to_numpy())
    table = counts[["year", "value"]].iloc[2:].reset_index(drop=True)
    return table.assign(**{
        MODEL: model_scores(frame, targets)[2:],
        CURVE: curve_scores(years, logs)[2:],
        TREND: trend_scores(years, logs),
    })  # fmt: skip


def score_difference(table: pd.DataFrame, rival: str, clusters: Any = None) -> Estimate:
    """Return the mean score of the model less that of a rival, with a bootstrap interval over facts [log density].

    Args:
        table: one row per fact, with the scores of MODEL and of the rival
        rival: its column
        clusters: series of each fact, resampled whole; shape (facts,); None: facts are independent
    """
    return estimate((table[MODEL] - table[rival]).to_numpy(), clusters)


def score_sentence(difference: Estimate, rival: str, thing: str = "count") -> str:
    """Return a sentence that compares the model with a rival and claims no more than the interval.

    Args:
        difference: score of the model less that of the rival
        rival: its name
        thing: word for a scored fact, singular

    >>> score_sentence(Estimate(0.5, -0.1, 1.2, 6), "the curve")
    'Model and the curve cannot be told apart on these 6 counts: +0.50 a count (-0.10 to +1.20).'
    """
    verdict = {1: f"The model scores better than {rival}", -1: f"The model scores worse than {rival}"}
    claim = verdict.get(difference.sign, f"Model and {rival} cannot be told apart")
    ends = "no interval" if np.isnan(difference.low) else f"{difference.low:+.2f} to {difference.high:+.2f}"
    return f"{claim} on these {difference.n} {thing}s: {difference.mean:+.2f} a {thing} ({ends})."
