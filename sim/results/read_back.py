"""Tables of results, read back as they were written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import InputError, shown
from sim.tables.read import sheet_of
from sim.tables.sheet import PLAIN_NUMBER, Sheet

NUMBERS = frozenset({
    "difference", "effect", "value", "low", "high", "n", "points", "points_low", "points_high", "level", "caused", "per_caused",
    "extra_per_caused", "holds", "of", "offered", "share",
})  # fmt: skip
"""Columns of results that hold numbers."""


TEXTS = frozenset({
    "arm", "against", "baseline", "by", "dates", "gap", "group", "lies", "measure", "mechanism", "model", "outcome", "panel",
    "parameter", "part", "pattern", "player", "reliability", "scale", "scenario", "source", "stage", "unit", "verdict",
})  # fmt: skip
"""Columns of results that hold text, even if it looks like something else: an arm may be called `NA`, `null` or `007`."""


def read_table(path: Path, command: str) -> pd.DataFrame:
    """Return a table as it was written: text columns as text, numbers as numbers, blank numbers as NaN.

    Other columns are numbers, or true and false, if every cell is one; otherwise they are text.

    Args:
        path: of the file
        command: that writes it, for messages

    Raises:
        InputError: the file is missing, empty or broken; the message has the command that writes it
    """
    if not path.is_file():
        raise InputError(f"{path} is missing: {command} writes it")
    try:
        sheet = sheet_of(path)
    except InputError as mistake:
        raise InputError(f"{path} is broken ({mistake}): {command} writes it") from None
    if not len(sheet):
        raise InputError(f"{path} has no rows: {command} writes it")
    return pd.DataFrame({name: column_of(path, sheet, name) for name in sheet.cells})


def column_of(path: Path, sheet: Sheet, name: str) -> Any:
    """Return a column of a table of results as text, numbers, or true and false.

    Raises:
        InputError: a cell of a column of numbers is not a number; with file and row
    """
    cells = [str(cell) for cell in sheet.cells[name]]
    if name in TEXTS:
        return pd.Series(cells, dtype="str")
    if set(cells) <= {"True", "False"}:
        return pd.Series([cell == "True" for cell in cells])
    numbers = [number_in(cell) for cell in cells]
    texts = [place for place, number in enumerate(numbers) if number is None]
    if texts and name in NUMBERS:
        line, cell = sheet.place[texts[0]], cells[texts[0]]
        raise InputError(f"{path}, row {line}: `{name}` must be a number; got {shown(cell)}")
    if texts:
        return pd.Series(cells, dtype="str")
    whole = all(cell.lstrip("-").isdecimal() and len(cell) < 16 for cell in cells)
    return pd.Series(numbers, dtype="int64" if whole else "float64")


def number_in(cell: str) -> float | None:
    """Return the number in a cell, NaN if it is blank, None if it holds something else.

    >>> number_in("-1.5"), number_in(""), number_in("inf"), number_in("1_000"), number_in("NA")
    (-1.5, nan, inf, None, None)
    """
    return float(cell or "nan") if cell in ("", "inf", "-inf") or PLAIN_NUMBER.fullmatch(cell) else None


def respelled(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return a table that was read back, with its columns spelled as they were written; reading makes them lower case.

    >>> list(respelled(pd.DataFrame(columns=["factor", "st_low"]), ["ST", "ST_low"]))
    ['factor', 'ST_low']
    """
    return table.rename(columns={name.lower(): name for name in columns})
