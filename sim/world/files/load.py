"""Read the files that a setting names: schools, organisations and ties; every error names file, row and column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.tables.identity import is_number
from sim.tables.read import sheet_of
from sim.world.facts import cells
from sim.world.files.organisations import ORGANISATIONS, OrganisationRows, organisation_rows
from sim.world.files.schools import (
    NOT_PUBLISHED,
    SCHOOLS,
    Authorities,
    SchoolRows,
    school_rows,
    schools_of,
    suppressed_lines,
)
from sim.world.files.ties import TIES, tie_rows
from sim.world.organisations import KINDS
from sim.world.setting import NO_FILES, Files, OrganisationNames, SchoolNames, SettingParameters

ABOUT = 0.1
"""Schools represent the country where their maths takers differ from its own by no more than this [share]."""


def part_of_country(setting: Any, files: Files) -> float:
    """Return maths takers of the schools of a setting, its own file's or those drawn, over those of the country [ratio].

    Args:
        setting: the section of that name
        files: the user's files of the setting
    """
    own = cells(setting.population)["takers_total"].sum() * setting.scale
    takers = own if files.schools is None else files.schools["takers"].sum()
    return float(takers / cells(SettingParameters().population)["takers_total"].sum())


def files_of(parameters: Any) -> Files:
    """Return the user's files named in the setting, read and checked; drawn tables where none is named.

    Args:
        parameters: the composed sections of a run; a path in them is absolute or relative to the working folder

    Raises:
        InputError: a file or a cell in it cannot be used; the sentence names file, row and column
    """
    setting = parameters.setting
    if not (setting.schools or setting.organisations or setting.ties):
        return NO_FILES
    organisations = organisation_file(setting.organisations)
    if setting.ties and organisations is None:
        raise InputError(
            f"{Path(setting.ties).name} names its organisations, so `setting.organisations` must name a file"
        )
    schools = school_file(setting.schools, _authorities(parameters, organisations)) if setting.schools else None
    return Files(
        schools=schools_of(schools, setting, parameters.drawing) if schools else None,
        organisations=organisations.columns if organisations else None,
        ties=tie_rows(sheet_of(setting.ties, TIES), organisations.names, organisations.file)
        if setting.ties and organisations
        else None,
        school_names=_school_names(schools, setting.year) if schools else None,
        organisation_names=OrganisationNames(
            np.array(organisations.names, dtype=object), shown_ids(organisations.identity)
        )
        if organisations
        else None,
        notes=_notes(schools, setting) if schools else (),
    )


def organisation_file(path: str) -> OrganisationRows | None:
    """Return a user's organisation file, checked; none where the path is empty.

    Args:
        path: of the file

    Raises:
        InputError: the file or a cell in it cannot be used
    """
    return organisation_rows(sheet_of(path, ORGANISATIONS)) if path else None


def school_file(path: str | Path, authorities: Authorities) -> SchoolRows:
    """Return a user's school file, checked.

    Args:
        path: of the file
        authorities: of the run

    Raises:
        InputError: the file or a cell in it cannot be used
    """
    return school_rows(sheet_of(path, SCHOOLS), authorities)


def shown_ids(identity: Any) -> Any:
    """Return identities as tables show them: whole numbers where all are such, else text; shape (n,).

    Args:
        identity: as text, shape (n,)
    """
    if all(map(is_number, identity)):
        return np.array([int(each) for each in identity], dtype=np.int64)
    return np.array([*identity, None], dtype=object)[:-1]


def _school_names(rows: SchoolRows, year: int) -> SchoolNames:
    chosen = rows.of(year)
    return SchoolNames(shown_ids(rows.identity[chosen]), rows.authority_name[chosen])


def _notes(rows: SchoolRows, setting: Any) -> tuple[str, ...]:
    """Return the reading of counts that the file does not publish, in a sentence; none where all are published."""
    lines = suppressed_lines(rows, setting.year)
    if not lines:
        return ()
    reading = (
        "drawn by size, stream and quintile" if setting.suppressed == NOT_PUBLISHED else "below the published minimum"
    )
    return (
        f"{rows.file}, {setting.year}: {lines[0]}. Schools without a count of takers are left out; counts at five units "
        f"are read as {reading} (`setting.suppressed={setting.suppressed}`).",
    )


def _authorities(parameters: Any, organisations: OrganisationRows | None) -> Authorities:
    if organisations is not None:
        return Authorities(len(organisations.owners()), tuple(organisations.owners()), from_user=True)
    numbers = ((name, getattr(parameters.kinds, name).number) for name in KINDS.owners())
    names = [f"{name} {place + 1}" for name, number in numbers for place in range(number)]
    return Authorities(len(names), tuple(names))
