"""A good table of each kind that users give, drawn at random, and the result of reading it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim.configuration import configs
from sim.design.samples import sample_from_file
from sim.runs.posterior import posterior
from sim.tables.columns import Form
from sim.tables.identity import identity_of, key_of, normalised
from sim.tables.read import sheet_of
from sim.world.facts import COHORTS, POPULATION, TARGETS
from sim.world.files.organisations import ORGANISATIONS, organisation_rows
from sim.world.files.schools import SCHOOLS, Authorities, school_rows
from sim.world.files.ties import TIES
from sim.world.organisations import KINDS as ORGANISATION_KINDS
from sim.world.schools import STREAMS

HARD = ["קרן אור", "école", "Fund & Co", 'say "it"', "it's", "=1+1", "+x", "-x", "@home", "1", "007", "1.0", "NA", "null",
        "a, b; c", "ngo", "true", "'t Hof", "<b>", "ÅÄÖ", "数学", "S-7", "12345678901234567890"]  # fmt: skip
NAMES = st.one_of(st.sampled_from(HARD), st.text("abcאבגé &,;'=+-@\"", min_size=1, max_size=8)).map(normalised)
IDS = st.one_of(st.integers(1, 999999).map(str), st.sampled_from(["007", "S700100-A", "בית ספר", "é1", "70.1"]))


@dataclass(frozen=True)
class Grid:
    """A table as cells: the head, and rows of text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Kind:
    """A kind of table.

    Attributes:
        name: of the kind
        grids: strategy of good tables, each with two rows at least
        result: what reading a file gives, in a form that can be compared and in which order does not matter
        numbers: columns of numbers that may have decimals
        wholes: columns of whole numbers
        texts: columns of names or ids
        needed: a column that the file must have, whose cells must be filled
        key: columns that name a row, so that no two may be alike
        ordered: whether the order of rows matters
        others: whether columns that are not declared are left alone
    """

    name: str
    grids: st.SearchStrategy[Grid]
    result: Callable[[Path], Any]
    numbers: tuple[str, ...]
    wholes: tuple[str, ...]
    texts: tuple[str, ...]
    needed: str
    key: tuple[str, ...] = ()
    ordered: bool = False
    others: bool = True


def table(head: tuple[str, ...], rows: st.SearchStrategy[list[tuple[str, ...]]]) -> st.SearchStrategy[Grid]:
    """Return grids with a head and rows."""
    return rows.map(lambda cells: Grid(head, tuple(cells)))


def plain(value: Any) -> Any:
    """Return a value that equals itself: blanks instead of not a number, Python's own types."""
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and value != value else value


def columns(form: Form, path: Path) -> set[tuple[Any, ...]]:
    """Return the rows of a table as its declaration reads them."""
    sheet = sheet_of(path, form)
    values = form.values(sheet)
    sheet.settle()
    return {tuple(map(plain, row)) for row in zip(*values.values(), strict=True)}


def schools(path: Path) -> Any:
    """Return every row of a school file by its identity and year."""
    rows = school_rows(sheet_of(path, SCHOOLS), Authorities(8))
    values = [value for name, value in vars(rows).items() if name not in ("file", "bound")]
    return {tuple(map(plain, row)) for row in zip(*values, strict=True)}


def organisations(path: Path) -> Any:
    """Return every organisation of a file, in the order of the world."""
    rows = organisation_rows(sheet_of(path, ORGANISATIONS))
    return rows.names, rows.identity, {name: column.tolist() for name, column in rows.columns.items()}


def ordered_cohorts(path: Path) -> Any:
    """Return years and students in order."""
    sheet = sheet_of(path, COHORTS)
    values = COHORTS.values(sheet)
    sheet.settle()
    return {name: column.tolist() for name, column in values.items()}


def points(path: Path) -> Any:
    """Return the points of a file."""
    return {tuple(sorted(point.items())) for point in sample_from_file(path).values}


def parameter_sets(path: Path) -> Any:
    """Return the parameter sets of a file."""
    return {tuple(sorted(row.items())) for row in posterior(path).to_dict("records")}


def numbers(low: float, high: float, places: int = 2) -> st.SearchStrategy[str]:
    """Return numbers as text, with so many decimals."""
    return st.integers(round(low * 10**places), round(high * 10**places)).map(lambda n: f"{n / 10**places:.{places}f}")


@st.composite
def school_grids(draw: Any) -> Grid:
    head = ("school_id", "year", "sector", "supervision", "nurture_quintile", "locality_cluster", "authority",
            "maths_takers", "maths_5unit_takers")  # fmt: skip
    ids = draw(st.lists(IDS, min_size=2, max_size=5, unique_by=identity_of))
    rows = []
    for each in ids:
        takers = draw(st.integers(1, 400))
        five = draw(st.one_of(st.just(""), st.integers(0, takers).map(str)))
        sector, supervision = (
            draw(st.sampled_from(["jewish", "druze", ""])),
            draw(st.sampled_from(["state", "haredi", ""])),
        )
        quintile, cluster = draw(st.sampled_from(["1", "5", ""])), draw(numbers(1, 10, 1))
        rows.append((each, "2013", sector, supervision, quintile, cluster, draw(NAMES), str(takers), five))
    return Grid(head, tuple(rows))


@st.composite
def organisation_grids(draw: Any) -> Grid:
    names = draw(st.lists(NAMES.filter(bool), min_size=2, max_size=6, unique_by=lambda name: key_of(identity_of(name))))
    kinds = [kind for kind in ORGANISATION_KINDS if kind not in ("ministry", "backbone")]
    rows = [
        (name, draw(st.sampled_from(kinds)), draw(numbers(0, 50)), draw(st.sampled_from(["true", "no", "1", ""])))
        for name in names
    ]
    return Grid(("name", "kind", "capacity", "founder"), tuple(rows))


@st.composite
def tie_grids(draw: Any) -> Grid:
    names = draw(st.lists(NAMES.filter(bool), min_size=3, max_size=5, unique=True))
    pairs = draw(st.permutations([(a, b) for a in names for b in names if a != b]))
    return Grid(("source", "target", "trust"), tuple((a, b, draw(numbers(0, 1))) for a, b in pairs[:4]))


@st.composite
def population_grids(draw: Any) -> Grid:
    cells = draw(st.permutations([(stream, str(q)) for stream in STREAMS for q in range(1, 6)]))[:3]
    rows = [
        (*cell, str(draw(st.integers(1, 30))), *(draw(numbers(5, 900, 1)) for _ in range(7)), "12.5", "3.0", "0.25")
        for cell in cells
    ]
    return Grid(POPULATION.names, tuple(rows))


SETS = list(csv.reader((configs() / "data" / "posterior.csv").read_text(encoding="utf-8").splitlines()))[:9]
"""The head and some rows of the project's own posterior."""

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("schools", school_grids(), schools, ("locality_cluster",), ("year", "maths_takers", "maths_5unit_takers"),
             ("school_id", "authority"), "school_id", ("school_id", "year")),
        Kind("organisations", organisation_grids(), organisations, ("capacity",), (), ("name",), "name", ("name",)),
        Kind("ties", tie_grids(), lambda path: columns(TIES, path), ("trust",), (), ("source", "target"), "trust"),
        Kind("population", population_grids(), lambda path: columns(POPULATION, path), ("takers_total", "takers_p5"),
             ("schools",), (), "takers_total", ("stream", "nurture_quintile")),
        Kind("cohorts",
             table(("year", "students"), st.lists(numbers(1, 2e5, 1), min_size=2, max_size=6).map(
                 lambda students: [(f"{2000 + k}.5", n) for k, n in enumerate(students)])),
             ordered_cohorts, ("students",), (), (), "students", ("year",), ordered=True),
        Kind("targets",
             table(("pattern", "year", "group", "value", "unit", "reliability", "use", "tolerance"),
                   st.lists(st.tuples(NAMES.filter(bool), st.integers(2000, 2020).map(str), NAMES.filter(bool), numbers(1, 9e4),
                                      st.just("students"), st.sampled_from("ABC"), st.just("fit"), numbers(0, 1)),
                            min_size=2, max_size=4, unique_by=lambda row: row[:3])),
             lambda path: columns(TARGETS, path), ("tolerance",), ("year",), ("pattern", "group"), "year"),
        Kind("points",
             table(("trust.ratio", "trust.gain", "backbone.present"),
                   st.lists(st.tuples(numbers(1, 4), numbers(0.02, 0.2, 3), st.sampled_from(["true", "false"])),
                            min_size=2, max_size=5)),
             points, ("trust.ratio", "trust.gain"), (), (), "trust.gain", others=False),
        Kind("posterior",
             table(tuple(SETS[0]), st.lists(st.sampled_from([tuple(row) for row in SETS[1:]]), min_size=2, max_size=4)),
             parameter_sets, ("trust.gain", "trust.ratio"), (), (), "trust.gain", others=False),
    )
}  # fmt: skip
"""The kinds of tables of users, by name."""
