"""A user's table of later facts: checks against the patterns of the model, and division into tests and fitted facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.fit import COUNT, EVENT, MONTH, PART, PATTERNS, TOLERANCES, facts
from sim.analysis.validation import CORRELATION
from sim.catalogue import targets as own_targets
from sim.dates import school_year
from sim.declare import Fact
from sim.errors import InputError, listed, nearest
from sim.outcomes.record import BEFORE, FIRST
from sim.policy import Scenario
from sim.tables.columns import BLANK_NUMBER, FIGURE, NUMBER, TEXT, WHOLE, Column, Form
from sim.tables.paths import expanded_path
from sim.tables.read import sheet_of
from sim.tables.sheet import Sheet
from sim.world.facts import cohort_points
from sim.world.schools import STREAMS

FACTS = Form(
    "facts",
    "table of facts",
    (
        Column("pattern", TEXT, "what was counted"),
        Column("year", WHOLE, "school year", low=1900, high=2199),
        Column("group", TEXT, "of whom"),
        Column("value", FIGURE, "the published figure"),
        Column("unit", TEXT, "unit of the figure"),
        Column("reliability", TEXT, "A exact, B rounded or derived, C weak"),
        Column("use", TEXT, "fit where a calibration has used it", needed=False, blank=""),
        Column("tolerance", NUMBER, "own tolerance, in the unit of the scale", needed=False, blank=BLANK_NUMBER, low=0),
    ),
    key=("pattern", "year", "group"),
    key_text=lambda values, row: f"`{values['pattern'][row]}` of {values['year'][row]:g}, {values['group'][row]},",
    most_rows=1_000,
    rows="facts",
)  # fmt: skip
"""Form of a table of later facts: that of a table of targets, in which `use` may be left out."""

MORE_GROUPS = {
    "share_5_units": (
        *(f"quintile {number}" for number in range(1, 6)),
        *(f"stream {name}" for name in STREAMS if name != "unknown"),
    ),
    "level_share": ("3 units", "4 units", "5 units"),
}
"""Further groups of patterns, besides those in the table of targets."""

FIRST_MEASURED = {
    "track_opening_rate": FIRST + 1,
    "track_closing_rate": FIRST + 1,
    CORRELATION: FIRST + 1,
    "partners": BEFORE,
    "gap_not_narrowed": BEFORE + 1,
}
"""First year of a pattern in a run; patterns that compare with the year before, or with the launch, begin later."""

OTHER_SIZE = ("thousand", "thousands", "million", "millions", "%", "percent", "percentage", "points", "cent")
"""Words of a unit that change the size of a figure."""


FITTED_COLUMNS = [*Fact._fields, "unit", "scale", "value", "fitted_value"]
"""Columns of the table of fitted facts."""


@dataclass(frozen=True)
class LaterFacts:
    """Facts of a table.

    Args:
        tests: facts that were not fitted, in the form of `sim.analysis.fit.facts`; `later` is true if their year comes after
            the last fitted year
        fitted: facts that were fitted, with the values that they were fitted to
        last_fitted: last fitted year
    """

    tests: pd.DataFrame
    fitted: pd.DataFrame
    last_fitted: int

    @property
    def facts(self) -> list[Fact]:
        """Facts that are tests, in order."""
        return [Fact(*row) for row in self.tests[list(Fact._fields)].itertuples(index=False)]

    @property
    def until(self) -> str:
        """Last month of a run that measures all tests, YYYY-MM."""
        return f"{int(self.tests['year'].max())}-08"


def later_facts(file: str | Path, targets: pd.DataFrame, scenarios: Sequence[Scenario]) -> LaterFacts:
    """Return the facts of a table after a check.

    Args:
        file: path of the table, in the form FACTS
        targets: table of targets, whose facts with `use=fit` were fitted
        scenarios: that are to be simulated

    Raises:
        InputError: the file cannot be read, a fact cannot be used or is not measured by the model, or every fact was fitted;
            with file and line
    """
    sheet = sheet_of(file, FACTS)
    values = FACTS.values(sheet)
    record = facts(targets)
    _check_names(sheet, values, pd.concat([record, facts(own_targets())]))
    _check_years(sheet, values, scenarios, {*record[list(Fact._fields)].itertuples(index=False, name=None)})
    _check_figures(sheet, values)
    sheet.settle()
    rows = facts(pd.DataFrame(values).assign(year=values["year"].astype(int), use="fit"))
    old = record.set_index(list(Fact._fields))["value"].rename("fitted_value")
    rows = rows.merge(old.reset_index(), on=list(Fact._fields), how="left").assign(use=values["use"])
    was_fitted = rows["fitted_value"].notna() | (rows["use"] == "fit")
    last = int(record["year"].max())
    tests = rows[~was_fitted].drop(columns="fitted_value").reset_index(drop=True)
    if tests.empty:
        raise InputError(
            f"{expanded_path(file).name} has no test, since each of its facts was fitted; add a fact that was not"
        )
    fitted = rows.loc[was_fitted, FITTED_COLUMNS].reset_index(drop=True)
    return LaterFacts(tests.assign(later=tests["year"] > last), fitted, last)


def _check_names(sheet: Sheet, values: dict[str, Any], record: pd.DataFrame) -> None:
    """Note unknown patterns, unknown groups, and units that contradict those of their patterns."""
    for row, (name, group, unit) in enumerate(zip(values["pattern"], values["group"], values["unit"], strict=True)):
        if name not in PATTERNS:
            measured = [each for each, pattern in PATTERNS.items() if pattern.scale != PART]
            hint = nearest(name, measured) or f"; runs measure {', '.join(measured)}"
            sheet.note(row, "pattern", f"unknown pattern `{name}`{hint}")
            continue
        own = record[record["pattern"] == name]
        groups = list(dict.fromkeys([*own["group"], *MORE_GROUPS.get(name, ())]))
        if group not in groups:
            hint = nearest(group, groups) or f"; it has {listed(groups)}"
            sheet.note(row, "group", f"`{name}` has no group `{group}`{hint}")
        elif PATTERNS[name].scale != EVENT and len(own) and all(contradicts(unit, each) for each in own["unit"]):
            usual = own["unit"].iloc[0]
            sheet.note(row, "unit", f"the unit `{unit}` contradicts that of `{name}`, which is `{usual}`")


def contradicts(unit: str, other: str) -> bool:
    """Return whether two units of a pattern differ: neither begins as the other one, or one has another size.

    Text in brackets or after a colon, and numbers, are remarks and are ignored.

    Args:
        unit: of a fact
        other: unit of another fact of the same pattern

    >>> contradicts("students", "students in grade 12"), contradicts("share of grade 12", "share of maths takers")
    (False, True)
    >>> contradicts("students: thousands", "students"), contradicts("schools of 955", "schools of 881 (5 takers or more)")
    (True, False)
    """
    first, second = _words(unit), _words(other)
    shorter = min(len(first), len(second))
    sizes = [set(re.findall(r"[a-z]+|%", text.lower())) & set(OTHER_SIZE) for text in (unit, other)]
    return not shorter or first[:shorter] != second[:shorter] or sizes[0] != sizes[1]


def _words(unit: str) -> list[str]:
    """Return the words of a unit without remarks and numbers of three or more digits."""
    return [word for word in re.split(r"[(:;]", unit.lower())[0].split() if not re.fullmatch(r"[\d,]{3,}", word)]


def _check_years(sheet: Sheet, values: dict[str, Any], scenarios: Sequence[Scenario], fitted: set[Any]) -> None:
    """Note years that no run reaches, and years in which a pattern is not measured, for facts that were not fitted."""
    begin = max([FIRST, *(school_year(each.first_month) for each in scenarios)])
    last, table = min(_last_cohort(scenarios))
    for row, fact in enumerate(zip(values["pattern"], values["year"], values["group"], strict=True)):
        name, year, _ = fact
        first = max(begin, FIRST_MEASURED.get(name, begin))
        if np.isnan(year) or name not in PATTERNS or fact in fitted:
            continue
        if year < first:
            sheet.note(row, "year", f"`{name}` is not measured in {year:g}: its first year in a run is {first}")
        elif year > last:
            sheet.note(row, "year", f"no run reaches {year:g}: {table} has students of grade 12 up to {last}; "
                       "name a longer table by `setting.cohorts`")  # fmt: skip
        elif PATTERNS[name].scale == MONTH:
            sheet.note(row, "pattern", f"`{name}` is the date of a single event, and is not measured year by year")
        elif PATTERNS[name].scale == PART:
            sheet.note(row, "pattern", f"`{name}` is a part of a growth or an effect, and is not measured year by year")


def _last_cohort(scenarios: Iterable[Scenario]) -> list[tuple[int, str]]:
    """Return the last year with students of grade 12, and the table that has it, scenario by scenario."""
    tables = [str(each.parameters["setting.cohorts"]) for each in scenarios]
    return [(int(max(cohort_points(table)[0])), table) for table in tables]


def _check_figures(sheet: Sheet, values: dict[str, Any]) -> None:
    """Note values that a pattern cannot have, and unknown grades of reliability."""
    grades = TOLERANCES[COUNT]
    sheet.refuse(~np.isin(values["reliability"], [*grades, ""]), "reliability",
                 lambda row: f"reliability must be A, B or C; got {values['reliability'][row]!r}")  # fmt: skip
    for row, (name, text) in enumerate(zip(values["pattern"], values["value"], strict=True)):
        if name in PATTERNS and text:
            problem = figure_problem(name, text)
            if problem:
                sheet.note(row, "value", problem)


def figure_problem(name: str, text: str) -> str:
    """Return a sentence on what is wrong with the value of a fact; empty if it may be used.

    Args:
        name: of the pattern
        text: of the value

    >>> figure_problem("share_5_units", "18.3")
    'a share or a correlation must be above 0 and at most 1; got 18.3'
    """
    scale = PATTERNS[name].scale
    value = pd.to_numeric(pd.Series([text]), errors="coerce").iloc[0]
    if scale in (MONTH, PART) or (pd.isna(value) and not re.fullmatch(r"\d{4}-\d{2}", text)):
        return ""  # the check of the column notes it
    if pd.isna(value):
        return f"`{name}` must be a number; got the month {text}"
    if scale == COUNT:
        return "" if value > 0.0 else f"a count must be above 0; got {text}"
    if scale == EVENT:
        return "" if value in (0.0, 1.0) else f"`{name}` must be 1 for yes or 0 for no; got {text}"
    return "" if 0.0 < value <= 1.0 else f"a share or a correlation must be above 0 and at most 1; got {text}"
