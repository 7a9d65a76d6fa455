"""Interruptions wait until a run has ended, since within compiled code they could be lost or end the process."""

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
    pending: type[KeyboardInterrupt] | None = None


_STATE = _State()


def stop_on_signal(number: int, stop: type[KeyboardInterrupt] = KeyboardInterrupt) -> None:
    """Let a signal raise an interruption, at once or when the present run has ended; a second signal raises it at once.

    Args:
        number: of the signal
        stop: class of the interruption
    """

    def handler(*_: Any) -> None:
        if not _STATE.busy or _STATE.pending:
            _STATE.pending = None
            raise stop
        _STATE.pending = stop

    signal.signal(number, handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Delay interruptions until the end of a `with` block.

    Raises:
        KeyboardInterrupt: a signal came within the block
    """
    _STATE.busy += 1
    try:
        yield
    finally:
        _STATE.busy -= 1
        if _STATE.pending and not _STATE.busy:
            stop, _STATE.pending = _STATE.pending, None
            raise stop


def was_interrupted(error: BaseException | None) -> bool:
    """Return whether an interruption is among the causes of an error, as it can be in compiled code.

    >>> was_interrupted(ValueError()), was_interrupted(KeyboardInterrupt())
    (False, True)
    """
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


@lru_cache(maxsize=1)
def end_with_parent(parent: int) -> None:
    """Let this process end when its parent does, so that a killed program leaves no processes behind.

    Args:
        parent: process id
    """

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    if os.getpid() != parent:
        Thread(target=watch, daemon=True).start()
