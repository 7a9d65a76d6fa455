"""Intervals: of a probability (Wilson) and of a mean over seeds (seeded bootstrap)."""

from __future__ import annotations

from typing import Any

import numpy as np

RESAMPLES = 2000
"""Resamples of a bootstrap."""

BOOTSTRAP_SEED = 20130701
"""Seed of every bootstrap, so that a page drawn twice says the same twice."""


def wilson(successes: Any, trials: Any, level: float = 0.95) -> tuple[Any, Any]:
    """Low and high end of Wilson's interval of a probability; numbers or arrays alike; NaN without trials [share].

    >>> [round(float(end), 4) for end in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    from scipy.stats import norm

    z = float(norm.ppf(0.5 + level / 2))
    count, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    n = np.where(n > 0, n, np.nan)
    p = count / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return np.where(p == 0, 0.0, middle - half), np.where(p == 1, 1.0, middle + half)


def bootstrap(differences: Any, level: float = 0.95) -> tuple[Any, Any, Any]:
    """Mean over seeds with the low and high end of its percentile bootstrap interval.

    Args:
        differences: one column a quantity, one row a seed; all quantities are resampled by the same seeds;
            shape (seeds, quantities)
        level: of the interval [share]

    Returns:
        mean, low, high; shape (quantities,) each, in the quantities' unit; low and high are NaN below two seeds
    """
    from scipy.stats import bootstrap as resampled

    values = np.atleast_2d(np.asarray(differences, dtype=float))
    mean = values.mean(axis=0) if len(values) else np.full(values.shape[1], np.nan)
    if len(values) < 2:
        return mean, np.full_like(mean, np.nan), np.full_like(mean, np.nan)
    found = resampled(
        (values.T,), np.mean, axis=-1, vectorized=True, n_resamples=RESAMPLES, confidence_level=level,
        method="percentile", rng=BOOTSTRAP_SEED,
    ).confidence_interval  # fmt: skip
    return mean, np.asarray(found.low), np.asarray(found.high)
