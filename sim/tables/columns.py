"""Declare the columns of a table: type, range, unit, words, and the rules across columns; read a sheet by them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.tables.sheet import Sheet

TEXT, IDENTITY, NUMBER, WHOLE, FLAG, WORD = "text", "identity", "number", "whole number", "true or false", "word"
FIGURE = "number or month"
"""Types of a column."""

BLANK_NUMBER = math.nan
"""Value of a blank number."""

LONG = 10
"""Upper bound from which a range is one of amounts: a value below it is reported as negative, not as out of range."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: in the head of the file
        type: TEXT, IDENTITY, NUMBER, WHOLE, FLAG, WORD or FIGURE
        about: its meaning, for docs/reference/files.md
        needed: whether the file must have it
        blank: value of a blank cell, and of every row where the file does not have the column; None: it must be filled
        low: least value [unit]
        high: greatest value [unit]
        unit: of a number
        words: of a WORD, each with its code
        suppressed: whether the cells of small counts may be suppressed (`<5`, `*`, ...)
        accepts: the type and range in words, where the declared ones do not tell all
    """

    name: str
    type: str
    about: str
    needed: bool = True
    blank: Any = None
    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    words: Mapping[str, int] | None = None
    suppressed: bool = False
    accepts: str = ""

    def values(self, sheet: Sheet) -> Any:
        """Read the column of a sheet, and note what cannot be used; shape (rows,).

        Args:
            sheet: the sheet

        Returns:
            text, identities and figures as text; numbers, not a number where blank or suppressed; flags; codes of words
        """
        may_be_blank = self.blank is not None
        if self.type in (TEXT, IDENTITY):
            return sheet.texts(self.name, blank=self.blank, identity=self.type == IDENTITY)
        if self.type == FIGURE:
            return sheet.figures(self.name)
        if self.type == FLAG:
            return sheet.flags(self.name, self.blank)
        if self.type == WORD:
            return sheet.codes(self.name, self.words or {}, self.blank)
        values = sheet.numbers(self.name, empty=may_be_blank, suppressed=self.suppressed)
        self._refuse_outside(sheet, values)
        return np.where(np.isnan(values), self.blank, values) if may_be_blank and not self.suppressed else values

    def _refuse_outside(self, sheet: Sheet, values: Any) -> None:
        """Note numbers that are not whole, negative, or outside the range."""
        text = sheet.words(self.name, empty=True)
        if self.type == WHOLE:
            sheet.refuse(values % 1 > 0, self.name, lambda row: f"{text[row]} is not a whole number")
        negative = (values < 0) & (self.low >= 0 and self.high > LONG)
        sheet.refuse(negative, self.name, lambda row: f"{text[row]} must not be negative")
        outside = ((values < self.low) | (values > self.high)) & ~negative
        wanted = f"must lie between {self.low:g} and {self.high:g}"
        sheet.refuse(outside, self.name, lambda row: f"{text[row]} {wanted}")

    @property
    def accepted(self) -> str:
        """The type and the range in words, as docs/reference/files.md shows them."""
        if self.accepts:
            return self.accepts
        if self.words is not None:
            return ", ".join(self.words)
        if self.type not in (NUMBER, WHOLE):
            return self.type if self.type != IDENTITY else "text or whole number"
        ends = [
            f"{end:.0f}" if float(end).is_integer() else f"{end:g}"
            for end in (self.low, self.high)
            if math.isfinite(end)
        ]
        bounds = f", {' to '.join(ends)}" if len(ends) == 2 else f" from {ends[0]}" if ends else ""
        return f"{self.type}{bounds}{f' [{self.unit}]' if self.unit else ''}"


@dataclass(frozen=True)
class Rule:
    """A rule across the columns of a row.

    Attributes:
        column: that is named where a row breaks it
        about: the rule in words, for docs/reference/files.md
        broken: flags the rows that break it, by the values of all columns; shape (rows,)
        problem: what is wrong in a row, in words
    """

    column: str
    about: str
    broken: Callable[[Mapping[str, Any]], Any]
    problem: Callable[[Mapping[str, Any], int], str]


@dataclass(frozen=True)
class Form:
    """Form of a table of one kind: columns, rules and limits.

    Attributes:
        name: of the kind, as in `setting.schools`
        title: what such a file is called
        columns: declared columns
        rules: across columns
        key: columns whose values together must be unique; an error names the first of them
        key_text: those values in words, by the values of all columns and the row
        most_rows: more rows are refused before anything is read [rows]
        rows: word for the rows, if the file must have one; empty if it may have none
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    key: tuple[str, ...] = ()
    key_text: Callable[[Mapping[str, Any], int], str] = lambda values, row: "the row"
    most_rows: int = 100_000
    rows: str = "rows"

    @property
    def needed(self) -> tuple[str, ...]:
        """Names of the columns that a file must have."""
        return tuple(column.name for column in self.columns if column.needed)

    @property
    def optional(self) -> tuple[str, ...]:
        """Names of the columns that a file may have."""
        return tuple(column.name for column in self.columns if not column.needed)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all declared columns."""
        return tuple(column.name for column in self.columns)

    def values(self, sheet: Sheet) -> dict[str, Any]:
        """Read all declared columns of a sheet, and note everything that cannot be used; arrays of shape (rows,).

        Args:
            sheet: the sheet

        Raises:
            InputError: a column is missing, or the file has no row and must have one
        """
        sheet.require(self.needed)
        if self.rows and not len(sheet):
            raise InputError(f"{sheet.file} has no {self.rows}: there is no row under the columns")
        values = {column.name: column.values(sheet) for column in self.columns}
        if self.key:
            keys = [tuple(key) for key in zip(*(values[name].tolist() for name in self.key), strict=True)]
            sheet.once(keys, self.key[0], lambda row: self.key_text(values, row))
        sound = ~np.isin(sheet.place, [fault.place for fault in sheet.faults])
        for rule in self.rules:
            sheet.refuse(rule.broken(values) & sound, rule.column, partial(rule.problem, values))
        return values
