"""Intervals: of a probability (Wilson), of a difference of two (Newcombe), of a mean over seeds (seeded bootstrap)."""

from __future__ import annotations

from typing import Any

import numpy as np

LEVEL = 0.95
"""Level of every interval that is shown or said [share]."""

RESAMPLES = 2000
"""Resamples of a bootstrap."""

BOOTSTRAP_SEED = 20130701
"""Seed of every bootstrap, so that a page drawn twice says the same twice."""


def wilson(successes: Any, trials: Any, level: float = LEVEL) -> tuple[Any, Any]:
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


def newcombe(pairs: Any, level: float = LEVEL) -> tuple[float, float, float]:
    """Difference of two probabilities over pairs with its interval, honest where all pairs or none differ.

    Newcombe (1998), Statistics in Medicine 17, 2635-2650, method 10: Wilson's intervals of the two, joined by the
    correlation of the pairs. At the edges, where a bootstrap has no width, it keeps its own.

    Args:
        pairs: whether it happened in the one and in the other, a row a pair; shape (pairs, 2) [flag]
        level: of the interval [share]

    Returns:
        first less second, low, high [share]; NaN without pairs

    >>> [round(end, 2) for end in newcombe([[1, 0]] * 6)]
    [1.0, 0.45, 1.0]
    """
    told = np.asarray(pairs, dtype=float).reshape(-1, 2)
    p, q = told.mean(axis=0) if len(told) else (np.nan, np.nan)
    (low, lower), (high, higher) = wilson(told.sum(axis=0), len(told), level)
    r = _correlation(told.astype(bool))
    down, up = p - low, high - p
    fall, rise = q - lower, higher - q
    below = np.sqrt(down**2 - 2 * r * down * rise + rise**2)
    above = np.sqrt(up**2 - 2 * r * up * fall + fall**2)
    return float(p - q), float(p - q - below), float(p - q + above)


def _correlation(told: Any) -> float:
    """Correlation of two flags over pairs, made smaller for few pairs as Newcombe does; 0 where one is always so."""
    one, other = told.T
    both, neither = (one & other).sum(), (~one & ~other).sum()
    excess = both * neither - (one & ~other).sum() * (~one & other).sum()
    if excess > 0:
        excess = max(excess - len(told) / 2, 0.0)
    spread = one.sum() * (~one).sum() * other.sum() * (~other).sum()
    return float(excess / np.sqrt(spread)) if spread else 0.0


def bootstrap(differences: Any, level: float = LEVEL) -> tuple[Any, Any, Any]:
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


def ratio_of_means(above: Any, below: Any, level: float = LEVEL) -> tuple[Any, Any, Any]:
    """One mean over another with its percentile bootstrap interval, seeds resampled whole; no number over what may be 0.

    Args:
        above: one column a quantity, one row a seed; shape (seeds, quantities)
        below: of the same seeds; shape (seeds,)
        level: of the interval [share]

    Returns:
        ratio, low, high; shape (quantities,) each; all NaN where the interval of the mean below holds zero, or has no ends

    >>> [end.tolist() for end in ratio_of_means([[2.0], [4.0]], [1.0, 2.0])]
    [[2.0], [2.0], [2.0]]
    """
    top, under = np.atleast_2d(np.asarray(above, dtype=float)), np.asarray(below, dtype=float)
    nothing = np.full(top.shape[1], np.nan)
    _, (least,), (most,) = bootstrap(under[:, None], level)
    if not (least > 0.0 or most < 0.0):
        return nothing, nothing, nothing
    draws = np.random.default_rng(BOOTSTRAP_SEED)
    rows = draws.integers(len(under), size=(RESAMPLES, len(under)))
    ratios = top[rows].mean(axis=1) / under[rows].mean(axis=1)[:, None]
    low, high = np.quantile(ratios, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=0)
    return top.mean(axis=0) / under.mean(), low, high
