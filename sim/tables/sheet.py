"""A user's table as text, with the place of each row; every error names file, row and column."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from sim.errors import InputError, listed, nearest
from sim.tables.identity import SHORTENED, identity_of, normalised, unprintable

YES, NO = ("true", "yes", "1", "1.0"), ("false", "no", "0", "0.0")
"""Words by which a user writes true and false."""

SUPPRESSED = re.compile(r"\*{1,3}|supp(?:ressed)?|[scx]|(?:<|<=|≤) ?(?P<bound>[0-9]{1,4})", re.IGNORECASE | re.ASCII)
"""Cells that official files show instead of a small count: `*`, `SUPP`, `s`, `c`, `x`, `<5`, `<=4`."""

DECIMAL_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?", re.ASCII)
"""A number written with a decimal comma."""

PLAIN_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
"""A number written with a decimal point, or without one."""

THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}", re.ASCII)
"""A number that may have decimals or thousands behind its point: `2.000`."""

MONTH = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)
"""A month as tables of facts write it: `2014-09`."""

MOST_FAULTS = 10_000
"""Faults of one file that are listed."""

LONGEST_TEXT = 1_000
"""Characters of the longest name or id."""


class Fault(NamedTuple):
    """An error, and the line or row of the file in which it is."""

    place: int
    error: InputError


@dataclass
class Sheet:
    """Cells as text by column, each of shape (rows,), blank where empty.

    Errors are noted in `faults`; `settle` raises the first of them.

    Attributes:
        file: name of the file
        names: all columns of the file, in its order
        cells: the columns that were read
        place: line or row of the file in which each row stands
        unit: of places, "line" or "row"
        commas: whether the cells may have decimal commas (the file is not separated by commas)
        faults: errors so far
        suppressed: rows whose count was suppressed, by column; blank cells included
        bounds: the bound that suppressed cells name (`<5` names 5), by column; 0 where none does
        decimal_commas: whether a number that was read has a decimal comma
        points: rows whose number has a decimal point, by column, until `settle` has compared them
    """

    file: str
    names: tuple[str, ...]
    cells: dict[str, Any]
    place: Any
    unit: str = "line"
    commas: bool = False
    faults: list[Fault] = field(default_factory=list)
    suppressed: dict[str, Any] = field(default_factory=dict)
    bounds: dict[str, int] = field(default_factory=dict)
    decimal_commas: bool = False
    points: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.place)

    def error(self, row: int, column: str, problem: str) -> InputError:
        """Return the error of one cell, as one sentence."""
        return InputError(f"{self.file}, {self.unit} {self.place[row]}, column `{column}`: {problem}")

    def refuse(self, bad: Any, column: str, problem: Callable[[int], str]) -> None:
        """Note every row that is flagged; shape of bad (rows,)."""
        for row in np.flatnonzero(bad)[:MOST_FAULTS]:
            self.note(int(row), column, problem(int(row)))

    def note(self, row: int, column: str, problem: str) -> None:
        """Note the error of one cell, unless too many are noted already."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(int(self.place[row]), self.error(row, column, problem)))

    def settle(self) -> None:
        """Raise the fault that stands first in the file, if any.

        Raises:
            InputError: something in the sheet cannot be used
        """
        self._refuse_two_marks()
        if self.faults:
            raise min(self.faults, key=lambda fault: fault.place).error

    def require(self, columns: Sequence[str]) -> None:
        """Check that the file has some columns.

        Raises:
            InputError: a column is missing
        """
        missing = [column for column in columns if column not in self.cells]
        if not missing:
            return
        where = f"{self.file}, line 1" if self.unit == "line" else self.file
        quoted = ", ".join(f"`{name}`" for name in missing)
        absent = f"there is no column {quoted}" if len(missing) == 1 else f"there are no columns {quoted}"
        others = [name for name in self.names if name and name not in columns]
        hint = nearest(missing[0], others).replace("did you mean", "is it misspelt as") if len(missing) == 1 else ""
        hint = hint or f"; it needs {', '.join(columns)}, and has {listed([name for name in self.names if name])}"
        raise InputError(f"{where}: {absent}{hint}")

    def words(self, column: str, empty: bool = False) -> Any:
        """Return a column as text, all blank if the file has none; note a blank unless it may be empty."""
        if column not in self.cells:
            return np.full(len(self), "", dtype=object)
        words = self.cells[column]
        if not empty:
            self.refuse(words == "", column, lambda row: "the cell is empty")
        return words

    def texts(self, column: str, blank: str | None = None, identity: bool = False) -> Any:
        """Return a column of names or ids in their normalised form; note text that outputs cannot hold.

        Args:
            column: name of the column
            blank: value of a blank cell; None: it must be filled
            identity: whether whole numbers are written in one way (`30.0` is `30`)
        """
        words = self.words(column, empty=blank is not None)
        problems = {word: problem for word in set(words) if (problem := self._text_problem(word, identity))}
        if problems:
            bad = np.array([word in problems for word in words], dtype=bool)
            self.refuse(bad, column, lambda row: problems[words[row]])
        form = self._identity if identity else normalised
        forms = {word: form(word) or (blank or "") for word in set(words)}
        return np.array([forms[word] for word in words], dtype=object)

    def _identity(self, word: str) -> str:
        return identity_of(word.replace(",", ".") if self.commas and re.fullmatch("[0-9]+,0+", word) else word)

    def _text_problem(self, word: str, identity: bool) -> str | None:
        if len(word) > LONGEST_TEXT:
            return f"the text has {len(word):,} characters; write at most {LONGEST_TEXT:,}"
        if identity and SHORTENED.fullmatch(word):
            return f"{word!r} is a number that a spreadsheet has shortened; write all its digits"
        problem = unprintable(word)
        return f"the text holds {problem}; remove it" if problem else None

    def numbers(self, column: str, empty: bool = False, suppressed: bool = False) -> Any:
        """Return a column as numbers, not a number where blank or suppressed; note anything else.

        Args:
            column: name of the column
            empty: whether a cell may be blank
            suppressed: whether a small count may be suppressed
        """
        words = self.words(column, empty)
        cells = {word: self._number(word) for word in set(words)}
        values = np.array([cells[word] for word in words], dtype=float)
        blank, hidden = words == "", np.zeros(len(words), dtype=bool)
        if suppressed:
            signs = {word: match for word in cells if (match := SUPPRESSED.fullmatch(word))}
            hidden = np.array([word in signs for word in words], dtype=bool)
            self.suppressed[column] = hidden | blank
            self.bounds[column] = max((_bound(match) for match in signs.values()), default=0)
        bad = ~np.isfinite(values) & ~blank & ~hidden
        note = "; leave it empty where it is not known" if empty else ""
        self.refuse(bad, column, lambda row: f"{words[row]!r} is not a number{self._marks(words[row])}{note}")
        self._note_marks(column, words)
        return np.where(np.isfinite(values), values, np.nan)

    def _number(self, word: str) -> float:
        if self._decimal_comma(word):
            word = word.replace(",", ".")
        return float(word) if PLAIN_NUMBER.fullmatch(word) else math.nan

    def _marks(self, word: str) -> str:
        """Return advice on a number with a comma, or nothing."""
        if not re.fullmatch(r"[+-]?[0-9.,\s]*[0-9]", word) or ("," not in word and not re.search(r"\s|\..*\.", word)):
            return ""
        return "; write decimals with a point and thousands without a mark"

    def _note_marks(self, column: str, words: Any) -> None:
        """Record which numbers have a decimal comma, and which a point, for `_refuse_two_marks`."""
        if self.commas and column in self.cells:
            self.decimal_commas |= any(DECIMAL_COMMA.fullmatch(word) for word in set(words))
            self.points[column] = np.array(["." in word and bool(PLAIN_NUMBER.fullmatch(word)) for word in words], bool)

    def _refuse_two_marks(self) -> None:
        """Note numbers with a point that may be a mark of thousands.

        That is so where other numbers of the file have a decimal comma, or where every point has three digits behind it.
        """
        problem = "has a point where other numbers of the file have a decimal comma; write all of them alike"
        marked = {word for column, rows in self.points.items() for word in self.cells[column][rows]}
        refused = self.decimal_commas
        if marked and not refused and all(THOUSANDS.fullmatch(word) for word in marked):
            problem = (
                "may have decimals or thousands behind its point; write decimals with a comma, thousands without a mark"
            )
            refused = True
        for column, bad in self.points.items() if refused else ():
            words = self.cells[column]
            self.refuse(bad, column, lambda row, words=words: f"{words[row]} {problem}")  # type: ignore[misc]
        self.points.clear()

    def figures(self, column: str) -> Any:
        """Return a column of numbers and months as text, decimals with a point; note anything else."""
        words = self.words(column)
        plain = {word: word.replace(",", ".") if self._decimal_comma(word) else word for word in set(words)}
        strange = {word for word, text in plain.items() if not (PLAIN_NUMBER.fullmatch(text) or MONTH.fullmatch(text))}
        bad = np.array([word in strange and word != "" for word in words], dtype=bool)
        self.refuse(bad, column, lambda row: f"{words[row]!r} is neither a number nor a month as YYYY-MM")
        self._note_marks(column, words)
        return np.array([plain[word] for word in words], dtype=object)

    def _decimal_comma(self, word: str) -> bool:
        return self.commas and bool(DECIMAL_COMMA.fullmatch(word))

    def codes(self, column: str, words: Mapping[str, int], blank: int | None = None) -> Any:
        """Return a column of declared words as their codes; a blank is `blank`, if given; note any other word."""
        cells = self.words(column, blank is not None)
        plain = {cell: self._identity(cell).lower().replace(" ", "_").replace("-", "_") for cell in set(cells)}
        strange = {cell for cell, word in plain.items() if word not in words and not (word == "" and blank is not None)}
        bad = np.array([cell in strange and cell != "" for cell in cells], dtype=bool)
        options = list(words)
        self.refuse(
            bad,
            column,
            lambda row: f"{cells[row]!r} is not known{nearest(plain[cells[row]], options) or _one_of(options)}",
        )
        return np.array([words.get(plain[cell], -1 if blank is None else blank) for cell in cells], dtype=np.int64)

    def flags(self, column: str, blank: bool | None = None) -> Any:
        """Return a column of true and false; a blank is `blank`, if given; note any other word."""
        cells = self.words(column, blank is not None)
        plain = np.array([str(cell).lower() for cell in cells], dtype=object)
        bad = ~np.isin(plain.astype(str), (*YES, *NO, ""))
        self.refuse(bad, column, lambda row: f"{cells[row]!r} is neither true nor false")
        return np.where(plain == "", bool(blank), np.isin(plain.astype(str), YES))

    def once(self, keys: Sequence[Hashable], column: str, text: Callable[[int], str]) -> None:
        """Note every key that an earlier row has."""
        first: dict[Hashable, int] = {}
        for row, key in enumerate(keys):
            if first.setdefault(key, row) != row:
                self.note(row, column, f"{text(row)} is already in {self.unit} {self.place[first[key]]}")


def _bound(match: re.Match[str]) -> int:
    """Return the least count that a suppressed cell says is published; 0 where it names none."""
    bound = match["bound"]
    return 0 if bound is None else int(bound) + (match[0][:2] == "<=" or match[0][0] == "≤")


def _one_of(options: list[str]) -> str:
    return f"; it must be one of {listed(options)}"
