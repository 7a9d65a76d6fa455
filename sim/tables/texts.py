"""CSV files as text: every cell as it was written, or one sentence with the file and the row."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from sim.declare import Mistake, shown
from sim.tables.spreadsheet import unescaped


@dataclass(frozen=True)
class Texts:
    """The cells of a CSV file as text, without the apostrophes that kept them from being formulas.

    Args:
        file: its path, for sentences
        columns: cells by the name of their column
        lines: line of the file in which each row begins
    """

    file: str
    columns: dict[str, list[str]]
    lines: list[int]

    def numbers(self, name: str, blank: bool = True) -> list[float]:
        """Return the numbers of a column; NaN for a blank cell where that is allowed.

        Raises:
            Mistake: a cell that is not a number, or blank where that is not allowed
        """
        numbers = []
        for line, cell in zip(self.lines, self.columns[name], strict=True):
            number = number_in(cell)
            if number is None or (number != number and not blank):
                raise Mistake(f"{self.file}, row {line}: `{name}` must be a number; got {shown(cell)}")
            numbers.append(number)
        return numbers


def number_in(cell: str) -> float | None:
    """Return the number that a cell holds, NaN where it is blank; None where it holds something else.

    >>> number_in("-1.5"), number_in(""), number_in("inf"), number_in("1_000"), number_in("NA")
    (-1.5, nan, inf, None, None)
    """
    if not cell or cell in ("inf", "-inf"):
        return float(cell or "nan")
    try:
        number = None if "_" in cell else float(cell)
    except ValueError:
        return None
    return number if number is not None and isfinite(number) else None


def texts_of(path: Path) -> Texts:
    """Return the cells of a CSV file.

    Raises:
        OSError: the file cannot be opened
        Mistake: not UTF-8, no header, a name of a column twice, a row with more or fewer cells than the header, an open quote
    """
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Mistake(f"{path} is broken: the text is not UTF-8 (byte {error.start + 1})") from None
    reader, rows, lines, line = csv.reader(io.StringIO(content, newline=""), strict=True), [], [], 1
    try:
        for row in reader:
            if row:
                rows.append([unescaped(cell) for cell in row])
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise Mistake(f"{path} is broken: row {line} cannot be read ({error})") from None
    if not rows:
        raise Mistake(f"{path} is broken: it has no header")
    header = rows.pop(0)
    lines.pop(0)
    twice = [name for name in header if header.count(name) > 1]
    if twice:
        raise Mistake(f"{path} is broken: two columns are named {shown(twice[0])}")
    for line, row in zip(lines, rows, strict=True):
        if len(row) != len(header):
            raise Mistake(f"{path} is broken: row {line} has {len(row)} cells under {len(header)} columns")
    return Texts(str(path), {name: [row[k] for row in rows] for k, name in enumerate(header)}, lines)
