"""Files written whole or not at all, and tables and manifests as their content."""

from __future__ import annotations

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


def writable(folder: str | Path) -> Path:
    """The folder, made if need be.

    Raises:
        InputError: in one sentence, where it cannot be written
    """
    path = path_of(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / f".writable-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise InputError(f"the folder {path} cannot be written: {error.strerror or error}") from None
    return path


def path_of(name: str | Path) -> Path:
    """A path that names something, with `~` expanded.

    Raises:
        InputError: what is none, in one sentence
    """
    if not isinstance(name, str | Path) or not str(name) or "\0" in str(name):
        raise InputError(f"where results go is named by a path; got {shown(name)}")
    path = expanded_path(name)
    try:
        path.exists()
    except OSError as error:  # its name is too long, or it lies where nobody may look
        raise InputError(f"the path {shown(str(name))} cannot be used: {error.strerror or error}") from None
    return path


def written(path: Path, content: bytes) -> Path:
    """A file written whole or not at all.

    Raises:
        InputError: it cannot be
    """
    all_written({path: content})
    return path


def all_written(contents: Mapping[Path, bytes]) -> None:
    """Files written whole, and all of them or none: to temporary names, flushed, then renamed.

    Raises:
        InputError: which names the first that cannot be written
    """
    temporaries = {path: path.with_name(f".{path.name[:200]}.{os.getpid()}.tmp") for path in contents}
    try:
        for path, temporary in temporaries.items():
            if path.exists() and not path.is_file():
                raise InputError(f"{path} cannot be written: it is there, and no file")
            with temporary.open("wb") as file:
                file.write(contents[path])
                file.flush()
                os.fsync(file.fileno())
        for path, temporary in temporaries.items():
            temporary.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        for temporary in temporaries.values():
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def bytes_of(frame: pd.DataFrame, form: str, float_format: str | None = None) -> bytes:
    """Return a table as the content of a file, "csv" or "parquet"; in CSV no text begins a formula of a spreadsheet."""
    if form == "csv":
        return without_formulas(frame).to_csv(index=False, float_format=float_format).encode()
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


def text_of(manifest: Mapping[str, Any]) -> str:
    """A manifest as its file has it."""
    return json.dumps(manifest, indent=1, default=str)

