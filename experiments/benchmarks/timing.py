"""How long runs take: warm and one by one, phase by phase, on several processes, and beside a yardstick."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np

from sim.design.points import Point
from sim.errors import InputError
from sim.model import CollaborationModel
from sim.outcomes import all_outcomes
from sim.phases import MONTH
from sim.policy import Scenario
from sim.runs.ensemble import results
from sim.runs.parallel import tasks_of
from sim.runs.shared_history import Histories
from sim.world.organisations import KINDS

PATIENCE = 300
"""So long processes have to come to work [s]; the first of them may have to compile."""

ORGANISATIONS = ("foundation", "business", "ngo", "academia", "local_authority")


def spent_on(act: Callable[[int], Any], seed: int) -> float:
    """Time of an act at a seed [ms]."""
    begin = time.perf_counter()
    act(seed)
    return 1000.0 * (time.perf_counter() - begin)


def timed(act: Callable[[int], Any], repeats: int) -> float:
    """Median time of an act over seeds, warm [ms]."""
    act(0)
    return median(spent_on(act, seed) for seed in range(1, repeats + 1))


def by_turns(one: Callable[[int], Any], other: Callable[[int], Any], repeats: int) -> tuple[float, float]:
    """Median times of two acts over seeds, warm, taken by turns so that both meet the machine in the same state [ms]."""
    one(0), other(0)
    pairs = [(spent_on(one, seed), spent_on(other, seed)) for seed in range(1, repeats + 1)]
    return median(first for first, _ in pairs), median(second for _, second in pairs)


def whole_run(case: Scenario) -> Callable[[int], Any]:
    """Return a run from nothing to its outcomes, for a seed."""
    return lambda seed: all_outcomes(CollaborationModel(case, seed).run_until_month(case.last_month + 1).world)


def by_phase(case: Scenario, repeats: int) -> dict[str, float]:
    """Mean time of building and of each phase in a run [ms]."""
    spent = dict.fromkeys(["build", *(phase.__name__ for phase, _ in MONTH)], 0.0)
    for seed in range(1, repeats + 1):
        begin = time.perf_counter()
        model = CollaborationModel(case, seed)
        spent["build"] += time.perf_counter() - begin
        while model.world.month <= case.last_month:
            model.earlier, model.parameters = model.parameters, model.schedule.at(model.world.month)
            for phase, _ in MONTH:
                begin = time.perf_counter()
                model.world = phase(model)
                spent[phase.__name__] += time.perf_counter() - begin
    return {name: 1000.0 * seconds / repeats for name, seconds in spent.items()}


def yardstick(_: int) -> float:
    """Return a fixed amount of NumPy and Python work, about as mixed as a run: the unit in which runs are compared."""
    values = np.linspace(0.0, 1.0, 4000)
    for _ in range(500):
        values = np.sqrt(values * values + 1e-6)
    return float(values.sum()) + sum(k * k for k in range(50000))


def steps(jobs: int) -> list[int]:
    """Numbers of processes to be tried: doubled from one, and all of them.

    >>> steps(1), steps(2), steps(12)
    ([1], [1, 2], [1, 2, 4, 8, 12])
    """
    return [*(2**k for k in range(jobs.bit_length()) if 2**k < jobs), jobs]


def rates(case: Scenario, repeats: int, jobs: int) -> dict[int, float]:
    """Runs a second by the number of processes; one is this process itself, without any message between processes."""
    return {number: many(case, repeats, number) for number in steps(jobs)}


def many(case: Scenario, repeats: int, jobs: int) -> float:
    """Runs a second on some processes, without any shared history, workers already started."""
    warm(case, jobs)
    begin = time.perf_counter()
    number = sum(found.complete for found in results([Point({}, case)], range(repeats * jobs), jobs))
    return number / (time.perf_counter() - begin)


def warm(case: Scenario, jobs: int) -> None:
    """Bring so many processes to work, each with a run behind it.

    Raises:
        InputError: some never come
    """
    from joblib import Parallel

    here, began = set[int](), time.monotonic()
    while len(here) < jobs:
        if time.monotonic() - began > PATIENCE:
            raise InputError(
                f"{len(here)} of {jobs} processes came to work within {PATIENCE} seconds; give fewer `jobs`"
            )
        tasks = tasks_of(visited, [(case, seed) for seed in range(2 * jobs)])
        here |= set(Parallel(n_jobs=jobs, batch_size=1)(tasks))


def visited(case: Scenario, seed: int) -> int:
    """Return a run, and a rest that leaves the next one to another process; the number of the process that did it."""
    whole_run(case)(seed)
    time.sleep(0.1)
    return os.getpid()


def efficiency(rates: Mapping[int, float]) -> dict[int, float]:
    """Runs a second of each number of processes, over so many times those of one [share].

    >>> efficiency({1: 5.0, 2: 9.0})
    {1: 1.0, 2: 0.9}
    """
    return {number: rate / (number * rates[1]) for number, rate in rates.items()}


def forking(case: Scenario, repeats: int) -> tuple[float, float]:
    """Runs a second on one process over five facilitations and four timings: straight, and with shared history."""
    cases = [
        replace(case.with_({"backbone.facilitation": facilitation}), policy=case.policy.shifted(months))
        for facilitation in (0.0, 0.25, 0.5, 0.75, 1.0)
        for months in (-12, 0, 12, 36)
    ]
    found = []
    for together in (False, True):
        begin, seeds = time.perf_counter(), range(1, max(repeats // 10, 1) + 1)
        for seed in seeds:
            if together:
                Histories(seed).worlds(cases)
            else:
                for one in cases:
                    Histories(seed).worlds([one])
        found.append(len(cases) * len(seeds) / (time.perf_counter() - begin))
    return found[0], found[1]


def larger(case: Scenario) -> tuple[Scenario, Scenario]:
    """Return the same with ten times the organisations at equal degree, and with ten times the schools."""
    numbers = {f"kinds.{k}.number": 10 * case.parameters[f"kinds.{k}.number"] for k in KINDS if k in ORGANISATIONS}
    return case.with_(numbers, "10 x organisations"), case.with_({"setting.scale": 10}, "10 x schools")
