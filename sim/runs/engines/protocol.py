"""The form that the workers of every engine have."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from sim.errors import InputError

type Result = tuple[int, bytes]
"""Number of a task and its packed result."""


AHEAD = 2
"""Tasks for each worker that are sent before earlier ones end."""

PAUSE = 1.0
"""Time between two looks at the number of workers, which are messages to a cluster [s]."""

LOST = 60.0
"""Longest time without any worker during a study, on a cluster that someone else started [s]."""

CONTINUES = "runs that were stored are kept, and the same command continues"


@dataclass
class Watch:
    """Limit of the time without any worker, for one wait.

    Args:
        cluster: its name, for the message
        number: function that asks the cluster for its number of workers
        patience: longest time without any worker [s]; None: for ever, as in the queue of SLURM
    """

    cluster: str
    number: Callable[[], int]
    patience: float | None
    _last_seen: float = field(default_factory=time.monotonic)

    def require_workers(self) -> None:
        """Check that the cluster has workers, or had some a short time ago.

        Raises:
            InputError: no worker is left
        """
        now = time.monotonic()
        if self.number():
            self._last_seen = now
        elif self.patience is not None and now - self._last_seen > self.patience:
            raise InputError(f"no worker of {self.cluster} is left; start some, and start again: {CONTINUES}")


@dataclass
class Window:
    """Number of tasks that are sent before earlier ones end; it follows the number of workers.

    Args:
        number: function that asks a cluster for its number of workers
    """

    number: Callable[[], int]
    _workers: int = 0
    _refreshed: float = float("-inf")

    def workers(self) -> int:
        """Return the number of workers, not older than `PAUSE`."""
        now = time.monotonic()
        if now - self._refreshed > PAUSE:
            self._workers, self._refreshed = self.number(), now
        return self._workers

    def most(self) -> int:
        """Return the number of tasks, at least one."""
        return AHEAD * max(self.workers(), 1)


class Workers(Protocol):
    """Workers elsewhere that run packed tasks."""

    @property
    def number(self) -> int:
        """Number of workers at present."""

    def map(self, tasks: Iterator[bytes]) -> Iterator[Result]:
        """Run packed tasks, and yield number and packed result of each in the order in which they end.

        A task whose worker is lost runs again on another one. Tasks are read only as workers become free.

        Args:
            tasks: from `sim.runs.engines.packing.packed`

        Raises:
            InputError: the cluster does not answer any more
        """

    def on_each_machine(self, task: bytes) -> list[bytes]:
        """Run a packed task once on each machine, and return the packed results.

        Args:
            task: from `sim.runs.engines.packing.packed`
        """
