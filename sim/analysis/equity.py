"""Who gains: groups of students in an arm beside another, gaps between them in points and as ratios, concentration."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.clusters import clusters_in
from sim.analysis.intervals import bootstrap, ratio_of_means
from sim.analysis.paired_differences import together
from sim.analysis.sweep_grid import EMERGENT, needs
from sim.errors import InputError

POINTS = 100.0
"""Percentage points of a share of one."""

GAPS = {
    "quintiles": ("quintile 1", "quintile 5"),
    "periphery": ("centre", "periphery"),
    "streams": ("stream state", "stream non_jewish"),
}
"""Gaps by name: the group that is ahead, and the one that it is compared with."""

IN_POINTS, AS_RATIO, INDEX = "points", "ratio", "index"
"""Measures of a gap: the difference of two shares [percentage points], one over the other, or the concentration index."""

CONCENTRATION = "concentration"

WEAKEST_FIRST = (("quintile 5",), ("quintile 4",), ("quintile 3", "quintile unknown"), ("quintile 2",), ("quintile 1",))
"""Steps of the concentration curve; schools whose quintile is not published stand in the middle."""

SURE = 0.99
"""Level of the interval of a total that must not include zero, so that parts of the total are given [share]."""

GENDERS = ("girls", "boys")
"""Groups that have examinees and no takers, so that they have no share."""


def groups(frame: pd.DataFrame, year: int) -> list[str]:
    """Return the groups of which a frame has examinees of a year, in its order; those without any student in any run left out.

    Raises:
        InputError: there is none
    """
    named = [re.fullmatch(rf"examinees_{year}/(.+)", str(name)) for name in frame.columns]
    found = [match[1] for match in named if match]
    kept = [group for group in found if (frame[_counted(frame, year, group)] > 0).any()]
    if not kept:
        raise InputError(f"there are no figures of groups of students for {year}")
    return kept


def _counted(frame: pd.DataFrame, year: int, group: str) -> str:
    """Return the column that says whether a group has students: takers, or examinees where those are not counted."""
    takers = f"takers_{year}/{group}"
    return takers if takers in frame else f"examinees_{year}/{group}"


def kind_of(group: str) -> str:
    """What divides students into a group and its like.

    >>> [kind_of(group) for group in ("quintile 5", "stream haredi", "periphery", "girls")]
    ['quintile', 'stream', 'place', 'gender']
    """
    first = group.split(" ")[0]
    return first if " " in group else "gender" if group in GENDERS else "place"


class Both(NamedTuple):
    """Columns of an arm and of another scenario, pair by pair, and the parameter sets that pairs share."""

    arm: Any  # shape (pairs, columns)
    against: Any  # shape (pairs, columns)
    clusters: Any  # shape (pairs,), None where pairs share no set


def pairs_of(frame: pd.DataFrame, arm: str, against: str, columns: list[str]) -> Both:
    """Columns of an arm and of another scenario, pair by pair of runs with all values.

    Raises:
        InputError: columns that are not there, and where no pair has all values
    """
    needs(frame, columns)
    found = [together(frame, against, arm, name) for name in columns]
    arms, others = (np.column_stack([pair[side] for pair in found]) for side in ("arm", "baseline"))
    whole = ~np.isnan(arms + others).any(axis=1)
    if not whole.any():
        raise InputError(f"no pair of runs of `{arm}` and `{against}` has values of {columns[0]} and its like")
    return Both(arms[whole], others[whole], clusters_in(frame, found[0].index[whole]))


def shares(examinees: Any, takers: Any) -> Any:
    """Examinees over takers, NaN where there are no takers; shape as given [share of maths takers]."""
    return np.divide(examinees, takers, out=np.full(np.shape(examinees), np.nan), where=np.asarray(takers) > 0)


def gains(frame: pd.DataFrame, arm: str, against: str, year: int) -> pd.DataFrame:
    """Every group in an arm beside the same group in another scenario, within pairs of runs.

    Args:
        frame: a row a run: scenario, dates, seed, examinees_YEAR, and examinees_YEAR/GROUP and takers_YEAR/GROUP
        arm: scenario that is compared
        against: scenario that it is compared with
        year: of the examination

    Returns:
        a row a group: arm, against, year, kind, group; share and share_against, means over runs [share of maths takers];
        points, points_low, points_high, their difference [percentage points]; additional with low and high, examinees
        more [students]; part_of_gain with low and high, of all additional examinees (NaN where the total of these may be
        zero), beside part_of_takers and part_of_examinees of the arm [share]; n [pairs]. Genders have no share of takers.
    """
    counted, uncounted = ([group for group in groups(frame, year) if (group in GENDERS) == of] for of in (False, True))
    named = [*counted, *uncounted]
    columns = [*(f"examinees_{year}/{group}" for group in named), *(f"takers_{year}/{group}" for group in counted)]
    *both, clusters = pairs_of(frame, arm, against, columns)
    (of, takers), (without, theirs) = ((values[:, : len(named)], values[:, len(named) :]) for values in both)
    more = of - without
    parts = parts_of_total(more, [kind_of(group) == kind_of(named[0]) for group in named], clusters)
    kinds = [kind_of(group) for group in named]
    now, before = shares(of[:, : len(counted)], takers), shares(without[:, : len(counted)], theirs)
    found = {"arm": arm, "against": against, "year": year, "kind": kinds, "group": named}
    table = pd.DataFrame(
        found | {"share": padded(now.mean(axis=0), named), "share_against": padded(before.mean(axis=0), named)}
    )
    points = [padded(end, named) for end in bootstrap(POINTS * (now - before), clusters=clusters)]
    for name, ends in (
        ("points", points),
        ("additional", bootstrap(more, clusters=clusters)),
        ("part_of_gain", parts),
    ):
        table[name], table[f"{name}_low"], table[f"{name}_high"] = ends
    table["part_of_takers"] = padded(parts_of(takers, kinds[: len(counted)]), named)
    table["part_of_examinees"] = parts_of(of, kinds)
    return table.assign(n=len(of))


def parts_of_total(more: Any, division: Any, clusters: Any) -> tuple[Any, Any, Any]:
    """Return each group's part of all additional examinees, with its interval; NaN where their total may be zero.

    Near zero a part is any number, so the total has to differ from zero by more than the interval of a part reaches.

    Args:
        more: additional examinees, a row a pair and a column a group; shape (pairs, groups) [students]
        division: which groups add up to all students; shape (groups,) [flag]
        clusters: parameter set of each pair; shape (pairs,); None: pairs are independent
    """
    total = more[:, division].sum(axis=1)
    _, (least,), (most,) = bootstrap(total[:, None], SURE, clusters)
    if not (least > 0.0 or most < 0.0):
        return (np.full(more.shape[1], np.nan),) * 3
    return ratio_of_means(more, total, clusters=clusters)


def padded(values: Any, named: list[str]) -> Any:
    """Values of the groups that have takers, NaN for those after them that have none."""
    return np.append(values, np.full(len(named) - len(values), np.nan))


def parts_of(counts: Any, kinds: list[str]) -> Any:
    """Each group's part of its division, of the sums over runs [share].

    >>> parts_of([[30, 70, 5], [30, 70, 15]], ["place", "place", "other"]).tolist()
    [0.3, 0.7, 1.0]
    """
    sums = pd.Series(np.asarray(counts, dtype=float).sum(axis=0))
    return (sums / sums.groupby(list(kinds)).transform("sum")).to_numpy()


def gaps(frame: pd.DataFrame, arm: str, against: str, year: int) -> pd.DataFrame:
    """Gaps between groups, in points and as ratios, and the concentration index, in an arm and less another scenario.

    Args:
        frame: as `gains` takes it
        arm: scenario that is told
        against: scenario that it is compared with; itself, for the level alone
        year: of the examination

    Returns:
        a row a gap and measure: arm, against, year, gap, measure, unit; level with level_low and level_high, mean over
        runs; difference with low and high, arm less the other within pairs (NaN against itself); n [pairs]. A run in
        which the group behind has nobody at five units leaves its pair out of the ratio.
    """
    there, rows = set(groups(frame, year)), []
    for name, (ahead, behind) in GAPS.items():
        if {ahead, behind} <= there:
            columns = [f"{what}_{year}/{group}" for what in ("examinees", "takers") for group in (ahead, behind)]
            *both, clusters = pairs_of(frame, arm, against, columns)
            mine, theirs = (shares(of[:, :2], of[:, 2:]) for of in both)
            for measure, unit in ((IN_POINTS, "points"), (AS_RATIO, "")):
                rows.append(
                    {
                        "gap": name,
                        "measure": measure,
                        "unit": unit,
                        **_compared(*_apart(mine, theirs, measure), clusters),
                    }
                )
    if any(group in there for step in WEAKEST_FIRST for group in step):
        *both, clusters = _curves(frame, arm, against, year)
        mine, theirs = (index_of(*curve) for curve in both)
        rows.append({"gap": CONCENTRATION, "measure": INDEX, "unit": "", **_compared(mine, theirs, clusters)})
    table = pd.DataFrame([{"arm": arm, "against": against, "year": year} | row for row in rows])
    if arm == against:
        table[["difference", "low", "high"]] = np.nan
    return table


def _apart(mine: Any, theirs: Any, measure: str) -> tuple[Any, Any]:
    """How far two groups are apart, run by run, in an arm and in another; shares have shape (pairs, 2)."""
    if measure == IN_POINTS:
        return tuple(POINTS * (of[:, 0] - of[:, 1]) for of in (mine, theirs))
    return tuple(np.where(of[:, 1] > 0, shares(of[:, 0], of[:, 1]), np.nan) for of in (mine, theirs))  # type: ignore[return-value]


def _compared(mine: Any, theirs: Any, clusters: Any = None) -> dict[str, float]:
    """Level in the arm, and difference within pairs, with intervals; pairs without a value are left out."""
    kept = ~np.isnan(mine) & ~np.isnan(theirs)
    names = ("level", "level_low", "level_high", "difference", "low", "high")
    columns = np.column_stack([mine[kept], mine[kept] - theirs[kept]])
    within = None if clusters is None else clusters[kept]
    ends = [float(end[column]) for column in (0, 1) for end in bootstrap(columns, clusters=within)]
    return dict(zip(names, ends, strict=True)) | {"n": int(kept.sum())}


def curves(frame: pd.DataFrame, arm: str, against: str, year: int) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Return the concentration curves of an arm and of another scenario, run by run.

    Returns:
        for each, cumulative shares of maths takers and of examinees from the weakest quintile on, beginning with 0;
        shape (pairs, steps + 1) [share]
    """
    one, other, _ = _curves(frame, arm, against, year)
    return one, other


def _curves(frame: pd.DataFrame, arm: str, against: str, year: int) -> tuple[tuple[Any, Any], tuple[Any, Any], Any]:
    """Return the curves, then the parameter set of each pair, None where pairs share none."""
    there = groups(frame, year)
    steps = [[group for group in step if group in there] for step in WEAKEST_FIRST]
    order = [group for step in steps for group in step]
    columns = [f"{what}_{year}/{group}" for what in ("takers", "examinees") for group in order]
    ends = np.cumsum([0, *(len(step) for step in steps)])
    both = pairs_of(frame, arm, against, columns)
    one, other = (
        (_cumulative(of[:, : len(order)], ends), _cumulative(of[:, len(order) :], ends))
        for of in (both.arm, both.against)
    )
    return one, other, both.clusters


def _cumulative(counts: Any, ends: Any) -> Any:
    sums = np.concatenate([np.zeros((len(counts), 1)), np.cumsum(counts, axis=1)], axis=1)[:, ends]
    return shares(sums, np.repeat(sums[:, -1:], sums.shape[1], axis=1))


def index_of(people: Any, at_five: Any) -> Any:
    """Return the concentration index of curves: 0 where they are even, towards 1 the more the strongest have; shape (runs,).

    >>> index_of([[0.0, 0.5, 1.0]], [[0.0, 0.25, 1.0]]).tolist()
    [0.25]
    """
    return 1.0 - 2.0 * np.trapezoid(at_five, people, axis=1)


def curve(frame: pd.DataFrame, scenario: str, year: int) -> pd.DataFrame:
    """Return the mean concentration curve of a scenario: columns scenario, takers, examinees, cumulative from the weakest [share]."""
    (people, at_five), _ = curves(frame[frame["dates"] == EMERGENT], scenario, scenario, year)
    return pd.DataFrame({"scenario": scenario, "takers": people.mean(axis=0), "examinees": at_five.mean(axis=0)})
