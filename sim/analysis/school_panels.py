"""School files, published and simulated: what schools do from one year to the next, and how near the two come."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.analysis.fit import middle
from sim.analysis.sweep_grid import needs
from sim.errors import InputError

COLUMNS = ("school_id", "year", "nurture_quintile", "maths_takers", "maths_5unit_takers")
"""Columns of a school file that are compared."""

BY_SCHOOL = ("correlation", "same track")
"""What is asked of the same school in two files: correlation of shares, and whether both have a track or both none."""


def listed(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the schools with maths takers of a school file, a row a school and year, with their `share` and `track`.

    Args:
        panel: columns COLUMNS; groups that are not counted are blank or 0

    Raises InputError when a column is missing or a school stands twice in a year.
    """
    needs(panel, COLUMNS)
    rows = panel.loc[panel["maths_takers"] > 0, list(COLUMNS)].fillna({"maths_5unit_takers": 0})
    twice = rows[rows.duplicated(["school_id", "year"])]
    if len(twice):
        raise InputError(f"school {twice['school_id'].iloc[0]} stands twice in {twice['year'].iloc[0]}")
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

    Returns: BY_SCHOOL over the schools that both list.

    Raises:
        InputError: they have no school in common
    """
    return _agreeing(_both(listed(one), year, listed(other), year if against is None else against), year)


def _agreeing(both: pd.DataFrame, year: int) -> dict[str, float]:
    if both.empty:
        raise InputError(f"the two school files have no school of {year} in common")
    same = float((both["track"] == both["track_before"]).mean())
    return dict(zip(BY_SCHOOL, (correlation(both["share"], both["share_before"]), same), strict=True))


def expected(simulated: pd.DataFrame) -> pd.DataFrame:
    """What runs together expect of every school and year: mean `share`, and the `track` that at least half of them have."""
    runs = pd.concat([listed(run)[["share", "track"]] for _, run in simulated.groupby("seed")])
    means = runs.astype(float).groupby(level=["year", "school_id"]).mean()
    return means.assign(track=means["track"] >= 0.5)


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
    """Return a published school file beside runs that began from it: the figures of `year_by_year`, and shares by quintile.

    Args:
        published: a school file
        simulated: the files of runs in the same columns, and `seed`
        years: to be compared

    Returns: a row a figure and year: figure, year, observed, median, low_50, high_50, low_90, high_90, inside (whether
        the observed lies in the middle 90% of runs); observed is not a number where it needs a year that the published
        file lacks.
    """
    needs(simulated, ["seed"])
    runs = [_long(run, years) for _, run in simulated.groupby("seed")]
    table = _quantiles(runs).assign(observed=list(_long(published, years).values()))
    return table.assign(inside=table["observed"].between(table["low_90"], table["high_90"]))


def agreement(
    published: pd.DataFrame, simulated: pd.DataFrame, years: list[int], since: int | None = None
) -> pd.DataFrame:
    """How well runs that began from a school file know its single schools in later years.

    Args:
        published: a school file
        simulated: the files of runs in the same columns, and `seed`
        years: to be compared
        since: year of the published file from which the runs began, if that is to be told too

    Returns: a row a figure of BY_SCHOOL and year: figure, year, median, low_50, high_50, low_90, high_90 (a run with
        the file; each has luck of its own), expected (what all runs together expect with the file), lasting (the file
        with its own year before: what saying "as last year" would reach), unchanged (the file with its year `since`:
        saying "as when the runs began", which knows no more than they do); not a number where the year is not there.
    """
    needs(simulated, ["seed"])
    rows, together = listed(published), expected(simulated)

    def saying(others: pd.DataFrame, before: dict[int, int]) -> list[float]:
        there = others.index.unique("year")
        told = {y: _agreeing(_both(rows, y, others, before[y]), y) for y in years if before[y] in there}
        return [told[year][name] if year in told else np.nan for year in years for name in BY_SCHOOL]

    runs = [
        {(name, year): value for year in years for name, value in by_school(run, published, year).items()}
        for _, run in simulated.groupby("seed")
    ]
    table = _quantiles(runs).assign(
        expected=saying(together, {year: year for year in years}),
        lasting=saying(rows, {year: year - 1 for year in years}),
    )
    return table if since is None else table.assign(unchanged=saying(rows, dict.fromkeys(years, since)))


RIVALS = {"unchanged": "as when the runs began", "lasting": "as last year"}
"""What a forecast without a model would say of every school, by its column."""


def _long(panel: pd.DataFrame, years: list[int]) -> dict[tuple[str, int], float]:
    tables = year_by_year(panel), by_quintile(panel).rename(columns=lambda quintile: f"share of quintile {quintile}")
    return {
        (str(name), year): float(values.get(year, np.nan))
        for table in tables
        for name, values in table.items()
        for year in years
    }


def _quantiles(runs: list[dict[tuple[str, int], float]]) -> pd.DataFrame:
    """Return the middle of runs for each figure and year, in the order of the first run."""
    rows = []
    for figure, year in runs[0]:
        values = [run.get((figure, year), np.nan) for run in runs]
        rows.append({"figure": figure, "year": year, **middle(values)})
    return pd.DataFrame(rows)
