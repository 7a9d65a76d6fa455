"""Tables of published facts: where they lie, what is in them, and what is wrong with a user's own."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from os.path import exists, isfile
from pathlib import Path
from typing import Any

import numpy as np

from sim.declare import Fact, Mistake, shown
from sim.paths import located
from sim.world.schools import STREAMS
from sim.world.sheet import Sheet, sheet_of

QUINTILES = {"unknown": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5}
"""Words for a quintile in a table of cells."""

COUNTS = ("schools", "takers_total", "takers_p5", "takers_p25", "takers_p50", "takers_p75", "takers_p95", "takers_max",
          "five_unit_takers", "schools_with_track")  # fmt: skip
"""Columns of a table of cells that count schools or students."""


def data_path(name: str) -> Path:
    """A table of the project: a path as given, or a file in the project's own data folder."""
    path = located(name)
    if name and (path.is_absolute() or exists(path)):
        return path
    for root in (resources.files("sim") / "configs", Path(__file__).resolve().parents[2] / "configs"):
        found = Path(str(root)) / "data" / name
        if isfile(found):
            return found
    said = f" {shown(name)[1:-1]}" if name else ""
    raise Mistake(f"there is no table{said} among the data of the project")


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
