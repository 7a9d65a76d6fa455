"""Tasks on several processes: preparation, progress and results."""

from __future__ import annotations

import atexit
import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from sim.agents import classes_with
from sim.agents.kinds import NewKinds, new_kinds, received_kinds
from sim.agents.organisation import Organisation
from sim.declare import Outcome, users_outcomes
from sim.errors import InputError, whole_number
from sim.extensions import received
from sim.jit.first_compilation import COMPILING, compile_rules, compile_with_bar, compiled_before
from sim.policy import Scenario
from sim.progress import bar
from sim.runs.engines.current import workers
from sim.runs.engines.options import cores
from sim.runs.engines.packing import packed, run_packed, unpacked
from sim.runs.interrupts import end_with_parent

PROCESSES_HERE = "joblib._parallel_backends"
"""Module of joblib's own backends, whose processes this program starts and ends."""

SECONDS_OF_REST = 600
"""Time without a task after which the second process ends [seconds]."""

MOST_JOBS = 1024
"""Most processes; a greater number is a typing error that could stop the machine."""


def processes(jobs: int | None) -> int:
    """Return the number of processes.

    Args:
        jobs: number that the user gave; None for all cores, or all workers of the engine

    Raises:
        InputError: the number is not a whole number from 1
    """
    engine = workers()
    if jobs is None:
        return cores() if engine is None else max(engine.number, 1)
    return whole_number("`jobs`", jobs, 1, MOST_JOBS)


def as_they_come(
    task: Callable[..., Any], arguments: Iterable[tuple[Any, ...]], runs: int, jobs: int, progress: str | None
) -> Iterator[Any]:
    """Run a task for each of its arguments, and yield the results in the order in which they end, with a bar over all runs.

    Args:
        task: that simulates runs
        arguments: of each task
        runs: number of runs of all tasks
        jobs: processes
        progress: label of the progress bar; None for no bar
    """
    first = "starting" if compiled_before() else COMPILING
    with bar(total=runs, desc=first, unit="run", disable=progress is None, smoothing=0.05) as shown:
        for _, result in numbered_results(task, arguments, jobs):
            shown.set_description(progress, refresh=False)
            shown.update(result.runs)
            yield result


def numbered_results(
    task: Callable[..., Any], arguments: Iterable[tuple[Any, ...]], jobs: int, here: bool = False
) -> Iterator[tuple[int, Any]]:
    """Run a task for each of its arguments on the engine, and yield number and result of each as they end.

    Without an engine they run on processes of this machine, or on the backend of the user's `joblib.parallel_config`.

    Args:
        task: function that is sent to other processes
        arguments: of each task
        jobs: processes; an engine uses all its workers
        here: use processes of this machine, also with an engine
    """
    from joblib import Parallel, delayed
    from joblib.parallel import get_active_backend

    engine = workers()
    if engine is not None and not here:
        content = (packed(_run_elsewhere, (task, *each)) for each in arguments)
        yield from ((number, unpacked(result)) for number, result in engine.map(content))
        return
    backend = get_active_backend()[0]
    streams = "generator_unordered" if backend.supports_return_generator else "list"
    jobs = min(jobs, cores()) if engine is not None else jobs
    parallel = Parallel(n_jobs=jobs, return_as=streams, pre_dispatch="2*n_jobs")
    if type(backend).__module__ == PROCESSES_HERE:
        yield from parallel(tasks_of(partial(_numbered, task), ((n, *each) for n, each in enumerate(arguments))))
        return
    sent = (
        delayed(_numbered)(run_packed, n, packed(_run_elsewhere, (task, *each))) for n, each in enumerate(arguments)
    )
    yield from ((number, unpacked(result)) for number, result in parallel(sent))


def _numbered(task: Callable[..., Any], number: int, *arguments: Any) -> tuple[int, Any]:
    return number, task(*arguments)


def _run_elsewhere(task: Callable[..., Any], *arguments: Any) -> Any:
    """Run a task in a worker of an engine, and release its memory there."""
    result = task(*arguments)
    release_memory()
    return result


def tasks_of(task: Callable[..., Any], arguments: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    """Return a joblib task for each of the arguments.

    The processes end with this one, and have the user's outcomes and kinds.
    """
    from joblib import delayed

    return (delayed(_run_task)(os.getpid(), (users_outcomes(), new_kinds()), task, *each) for each in arguments)


def _run_task(
    parent: int, declared: tuple[Mapping[str, Outcome], NewKinds], task: Callable[..., Any], *arguments: Any
) -> Any:
    """Run a task in a process, with the user's outcomes and kinds of its parent."""
    end_with_parent(parent)
    if os.getpid() != parent:
        received(declared[0])
        received_kinds(declared[1], exactly=True)
    result = task(*arguments)
    if os.getpid() != parent:
        release_memory()
    return result


def in_second_process(task: Callable[..., Any], *arguments: Any) -> Any:
    """Run a task in a single process beside this one, and return its result; a process that ended is replaced once.

    The process starts at the first task, rests between tasks, and ends with this one.

    Args:
        task: function that is sent to the other process
        arguments: of the task
    """
    from joblib.externals.loky.process_executor import BrokenProcessPool

    def result() -> Any:
        sent = os.getpid(), (users_outcomes(), new_kinds()), task
        return _second_process().submit(_run_task, *sent, *arguments).result()

    try:
        return result()
    except BrokenProcessPool:
        _second_process.cache_clear()
        return result()


@lru_cache(maxsize=1)
def _second_process() -> Any:
    """Return the executor of one process; not the one that joblib shares between its calls, which would end this process."""
    from joblib.externals.loky import ProcessPoolExecutor

    executor = ProcessPoolExecutor(max_workers=1, timeout=SECONDS_OF_REST)
    atexit.register(executor.shutdown, wait=True, kill_workers=True)  # else it complains as this process ends
    return executor


_FROZEN: list[bool] = []
"""True once the surviving objects of this process are excluded; to count them would take as long as a collection."""


def release_memory() -> None:
    """Release the memory of past runs in a worker process; objects that survive are excluded from later collections.

    A model and its agents refer to each other, and Python collects such cycles so rarely that a process would grow from run
    to run (`experiments.benchmarks.benchmark memory=1200` shows it).
    """
    gc.collect()
    if not _FROZEN:
        gc.freeze()
        _FROZEN.append(True)


def deciders(kinds: dict[str, type[Organisation]] | None, jobs: int) -> dict[str, type[Organisation]]:
    """Return the classes that decide, to be sent to other processes, which have no registrations of their own.

    Args:
        kinds: classes that decide in place of the kinds' own, by name of the kind
        jobs: processes

    Raises:
        InputError: a kind is unknown, or a class or an outcome of the user's cannot be sent to other processes
    """
    deciding = classes_with(kinds)
    if jobs > 1 or workers() is not None:
        fit_to_be_sent({f"the class that decides for {name}": decider for name, decider in deciding.items()})
        fit_to_be_sent({f"the outcome `{name}`": item for name, item in users_outcomes().items()})
    return deciding


def fit_to_be_sent(things: Mapping[str, Any]) -> None:
    """Check that objects can be sent to another process.

    Args:
        things: objects by name

    Raises:
        InputError: an object cannot be sent; the message begins with its name
    """
    from joblib.externals.loky.backend.reduction import dumps

    for name, thing in things.items():
        try:
            dumps(thing)
        except Exception as error:
            reason = str(error).partition("\n")[0]
            raise InputError(f"{name} cannot be sent to other processes ({reason}); use `jobs=1`") from None


def compile_first(progress: bool = True) -> None:
    """Compile the rules before anything is simulated, unless they were compiled before; on an engine, once on each machine.

    Args:
        progress: show a bar
    """
    engine = workers()
    if engine is None:
        compile_with_bar(progress)
        return
    for failures in engine.on_each_machine(packed(compile_rules, ())):
        unpacked(failures)


def map_tasks(
    task: Callable[..., Any],
    arguments: Sequence[tuple[Any, ...]],
    jobs: int | None,
    scenario: Scenario | None = None,
    label: str | None = "simulating",
    unit: str = "seed",
    *,
    here: bool = False,
) -> list[Any]:
    """Run a task for each of its arguments on several processes, with a progress bar.

    Args:
        task: function that is sent to other processes
        arguments: of each task
        jobs: processes; None for all cores
        scenario: a scenario of the task, with which the rules are compiled first; None: nothing is compiled first
        label: of the progress bar; None for no bar
        unit: that the progress bar counts
        here: use processes of this machine, also with an engine, for tasks that simulate nothing

    Returns:
        The results, in the order of the arguments.

    Raises:
        InputError: `jobs` is not a number of processes
    """
    jobs, results = min(processes(jobs), max(len(arguments), 1)), dict[int, Any]()
    if scenario is not None:
        compile_first(label is not None)
    first = label if compiled_before() else COMPILING
    with bar(total=len(arguments), desc=first, unit=unit, disable=label is None) as shown:
        for number, result in numbered_results(task, arguments, jobs, here):
            results[number] = result
            shown.set_description(label, refresh=False)
            shown.update(1)
    return [results[number] for number in range(len(arguments))]


def results_as_they_end(task: Callable[..., Any], arguments: Iterable[tuple[Any, ...]], jobs: int) -> Iterator[Any]:
    """Run a task for each of its arguments on several processes and yield the results in the order in which they end.

    Args:
        task: function that is sent to other processes
        arguments: of each task
        jobs: processes
    """
    yield from (result for _, result in numbered_results(task, arguments, jobs))
