"""Tasks in processes: their memory is released when they end, but not in the process of the user."""

from __future__ import annotations

import gc
import os
import weakref
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from sim.runs.parallel import tasks_of

pytestmark = [pytest.mark.simulates, pytest.mark.program]


class Circle:
    """Object that refers to itself, as a model and its agents refer to each other."""

    def __init__(self) -> None:
        self.itself = self


LEFT: list[weakref.ref[Circle]] = []


def leave() -> None:
    """Leave a circular reference."""
    LEFT.append(weakref.ref(Circle()))


def freed_as_by(process: int) -> bool:
    """Return whether the memory of a task is released when it ends, with this process as its parent."""
    gc.disable()
    for task, arguments, options in tasks_of(leave, [()]):
        task(process, *arguments[1:], **options)
    return LEFT[-1]() is None


def write_freed(parent: int, path: str) -> None:
    """Write to a file whether the memory is released."""
    with open(path, "w") as file:
        file.write(str(freed_as_by(parent)))


@pytest.mark.parametrize("own_process", [True, False])
def test_what_a_task_leaves_is_freed_in_a_process_of_its_own_alone(tmp_path, own_process):
    path = tmp_path / "freed"
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        apart.submit(_in_own if own_process else _for_another, str(path), os.getpid()).result()
    assert path.read_text() == str(not own_process)


def _in_own(path: str, _: int) -> None:
    write_freed(os.getpid(), path)


def _for_another(path: str, parent: int) -> None:
    write_freed(parent, path)
