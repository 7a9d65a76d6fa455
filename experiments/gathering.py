"""What is asked of whole runs, gathered seed by seed on all cores."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from omegaconf import DictConfig

from experiments.starting import whole
from sim.policy import Scenario
from sim.runs.parallel import compile_apart, compiled_before, processes, tasks_of
from sim.runs.seed_runs import Point


def seeds_of(cfg: DictConfig) -> list[int]:
    """The seeds that a configuration asks for. Raises Mistake for a number that makes no sense."""
    first = whole(cfg, "first_seed")
    return list(range(first, first + whole(cfg, "seeds", 1)))


def gathered[T](task: Callable[[int], T], seeds: Sequence[int], jobs: int | None, case: Scenario) -> list[T]:
    """What a task gives for each seed, in their order, with a progress bar.

    Args:
        task: of a seed; it is sent to other processes
        seeds: of the luck
        jobs: processes; None for all cores
        case: a scenario that the task simulates, for what has to be compiled first
    """
    from joblib import Parallel
    from tqdm import tqdm

    jobs = min(processes(jobs), len(seeds))
    compile_apart([Point({}, case)], seeds, jobs, "simulating")
    with tqdm(total=len(seeds), desc="simulating" if compiled_before() else "compiling", unit="seed") as bar:
        found = []
        for each in Parallel(n_jobs=jobs, return_as="generator")(tasks_of(task, ((seed,) for seed in seeds))):
            bar.update(1)
            found.append(each)
    return found
