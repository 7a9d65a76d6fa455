"""Fit to the record: published figures compared with runs, by pattern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.clusters import clusters_in
from sim.analysis.intervals import share_interval
from sim.analysis.sweep_grid import needs
from sim.dates import month_of
from sim.declare import Fact
from sim.errors import InputError

COUNT, SHARE, PART, MONTH, EVENT = "count", "share", "part", "month", "event"
"""Scales on which a pattern is compared: ratio, difference in points (PART: may be negative), months, or yes or no."""


FITTED_THROUGH = 2018
"""Last school year of facts that are fitted; later years are reserved to judge predictions."""


@dataclass(frozen=True)
class Pattern:
    """A pattern of the record: its panel and scale.

    Args:
        panel: of the figure in which it is shown
        scale: on which it is compared
        about: the pattern in words
        paired: true if it is a figure of a run and its reference together
    """

    panel: str
    scale: str
    about: str
    paired: bool = False


NATIONAL, LATER, SCHOOLS, MOVES, SHARES, LEVELS, SIZES, PARTS, NETWORK = (
    "national counts", "papers, subjects, teachers", "schools", "schools from year to year", "shares at five units",
    "levels of the grade", "tracks by size", "growth and effects", "network",
)  # fmt: skip
"""Panels of patterns, in the order of the record."""

PATTERNS = {
    "maths5_examinees": Pattern(NATIONAL, COUNT, "examinees at five units"),
    "grade11_sitters_5_units": Pattern(LATER, COUNT, "grade-11 paper"),
    "dropout_5_units": Pattern(MOVES, SHARE, "starters who drop below"),
    "schools_with_track": Pattern(SCHOOLS, COUNT, "schools with a track"),
    "track_opening_rate": Pattern(MOVES, SHARE, "tracks opened"),
    "track_closing_rate": Pattern(MOVES, SHARE, "tracks closed"),
    "share_correlation": Pattern(MOVES, SHARE, "correlation of shares"),
    "share_5_units": Pattern(SHARES, SHARE, "share at five units"),
    "level_share": Pattern(LEVELS, SHARE, "share of the grade"),
    "track_by_size": Pattern(SIZES, SHARE, "schools with a track"),
    "group_size_median": Pattern(SCHOOLS, COUNT, "median group"),
    "growth_by_track": Pattern(PARTS, PART, "growth"),
    "boys_gain_by_hours": Pattern(PARTS, PART, "boys' gain by hours", paired=True),
    "english5_takers": Pattern(LATER, COUNT, "English"),
    "physics5_examinees": Pattern(LATER, COUNT, "physics"),
    "teachers_5_units": Pattern(LATER, COUNT, "teachers"),
    "partners": Pattern(NETWORK, COUNT, "partners"),
    "common_agenda_months": Pattern(NETWORK, MONTH, "agenda agreed, from launch"),
    "ministry_joins": Pattern(NETWORK, MONTH, "ministry joins"),
    "ministry_pilots": Pattern(NETWORK, MONTH, "ministry pilots"),
    "ministry_goes_national": Pattern(NETWORK, MONTH, "ministry goes national"),
    "gap_not_narrowed": Pattern(NETWORK, EVENT, "streams rise, gap stays"),
    "physics_follows": Pattern(NETWORK, EVENT, "other sciences follow"),
}
"""Every pattern that can be compared, by name."""

TOLERANCES = {
    COUNT: {"A": 0.02, "B": 0.05, "C": 0.10},
    SHARE: {"A": 0.01, "B": 0.03, "C": 0.05},
    PART: {"A": 0.01, "B": 0.03, "C": 0.05},
    MONTH: {"A": 1.0, "B": 3.0, "C": 6.0},
}
"""Tolerances of published figures by scale and reliability [log, share, months].

Official figures of the same year differ: for 2014 they are 9,350, 9,472 and 9,718, two percent about their mean, so A is
0.02. B is rounded to hundreds, derived, or a party's own statement; C is implied by another figure. Shares are published
in whole points at worst, and dates to the month.
"""

COLUMNS = ("pattern", "year", "group", "value", "unit", "reliability", "use")
"""Columns that a table of targets must have."""

QUANTILES = {"low_90": 0.05, "low_50": 0.25, "median": 0.5, "high_50": 0.75, "high_90": 0.95}
"""Quantiles of the runs by column."""

HALF, MOST, AGREED = "middle 50%", "middle 90%", "most say so"
NEAR, OUTSIDE, UNKNOWN = "within tolerance", "outside", "not simulated"
"""Places of a published figure among the runs; within tolerance: its tolerance overlaps the middle 90%."""


def facts(targets: pd.DataFrame) -> pd.DataFrame:
    """Return the fitted facts of a table of targets, with their scale and tolerance, checked.

    Args:
        targets: columns COLUMNS and optionally `tolerance` in the unit of the scale (log for counts)

    Returns:
        one row per fact, as in the table; `value` a number (months: 0 = September 2005), `scale`, `tolerance`, `weight`.

    Raises:
        InputError: a column is missing, a pattern or reliability is unknown, a value is not a number, a tolerance is
            negative, or a fact has two rows
    """
    needs(targets, COLUMNS, "the table of targets")
    rows = targets[targets["use"] == "fit"].reset_index(drop=True)
    _refuse(rows, ~rows["pattern"].isin(PATTERNS), lambda row: f"unknown pattern `{row['pattern']}`")
    scale = rows["pattern"].map(lambda name: PATTERNS[name].scale)
    grades = rows["reliability"].isin(TOLERANCES[COUNT])
    _refuse(rows, ~grades, lambda row: f"reliability must be A, B or C; got {row['reliability']!r}")
    _refuse(rows, rows.duplicated(list(Fact._fields)), lambda row: "the fact has two rows; keep one")
    value = pd.Series([_number(v, s) for v, s in zip(rows["value"], scale, strict=True)], index=rows.index, dtype=float)
    usable = (value > 0.0) | ((scale != COUNT) & (scale != SHARE) & value.notna())
    _refuse(rows, ~usable, lambda row: f"`value` must be a number, above 0 for counts and shares; got {row['value']!r}")
    usual = [TOLERANCES[s][r] if s != EVENT else np.nan for s, r in zip(scale, rows["reliability"], strict=True)]
    own = pd.to_numeric(rows["tolerance"], errors="coerce") if "tolerance" in rows else pd.Series(np.nan, rows.index)
    _refuse(rows, own < 0.0, lambda row: f"`tolerance` must not be negative; got {row['tolerance']}")
    tolerance = own.fillna(pd.Series(usual, rows.index, dtype=float))
    best = scale.map(lambda name: TOLERANCES[name]["A"] if name != EVENT else np.nan)
    weight = (best / tolerance).clip(upper=1.0) ** 2
    return rows.assign(value=value, scale=scale, tolerance=tolerance, weight=weight)


def _number(value: object, scale: str) -> float:
    if scale == MONTH and "-" in str(value):
        return float(month_of(str(value)))
    return float(pd.to_numeric(pd.Series([value]), errors="coerce").iloc[0])


def _refuse(rows: pd.DataFrame, wrong: Any, why: Any) -> None:
    """Refuse a table with wrong rows.

    Args:
        rows: of the table
        wrong: flags of wrong rows
        why: returns the message for a row

    Raises:
        InputError: a row is wrong
    """
    if wrong.any():
        row = rows[wrong].iloc[0]
        raise InputError(f"targets, {row['pattern']} {row['year']} {row['group']}: {why(row)}")


def simulated(frame: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return the simulated figures of the fitted facts in long form: pattern, year, group, run, simulated.

    Args:
        frame: one row per run, with the columns of facts; runs are numbered in order
        targets: as for `facts`

    A fact without a column in the frame is NaN.
    """
    rows = facts(targets)[list(Fact._fields)]
    long = rows.loc[np.repeat(rows.index, len(frame))].reset_index(drop=True)
    run = np.tile(np.arange(len(frame)), len(rows))
    return long.assign(run=run, simulated=_figures(frame, rows).T.ravel())


def _keys(rows: pd.DataFrame) -> list[tuple[str, int, str]]:
    """Return pattern, year and group of each fact."""
    return list(rows[list(Fact._fields)].itertuples(index=False, name=None))


def _figures(frame: pd.DataFrame, rows: pd.DataFrame) -> Any:
    """Return the simulated figures; shape (runs, facts)."""
    columns = [Fact(*fact).column for fact in _keys(rows)]
    return frame.reindex(columns=columns).apply(pd.to_numeric).to_numpy(dtype=float)


def fit(frame: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return the pattern table: each fitted fact, observed and simulated.

    Args:
        frame: one row per run of one scenario, as an ensemble or a sweep has them; of one run, its outcomes in a row
        targets: `configs/data/targets.csv` as a frame, or another table of its form

    Returns:
        one row per fact (of pairs only where the frame has its column): pattern, year, group, unit, reliability, scale,
        panel, observed, tolerance, weight; n (runs that have a figure), median, low_50, high_50, low_90, high_90 in the
        fact's unit (for a yes or no the median is the share of runs that say yes; its 90% interval is low_90, high_90
            where runs
        share parameter sets); deviation of the median (percent, of the log for counts; points for a part; months; for a yes
        or no the share of runs that say no, negative); lies (where the observed figure lies among the runs), inside
        (in their middle 90%, or as more than half of them say).

    Raises:
        InputError: the frame has no run, or as `facts` does
    """
    if not len(frame):
        raise InputError("there are no runs to compare with the record")
    rows = facts(targets)
    single = [Fact(*fact).column in frame or not PATTERNS[fact[0]].paired for fact in _keys(rows)]
    rows = rows[single].reset_index(drop=True)
    values, clusters = _figures(frame, rows), clusters_in(frame, frame.get("seed"))
    summaries = [_summary(values[:, k], scale, clusters) for k, scale in enumerate(rows["scale"])]
    identity = rows[["pattern", "year", "group", "unit", "reliability", "scale"]].assign(
        panel=[PATTERNS[name].panel for name in rows["pattern"]],
        observed=rows["value"],
        tolerance=rows["tolerance"],
        weight=rows["weight"],
    )
    table = pd.concat([identity, pd.DataFrame(summaries, index=rows.index)], axis=1)
    table["deviation"] = [_deviation(row) for _, row in table.iterrows()]
    table["lies"] = [_lies(row) for _, row in table.iterrows()]
    table["inside"] = table["lies"].isin([HALF, MOST, AGREED])
    return table


def _summary(values: Any, scale: str, clusters: Any = None) -> dict[str, float]:
    values_present = values[~np.isnan(values)]
    if scale == EVENT and values_present.size:
        clusters_of_values = None if clusters is None else clusters[~np.isnan(values)]
        low, high = (
            (np.nan, np.nan) if clusters_of_values is None else share_interval(values_present, clusters_of_values, 0.9)
        )
        ends = {"low_90": low, "high_90": high, "median": float(values_present.mean())}
        return {"n": values_present.size, **dict.fromkeys(QUANTILES, np.nan), **ends}
    return {"n": values_present.size, **middle_quantiles(values_present)}


def middle_quantiles(values: Any) -> dict[str, float]:
    """Return the median and the ends of the middle 50% and 90% of values, without NaN; NaN if no value is left.

    >>> middle_quantiles([1.0, 2.0, 3.0])["median"]
    2.0
    """
    numbers = np.asarray(values, dtype=float)
    numbers = numbers[~np.isnan(numbers)]
    return {name: float(np.quantile(numbers, level)) if numbers.size else np.nan for name, level in QUANTILES.items()}


def _deviation(row: Any) -> float:
    median, observed = float(row["median"]), float(row["observed"])
    if row["scale"] == COUNT:
        return 100.0 * float(np.log(max(median, 1e-9) / observed))
    if row["scale"] == PART:
        return 100.0 * (median - observed)
    return 100.0 * (median / observed - 1.0) if row["scale"] == SHARE else median - observed


def _lies(row: Any) -> str:
    if row["n"] == 0:
        return UNKNOWN
    if row["scale"] == EVENT:
        return AGREED if abs(row["median"] - row["observed"]) < 0.5 else OUTSIDE
    if row["low_50"] <= row["observed"] <= row["high_50"]:
        return HALF
    if row["low_90"] <= row["observed"] <= row["high_90"]:
        return MOST
    low, high = tolerance_ends(row["observed"], row["tolerance"], row["scale"])
    return NEAR if low <= row["high_90"] and high >= row["low_90"] else OUTSIDE


def tolerance_ends(observed: Any, tolerance: Any, scale: str) -> tuple[Any, Any]:
    """Return the ends of a published figure's tolerance, in its unit; for numbers or arrays.

    >>> [round(end) for end in tolerance_ends(1000.0, 0.02, COUNT)], tolerance_ends(0.5, 0.25, SHARE)
    ([980, 1020], (0.25, 0.75))
    """
    if scale == COUNT:
        return observed * np.exp(-tolerance), observed * np.exp(tolerance)
    return observed - tolerance, observed + tolerance


def root_mean_square(table: pd.DataFrame, pattern: str = "maths5_examinees") -> float:
    """Return the root mean square of the log errors of the medians of a pattern's counts, over simulated years [log].

    Raises:
        InputError: no year of the pattern was simulated
    """
    rows = table[(table["pattern"] == pattern) & (table["n"] > 0)]
    if rows.empty:
        raise InputError(f"no year of `{pattern}` was simulated; run the scenario until a published year")
    return float(np.sqrt(np.mean(np.log(rows["median"] / rows["observed"]) ** 2)))
