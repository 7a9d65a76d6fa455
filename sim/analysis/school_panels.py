"""School files, published and simulated: changes of schools between years, and agreement of the two."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.analysis.fit import middle_quantiles
from sim.analysis.sweep_grid import needs
from sim.errors import InputError

COLUMNS = ("school_id", "year", "nurture_quintile", "maths_takers", "maths_5unit_takers")
"""Columns of a school file that are compared."""

BY_SCHOOL = ("correlation", "same track")
"""Measures of agreement of two files by school: correlation of shares, and share of schools with the same track."""


def schools_by_year(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the schools of a file with maths takers, one row per school and year, with `share` and `track`.

    Args:
        panel: columns COLUMNS; groups without students are blank or 0

    Raises:
        InputError: a column is missing, or a school has two rows in a year
    """
    needs(panel, COLUMNS)
    rows = panel.loc[panel["maths_takers"] > 0, list(COLUMNS)].fillna({"maths_5unit_takers": 0})
    twice = rows[rows.duplicated(["school_id", "year"])]
    if len(twice):
        raise InputError(f"school {twice['school_id'].iloc[0]} has two rows in {twice['year'].iloc[0]}; keep one")
    five = rows["maths_5unit_takers"]
    return rows.assign(share=five / rows["maths_takers"], track=five > 0).set_index(["year", "school_id"]).sort_index()


def year_by_year(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the changes of the schools of a file between years; one row per year, index year.

    Returns:
        schools, tracks, takers at five units; opened and closed [share of schools without and with a track the year before]
        and correlation of shares with the year before; NaN in the first year.
    """
    rows = schools_by_year(panel)
    by_year = {}
    for year in rows.index.unique("year"):
        current, both = _rows_of_year(rows, year), _in_both(rows, year, rows, year - 1)
        without_track, with_track = both[~both["track_before"]], both[both["track_before"]]
        by_year[int(year)] = {
            "schools": len(current),
            "tracks": int(current["track"].sum()),
            "takers at five units": float(current["maths_5unit_takers"].sum()),
            "opened": without_track["track"].mean(),
            "closed": 1.0 - with_track["track"].mean(),
            "correlation": correlation(both["share_before"], both["share"]),
        }
    return pd.DataFrame.from_dict(by_year, orient="index").rename_axis("year")


def by_quintile(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the share of maths takers at five units; one row per year, one column per quintile (1 strongest)."""
    sums = schools_by_year(panel).groupby(["year", "nurture_quintile"])[["maths_5unit_takers", "maths_takers"]].sum()
    return (sums["maths_5unit_takers"] / sums["maths_takers"]).unstack("nurture_quintile").rename(columns=int)


def by_school(one: pd.DataFrame, other: pd.DataFrame, year: int, against: int | None = None) -> dict[str, float]:
    """Return the agreement of the schools of two files, or of two years of one file.

    Args:
        one: a school file
        other: another, with the same schools
        year: of the one
        against: year of the other; None for the same year

    Returns:
        BY_SCHOOL over the schools in both.

    Raises:
        InputError: the files have no school in common
    """
    return _agreement_in_year(
        _in_both(schools_by_year(one), year, schools_by_year(other), year if against is None else against), year
    )


def _agreement_in_year(both: pd.DataFrame, year: int) -> dict[str, float]:
    if both.empty:
        raise InputError(f"the two school files have no school of {year} in common")
    same = float((both["track"] == both["track_before"]).mean())
    return dict(zip(BY_SCHOOL, (correlation(both["share"], both["share_before"]), same), strict=True))


def expected(simulated: pd.DataFrame) -> pd.DataFrame:
    """Return the expectation over runs for each school and year: mean `share`, and `track` if at least half have one."""
    runs = pd.concat([schools_by_year(run)[["share", "track"]] for _, run in simulated.groupby("seed")])
    means = runs.astype(float).groupby(level=["year", "school_id"]).mean()
    return means.assign(track=means["track"] >= 0.5)


def _rows_of_year(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    return rows[rows.index.get_level_values("year") == year].droplevel("year")


def _in_both(rows: pd.DataFrame, year: int, others: pd.DataFrame, before: int) -> pd.DataFrame:
    """Return the schools of a year that also have another year, with `share` and `track` of both."""
    earlier = _rows_of_year(others, before)[["share", "track"]].add_suffix("_before")
    return _rows_of_year(rows, year).join(earlier, how="inner").astype({"track_before": bool})


def correlation(one: pd.Series[float], other: pd.Series[float]) -> float:
    """Return the correlation of two columns [-1 to 1]; NaN if one does not vary."""
    varied = len(one) > 1 and one.nunique() > 1 and other.nunique() > 1
    return float(np.corrcoef(one, other)[0, 1]) if varied else float("nan")


def panel_beside_runs(published: pd.DataFrame, simulated: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    """Compare a published school file with runs that began from it: figures of `year_by_year`, and shares by quintile.

    Args:
        published: a school file
        simulated: school files of runs with the same columns, and `seed`
        years: to compare

    Returns:
        one row per figure and year: figure, year, observed, median, low_50, high_50, low_90, high_90, inside (flag:
        the observed figure lies in the middle 90% of runs); observed is NaN if the published file lacks a year that it needs.
    """
    needs(simulated, ["seed"])
    runs = [_long(run, years) for _, run in simulated.groupby("seed")]
    table = _quantiles(runs).assign(observed=list(_long(published, years).values()))
    return table.assign(inside=table["observed"].between(table["low_90"], table["high_90"]))


def agreement(
    published: pd.DataFrame, simulated: pd.DataFrame, years: list[int], since: int | None = None
) -> pd.DataFrame:
    """Return the agreement of single schools between a school file and runs that began from it.

    Args:
        published: a school file
        simulated: school files of runs with the same columns, and `seed`
        years: to compare
        since: year of the published file from which the runs began; None to leave out `unchanged`

    Returns:
        one row per figure of BY_SCHOOL and year: figure, year, median, low_50, high_50, low_90, high_90 (single runs
        against the file), expected (the mean of all runs against the file), lasting (the file against its own year before:
        the forecast "as last year"), unchanged (the file against its year `since`: the forecast "as when the runs
        began"); NaN if a year is missing.
    """
    needs(simulated, ["seed"])
    rows, expectation = schools_by_year(published), expected(simulated)

    def compared_with(others: pd.DataFrame, before: dict[int, int]) -> list[float]:
        available = others.index.unique("year")
        by_year = {
            y: _agreement_in_year(_in_both(rows, y, others, before[y]), y) for y in years if before[y] in available
        }
        return [by_year[year][name] if year in by_year else np.nan for year in years for name in BY_SCHOOL]

    runs = [
        {(name, year): value for year in years for name, value in by_school(run, published, year).items()}
        for _, run in simulated.groupby("seed")
    ]
    table = _quantiles(runs).assign(
        expected=compared_with(expectation, {year: year for year in years}),
        lasting=compared_with(rows, {year: year - 1 for year in years}),
    )
    return table if since is None else table.assign(unchanged=compared_with(rows, dict.fromkeys(years, since)))


RIVALS = {"unchanged": "as when the runs began", "lasting": "as last year"}
"""Simple forecasts for every school in words, by column."""


def _long(panel: pd.DataFrame, years: list[int]) -> dict[tuple[str, int], float]:
    tables = year_by_year(panel), by_quintile(panel).rename(columns=lambda quintile: f"share of quintile {quintile}")
    return {
        (str(name), year): float(values.get(year, np.nan))
        for table in tables
        for name, values in table.items()
        for year in years
    }


def _quantiles(runs: list[dict[tuple[str, int], float]]) -> pd.DataFrame:
    """Return quantiles over runs for each figure and year, in the order of the first run."""
    rows = []
    for figure, year in runs[0]:
        values = [run.get((figure, year), np.nan) for run in runs]
        rows.append({"figure": figure, "year": year, **middle_quantiles(values)})
    return pd.DataFrame(rows)
