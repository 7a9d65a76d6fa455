"""Times of runs: warm, one by one, phase by phase, on several processes, and of a yardstick."""

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
from sim.runs.engines.current import opened
from sim.runs.engines.options import Engine
from sim.runs.ensemble import results
from sim.runs.parallel import map_tasks, tasks_of
from sim.runs.shared_history import Histories

PATIENCE = 300
"""Longest wait for processes to start [s]; the first may have to compile."""


def time_of(act: Callable[[int], Any], seed: int) -> float:
    """Return the time of an act at a seed [ms]."""
    begin = time.perf_counter()
    act(seed)
    return 1000.0 * (time.perf_counter() - begin)


def median_time(act: Callable[[int], Any], repeats: int) -> float:
    """Return the median time of an act over seeds, warm [ms]."""
    act(0)
    return median(time_of(act, seed) for seed in range(1, repeats + 1))


def alternating_times(
    first_act: Callable[[int], Any], second_act: Callable[[int], Any], repeats: int
) -> tuple[float, float]:
    """Return the median times of two acts over seeds, warm and by turns, so that both meet the same load [ms]."""
    first_act(0), second_act(0)
    pairs = [(time_of(first_act, seed), time_of(second_act, seed)) for seed in range(1, repeats + 1)]
    return median(first for first, _ in pairs), median(second for _, second in pairs)


def whole_run(scenario: Scenario) -> Callable[[int], Any]:
    """Return a function that runs the model for a seed and computes its outcomes."""
    return lambda seed: all_outcomes(CollaborationModel(scenario, seed).run_until_month(scenario.last_month + 1).world)


def by_phase(scenario: Scenario, repeats: int) -> dict[str, float]:
    """Return the mean time of building and of each phase in a run [ms]."""
    times = dict.fromkeys(["build", *(phase.__name__ for phase, _ in MONTH)], 0.0)
    for seed in range(1, repeats + 1):
        begin = time.perf_counter()
        model = CollaborationModel(scenario, seed)
        times["build"] += time.perf_counter() - begin
        while model.world.month <= scenario.last_month:
            model.earlier, model.parameters = model.parameters, model.schedule.at(model.world.month)
            for phase, _ in MONTH:
                begin = time.perf_counter()
                model.world = phase(model)
                times[phase.__name__] += time.perf_counter() - begin
    return {name: 1000.0 * seconds / repeats for name, seconds in times.items()}


def yardstick(_: int) -> float:
    """Do a fixed amount of NumPy and Python work, as mixed as a run: the unit for comparing runs; return its result."""
    values = np.linspace(0.0, 1.0, 4000)
    for _ in range(500):
        values = np.sqrt(values * values + 1e-6)
    return float(values.sum()) + sum(k * k for k in range(50000))


def process_counts(jobs: int) -> list[int]:
    """Return the numbers of processes to try: powers of two, and all.

    >>> process_counts(1), process_counts(2), process_counts(12)
    ([1], [1, 2], [1, 2, 4, 8, 12])
    """
    return [*(2**k for k in range(jobs.bit_length()) if 2**k < jobs), jobs]


def rates(scenario: Scenario, repeats: int, jobs: int) -> dict[int, float]:
    """Return runs a second by the number of processes; one is this process itself, without messages between processes."""
    return {number: rate_on(scenario, repeats, number) for number in process_counts(jobs)}


def rate_on(scenario: Scenario, repeats: int, jobs: int) -> float:
    """Return runs a second on some processes, without shared history, workers already started."""
    start_workers(scenario, jobs)
    begin = time.perf_counter()
    number = sum(seed_result.complete for seed_result in results([Point({}, scenario)], range(repeats * jobs), jobs))
    return number / (time.perf_counter() - begin)


def start_workers(scenario: Scenario, jobs: int) -> None:
    """Start so many processes, each with one run done.

    Raises:
        InputError: some do not start in time
    """
    from joblib import Parallel

    process_ids, began = set[int](), time.monotonic()
    while len(process_ids) < jobs:
        if time.monotonic() - began > PATIENCE:
            raise InputError(
                f"{len(process_ids)} of {jobs} processes started within {PATIENCE} seconds; give fewer `jobs`"
            )
        tasks = tasks_of(run_and_rest, [(scenario, seed) for seed in range(2 * jobs)])
        process_ids |= set(Parallel(n_jobs=jobs, batch_size=1)(tasks))


def run_and_rest(scenario: Scenario, seed: int) -> int:
    """Simulate a run, pause so that the next goes to another process, and return the number of this process."""
    whole_run(scenario)(seed)
    time.sleep(0.1)
    return os.getpid()


def efficiency(rates: Mapping[int, float]) -> dict[int, float]:
    """Return runs a second of each number of processes, divided by as many times those of one [share].

    >>> efficiency({1: 5.0, 2: 9.0})
    {1: 1.0, 2: 0.9}
    """
    return {number: rate / (number * rates[1]) for number, rate in rates.items()}


def shared_history_rates(scenario: Scenario, repeats: int) -> tuple[float, float]:
    """Return runs a second on one process over five facilitations and four timings: separately, and with shared history."""
    scenarios = [
        replace(scenario.with_({"backbone.facilitation": facilitation}), policy=scenario.policy.shifted(months))
        for facilitation in (0.0, 0.25, 0.5, 0.75, 1.0)
        for months in (-12, 0, 12, 36)
    ]
    measured = []
    for together in (False, True):
        begin, seeds = time.perf_counter(), range(1, max(repeats // 10, 1) + 1)
        for seed in seeds:
            if together:
                Histories(seed).worlds(scenarios)
            else:
                for point in scenarios:
                    Histories(seed).worlds([point])
        measured.append(len(scenarios) * len(seeds) / (time.perf_counter() - begin))
    return measured[0], measured[1]


def engine_overhead(engine: Engine | None, tasks: int, jobs: int) -> dict[str, float]:
    """Return by printed names the time until an engine answers, and the time of a task that computes nothing.

    Args:
        engine: where the tasks run; None: processes of this machine
        tasks: number of tasks after the engine has started
        jobs: processes of this machine, if there is no engine

    Raises:
        InputError: the engine cannot be used
    """
    begin = time.perf_counter()
    with opened(engine):
        map_tasks(abs, [(-number,) for number in range(jobs)], jobs, label=None)
        started, cpu = time.perf_counter(), time.process_time()
        map_tasks(abs, [(-number,) for number in range(tasks)], jobs, label=None)
        ended, cpu_ended = time.perf_counter(), time.process_time()
    return {
        "start of the engine, with its first tasks [s]": started - begin,
        "a task [ms]": 1000.0 * (ended - started) / tasks,
        "CPU time of this program for a task [ms]": 1000.0 * (cpu_ended - cpu) / tasks,
    }
