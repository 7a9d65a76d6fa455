"""Work on all cores: tasks in processes beside this one, what they need before they begin, and results as they come."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sim import jit as compiling
from sim.agents import classes_with
from sim.agents.kinds import NewKinds, new_kinds, received_kinds
from sim.agents.organisation import Organisation
from sim.declare import Outcome
from sim.design.points import Point
from sim.errors import InputError, whole_number
from sim.extensions import outcomes, received
from sim.phases.trust import talk
from sim.policy import Scenario
from sim.runs.interrupts import ends_with
from sim.runs.seed_runs import seed_result

MOST_JOBS = 1024
"""More processes than this are a slip of the finger, and would bring a machine down."""


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def compiled_before() -> bool:
    """Whether there is nothing to compile: no compiler, or one that finds what it made of the rules before."""
    return compiling.compiled_before(talk)


def processes(jobs: int | None) -> int:
    """Number of processes: as asked, or all cores.

    Raises:
        InputError: what is no number from 1
    """
    return cores() if jobs is None else whole_number("`jobs`", jobs, 1, MOST_JOBS)


def as_they_come(
    task: Callable[..., Any], arguments: Iterable[tuple[Any, ...]], runs: int, jobs: int, progress: str | None
) -> Iterator[Any]:
    """What a task gives for each of its arguments, in the order in which they end, with a bar over all runs."""
    from joblib import Parallel
    from tqdm import tqdm

    first = "starting" if compiled_before() else compiling.COMPILING
    bar = tqdm(total=runs, desc=first, unit="run", disable=progress is None, smoothing=0.05)
    with bar:
        for result in Parallel(n_jobs=jobs, return_as="generator_unordered", pre_dispatch="2*n_jobs")(
            tasks_of(task, arguments)
        ):
            bar.set_description(progress, refresh=False)
            bar.update(result.runs)
            yield result


def tasks_of(task: Callable[..., Any], arguments: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    """Return a task for each of its arguments, for processes that end with this one and know the user's outcomes and kinds."""
    from joblib import delayed

    return (delayed(_ending_with)(os.getpid(), (outcomes(), new_kinds()), task, *each) for each in arguments)


def _ending_with(
    parent: int, known: tuple[Mapping[str, Outcome], NewKinds], task: Callable[..., Any], *arguments: Any
) -> Any:
    ends_with(parent)
    if os.getpid() != parent:
        received(known[0])
        received_kinds(known[1], exactly=True)
    found = task(*arguments)
    if os.getpid() != parent:
        free()
    return found


def free() -> None:
    """Free what runs left behind in a process of its own; what is there by now stays, so that the next look is a short one.

    A model and its agents know each other, and Python collects such circles so rarely that a process would grow from run to
    run (`experiments.benchmarks.benchmark memory=1200` shows it).
    """
    gc.collect()
    if not gc.get_freeze_count():
        gc.freeze()


def deciders(kinds: dict[str, type[Organisation]] | None, jobs: int) -> dict[str, type[Organisation]]:
    """Return the classes that decide, so that another process, which knows of no registration in this one, has them too.

    Raises:
        InputError: an unknown kind, or for a class or an outcome of the user's that other processes cannot have
    """
    deciding = classes_with(kinds)
    if jobs > 1:
        fit_to_be_sent({f"the class that decides for {name}": decider for name, decider in deciding.items()})
        fit_to_be_sent({f"the outcome `{name}`": item for name, item in outcomes().items()})
    return deciding


def fit_to_be_sent(things: Mapping[str, Any]) -> None:
    """Raises InputError for what cannot be sent to another process, in one sentence that begins with its name."""
    from joblib.externals.loky.backend.reduction import dumps

    for name, thing in things.items():
        try:
            dumps(thing)
        except Exception as error:
            why = str(error).partition("\n")[0]
            raise InputError(f"{name} cannot be sent to other processes ({why}); say `jobs=1`") from None


def compile_apart(points: Sequence[Point], seeds: Sequence[int], jobs: int, progress: str | None = None) -> None:
    """Where several processes are to simulate and nothing is compiled yet, let one do it for all of them."""
    from tqdm import tqdm

    if jobs > 1 and not compiled_before():
        with tqdm(
            desc=compiling.COMPILING, total=1, bar_format="{desc}: {elapsed}", disable=progress is None, leave=False
        ):
            apart(seed_result, points[:: max(len(points) - 1, 1)], seeds[0])


def apart(task: Callable[..., object], *arguments: object) -> None:
    """Do a task in a process that ends with it, and takes the memory of the compiler along."""
    from joblib.externals.loky import ProcessPoolExecutor

    process = ProcessPoolExecutor(max_workers=1)
    try:
        process.submit(task, *arguments).result()
    finally:
        process.shutdown(kill_workers=True)


def map_tasks(
    task: Callable[..., Any],
    arguments: Sequence[tuple[Any, ...]],
    jobs: int | None,
    scenario: Scenario | None = None,
    label: str | None = "simulating",
    unit: str = "seed",
) -> list[Any]:
    """Run a task for each of its arguments on several processes, with a bar; results come in the order of the arguments.

    Args:
        task: what is to be done; it is sent to other processes
        arguments: of each task
        jobs: processes; None for all cores
        scenario: one that the task simulates, for what has to be compiled first; None: nothing is compiled first
        label: what the bar says; None for no bar
        unit: of what the bar counts

    Returns:
        What the task gives for each of its arguments.

    Raises:
        InputError: `jobs` is no number of processes
    """
    from joblib import Parallel
    from tqdm import tqdm

    jobs, results = min(processes(jobs), max(len(arguments), 1)), []
    if scenario is not None:
        compile_apart([Point({}, scenario)], [1], jobs, label)
    first = label if compiled_before() else compiling.COMPILING
    with tqdm(total=len(arguments), desc=first, unit=unit, disable=label is None) as bar:
        for result in Parallel(n_jobs=jobs, return_as="generator")(tasks_of(task, arguments)):
            bar.set_description(label, refresh=False)
            bar.update(1)
            results.append(result)
    return results


def results_as_they_end(task: Callable[..., Any], arguments: Iterable[tuple[Any, ...]], jobs: int) -> Iterator[Any]:
    """Run a task for each of its arguments on several processes and yield the results in the order in which they end.

    Args:
        task: what is to be done; it is sent to other processes
        arguments: of each task
        jobs: processes
    """
    from joblib import Parallel

    yield from Parallel(n_jobs=jobs, return_as="generator_unordered")(tasks_of(task, arguments))
