"""Equity: gains of groups of students, gaps between groups, and concentration, within pairs of arms."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.clusters import clusters_in
from sim.analysis.intervals import bootstrap, ratio_of_means
from sim.analysis.paired_differences import paired_outcomes
from sim.analysis.sweep_grid import EMERGENT, needs
from sim.errors import InputError

POINTS = 100.0
"""Percentage points of a share of one."""

GAPS = {
    "quintiles": ("quintile 1", "quintile 5"),
    "periphery": ("centre", "periphery"),
    "streams": ("stream state", "stream non_jewish"),
}
"""Gaps by name: the group that is ahead, and the group that is behind."""

IN_POINTS, AS_RATIO, INDEX = "points", "ratio", "index"
"""Measures of a gap: difference of two shares [percentage points], their ratio, or the concentration index."""

CONCENTRATION = "concentration"

WEAKEST_FIRST = (("quintile 5",), ("quintile 4",), ("quintile 3", "quintile unknown"), ("quintile 2",), ("quintile 1",))
"""Steps of the concentration curve; schools without a published quintile are in the middle."""

LEVEL_OF_TOTAL = 0.99
"""Level of the interval of a total; parts of the total are given only if it excludes zero [share]."""

GENDERS = ("girls", "boys")
"""Groups with examinees but without counted takers, so without shares."""


def groups(frame: pd.DataFrame, year: int) -> list[str]:
    """Return the groups with examinees of a year, in the order of the frame, without groups that have no students.

    Raises:
        InputError: the frame has no groups
    """
    matches = [re.fullmatch(rf"examinees_{year}/(.+)", str(name)) for name in frame.columns]
    names = [match[1] for match in matches if match]
    present = [group for group in names if (frame[_counted(frame, year, group)] > 0).any()]
    if not present:
        raise InputError(f"the runs have no figures of groups of students for {year}; choose a year that they have")
    return present


def _counted(frame: pd.DataFrame, year: int, group: str) -> str:
    """Return the column of a group's students: takers, or examinees if takers are not counted."""
    takers = f"takers_{year}/{group}"
    return takers if takers in frame else f"examinees_{year}/{group}"


def kind_of(group: str) -> str:
    """Return the division of students to which a group belongs.

    >>> [kind_of(group) for group in ("quintile 5", "stream haredi", "periphery", "girls")]
    ['quintile', 'stream', 'place', 'gender']
    """
    first = group.split(" ")[0]
    return first if " " in group else "gender" if group in GENDERS else "place"


class PairedColumns(NamedTuple):
    """Columns of an arm and of another scenario by pair, and the parameter sets that pairs share."""

    arm: Any  # shape (pairs, columns)
    against: Any  # shape (pairs, columns)
    clusters: Any  # shape (pairs,), None where pairs share no set


def pairs_of(frame: pd.DataFrame, arm: str, against: str, columns: list[str]) -> PairedColumns:
    """Return columns of an arm and of another scenario, for pairs of runs with all values.

    Raises:
        InputError: a column is missing, or no pair has all values
    """
    needs(frame, columns)
    pairs = [paired_outcomes(frame, against, arm, name) for name in columns]
    arms, others = (np.column_stack([pair[side] for pair in pairs]) for side in ("arm", "baseline"))
    complete = ~np.isnan(arms + others).any(axis=1)
    if not complete.any():
        raise InputError(f"no pair of runs of `{arm}` and `{against}` has values of all of {columns[0]}, ...")
    return PairedColumns(arms[complete], others[complete], clusters_in(frame, pairs[0].index[complete]))


def shares(examinees: Any, takers: Any) -> Any:
    """Return examinees over takers, NaN without takers; shape of the arguments [share of maths takers]."""
    return np.divide(examinees, takers, out=np.full(np.shape(examinees), np.nan), where=np.asarray(takers) > 0)


def gains(frame: pd.DataFrame, arm: str, against: str, year: int) -> pd.DataFrame:
    """Compare each group in an arm with the same group in another scenario, within pairs of runs.

    Args:
        frame: one row per run: scenario, dates, seed, examinees_YEAR, and examinees_YEAR/GROUP and takers_YEAR/GROUP
        arm: scenario that is compared
        against: scenario that it is compared with
        year: of the examination

    Returns:
        one row per group: arm, against, year, kind, group; share and share_against, means over runs [share of maths takers];
        points, points_low, points_high, their difference [percentage points]; additional with low and high, examinees
        more [students]; part_of_gain with low and high, of all additional examinees (NaN where the total of these may be
        zero), beside part_of_takers and part_of_examinees of the arm [share]; n [pairs]. Genders have no share of takers.
    """
    counted, uncounted = (
        [group for group in groups(frame, year) if (group in GENDERS) == gender] for gender in (False, True)
    )
    names = [*counted, *uncounted]
    columns = [*(f"examinees_{year}/{group}" for group in names), *(f"takers_{year}/{group}" for group in counted)]
    *both, clusters = pairs_of(frame, arm, against, columns)
    (examinees, takers), (examinees_against, takers_against) = (
        (values[:, : len(names)], values[:, len(names) :]) for values in both
    )
    additional = examinees - examinees_against
    parts = parts_of_total(additional, [kind_of(group) == kind_of(names[0]) for group in names], clusters)
    kinds = [kind_of(group) for group in names]
    shares_of_arm, shares_against = (
        shares(examinees[:, : len(counted)], takers),
        shares(examinees_against[:, : len(counted)], takers_against),
    )
    identity = {"arm": arm, "against": against, "year": year, "kind": kinds, "group": names}
    table = pd.DataFrame(
        identity
        | {
            "share": padded(shares_of_arm.mean(axis=0), names),
            "share_against": padded(shares_against.mean(axis=0), names),
        }
    )
    points = [padded(end, names) for end in bootstrap(POINTS * (shares_of_arm - shares_against), clusters=clusters)]
    for name, ends in (
        ("points", points),
        ("additional", bootstrap(additional, clusters=clusters)),
        ("part_of_gain", parts),
    ):
        table[name], table[f"{name}_low"], table[f"{name}_high"] = ends
    table["part_of_takers"] = padded(parts_of(takers, kinds[: len(counted)]), names)
    table["part_of_examinees"] = parts_of(examinees, kinds)
    return table.assign(n=len(examinees))


def parts_of_total(additional: Any, division: Any, clusters: Any) -> tuple[Any, Any, Any]:
    """Return each group's part of all additional examinees, with its interval; NaN if the total may be zero.

    A part of a total near zero can be any number, so the total must differ from zero at a higher level than the interval.

    Args:
        additional: additional examinees, one row per pair and one column per group; shape (pairs, groups) [students]
        division: flags of the groups that add up to all students; shape (groups,)
        clusters: parameter set of each pair; shape (pairs,); None: pairs are independent
    """
    total = additional[:, division].sum(axis=1)
    _, (least,), (most,) = bootstrap(total[:, None], LEVEL_OF_TOTAL, clusters)
    if not (least > 0.0 or most < 0.0):
        return (np.full(additional.shape[1], np.nan),) * 3
    return ratio_of_means(additional, total, clusters=clusters)


def padded(values: Any, names: list[str]) -> Any:
    """Return the values of the groups with takers, followed by NaN for the groups without."""
    return np.append(values, np.full(len(names) - len(values), np.nan))


def parts_of(counts: Any, kinds: list[str]) -> Any:
    """Return each group's part of its division, from sums over runs [share].

    >>> parts_of([[30, 70, 5], [30, 70, 15]], ["place", "place", "other"]).tolist()
    [0.3, 0.7, 1.0]
    """
    sums = pd.Series(np.asarray(counts, dtype=float).sum(axis=0))
    return (sums / sums.groupby(list(kinds)).transform("sum")).to_numpy()


def gaps(frame: pd.DataFrame, arm: str, against: str, year: int) -> pd.DataFrame:
    """Return gaps between groups and the concentration index, in an arm and as differences from another scenario.

    Args:
        frame: as for `gains`
        arm: scenario that is described
        against: scenario that it is compared with; the arm itself for levels only
        year: of the examination

    Returns:
        one row per gap and measure: arm, against, year, gap, measure, unit; level with level_low and level_high, mean over
        runs; difference with low and high, arm less the other within pairs (NaN against itself); n [pairs]. A run in
        which the group behind has no examinees at five units leaves its pair out of the ratio.
    """
    available, rows = set(groups(frame, year)), []
    for name, (ahead, behind) in GAPS.items():
        if {ahead, behind} <= available:
            columns = [f"{what}_{year}/{group}" for what in ("examinees", "takers") for group in (ahead, behind)]
            *both, clusters = pairs_of(frame, arm, against, columns)
            arm_values, other_values = (
                shares(columns_of_scenario[:, :2], columns_of_scenario[:, 2:]) for columns_of_scenario in both
            )
            for measure, unit in ((IN_POINTS, "points"), (AS_RATIO, "")):
                rows.append(
                    {
                        "gap": name,
                        "measure": measure,
                        "unit": unit,
                        **_level_and_difference(*_gaps_by_run(arm_values, other_values, measure), clusters),
                    }
                )
    if any(group in available for step in WEAKEST_FIRST for group in step):
        *both, clusters = _curves(frame, arm, against, year)
        arm_values, other_values = (concentration_index(*curve) for curve in both)
        rows.append(
            {
                "gap": CONCENTRATION,
                "measure": INDEX,
                "unit": "",
                **_level_and_difference(arm_values, other_values, clusters),
            }
        )
    table = pd.DataFrame([{"arm": arm, "against": against, "year": year} | row for row in rows])
    if arm == against:
        table[["difference", "low", "high"]] = np.nan
    return table


def _gaps_by_run(arm_shares: Any, other_shares: Any, measure: str) -> tuple[Any, Any]:
    """Return the gap between two groups by run, in an arm and in another; shares have shape (pairs, 2)."""
    if measure == IN_POINTS:
        return tuple(POINTS * (pair[:, 0] - pair[:, 1]) for pair in (arm_shares, other_shares))
    return tuple(
        np.where(pair[:, 1] > 0, shares(pair[:, 0], pair[:, 1]), np.nan) for pair in (arm_shares, other_shares)
    )  # type: ignore[return-value]


def _level_and_difference(arm_values: Any, other_values: Any, clusters: Any = None) -> dict[str, float]:
    """Return the level in the arm and the difference within pairs, with intervals; leave out pairs without a value."""
    complete = ~np.isnan(arm_values) & ~np.isnan(other_values)
    names = ("level", "level_low", "level_high", "difference", "low", "high")
    columns = np.column_stack([arm_values[complete], arm_values[complete] - other_values[complete]])
    within = None if clusters is None else clusters[complete]
    ends = [float(end[column]) for column in (0, 1) for end in bootstrap(columns, clusters=within)]
    return dict(zip(names, ends, strict=True)) | {"n": int(complete.sum())}


def curves(frame: pd.DataFrame, arm: str, against: str, year: int) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Return the concentration curves of an arm and of another scenario by run.

    Returns:
        for each, cumulative shares of maths takers and of examinees from the weakest quintile on, beginning with 0;
        shape (pairs, steps + 1) [share]
    """
    one, other, _ = _curves(frame, arm, against, year)
    return one, other


def _curves(frame: pd.DataFrame, arm: str, against: str, year: int) -> tuple[tuple[Any, Any], tuple[Any, Any], Any]:
    """Return both curves and the parameter set of each pair, None if pairs share none."""
    available = groups(frame, year)
    steps = [[group for group in step if group in available] for step in WEAKEST_FIRST]
    order = [group for step in steps for group in step]
    columns = [f"{what}_{year}/{group}" for what in ("takers", "examinees") for group in order]
    ends = np.cumsum([0, *(len(step) for step in steps)])
    both = pairs_of(frame, arm, against, columns)
    one, other = (
        (_cumulative(values[:, : len(order)], ends), _cumulative(values[:, len(order) :], ends))
        for values in (both.arm, both.against)
    )
    return one, other, both.clusters


def _cumulative(counts: Any, ends: Any) -> Any:
    sums = np.concatenate([np.zeros((len(counts), 1)), np.cumsum(counts, axis=1)], axis=1)[:, ends]
    return shares(sums, np.repeat(sums[:, -1:], sums.shape[1], axis=1))


def concentration_index(takers: Any, examinees: Any) -> Any:
    """Return the concentration index of curves: 0 if equal, near 1 if the strongest have most; shape (runs,).

    >>> concentration_index([[0.0, 0.5, 1.0]], [[0.0, 0.25, 1.0]]).tolist()
    [0.25]
    """
    return 1.0 - 2.0 * np.trapezoid(examinees, takers, axis=1)


def mean_curve(frame: pd.DataFrame, scenario: str, year: int) -> pd.DataFrame:
    """Return the mean concentration curve of a scenario: scenario, cumulative takers and examinees from the weakest [share]."""
    (takers, examinees), _ = curves(frame[frame["dates"] == EMERGENT], scenario, scenario, year)
    return pd.DataFrame({"scenario": scenario, "takers": takers.mean(axis=0), "examinees": examinees.mean(axis=0)})
