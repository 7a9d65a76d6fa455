"""Intervals: of a probability (Wilson), of a difference of two (Newcombe), of a mean over seeds (seeded bootstrap).

Each takes `clusters` where replicates share parameter sets (`sim.analysis.resampling`); without, replicates are independent.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.analysis.resampling import BOOTSTRAP_SEED, RESAMPLES, effective, ends_of, independent, wider

LEVEL = 0.95
"""Level of every interval that is shown or said [share]."""


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


def share(happened: Any, clusters: Any = None, level: float = LEVEL) -> tuple[float, float]:
    """Low and high end of the interval of a share of runs: Wilson's, on the effective number of runs where they share sets.

    Args:
        happened: whether it did, run by run; shape (runs,) [flag]
        clusters: parameter set of each run; shape (runs,); None: runs are independent
        level: of the interval [share]

    >>> [round(end, 2) for end in share([1, 1, 0, 0])], [round(end, 2) for end in share([1, 1, 0, 0], [0, 0, 1, 1])]
    ([0.15, 0.85], [0.01, 0.99])
    """
    flags = np.asarray(happened, dtype=float)
    n = effective(flags[:, None], clusters, level)
    count = float(flags.sum()) if n == len(flags) else (float(flags.mean()) * n if len(flags) else 0.0)
    low, high = wilson(count, n, level)
    return float(low), float(high)


def newcombe(pairs: Any, level: float = LEVEL, clusters: Any = None) -> tuple[float, float, float]:
    """Difference of two probabilities over pairs with its interval, honest where all pairs or none differ.

    Newcombe (1998), Statistics in Medicine 17, 2635-2650, method 10: Wilson's intervals of the two, joined by the
    correlation of the pairs. At the edges, where a bootstrap has no width, it keeps its own. Where pairs share sets, the table
    of pairs is divided by the largest design effect of the two shares and of their difference, as Rao & Scott (1992),
    Biometrics 48, 577-585, divide counts.

    Args:
        pairs: whether it happened in the one and in the other, a row a pair; shape (pairs, 2) [flag]
        level: of the interval [share]
        clusters: parameter set of each pair; shape (pairs,); None: pairs are independent

    Returns:
        first less second, low, high [share]; NaN without pairs

    >>> [round(end, 2) for end in newcombe([[1, 0]] * 6)]
    [1.0, 0.45, 1.0]
    """
    told = np.asarray(pairs, dtype=float).reshape(-1, 2)
    p, q = told.mean(axis=0) if len(told) else (np.nan, np.nan)
    n = effective(told, clusters, level)
    counts = told.sum(axis=0) if n == len(told) else np.array([p, q]) * n
    (low, lower), (high, higher) = wilson(counts, n, level)
    r = _correlation(told.astype(bool), n)
    down, up = p - low, high - p
    fall, rise = q - lower, higher - q
    below = np.sqrt(down**2 - 2 * r * down * rise + rise**2)
    above = np.sqrt(up**2 - 2 * r * up * fall + fall**2)
    return float(p - q), float(p - q - below), float(p - q + above)


def _correlation(told: Any, n: float) -> float:
    """Correlation of two flags over pairs, made smaller for few pairs as Newcombe does; 0 where one is always so.

    Args:
        told: a row a pair; shape (pairs, 2) [flag]
        n: the effective number of pairs
    """
    one, other = told.T
    both, neither = (one & other).sum(), (~one & ~other).sum()
    excess = both * neither - (one & ~other).sum() * (~one & other).sum()
    if excess > 0:
        excess = max(excess - len(told) / 2 * (len(told) / n), 0.0)
    spread = one.sum() * (~one).sum() * other.sum() * (~other).sum()
    return float(excess / np.sqrt(spread)) if spread else 0.0


def bootstrap(differences: Any, level: float = LEVEL, clusters: Any = None) -> tuple[Any, Any, Any]:
    """Mean over seeds with the low and high end of its percentile bootstrap interval; where seeds share sets, of whole sets.

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
    found = resampled(
        (values.T,), np.mean, axis=-1, vectorized=True, n_resamples=RESAMPLES, confidence_level=level,
        method="percentile", rng=BOOTSTRAP_SEED,
    ).confidence_interval  # fmt: skip
    ends = np.asarray(found.low), np.asarray(found.high)
    if independent(clusters):
        return mean, *ends
    return mean, *wider(ends, ends_of(lambda w: w @ values / w.sum(axis=1, keepdims=True), clusters, level))


def ratio_of_means(above: Any, below: Any, level: float = LEVEL, clusters: Any = None) -> tuple[Any, Any, Any]:
    """One mean over another with its percentile bootstrap interval, seeds resampled whole; no number over what may be 0.

    Args:
        above: one column a quantity, one row a seed; shape (seeds, quantities)
        below: of the same seeds; shape (seeds,)
        level: of the interval [share]
        clusters: parameter set of each seed; shape (seeds,); None: seeds are independent

    Returns:
        ratio, low, high; shape (quantities,) each; all NaN where the interval of the mean below holds zero, or has no ends

    >>> [end.tolist() for end in ratio_of_means([[2.0], [4.0]], [1.0, 2.0])]
    [[2.0], [2.0], [2.0]]
    """
    top, under = np.atleast_2d(np.asarray(above, dtype=float)), np.asarray(below, dtype=float)
    nothing = np.full(top.shape[1], np.nan)
    _, (least,), (most,) = bootstrap(under[:, None], level, clusters)
    if not (least > 0.0 or most < 0.0):
        return nothing, nothing, nothing
    draws = np.random.default_rng(BOOTSTRAP_SEED)
    rows = draws.integers(len(under), size=(RESAMPLES, len(under)))
    ratios = top[rows].mean(axis=1) / under[rows].mean(axis=1)[:, None]
    low, high = np.quantile(ratios, [(1.0 - level) / 2.0, (1.0 + level) / 2.0], axis=0)
    if not independent(clusters):
        low, high = wider((low, high), ends_of(lambda w: w @ top / (w @ under)[:, None], clusters, level))
    return top.mean(axis=0) / under.mean(), low, high
