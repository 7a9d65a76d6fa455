"""Interruptions wait until the run in hand is done: amid compiled code one could be lost, or end the process."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import Thread
from typing import Any


@dataclass
class _State:
    busy: int = 0
    asked: type[KeyboardInterrupt] | None = None


_STATE = _State()


def heed(number: int, stop: type[KeyboardInterrupt] = KeyboardInterrupt) -> None:
    """From now on a signal raises an interruption, at once or when the run in hand is done; a second one at once."""

    def handler(*_: Any) -> None:
        if not _STATE.busy or _STATE.asked:
            _STATE.asked = None
            raise stop
        _STATE.asked = stop

    signal.signal(number, handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let an interruption wait until what is done here is done. Raises KeyboardInterrupt afterwards, if one came."""
    _STATE.busy += 1
    try:
        yield
    finally:
        _STATE.busy -= 1
        if _STATE.asked and not _STATE.busy:
            stop, _STATE.asked = _STATE.asked, None
            raise stop


def was_interrupted(error: BaseException | None) -> bool:
    """Whether an error only hides an interruption, as compiled code may: it is among what the error came from.

    >>> was_interrupted(ValueError()), was_interrupted(KeyboardInterrupt())
    (False, True)
    """
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


@lru_cache(maxsize=1)
def ends_with(parent: int) -> None:
    """Let this process end with the one that works for it: a program that is killed leaves nobody behind."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    if os.getpid() != parent:
        Thread(target=watch, daemon=True).start()
