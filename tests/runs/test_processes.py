"""Work in processes: what runs leave behind is freed as they go on, and not at every task."""

from __future__ import annotations

import gc
import weakref

import pytest

from sim import processes
from sim.processes import tasks_of


class Circle:
    """Something that knows itself, as a model and its agents know each other."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.parametrize(("pause", "freed"), [(0.0, True), (3600.0, False)])
def test_what_a_task_leaves_behind_is_freed_after_a_pause(monkeypatch, pause, freed):
    seen = []
    monkeypatch.setattr(processes, "PAUSE", pause)
    monkeypatch.setattr(processes, "_FREED", [processes.time.monotonic() - 1.0])
    gc.disable()
    try:
        for task, arguments, options in tasks_of(lambda: seen.append(weakref.ref(Circle())), [()]):
            task(*arguments, **options)
        assert (seen[0]() is None) == freed
    finally:
        gc.enable()
