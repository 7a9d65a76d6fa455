"""Recovery: does a calibration find parameters that are known? Runs of the model take the record's place, in turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy.special import ndtri

from experiments.emulating import Draws, Emulator, chain
from sim.draws import Luck, Stream

BANDS = {"within_50": (0.25, 0.75), "within_90": (0.05, 0.95)}
"""Quantiles of the posterior by the column that says how many truths lie between them."""


@dataclass(frozen=True)
class Truths:
    """Runs that take the record's place.

    Args:
        scores: of their parameters [normal scores], shape (truths, parameters)
        observed: their figures as a record of the same tolerances would give them, on its scale, shape (truths, facts)
    """

    scores: Any
    observed: Any


def held_out(emulator: Emulator, n: int, seed: int) -> tuple[Truths, Emulator]:
    """Truths among the newest draws whose dates and yeses are as on record; and an emulator that has not seen them."""
    draws, measure = emulator.draws, emulator.measure
    like = np.flatnonzero(emulator.lucky.said(draws.figures).all(axis=1))[-n:]
    luck = Luck(seed).table(Stream.PRIOR, 1, like, np.arange(draws.figures.shape[1]))
    observed = measure.scaled(draws.figures[like]) + measure.tolerance * ndtri(luck)
    kept = np.setdiff1d(np.arange(len(draws.scores)), like)
    others = Draws(draws.scores[kept], draws.figures[kept])
    return Truths(draws.scores[like], observed), Emulator(measure, emulator.lucky, others)


def places(emulator: Emulator, truth: Any, observed: Any, sets: int, seed: int) -> Any:
    """Where known parameters lie in the posterior of their own run [share of its sets below]; shape (parameters,)."""
    return (chain(emulator, sets, seed, observed).scores < truth).mean(axis=0)


def recovered(emulator: Emulator, names: tuple[str, ...], n: int, seed: int, jobs: int) -> pd.DataFrame:
    """A row a parameter: of so many truths, the shares that lie within the middle 50% and 90% of their posteriors."""
    truths, others = held_out(emulator, n, seed)
    assert others.surfaces  # taught once, not in every process
    assert others.chances is not None
    pairs = enumerate(zip(truths.scores, truths.observed, strict=True), seed)
    tasks = (delayed(places)(others, truth, observed, 500, number) for number, (truth, observed) in pairs)
    found = np.array(Parallel(n_jobs=jobs)(tasks))
    within = {name: ((found > low) & (found < high)).mean(axis=0) for name, (low, high) in BANDS.items()}
    return pd.DataFrame({"name": names, "truths": len(found), **within})
