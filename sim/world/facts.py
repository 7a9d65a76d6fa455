"""Tables of published facts: their places and columns, and checks of a user's own."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from os.path import exists, isfile
from pathlib import Path
from typing import Any

import numpy as np

from sim.declare import Fact
from sim.errors import InputError, shown
from sim.tables.columns import BLANK_NUMBER, FIGURE, NUMBER, TEXT, WHOLE, WORD, Column, Form, Rule
from sim.tables.paths import expanded_path
from sim.tables.read import sheet_of
from sim.world.schools import STREAMS

DISTRICTS = ("north", "haifa", "centre", "center", "tel_aviv", "jerusalem", "south", "judea_samaria")
"""Districts of the ministry of education."""

PERIPHERAL = ("north", "south", "jerusalem")
"""Districts that count as the periphery: the rule that reproduces `periphery_share` of the default table."""

CLUSTERS = {"1_3": 2.0, "4_6": 5.0, "7_10": 8.5, "unknown": float("nan")}
"""Bands of socio-economic clusters of localities in the table of places, each with its middle."""

QUINTILES = {"unknown": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5}
"""Words for a quintile in a table of cells."""

QUANTILES = {"p25": "25%", "p50": "median", "p75": "75%", "p95": "95%", "max": "largest"}
"""Quantiles of maths takers in a table of cells, besides the 5% quantile."""

DATA_FOLDERS = [Path(f"{each}/configs/data") for each in (resources.files("sim"), Path(__file__).resolve().parents[2])]
"""Folders of the project's data: in the installed package, and beside it in a checkout."""

MOST_SCHOOLS, MOST_STUDENTS = 200_000, 1e9
"""Limits of schools and students, above those of any country."""


def data_path(name: str) -> Path:
    """Return the path of a table: a path as given, or a file in the project's data folder.

    Raises:
        InputError: no such file exists
    """
    path = expanded_path(name)
    if name and (path.is_absolute() or exists(path)):
        return path
    for root in DATA_FOLDERS:
        file = root / name
        if isfile(file):
            return file
    label = f" {shown(name)[1:-1]}" if name else ""
    raise InputError(
        f"there is no table{label} among the data of the project; give a path, or the name of a file in `configs/data`"
    )


POPULATION = Form(
    "population",
    "population file",
    (
        Column("stream", WORD, "stream of the schools", words={stream: code for code, stream in enumerate(STREAMS)}),
        Column("nurture_quintile", WORD, "their quintile", words=QUINTILES, accepts="1 (strongest) to 5 (weakest), unknown"),
        Column("schools", WHOLE, "how many there are", low=1, high=MOST_SCHOOLS),
        Column("takers_total", NUMBER, "their maths takers together", low=1, high=MOST_STUDENTS, unit="students"),
        Column("takers_p5", NUMBER, "maths takers of a school, 5% quantile", low=0.01, high=MOST_STUDENTS, unit="students"),
        *(Column(f"takers_{name}", NUMBER, f"the same, {about}", low=0, high=MOST_STUDENTS, unit="students")
          for name, about in QUANTILES.items()),
        Column("five_unit_takers", NUMBER, "takers at five units together", low=0, high=MOST_STUDENTS, unit="students"),
        Column("schools_with_track", NUMBER, "schools with a track", low=0, high=MOST_SCHOOLS),
        Column("periphery_share", NUMBER, "schools in the periphery", low=0, high=1, unit="share"),
    ),
    key=("stream", "nurture_quintile"),
    key_text=lambda values, row: f"the cell of {STREAMS[values['stream'][row]]} schools of that quintile",
    most_rows=1_000,
    rows="cells",
)  # fmt: skip
"""Form of a population file."""

YEAR_OF_A_SERIES = Column("year", NUMBER, "school year, rising from line to line", low=1900, high=2200)
"""Column of the years of a published series."""

YEARS_RISE = Rule("year", "years rise from line to line", lambda values: np.diff(values["year"], prepend=-np.inf) <= 0,
                  lambda values, row: "the years must rise from line to line")  # fmt: skip
"""Rule of a published series."""

COHORTS = Form(
    "cohorts",
    "cohort file",
    (
        YEAR_OF_A_SERIES,
        Column("students", NUMBER, "students of grade 12", low=1, high=MOST_STUDENTS, unit="students"),
    ),
    rules=(YEARS_RISE,),
    most_rows=1_000,
    rows="years",
)  # fmt: skip
"""Form of a cohort file."""

PLACES = Form(
    "places",
    "table of places",
    (
        Column("district", WORD, "district of the schools",
               words={name: code for code, name in enumerate((*DISTRICTS, "unknown"))}),
        Column("locality_clusters", WORD, "band of socio-economic clusters of their town",
               words={name: code for code, name in enumerate(CLUSTERS)}),
        Column("stream", WORD, "their stream", words={stream: code for code, stream in enumerate(STREAMS)}),
        Column("nurture_quintile", WORD, "their quintile", words=QUINTILES, accepts="1 (strongest) to 5 (weakest), unknown"),
        Column("schools", WHOLE, "how many there are", low=0, high=MOST_SCHOOLS),
    ),
    key=("district", "locality_clusters", "stream", "nurture_quintile"),
    key_text=lambda values, row: f"the cell of {STREAMS[values['stream'][row]]} schools of that place and quintile",
    most_rows=10_000,
    rows="cells",
)  # fmt: skip
"""Form of a table of places."""

TAKING = Form(
    "taking",
    "table of maths takers",
    (
        YEAR_OF_A_SERIES,
        Column("share", NUMBER, "maths takers at any level among students of grade 12", low=0.01, high=1, unit="share"),
    ),
    rules=(YEARS_RISE,),
    most_rows=1_000,
    rows="years",
)  # fmt: skip
"""Form of a table of the share that takes mathematics."""

TARGETS = Form(
    "targets",
    "table of targets",
    (
        Column("pattern", TEXT, "what was counted"),
        Column("year", WHOLE, "school year", low=1900, high=2200),
        Column("group", TEXT, "of whom"),
        Column("value", FIGURE, "the published figure; a month as YYYY-MM"),
        Column("unit", TEXT, "unit of the figure", blank=""),
        Column("reliability", TEXT, "A exact, B rounded or derived, C weak", blank=""),
        Column("use", TEXT, "fit, or another use"),
        Column("tolerance", NUMBER, "own tolerance, in the unit of the scale", needed=False, blank=BLANK_NUMBER, low=0),
    ),
    key=("pattern", "year", "group", "use"),
    key_text=lambda values, row: f"`{values['pattern'][row]}` of {values['year'][row]:g}, {values['group'][row]},",
    most_rows=10_000,
    rows="facts",
)  # fmt: skip
"""Form of a table of targets."""


@lru_cache(maxsize=32)
def cells(name: str) -> dict[str, Any]:
    """Return the table of schools by stream and quintile; arrays of shape (cells,).

    Raises:
        InputError: the table cannot be used
    """
    values = _table(name, POPULATION)
    streams, quintiles = np.array(STREAMS), np.array(list(QUINTILES))
    return values | {
        "stream": streams[values["stream"]],
        "nurture_quintile": quintiles[values["nurture_quintile"]],
    }


@lru_cache(maxsize=32)
def fitted_facts(name: str) -> tuple[Fact, ...]:
    """Return the published facts that the model is fitted to, of a table of targets.

    Raises:
        InputError: the table cannot be used
    """
    values = target_rows(name)
    rows = zip(*(values[key] for key in ("pattern", "year", "group", "use")), strict=True)
    return tuple(Fact(pattern, int(year), group) for pattern, year, group, use in rows if use == "fit")


@lru_cache(maxsize=32)
def target_rows(name: str) -> dict[str, Any]:
    """Return a table of targets; arrays of shape (facts,), `value` as text.

    Raises:
        InputError: the table cannot be used
    """
    return _table(name, TARGETS)


@lru_cache(maxsize=32)
def cohort_points(name: str) -> tuple[Any, Any]:
    """Return years and students of grade 12 at the known years.

    Raises:
        InputError: the table cannot be used
    """
    values = _table(name, COHORTS)
    return values["year"], values["students"]


@lru_cache(maxsize=32)
def places(name: str) -> dict[str, Any]:
    """Return the table of schools by district, clusters, stream and quintile; arrays of shape (cells,).

    Raises:
        InputError: the table cannot be used
    """
    values = _table(name, PLACES)
    quintiles = np.array(list(QUINTILES))
    return values | {
        "periphery": np.isin(values["district"], [DISTRICTS.index(one) for one in PERIPHERAL]),
        "cluster": np.array(list(CLUSTERS.values()))[values["locality_clusters"]],
        "stream": np.array(STREAMS)[values["stream"]],
        "nurture_quintile": quintiles[values["nurture_quintile"]],
    }


@lru_cache(maxsize=32)
def places_of_cells(population: str, table_of_places: str) -> dict[int, tuple[Any, Any]]:
    """Return the rows of a table of places and the schools up to each, by row of the table of cells that has any.

    Raises:
        InputError: a table cannot be used
    """
    table, places_table, rows_of_cells = cells(population), places(table_of_places), {}
    for code, (stream, quintile) in enumerate(zip(table["stream"], table["nurture_quintile"], strict=True)):
        rows = np.flatnonzero(
            (places_table["stream"] == stream)
            & (places_table["nurture_quintile"] == quintile)
            & (places_table["schools"] > 0)
        )
        if rows.size:
            rows_of_cells[code] = rows, np.cumsum(places_table["schools"][rows])
    return rows_of_cells


@lru_cache(maxsize=32)
def taking_points(name: str) -> tuple[Any, Any]:
    """Return years and the share of grade 12 that takes mathematics at the known years.

    Raises:
        InputError: the table cannot be used
    """
    values = _table(name, TAKING)
    return values["year"], values["share"]


@lru_cache(maxsize=1024)
def taking_over_reference(year: float, reference: float, name: str) -> float:
    """Return maths takers of a grade in a year over those of the reference year [ratio]; 1 without a table.

    Interpolated between known years, constant before the first and after the last.
    """
    if not name:
        return 1.0
    years, shares = taking_points(name)
    return float(np.interp(year, years, shares) / np.interp(reference, years, shares))


def _table(name: str, form: Form) -> dict[str, Any]:
    """Return the checked columns of a table; a name without a folder is one of the project's own data."""
    sheet = sheet_of(data_path(name), form)
    values = form.values(sheet)
    sheet.settle()
    return values


def forget_changed_tables(*names: str) -> None:
    """Forget tables whose files have changed since they were read, so that the next reader reads them again.

    Raises:
        InputError: no such table exists
    """
    for name in names:
        path = data_path(name)
        if not isfile(path):
            continue  # the reader says so
        status = path.stat()
        stamp = status.st_mtime_ns, status.st_size
        if _STAMPS.setdefault(name, stamp) != stamp:
            _STAMPS[name] = stamp
            for reader in _READERS:
                reader.cache_clear()


@lru_cache(maxsize=1024)
def cohort(year: float, name: str) -> float:
    """Return students of grade 12 in a year, interpolated between known years and constant before the first."""
    years, students = cohort_points(name)
    return float(np.interp(year, years, students))


_READERS = (
    cells, fitted_facts, target_rows, cohort_points, cohort, places, places_of_cells, taking_points, taking_over_reference,
)  # fmt: skip
_STAMPS: dict[str, tuple[int, int]] = {}
