"""Folders in which a study keeps its runs as they come, so that the same call goes on from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.results.files import path_of
from sim.results.folder import require_resumable
from sim.results.lock import lock_folder
from sim.results.store import Store


@contextmanager
def kept_runs(out: str | Path | None, kind: str) -> Iterator[Store]:
    """Open the store in which a study keeps its runs, locked as long as it is used.

    Args:
        out: the folder; None for a temporary one, which is removed in the end
        kind: what the folder says that it holds

    Raises:
        InputError: the folder holds other work, is broken, is in use or cannot be written; nothing is written then
    """
    if out is None:
        with TemporaryDirectory() as folder:
            yield Store.at(folder)
        return
    store = Store.at(require_resumable(path_of(out), kind))
    with lock_folder(store.folder):
        yield store
