"""Files that are written completely or not at all, and the content of tables and manifests."""

from __future__ import annotations

import errno
import io
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, shown
from sim.tables.paths import expanded_path
from sim.tables.spreadsheet import without_formulas

if TYPE_CHECKING:
    import pandas as pd


class WriteError(InputError):
    """A file that cannot be written while results are stored.

    Args:
        sentence: with the file and the reason
        full: whether there is no room for it
    """

    def __init__(self, sentence: str, full: bool = False) -> None:
        super().__init__(sentence)
        self.full = full

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how another process makes the error again."""
        return WriteError, (str(self), self.full)


NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Numbers of the errors of a disk, a quota or a file that is full."""


def writable(folder: str | Path) -> Path:
    """Return a folder after a check that it can be written; it is made if need be.

    Raises:
        WriteError: the folder cannot be written
    """
    path = path_of(folder)
    if path.is_file():
        raise WriteError(f"the folder {path} cannot be written: it is a file, not a folder")
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / f".writable-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        sentence = f"the folder {path} cannot be written: {error.strerror or error}"
        raise WriteError(sentence, error.errno in NO_ROOM) from None
    return path


def path_of(name: str | Path) -> Path:
    """Return the path that a name means, with `~` expanded.

    Raises:
        InputError: the name is not a path
    """
    if not isinstance(name, str | Path) or not str(name) or "\0" in str(name):
        raise InputError(f"the place for results must be a path; got {shown(name)}")
    path = expanded_path(name)
    try:
        path.exists()
    except OSError as error:  # its name is too long, or its folder cannot be read
        raise InputError(f"the path {shown(str(name))} cannot be used: {error.strerror or error}") from None
    return path


def folder_at(name: str | Path) -> Path:
    """Return the folder that the option `out` names, which may not exist yet.

    Args:
        name: value of the option

    Raises:
        InputError: the value is not a path, or a file has that name
    """
    path = path_of(name)
    if path.is_file():
        raise InputError(f"`out` must be a folder, and {path} is a file; give another `out`")
    return path


def written(path: Path, content: bytes) -> Path:
    """Write a file completely or not at all, and return its path.

    Raises:
        WriteError: the file cannot be written
    """
    all_written({path: content})
    return path


def all_written(contents: Mapping[Path, bytes]) -> None:
    """Write several files, all of them completely or none: under temporary names, flushed, then renamed.

    Args:
        contents: content of each file

    Raises:
        WriteError: a file cannot be written; the message names it
    """
    temporaries = {path: path.with_name(f".{path.name[:200]}.{os.getpid()}.tmp") for path in contents}
    try:
        for path, temporary in temporaries.items():
            if path.exists() and not path.is_file():
                raise WriteError(f"{path} cannot be written: it exists and is not a file")
            with temporary.open("wb") as file:
                file.write(contents[path])
                file.flush()
                os.fsync(file.fileno())
        for path, temporary in temporaries.items():
            temporary.replace(path)
    except OSError as error:
        raise WriteError(f"{path} cannot be written: {error.strerror or error}", error.errno in NO_ROOM) from None
    finally:
        for temporary in temporaries.values():
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def bytes_of(frame: pd.DataFrame, form: str, float_format: str | None = None) -> bytes:
    """Return a table as the content of a file.

    Args:
        frame: the table
        form: "csv" or "parquet"; in CSV no text can be read as a formula by a spreadsheet
        float_format: of numbers in CSV
    """
    if form == "csv":
        return without_formulas(frame).to_csv(index=False, float_format=float_format).encode()
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


def text_of(manifest: Mapping[str, Any]) -> str:
    """Return a manifest as the text of its file."""
    return json.dumps(manifest, indent=1, default=str)
