"""Check of several files of a user: all errors, or the content of each."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from sim.errors import InputError
from sim.world.files.check import checked, kind_of

MOST = 1_000
"""Largest number of errors that are listed."""


def check_files(files: Sequence[str], kind: str | None = None, year: int | None = None) -> tuple[list[str], list[str]]:
    """Return the errors of files, a sentence each, and the content of each file if there are none.

    Names in an edge list are looked up in the first organisation file.

    Args:
        files: their paths
        kind: of all files: schools, organisations or ties; None to find it by their columns
        year: of school files; None for every year
    """
    kinds = {file: kind or _kind_or_none(file) for file in files}
    organisations = next((file for file, of in kinds.items() if of == "organisations"), "")
    results = [checked(file, of, year, organisations) for file, of in kinds.items()]
    errors = list(dict.fromkeys(error for sentences, _ in results for error in sentences))
    return errors, [] if errors else [text for _, text in results]


def error_lines(errors: Sequence[str]) -> list[str]:
    """Return the lines that a terminal shows: the first errors and the number of others.

    >>> error_lines(["a", "b"])
    ['error: a', 'error: b']
    """
    others = [f"and {len(errors) - MOST:,} more"] if len(errors) > MOST else []
    return [*(f"error: {sentence}" for sentence in errors[:MOST]), *others]


def _kind_or_none(file: str) -> str | None:
    """Return the kind of a file by its columns; None if it has none, which `checked` reports."""
    with suppress(InputError):
        return kind_of(file)
    return None
