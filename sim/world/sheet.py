"""A sheet: a table that a user gave, as text, with where each row stands; every error names file, row and column."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from os.path import isfile
from pathlib import Path
from typing import Any

import numpy as np

from sim.declare import Mistake, shown
from sim.paths import located

YES, NO = ("true", "yes", "1"), ("false", "no", "0")
"""Words by which a user says that something is so, or is not."""


@dataclass(frozen=True)
class Sheet:
    """Cells as text by column, each of shape (rows,), blank where empty; `place` says where a row stands.

    What cannot be used is refused at once, or, with a list in `found`, noted there until `settle` is asked.
    """

    file: str
    cells: dict[str, Any]
    place: Any
    unit: str = "line"
    found: list[Mistake] | None = None

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.place)

    def mistake(self, row: int, column: str, problem: str) -> Mistake:
        """What is wrong in one cell, as one sentence."""
        return Mistake(f"{self.file}, {self.unit} {self.place[row]}, column `{column}`: {problem}")

    def refuse(self, bad: Any, column: str, problem: Callable[[int], str]) -> None:
        """Raises Mistake for the first row that is flagged, or notes every one; shape of bad (rows,)."""
        for row in np.flatnonzero(bad):
            self.tell(self.mistake(int(row), column, problem(int(row))))

    def tell(self, mistake: Mistake) -> None:
        """Raises a Mistake, or notes it."""
        if self.found is None:
            raise mistake
        self.found.append(mistake)

    def settle(self) -> None:
        """Raises the first Mistake that was noted, if any: what follows needs a sheet without."""
        if self.found:
            raise self.found[0]

    def require(self, columns: Sequence[str]) -> None:
        """Raises Mistake for columns that the file does not have, with the nearest of one, or all that are needed."""
        missing = [column for column in columns if column not in self.cells]
        if not missing:
            return
        where = f"{self.file}, line 1" if self.unit == "line" else self.file
        said = f"column `{missing[0]}`" if len(missing) == 1 else f"column {', '.join(f'`{name}`' for name in missing)}"
        others = [name for name in self.cells if name not in columns]  # one that is needed itself is no slip of another
        near = [nearest(name, others) for name in missing]
        hint = near[0] if len(missing) == 1 else ""
        hint = hint or f"; it needs {', '.join(columns)}, and has {listed(list(self.cells))}"
        raise Mistake(f"{where}: there is no {said}{hint}")

    def words(self, column: str, empty: bool = False) -> Any:
        """A column as text; all blank if there is none. Raises Mistake for a blank unless it may be empty."""
        if column not in self.cells:
            return np.full(len(self), "", dtype=object)
        words = self.cells[column]
        if not empty:
            self.refuse(words == "", column, lambda row: "the cell is empty")
        return words

    def numbers(
        self, column: str, low: float = -np.inf, high: float = np.inf, empty: bool = False, whole: bool = False
    ) -> Any:
        """A column as numbers between bounds, not a number where blank. Raises Mistake for anything else."""
        words = self.words(column, empty)
        values = np.array([_number(word) for word in words], dtype=float)
        blank, note = words == "", "; leave it empty where it is not known" if empty else ""
        self.refuse(~np.isfinite(values) & ~blank, column, lambda row: f"{words[row]!r} is not a number{note}")
        values = np.where(np.isfinite(values), values, np.nan)
        if whole:
            self.refuse(values % 1 > 0, column, lambda row: f"{words[row]} is not a whole number")
        negative = (values < 0) & (low == 0 and high > 10)  # an amount of something, and no grade or share
        self.refuse(negative, column, lambda row: f"{words[row]} must not be negative")
        wanted = f"must lie between {low:g} and {high:g}"
        outside = ((values < low) | (values > high)) & ~negative
        self.refuse(outside, column, lambda row: f"{words[row]} {wanted}")
        return values

    def codes(self, column: str, known: Mapping[str, int], empty: int | None = None) -> Any:
        """A column of known words as their numbers; a blank is `empty`, if given. Raises Mistake for another word."""
        words = self.words(column, empty is not None)
        plain = [str(word).lower().replace(" ", "_").replace("-", "_") for word in words]
        bad = np.array([word not in known and not (word == "" and empty is not None) for word in plain], dtype=bool)
        options = list(known)
        self.refuse(
            bad, column, lambda row: f"{words[row]!r} is not known{nearest(plain[row], options) or _one_of(options)}"
        )
        return np.array([known.get(word, -1 if empty is None else empty) for word in plain], dtype=np.int64)

    def flags(self, column: str, empty: bool | None = None) -> Any:
        """A column of true and false; a blank is `empty`, if given. Raises Mistake for any other word."""
        words = self.words(column, empty is not None)
        plain = np.array([str(word).lower() for word in words], dtype=object)
        bad = ~np.isin(plain.astype(str), (*YES, *NO, *(() if empty is None else ("",))))
        self.refuse(bad, column, lambda row: f"{words[row]!r} is neither true nor false")
        return np.where(plain == "", bool(empty), np.isin(plain.astype(str), YES))

    def once(self, keys: Sequence[Hashable], column: str, said: Callable[[int], str]) -> None:
        """Raises Mistake for the first key that an earlier row has."""
        first: dict[Hashable, int] = {}
        for row, key in enumerate(keys):
            if first.setdefault(key, row) != row:
                earlier = f"{self.unit} {self.place[first[key]]}"
                self.tell(self.mistake(row, column, f"{said(row)} is already in {earlier}"))


def sheet_of(path: str | Path) -> Sheet:
    """The sheet in a CSV or Parquet file, by its extension; blank rows are left out.

    Raises Mistake for a file that is not there, of another kind, that cannot be read, is empty or has uneven rows.
    """
    if not isinstance(path, str | Path) or not str(path):
        raise Mistake(f"a file is named by its path; got {shown(path)}")
    path = located(path)
    ending = path.suffix.lower()
    if ending not in (".csv", ".parquet"):
        raise Mistake(f"{path.name or path} must end in .csv or .parquet, to say how it is to be read")
    if not isfile(path):
        raise Mistake(f"there is no file {path}")
    try:
        return _without_blanks(_from_csv(path) if ending == ".csv" else _from_parquet(path))
    except Mistake:
        raise
    except UnicodeDecodeError:
        raise Mistake(f"{path.name} is not text in UTF-8; save it as CSV UTF-8") from None
    except (OSError, ValueError, TypeError, NotImplementedError) as error:
        said = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
        raise Mistake(f"{path.name} cannot be read as {ending[1:]}: {said}") from None


def nearest(word: str, known: list[str]) -> str:
    """The nearest of known words as a question, or nothing."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean `{near[0]}`?" if near else ""


def counted(number: int, word: str) -> str:
    """A number with its word, in the plural unless it is one.

    >>> counted(1, "tie"), counted(1200, "tie")
    ('1 tie', '1,200 ties')
    """
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def listed(words: Sequence[Any], most: int = 12) -> str:
    """Words with commas between them, the first few of many."""
    return ", ".join(str(word) for word in words[:most]) + (", ..." if len(words) > most else "")


def _one_of(options: list[str]) -> str:
    return f"; it must be one of {listed(options)}"


def _number(word: str) -> float:
    try:
        return float(word) if word and "_" not in word else np.nan
    except ValueError:
        return np.nan


def _from_csv(path: Path) -> Sheet:
    from pandas import read_csv
    from pandas.errors import EmptyDataError

    _separated_by_commas(path)
    try:
        # No header, no skipping, no guessed types: so that line numbers, short rows and ids like 007 stay as they are.
        options: dict[str, Any] = {"header": None, "dtype": str, "keep_default_na": False, "skip_blank_lines": False}
        frame = read_csv(path, encoding="utf-8-sig", engine="python", **options)
    except EmptyDataError:
        raise Mistake(f"{path.name} is empty") from None
    if frame.empty:
        raise Mistake(f"{path.name} is empty")
    texts = frame.to_numpy(dtype=object)
    inside = np.array([sum(cell.count("\n") for cell in row if isinstance(cell, str)) for row in texts])
    lines = np.arange(1, len(texts) + 1) + np.cumsum(inside) - inside
    return Sheet(path.name, _columns(path, texts[0], texts[1:], lines[1:]), lines[1:])


def _separated_by_commas(path: Path) -> None:
    """Raises Mistake for a file whose first line is separated by something else."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        line = file.readline()
    for mark, said in {";": "semicolons", "\t": "tabs"}.items():
        if mark in line and "," not in line:
            raise Mistake(f"{path.name} is separated by {said}; save it separated by commas, decimals with a point")


def _from_parquet(path: Path) -> Sheet:
    from pandas import read_parquet

    frame = read_parquet(path)
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    texts = frame.astype(object).where(frame.notna(), "").to_numpy(dtype=object)
    rows = np.arange(1, len(texts) + 1)
    return Sheet(path.name, _columns(path, list(frame.columns), texts, rows), rows, "row")


def _columns(path: Path, header: Any, texts: Any, place: Any) -> dict[str, Any]:
    names = [_text(name).lower() for name in header]
    for position, name in enumerate(names):
        if name and name in names[:position]:
            raise Mistake(f"{path.name} has two columns `{name}`")
    for row, line in zip(texts, place, strict=True):
        given = sum(cell == cell for cell in row)  # a cell that the line does not have is not a number
        if 0 < given < len(names):
            raise Mistake(f"{path.name}, line {line}: there are {given} cells under {len(names)} columns")
    columns = {name: texts[:, place] for place, name in enumerate(names) if name}
    return {name: np.array([_text(cell) for cell in cells], dtype=object) for name, cells in columns.items()}


def _text(cell: Any) -> str:
    if isinstance(cell, float):
        return "" if cell != cell else str(int(cell)) if cell.is_integer() else str(cell)
    return str(cell).strip()


def _without_blanks(sheet: Sheet) -> Sheet:
    filled = np.zeros(len(sheet), dtype=bool)
    for cells in sheet.cells.values():
        filled |= cells != ""
    cells = {name: cells[filled] for name, cells in sheet.cells.items()}
    return replace(sheet, cells=cells, place=sheet.place[filled])
