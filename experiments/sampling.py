"""pyABC as it is used here: a prior in normal scores, kernels for many dimensions, numbered draws that resume.

Only this module knows pyABC, and it is imported when a calibration begins.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pandas as pd
import pyabc
from joblib import Parallel, delayed
from pyabc.parameters import Parameter
from pyabc.population import Particle, Population
from pyabc.random_variables import DistributionBase
from pyabc.sampler import Sampler
from pyabc.transition import Transition
from scipy.special import ndtri
from tqdm import tqdm

from experiments.calibrating import Simulation
from sim.draws import Luck, Stream
from sim.posterior import ParameterSets
from sim.store import written

logging.getLogger("ABC").setLevel(logging.WARNING)

ROUND = 128
"""Draws that are out at once at most; whatever the number of processes, on which no result may depend."""

LOCAL = 0.05
"""Noise of the kernels' density that is put up with for nearness [variance over squared mean]."""

ERRORS = 2.0
"""What a generation seems to say is taken for noise below about so many standard errors."""


@dataclass(frozen=True)
class Effort:
    """How hard a stage is tried.

    Args:
        population: parameter sets a generation
        generations: at most
        quantile: of a generation's distances within which the next must lie
        least_accepted: share of draws below which it ends
        seed: of the calibration's own chance
        jobs: processes
    """

    population: int
    generations: int
    quantile: float
    least_accepted: float
    seed: int
    jobs: int


@dataclass
class Chance:
    """The luck of the draw that this process is making: pyABC asks for proposals without saying whose they are."""

    luck: Luck = Luck(0)
    generation: int = 0
    number: int = 0

    def uniform(self, size: int) -> Any:
        """So many uniform numbers, the same for the same draw."""
        return self.luck(Stream.PROPOSAL, self.generation, np.arange(size), np.full(size, self.number))


CHANCE = Chance()
"""Set anew before each draw."""


class Prior(DistributionBase):
    """Independent standard normals: every parameter in the normal score of its prior."""

    def __init__(self, names: tuple[str, ...]):
        self.names = names

    def rvs(self, *args: Any, **kwargs: Any) -> Parameter:
        """One draw."""
        return Parameter(dict(zip(self.names, ndtri(CHANCE.uniform(len(self.names))), strict=True)))

    def pdf(self, x: Mapping[str, float]) -> float:
        """Density of a draw."""
        scores = np.array([x[name] for name in self.names])
        return float(np.exp(-0.5 * (scores @ scores + len(scores) * np.log(2.0 * np.pi))))


class Kernels(Transition):
    """Normal kernels about the last generation, drawn in towards its mean so that together they keep its spread.

    In many dimensions narrow kernels, and the noise of a few hundred sets in mean and spread, give weights of which a
    handful rules. So the kernels are as narrow as the generation bears, and what it cannot tell from the prior, which
    has mean 0 and variance 1, is taken as the prior. Whatever is proposed, the weights put it right.
    """

    def fit(self, X: pd.DataFrame, w: Any) -> None:  # noqa: N803
        """Fit to a generation and its weights."""
        scores, size = X.to_numpy(), 1.0 / float(np.sum(w**2))
        seen = w @ scores
        variance = w @ (scores - seen) ** 2 + 1e-9
        mean = beyond_noise(seen, np.sqrt(variance / size))
        wanted = 1.0 + beyond_noise(variance - 1.0, variance * np.sqrt(2.0 / size))
        deviations = (scores - seen) * np.sqrt(wanted / variance)
        drawn_in = max(1.0 - max(LOCAL * size, 1.0) ** (-1.0 / scores.shape[1]), 0.0)
        self.centres = mean + np.sqrt(drawn_in) * deviations
        self.root = np.linalg.cholesky((1.0 - drawn_in) * spread(deviations, w, size))
        self.inverse = np.linalg.inv(self.root)

    def rvs_single(self) -> Parameter:
        """One draw."""
        which, *others = CHANCE.uniform(len(self.root) + 1)
        centre = self.centres[min(int(np.searchsorted(np.cumsum(self.w), which)), len(self.w) - 1)]
        score = centre + self.root @ ndtri(others)
        return Parameter(dict(zip(self.X.columns, score, strict=True)))

    def pdf(self, x: Mapping[str, float]) -> float:
        """Density of a draw."""
        score = np.array([x[name] for name in self.X.columns])
        distance = ((score - self.centres) @ self.inverse.T).T
        logs = -0.5 * (np.sum(distance**2, axis=0) + len(score) * np.log(2.0 * np.pi))
        return float(np.exp(logs + np.log(np.diag(self.inverse)).sum()) @ self.w)


def beyond_noise(seen: Any, error: Any) -> Any:
    """What is left of something seen when its standard error is allowed for: all of it if large, little if small."""
    return seen**3 / (seen**2 + (ERRORS * error) ** 2)


def spread(deviations: Any, w: Any, size: float) -> Any:
    """Covariance of weighted deviations, correlations drawn towards none as far as they may be noise.

    The share is that of Schaefer and Strimmer (2005): noise over what is seen, noise included.
    """
    covariance = (deviations * w[:, None]).T @ deviations + 1e-12 * np.eye(deviations.shape[1])
    deviation = np.sqrt(np.diag(covariance))
    seen = covariance / np.outer(deviation, deviation) - np.eye(len(deviation))
    noise = np.sum((1.0 - seen**2) ** 2 - np.eye(len(deviation))) / max(size - 1.0, 1.0)
    share = min(noise / max(float(np.sum(seen**2)), 1e-9), 1.0)
    return np.outer(deviation, deviation) * ((1.0 - share) * seen + np.eye(len(deviation)))


class Numbered(Sampler):
    """Draws by number, on all cores: the first that are near enough by number, whatever comes back first.

    So a study is the same on any number of processes, and the same again after an interruption.
    """

    def __init__(self, effort: Effort, name: str):
        super().__init__()
        self.effort, self.name = effort, name

    def sample_until_n_accepted(
        self,
        n: int,
        simulate_one: Callable[[], Particle],
        t: int,
        *,
        max_eval: float = np.inf,
        all_accepted: bool = False,
        ana_vars: Any = None,
    ) -> Any:
        """A generation: draw until so many are accepted, or so many were drawn."""
        sample, number = self._create_empty_sample(), 0
        which = f"generation {t + 1} of {self.effort.generations}" if t >= 0 else "first draws"
        with tqdm(total=n, desc=f"{self.name}, {which}", unit="set", smoothing=0.1) as bar:
            while sample.n_accepted < n and number < max_eval:
                for particle in self.round(simulate_one, t, number, min(ROUND, n)):
                    number += 1
                    if particle is not None:
                        sample.append(particle)
                        bar.update()
                    if sample.n_accepted == n:
                        break
        self.nr_evaluations_, sample.ok = number, sample.n_accepted == n
        return sample

    def round(self, simulate_one: Callable[[], Particle], t: int, first: int, size: int) -> list[Particle | None]:
        """So many draws from a number on; None for those too far from the record."""
        few = max(size // (8 * self.effort.jobs), 1)
        parts = [range(k, min(k + few, first + size)) for k in range(first, first + size, few)]
        tasks = (delayed(draws)(simulate_one, (self.effort.seed, t + 1), part, os.getpid()) for part in parts)
        return [particle for part in Parallel(n_jobs=self.effort.jobs)(tasks) for particle in part]


def draws(
    simulate_one: Callable[[], Particle], seeds: tuple[int, int], numbers: range, parent: int
) -> list[Particle | None]:
    """Draws by their numbers; None for those too far from the record."""
    ends_with(parent)
    found = []
    for number in numbers:
        CHANCE.luck, CHANCE.generation, CHANCE.number = Luck(seeds[0]), seeds[1], number
        particle = simulate_one()
        found.append(particle if particle.accepted else None)
    return found


@lru_cache(maxsize=1)
def ends_with(parent: int) -> None:
    """Let this process end with the one that works for it: a calibration that is killed leaves nobody behind."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    if os.getpid() != parent:
        Thread(target=watch, daemon=True).start()


@dataclass(frozen=True)
class Found:
    """What a stage has found.

    Args:
        scores: a row a parameter set of the last generation, a column a parameter
        weights: of the rows
        log: a row a generation: distance within which it lies, draws, seconds
    """

    scores: pd.DataFrame
    weights: Any
    log: pd.DataFrame


def found(simulation: Simulation, effort: Effort, database: Path, begin: ParameterSets = ()) -> Found:
    """Run a stage to its end, from where its database stands.

    Args:
        simulation: one draw
        effort: how hard it is tried
        database: SQLite file of the stage
        begin: parameter sets as scores that make the first generation; none: it comes from the prior
    """
    stage, url = simulation.stage, f"sqlite:///{database}"
    measure = stage.measure
    study = pyabc.ABCSMC(
        models=pyabc.FunctionModel(simulation, name=stage.name),
        parameter_priors=Prior(stage.asked),
        distance_function=pyabc.FunctionDistance(lambda x, _: float(measure.distance(x["figures"]))),
        population_size=effort.population,
        transitions=Kernels(),
        eps=pyabc.QuantileEpsilon(alpha=effort.quantile),
        sampler=Numbered(effort, stage.name),
    )
    begun = database.is_file() and pyabc.History(url).all_runs()
    history = study.load(url) if begun else study.new(url, {"figures": measure.observed})
    if begin and history.n_populations == 0:
        history.append_population(0, np.inf, first(simulation, effort, begin), len(begin), [stage.name])
    left, ended = effort.generations - history.n_populations, database.with_suffix(".ended")
    if left > 0 and not ended.exists():
        study.run(max_nr_populations=left, min_acceptance_rate=effort.least_accepted)
        written(ended, b"")  # else a stage that ended early would be tried again and again
    scores, weights = history.get_distribution(m=0)
    return Found(scores[list(stage.asked)], weights, log_of(history))


def first(simulation: Simulation, effort: Effort, begin: ParameterSets) -> Population:
    """A first generation from given parameter sets, equally weighted, each simulated anew."""
    measure, n = simulation.stage.measure, len(begin)
    bar = tqdm(begin, desc=f"{simulation.stage.name}, generation 1 of {effort.generations}", unit="set")
    figures = Parallel(n_jobs=effort.jobs)(delayed(simulation)(scores) for scores in bar)
    return Population([
        Particle(0, Parameter(dict(scores)), 1.0 / n, each, float(measure.distance(each["figures"])))
        for scores, each in zip(begin, figures, strict=True)
    ])  # fmt: skip


def log_of(history: Any) -> pd.DataFrame:
    """A row a generation: its number, the distance within which it lies [tolerances], draws, seconds, effective size."""
    table = history.get_all_populations()
    table = table[table["t"] >= 0].reset_index(drop=True)
    weights = [history.get_weighted_distances(t=t)["w"].to_numpy() for t in table["t"]]
    return pd.DataFrame({
        "generation": table["t"] + 1,
        "within": table["epsilon"],
        "draws": table["samples"],
        "seconds": table["wall_time"].astype(float),
        "effective": [1.0 / float(np.sum((w / w.sum()) ** 2)) for w in weights],
    })  # fmt: skip


def prior_scores(names: list[str], n: int, seed: int) -> list[dict[str, float]]:
    """Draws from the prior of some parameters, as scores."""
    scores = ndtri(Luck(seed).table(Stream.PRIOR, 0, np.arange(n), np.arange(len(names))))
    return [dict(zip(names, map(float, row), strict=True)) for row in scores]
