"""Doubling as a parameter: measure, base, factor and deadline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.clusters import clusters_in
from sim.analysis.enrolment import COLUMN_OF, by_year, years
from sim.analysis.intervals import bootstrap, share_interval, wilson
from sim.analysis.sweep_grid import needs
from sim.dates import date_of, month_of, school_year
from sim.errors import InputError, is_one_of, shown, whole_number

PUBLISHED_BASE = 8869
"""Published examinees of 2012 at five units [students]."""

OWN = "own"
"""Name of the base of the run's own 2012."""

FIRST_YEAR = 2013
"""The first year in which a doubling counts."""

LAST_YEAR = 2199
"""The last year that a date can have."""


@dataclass(frozen=True)
class Doubling:
    """The definition of a doubling.

    Args:
        base: a number, or "own" for the run's own 2012 [students, or share of the grade]
        factor: how many times the base [ratio]
        of: "count" of examinees or their "share" of the grade
        by: the last examination that counts [school year]

    Raises:
        InputError: a value has the wrong type or range, or the base of a share is in students
    """

    base: float | str = PUBLISHED_BASE
    factor: float = 2.0
    of: str = "count"
    by: int = 2020

    def __post_init__(self) -> None:
        if not is_one_of(self.of, COLUMN_OF):
            raise InputError(f"`doubling.of` must be one of {', '.join(COLUMN_OF)}; got {shown(self.of)}")
        if isinstance(self.base, str) and self.base != OWN:
            raise InputError(f"`doubling.base` must be a number or `{OWN}`; got {shown(self.base)}")
        numbers = [self.factor] if isinstance(self.base, str) else [self.base, self.factor]
        if any(isinstance(n, bool) or not isinstance(n, Real) or not 0 < n < np.inf for n in numbers):
            values = f"{shown(self.base)} and {shown(self.factor)}"
            raise InputError(f"`doubling.base` and `doubling.factor` must be above 0; got {values}")
        if self.of == "share" and not isinstance(self.base, str) and self.base > 1:
            raise InputError(
                f"`doubling.base` must be `{OWN}` or a share in 0-1 for a doubling of the share; got {self.base}"
            )
        whole_number("`doubling.by`", self.by, FIRST_YEAR, LAST_YEAR)

    @property
    def level(self) -> float | None:
        """The goal if it is the same for every run; None for a base of "own" [students or share]."""
        return None if isinstance(self.base, str) else float(self.base) * self.factor

    @property
    def brief(self) -> str:
        """The goal in words, short enough for a title.

        >>> Doubling().brief, CLAIM.brief, Doubling(base="own", of="share").brief
        ("twice 2012's 8,869", '16,085 or more', "twice the run's own share of 2012")
        """
        times = "twice" if self.factor == 2 else f"{self.factor:g} times"
        if isinstance(self.base, str):
            return f"{times} the run's own {self.of} of 2012"
        base = f"{self.base:,.0f}" if self.of == "count" else f"a share of {self.base:.3f}"
        whose = "2012's " if self.base == PUBLISHED_BASE else ""
        if self.factor == 1:
            return f"{base} or more"
        return f"{times} {whose}{base}"

    @property
    def goal(self) -> str:
        """The goal in words, without the deadline."""
        if self.level is None or self.factor == 1:
            return f"{self.brief}{' examinees' if self.of == 'count' and self.level else ''}"
        return f"{self.brief} ({self.level:,.0f})" if self.of == "count" else f"{self.brief} ({self.level:.3f})"

    @property
    def description(self) -> str:
        """The doubling in words, with its deadline.

        >>> Doubling().description
        "twice 2012's 8,869 (17,738) by 2020"
        """
        return f"{self.goal} by {self.by}"

    def until(self, year: int) -> Doubling:
        """Return the same doubling with another deadline."""
        return replace(self, by=year)


CLAIM = Doubling(base=16085, factor=1.0, by=2017)
"""The initiative's own claim: 16,085 examinees or more by 2017."""


def target(frame: pd.DataFrame, doubling: Doubling) -> Any:
    """Return the goal of each run; shape (runs,) [students or share].

    Raises:
        InputError: a run's own base is missing
    """
    if doubling.level is not None:
        return np.full(len(frame), doubling.level)
    column = f"{COLUMN_OF[doubling.of]}_2012"
    needs(frame, [column])
    base = frame[column].to_numpy(dtype=float)
    if not np.all(base > 0):
        raise InputError(f"{int((~(base > 0)).sum())} runs have no `{column}` above 0, so their doubling has no base")
    return base * doubling.factor


def answered_in_all(frame: pd.DataFrame, doubling: Doubling) -> bool:
    """Return whether every run reached its goal or lasted until the deadline, so that the answer is known for all."""
    first, last = _first(frame, doubling)
    return bool(np.all(~np.isnan(first) | last)) and len(frame) > 0


def _first(frame: pd.DataFrame, doubling: Doubling) -> tuple[Any, Any]:
    """Return the first year at the goal (NaN if none), and a flag for runs that last until the deadline."""
    all_years = np.array(years(frame, doubling.of), dtype=int)
    counted = (all_years >= FIRST_YEAR) & (all_years <= doubling.by)
    values = by_year(frame, doubling.of)[:, counted]
    hits = values >= target(frame, doubling)[:, None]
    first = np.where(hits.any(axis=1), all_years[counted][hits.argmax(axis=1)], np.nan) if counted.any() else np.nan
    wanted = max(doubling.by - FIRST_YEAR + 1, 0)
    return np.broadcast_to(first, len(frame)), (~np.isnan(values)).sum(axis=1) == wanted


def year_of_doubling(frame: pd.DataFrame, doubling: Doubling) -> pd.Series[float]:
    """Return the first school year, from 2013 to the deadline, at or above the goal; NaN if there is none.

    Raises:
        InputError: a run ends before the deadline and the goal, so its answer is not known
    """
    first, lasted = _first(frame, doubling)
    unknown = int((np.isnan(first) & ~lasted).sum())
    if unknown:
        raise InputError(
            f"{unknown} of {len(frame)} runs end before {doubling.by}, so `{doubling.description}` is not known; run "
            f"them longer"
        )
    return pd.Series(first, index=frame.index, name="year_of_doubling", dtype=float)


def reached(frame: pd.DataFrame, doubling: Doubling) -> pd.Series[bool]:
    """Return whether each run doubled in any year from 2013 to the deadline; shape (runs,).

    Raises:
        InputError: as `year_of_doubling` does
    """
    return year_of_doubling(frame, doubling).notna().rename("reached")


def years_from_national(frame: pd.DataFrame, doubling: Doubling) -> pd.Series[float]:
    """Return the school years from the national decision to the doubling; NaN if either never came; shape (runs,).

    The value is negative for a run that doubled before the decision.

    Raises:
        InputError: as `year_of_doubling` does
    """
    needs(frame, ["month_national"])
    months: Any = frame["month_national"].astype(float)
    return (year_of_doubling(frame, doubling) - school_year(months)).rename("years_from_national")


def probability(frame: pd.DataFrame, by: list[str], happened: pd.Series[bool]) -> pd.DataFrame:
    """Return the probability of an event at each combination of values of the columns `by`.

    Args:
        frame: one row per run
        by: columns that name the point
        happened: flags of the event, run by run, on the frame's index

    Returns:
        one row per point: the columns `by`, p, low, high (Wilson, 95%, aware of shared parameter sets) [share] and n [runs]
    """
    needs(frame, by)
    grouped = frame[by].assign(_happened=happened.astype(float)).groupby(by, sort=False)["_happened"]
    table = grouped.agg(p="mean", n="size", _sum="sum").reset_index()
    low, high = wilson(table["_sum"], table["n"])
    clusters = clusters_in(frame, frame.get("seed"))
    if clusters is not None:
        flags, point = happened.to_numpy(), grouped.ngroup().to_numpy()
        ends = [share_interval(flags[point == number], clusters[point == number]) for number in range(len(table))]
        low, high = zip(*ends, strict=True) if ends else (low, high)
    return table.assign(low=low, high=high)[[*by, "p", "low", "high", "n"]]


def years_to_doubling(frame: pd.DataFrame, by: list[str], doubling: Doubling) -> pd.DataFrame:
    """Return the time from the national decision to the doubling at each combination of values of the columns `by`.

    Only runs that double in the school year of their own decision or later are timed; the mean is over these, and `share` is
    their share of all runs.

    Returns:
        one row per point: the columns `by`, years, low, high (mean and 95% bootstrap interval) [school years],
        share (of all runs) [0-1] and n (all runs)

    Raises:
        InputError: as `year_of_doubling` does
    """
    waits, rows, clusters = years_from_national(frame, doubling), [], clusters_in(frame, frame.get("seed"))
    sets = None if clusters is None else pd.Series(clusters, frame.index)
    for point, group in waits.groupby([frame[name] for name in by], sort=False):
        timed = group[group >= 0]
        within = None if sets is None else sets[timed.index].to_numpy()
        ends = bootstrap(timed.to_numpy()[:, None], clusters=within) if len(timed) else ([np.nan], [np.nan], [np.nan])
        mean, low, high = ends
        rows.append((*point, float(mean[0]), float(low[0]), float(high[0]), len(timed) / len(group), len(group)))
    return pd.DataFrame(rows, columns=[*by, "years", "low", "high", "share", "n"])


def require_run_reaches(doubling: Doubling, last_month: int) -> None:
    """Check that a run lasts until the examination by which it is to double.

    Args:
        doubling: what counts as doubling
        last_month: of the run

    Raises:
        InputError: the run ends earlier
    """
    if last_month < month_of(f"{doubling.by}-06"):
        raise InputError(
            f"the run ends ({date_of(last_month)}) before the examination of `doubling.by` {doubling.by}; choose a "
            f"later end or an earlier year"
        )


def doubling_for(doubling: Doubling, national: bool) -> Doubling:
    """Return the doubling, with the run's own base if its schools are not the country's.

    Args:
        doubling: what counts as doubling
        national: true if the run's schools are the country's
    """
    other_base = not national and doubling.base == PUBLISHED_BASE
    return replace(doubling, base=OWN) if other_base else doubling


def doubling_from(value: Doubling | Mapping[str, Any] | None) -> Doubling:
    """Return a doubling from its keys; None means twice the count of 2012.

    Raises:
        InputError: a key is unknown, or a value has the wrong type or range
    """
    if isinstance(value, Doubling):
        return value
    keys = [field.name for field in fields(Doubling)]
    if not isinstance(value, Mapping | None) or not set(value or {}) <= set(keys):
        raise InputError(f"`doubling` must be a mapping with the keys {', '.join(keys)}; got {shown(value)}")
    return Doubling(**{str(key): content for key, content in (value or {}).items()})
