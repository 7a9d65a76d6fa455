"""A question about a run: the decision, the organisation, the school and the time; errors are one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import date_of, month_of, school_year, september
from sim.errors import InputError, is_one_of, nearest, shown
from sim.tables.identity import identity_of
from sim.world.names import names, organisation_ids, school_ids
from sim.world.organisations import KINDS
from sim.world.state import MOTIONS

if TYPE_CHECKING:
    from sim.model import History

TAKES: dict[str, tuple[str, ...]] = {
    "ministry_joins": (),
    "pilot": (),
    "national": (),
    "joining": ("who", "year", "date"),
    "pledge": ("who", "year", "date"),
    "placement": ("who", "school", "year"),
    "admission": ("who", "school", "year"),
    "motion": ("motion", "who", "year", "date"),
    "track": ("school", "year"),
}
"""Decisions that are explained, and the options that each takes."""


@dataclass(frozen=True)
class DecisionQuestion:
    """A question that can be answered.

    Attributes:
        run: the run
        decision: one of TAKES
        row: of the organisation, or None [row]
        site: of the school, or None [row]
        months: of the run, that the question concerns [month]
        dated: whether a year or a month was named
        motion: number of the motion, or None
    """

    run: History
    decision: str
    row: int | None
    site: int | None
    months: range
    dated: bool
    motion: int | None = None

    @cached_property
    def names(self) -> list[str]:
        """Name of every organisation."""
        return names(self.run.world, self.run.scenario.files)

    @property
    def name(self) -> str:
        """Name of the organisation.

        Raises:
            InputError: the question names none
        """
        if self.row is None:
            raise InputError(
                f'`who` is missing; name an organisation, for example `because("{self.decision}", who="{self._someone()}")`'
            )
        return self.names[self.row]

    @property
    def school(self) -> int | str:
        """Identity of the school, as the user has it.

        Raises:
            InputError: the question names none
        """
        ids = school_ids(self.run.world, self.run.scenario.files).tolist()
        if self.site is None:
            first = repr(ids[0])
            who = "" if self.row is None else f', who="{self.names[self.row]}"'
            raise InputError(
                f'`school` is missing; name one, for example `because("{self.decision}"{who}, school={first})`'
            )
        return ids[self.site]

    @property
    def kind(self) -> str:
        """Kind of the organisation."""
        return KINDS[self.run.world.organisations.kind[self.row]]

    @property
    def years(self) -> list[int]:
        """School years whose September the question concerns."""
        return [school_year(month) for month in self.months if month % 12 == 0]

    def _someone(self) -> str:
        able = np.flatnonzero(self.run.world.organisations.eligible)
        return self.names[able[0]] if able.size else self.names[0]


def decision_question(run: History, decision: Any, options: Mapping[str, Any]) -> DecisionQuestion:
    """Return a question about a run, checked.

    Args:
        run: the run
        decision: one of TAKES
        options: who, school, year, date and motion; None where not given

    Raises:
        InputError: the decision is not in TAKES or does not take an option, the organisation, school or motion is unknown,
            the run does not have the year or the month, or both are given
    """
    if not is_one_of(decision, TAKES):
        raise InputError(f"`decision` must be one of {', '.join(TAKES)}; got {shown(decision)}")
    takes = TAKES[decision]
    for name, value in options.items():
        if value is not None and name not in takes:
            allowed = ", ".join(f"`{each}`" for each in takes) or "no options"
            raise InputError(f"`{decision}` does not take `{name}`; it takes {allowed}")
    row = None if options["who"] is None else row_of(run, options["who"])
    site = None if options["school"] is None else site_of(run, options["school"])
    dated = options["year"] is not None or options["date"] is not None
    months = months_of(run, options["year"], options["date"])
    return DecisionQuestion(run, decision, row, site, months, dated, motion_of(options.get("motion")))


def motion_of(motion: Any) -> int | None:
    """Return the number of a motion, None without one.

    Args:
        motion: name of the motion, or None

    Raises:
        InputError: no motion has that name
    """
    if motion is None:
        return None
    if not is_one_of(motion, MOTIONS):
        near = nearest(motion, list(MOTIONS)) if isinstance(motion, str) else ""
        raise InputError(f"{shown(motion)} is not a motion{near or '; use one of ' + ', '.join(MOTIONS)}")
    return MOTIONS.index(motion)


def row_of(run: History, who: Any) -> int:
    """Return the row of an organisation, by its name or id.

    Args:
        run: the run
        who: name or id of the organisation

    Raises:
        InputError: the run has no such organisation
    """
    organisation_names = names(run.world, run.scenario.files)
    who_text, who = who, identity_of(str(who)) if isinstance(who, str | Real) and not isinstance(who, bool) else who
    ids = [str(each) for each in organisation_ids(run.world, run.scenario.files)]
    if not is_one_of(who, organisation_names) and is_one_of(who, ids):
        return ids.index(who)
    if not is_one_of(who, organisation_names):
        near = nearest(who, organisation_names) if isinstance(who, str) else ""
        raise InputError(f"the run has no organisation {shown(who_text)}{near or '; see `run.organisations`'}")
    return organisation_names.index(who)


def site_of(run: History, school: Any) -> int:
    """Return the row of a school, by its id.

    Args:
        run: the run
        school: id of the school

    Raises:
        InputError: the run has no such school
    """
    ids = [str(each) for each in school_ids(run.world, run.scenario.files)]
    text = isinstance(school, str | Real) and not isinstance(school, bool)
    identity = identity_of(str(school)) if text else ""
    if identity not in ids:
        near = nearest(identity, ids) if isinstance(school, str) else ""
        lists = f"; see column `id` of `run.schools` for its {len(ids):,} schools"
        raise InputError(f"the run has no school {shown(school)}{near or lists}")
    return ids.index(identity)


def months_of(run: History, year: Any, date: Any) -> range:
    """Return the months of a school year, the month of a date, or all months.

    Args:
        run: the run
        year: a school year, or None
        date: a month as YYYY-MM, or None

    Raises:
        InputError: the run does not have the year or the month, or both are given
    """
    whole = range(run.scenario.first_month, run.scenario.last_month + 1)
    if year is not None and date is not None:
        raise InputError("`year` and `date` cannot be used together; give `year=2016` or `date='2016-03'`")
    if date is not None:
        month = month_of(date)
        if month not in whole:
            raise InputError(f"the run has no month {date}; it goes from {date_of(whole[0])} to {date_of(whole[-1])}")
        return range(month, month + 1)
    if year is None:
        return whole
    if not isinstance(year, Integral) or isinstance(year, bool) or year not in run.worlds:
        raise InputError(f"the run has no school year {shown(year)}; it has {min(run.worlds)} to {max(run.worlds)}")
    return range(max(september(int(year)), whole[0]), min(september(int(year) + 1), whole[-1] + 1))
