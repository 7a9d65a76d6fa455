"""Locks of folders, so that one program at a time works in a folder."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from pathlib import Path
from typing import IO

from sim.errors import InputError

LOCK = "lock"
"""File that a program locks while it works in a folder; it names the process."""


def lock_folder(folder: Path) -> IO[str]:
    """Lock a folder until the returned file is closed or the process ends, and return that file.

    Raises:
        InputError: another program works in the folder
    """
    file = (folder / LOCK).open("a+", encoding="utf-8")
    try:
        acquire(file)
    except (BlockingIOError, PermissionError):
        who = "another process"
        with suppress(OSError), file:  # on Windows a locked file cannot be read
            file.seek(0)
            who = file.read().strip() or who
        raise InputError(f"another program ({who}) works in {folder}; wait for it, or give another `out`") from None
    except OSError:
        pass  # a file system without locks
    file.truncate(0)
    file.write(f"process {os.getpid()} on {platform.node()}\n")
    file.flush()
    return file


def acquire(file: IO[str]) -> None:
    """Lock a file by means of the operating system; the lock ends with the process.

    Raises:
        OSError: another process has locked it
    """
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
