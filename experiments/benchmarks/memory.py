"""Memory of this process and of its workers, looked at while something else is done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pandas as pd

from sim.commands import install
from sim.errors import Mistake

from .memory_growth import PARENT, WORKER

NO_WORKER = "resource_tracker"
"""What stands in the command of a process that joblib keeps beside its workers."""

MB = 1e6
"""Bytes."""


def reader() -> ModuleType:
    """The library that knows the memory of processes. Raises Mistake where it is not installed."""
    try:
        import psutil
    except ImportError:
        why = f"it needs the extra `dev`: {install('dev')}"
        raise Mistake(f"memory is read by psutil, which is not installed; {why}") from None
    return psutil


class Watch:
    """Looks at the resident memory of this process and of its workers every so often, from entering to leaving.

    Args:
        done: how many runs are done by now
        every: pause between two looks [s]

    Raises Mistake where psutil is not installed.
    """

    def __init__(self, done: Callable[[], float], every: float = 0.5) -> None:
        self.psutil, self.done, self.every = reader(), done, every
        self.parent = self.psutil.Process()
        self.names: dict[Any, str] = {}
        self.rows: list[tuple[float, int, str, float]] = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.looking, daemon=True)

    def __enter__(self) -> Watch:
        """Begin to look."""
        self.began = time.perf_counter()
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look once more, and end."""
        self.ended.set()
        self.thread.join()
        self.look()

    def looking(self) -> None:
        """Look, and look again, until it is over."""
        self.look()
        while not self.ended.wait(self.every):
            self.look()

    def look(self) -> None:
        """Note what every process holds now."""
        second, runs = time.perf_counter() - self.began, int(self.done())
        for process in (self.parent, *self.parent.children()):
            try:
                name = self.name_of(process)
                if name:
                    self.rows.append((second, runs, name, process.memory_info().rss / MB))
            except self.psutil.Error:  # it has ended meanwhile
                continue

    def name_of(self, process: Any) -> str:
        """A process by its role, workers in the order in which they were seen; empty for one that does not simulate."""
        if process not in self.names:
            workers = sum(name.startswith(WORKER) for name in self.names.values())
            helping = NO_WORKER in " ".join(process.cmdline())
            self.names[process] = PARENT if process == self.parent else "" if helping else f"{WORKER} {workers + 1}"
        return self.names[process]

    @property
    def samples(self) -> pd.DataFrame:
        """What was seen: a row a moment and process, columns `second` [s], `runs`, `process`, `memory` [MB].

        A process that had ended before any run was done simulated none (it compiled), and is left out.
        """
        seen = pd.DataFrame(self.rows, columns=["second", "runs", "process", "memory"])
        if not seen["runs"].any():
            return seen
        return seen[seen.groupby("process")["runs"].transform("max") > 0].reset_index(drop=True)
