"""Averages over models: weights, order of their parameter sets, and decomposition of a variance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.analysis.resampling import BOOTSTRAP_SEED, RESAMPLES


def posterior_weights(prior: Any, log_evidence: Any) -> Any:
    """Return the posterior weight of each model, proportional to its prior weight times its evidence.

    Args:
        prior: weights before the calibration, which sum to one; shape (models,) [share]
        log_evidence: log density of the record under each model; shape (models,); NaN without a calibration

    Returns:
        shape (models,) [share]; the prior without evidence

    Source: hoeting_1999

    >>> posterior_weights([0.5, 0.5], [np.log(3.0), 0.0]).round(6).tolist()
    [0.75, 0.25]
    >>> posterior_weights([0.75, 0.25], [np.nan, np.nan]).tolist()
    [0.75, 0.25]
    """
    weights, log = np.asarray(prior, dtype=float), np.asarray(log_evidence, dtype=float)
    if np.isnan(log).any():
        return weights / weights.sum()
    products = weights * np.exp(log - log.max())
    return products / products.sum()


def model_order(weights: Sequence[float], count: int) -> list[int]:
    """Return the model at each place of a sequence in which every beginning has each model by its weight.

    In the first n places a model occurs n times its weight, within less than one place. The order is deterministic: among the
    models that are due, the one with the earliest deadline comes next.

    Args:
        weights: of the models, which sum to one; shape (models,) [share]
        count: number of places

    Returns:
        The number of a model for each place.

    Source: tijdeman_1980

    >>> model_order([0.5, 0.25, 0.25], 8)
    [0, 1, 2, 0, 0, 1, 2, 0]
    """
    share = np.asarray(weights, dtype=float)
    if len(share) == 1:
        return [0] * count
    least = 1.0 / (2 * len(share) - 2)
    used, order = np.zeros(len(share)), list[int]()
    for place in range(1, count + 1):
        due = share * place - used
        ready = np.flatnonzero((due >= least - 1e-12) & (share > 0.0))
        next_model = ready[np.argmin((1.0 - least - due[ready]) / share[ready])]
        used[next_model] += 1.0
        order.append(int(next_model))
    return order


def longest_order(weights: Sequence[float], sizes: Sequence[int]) -> int:
    """Return the number of places that `model_order` can fill before a model has used all its parameter sets.

    Args:
        weights: of the models [share]
        sizes: number of parameter sets of each

    >>> longest_order([0.5, 0.25, 0.25], [40, 40, 40])
    80
    """
    return int(min(size / weight for weight, size in zip(weights, sizes, strict=True) if weight > 0.0) + 1e-9)


@dataclass(frozen=True)
class VarianceParts:
    """The variance of a quantity over models, with the part between their means.

    Args:
        total: variance over models, parameter sets and seeds [unit squared]
        between: part of it between the means of models [share]
        low: of the 95% interval of that part [share]
        high: of the 95% interval of that part [share]
    """

    total: float
    between: float
    low: float
    high: float


def variance_parts(values: Any, models: Any, weights: dict[str, float]) -> VarianceParts:
    """Return the variance of a quantity over models and the part between them, by the law of total variance.

    The random variation of the models' means is subtracted from their spread; a negative part is set to zero. The interval is
    a bootstrap within each model. Models with fewer than two values are left out; the other weights are scaled to sum to one.

    Args:
        values: of each run; shape (runs,)
        models: name of the model of each run; shape (runs,)
        weights: of the models, by name [share]

    >>> variance_parts([0.0, 2.0, 10.0, 12.0], ["a", "a", "b", "b"], {"a": 0.5, "b": 0.5}).between.__round__(2)
    0.92
    """
    values, models = np.asarray(values, dtype=float), np.asarray(models)
    groups = [(weight, values[(models == name) & ~np.isnan(values)]) for name, weight in weights.items()]
    groups = [(weight, group) for weight, group in groups if weight > 0.0 and len(group) > 1]
    if not groups:
        return VarianceParts(*[float("nan")] * 4)
    share = np.array([weight for weight, _ in groups]) / sum(weight for weight, _ in groups)
    parts = _parts(np.array([[group.mean(), group.var(ddof=1), len(group)] for _, group in groups])[None], share, 1.0)
    draws = np.random.default_rng(BOOTSTRAP_SEED)
    resampled_moments = []
    for _, group in groups:
        drawn = group[draws.integers(len(group), size=(RESAMPLES, len(group)))]
        resampled_moments.append([drawn.mean(axis=1), drawn.var(axis=1, ddof=1), np.full(RESAMPLES, len(group))])
    resampled = _parts(np.moveaxis(np.array(resampled_moments), 2, 0), share, 2.0)[1]
    low, high = np.nanquantile(resampled, [0.025, 0.975]) if not np.isnan(resampled).all() else (np.nan, np.nan)
    return VarianceParts(float(parts[0][0]), float(parts[1][0]), float(low), float(high))


def _parts(moments: Any, share: Any, times: float) -> tuple[Any, Any]:
    """Return total variances and the parts between models.

    Args:
        moments: mean, variance and number of the values of each model; shape (draws, models, 3)
        share: weights of the models; shape (models,) [share]
        times: variances of chance in the means: 1, or 2 in a resample
    """
    mean, variance, number = moments[:, :, 0], moments[:, :, 1], moments[:, :, 2]
    middle = (share * mean).sum(axis=1, keepdims=True)
    by_chance = times * (share * (1.0 - share) * variance / number).sum(axis=1)
    between = np.maximum((share * (mean - middle) ** 2).sum(axis=1) - by_chance, 0.0)
    total = between + (share * variance).sum(axis=1)
    return total, np.divide(between, total, out=np.full(len(total), np.nan), where=total > 0.0)
