"""Say of a user's file, before any run, which it is, what it holds and everything that is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim.declare import Mistake
from sim.world import reading_organisations as people
from sim.world import reading_schools as places
from sim.world.organisations import AUTHORITY
from sim.world.reading import organisation_file
from sim.world.reading_schools import Authorities
from sim.world.setting import SettingParameters
from sim.world.sheet import Sheet, listed, sheet_of

COLUMNS = {"schools": places.REQUIRED, "organisations": people.REQUIRED, "ties": people.TIES}
"""The files that a user may give, and the columns that each must have."""

OPTIONAL = {"schools": places.PLACE + places.UNUSED, "organisations": people.OPTIONAL, "ties": ()}
"""The columns that each may have."""


def described(path: str | Path, kind: str | None = None, year: int | None = None, organisations: str = "") -> str:
    """What a user's file holds, in a few lines, once all of it has been checked.

    Args:
        path: of the file
        kind: schools, organisations or ties; None to tell by its columns
        year: of a school file; None for every year
        organisations: path of the organisation file in which the names of an edge list are looked up, if any

    Raises:
        Mistake: the file or a cell in it cannot be used; in one sentence that names file, row and column
    """
    return _described(sheet_of(path), kind, year, organisations)


def problems(path: str | Path, kind: str | None = None, year: int | None = None, organisations: str = "") -> list[str]:
    """Everything that is wrong with a user's file, a sentence each, in the order of its checks; none if it can be used.

    Args: as those of `described`.
    """
    found: list[Mistake] = []
    try:
        _described(replace(sheet_of(path), found=found), kind, year, organisations)
    except Mistake as mistake:
        found = found or [mistake]
    return list(dict.fromkeys(map(str, found)))


def _described(sheet: Sheet, kind: str | None, year: int | None, organisations: str) -> str:
    kind = kind_of(sheet) if kind is None else kind
    if kind not in COLUMNS:
        raise Mistake(f"unknown kind of file `{kind}`; it must be one of {listed(list(COLUMNS))}")
    given = organisation_file(organisations) if kind != "organisations" else None
    if kind == "schools":
        rows = places.school_rows(sheet, Authorities(1, tuple(given.named(AUTHORITY)) if given else ()))
        lines = places.described_schools(rows, SettingParameters().counted_from, year)
    elif kind == "organisations":
        lines = people.described_organisations(people.organisation_rows(sheet))
    else:
        names, file = (given.names, given.file) if given else (None, "")
        lines = people.described_ties(sheet, people.tie_rows(sheet, names, file), file)
    ignored = [name for name in sheet.cells if name not in (*COLUMNS[kind], *OPTIONAL[kind])]
    return "\n".join(lines + [f"  columns not used: {listed(ignored)}"] * bool(ignored))


def kind_of(sheet: Sheet) -> str:
    """Which of the three files a sheet is: the one of whose columns it has most.

    Raises Mistake for a sheet without any of their columns.
    """
    shares = {kind: sum(name in sheet.cells for name in names) / len(names) for kind, names in COLUMNS.items()}
    kind = max(shares, key=lambda name: shares[name])
    if not shares[kind]:
        columns = listed(list(sheet.cells)) or "none"
        raise Mistake(f"{sheet.file} is no school file, organisation file or edge list: its columns are {columns}")
    return kind
