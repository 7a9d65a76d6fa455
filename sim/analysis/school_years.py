"""A user's panel of schools and years, checked row by row before it is studied."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.cells import NEVER, Year, first_of, identity_of, outcome_of, year_of
from sim.analysis.sweep_grid import needs
from sim.errors import InputError, shown

COLUMNS = ("school_id", "year", "outcome", "first")
"""Columns of a panel that is studied; `first` is the first year with the programme, blank for a school that never has it."""


@dataclass(frozen=True)
class SchoolYears:
    """The checked rows of a panel: one row a school and year.

    Args:
        keys: identity of the school of each row, the same however it is written
        names: identity of each school as the panel first has it, by key
        years: school year of each row; shape (rows,)
        outcomes: NaN where missing; shape (rows,)
        firsts: first year with the programme by key, NEVER for none; empty where the panel has no such column
    """

    keys: Sequence[Hashable]
    names: dict[Hashable, Any]
    years: Any
    outcomes: Any
    firsts: dict[Hashable, int]

    @staticmethod
    def of(panel: Any, columns: Sequence[str] = COLUMNS) -> SchoolYears:
        """Return the checked rows of a frame. Columns may also be levels of its index.

        Raises:
            InputError: not a frame, a missing column, no row, a cell that cannot be used (with its row), a school twice in a
                year or with two first years
        """
        frame = _frame_of(panel, columns)
        keys = _each(frame, "school_id", identity_of)
        names: dict[Hashable, Any] = {}
        for key, name in zip(keys, frame["school_id"], strict=True):
            names.setdefault(key, name)
        years = _each(frame, "year", year_of)
        firsts = _each(frame, "first", first_of) if "first" in columns else []
        _see_dates_agree(years, firsts)
        _see_once(keys, [year.number for year in years], names)
        outcomes = np.array(_each(frame, "outcome", outcome_of), dtype=float)
        return SchoolYears(
            keys, names, np.array([y.number for y in years]), outcomes, _first_years(keys, firsts, names)
        )

    @cached_property
    def order(self) -> list[Hashable]:
        """Keys of the schools, in order."""
        return sorted(self.names, key=_place)

    @cached_property
    def span(self) -> Any:
        """The years of the panel, in order; shape (years,)."""
        return np.unique(self.years)

    @cached_property
    def grid(self) -> Any:
        """Outcomes by school in order and by year; NaN where there is none; shape (schools, years)."""
        grid = np.full((len(self.order), len(self.span)), np.nan)
        place = {key: row for row, key in enumerate(self.order)}
        grid[[place[key] for key in self.keys], np.searchsorted(self.span, self.years)] = self.outcomes
        return grid

    def named(self, keys: Sequence[Hashable]) -> Any:
        """Return schools as the panel first has them; numbers stay numbers; shape (keys,)."""
        named = np.empty(len(keys), dtype=object)
        for row, key in enumerate(keys):
            named[row] = self.names[key]
        return pd.Series(named).infer_objects().to_numpy() if len(named) else named


def _frame_of(panel: Any, columns: Sequence[str]) -> pd.DataFrame:
    """Return the columns of a panel that are needed, those in its index too.

    Raises:
        InputError: it is not such a frame
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
        raise InputError("the panel has no rows; a study needs schools over several years")
    return frame[list(columns)]


def _each(frame: pd.DataFrame, column: str, reading: Callable[[Any], Any]) -> list[Any]:
    """Return what each cell of a column means.

    Raises:
        InputError: with the row, its school and the column
    """
    read = []
    for row, cell in enumerate(frame[column], 1):
        try:
            read.append(reading(cell))
        except InputError as mistake:
            school = "" if column == "school_id" else f" (school {shown(frame['school_id'].iloc[row - 1])})"
            raise InputError(f"row {row}{school}, `{column}`: {mistake}") from None
    return read


def _see_dates_agree(years: Sequence[Year], firsts: Sequence[Year]) -> None:
    """See that numbers and autumn dates do not meet, since a number may be the calendar year.

    Raises:
        InputError: with the row
    """
    columns = {"year": years, "first": [first for first in firsts if first.number != NEVER]}
    numbers = any(not each.date for cells in columns.values() for each in cells)
    for column, cells in {"year": years, "first": firsts}.items():
        row = next((row for row, each in enumerate(cells, 1) if each.shifted), None)
        if numbers and row is not None:
            raise InputError(
                f"row {row}, `{column}`: a date of September to December belongs to the school year {cells[row - 1].number}, "
                "and other years are numbers; write all years as numbers or all as dates"
            )


def _see_once(keys: Iterable[Hashable], years: Iterable[int], names: dict[Hashable, Any]) -> None:
    """See that every school has one row a year.

    Raises:
        InputError: with the school, the year and both rows
    """
    rows: dict[tuple[Hashable, int], int] = {}
    for row, (key, year) in enumerate(zip(keys, years, strict=True), 1):
        before = rows.setdefault((key, year), row)
        if before != row:
            raise InputError(
                f"school {_named(names[key])} stands twice in {year} (rows {before} and {row}); keep one row"
            )


def _first_years(keys: Sequence[Hashable], firsts: Sequence[Year], names: dict[Hashable, Any]) -> dict[Hashable, int]:
    """Return the first year of each school.

    Raises:
        InputError: a school that has several
    """
    years: dict[Hashable, int] = {}
    for key, first in zip(keys, firsts, strict=bool(firsts)):
        if years.setdefault(key, first.number) != first.number:
            raise InputError(
                f"school {_named(names[key])} has several first years with the programme; give it one in all rows"
            )
    return years


def _named(name: Any) -> str:
    return shown(name).strip("'") if isinstance(name, str) else shown(name)


def _place(key: Hashable) -> tuple[int, int, str]:
    """Return the place of a key in order: numbers by value, then text, then the rest.

    >>> sorted(["10", "9", "S1", "007"], key=_place)
    ['9', '10', '007', 'S1']
    """
    if isinstance(key, str):
        plain = key.isdecimal() and len(key) < 4000 and str(int(key)) == key
        return (0, int(key), "") if plain else (1, 0, key)
    return (2, 0, f"{type(key).__name__} {key!r}")
