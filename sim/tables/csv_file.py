"""Read CSV as a stream: comma, semicolon or tab; byte-order mark; any line ends; quotes; blank rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.tables.head import checked_head, wanted_columns
from sim.tables.identity import normalised
from sim.tables.sheet import Sheet
from sim.tables.spreadsheet import unescaped

SEPARATORS = (",", ";", "\t")
"""Marks that may separate cells, the likeliest first."""


def csv_sheet(file: Path, wanted: Collection[str] | None, most_rows: int) -> Sheet:
    """Return the sheet in a CSV file.

    Args:
        file: path of the file
        wanted: names of the columns to be read; None for all
        most_rows: more rows are refused [rows]

    Raises:
        InputError: the file is empty, has too many rows or uneven rows, a cell without a column name, or a broken quote
        UnicodeDecodeError: it is not UTF-8
    """
    mark = separator(file, wanted)
    rows = _rows(file, mark)
    line, names = next(rows, (0, []))
    if not names:
        raise InputError(f"{file.name} is empty")
    head = checked_head(file.name, names, f", line {line}")
    places = wanted_columns(head, wanted)
    columns: list[list[str]] = [[] for _ in places]
    memory: list[dict[str, str]] = [{} for _ in places]
    lines: list[int] = []
    unnamed = [place for place, name in enumerate(head) if not name]
    for line, row in rows:
        if len(row) != len(head):
            raise InputError(f"{file.name}, line {line}: there are {len(row)} cells under {len(head)} columns")
        for place in unnamed:
            if row[place].strip():
                raise InputError(
                    f"{file.name}, line {line}: {row[place].strip()[:40]!r} is in a column without a name; name the column"
                )
        if not any(row[place] and not row[place].isspace() for place in places):
            continue
        if len(lines) >= most_rows:
            raise InputError(f"{file.name} has more than {most_rows:,} rows; a file of this kind may have no more")
        lines.append(line)
        for cells, place, seen in zip(columns, places, memory, strict=True):
            text = row[place]
            cells.append(seen.setdefault(text, text))
    named = {head[place]: _column(column) for place, column in zip(places, columns, strict=True)}
    return Sheet(file.name, head, named, np.array(lines, dtype=np.int64), commas=mark != ",")


def csv_head(file: Path, likely: Collection[str]) -> tuple[str, ...]:
    """Return the names of the columns of a CSV file.

    Args:
        file: the file
        likely: names that tell the separator

    Raises:
        InputError: the file is empty, or two columns have the same name
        UnicodeDecodeError: it is not UTF-8
    """
    line, names = next(_rows(file, separator(file, likely)), (0, []))
    if not names:
        raise InputError(f"{file.name} is empty")
    return checked_head(file.name, names, f", line {line}")


def _column(texts: list[str]) -> Any:
    """Return normalised texts without guarding apostrophes; shape (rows,)."""
    plain = {text: unescaped(normalised(text)) for text in set(texts)}
    column = np.empty(len(texts), dtype=object)
    column[:] = [plain[text] for text in texts]
    return column


def _rows(file: Path, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the line in which it begins.

    Raises:
        InputError: a quote is broken, or a cell is longer than CSV allows
    """
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, delimiter=mark, strict=True)
        line = 0
        try:
            for row in reader:
                begin, line = line + 1, reader.line_num
                if begin == 1 and len(row) <= 2 and re.fullmatch("sep=.?", "".join(row).strip()):
                    continue  # spreadsheet programs name the separator in the first line
                if any(cell and not cell.isspace() for cell in row):
                    yield begin, row
        except csv.Error as error:
            problem = {"unexpected end of data": "a quote is opened and never closed"}.get(
                str(error), str(error).replace("'", "`")
            )
            raise InputError(f"{file.name}, line {line + 1}: the file cannot be read as csv: {problem}") from None


def separator(file: Path, wanted: Collection[str] | None) -> str:
    """Return the mark that separates the cells of a file: the one under which the head has most wanted columns.

    Args:
        file: the file
        wanted: names of the columns to be read; None for all
    """
    with file.open(encoding="utf-8-sig", newline="") as stream:
        head = next((line for line in iter(lambda: stream.readline(1_000_000), "") if line.strip()), "")
    if "\0" in head:
        raise InputError(f"{file.name} is not text in UTF-8; save it as CSV UTF-8")
    named = re.fullmatch('"?sep=(.)"?', head.strip("\r\n "))
    if named and named[1] in SEPARATORS:
        return named[1]

    def fitting(mark: str) -> tuple[int, int]:
        try:
            names = [name.strip().lower() for name in next(csv.reader([head], delimiter=mark), [])]
        except csv.Error:
            return 0, 0
        return sum(name in names for name in wanted or ()), len(names)

    return max(SEPARATORS, key=fitting)
