"""School files, published and simulated: what schools do from one year to the next, and how near the two come."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.analysis.fit import middle
from sim.analysis.points import needs
from sim.declare import Mistake

COLUMNS = ("school_id", "year", "nurture_quintile", "maths_takers", "maths_5unit_takers")
"""Columns of a school file that are compared."""

BY_SCHOOL = ("correlation", "same track")
"""What is asked of the same school in two files: correlation of shares, and whether both have a track or both none."""


def listed(panel: pd.DataFrame) -> pd.DataFrame:
    """The schools with maths takers of a school file, a row a school and year, with their `share` and `track`.

    Args:
        panel: columns COLUMNS; groups that are not counted are blank or 0

    Raises Mistake when a column is missing or a school stands twice in a year.
    """
    needs(panel, COLUMNS)
    rows = panel.loc[panel["maths_takers"] > 0, list(COLUMNS)].fillna({"maths_5unit_takers": 0})
    twice = rows[rows.duplicated(["school_id", "year"])]
    if len(twice):
        raise Mistake(f"school {twice['school_id'].iloc[0]} stands twice in {twice['year'].iloc[0]}")
    five = rows["maths_5unit_takers"]
    return rows.assign(share=five / rows["maths_takers"], track=five > 0).set_index(["year", "school_id"]).sort_index()


def year_by_year(panel: pd.DataFrame) -> pd.DataFrame:
    """What the schools of a file do from year to year; a row a year, indexed by it.

    Returns: schools, tracks, takers at five units; opened and closed [share of those that could, listed in both years]
        and correlation of shares with the year before; not a number in the first year.
    """
    rows = listed(panel)
    found = {}
    for year in rows.index.unique("year"):
        now, both = _of(rows, year), _both(rows, year, rows, year - 1)
        could, had = both[~both["track_before"]], both[both["track_before"]]
        found[int(year)] = {
            "schools": len(now),
            "tracks": int(now["track"].sum()),
            "takers at five units": float(now["maths_5unit_takers"].sum()),
            "opened": could["track"].mean(),
            "closed": 1.0 - had["track"].mean(),
            "correlation": correlation(both["share_before"], both["share"]),
        }
    return pd.DataFrame.from_dict(found, orient="index").rename_axis("year")


def by_quintile(panel: pd.DataFrame) -> pd.DataFrame:
    """Share of maths takers at five units by quintile (1 strongest) and year; a row a year, a column a quintile."""
    sums = listed(panel).groupby(["year", "nurture_quintile"])[["maths_5unit_takers", "maths_takers"]].sum()
    return (sums["maths_5unit_takers"] / sums["maths_takers"]).unstack("nurture_quintile").rename(columns=int)


def by_school(one: pd.DataFrame, other: pd.DataFrame, year: int, against: int | None = None) -> dict[str, float]:
    """How near the schools of one file in a year come to the same schools of another, or of the same in another year.

    Args:
        one: a school file
        other: another, with the same schools
        year: of the one
        against: year of the other; the same where None

    Returns: BY_SCHOOL over the schools that both list. Raises Mistake where they have no school in common.
    """
    both = _both(listed(one), year, listed(other), year if against is None else against)
    if both.empty:
        raise Mistake(f"the two school files have no school of {year} in common")
    same = float((both["track"] == both["track_before"]).mean())
    return dict(zip(BY_SCHOOL, (correlation(both["share"], both["share_before"]), same), strict=True))


def _of(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    return rows[rows.index.get_level_values("year") == year].droplevel("year")


def _both(rows: pd.DataFrame, year: int, others: pd.DataFrame, before: int) -> pd.DataFrame:
    """Schools listed in a year, and in another year of the same or of other rows, with what they had there."""
    there = _of(others, before)[["share", "track"]].add_suffix("_before")
    return _of(rows, year).join(there, how="inner").astype({"track_before": bool})


def correlation(one: pd.Series[float], other: pd.Series[float]) -> float:
    """Correlation of two columns; not a number where one does not vary [-1 to 1]."""
    varied = len(one) > 1 and one.nunique() > 1 and other.nunique() > 1
    return float(np.corrcoef(one, other)[0, 1]) if varied else float("nan")


def beside(published: pd.DataFrame, simulated: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    """A published school file beside runs that began from it: the figures of `year_by_year`, and shares by quintile.

    Args:
        published: a school file
        simulated: the files of runs in the same columns, and `seed`
        years: to be compared

    Returns: a row a figure and year: figure, year, observed, median, low_50, high_50, low_90, high_90, inside (whether
        the observed lies in the middle 90% of runs).
    """
    needs(simulated, ["seed"])
    runs = [_long(run, years) for _, run in simulated.groupby("seed")]
    table = _quantiles(runs).assign(observed=list(_long(published, years).values()))
    return table.assign(inside=table["observed"].between(table["low_90"], table["high_90"]))


def agreement(published: pd.DataFrame, simulated: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    """How well runs that began from a school file know its single schools in later years.

    Args:
        published: a school file
        simulated: the files of runs in the same columns, and `seed`
        years: to be compared

    Returns: a row a figure of BY_SCHOOL and year: figure, year, lasting (the published file with its own year before:
        what saying "as last year" would reach), median, low_50, high_50, low_90, high_90.
    """
    needs(simulated, ["seed"])

    def each(of: pd.DataFrame, back: int) -> dict[tuple[str, int], float]:
        return {(name, year): v for year in years for name, v in by_school(of, published, year, year - back).items()}

    runs = [each(run, 0) for _, run in simulated.groupby("seed")]
    return _quantiles(runs).assign(lasting=list(each(published, 1).values()))


def _long(panel: pd.DataFrame, years: list[int]) -> dict[tuple[str, int], float]:
    tables = year_by_year(panel), by_quintile(panel).rename(columns=lambda quintile: f"share of quintile {quintile}")
    return {
        (str(name), year): float(values.get(year, np.nan))
        for table in tables
        for name, values in table.items()
        for year in years
    }


def _quantiles(runs: list[dict[tuple[str, int], float]]) -> pd.DataFrame:
    """The middle of runs for each figure and year, in the order of the first run."""
    rows = []
    for figure, year in runs[0]:
        values = [run.get((figure, year), np.nan) for run in runs]
        rows.append({"figure": figure, "year": year, **middle(values)})
    return pd.DataFrame(rows)
