"""The first compilation on a machine: all recorded functions, on all cores, with a bar."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO

from sim.jit.signatures import RECORDED, decoded, recorded
from sim.jit.steps import COMPILED, Step, step_named
from sim.jit.store import folder, machine, writable
from sim.progress import bar

COMPILING = "compiling the rules, once"
"""Label of the bar."""

type Report = Callable[[int, int, float], None]
"""Takes the functions compiled, the functions in all, and the seconds left (-1 before the first is compiled)."""

WORKER = "import sys; sys.path[:] = {path!r}; from sim.jit.first_compilation import serve; serve(sys.stdin, sys.stdout)"
"""Program of a process that compiles."""

MOST_WORKERS = 16
"""Most processes that compile; more would wait for the longest chain of functions."""


def _done_mark() -> Path:
    """Return the file that says that every recorded function is compiled for this processor and these versions."""
    return folder() / f"complete-{machine()}-{sha256(RECORDED.read_bytes()).hexdigest()[:8]}"


def compiled_before() -> bool:
    """Return whether nothing is left to compile: there is no compiler, or every recorded function is stored."""
    return not COMPILED or _done_mark().exists()


def compiled_seconds() -> float | None:
    """Return the time of the first compilation on this machine [s]; None if it was not written."""
    try:
        return float(_done_mark().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def lacking() -> dict[int, Step]:
    """Return the recorded functions that are not stored, by their place in the list; unknown ones are left out."""
    from numba.core.registry import cpu_target

    context, steps = cpu_target.target_context, dict[int, Step]()
    context.refresh()
    for place, (name, arguments) in enumerate(recorded()):
        with suppress(KeyError, AttributeError, ImportError):
            step, types = step_named(name), [decoded(each) for each in arguments]
            if not step.stored.file(types, context).exists():
                steps[place] = step
    return steps


@dataclass
class Queue:
    """Functions that are to be compiled; one is handed out when all functions that it calls are compiled.

    Args:
        steps: by their place in the recorded list
        report: called after each function
    """

    steps: dict[int, Step]
    report: Report | None
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.began, self.total, self.done = time.monotonic(), len(self.steps), 0
        self.waiting, self.changed = dict(self.steps), threading.Condition()
        self.at_work: dict[int, Step] = {}
        self.height = heights(set(self.steps.values()))

    def next(self) -> int | None:
        """Return the place of the next function, as soon as there is one; None when nothing is left."""
        with self.changed:
            while self.waiting:
                unfinished = {*self.waiting.values(), *self.at_work.values()}
                ready = [
                    n for n, step in self.waiting.items() if unfinished.isdisjoint({*step.needs.values()} - {step})
                ]
                if ready or not self.at_work:  # functions that call each other are never ready
                    place = max(ready or self.waiting, key=lambda n: (self.height[self.steps[n]], -n))
                    self.at_work[place] = self.waiting.pop(place)
                    return place
                self.changed.wait()
        return None

    def finished(self, place: int, problem: str = "") -> None:
        """Count a function as compiled, or as failed."""
        with self.changed:
            del self.at_work[place]
            self.done += 1
            if problem:
                self.failures.append(f"{self.steps[place].name}: {problem}")
            if self.report is not None:
                passed = time.monotonic() - self.began
                self.report(self.done, self.total, passed / self.done * (self.total - self.done))
            self.changed.notify_all()


def heights(steps: set[Step]) -> dict[Step, int]:
    """Return how many functions stand on each function in its longest chain of callers."""
    callers: dict[Step, list[Step]] = {step: [] for step in steps}
    for step in steps:
        for needed in step.needs.values():
            callers.setdefault(needed, []).append(step)
    height: dict[Step, int] = {}

    def of(step: Step) -> int:
        if step not in height:
            height[step] = 0
            height[step] = 1 + max((of(caller) for caller in callers.get(step, ())), default=0)
        return height[step]

    return {step: of(step) for step in steps}


def compile_rules(report: Report | None = None, workers: int | None = None) -> list[str]:
    """Compile every recorded function that is not stored, on all cores; what was compiled is kept if this is interrupted.

    Args:
        report: called after each function
        workers: processes; None for all cores

    Returns:
        A sentence for each function that failed, which is compiled at its first use.
    """
    if compiled_before() or not writable():
        return []
    with _alone(), _processes(min(workers or _cores(), MOST_WORKERS)) as processes:
        queue = Queue(lacking(), report)
        if queue.total and not processes:
            queue.failures.append("no process could be started to compile")
        elif queue.total:
            if report is not None:
                report(0, queue.total, -1.0)
            _share_out(queue, processes)
        if not queue.failures and not queue.waiting:
            with suppress(OSError):
                _done_mark().write_text(f"{time.monotonic() - queue.began:.0f}\n", encoding="utf-8")
    return queue.failures


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _processes(number: int) -> Iterator[list[Any]]:
    """Yield processes that compile, as many as can be started; they load the compiler while this one looks for what lacks."""
    command = [sys.executable, "-c", WORKER.format(path=[str(Path(each).resolve()) for each in sys.path])]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    processes: list[Any] = []
    try:
        with suppress(OSError):
            for _ in range(number):
                processes.append(subprocess.Popen(command, **pipes))  # type: ignore[call-overload]
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()


def _share_out(queue: Queue, processes: list[Any]) -> None:
    """Have processes compile all functions of a queue."""
    threads = [threading.Thread(target=_feed, args=(queue, each), daemon=True) for each in processes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _feed(queue: Queue, process: Any) -> None:
    """Hand functions to a process until nothing is left, or until the process ends."""
    while (place := queue.next()) is not None:
        answer = ""
        with suppress(OSError, ValueError):
            process.stdin.write(f"{place}\n")
            process.stdin.flush()
            answer = process.stdout.readline().strip()
        queue.finished(place, "" if answer == "done" else answer or "the process that compiled it ended")
        if not answer:
            return


def serve(places: TextIO, answers: TextIO) -> None:
    """Compile recorded functions by their place in the list, as lines of text ask for, and answer each."""
    for name, arguments in recorded():  # everything is loaded before the first is asked for
        with suppress(Exception):  # said when the function is asked for
            step_named(name), [decoded(each) for each in arguments]
    for line in places:
        name, arguments = recorded()[int(line)]
        try:
            step_named(name).compile([decoded(each) for each in arguments])
            answer = "done"
        except Exception as error:
            answer = f"{type(error).__name__} {error}".splitlines()[0]
        answers.write(f"{answer}\n")
        answers.flush()


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other process compiles into the same folder, where the system has locks of files."""
    try:
        import fcntl

        with (folder() / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except (ImportError, OSError):
        yield


def compile_with_bar(shown: bool = True) -> None:
    """Compile what is not stored, with a bar of functions and seconds left on the terminal.

    Args:
        shown: whether the bar is shown
    """
    if compiled_before():
        return
    if not writable():
        sys.stderr.write(f"{COMPILING} a process (a minute or two) ...\n")
        return
    words = "{desc}: {n_fmt} of {total_fmt} functions |{bar:20}| {remaining} left"
    with bar(
        desc=COMPILING, total=len(recorded()), bar_format=words, disable=not shown, leave=False, smoothing=0
    ) as functions:

        def report(done: int, total: int, _: float) -> None:
            functions.total = total
            functions.update(done - functions.n)

        failures = compile_rules(report)
    for failure in failures[:1]:
        sys.stderr.write(
            f"not every rule could be compiled beforehand ({failure}); the rest is compiled at its first use\n"
        )
