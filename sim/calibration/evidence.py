"""Evidence: the density of the record under a model, averaged over the prior of its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import logsumexp

from sim.calibration.emulator import Chain, Emulator

ROUNDS = 200
"""Maximum number of iterations of the bridge; a few are enough."""


@dataclass(frozen=True)
class Evidence:
    """The log density of the record under a model, its parameters averaged over their prior, and its standard error."""

    log: float
    error: float


def evidence(emulator: Emulator, sampled: Chain, seed: int) -> Evidence:
    """Return the evidence for a model, by its emulator.

    Bridge sampling uses half of the sets of a chain and a normal distribution fitted to the other half. The error does not
    include that of the emulator.

    Source: meng_wong_1996, gronau_2017
    """
    from scipy.stats import multivariate_normal

    fitting, chain_sets = sampled.scores[::2], sampled.scores[1::2]
    normal = multivariate_normal(fitting.mean(axis=0), np.cov(fitting.T), allow_singular=True)
    normal_sets = normal.rvs(len(chain_sets), np.random.default_rng(seed)).reshape(chain_sets.shape)
    chain_ratios, normal_ratios = (_density(emulator, sets) - normal.logpdf(sets) for sets in (chain_sets, normal_sets))
    return bridge_sampling(chain_ratios, normal_ratios)


def _density(emulator: Emulator, scores: Any) -> Any:
    """Return the joint log density of record and parameters; shape (sets,)."""
    return emulator.log_posterior(scores) - 0.5 * scores.shape[1] * np.log(2.0 * np.pi)


def bridge_sampling(sampled: Any, proposed: Any) -> Evidence:
    """Return the log of a density's integral by bridge sampling, with its standard error.

    Args:
        sampled: log ratio of the density to a proposal's, at independent draws from the density; shape (draws,)
        proposed: the same at draws from the proposal; shape (draws,)

    If the ratio is constant, the integral equals it.

    >>> bridge_sampling(np.full(9, 2.0), np.full(9, 2.0)) == Evidence(2.0, 0.0)
    True
    """
    share = len(sampled) / (len(sampled) + len(proposed))
    log = float(np.median(sampled))
    for _ in range(ROUNDS):
        above = _logmeanexp(proposed - _mixture(proposed, share, log))
        below = _logmeanexp(-_mixture(sampled, share, log))
        before, log = log, above - below
        if abs(log - before) < 1e-9:
            break
    from_proposed = np.exp(proposed - _mixture(proposed, share, log))
    from_sampled = np.exp(log - _mixture(sampled, share, log))
    squares = sum(values.var() / values.mean() ** 2 / len(values) for values in (from_proposed, from_sampled))
    return Evidence(log, float(np.sqrt(squares)))


def _mixture(ratios: Any, share: float, log: float) -> Any:
    """Return the log of the mixture of the density and the proposal, over the proposal's density."""
    return np.logaddexp(np.log(share) + ratios, np.log1p(-share) + log)


def _logmeanexp(values: Any) -> float:
    return float(logsumexp(values) - np.log(len(values)))
