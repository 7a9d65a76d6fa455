"""Work behind the page: in a thread, the newest only, with every failure said in a sentence."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import solara

from sim.dashboard.live_run import StoppedError
from sim.errors import InputError

FAILED = "Something went wrong on our side. Move a slider, or open the page again; if it stays, tell your teacher."


@dataclass(frozen=True)
class Found[T]:
    """What is there of some work: its last result, whether more is to come, and what went wrong, in a sentence."""

    result: T | None = None
    busy: bool = True
    wrong: str = ""


def use_behind[T](task: Callable[[threading.Event], Iterator[T]], asked: list[Any]) -> Found[T]:
    """Do some work in a thread whenever what is asked for changes; the last result stays until there is another.

    Args:
        task: gives better and better results, and ends when the event is set, for nobody then waits for it
        asked: values that decide about the result
    """
    found, tell = solara.use_state(Found[Any]())

    def begin() -> Callable[[], None]:
        stop = threading.Event()
        tell(lambda last: replace(last, busy=True))
        threading.Thread(target=work, args=(task, stop, tell), daemon=True).start()
        return stop.set

    solara.use_effect(begin, asked)
    return found


def work(task: Callable[[threading.Event], Iterator[Any]], stop: threading.Event, tell: Callable[..., None]) -> None:
    """Do the work and tell what comes of it, unless it is to stop."""
    try:
        for result in task(stop):
            if stop.is_set():
                return
            tell(Found(result))
        last: Callable[[Found[Any]], Found[Any]] = lambda found: replace(found, busy=False)  # noqa: E731
    except StoppedError:
        return
    except InputError as mistake:
        said = str(mistake)
        last = lambda _: Found(None, False, said)  # noqa: E731
    except Exception:
        logging.getLogger(__name__).exception("work behind the page failed")
        last = lambda _: Found(None, False, FAILED)  # noqa: E731
    if not stop.is_set():
        tell(last)
