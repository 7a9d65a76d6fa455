"""Screen parameter sets on the national counts: sets near the defaults with every count near the record.

Screening replaces a calibration until there is one; the sets ignore all other facts. Candidates are drawn around a centre
from a normal distribution, moved along the linear response of the counts towards the record, simulated, and accepted or
rejected by their counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.scores import national_counts
from sim.catalogue import targets
from sim.configuration import scenario
from sim.design.factors import prior_range
from sim.design.mechanisms import ITSELF
from sim.errors import InputError, is_one_of, shown, suggestion, whole_number
from sim.outcomes.schools import examinations
from sim.parameters import declared, uncertain
from sim.policy import Scenario
from sim.rules.arrays import Floats
from sim.runs.models import fixed_in, weights_by_model
from sim.runs.parallel import map_tasks
from sim.runs.run import simulate

SCENARIO = "historical"
"""Name of the scenario whose counts are screened, with recorded dates."""

WIDTH, STEP, SEEDS = 0.6, 0.35, (1, 2, 3)
"""Spread of candidates and step of the response [sd of the prior], and seeds of the mean response."""

NOISE, NEAR = 0.02, 0.03
"""Random spread of a count, and largest distance of the centre's counts from the record [log]."""

HALF_NORMAL = 0.6
"""Standard deviation of a half-normal prior over its scale, rounded."""

BATCH, MOST = 24, 600
"""Number of candidates that are simulated together, and maximum number of candidates."""

FIRST = {"school.rise": 0.35}
"""Start of the search for structures with a constant taste, in place of the default."""


@dataclass(frozen=True)
class _Space:
    """Uncertain parameters as vectors: names, minimum, maximum, and sd of the prior."""

    names: list[str]
    low: Floats
    high: Floats
    sd: Floats

    @classmethod
    def of_prior(cls) -> _Space:
        names = uncertain()
        low, high = np.array([prior_range(name) for name in names]).T
        spread = [declared(name)[1].spread for name in names]
        uniform = (high - low) / np.sqrt(12.0)
        sd = np.array([HALF_NORMAL * scale if scale else width for scale, width in zip(spread, uniform, strict=True)])
        return cls(names, low, high, sd)

    def within(self, vector: Floats) -> Floats:
        return np.clip(vector, self.low, self.high)

    def values(self, vector: Floats) -> dict[str, float]:
        return dict(zip(self.names, map(float, self.within(vector)), strict=True))


def screened(
    structure: str = ITSELF,
    *,
    sets: int = 40,
    tolerance: float = 0.08,
    seed: int = 7,
    jobs: int | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Return parameter sets whose national counts, from one run at the recorded dates, are all near the record.

    Args:
        structure: one of the averaged models; damped_taste is the model itself
        sets: number of sets
        tolerance: largest distance of each count from the record [log]
        seed: of the candidates
        jobs: number of processes; None for all cores
        progress: show progress bars

    Returns:
        One row per set, one column per uncertain parameter; parameters that the structure fixes are the same in every row.

    Raises:
        InputError: the structure is unknown, a number is out of range, or too few of 600 candidates are accepted

    >>> screened(sets=40).to_csv("configs/data/posterior.csv", index=False)  # doctest: +SKIP
    """
    structures = list(weights_by_model())
    if not is_one_of(structure, structures):
        raise InputError(
            f"unknown structure {shown(structure)}; there are {', '.join(structures)}{suggestion(structure, structures)}"
        )
    if not isinstance(tolerance, Real) or not 0.0 < tolerance < 1.0:
        raise InputError(f"`tolerance` must be a number between 0 and 1; got {shown(tolerance)}")
    whole_number("`sets`", sets, 1, MOST)
    fixed = fixed_in(structure)
    search = _Screening(fixed, jobs, structure if progress else None)
    centre, off, response = search.centred(FIRST if "school.taste" in fixed else {})
    accepted = search.accepted(centre, off, response, sets, float(tolerance), np.random.default_rng(seed))
    if len(accepted) < sets:
        raise InputError(
            f"only {len(accepted)} of {MOST} candidates are near enough to the record; use a `tolerance` above {tolerance:g}"
        )
    table = pd.DataFrame([search.space.values(vector) for vector in accepted]).map(lambda value: float(f"{value:.8g}"))
    return table.assign(**{name: float(value) for name, value in fixed.items() if name in table})


class _Screening:
    """The search for candidates around a centre."""

    def __init__(self, fixed: dict[str, Any], jobs: int | None, label: str | None) -> None:
        record = national_counts(targets())
        self.space, self.jobs, self.label = _Space.of_prior(), jobs, label
        self.scenario = scenario(SCENARIO, overrides={"setting.until": f"{record['year'].max()}-08"} | fixed)
        self.years, self.counted = tuple(record["year"]), np.log(record["value"].to_numpy())

    def off(self, points: list[tuple[Floats, int]]) -> Floats:
        """Return the logs of simulated over recorded counts, for vectors and seeds; shape (points, years)."""
        tasks = [(self.scenario.drawn(self.space.values(vector)), seed, self.years) for vector, seed in points]
        counts = map_tasks(_log_counts, tasks, self.jobs, self.scenario, self.label, "run")
        return np.array(counts) - self.counted

    def centred(self, first: dict[str, float]) -> tuple[Floats, Floats, Floats]:
        """Return a centre with counts near the record, their distances, and their response to each parameter.

        Returns:
            shapes (parameters,), (years,), (years, parameters); the response in logs a prior sd.
        """
        space = self.space
        centre = space.within(np.array([first.get(name, declared(name)[0]) for name in space.names], dtype=float))
        for _ in range(3):
            off = self.off([(centre, seed) for seed in SEEDS]).mean(axis=0)
            step = np.where(centre + STEP * space.sd > space.high, -STEP, STEP)
            moved = centre + np.diag(step * space.sd)
            responses = self.off([(vector, seed) for vector in moved for seed in SEEDS])
            response = ((responses.reshape(len(step), len(SEEDS), -1).mean(axis=1) - off) / step[:, None]).T
            if np.abs(off).max() < NEAR:
                break
            centre = space.within(centre + np.clip(-_towards(response) @ off, -0.8, 0.8) * space.sd)
        return centre, off, response

    def accepted(
        self, centre: Floats, off: Floats, response: Floats, wanted: int, tolerance: float, generator: np.random.Generator
    ) -> list[Floats]:  # fmt: skip
        """Return candidates with every count near the record, at most as many as wanted."""
        space, towards, accepted, tried = self.space, _towards(response), list[Floats](), 0
        while len(accepted) < wanted and tried < MOST:
            batch = []
            for _ in range(BATCH):
                drawn = space.within(centre + generator.normal(0.0, WIDTH, len(centre)) * space.sd)
                away = (drawn - centre) / space.sd
                away = away - towards @ (response @ away + off - generator.normal(0.0, NOISE, len(off)))
                batch.append(space.within(centre + away * space.sd))
            counts = self.off([(vector, 1000 + tried + place) for place, vector in enumerate(batch)])
            tried += BATCH
            accepted += [vector for vector, logs in zip(batch, counts, strict=True) if np.abs(logs).max() <= tolerance]
        return accepted[:wanted]


def _towards(response: Floats) -> Floats:
    """Return the smallest change of parameters [prior sd] that moves log counts by one; shape (parameters, years)."""
    return response.T @ np.linalg.inv(response @ response.T + NOISE**2 * np.eye(len(response)))


def _log_counts(scenario: Scenario, seed: int, years: tuple[int, ...]) -> Floats:
    """Return the logs of the national counts of a run; shape (years,)."""
    figures = examinations(simulate(scenario, seed).world)
    return np.log([figures[year]["examinees"].sum() for year in years])
