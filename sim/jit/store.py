"""Compiled code on disk: one file a function and combination of types, in a folder for each state of the sources.

No stale code can run: the folder's name is a hash of all sources that compiled functions may read, and a file's name one of
the function's own code, the types, the processor and the versions of compiler, Python and NumPy.
"""

from __future__ import annotations

import json
import os
import pickle
import platform
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import FunctionType
from typing import Any, Protocol

import numpy as np

from sim.jit.signatures import encoded

SOURCES = ("rules", "phases", "world", "jit", "draws.py")
"""Sources that compiled functions may read, within the package."""

STATES = 6
"""Most states of the sources whose compiled code is kept; that of the longest unused is removed."""

_trouble: list[str] = []


@cache
def sources_digest() -> str:
    """Return a hash of all sources that compiled functions may read."""
    root, digest = Path(__file__).parents[1], sha256()
    for path in (root / name for name in SOURCES):
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def root() -> Path:
    """Return the folder of all states: NUMBA_CACHE_DIR, else within the package, else in the user's cache."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        return Path(chosen) / "compiled_rules"
    package = Path(__file__).parents[1]
    beside = package / "__pycache__"
    if os.access(beside if beside.exists() else package, os.W_OK):
        return beside / "compiled_rules"
    own = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(own) / "collective-impact-lab" / "compiled_rules"


@cache
def folder() -> Path:
    """Return the folder of the present state of the sources; states that have long been unused are removed."""
    present = root() / sources_digest()
    try:
        present.mkdir(parents=True, exist_ok=True)
        os.utime(present)
        states = sorted(
            (path for path in present.parent.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime
        )
        for old in states[:-STATES]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        _say(error)
    return present


def writable() -> bool:
    """Return whether compiled code can be stored, as far as is known."""
    return os.access(folder(), os.W_OK) and not _trouble


def _say(error: OSError) -> None:
    """Say once that compiled code cannot be stored."""
    if not _trouble:
        _trouble.append(str(error))
        sys.stderr.write(
            f"compiled rules cannot be stored in {root()} ({error.strerror or error}), so every process compiles them anew; "
            "set NUMBA_CACHE_DIR to a folder that can be written\n"
        )


@cache
def machine() -> str:
    """Return what compiled code depends on besides sources: versions and the processor, without loading the compiler."""
    features = import_module("numpy._core._multiarray_umath").__cpu_features__
    usable = sorted(name for name, here in features.items() if here)
    versions = sys.version, np.__version__, version("numba"), version("llvmlite")
    return sha256(repr((versions, platform.machine(), usable)).encode()).hexdigest()[:16]


class Compiled(Protocol):
    """A function whose compiled code is stored, with a digest of all that its code depends on."""

    name: str
    plain: FunctionType

    @property
    def digest(self) -> str:
        """Hash of all that the function's code depends on."""


class Store:
    """Compiled code of one step, as Numba reads and writes it.

    Args:
        step: the step
        about_to_compile: called before the step is compiled
    """

    cache_path = ""

    def __init__(self, step: Compiled, about_to_compile: Callable[[], None]) -> None:
        self.step, self.about_to_compile = step, about_to_compile

    def load_overload(self, signature: Any, context: Any) -> Any:
        """Return the compiled code for the types of arguments; None if it must be compiled."""
        from numba.core.compiler import CompileResult

        context.refresh()
        try:
            stored = self.file(signature, context).read_bytes()
            check, content = stored[:32], stored[32:]
            if sha256(content).digest() == check:
                return CompileResult._rebuild(context, *pickle.loads(content))
        except Exception:  # missing, cut short, or of a class that is no longer there: it is compiled again
            pass
        self.about_to_compile()
        return None

    def save_overload(self, signature: Any, result: Any) -> None:
        """Store compiled code; if that is not possible, say so once."""
        from numba.core.serialize import dumps

        if _trouble or result.lifted or result.library.has_dynamic_globals:
            return
        file, content = self.file(signature, result.target_context), dumps(result._reduce())
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            record = json.dumps([self.step.name, [encoded(each) for each in arguments_of(signature)]])
            write(file.with_suffix(".json"), record.encode())
            write(file, sha256(content).digest() + content)
        except OSError as error:
            _say(error)

    def file(self, signature: Any, context: Any) -> Path:
        """Return the file of the code for the types of arguments."""
        types = json.dumps([encoded(each) for each in arguments_of(signature)])
        text = repr((self.step.digest, types, context.codegen().magic_tuple(), machine()))
        return folder() / f"{self.step.plain.__name__}-{sha256(text.encode()).hexdigest()[:24]}.code"

    def enable(self) -> None:
        """Do nothing: the store is always in use."""

    disable = flush = enable


def arguments_of(signature: Any) -> tuple[Any, ...]:
    """Return the types of the arguments of a signature, or of a tuple of types."""
    return tuple(getattr(signature, "args", signature))


def write(file: Path, content: bytes) -> None:
    """Write a file at once, so that no other process reads half of it.

    Raises:
        OSError: it cannot be written
    """
    with NamedTemporaryFile(dir=file.parent, delete=False) as temporary:
        try:
            temporary.write(content)
            temporary.close()
            os.replace(temporary.name, file)
        except OSError:
            temporary.close()
            with suppress(OSError):
                os.unlink(temporary.name)
            raise
