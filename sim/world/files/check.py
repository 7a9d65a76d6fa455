"""Check a user's file before any run: its kind, its content and all its errors."""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError, is_one_of, listed
from sim.tables.columns import Form
from sim.tables.read import column_names, sheet_of
from sim.tables.sheet import Fault, Sheet
from sim.world.facts import COHORTS, POPULATION
from sim.world.files.load import organisation_file
from sim.world.files.organisations import ORGANISATIONS, organisation_lines, organisation_rows
from sim.world.files.schools import SCHOOLS, Authorities, school_lines, school_rows
from sim.world.files.ties import TIES, tie_lines, tie_rows
from sim.world.setting import SettingParameters

FORMS: dict[str, Form] = {form.name: form for form in (SCHOOLS, ORGANISATIONS, TIES)}
"""The files that a user may give and check, by kind."""

SETTING_FORMS: dict[str, Form] = FORMS | {form.name: form for form in (POPULATION, COHORTS)}
"""Every file that a setting may name, by kind."""


def check(path: str | Path, kind: str | None = None, year: int | None = None, organisations: str = "") -> str:
    """Return the content of a user's file in a few lines, after a check of all of it.

    Args:
        path: of the file
        kind: schools, organisations or ties; None to find it by its columns
        year: of a school file; None for every year
        organisations: path of the organisation file in which the names of an edge list are looked up, if any

    Raises:
        InputError: the file or a cell in it cannot be used; the sentence names file, row and column
    """
    kind, sheet = _opened(path, kind)
    return _described(sheet, kind, year, organisations)


def problems(path: str | Path, kind: str | None = None, year: int | None = None, organisations: str = "") -> list[str]:
    """Return all errors of a user's file, a sentence each, in the order of its lines; none if it can be used.

    Args:
        path: of the file
        kind: schools, organisations or ties; None to find it by its columns
        year: of a school file; None for every year
        organisations: path of the organisation file in which names are looked up; where that file itself cannot be
            used, names are not looked up
    """
    return checked(path, kind, year, organisations)[0]


def checked(
    path: str | Path, kind: str | None = None, year: int | None = None, organisations: str = ""
) -> tuple[list[str], str]:
    """Return all errors of a user's file, as `problems` does, and its content if there are none.

    Args:
        path: of the file
        kind: schools, organisations or ties; None to find it by its columns
        year: of a school file; None for every year
        organisations: path of the organisation file in which names are looked up
    """
    faults: list[Fault] = []
    lines = ""
    try:
        kind, sheet = _opened(path, kind)
        faults = sheet.faults
        lines = _described(sheet, kind, year, organisations if _usable(organisations) else "")
    except InputError as mistake:
        faults = faults or [Fault(0, mistake)]
    ordered = sorted(faults, key=lambda fault: fault.place)
    return list(dict.fromkeys(str(fault.error) for fault in ordered)), lines


def kind_of(path: str | Path) -> str:
    """Return which of the three files a file is: the one with most of its columns.

    Args:
        path: of the file

    Raises:
        InputError: it has none of their columns, or cannot be read
    """
    names = column_names(path, [name for form in FORMS.values() for name in form.names])
    shares = {kind: sum(name in names for name in form.needed) / len(form.needed) for kind, form in FORMS.items()}
    kind = max(shares, key=lambda name: shares[name])
    if not shares[kind]:
        columns = listed([name for name in names if name]) or "none"
        raise InputError(
            f"{Path(path).name} is not a school file, organisation file or edge list: its columns are {columns}"
        )
    return kind


def _opened(path: str | Path, kind: str | None) -> tuple[str, Sheet]:
    kind = kind_of(path) if kind is None else kind
    if not is_one_of(kind, FORMS):
        raise InputError(f"unknown kind of file `{kind}`; it must be one of {listed(list(FORMS))}")
    return kind, sheet_of(path, FORMS[kind])


def _usable(organisations: str) -> bool:
    """Return whether an organisation file, if any, can be used."""
    try:
        organisation_file(organisations)
    except InputError:
        return False
    return True


def _described(sheet: Sheet, kind: str, year: int | None, organisations: str) -> str:
    table = organisation_file(organisations) if kind != "organisations" else None
    if kind == "schools":
        names = tuple(table.owners()) if table else ()
        rows = school_rows(sheet, Authorities(1, names, from_user=table is not None))
        lines = school_lines(rows, SettingParameters().counted_from, year)
    elif kind == "organisations":
        lines = organisation_lines(organisation_rows(sheet))
    else:
        names_of, file = (table.names, table.file) if table else (None, "")
        lines = tie_lines(sheet, tie_rows(sheet, names_of, file), file)
    ignored = [name for name in sheet.names if name and name not in FORMS[kind].names]
    return "\n".join(lines + [f"  columns not used: {listed(ignored)}"] * bool(ignored))
