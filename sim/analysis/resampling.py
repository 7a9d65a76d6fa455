"""Resampling of whole clusters, and the effective number of runs: what intervals need where replicates share parameter sets."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from sim.analysis.clusters import FEW_SETS

RESAMPLES = 2000
"""Resamples of a bootstrap."""

BOOTSTRAP_SEED = 20130701
"""Seed of every bootstrap, so that a page drawn twice says the same twice."""


def independent(clusters: Any) -> bool:
    """Return whether no two values share a cluster; None are no clusters.

    >>> independent(None), independent([0, 1, 2]), independent([0, 1, 0])
    (True, True, False)
    """
    return clusters is None or len(np.unique(clusters)) == len(clusters)


def weights_of(clusters: Any) -> Any:
    """Return how often each value is drawn in each resample of whole clusters; shape (RESAMPLES, values).

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


def ends_of(statistic: Callable[[Any], Any], clusters: Any, level: float) -> tuple[Any, Any]:
    """Return the low and high end of the interval of a statistic, whole clusters resampled.

    The percentile interval of G clusters is too narrow by the factor sqrt((G - 1) / G) and by the normal quantile in place of
    Student's; its quantiles are moved outwards by both. Resamples of fewer than FEW_SETS clusters lie too close together for
    that: the interval then also reaches as far as Student's with the standard error of the resamples.

    Args:
        statistic: of each resample, from the weights of values; shape (RESAMPLES, values) to (RESAMPLES, quantities)
        clusters: of each value; shape (values,)
        level: of the interval [share]

    Returns:
        low, high; shape (quantities,); NaN for a single cluster

    Methods: clusters resampled whole: Field & Welsh (2007), Journal of the Royal Statistical Society B 69, 369-390; quantiles
    moved outwards (expanded percentile interval): Hesterberg (2015), The American Statistician 69, 371-386; Student's with few
    clusters: Cameron & Miller (2015), Journal of Human Resources 50, 317-372.
    """
    from scipy.stats import norm, t

    values, groups = statistic(weights_of(clusters)), len(np.unique(clusters))
    if groups < 2:
        return np.full(values.shape[1], np.nan), np.full(values.shape[1], np.nan)
    reach = np.sqrt(groups / (groups - 1)) * t.ppf((1.0 + level) / 2.0, groups - 1)
    outside = norm.cdf(-reach)
    low, high = np.quantile(values, [outside, 1.0 - outside], axis=0)
    if groups >= FEW_SETS:
        return low, high
    middle, error = statistic(np.ones((1, len(clusters))))[0], values.std(axis=0)
    return wider((low, high), (middle - reach * error, middle + reach * error))


def wider(one: tuple[Any, Any], other: tuple[Any, Any]) -> tuple[Any, Any]:
    """Return the ends of two intervals that lie further out, so that sharing a set is never taken to make runs say more.

    Args:
        one: low and high, for example where values count as independent
        other: low and high, for example where clusters are resampled

    Methods: Angrist & Pischke (2009), Mostly Harmless Econometrics, Princeton University Press, chapter 8: the larger of the
    conventional and the robust error where clusters are few.

    >>> [float(end) for end in wider((0.0, 1.0), (0.2, 1.5))]
    [0.0, 1.5]
    """
    return np.minimum(one[0], other[0]), np.maximum(one[1], other[1])


def design_effect(values: Any, clusters: Any, least: float = 0.0) -> float:
    """Return how many times larger the variance of a mean is than of as many independent values; 1 at least.

    Two clusters of mean size are added, one in which all values are 1 and one in which all are the least: so few sets never
    show that sets do not differ, and at 0% and 100% all runs of a set count as though they always agreed. With many sets the
    two weigh little.

    Args:
        values: flags, or differences of two; shape (values,)
        clusters: of each value; shape (values,)
        least: 0 for flags, -1 for differences

    Methods: variance of a mean in clusters: Rao & Scott (1992), Biometrics 48, 577-585; observations added where counts are
    small: Agresti & Caffo (2000), The American Statistician 54, 280-288, here added as whole clusters.

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


def effective(flags: Any, clusters: Any, level: float) -> float:
    """Return the effective number of runs: as many independent ones would say as much of a share, or of two and a difference.

    The number is divided by the largest design effect, and made smaller by the squared ratio of Student's quantiles with the
    degrees of freedom of runs and of clusters.

    Args:
        flags: whether it happened, in one arm or in two; shape (runs, 1) or (runs, 2)
        clusters: of each run; shape (runs,); None: runs are independent
        level: of the interval [share]

    Returns:
        the number itself where no two runs share a cluster; NaN for a single cluster

    Methods: Korn & Graubard (1998), Survey Methodology 24, 193-201; Wilson's interval on the effective number: Dean & Pagano
    (2015), Journal of Survey Statistics and Methodology 3, 484-503.
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
    alone, shared = (float(t.ppf(0.5 + level / 2, count - 1)) for count in (n, groups))
    return n / max(effects) * (alone / shared) ** 2
