"""Emulator of a calibration: surfaces of the figures, and a Markov chain over them.

A run takes a tenth of a second and has dozens of parameters; a surface takes microseconds. Surfaces are fitted to runs, a
chain over the surfaces proposes parameters, runs are made there, and better surfaces are fitted. scikit-learn and emcee are
imported when a calibration runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import Any

import numpy as np

from sim.analysis.distance import Measure
from sim.calibration.surfaces import Surfaces, fitted_surfaces
from sim.errors import InputError
from sim.runs.interrupts import undisturbed

YES_RIDGE = 0.1
"""Inverse ridge penalty of the logits of yes-or-no facts; quadratic logits predicted new draws less well."""

WALKERS, LEG, LEGS = 4, 1000, 12
"""Walkers per parameter, steps of a leg, and maximum number of legs of a chain."""

EVERY = 10
"""Interval of stored steps of a chain: neighbouring steps are similar, and storing all of them doubled the time."""

STORED = 100
"""Number of stored steps of each walker, evenly spaced over the second half of its chain."""

LONG_ENOUGH = 50.0
"""Length of a chain that is long enough [autocorrelation times]."""


def require_libraries() -> None:
    """Check that scikit-learn and emcee are installed.

    Raises:
        InputError: one of them is missing
    """
    if find_spec("emcee") is None or find_spec("sklearn") is None:
        raise InputError("calibration needs emcee and scikit-learn; install the extra `calibration` as the README says")


@dataclass(frozen=True)
class Draws:
    """Draws of a stage and the figures of their runs.

    Args:
        scores: of parameters [normal scores], shape (draws, parameters)
        figures: simulated figures of the facts, shape (draws, facts)
    """

    scores: Any
    figures: Any

    @staticmethod
    def joined(parts: Sequence[Draws]) -> Draws:
        """Return the draws of several rounds as one."""
        return Draws(np.concatenate([p.scores for p in parts]), np.concatenate([p.figures for p in parts]))


@dataclass(frozen=True)
class Record:
    """Another record of the facts.

    Args:
        figures: on the scale of the measure, shape (facts,)
        flags: of agreement with the published yes-or-no facts, shape (flags,)
    """

    figures: Any
    flags: Any


@dataclass(frozen=True)
class Emulator:
    """The figures of a stage as functions of its parameters, and the likelihood of the record.

    A count or a share is a surface plus a residual: random variation and the error of the surface. Dates and yes-or-no facts
    are probabilities: that all dates are near the record, that a run has a yes.

    Args:
        measure: published facts with their tolerances
        noisy_measure: the same with random variation added to the tolerances, to judge dates
        draws: to fit it to, without NaN in the figures of the surfaces
        jobs: number of processes
        fitted: surfaces that were fitted to these draws before; None to fit them
    """

    measure: Measure
    noisy_measure: Measure
    draws: Draws
    jobs: int = 1
    fitted: Surfaces | None = None

    @staticmethod
    def of(
        measure: Measure, noisy_measure: Measure, draws: Draws, jobs: int = 1, fitted: Surfaces | None = None
    ) -> Emulator:
        """Return an emulator fitted to the draws with all figures of the surfaces."""
        complete = np.isfinite(draws.figures[:, measure.smooth]).all(axis=1)
        return Emulator(measure, noisy_measure, Draws(draws.scores[complete], draws.figures[complete]), jobs, fitted)

    @cached_property
    def weights(self) -> Any:
        """Weights of the draws, larger near the record; shape (draws,)."""
        distance = self.noisy_measure.distance(self.draws.figures)
        return 1.0 / (1.0 + (distance / np.median(distance)) ** 4)

    @cached_property
    def surfaces(self) -> Surfaces:
        """The surfaces of all figures, on the scale of the measure."""
        if self.fitted is not None:
            return self.fitted
        figures = self.measure.scaled(self.draws.figures)[:, self.measure.smooth]
        return fitted_surfaces(self.draws.scores, figures, self.weights, self.jobs)

    @cached_property
    def chances(self) -> tuple[Any, Any]:
        """The logits of the yes-or-no facts as functions of parameters: slopes, shape (flags, parameters), and intercepts."""
        logits = [self._logit(flags) for flags in self.noisy_measure.flags(self.draws.figures).T]
        slopes = [slope for slope, _ in logits]
        return np.reshape(slopes, (len(logits), self.draws.scores.shape[1])), np.array([logit for _, logit in logits])

    def predicted(self, scores: Any) -> Any:
        """Return the figures by the surfaces, on the scale of the measure; shape (sets, smooth facts)."""
        return self.surfaces.at(scores)

    def _logit(self, flags: Any) -> tuple[Any, float]:
        if flags.all() or not flags.any():
            return np.zeros(self.draws.scores.shape[1]), float(np.log((flags.sum() + 0.5) / ((~flags).sum() + 0.5)))
        from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped, import-not-found, unused-ignore]

        regression = LogisticRegression(C=YES_RIDGE, max_iter=5000).fit(
            self.draws.scores, flags, sample_weight=self.weights
        )
        return regression.coef_[0], float(regression.intercept_[0])

    @property
    def _variance(self) -> Any:
        """Covariance of published figures around the surfaces: residuals and tolerances; shape (facts, facts)."""
        return self.surfaces.covariance + np.diag(self.measure.tolerance[self.measure.smooth] ** 2)

    @cached_property
    def _whitened(self) -> tuple[Any, Any, float]:
        """The matrix that makes deviations independent, the surfaces times it, and the constant of their density."""
        variance = self._variance
        root = np.linalg.cholesky(variance)
        white = np.linalg.inv(root).T
        constant = np.log(np.diag(root)).sum() + 0.5 * len(root) * np.log(2.0 * np.pi)
        slopes = (self.surfaces.slopes @ white).astype(self.surfaces.slopes.dtype)
        return white, slopes, float(constant)

    def log_likelihood(self, scores: Any, records: Sequence[Record] = ()) -> Any:
        """Return the log density of the record and of other records at some parameters; shape (sets,).

        Args:
            scores: parameter sets, shape (sets, parameters)
            records: other records of the same facts
        """
        white, slopes, constant = self._whitened
        varying = self.surfaces.features(scores) @ slopes
        logits = scores @ self.chances[0].T + self.chances[1]
        density = 0.0
        for record in (Record(self.measure.observed, np.array(True)), *records):
            deviations = (record.figures[self.measure.smooth] - self.surfaces.intercept) @ white - varying
            yes = np.where(record.flags, 1.0, -1.0) * logits
            density = density - 0.5 * (deviations**2).sum(axis=1) - constant - np.logaddexp(0.0, -yes).sum(axis=1)
        return density

    def log_likelihood_by_fact(self, scores: Any) -> Any:
        """Return the log density of each published figure given all others, and of each yes-or-no fact.

        Figures are correlated, so the sum of these densities is not that of the record. Leave-one-out cross-validation
        needs them.

        Args:
            scores: parameter sets, shape (sets, parameters)

        Returns:
            shape (sets, facts and flags)

        Source: buerkner_2021
        """
        precision = np.linalg.inv(self._variance)
        deviations = (self.measure.observed[self.measure.smooth] - self.predicted(scores)) @ precision
        precisions = np.diag(precision)
        yes = scores @ self.chances[0].T + self.chances[1]
        return np.hstack(
            (0.5 * (np.log(precisions / (2.0 * np.pi)) - deviations**2 / precisions), -np.logaddexp(0.0, -yes))
        )

    def log_posterior(self, scores: Any, records: Sequence[Record] = ()) -> Any:
        """Return the log posterior density of parameters, after other records too, up to a constant; shape (sets,).

        The prior of the scores is standard normal.
        """
        return self.log_likelihood(scores, records) - 0.5 * (scores**2).sum(axis=1)


@dataclass(frozen=True)
class Chain:
    """A sample of parameter sets from the posterior.

    Args:
        scores: equally likely sets, shape (sets, parameters)
        effective: equivalent number of independent sets
        walkers: each walker at evenly spaced steps, shape (walkers, steps, parameters)
        autocorrelation: autocorrelation time of each parameter [steps], shape (parameters,)
    """

    scores: Any
    effective: float
    walkers: Any
    autocorrelation: Any


def chain(
    emulator: Emulator,
    n: int,
    seed: int,
    records: Sequence[Record] = (),
    enough: float = LONG_ENOUGH,
) -> Chain:
    """Return a sample of equally likely sets from the posterior.

    The sampler is an affine-invariant ensemble of walkers, which runs until the chain is long enough.

    Args:
        emulator: of the stage
        n: number of sets
        seed: of the chain's random numbers
        records: other records, which the posterior is to follow too
        enough: length of the chain that is long enough [autocorrelation times]

    Source: goodman_weare_2010, ter_braak_2006
    """
    import emcee  # type: ignore[import-untyped, import-not-found, unused-ignore]
    from threadpoolctl import threadpool_limits  # type: ignore[import-not-found, import-untyped, unused-ignore]

    def density(at: Any) -> Any:
        return emulator.log_posterior(at, records)

    with threadpool_limits(1):  # the last digits depend on the number of threads
        scores, generator = emulator.draws.scores, np.random.default_rng(seed)
        walkers = WALKERS * scores.shape[1]
        nearest = np.argsort(-density(scores), kind="stable")
        begin = scores[np.resize(nearest[:walkers], walkers)] + 0.1 * generator.normal(size=(walkers, scores.shape[1]))
        moves = [(emcee.moves.DEMove(), 0.9), (emcee.moves.StretchMove(), 0.1)]
        sampler = emcee.EnsembleSampler(walkers, scores.shape[1], density, moves=moves, vectorize=True)
        sampler.random_state = ("MT19937", generator.integers(2**32, size=624, dtype=np.uint32), 624, 0, 0.0)
        for leg in range(1, LEGS + 1):
            with undisturbed():
                begin = sampler.run_mcmc(begin, LEG // EVERY, thin_by=EVERY, skip_initial_state_check=True)
            half = leg * LEG // 2
            times = EVERY * sampler.get_autocorr_time(tol=0, discard=half // EVERY)
            time = float(np.median(times))
            effective = walkers * half / time
            if half > enough * time and effective > 2.0 * n:
                break
    steps = sampler.get_chain(discard=half // EVERY)
    sampled = steps.reshape(-1, scores.shape[1])
    stored = steps[np.linspace(0, len(steps) - 1, STORED).round().astype(int)].swapaxes(0, 1)
    return Chain(sampled[generator.choice(len(sampled), n, replace=False)], min(effective, float(n)), stored, times)
