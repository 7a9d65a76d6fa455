"""Work in processes: what a task leaves behind is freed as it ends, but not in the process of the user."""

from __future__ import annotations

import gc
import os
import weakref

import pytest

from sim.runs.parallel import run_in_new_process, tasks_of


class Circle:
    """Something that knows itself, as a model and its agents know each other."""

    def __init__(self) -> None:
        self.itself = self


LEFT: list[weakref.ref[Circle]] = []


def leave() -> None:
    """Leave a circle behind."""
    LEFT.append(weakref.ref(Circle()))


def freed_as_by(process: int) -> bool:
    """Whether what a task left is freed when it ends, with this process as the one that asked for it."""
    gc.disable()
    for task, arguments, options in tasks_of(leave, [()]):
        task(process, *arguments[1:], **options)
    return LEFT[-1]() is None


def told(asking: int, path: str) -> None:
    """Write what comes of it."""
    with open(path, "w") as file:
        file.write(str(freed_as_by(asking)))


@pytest.mark.parametrize("mine", [True, False])
def test_what_a_task_leaves_is_freed_in_a_process_of_its_own_alone(tmp_path, mine):
    path = tmp_path / "freed"
    run_in_new_process(_in_own if mine else _for_another, str(path), os.getpid())
    assert path.read_text() == str(not mine)


def _in_own(path: str, _: int) -> None:
    told(os.getpid(), path)


def _for_another(path: str, parent: int) -> None:
    told(parent, path)
