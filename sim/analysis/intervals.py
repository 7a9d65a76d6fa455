"""Intervals of a probability (Wilson), a difference of two (Newcombe) and a mean over seeds (bootstrap with a fixed seed).

Each takes `clusters` if replicates share parameter sets (`sim.analysis.resampling`); otherwise replicates are independent.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.analysis.resampling import (
    BOOTSTRAP_SEED,
    RESAMPLES,
    cluster_interval,
    effective_number,
    independent,
    wider_interval,
)

LEVEL = 0.95
"""Level of every reported interval [share]."""


def wilson(successes: Any, trials: Any, level: float = LEVEL) -> tuple[Any, Any]:
    """Return the ends of Wilson's interval of a probability, for numbers or arrays; NaN without trials [share].

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


def share_interval(happened: Any, clusters: Any = None, level: float = LEVEL) -> tuple[float, float]:
    """Return the ends of Wilson's interval of a share of runs, with the effective number of runs if they share sets.

    Args:
        happened: flags of an event by run; shape (runs,)
        clusters: parameter set of each run; shape (runs,); None: runs are independent
        level: of the interval [share]

    >>> [round(end, 2) for end in share_interval([1, 1, 0, 0])]
    [0.15, 0.85]
    >>> [round(end, 2) for end in share_interval([1, 1, 0, 0], [0, 0, 1, 1])]
    [0.01, 0.99]
    """
    flags = np.asarray(happened, dtype=float)
    n = effective_number(flags[:, None], clusters, level)
    count = float(flags.sum()) if n == len(flags) else (float(flags.mean()) * n if len(flags) else 0.0)
    low, high = wilson(count, n, level)
    return float(low), float(high)


def newcombe(pairs: Any, level: float = LEVEL, clusters: Any = None) -> tuple[float, float, float]:
    """Return the difference of two probabilities over pairs with its interval, also where all pairs or none differ.

    Method 10 of Newcombe joins Wilson's intervals of the two by the correlation of the pairs. At 0% and 100%, where a
    bootstrap interval has no width, this one does. If pairs share sets, the table of pairs is divided by the largest design
    effect of the two shares and of their difference.

    Source: newcombe_1998, rao_scott_1992

    Args:
        pairs: flags of an event in both arms; shape (pairs, 2)
        level: of the interval [share]
        clusters: parameter set of each pair; shape (pairs,); None: pairs are independent

    Returns:
        first less second, low, high [share]; NaN without pairs

    >>> [round(end, 2) for end in newcombe([[1, 0]] * 6)]
    [1.0, 0.45, 1.0]
    """
    flags = np.asarray(pairs, dtype=float).reshape(-1, 2)
    p, q = flags.mean(axis=0) if len(flags) else (np.nan, np.nan)
    n = effective_number(flags, clusters, level)
    counts = flags.sum(axis=0) if n == len(flags) else np.array([p, q]) * n
    (low, lower), (high, higher) = wilson(counts, n, level)
    r = _correlation(flags.astype(bool), n)
    down, up = p - low, high - p
    fall, rise = q - lower, higher - q
    below = np.sqrt(down**2 - 2 * r * down * rise + rise**2)
    above = np.sqrt(up**2 - 2 * r * up * fall + fall**2)
    return float(p - q), float(p - q - below), float(p - q + above)


def _correlation(flags: Any, n: float) -> float:
    """Return the correlation of two flags over pairs, with Newcombe's correction for few pairs; 0 if a flag never varies.

    Args:
        flags: one row per pair; shape (pairs, 2)
        n: the effective number of pairs
    """
    one, other = flags.T
    both, neither = (one & other).sum(), (~one & ~other).sum()
    excess = both * neither - (one & ~other).sum() * (~one & other).sum()
    if excess > 0:
        excess = max(excess - len(flags) / 2 * (len(flags) / n), 0.0)
    spread = one.sum() * (~one).sum() * other.sum() * (~other).sum()
    return float(excess / np.sqrt(spread)) if spread else 0.0


def bootstrap(differences: Any, level: float = LEVEL, clusters: Any = None) -> tuple[Any, Any, Any]:
    """Return the mean over seeds with its percentile bootstrap interval; resample whole sets if seeds share them.

    Args:
        differences: one column a quantity, one row a seed; all quantities are resampled by the same seeds;
            shape (seeds, quantities)
        level: of the interval [share]
        clusters: parameter set of each seed; shape (seeds,); None: seeds are independent

    Returns:
        mean, low, high; shape (quantities,) each, in the quantities' unit; low and high are NaN below two seeds or sets
    """
    from scipy.stats import bootstrap as resampled

    values = np.atleast_2d(np.asarray(differences, dtype=float))
    mean = values.mean(axis=0) if len(values) else np.full(values.shape[1], np.nan)
    if len(values) < 2:
        return mean, np.full_like(mean, np.nan), np.full_like(mean, np.nan)
    interval = resampled(
        (values.T,), np.mean, axis=-1, vectorized=True, n_resamples=RESAMPLES, confidence_level=level,
        method="percentile", rng=BOOTSTRAP_SEED,
    ).confidence_interval  # fmt: skip
    ends = np.asarray(interval.low), np.asarray(interval.high)
    if independent(clusters):
        return mean, *ends
    return mean, *wider_interval(
        ends, cluster_interval(lambda w: w @ values / w.sum(axis=1, keepdims=True), clusters, level)
    )


def ratio_of_means(above: Any, below: Any, level: float = LEVEL, clusters: Any = None) -> tuple[Any, Any, Any]:
    """Return the ratio of two means with its percentile bootstrap interval; NaN if the mean below may be zero.

    Args:
        above: one column a quantity, one row a seed; shape (seeds, quantities)
        below: of the same seeds; shape (seeds,)
        level: of the interval [share]
        clusters: parameter set of each seed; shape (seeds,); None: seeds are independent

    Returns:
        ratio, low, high; shape (quantities,) each; all NaN if the interval of the mean below includes zero or is not known

    >>> [end.tolist() for end in ratio_of_means([[2.0], [4.0]], [1.0, 2.0])]
    [[2.0], [2.0], [2.0]]
    """
    numerator, denominator = np.atleast_2d(np.asarray(above, dtype=float)), np.asarray(below, dtype=float)
    missing = np.full(numerator.shape[1], np.nan)
    _, (least,), (most,) = bootstrap(denominator[:, None], level, clusters)
    if not (least > 0.0 or most < 0.0):
        return missing, missing, missing
    draws = np.random.default_rng(BOOTSTRAP_SEED)
    rows = draws.integers(len(denominator), size=(RESAMPLES, len(denominator)))
    ratios = numerator[rows].mean(axis=1) / denominator[rows].mean(axis=1)[:, None]
    low, high = np.quantile(ratios, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=0)
    if not independent(clusters):
        low, high = wider_interval(
            (low, high), cluster_interval(lambda w: w @ numerator / (w @ denominator)[:, None], clusters, level)
        )
    return numerator.mean(axis=0) / denominator.mean(), low, high
