"""Sentences and tables of the page about runs: headline, comparison, events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.catalogue import published
from sim.dashboard.figures import DOUBLED_FROM
from sim.dashboard.live_run import FAN, LiveRun
from sim.dashboard.network_player import month_text
from sim.dates import month_of
from sim.figures import style

if TYPE_CHECKING:
    import pandas as pd

MAIN_YEAR = 2020
"""Year of the page's sentences, if it is simulated [school year]."""


def reference_count(live: LiveRun) -> float:
    """Return the count that is to double [students]: the published one, or the run's own if its schools are not national."""
    if live.run.scenario.national:
        record = published()
        return float(record.loc[record["year"] == DOUBLED_FROM, "value"].iloc[0])
    return value_in(live.run.years, DOUBLED_FROM)


def value_in(years: pd.DataFrame, year: int, column: str = "examinees") -> float:
    """Return examinees of one run in a school year [students], or another column."""
    return float(years.loc[years["year"] == year, column].iloc[0])


def shown_year(live: LiveRun) -> int:
    """Return the year of the page's sentences."""
    return min(MAIN_YEAR, int(live.run.years["year"].max()))


def doubling_year(years: pd.DataFrame, level: float) -> int | None:
    """Return the first school year with twice the level; None if there is none."""
    doubled_years = years.loc[years["examinees"] >= 2 * level, "year"]
    return None if doubled_years.empty else int(doubled_years.iloc[0])


def headline(live: LiveRun) -> str:
    """Return two sentences on enrolment in this run."""
    years, level, year = live.run.years, reference_count(live), shown_year(live)
    count, first = value_in(years, year), doubling_year(years, level)
    count_text = "were counted" if live.run.scenario.national else "there are here"
    doubling = f"The number doubles in {first}." if first else f"It does not double by {int(years['year'].max())}."
    return (
        f"In this run {count:,.0f} students sit five units in {year}, {count / level:.1f} times the {level:,.0f} that "
        f"{count_text} in {DOUBLED_FROM}. {doubling}"
    )


def fan_headline(many: pd.DataFrame | None, live: LiveRun, busy: bool) -> str:
    """Return the answer of a fan: in how many runs it doubles, and the median with nine tenths of the runs."""
    if many is None:
        return f"{first_run_sentence(live)} More runs with other seeds are coming, to show the effect of chance ..."
    runs, level, end = many["seed"].nunique(), reference_count(live), int(many["year"].max())
    doublings = sum(doubling_year(run_years, level) is not None for _, run_years in many.groupby("seed"))
    low, middle, high = many.loc[many["year"] == end, "examinees"].quantile([0.05, 0.5, 0.95])
    return (
        f"Enrolment doubles by {end} in {doublings} of {runs} runs. In {end} the median run has {middle:,.0f} students at five "
        f"units; nine runs in ten have {low:,.0f} to {high:,.0f}.{more_runs_text(runs, busy)}"
    )


def first_run_sentence(live: LiveRun) -> str:
    """Return whether the number doubles in the first run, while there is only one."""
    first = doubling_year(live.run.years, reference_count(live))
    return f"In the first run enrolment doubles in {first}." if first else "In the first run enrolment does not double."


def more_runs_text(runs: int, busy: bool) -> str:
    """Return a note that more runs of a fan follow; empty if none do.

    >>> more_runs_text(10, busy=True), more_runs_text(30, busy=True)
    (' More are coming, up to 30 ...', '')
    """
    return f" More are coming, up to {FAN[-1]} ..." if busy and runs < FAN[-1] else ""


def stage_date(live: LiveRun, stage: str) -> str:
    """Return the month in which the ministry reached a stage, in words."""
    events = live.run.events
    months = events.loc[events["event"] == f"ministry becomes {stage}", "month"]
    return month_text(int(months.iloc[0])) if len(months) else "never"


def signed_gap(value: float, form: str = ",.0f") -> str:
    """Return a difference with its sign, a true minus; zero has no sign.

    >>> signed_gap(1200.4), signed_gap(-0.2), signed_gap(-3) == "\N{MINUS SIGN}3"
    ('+1,200', '0', True)
    """
    text = f"{value:+{form}}"
    return text.replace("-", "\N{MINUS SIGN}") if text.strip("+-0.,") else text.strip("+-")


def comparison_rows(before: LiveRun, after: LiveRun) -> list[tuple[str, str, str, str]]:
    """Return rows of a table of two runs with the same seed: quantity, before, after, difference."""
    year, rows = min(shown_year(before), shown_year(after)), []
    for label, column, scale, unit in (
        (f"Students at five units in {year}", "examinees", 1, ""),
        ("At five units in the strongest fifth of schools, of maths students", "quintile_1", 100, "%"),
        ("In the weakest fifth of schools", "quintile_5", 100, "%"),
        ("Schools with a class of five units", "tracks", 1, ""),
    ):
        value_before, value_after = (scale * value_in(live.run.years, year, column) for live in (before, after))
        form = ",.1f" if unit else ",.0f"
        rows.append(
            (
                label,
                f"{value_before:{form}}{unit}",
                f"{value_after:{form}}{unit}",
                signed_gap(value_after - value_before, form) + (" points" if unit else ""),
            )
        )
    for stage in ("partner", "pilot", "national"):
        name = {"partner": "Ministry becomes partner", "pilot": "Ministry's pilot", "national": "National programme"}[
            stage
        ]
        rows.append((name, stage_date(before, stage), stage_date(after, stage), ""))
    money = [live.run.organisations["money_delivered"].sum() for live in (before, after)]
    cells = f"{money[0]:,.0f}", f"{money[1]:,.0f}", signed_gap(money[1] - money[0])
    return [*rows, ("Money and work that reached schools, NIS million", *cells)]


def pairs_sentence(before: pd.DataFrame | None, after: pd.DataFrame | None, busy: bool) -> str:
    """Return a sentence on the difference within pairs of runs with the same seed, and on pairs to come."""
    if before is None or after is None:
        return "Pairs of runs with other random numbers are coming ..."
    year = min(MAIN_YEAR, int(before["year"].max()), int(after["year"].max()))
    first, second = (years[years["year"] == year].set_index("seed")["examinees"] for years in (before, after))
    gaps = (second - first).dropna()
    if gaps.empty:
        return "Pairs of runs with other random numbers are coming ..."
    low, middle, high = map(signed_gap, gaps.quantile([0.05, 0.5, 0.95]))
    return (
        f"Over {len(gaps)} pairs of runs with the same seed,  “after” differs from “before” by {middle} students in "
        f"{year} (median; nine pairs in ten lie between {low} and {high}).{more_runs_text(len(gaps), busy)}"
    )


def event_rows(live: LiveRun) -> list[tuple[str, str]]:
    """Return month and event in words, for each event."""
    rows = live.run.events[["date", "event"]].to_numpy()
    return [(month_text(month_of(date)), style.plain(event)) for date, event in rows]
