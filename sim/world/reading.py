"""Read a user's school file, organisation file and edge list; every error names file, row and column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sim.declare import Mistake
from sim.world import reading_organisations as people
from sim.world import reading_schools as places
from sim.world.facts import cells
from sim.world.organisations import AUTHORITY
from sim.world.reading_organisations import OrganisationRows
from sim.world.reading_schools import Authorities
from sim.world.setting import NO_FILES, Files, SettingParameters
from sim.world.sheet import sheet_of

ABOUT = 0.1
"""Schools stand for the country where their maths takers differ from its own by no more than this [share]."""


def part_of_country(setting: Any, files: Files) -> float:
    """Maths takers of the schools of a setting, its own file's or those drawn, over those of the country [ratio]."""
    own = cells(setting.population)["takers_total"].sum() * setting.scale
    takers = own if files.schools is None else files.schools["takers"].sum()
    return float(takers / cells(SettingParameters().population)["takers_total"].sum())


def files_of(parameters: Any) -> Files:
    """The user's files named in the setting, read and checked; drawn tables where none is named.

    Args:
        parameters: the composed sections of a run; a path in them is absolute or relative to the working folder

    Raises:
        Mistake: a file or a cell in it cannot be used; in one sentence that names file, row and column
    """
    setting = parameters.setting
    if not (setting.schools or setting.organisations or setting.ties):
        return NO_FILES
    organisations = organisation_file(setting.organisations)
    if setting.ties and organisations is None:
        raise Mistake(f"{Path(setting.ties).name} names its organisations, so `setting.organisations` must name a file")
    return Files(
        schools=_schools(parameters, _authorities(parameters, organisations)) if setting.schools else None,
        organisations=organisations.columns | {"name": np.array(organisations.names)} if organisations else None,
        ties=people.tie_rows(sheet_of(setting.ties), organisations.names, organisations.file)
        if setting.ties and organisations
        else None,
    )


def organisation_file(path: str) -> OrganisationRows | None:
    """A user's organisation file, checked; none where the path is empty."""
    return people.organisation_rows(sheet_of(path)) if path else None


def _authorities(parameters: Any, organisations: OrganisationRows | None) -> Authorities:
    if organisations is None:
        return Authorities(parameters.kinds.local_authority.number)
    names = organisations.named(AUTHORITY)
    return Authorities(len(names), tuple(names))


def _schools(parameters: Any, authorities: Authorities) -> dict[str, Any]:
    setting = parameters.setting
    rows = places.school_rows(sheet_of(setting.schools), authorities)
    return places.schools_of(rows, setting.year, setting.counted_from, parameters.drawing)
