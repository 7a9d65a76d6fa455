"""Simulated figures of every fitted fact, of the same population and by the rule of its source.

National counts are of all examinees. Figures of schools follow the ministry's school file. An event that never happened is nan.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.dates import september
from sim.declare import Fact
from sim.outcomes import network as networking
from sim.outcomes.schools import examinations
from sim.world.facts import fitted_facts
from sim.world.schools import STREAMS
from sim.world.setting import SettingParameters
from sim.world.state import COMMON_AGENDA, NEVER, World, entries

FEWEST = SettingParameters().counted_from
"""Smallest group that the school file counts, and smallest school that it lists [students]."""

BEFORE = 2013
"""The year of the launch, from which rises and gaps are measured."""

FIRST = 2006
"""The first examination of the record; earlier years are burn-in."""


@dataclass(frozen=True)
class SchoolFile:
    """An examination year as in the ministry's school file; shapes (schools,)."""

    takers: Any  # maths takers [students]
    five: Any  # at five units, 0 where fewer than are counted [students]
    listed: Any  # schools with maths takers enough [flag]

    @cached_property
    def track(self) -> Any:
        """Schools with a group that is counted [flag]."""
        return self.five > 0.0

    @cached_property
    def shares(self) -> Any:
        """Share of maths takers at five units, 0 where no group is counted [share]."""
        return np.divide(self.five, self.takers, out=np.zeros(len(self.five)), where=self.listed)

    def share_of(self, flags: Any) -> float:
        """Return the share of maths takers at five units in some of the schools [share]."""
        takers = self.takers[flags & self.listed].sum()
        return float(self.five[flags].sum() / takers) if takers > 0.0 else math.nan


def school_file(figure: dict[str, Any]) -> SchoolFile:
    """Return the school file that the figures of an examination would give."""
    takers, examinees = np.asarray(figure["takers"]), np.asarray(figure["examinees"])
    listed = takers >= FEWEST
    return SchoolFile(takers, np.where(listed & (examinees >= FEWEST), examinees, 0.0), listed)


def listed_schools(world: World) -> dict[str, Any]:
    """Return every examination as the school file would list it, in its columns; a row a school and year."""
    files = Record.of(world).files
    rows = [np.flatnonzero(file.listed) for file in files.values()]
    every = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
    schools, pairs = world.schools, list(zip(files.values(), rows, strict=True))
    return {
        "school_id": schools.id[every],
        "year": np.repeat(list(files), [len(listed) for listed in rows]),
        "nurture_quintile": np.where(schools.quintile > 0, schools.quintile, np.nan)[every],
        "maths_takers": np.concatenate([file.takers[listed] for file, listed in pairs] or [every]),
        "maths_5unit_takers": np.concatenate([file.five[listed] for file, listed in pairs] or [every]),
    }


@dataclass(frozen=True)
class Record:
    """A run in the form of the published record: figures of every examination, and school files made from them."""

    world: World
    figures: dict[int, dict[str, Any]]
    files: dict[int, SchoolFile]

    @staticmethod
    def of(world: World) -> Record:
        """Return the record of a run."""
        figures = {year: figure for year, figure in examinations(world).items() if year >= FIRST}
        return Record(world, figures, {year: school_file(figure) for year, figure in figures.items()})

    def reaches(self, year: int) -> bool:
        """Return whether a school year was simulated from its examination to its end."""
        return year in self.figures and self.world.month >= september(year + 1)


Pattern = Callable[[Record, int, str], float]

PATTERNS: dict[str, Pattern] = {}
"""The simulated figure of every pattern by name: a function of the record, the year and the group."""


def pattern(name: str) -> Callable[[Pattern], Pattern]:
    """Register a function as that of a pattern of the record; its figure is nan for a year that was not simulated."""

    def listed(function: Pattern) -> Pattern:
        PATTERNS[name] = lambda record, year, group: (
            float(function(record, year, group)) if record.reaches(year) else math.nan
        )
        return function

    return listed


def as_recorded(world: World, facts: Iterable[Fact] | None = None) -> dict[str, float]:
    """Return the simulated figure of every fact, by its column.

    Args:
        world: after the last month of a run
        facts: each of a pattern in PATTERNS; None for those of the project's table that need one run only
    """
    record = Record.of(world)
    if facts is None:
        facts = (fact for fact in fitted_facts("targets.csv") if fact.pattern in PATTERNS)
    return {fact.column: PATTERNS[fact.pattern](record, fact.year, fact.group) for fact in facts}


@pattern("maths5_examinees")
def examinees(record: Record, year: int, group: str) -> float:
    """Examinees at five units [students]."""
    return record.figures[year]["examinees"].sum()


@pattern("grade11_sitters_5_units")
def sitters(record: Record, year: int, group: str) -> float:
    """Students of grade 11 who sit the paper at five units [students]."""
    return record.figures[year]["sitters"].sum()


@pattern("dropout_5_units")
def dropout(record: Record, year: int, group: str) -> float:
    """Starters in grade 10 who end below five units, net of those who rise later [share]."""
    return 1.0 - record.figures[year]["examinees"].sum() / max(record.figures[year]["starters"], 1.0)


@pattern("level_share")
def level_share(record: Record, year: int, group: str) -> float:
    """Share of the grade examined at a level of mathematics: group "3 units", "4 units" or "5 units" [share]."""
    figure = record.figures[year]
    five, four, takers = figure["examinees"].sum(), figure["four"], figure["takers"].sum()
    return {"5": five, "4": four, "3": max(takers - five - four, 0.0)}[group[0]] / max(figure["grade"], 1.0)


@pattern("english5_takers")
def english(record: Record, year: int, group: str) -> float:
    """Takers at five units of English [students]."""
    return record.figures[year]["english"]


@pattern("physics5_examinees")
def physics(record: Record, year: int, group: str) -> float:
    """Examinees at five units of physics [students]."""
    return record.figures[year]["physics"]


@pattern("teachers_5_units")
def teachers(record: Record, year: int, group: str) -> float:
    """Teachers of five units [teachers]."""
    return record.figures[year]["teachers"]


@pattern("physics_follows")
def physics_follows(record: Record, year: int, group: str) -> float:
    """Return 1 where physics and chemistry are higher than in the year of the lowest count of mathematics, else 0."""
    turn = min((y for y in record.figures if y <= year), key=lambda y: record.figures[y]["examinees"].sum())
    now, then = record.figures[year], record.figures[turn]
    return now["physics"] > then["physics"] and now["chemistry"] > then["chemistry"]


# Schools, by the rule of the school file


@pattern("schools_with_track")
def tracks(record: Record, year: int, group: str) -> float:
    """Schools with a group that is counted [schools]."""
    return record.files[year].track.sum()


@pattern("track_opening_rate")
def opening_rate(record: Record, year: int, group: str) -> float:
    """Schools without a group the year before that have one now [share]."""
    return _changed(record, year, from_track=False)


@pattern("track_closing_rate")
def closing_rate(record: Record, year: int, group: str) -> float:
    """Schools with a group the year before that have none now [share]."""
    return _changed(record, year, from_track=True)


def _changed(record: Record, year: int, from_track: bool) -> float:
    if year - 1 not in record.files:
        return math.nan
    before, now = record.files[year - 1], record.files[year]
    schools = before.listed & now.listed & (before.track == from_track)
    return float((now.track != from_track)[schools].mean()) if schools.any() else math.nan


@pattern("share_correlation")
def correlation_of_shares(record: Record, year: int, group: str) -> float:
    """Correlation of a school's share with that of the year before [-1 to 1]."""
    if year - 1 not in record.files:
        return math.nan
    before, now = record.files[year - 1], record.files[year]
    both = before.listed & now.listed
    one, other = before.shares[both], now.shares[both]
    varied = both.sum() > 1 and np.ptp(one) > 0.0 and np.ptp(other) > 0.0
    return float(np.corrcoef(one, other)[0, 1]) if varied else math.nan


@pattern("share_5_units")
def share_of_group(record: Record, year: int, group: str) -> float:
    """Share of maths takers at five units in a quintile or a stream [share]."""
    return record.files[year].share_of(_members(record.world, group))


def _members(world: World, group: str) -> Any:
    kind, _, name = group.partition(" ")
    return world.schools.quintile == int(name) if kind == "quintile" else world.schools.stream == STREAMS.index(name)


@pattern("track_by_size")
def tracks_of_size(record: Record, year: int, group: str) -> float:
    """Schools of so many maths takers that have a group [share]."""
    file = record.files[year]
    least, _, most = group.removesuffix(" takers").removesuffix("+").partition("-")
    schools = file.listed & (file.takers >= float(least)) & (file.takers < float(most or math.inf) + 1.0)
    return float(file.track[schools].mean()) if schools.any() else math.nan


@pattern("group_size_median")
def median_group(record: Record, year: int, group: str) -> float:
    """Median group at five units [students]."""
    file = record.files[year]
    return float(np.median(file.five[file.track])) if file.track.any() else math.nan


@pattern("gap_not_narrowed")
def gap_not_narrowed(record: Record, year: int, group: str) -> float:
    """Return 1 where every stream's share rose since the launch and the gap did not narrow, else 0."""
    if BEFORE not in record.files:
        return math.nan
    rises = all(_risen(record, year, f"stream {name}") >= 0.0 for name in STREAMS if name != "unknown")
    return rises and _risen(record, year, "quintile 1") >= _risen(record, year, "quintile 5")


def _risen(record: Record, year: int, group: str) -> float:
    flags = _members(record.world, group)
    return record.files[year].share_of(flags) - record.files[BEFORE].share_of(flags)


# The network


@pattern("partners")
def partners(record: Record, year: int, group: str) -> float:
    """Member organisations when they were last counted in the school year [organisations]."""
    counted = [line for line in entries(record.world, "network") if line.month < september(year + 1)]
    return counted[-1].fields["members"] if counted else math.nan


@pattern("common_agenda_months")
def months_to_agenda(record: Record, year: int, group: str) -> float:
    """Months from the launch to the common agenda [months]."""
    state = record.world.initiative
    passed = state.passed[COMMON_AGENDA]
    return math.nan if NEVER in (passed, state.launched) else passed - state.launched


@pattern("ministry_joins")
def month_of_joining(record: Record, year: int, group: str) -> float:
    """Month in which the ministry joins [month, 0 = September 2005]."""
    return networking.month_joined(record.world)


@pattern("ministry_pilots")
def month_of_pilot(record: Record, year: int, group: str) -> float:
    """Month in which the ministry decides on a pilot [month, 0 = September 2005]."""
    return networking.month_pilot(record.world)


@pattern("ministry_goes_national")
def month_of_programme(record: Record, year: int, group: str) -> float:
    """Month in which the ministry decides on a national programme [month, 0 = September 2005]."""
    return networking.month_national(record.world)
