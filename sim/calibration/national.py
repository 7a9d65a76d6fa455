"""Fit a few parameters of a national setting to its published shares, once for each set of the posterior.

The method is randomised maximum likelihood. For each parameter set, the shares are moved by an error of measurement, the
centre of the prior is moved by its spread, and least squares finds the values between the two. The results are draws from
the posterior if runs respond linearly, and near them otherwise. Other parameters keep the values of the set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sim.outcomes.schools import examinations
from sim.parameters import declared
from sim.policy import Scenario
from sim.rules.arrays import Floats
from sim.runs.parallel import map_tasks
from sim.runs.posterior import ParameterSets
from sim.runs.run import simulate


@dataclass(frozen=True)
class NationalPrior:
    """The prior of a fitted parameter: normal, within the declared range.

    Args:
        name: dotted name of the parameter
        middle: of the prior, in the unit of the parameter
        spread: standard deviation of the prior, in the unit of the parameter
    """

    name: str
    middle: float
    spread: float


PRIORS = (
    NationalPrior("school.fall", -0.07, 0.05),
    NationalPrior("school.rise", 0.2, 0.2),
    NationalPrior("package.bonus", 0.8, 0.6),
)
"""Parameters that are fitted for a country: the trend before, the trend after, and the size of its bonus."""

TOLERANCE = 0.01
"""Error of a published share and of the model [share]."""

MOVE = 0.3
"""Step of the numerical derivative [spread of the prior]."""

STEPS = 3
"""Number of least-squares steps for a set."""


def with_free_parameters(scenario: Scenario, names: Sequence[str]) -> Scenario:
    """Return the scenario with some parameters open to parameter sets, even if its file sets them."""
    return replace(scenario, explicit=scenario.explicit - set(names))


def shares_of(scenario: Scenario, seed: int, years: Sequence[int]) -> Floats:
    """Return the share of the grade at the highest level in some years of one run; shape (years,)."""
    figures = examinations(simulate(scenario, seed).world)
    return np.array([figures[year]["examinees"].sum() / figures[year]["grade"] for year in years])


def national_sets(
    scenario: Scenario,
    sets: ParameterSets,
    facts: Mapping[int, float],
    priors: Sequence[NationalPrior] = PRIORS,
    *,
    jobs: int | None = None,
    progress: bool = True,
) -> list[dict[str, float]]:
    """Return parameter sets in which a few parameters are fitted to the shares of a country.

    Args:
        scenario: of the country; it ends in the year of the last fact
        sets: parameter sets; set k is simulated with seed k + 1
        facts: published shares by year
        priors: of the parameters that are fitted
        jobs: number of processes; None for all cores
        progress: show a bar

    Returns:
        The sets with the fitted values.
    """
    if not priors:
        return [dict(values) for values in sets]
    open_scenario = with_free_parameters(scenario, [prior.name for prior in priors])
    task = partial(fitted_set, scenario=open_scenario, facts=dict(facts), priors=tuple(priors))
    return map_tasks(task, list(enumerate(sets)), jobs, open_scenario, "fitting" if progress else None, "set")


def fitted_set(
    number: int,
    values: Mapping[str, float],
    scenario: Scenario,
    facts: Mapping[int, float],
    priors: Sequence[NationalPrior],
) -> dict[str, float]:
    """Return one parameter set with the fitted values.

    Args:
        number: of the set, which determines its random numbers
        values: of the set
        scenario: of the country, in which the fitted parameters are free
        facts: published shares by year
        priors: of the parameters that are fitted
    """
    chance, years = np.random.default_rng([1, number]), sorted(facts)
    names, spread = [prior.name for prior in priors], np.array([prior.spread for prior in priors])
    low, high = np.array([[declared(name)[1].low, declared(name)[1].high] for name in names], dtype=float).T
    shares = np.array([facts[year] for year in years]) + TOLERANCE * chance.normal(size=len(years))
    middle = np.array([prior.middle for prior in priors])
    moved = middle + spread * chance.normal(size=len(priors))

    def completed(vector: Floats) -> dict[str, float]:
        return {**values, **dict(zip(names, map(float, vector), strict=True))}

    def off(vector: Floats) -> Floats:
        runs = shares_of(scenario.drawn(completed(vector)), number + 1, years)
        return np.concatenate(((runs - shares) / TOLERANCE, (vector - moved) / spread))

    return completed(_least_squares(off, middle, spread, (low, high)))


def _least_squares(
    distances_at: Callable[[Floats], Floats], first: Floats, spread: Floats, bounds: tuple[Floats, Floats]
) -> Floats:
    """Return the vector with the smallest sum of squared distances, by Gauss-Newton steps within bounds."""
    from scipy.optimize import lsq_linear

    vector, tried = first, list[tuple[float, Floats]]()
    distances = distances_at(vector)
    for _ in range(STEPS):
        tried.append((float(distances @ distances), vector))
        moves = np.where(vector + MOVE * spread > bounds[1], -MOVE, MOVE) * spread
        slopes = np.stack([distances_at(vector + move) - distances for move in np.diag(moves)], axis=1) / moves
        low, high = bounds[0] - vector - 1e-9, bounds[1] - vector + 1e-9
        vector = np.clip(vector + lsq_linear(slopes, -distances, (low, high)).x, *bounds)
        distances = distances_at(vector)
    tried.append((float(distances @ distances), vector))
    return min(tried, key=lambda candidate: candidate[0])[1]
