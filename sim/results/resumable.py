"""Folders to which a study writes its runs one by one, so that the same call can resume it."""

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
def open_store(out: str | Path | None, kind: str) -> Iterator[Store]:
    """Open the store of a study's runs, and lock it as long as it is used.

    Args:
        out: the folder; None for a temporary one, which is removed at the end
        kind: of the results

    Raises:
        InputError: the folder holds other results, is broken, is in use or cannot be written; nothing is written then
    """
    if out is None:
        with TemporaryDirectory() as folder:
            yield Store.at(folder)
        return
    store = Store.at(require_resumable(path_of(out), kind))
    with lock_folder(store.folder):
        yield store
