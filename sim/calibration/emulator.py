"""What parameters the record allows, by way of an emulator: surfaces of the figures, and a chain over the surfaces.

A run takes a tenth of a second and has dozens of parameters; a surface takes microseconds. So runs teach surfaces,
surfaces say which parameters the record allows, runs are made there, and they teach better surfaces. Only this module
knows scikit-learn and emcee, and it loads them when a calibration is at work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.distance import Measure
from sim.errors import InputError
from sim.runs.interrupts import undisturbed

if TYPE_CHECKING:
    from sklearn.linear_model import Ridge  # type: ignore[import-untyped, import-not-found, unused-ignore]

RIDGES = (3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
"""How strongly surfaces are held flat, of which the best by cross-validation is taken."""

FOLDS = 5
"""Parts of the draws of which each is predicted from the others, to know how far runs lie off the surfaces."""

YES_RIDGE = 0.1
"""How freely the chance of a yes may follow parameters (inverse of its ridge); curved, it foretold new draws less well."""

WALKERS, LEG, LEGS = 4, 1000, 12
"""Walkers of a chain for each parameter; steps of a leg, and legs at most."""

EVERY = 10
"""Steps of a chain of which one is stored: neighbours are alike, and storing and correlating all of them took half the time."""

STORED = 100
"""Steps of a chain that are kept of every walker, evenly spaced over its second half."""

LONG_ENOUGH = 50.0
"""Steps of a chain over the steps in which it forgets, from which it is long enough."""


def require_libraries() -> None:
    """Check that scikit-learn and emcee are installed.

    Raises:
        InputError: one is missing
    """
    if find_spec("emcee") is None or find_spec("sklearn") is None:
        raise InputError("calibration needs emcee and scikit-learn; install the extra `calibration` as the README says")


@dataclass(frozen=True)
class Draws:
    """Draws of a stage and what their runs gave.

    Args:
        scores: of parameters [normal scores], shape (draws, parameters)
        figures: of the facts, as runs give them, shape (draws, facts)
    """

    scores: Any
    figures: Any

    @staticmethod
    def joined(parts: Sequence[Draws]) -> Draws:
        """Return the draws of several rounds as one."""
        return Draws(np.concatenate([p.scores for p in parts]), np.concatenate([p.figures for p in parts]))


@dataclass(frozen=True)
class Emulator:
    """The figures of a stage as functions of its parameters, and how likely the record is by them.

    A count or a share is a quadratic surface and what runs lie off it: luck, and the surface's own error. Dates, and what
    is only so or not so, are chances: that all dates lie near, that the run says yes.

    Args:
        measure: what figures are measured against, luck not yet allowed for
        noisy_measure: the same with luck allowed for, by which dates are near
        draws: that teach it, of which every figure of the surfaces is a number
    """

    measure: Measure
    noisy_measure: Measure
    draws: Draws

    @staticmethod
    def of(measure: Measure, noisy_measure: Measure, draws: Draws) -> Emulator:
        """Return an emulator of the draws that can teach it."""
        able = np.isfinite(draws.figures[:, measure.smooth]).all(axis=1)
        return Emulator(measure, noisy_measure, Draws(draws.scores[able], draws.figures[able]))

    @cached_property
    def weights(self) -> Any:
        """What each draw counts: the nearer to the record, the more; shape (draws,)."""
        distance = self.noisy_measure.distance(self.draws.figures)
        return 1.0 / (1.0 + (distance / np.median(distance)) ** 4)

    @cached_property
    def surfaces(self) -> tuple[Ridge, Any]:
        """The surfaces of all figures, and the covariance of what runs lie off them; shape (facts, facts)."""
        from sklearn.linear_model import Ridge  # type: ignore[import-untyped, import-not-found, unused-ignore]

        tried = [(ridge, self._off(ridge)) for ridge in RIDGES]
        best, off = min(tried, key=lambda each: float(np.log(np.average(each[1] ** 2, 0, self.weights)).sum()))
        model = Ridge(alpha=best).fit(terms(self.draws.scores), self._figures, sample_weight=self.weights)
        return model, np.atleast_2d(np.cov(off.T, aweights=self.weights))

    @property
    def _figures(self) -> Any:
        return self.measure.scaled(self.draws.figures)[:, self.measure.smooth]

    def _off(self, ridge: float) -> Any:
        from sklearn.linear_model import Ridge  # type: ignore[import-untyped, import-not-found, unused-ignore]
        from sklearn.model_selection import KFold, cross_val_predict  # type: ignore[import-untyped, import-not-found, unused-ignore]

        parts, known = KFold(min(FOLDS, len(self.weights))), terms(self.draws.scores)
        weights = {"sample_weight": self.weights}
        told = cross_val_predict(Ridge(alpha=ridge), known, self._figures, cv=parts, params=weights)
        return self._figures - told.reshape(self._figures.shape)

    @cached_property
    def chances(self) -> tuple[Any, Any]:
        """For each yes or no of the record, how its logit follows parameters: slopes (yeses, parameters), intercepts."""
        found = [self._chance(said) for said in self.noisy_measure.flags(self.draws.figures).T]
        slopes = [slope for slope, _ in found]
        return np.reshape(slopes, (len(found), self.draws.scores.shape[1])), np.array([logit for _, logit in found])

    def predicted(self, scores: Any) -> Any:
        """Return what the surfaces say of figures, on the scale of the measure; shape (sets, smooth facts)."""
        return self.surfaces[0].predict(terms(scores)).reshape(len(scores), -1)

    def _chance(self, said: Any) -> tuple[Any, float]:
        if said.all() or not said.any():
            return np.zeros(self.draws.scores.shape[1]), float(np.log((said.sum() + 0.5) / ((~said).sum() + 0.5)))
        from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped, import-not-found, unused-ignore]

        follows = LogisticRegression(C=YES_RIDGE, max_iter=5000).fit(
            self.draws.scores, said, sample_weight=self.weights
        )
        return follows.coef_[0], float(follows.intercept_[0])

    @property
    def _variance(self) -> Any:
        """Covariance of published figures about the surfaces: what runs lie off them, and tolerances; shape (facts, facts)."""
        return self.surfaces[1] + np.diag(self.measure.tolerance[self.measure.smooth] ** 2)

    @cached_property
    def _whitened(self) -> tuple[Any, Any, float]:
        """What makes deviations independent, the surfaces after it, and the constant of their density."""
        variance = self._variance
        root = np.linalg.cholesky(variance)
        white = np.linalg.inv(root).T
        constant = np.log(np.diag(root)).sum() + 0.5 * len(root) * np.log(2.0 * np.pi)
        return white, np.atleast_2d(self.surfaces[0].coef_).T @ white, float(constant)

    def log_likelihood(self, scores: Any, observed: Any = None, said: Any = True) -> Any:
        """Log density of the record, or of other figures in its place, at some parameters; shape (sets,).

        Args:
            scores: parameter sets, shape (sets, parameters)
            observed: other figures, on the scale of the measure, shape (facts,)
            said: what they say where the record says yes, shape (yeses,)
        """
        record = self.measure.observed if observed is None else observed
        white, slopes, constant = self._whitened
        off = (record[self.measure.smooth] - self.surfaces[0].intercept_) @ white - terms(scores) @ slopes
        yes = np.where(said, 1.0, -1.0) * (scores @ self.chances[0].T + self.chances[1])
        return -0.5 * (off**2).sum(axis=1) - constant - np.logaddexp(0.0, -yes).sum(axis=1)

    def log_likelihood_by_fact(self, scores: Any) -> Any:
        """Return the log density of each published figure given all others, and of each yes; shape (sets, facts and yeses).

        Figures hang together, so that these densities do not add up to that of the record: they are what leave-one-out
        cross-validation needs.

        Args:
            scores: parameter sets, shape (sets, parameters)

        Source: buerkner_2021
        """
        precision = np.linalg.inv(self._variance)
        off = (self.measure.observed[self.measure.smooth] - self.predicted(scores)) @ precision
        own = np.diag(precision)
        yes = scores @ self.chances[0].T + self.chances[1]
        return np.hstack((0.5 * (np.log(own / (2.0 * np.pi)) - off**2 / own), -np.logaddexp(0.0, -yes)))

    def log_posterior(self, scores: Any) -> Any:
        """Log density of parameters given the record, but for a constant; shape (sets,).

        Their prior is standard normal.
        """
        return self.log_likelihood(scores) - 0.5 * (scores**2).sum(axis=1)


def terms(scores: Any) -> Any:
    """What a quadratic surface is made of: parameters, their squares and products; shape (sets, terms).

    >>> terms(np.array([[2.0, 3.0]])).tolist()
    [[2.0, 3.0, 4.0, 6.0, 9.0]]
    """
    one, other = _pairs(scores.shape[1])
    columns = np.ascontiguousarray(scores.T)
    return np.vstack((columns, columns[one] * columns[other])).T


@lru_cache
def _pairs(parameters: int) -> tuple[Any, Any]:
    """Return the numbers of the two parameters of each product; shapes (products,)."""
    return np.triu_indices(parameters)


@dataclass(frozen=True)
class Chain:
    """Parameter sets as the record allows them.

    Args:
        scores: equally likely sets, shape (sets, parameters)
        effective: independent sets that they are worth
        walkers: the course of each walker in evenly spaced steps, shape (walkers, steps, parameters)
        autocorrelation: steps in which the chain forgets each parameter, shape (parameters,)
    """

    scores: Any
    effective: float
    walkers: Any
    autocorrelation: Any


def chain(
    emulator: Emulator, n: int, seed: int, more: Callable[[Any], Any] | None = None, often: float = LONG_ENOUGH
) -> Chain:
    """So many equally likely sets, given the record.

    By an affine-invariant ensemble of walkers, which is run until it is long enough.

    Args:
        emulator: of the stage
        n: sets
        seed: of the chain's own chance
        more: log density of what else is known, at sets of shape (sets, parameters)
        often: steps of the chain over the steps in which it forgets, from which it is long enough

    Source: goodman_weare_2010, ter_braak_2006
    """
    import emcee  # type: ignore[import-untyped, import-not-found, unused-ignore]

    def density(at: Any) -> Any:
        return emulator.log_posterior(at) + (0.0 if more is None else more(at))

    scores, luck = emulator.draws.scores, np.random.default_rng(seed)
    walkers = WALKERS * scores.shape[1]
    nearest = np.argsort(-density(scores), kind="stable")
    begin = scores[np.resize(nearest[:walkers], walkers)] + 0.1 * luck.normal(size=(walkers, scores.shape[1]))
    moves = [(emcee.moves.DEMove(), 0.9), (emcee.moves.StretchMove(), 0.1)]
    sampler = emcee.EnsembleSampler(walkers, scores.shape[1], density, moves=moves, vectorize=True)
    sampler.random_state = ("MT19937", luck.integers(2**32, size=624, dtype=np.uint32), 624, 0, 0.0)
    for leg in range(1, LEGS + 1):
        with undisturbed():
            begin = sampler.run_mcmc(begin, LEG // EVERY, thin_by=EVERY, skip_initial_state_check=True)
        half = leg * LEG // 2
        each = EVERY * sampler.get_autocorr_time(tol=0, discard=half // EVERY)
        forgets = float(np.median(each))
        effective = walkers * half / forgets
        if half > often * forgets and effective > 2.0 * n:
            break
    steps = sampler.get_chain(discard=half // EVERY)
    kept = steps.reshape(-1, scores.shape[1])
    course = steps[np.linspace(0, len(steps) - 1, STORED).round().astype(int)].swapaxes(0, 1)
    return Chain(kept[luck.choice(len(kept), n, replace=False)], min(effective, float(n)), course, each)
