"""The place and the time of a run: what is read from the setting's tables or from the user's files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from os.path import exists, isabs, isfile
from pathlib import Path
from typing import Any

import numpy as np

from sim.declare import Fact, Mistake, parameter, shown
from sim.world.schools import STREAMS
from sim.world.sheet import Sheet, sheet_of


@dataclass(frozen=True)
class SettingParameters:
    """Which school system, which organisations, from when to when."""

    population: str = parameter("school_population_2013.csv", unit="file", about="table the schools are drawn from",
        source="school_file", evidence="measured")  # fmt: skip
    cohorts: str = parameter("grade12_cohort.csv", unit="file", about="students of grade 12 by year", source="targets",
        evidence="estimated")  # fmt: skip
    schools: str = parameter("", unit="file", about="own school file instead of drawn schools")
    year: int = parameter(2013, unit="year", about="reference year: sizes, and the year read from a school file",
        low=1990, high=2100, source="school_file")  # fmt: skip
    organisations: str = parameter("", unit="file", about="own organisation file instead of drawn organisations")
    ties: str = parameter("", unit="file", about="own edge list instead of drawn prior ties")
    start: str = parameter("2005-09", unit="date", about="first month, a September", source="targets")
    until: str = parameter("2021-08", unit="date", about="last month")
    burn_in: int = parameter(8, unit="years", about="school years before the start, without trend", low=0, high=50)
    scale: int = parameter(1, unit="ratio", about="schools and students, times this whole number", low=1, high=100)
    taking: float = parameter(0.736, unit="share", about="maths takers among students of grade 12", low=0.05, high=1,
        source="school_file", evidence="measured")  # fmt: skip
    counted_from: int = parameter(5, unit="students", about="smallest group that the school file counts", low=1,
        high=50, source="school_file", evidence="measured")  # fmt: skip


@dataclass(frozen=True)
class DiversityParameters:
    """How much organisations of one kind differ, and how they are tied before anything begins."""

    capacity: float = parameter(0.6, unit="log NIS", about="spread of means within a kind", low=0, high=2)
    threshold: float = parameter(0.06, unit="share", about="spread of thresholds within a kind", low=0, high=0.5,
        uncertain=False, source="granovetter_1978")  # fmt: skip
    openness: float = parameter(0.12, unit="share", about="spread of openness within a kind", low=0, high=0.5)
    preference: float = parameter(0.15, unit="share", about="spread of the weight of need", low=0, high=0.5)
    position: float = parameter(0.8, unit="log share", about="spread of weights within a kind", low=0, high=2)
    prior_ties: float = parameter(6.5, unit="ties/organisation", about="mean number of ties at the start", low=0,
        high=100, source="assumed")  # fmt: skip
    same_kind: float = parameter(3.0, unit="ratio", about="how much likelier a prior tie is within a kind", low=0.1,
        high=50)  # fmt: skip
    prior_trust: float = parameter(0.08, unit="share", about="spread of trust at the start", low=0, high=0.3)


@dataclass(frozen=True, eq=False)
class Files:
    """Tables that a user gave in place of drawn ones; None where drawn. Columns by name, each an array."""

    schools: dict[str, Any] | None = None
    organisations: dict[str, Any] | None = None
    ties: dict[str, Any] | None = None


def data_path(name: str) -> Path:
    """A table of the project: a path as given, or a file in the project's own data folder."""
    if isabs(name) or exists(name):
        return Path(name)
    for root in (resources.files("sim") / "configs", Path(__file__).resolve().parents[2] / "configs"):
        found = Path(str(root)) / "data" / name
        if isfile(found):
            return found
    said = f" {shown(name)[1:-1]}" if name else ""
    raise Mistake(f"there is no table{said} among the data of the project")


NO_FILES = Files()
"""What a setting without own files gives: one value, so that scenarios without files are equal."""


QUINTILES = {"unknown": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5}
"""Words for a quintile in a table of cells."""

COUNTS = ("schools", "takers_total", "takers_p5", "takers_p25", "takers_p50", "takers_p75", "takers_p95", "takers_max",
          "five_unit_takers", "schools_with_track")  # fmt: skip
"""Columns of a table of cells that count schools or students."""


@lru_cache(maxsize=32)
def cells(name: str) -> dict[str, Any]:
    """The table of schools by stream and quintile; arrays of shape (cells,). Raises Mistake where it cannot be used."""
    sheet = _table(name, ("stream", "nurture_quintile", *COUNTS, "periphery_share"))
    sheet.codes("stream", {stream: code for code, stream in enumerate(STREAMS)})
    sheet.codes("nurture_quintile", QUINTILES)
    found = {key: np.array(sheet.words(key), dtype=str) for key in ("stream", "nurture_quintile")}
    found |= {key: sheet.numbers(key, 0) for key in COUNTS}
    sheet.refuse(found["schools"] % 1 != 0, "schools", lambda row: f"{found['schools'][row]} is not a whole number")
    for key in ("schools", "takers_p5", "takers_total"):
        sheet.refuse(found[key] <= 0, key, lambda row: "there must be some in every cell")
    return found | {"periphery_share": sheet.numbers("periphery_share", 0, 1)}


@lru_cache(maxsize=32)
def fitted_facts(name: str) -> tuple[Fact, ...]:
    """The published facts that the model is fitted to, of a table of targets. Raises Mistake where it cannot be used."""
    sheet = _table(name, ("pattern", "year", "group", "use"))
    years = sheet.numbers("year", 1900, 2200)
    rows = zip(sheet.words("pattern"), years, sheet.words("group"), sheet.words("use"), strict=True)
    return tuple(Fact(pattern, int(year), group) for pattern, year, group, use in rows if use == "fit")


@lru_cache(maxsize=32)
def cohort_points(name: str) -> tuple[Any, Any]:
    """Years and students of grade 12 at the known years. Raises Mistake where the table cannot be used."""
    sheet = _table(name, ("year", "students"))
    years, students = sheet.numbers("year", 1900, 2200), sheet.numbers("students", 1)
    sheet.refuse(np.diff(years, prepend=-np.inf) <= 0, "year", lambda row: "the years must rise from line to line")
    return years, students


def _table(name: str, columns: tuple[str, ...]) -> Sheet:
    sheet = sheet_of(data_path(name))
    sheet.require(columns)
    if not len(sheet):
        raise Mistake(f"{sheet.file} has no row under its columns")
    return sheet


def cohort(year: float, name: str) -> float:
    """Students of grade 12 in a year, interpolated between known years and constant before the first."""
    years, students = cohort_points(name)
    return float(np.interp(year, years, students))
