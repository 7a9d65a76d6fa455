"""The lock of a folder: one program at a time works in it."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from pathlib import Path
from typing import IO

from sim.errors import InputError


LOCK = "lock"
"""The file that a sweep at work holds; who reads it learns which process that is."""


def lock_folder(folder: Path) -> IO[str]:
    """The lock of a folder, held until it is closed or its process ends, however it ends.

    Raises:
        InputError: another program holds it
    """
    file = (folder / LOCK).open("a+", encoding="utf-8")
    try:
        acquire(file)
    except (BlockingIOError, PermissionError):
        who = "another process"
        with suppress(OSError), file:  # Windows lets nobody read what is locked
            file.seek(0)
            who = file.read().strip() or who
        raise InputError(f"another program ({who}) is at work in {folder}; wait for it, or give another `out`") from None
    except OSError:
        pass  # a file system without locks
    file.truncate(0)
    file.write(f"process {os.getpid()} on {platform.node()}\n")
    file.flush()
    return file


def acquire(file: IO[str]) -> None:
    """Lock a file by the system's own means, which end with the process.

    Raises:
        OSError: another has it
    """
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

