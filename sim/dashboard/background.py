"""Background tasks of the page: one thread for the newest task; failures are shown as sentences; the server ends them all."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import solara

from sim.dashboard.live_run import StoppedError
from sim.errors import InputError

FAILED = "The page failed. Move a slider or open the page again; if it fails again, tell your teacher."


PATIENCE = 5.0
"""Longest wait for tasks to end as the server stops; a drawing cannot be stopped [seconds]."""

_RUNNING: dict[threading.Thread, threading.Event] = {}
"""Threads of tasks that have not ended, with the events that end them."""


@dataclass(frozen=True)
class Background[T]:
    """State of a background task: last result, whether more results follow, and an error message."""

    result: T | None = None
    busy: bool = True
    wrong: str = ""


def use_background[T](task: Callable[[threading.Event], Iterator[T]], dependencies: list[Any]) -> Background[T]:
    """Run a task in a thread whenever its dependencies change; the last result stays until a new one arrives.

    Args:
        task: yields better and better results, and ends when the event is set
        dependencies: values that determine the result
    """
    state, update = solara.use_state(Background[Any]())

    def begin() -> Callable[[], None]:
        stop = threading.Event()
        update(lambda previous: replace(previous, busy=True))
        start_task(task, stop, update)
        return stop.set

    solara.use_effect(begin, dependencies)
    return state


def start_task(
    task: Callable[[threading.Event], Iterator[Any]], stop: threading.Event, update: Callable[..., None]
) -> None:
    """Run a task in a thread of its own; see `run_task`."""

    def run() -> None:
        try:
            run_task(task, stop, update)
        finally:
            _RUNNING.pop(threading.current_thread(), None)

    thread = threading.Thread(target=run, daemon=True)
    _RUNNING[thread] = stop
    thread.start()


def end_tasks() -> None:
    """Stop all tasks, and wait until they have ended: Python crashes if it ends while a thread computes or draws."""
    end, threads = time.monotonic() + PATIENCE, dict(_RUNNING)
    for stop in threads.values():
        stop.set()
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))


def run_task(
    task: Callable[[threading.Event], Iterator[Any]], stop: threading.Event, update: Callable[..., None]
) -> None:
    """Run a task and publish its results, unless it is stopped."""
    try:
        for result in task(stop):
            if stop.is_set():
                return
            update(Background(result))
        final: Callable[[Background[Any]], Background[Any]] = lambda state: replace(state, busy=False)  # noqa: E731
    except StoppedError:
        return
    except InputError as mistake:
        message = str(mistake)
        final = lambda _: Background(None, False, message)  # noqa: E731
    except Exception:
        if stop.is_set():  # the page was closed, and the parts of it that the task needs are gone
            return
        logging.getLogger(__name__).exception("background task of the page failed")
        final = lambda _: Background(None, False, FAILED)  # noqa: E731
    if not stop.is_set():
        update(final)
