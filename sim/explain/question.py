"""What is asked of a run: which decision, of whom, of which school and when; what cannot be asked is one sentence."""

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
"""Decisions that are explained, and by what each is asked besides."""


@dataclass(frozen=True)
class Question:
    """A question that can be answered.

    Attributes:
        run: the run asked about
        decision: one of TAKES
        row: of the organisation asked about, or None [row]
        site: of the school asked about, or None [row]
        months: those asked about, of the run [month]
        dated: whether a year or a month was named
        motion: number of the motion asked about, or None
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
        return names(self.run.world, self.run.case.files)

    @property
    def name(self) -> str:
        """Name of the organisation asked about.

        Raises:
            InputError: none was named
        """
        if self.row is None:
            raise InputError(f'say who it was, for example `because("{self.decision}", who="{self._someone()}")`')
        return self.names[self.row]

    @property
    def school(self) -> int | str:
        """Identity of the school asked about, as the user has it.

        Raises:
            InputError: none was named
        """
        known = school_ids(self.run.world, self.run.case.files).tolist()
        if self.site is None:
            first = repr(known[0])
            who = "" if self.row is None else f', who="{self.names[self.row]}"'
            raise InputError(f'say which school, for example `because("{self.decision}"{who}, school={first})`')
        return known[self.site]

    @property
    def kind(self) -> str:
        """Kind of the organisation asked about."""
        return KINDS[self.run.world.organisations.kind[self.row]]

    @property
    def years(self) -> list[int]:
        """School years whose September is asked about."""
        return [school_year(month) for month in self.months if month % 12 == 0]

    def _someone(self) -> str:
        able = np.flatnonzero(self.run.world.organisations.eligible)
        return self.names[able[0]] if able.size else self.names[0]


def question(run: History, decision: Any, said: Mapping[str, Any]) -> Question:
    """Return a question about a run.

    Args:
        run: the run
        decision: one of TAKES
        said: who, school, year, date and motion; None where not given

    Raises InputError for another decision, what it is not asked by, an unknown organisation, school or motion, a year or a
    month that the run does not have, or both of them.
    """
    if not is_one_of(decision, TAKES):
        raise InputError(f"`why` explains {', '.join(TAKES)}; got {shown(decision)}")
    takes = TAKES[decision]
    for name, value in said.items():
        if value is not None and name not in takes:
            known = (
                f"only by {', '.join(f'`{each}`' for each in takes)}" if takes else "of the ministry alone, as a whole"
            )
            raise InputError(f"`{decision}` is not asked by `{name}`: it is asked {known}")
    row = None if said["who"] is None else row_of(run, said["who"])
    site = None if said["school"] is None else site_of(run, said["school"])
    dated = said["year"] is not None or said["date"] is not None
    months = months_of(run, said["year"], said["date"])
    return Question(run, decision, row, site, months, dated, motion_of(said.get("motion")))


def motion_of(motion: Any) -> int | None:
    """Return the number of a motion, None for none.

    Raises:
        InputError: with the nearest name, where there is none of that name
    """
    if motion is None:
        return None
    if not is_one_of(motion, MOTIONS):
        near = nearest(motion, list(MOTIONS)) if isinstance(motion, str) else ""
        raise InputError(f"there is no motion {shown(motion)}{near or '; there are ' + ', '.join(MOTIONS)}")
    return MOTIONS.index(motion)


def row_of(run: History, who: Any) -> int:
    """Return the row of an organisation, by its name or id.

    Raises:
        InputError: with the nearest name, where there is none
    """
    known = names(run.world, run.case.files)
    asked, who = who, identity_of(str(who)) if isinstance(who, str | Real) and not isinstance(who, bool) else who
    ids = [str(each) for each in organisation_ids(run.world, run.case.files)]
    if not is_one_of(who, known) and is_one_of(who, ids):
        return ids.index(who)
    if not is_one_of(who, known):
        near = nearest(who, known) if isinstance(who, str) else ""
        raise InputError(f"the run has no organisation {shown(asked)}{near or '; `run.organisations` names them'}")
    return known.index(who)


def site_of(run: History, school: Any) -> int:
    """Return the row of a school.

    Raises:
        InputError: there is none of that identity
    """
    known = [str(each) for each in school_ids(run.world, run.case.files)]
    text = isinstance(school, str | Real) and not isinstance(school, bool)
    asked = identity_of(str(school)) if text else ""
    if asked not in known:
        near = nearest(asked, known) if isinstance(school, str) else ""
        lists = f"; `run.schools` lists its {len(known):,} by `id`"
        raise InputError(f"the run has no school {shown(school)}{near or lists}")
    return known.index(asked)


def months_of(run: History, year: Any, date: Any) -> range:
    """Return the months of a school year, the one of a date, or all.

    Raises:
        InputError: what the run does not have
    """
    whole = range(run.case.first_month, run.case.last_month + 1)
    if year is not None and date is not None:
        raise InputError("a time is a school year, `year=2016`, or a month, `date='2016-03'`, and not both")
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
