"""How probable the record is under a model with all that its parameters may be: by which rivals are weighed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import logsumexp

from sim.calibration.emulator import Chain, Emulator

ROUNDS = 200
"""Steps of the bridge at most; it stands after a few."""


@dataclass(frozen=True)
class Evidence:
    """The log density of the record under a model, its parameters averaged over their prior, and its standard error."""

    log: float
    error: float


def evidence(emulator: Emulator, sampled: Chain, seed: int) -> Evidence:
    """Return the evidence for a model, as its emulator has it.

    By a bridge between the sets of a chain, of which half are used, and a normal distribution fitted to the other half.
    What the emulator itself is wrong by is no part of the error.

    Source: meng_wong_1996, gronau_2017
    """
    from scipy.stats import multivariate_normal

    fitting, of_chain = sampled.scores[::2], sampled.scores[1::2]
    normal = multivariate_normal(fitting.mean(axis=0), np.cov(fitting.T), allow_singular=True)
    of_normal = normal.rvs(len(of_chain), np.random.default_rng(seed)).reshape(of_chain.shape)
    kept, proposed = (_density(emulator, sets) - normal.logpdf(sets) for sets in (of_chain, of_normal))
    return bridge_sampling(kept, proposed)


def _density(emulator: Emulator, scores: Any) -> Any:
    """Log density of record and parameters together; shape (sets,)."""
    return emulator.log_posterior(scores) - 0.5 * scores.shape[1] * np.log(2.0 * np.pi)


def bridge_sampling(kept: Any, proposed: Any) -> Evidence:
    """Return the log of the constant by which a density falls short of one that integrates to one.

    Args:
        kept: log ratio of the density to a proposal's, at independent draws from the density; shape (draws,)
        proposed: the same at draws from the proposal; shape (draws,)

    A ratio that is the same everywhere is the constant itself.

    >>> bridged(np.full(9, 2.0), np.full(9, 2.0)) == Evidence(2.0, 0.0)
    True
    """
    share = len(kept) / (len(kept) + len(proposed))
    log = float(np.median(kept))
    for _ in range(ROUNDS):
        above = _logmeanexp(proposed - _mixture(proposed, share, log))
        below = _logmeanexp(-_mixture(kept, share, log))
        before, log = log, above - below
        if abs(log - before) < 1e-9:
            break
    of_proposed = np.exp(proposed - _mixture(proposed, share, log))
    of_kept = np.exp(log - _mixture(kept, share, log))
    squares = sum(values.var() / values.mean() ** 2 / len(values) for values in (of_proposed, of_kept))
    return Evidence(log, float(np.sqrt(squares)))


def _mixture(ratios: Any, share: float, log: float) -> Any:
    """Log of the density's part and the proposal's part together, over the proposal's density."""
    return np.logaddexp(np.log(share) + ratios, np.log1p(-share) + log)


def _logmeanexp(values: Any) -> float:
    return float(logsumexp(values) - np.log(len(values)))
