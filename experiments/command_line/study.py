"""The one thing that the program of a study does: call it, write what it gives, and print it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from inspect import signature
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

from sim.errors import InputError
from sim.reports.study import StudyResult
from sim.results.files import path_of, writable
from sim.results.folder import files_with_checksums, require_kind

from .options import options_for


def run_study[R: StudyResult](
    function: Callable[..., R], result: type[R], cfg: DictConfig, folder: str = "", **options: Any
) -> R:
    """Call a study with the options of a configuration, save its result and print its summary.

    The folder is checked before anything runs. A function with a parameter `out` keeps its runs there as they come, so that
    the same command goes on, and saves its result there itself.

    Args:
        function: of `sim`, for example `sim.attribute`
        result: the class of its result
        cfg: composed by Hydra
        folder: where results go if `out` says nothing
        options: instead of those of the configuration

    Returns:
        The result.

    Raises:
        InputError: a wrong option, or a folder that cannot be used
    """
    values = options_for(function, cfg) | options
    place = require_kind(path_of(folder if cfg.out is None else cfg.out), result.kind)
    if "out" in signature(function).parameters:
        found = function(**values | {"out": place})
        files = files_with_checksums(place)
    else:
        with made_for_now(place):
            found = function(**values)
        files = found.save(place)
    print(f"{found.summary()}\n\n" + "\n".join(str(path) for path in files))
    return found


@contextmanager
def made_for_now(folder: Path) -> Iterator[None]:
    """Make a folder, to see that results can be written there; a wrong option removes it and its new parents again.

    Raises:
        InputError: the folder cannot be written
    """
    new = [place for place in (folder, *folder.parents) if not place.exists()]
    writable(folder)
    try:
        yield
    except InputError:
        with suppress(OSError):
            for place in new:
                place.rmdir()
        raise
