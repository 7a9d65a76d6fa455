"""The common part of study programs: run the study, save its result and print it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from inspect import signature
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

from sim.errors import InputError
from sim.reports.study import StudyResult
from sim.results.files import folder_at, writable
from sim.results.folder import files_with_checksums, require_kind

from .options import options_for


def run_study[R: StudyResult](
    function: Callable[..., R],
    result: type[R],
    cfg: DictConfig,
    folder: str = "",
    printed: Callable[[R], str] | None = None,
    **options: Any,
) -> R:
    """Call a study with the options of a configuration, save its result and print its summary.

    The folder is checked before anything runs. A function with a parameter `out` stores its runs there, so that the same
    command continues, and saves its result there itself.

    Args:
        function: of `sim`, for example `sim.attribute`
        result: class of its result
        cfg: composed by Hydra
        folder: default folder for results
        printed: text to print of a result; None for its summary
        options: values that replace those of the configuration

    Returns:
        The result.

    Raises:
        InputError: an option is wrong, or the folder cannot be used
    """
    values = options_for(function, cfg) | options
    place = require_kind(folder_at(folder if cfg.out is None else cfg.out), result.kind)
    if "out" in signature(function).parameters:
        study_result = function(**values | {"out": place})
        files = files_with_checksums(place)
    else:
        with created_folder(place):
            study_result = function(**values)
        files = study_result.save(place)
    findings = study_result.summary() if printed is None else printed(study_result)
    print(f"{findings}\n\n" + "\n".join(str(path) for path in files))
    return study_result


@contextmanager
def created_folder(folder: Path) -> Iterator[None]:
    """Create a folder to check that results can be written; an input error removes it and its new parents again.

    Raises:
        InputError: the folder cannot be written
    """
    new_folders = [place for place in (folder, *folder.parents) if not place.exists()]
    writable(folder)
    try:
        yield
    except InputError:
        with suppress(OSError):
            for place in new_folders:
                place.rmdir()
        raise
