"""Figures of runs as functions of parameters: quadratic surfaces and neural networks, weighted by what they predict.

A quadratic surface needs few draws and is smooth; a network follows thresholds and saturation. Each is fitted to four fifths
of the draws and predicts the last fifth; the two are mixed, figure by figure, in the proportion that predicts best (stacking).
The errors of these predictions are those of the mixture. A network is small and its fits vary, so the mean of the networks of
all fifths is used (a committee).

Source: breiman_1996, krogh_vedelsby_1995
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.runs.parallel import map_tasks

if TYPE_CHECKING:
    from sklearn.linear_model import Ridge  # type: ignore[import-untyped, import-not-found, unused-ignore]

RIDGES = (3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
"""Ridge penalties of quadratic surfaces; the best by cross-validation is used."""

FOLDS = 5
"""Number of folds of the cross-validation, and of networks."""

UNITS = 256
"""Number of units of each of the two hidden layers of a network."""

EPOCHS, STEP = (45, 12), (1e-3, 2e-4)
"""Passes through the draws, and step sizes of the gradient descent: large steps first, small ones last."""

LEAST_GAIN = 0.02
"""Smallest part of the error's variance that networks must remove to be used for a figure."""

SPREAD = float(np.sqrt(12.0))
"""Factor that gives a uniform number a standard deviation of 1."""


@dataclass(frozen=True)
class Surfaces:
    """Figures as linear functions of features: the terms of a quadratic surface, and the last units of all networks.

    Args:
        intercept: of each figure, shape (figures,)
        slopes: of the figures on the features, of the same precision, shape (features, figures)
        layers: weights and offsets of the two hidden layers of all networks, shapes (networks, inputs, units) and
            (networks, 1, units); empty if quadratic surfaces suffice
        covariance: of the errors at draws that a fit has not seen, shape (figures, figures)
    """

    intercept: Any
    slopes: Any
    layers: tuple[Any, ...]
    covariance: Any

    def features(self, scores: Any) -> Any:
        """Return the features of parameter sets, in single precision if there are networks; shape (sets, features).

        Args:
            scores: of the parameters [normal scores], shape (sets, parameters)
        """
        if not self.layers:
            return terms(scores)
        units = hidden_units(self.layers, scores)
        single = np.asarray(scores, dtype=np.float32)
        return np.hstack((terms(single), units.swapaxes(0, 1).reshape(len(scores), -1)))

    def at(self, scores: Any) -> Any:
        """Return the figures of parameter sets; shape (sets, figures).

        Args:
            scores: of the parameters [normal scores], shape (sets, parameters)
        """
        return self.features(scores) @ self.slopes + self.intercept


def fitted_surfaces(scores: Any, figures: Any, weights: Any, jobs: int = 1) -> Surfaces:
    """Return surfaces fitted to draws.

    Args:
        scores: of the parameters [normal scores], shape (draws, parameters)
        figures: of the draws, without NaN, shape (draws, figures)
        weights: of the draws, shape (draws,)
        jobs: number of processes; the result does not depend on it
    """
    center, scale = np.average(figures, axis=0, weights=weights), figures.std(axis=0)
    scale = np.where(scale > 0.0, scale, 1.0)
    targets, weights = (figures - center) / scale, weights / weights.mean()
    quadratic, predicted = _quadratic(scores, targets, weights)
    networks = _committee(scores, targets, weights, jobs)
    folds, by_networks = _folds(len(scores)), np.empty_like(predicted)
    for layers, (_, held_out) in zip(networks, folds, strict=True):
        by_networks[held_out] = network_at(layers, scores[held_out])
    share = _share(targets - predicted, by_networks - predicted, weights)
    errors = (targets - predicted - share * (by_networks - predicted)) * scale
    covariance = np.atleast_2d(np.cov(errors.T, aweights=weights))
    return _mixture(quadratic, networks if share.any() else (), share, (center, scale), covariance)


def _mixture(
    quadratic: Ridge, networks: Sequence[tuple[Any, ...]], share: Any, scaling: tuple[Any, Any], covariance: Any
) -> Surfaces:
    """Return quadratic surfaces and networks as one linear function of their features."""
    center, scale = scaling
    slopes = (1.0 - share) * scale * np.atleast_2d(quadratic.coef_).T
    intercept = center + (1.0 - share) * scale * quadratic.intercept_
    if not networks:
        return Surfaces(intercept, slopes, (), covariance)
    *hidden, last, offset = (np.stack(arrays) for arrays in zip(*networks, strict=True))
    own = share * scale * last.reshape(-1, last.shape[2]) / len(networks)
    offsets = share * scale * offset.mean(axis=0)[0]
    return Surfaces(intercept + offsets, np.vstack((slopes, own)).astype(np.float32), tuple(hidden), covariance)


def _share(errors: Any, changes: Any, weights: Any) -> Any:
    """Return the share of networks in each figure: that with the smallest error, or 0 if they gain too little.

    Args:
        errors: of the quadratic surfaces at held-out draws, shape (draws, figures)
        changes: predictions of the networks less those of the surfaces, of the same shape
        weights: of the draws, shape (draws,)
    """
    covariances, variances = (np.average(changes * each, axis=0, weights=weights) for each in (errors, changes))
    share = np.clip(covariances / np.maximum(variances, 1e-12), 0.0, 1.0)
    before, after = (np.average(each**2, axis=0, weights=weights) for each in (errors, errors - share * changes))
    return np.where(after < (1.0 - LEAST_GAIN) * before, share, 0.0)


def _folds(draws: int) -> list[tuple[Any, Any]]:
    """Return the draws of each fit and those it must predict."""
    from sklearn.model_selection import KFold  # type: ignore[import-untyped, import-not-found, unused-ignore]

    return list(KFold(min(FOLDS, draws), shuffle=True, random_state=0).split(np.empty(draws)))


def _quadratic(scores: Any, targets: Any, weights: Any) -> tuple[Ridge, Any]:
    """Return the quadratic surfaces with the best ridge penalty, and their predictions of held-out draws."""
    from sklearn.linear_model import Ridge  # type: ignore[import-untyped, import-not-found, unused-ignore]
    from sklearn.model_selection import cross_val_predict  # type: ignore[import-untyped, import-not-found, unused-ignore]

    columns, folds, options = terms(scores), _folds(len(scores)), {"sample_weight": weights}
    best: tuple[float, float, Any] | None = None
    for ridge in RIDGES:
        predicted = cross_val_predict(Ridge(alpha=ridge), columns, targets, cv=folds, params=options)
        predicted = predicted.reshape(targets.shape)
        error = float(np.log(np.average((targets - predicted) ** 2, axis=0, weights=weights) + 1e-12).sum())
        if best is None or error < best[0]:
            best = error, ridge, predicted
    assert best is not None
    return Ridge(alpha=best[1]).fit(columns, targets, sample_weight=weights), best[2]


def _committee(scores: Any, targets: Any, weights: Any, jobs: int) -> list[tuple[Any, ...]]:
    """Return a network for each fold: weights and offsets of its layers."""
    tasks = [
        (scores[fitting], targets[fitting], weights[fitting], number)
        for number, (fitting, _) in enumerate(_folds(len(scores)))
    ]
    return map_tasks(network, tasks, jobs, label=None, here=True)


def network(scores: Any, targets: Any, weights: Any, seed: int) -> tuple[Any, ...]:
    """Return a network with two hidden layers, fitted in single precision and on one thread.

    Args:
        scores: of the parameters [normal scores], shape (draws, parameters)
        targets: scaled figures, shape (draws, figures)
        weights: of the draws, shape (draws,)
        seed: of the first weights and of the order of the draws

    Returns:
        Weights and offsets of each layer: shapes (inputs, units) and (1, units), twice, then (units, figures) and (1, figures).
    """
    from sklearn.neural_network import MLPRegressor  # type: ignore[import-untyped, import-not-found, unused-ignore]
    from threadpoolctl import threadpool_limits  # type: ignore[import-not-found, import-untyped, unused-ignore]

    single = np.float32
    regression = MLPRegressor(
        hidden_layer_sizes=(UNITS, UNITS),
        activation="tanh",
        alpha=1.0,
        batch_size=min(64, len(scores)),
        warm_start=True,
    )
    data = inputs(scores), targets.astype(single), weights.astype(single)
    with threadpool_limits(1):
        for epochs, step in zip(EPOCHS, STEP, strict=True):
            regression.set_params(max_iter=epochs, learning_rate_init=step, random_state=seed)
            with _unconverged_is_meant():
                regression.fit(data[0], data[1].ravel() if data[1].shape[1] == 1 else data[1], sample_weight=data[2])
    layers = zip(regression.coefs_, regression.intercepts_, strict=True)
    return tuple(each.astype(single) for slopes, offset in layers for each in (slopes, offset[None]))


def _unconverged_is_meant() -> Any:
    """Return a context without the warning that the number of passes is fixed."""
    from sklearn.exceptions import ConvergenceWarning  # type: ignore[import-untyped, import-not-found, unused-ignore]

    return warnings.catch_warnings(action="ignore", category=ConvergenceWarning)


def network_at(layers: tuple[Any, ...], scores: Any) -> Any:
    """Return the scaled figures by one network; shape (sets, figures)."""
    *hidden, last, offset = layers
    return hidden_units(tuple(each[None] for each in hidden), scores)[0] @ last + offset


def hidden_units(layers: tuple[Any, ...], scores: Any) -> Any:
    """Return the last hidden units of networks; shape (networks, sets, units)."""
    first, first_offset, second, second_offset = layers
    return np.tanh(np.tanh(inputs(scores) @ first + first_offset) @ second + second_offset)


def inputs(scores: Any) -> Any:
    """Return the inputs of a network, scores and uniform numbers of the same probability; shape (sets, inputs)."""
    from scipy.special import ndtr

    single = np.asarray(scores, dtype=np.float32)
    return np.hstack((single, np.float32(SPREAD) * (ndtr(single) - np.float32(0.5))))


def terms(scores: Any) -> Any:
    """Return the terms of a quadratic surface: parameters, squares and products; shape (sets, terms).

    >>> terms(np.array([[2.0, 3.0]])).tolist()
    [[2.0, 3.0, 4.0, 6.0, 9.0]]
    """
    first, second = _pairs(scores.shape[1])
    columns = np.ascontiguousarray(scores.T)
    return np.vstack((columns, columns[first] * columns[second])).T


@lru_cache
def _pairs(parameters: int) -> tuple[Any, Any]:
    """Return the places of the two parameters of each product; shapes (products,)."""
    return np.triu_indices(parameters)
