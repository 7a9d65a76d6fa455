"""Resampling of whole clusters, and the effective number of runs, for replicates that share parameter sets."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from sim.analysis.clusters import FEW_SETS

RESAMPLES = 2000
"""Number of resamples of a bootstrap."""

BOOTSTRAP_SEED = 20130701
"""Seed of every bootstrap, so that results can be reproduced."""


def independent(clusters: Any) -> bool:
    """Return whether no two values share a cluster; None means no clusters.

    >>> independent(None), independent([0, 1, 2]), independent([0, 1, 0])
    (True, True, False)
    """
    return clusters is None or len(np.unique(clusters)) == len(clusters)


def resample_weights(clusters: Any) -> Any:
    """Return the number of draws of each value in each resample of whole clusters; shape (RESAMPLES, values).

    Args:
        clusters: of each value; shape (values,)
    """
    return _weights(tuple(np.asarray(clusters).tolist()))


@lru_cache(maxsize=4)
def _weights(clusters: tuple[Any, ...]) -> Any:
    names, places = np.unique(clusters, return_inverse=True)
    draws = np.random.default_rng(BOOTSTRAP_SEED)
    drawn = draws.integers(len(names), size=(RESAMPLES, len(names)))
    times = np.zeros((RESAMPLES, len(names)))
    np.add.at(times, (np.arange(RESAMPLES)[:, None], drawn), 1.0)
    return times[:, places]


def cluster_interval(statistic: Callable[[Any], Any], clusters: Any, level: float) -> tuple[Any, Any]:
    """Return the interval of a statistic by resampling whole clusters.

    The percentile interval of G clusters is too narrow by the factor sqrt((G - 1) / G) and by the normal quantile in place of
    Student's; its quantiles are corrected for both. With fewer than FEW_SETS clusters the interval is widened to Student's
    interval with the standard error of the resamples where that is wider.

    Args:
        statistic: function of the weights of values; shape (RESAMPLES, values) to (RESAMPLES, quantities)
        clusters: of each value; shape (values,)
        level: of the interval [share]

    Returns:
        low, high; shape (quantities,); NaN for a single cluster

    Source: field_welsh_2007, hesterberg_2015, cameron_miller_2015
    """
    from scipy.stats import norm, t

    values, groups = statistic(resample_weights(clusters)), len(np.unique(clusters))
    if groups < 2:
        return np.full(values.shape[1], np.nan), np.full(values.shape[1], np.nan)
    reach = np.sqrt(groups / (groups - 1)) * t.ppf((1.0 + level) / 2.0, groups - 1)
    outside = norm.cdf(-reach)
    low, high = np.quantile(values, [outside, 1.0 - outside], axis=0)
    if groups >= FEW_SETS:
        return low, high
    middle, error = statistic(np.ones((1, len(clusters))))[0], values.std(axis=0)
    return wider_interval((low, high), (middle - reach * error, middle + reach * error))


def wider_interval(first: tuple[Any, Any], second: tuple[Any, Any]) -> tuple[Any, Any]:
    """Return the outer ends of two intervals, so that clusters never make an interval narrower.

    Args:
        first: low and high, for example of independent values
        second: low and high, for example of resampled clusters

    Source: angrist_pischke_2009

    >>> [float(end) for end in wider_interval((0.0, 1.0), (0.2, 1.5))]
    [0.0, 1.5]
    """
    return np.minimum(first[0], second[0]), np.maximum(first[1], second[1])


def design_effect(values: Any, clusters: Any, least: float = 0.0) -> float:
    """Return the design effect: the variance of a mean over that of as many independent values; at least 1.

    Two clusters of mean size are added, one with all values 1 and one with all values `least`, so that few sets cannot show
    that sets do not differ, and runs of a set count as always equal at 0% and 100%. With many sets the two have little
    weight.

    Args:
        values: flags, or differences of two; shape (values,)
        clusters: of each value; shape (values,)
        least: 0 for flags, -1 for differences

    Source: rao_scott_1992, agresti_caffo_2000

    >>> float(round(design_effect(np.zeros(60), np.arange(60) % 10), 1))
    6.5
    >>> float(round(design_effect(np.arange(6000) % 2, np.arange(6000) // 6), 1))
    1.0
    """
    names, places = np.unique(clusters, return_inverse=True)
    size, groups = len(values) / len(names), len(names) + 2
    n = size * groups
    mean = (values.sum() + size * (1.0 + least)) / n
    spread = ((values - mean) ** 2).sum() + size * ((1.0 - mean) ** 2 + (least - mean) ** 2)
    sums = np.append(np.bincount(places, values - mean), [size * (1.0 - mean), size * (least - mean)])
    return max(1.0, float(groups / (groups - 1) * (sums**2).sum() / spread * (n - 1) / n))


def effective_number(flags: Any, clusters: Any, level: float) -> float:
    """Return the effective number of runs for a share, or for two shares and their difference.

    The number is divided by the largest design effect, and multiplied by the squared ratio of Student's quantiles with the
    degrees of freedom of runs and of clusters.

    Args:
        flags: of an event in one arm or in two; shape (runs, 1) or (runs, 2)
        clusters: of each run; shape (runs,); None: runs are independent
        level: of the interval [share]

    Returns:
        the number of runs if no two share a cluster; NaN for a single cluster

    Source: korn_graubard_1998, dean_pagano_2015
    """
    from scipy.stats import t

    n = len(flags)
    if independent(clusters):
        return n
    groups = len(np.unique(clusters))
    if groups < 2:
        return float("nan")
    effects = [design_effect(column, clusters) for column in np.transpose(flags)]
    if len(effects) > 1:
        effects.append(design_effect(flags[:, 0] - flags[:, 1], clusters, -1.0))
    by_runs, by_clusters = (float(t.ppf(0.5 + level / 2, count - 1)) for count in (n, groups))
    return n / max(effects) * (by_runs / by_clusters) ** 2
