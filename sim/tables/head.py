"""The head of a table: names of columns, each once, and the columns to be read."""

from __future__ import annotations

from collections.abc import Collection

from sim.errors import InputError
from sim.tables.identity import normalised

MOST_COLUMNS = 2_000
"""Columns of the widest file."""


def checked_head(file: str, names: list[str], line: str = "") -> tuple[str, ...]:
    """Return the names of columns in their normalised form: lower case, without outer blanks and invisible marks.

    Args:
        file: name of the file
        names: of the columns
        line: of the file, for errors

    Raises:
        InputError: two columns have the same name, no column has a name, or there are too many columns
    """
    plain = [normalised(name).lower() for name in names]
    if len(plain) > MOST_COLUMNS:
        raise InputError(f"{file} has {len(plain):,} columns; a file may have at most {MOST_COLUMNS:,}")
    for position, name in enumerate(plain):
        if name and name in plain[:position]:
            raise InputError(f"{file}{line} has two columns `{name}`; give each a name of its own")
    if not any(plain):
        raise InputError(f"{file}{line} has no names of columns")
    return tuple(plain)


def wanted_columns(names: tuple[str, ...], wanted: Collection[str] | None) -> list[int]:
    """Return the positions of the columns that are to be read: all with a name, or those wanted.

    Args:
        names: of all columns
        wanted: those to be read; None for all
    """
    return [place for place, name in enumerate(names) if name and (wanted is None or name in wanted)]
