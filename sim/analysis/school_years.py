"""A user's panel of schools and years, checked row by row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.cells import NEVER, Year, first_year_of, identity_of, outcome_of, year_of
from sim.analysis.sweep_grid import needs
from sim.errors import InputError, shown

COLUMNS = ("school_id", "year", "outcome", "first")
"""Columns of a panel; `first` is the first year with the programme, blank for a school that never has it."""


@dataclass(frozen=True)
class SchoolYears:
    """The checked rows of a panel: one row a school and year.

    Args:
        keys: normalised identity of the school of each row
        names: identity of each school as first written in the panel, by key
        years: school year of each row; shape (rows,)
        outcomes: NaN where missing; shape (rows,)
        firsts: first year with the programme by key, NEVER for none; empty if the panel has no such column
    """

    keys: Sequence[Hashable]
    names: dict[Hashable, Any]
    years: Any
    outcomes: Any
    firsts: dict[Hashable, int]

    @staticmethod
    def of(panel: Any, columns: Sequence[str] = COLUMNS) -> SchoolYears:
        """Return the checked rows of a frame; columns may also be levels of its index.

        Raises:
            InputError: the panel is not a frame, lacks a column or has no rows; a cell cannot be used (the message names
                its row); a school has two rows in a year, or two first years
        """
        frame = _frame_of(panel, columns)
        keys = _read_cells(frame, "school_id", identity_of)
        names: dict[Hashable, Any] = {}
        for key, name in zip(keys, frame["school_id"], strict=True):
            names.setdefault(key, name)
        years = _read_cells(frame, "year", year_of)
        firsts = _read_cells(frame, "first", first_year_of) if "first" in columns else []
        _require_one_form_of_year(years, firsts)
        _require_one_row_a_year(keys, [year.number for year in years], names)
        outcomes = np.array(_read_cells(frame, "outcome", outcome_of), dtype=float)
        return SchoolYears(
            keys, names, np.array([y.number for y in years]), outcomes, _first_years(keys, firsts, names)
        )

    @cached_property
    def order(self) -> list[Hashable]:
        """Keys of the schools, in order."""
        return sorted(self.names, key=_sort_key)

    @cached_property
    def span(self) -> Any:
        """The years of the panel, in order; shape (years,)."""
        return np.unique(self.years)

    @cached_property
    def grid(self) -> Any:
        """Outcomes by school and year; NaN if missing; shape (schools, years)."""
        grid = np.full((len(self.order), len(self.span)), np.nan)
        place = {key: row for row, key in enumerate(self.order)}
        grid[[place[key] for key in self.keys], np.searchsorted(self.span, self.years)] = self.outcomes
        return grid

    def names_of(self, keys: Sequence[Hashable]) -> Any:
        """Return the identities of schools as first written in the panel; numbers stay numbers; shape (keys,)."""
        names = np.empty(len(keys), dtype=object)
        for row, key in enumerate(keys):
            names[row] = self.names[key]
        return pd.Series(names).infer_objects().to_numpy() if len(names) else names


def _frame_of(panel: Any, columns: Sequence[str]) -> pd.DataFrame:
    """Return the needed columns of a panel, including levels of its index.

    Raises:
        InputError: the panel is not a frame, lacks a column, has one twice, or has no rows
    """
    if not isinstance(panel, pd.DataFrame):
        raise InputError(
            f"a panel must be a pandas DataFrame; got {type(panel).__name__}: read a file with pandas first"
        )
    levels = [name for name in panel.index.names if name in columns and name not in panel.columns]
    frame = panel.reset_index(level=levels) if levels else panel
    needs(frame, columns)
    twice = [name for name in columns if list(frame.columns).count(name) > 1]
    if twice:
        raise InputError(f"the frame has two columns `{twice[0]}`; keep one")
    if not len(frame):
        raise InputError("the panel has no rows; give one row per school and year")
    return frame[list(columns)]


def _read_cells(frame: pd.DataFrame, column: str, reader: Callable[[Any], Any]) -> list[Any]:
    """Return the values of the cells of a column.

    Raises:
        InputError: a cell cannot be used; the message names the row, its school and the column
    """
    values = []
    for row, cell in enumerate(frame[column], 1):
        try:
            values.append(reader(cell))
        except InputError as mistake:
            school = "" if column == "school_id" else f" (school {shown(frame['school_id'].iloc[row - 1])})"
            raise InputError(f"row {row}{school}, `{column}`: {mistake}") from None
    return values


def _require_one_form_of_year(years: Sequence[Year], firsts: Sequence[Year]) -> None:
    """Check that a panel does not mix numbers and autumn dates, since a number may be the calendar year.

    Raises:
        InputError: it does; the message names the row
    """
    columns = {"year": years, "first": [first for first in firsts if first.number != NEVER]}
    numbers = any(not year.date for cells in columns.values() for year in cells)
    for column, cells in {"year": years, "first": firsts}.items():
        row = next((row for row, year in enumerate(cells, 1) if year.shifted), None)
        if numbers and row is not None:
            raise InputError(
                f"row {row}, `{column}`: a date of September to December belongs to the school year {cells[row - 1].number}, "
                "and other years are numbers; write all years as numbers or all as dates"
            )


def _require_one_row_a_year(keys: Iterable[Hashable], years: Iterable[int], names: dict[Hashable, Any]) -> None:
    """Check that every school has at most one row per year.

    Raises:
        InputError: a school has two rows in a year; the message names both
    """
    rows: dict[tuple[Hashable, int], int] = {}
    for row, (key, year) in enumerate(zip(keys, years, strict=True), 1):
        before = rows.setdefault((key, year), row)
        if before != row:
            raise InputError(
                f"school {_name_text(names[key])} has two rows in {year} (rows {before} and {row}); keep one"
            )


def _first_years(keys: Sequence[Hashable], firsts: Sequence[Year], names: dict[Hashable, Any]) -> dict[Hashable, int]:
    """Return the first year of each school.

    Raises:
        InputError: a school has several first years
    """
    years: dict[Hashable, int] = {}
    for key, first in zip(keys, firsts, strict=bool(firsts)):
        if years.setdefault(key, first.number) != first.number:
            raise InputError(
                f"school {_name_text(names[key])} has several first years with the programme; give the same one in all its rows"
            )
    return years


def _name_text(name: Any) -> str:
    return shown(name).strip("'") if isinstance(name, str) else shown(name)


def _sort_key(key: Hashable) -> tuple[int, int, str]:
    """Return the sort key of a school: numbers by value, then text, then other identities.

    >>> sorted(["10", "9", "S1", "007"], key=_sort_key)
    ['9', '10', '007', 'S1']
    """
    if isinstance(key, str):
        plain = key.isdecimal() and len(key) < 4000 and str(int(key)) == key
        return (0, int(key), "") if plain else (1, 0, key)
    return (2, 0, f"{type(key).__name__} {key!r}")
