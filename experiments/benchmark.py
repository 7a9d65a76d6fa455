"""How fast is it: ms a run, phase by phase, runs a second, memory, scaling, and the ratio to a yardstick.

python -m experiments.benchmark
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from typing import Any

import hydra
import numpy as np
from omegaconf import DictConfig

from experiments.starting import case_of, folder_of, spoken, start, whole
from sim.compiling import COMPILED
from sim.configuration import configs
from sim.designs import Point
from sim.ensembles import results
from sim.histories import Histories
from sim.model import CollaborationModel
from sim.outcomes import judged
from sim.phases import MONTH
from sim.policy import Scenario
from sim.processes import processes
from sim.store import environment, writable, written
from sim.world.organisations import KINDS

ORGANISATIONS = ("foundation", "business", "ngo", "academia", "local_authority")


def timed(act: Callable[[int], Any], repeats: int) -> float:
    """Median time of an act over seeds [ms]."""
    act(0)
    spent = []
    for seed in range(1, repeats + 1):
        begin = time.perf_counter()
        act(seed)
        spent.append(1000.0 * (time.perf_counter() - begin))
    return median(spent)


def whole_run(case: Scenario) -> Callable[[int], Any]:
    """A run from nothing to its outcomes, for a seed."""
    return lambda seed: judged(CollaborationModel(case, seed).run_until_month(case.last_month + 1).world)


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
    """A fixed amount of NumPy and Python work, about as mixed as a run: the unit in which runs are compared."""
    values = np.linspace(0.0, 1.0, 4000)
    for _ in range(500):
        values = np.sqrt(values * values + 1e-6)
    return float(values.sum()) + sum(k * k for k in range(50000))


def many(case: Scenario, repeats: int, jobs: int) -> float:
    """Runs a second on some processes, without any shared history, workers already started."""
    list(results([Point({}, case)], range(jobs * 2), jobs))
    begin = time.perf_counter()
    number = sum(len(found.rows) for found in results([Point({}, case)], range(repeats * jobs), jobs))
    return number / (time.perf_counter() - begin)


def forking(case: Scenario, repeats: int) -> tuple[float, float]:
    """Runs a second on one process over five facilitations and four timings: straight, and with shared history."""
    cases = [
        replace(case.with_({"backbone.facilitation": facilitation}), policy=case.policy.shifted(months))
        for facilitation in (0.0, 0.25, 0.5, 0.75, 1.0)
        for months in (-12, 0, 12, 36)
    ]
    rates = []
    for together in (False, True):
        begin, seeds = time.perf_counter(), range(1, max(repeats // 10, 1) + 1)
        for seed in seeds:
            if together:
                Histories(seed).worlds(cases)
            else:
                for one in cases:
                    Histories(seed).worlds([one])
        rates.append(len(cases) * len(seeds) / (time.perf_counter() - begin))
    return rates[0], rates[1]


def larger(case: Scenario) -> tuple[Scenario, Scenario]:
    """The same with ten times the organisations at equal degree, and with ten times the schools."""
    numbers = {f"kinds.{k}.number": 10 * case.parameters[f"kinds.{k}.number"] for k in KINDS if k in ORGANISATIONS}
    return case.with_(numbers, "10 x organisations"), case.with_({"setting.scale": 10}, "10 x schools")


def memory() -> float:
    """Peak memory of this process [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


@hydra.main(version_base="1.3", config_path=str(configs() / "experiment"), config_name="benchmark")
@spoken
def main(cfg: DictConfig) -> None:
    """Measure and print; keep the figures."""
    repeats, case, jobs = whole(cfg, "repeats", 1), case_of(cfg), processes(cfg.jobs)
    folder = writable(folder_of(cfg))
    unit, one = timed(yardstick, repeats), timed(whole_run(case), repeats)
    phases = by_phase(case, max(repeats // 3, 1))
    peak = memory()
    rate = many(case, repeats, jobs)
    straight, shared = forking(case.with_({"ministry.mode": "emergent"}), repeats)
    organisations, schools = (timed(whole_run(big), 2) for big in larger(case))
    figures = {
        "compiled": COMPILED,
        "ms a run, warm, one core (median)": one,
        "yardstick [ms]": unit,
        "run over yardstick": one / unit,
        f"runs a second on {jobs} processes, no shared history": rate,
        "runs a second on one process, 20 futures, straight": straight,
        "the same with shared history": shared,
        "memory of this process after runs [MB]": peak,
        "10 x organisations, time over": organisations / one,
        "10 x schools, time over": schools / one,
    } | {f"phase {name} [ms a run]": spent for name, spent in phases.items()}
    for name, value in figures.items():
        print(f"{name:56s} {value:10.2f}" if not isinstance(value, bool) else f"{name:56s} {value!s:>10s}")
    written(
        folder / "benchmark.json", json.dumps({"figures": figures, "environment": environment()}, indent=1).encode()
    )


if __name__ == "__main__":
    start(main, "benchmark")
