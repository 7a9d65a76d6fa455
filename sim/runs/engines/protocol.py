"""The form that the workers of every engine have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

type Result = tuple[int, bytes]
"""Number of a task and its packed result."""


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
