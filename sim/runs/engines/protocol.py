"""The form that the workers of every engine have."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

type Result = tuple[int, bytes]
"""Number of a task and its packed result."""


AHEAD = 2
"""Tasks for each worker that are sent before earlier ones end."""

PAUSE = 1.0
"""Time between two looks at the number of workers, which are messages to a cluster [s]."""

CONTINUES = "runs that were stored are kept, and the same command continues"


@dataclass
class Window:
    """Number of tasks that are sent before earlier ones end; it follows the number of workers.

    Args:
        number: function that asks a cluster for its number of workers
    """

    number: Callable[[], int]
    _most: int = 0
    _refreshed: float = float("-inf")

    def most(self) -> int:
        """Return the number of tasks, at least one."""
        now = time.monotonic()
        if now - self._refreshed > PAUSE:
            self._most, self._refreshed = AHEAD * max(self.number(), 1), now
        return self._most


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
