"""What the page says of runs: headline, table of a comparison, events in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.catalogue import published
from sim.dashboard.figures import DOUBLED_FROM
from sim.dashboard.live_run import FAN, Followed
from sim.dashboard.network_player import in_words
from sim.dates import month_of
from sim.errors import InputError
from sim.explain.ministry import DECISIONS
from sim.figures import style

if TYPE_CHECKING:
    import pandas as pd

LOOKED_AT = 2020
"""The year of which the page speaks, where it is simulated [school year]."""


def to_double(one: Followed) -> float:
    """What is to be doubled [students]: the published count, or the run's own where its schools are not the country's."""
    if one.run.case.national:
        record = published()
        return float(record.loc[record["year"] == DOUBLED_FROM, "value"].iloc[0])
    return in_year(one.run.years, DOUBLED_FROM)


def in_year(years: pd.DataFrame, year: int, column: str = "examinees") -> float:
    """Examinees of one run in a school year [students], or another column."""
    return float(years.loc[years["year"] == year, column].iloc[0])


def year_of(one: Followed) -> int:
    """Return the year that is spoken of."""
    return min(LOOKED_AT, int(one.run.years["year"].max()))


def doubled(years: pd.DataFrame, level: float) -> int | None:
    """Return the first school year with twice the level; none where it does not come."""
    over = years.loc[years["examinees"] >= 2 * level, "year"]
    return None if over.empty else int(over.iloc[0])


def headline(one: Followed) -> str:
    """What became of enrolment in this run, in two sentences."""
    years, level, year = one.run.years, to_double(one), year_of(one)
    count, first = in_year(years, year), doubled(years, level)
    whose = "were really counted" if one.run.case.national else "there are here"
    when = f"The number doubles in {first}." if first else f"It does not double by {int(years['year'].max())}."
    return (
        f"In this run {count:,.0f} students sit five units in {year}, {count / level:.1f} times the {level:,.0f} that "
        f"{whose} in {DOUBLED_FROM}. {when}"
    )


def of_many(many: pd.DataFrame | None, one: Followed, busy: bool) -> str:
    """How often it doubles among the runs of a fan, and whether more runs are coming."""
    if many is None:
        return "More runs with other luck are coming, to show how much is chance ..."
    runs, level, end = many["seed"].nunique(), to_double(one), int(many["year"].max())
    times = sum(doubled(each, level) is not None for _, each in many.groupby("seed"))
    return f"With other luck: it doubles by {end} in {times} of {runs} runs.{coming(runs, busy)}"


def coming(runs: int, busy: bool) -> str:
    """That more runs of a fan are on their way, while they are.

    >>> coming(10, busy=True), coming(30, busy=True)
    (' More are coming, up to 30 ...', '')
    """
    return f" More are coming, up to {FAN[-1]} ..." if busy and runs < FAN[-1] else ""


def stage_date(one: Followed, stage: str) -> str:
    """When the ministry reached a stage, in words."""
    said = one.run.events
    found = said.loc[said["event"] == f"ministry becomes {stage}", "month"]
    return in_words(int(found.iloc[0])) if len(found) else "never"


def gap(value: float, form: str = ",.0f") -> str:
    """Return a difference with its sign, a true minus, and none where there is no difference.

    >>> gap(1200.4), gap(-0.2), gap(-3) == "\N{MINUS SIGN}3"
    ('+1,200', '0', True)
    """
    said = f"{value:+{form}}"
    return said.replace("-", "\N{MINUS SIGN}") if said.strip("+-0.,") else said.strip("+-")


def compared(before: Followed, after: Followed) -> list[tuple[str, str, str, str]]:
    """Rows of the table that sets two runs with the same luck side by side: what, before, after, difference."""
    year, rows = min(year_of(before), year_of(after)), []
    for what, column, scale, unit in (
        (f"Students at five units in {year}", "examinees", 1, ""),
        ("At five units in the strongest fifth of schools, of maths students", "quintile_1", 100, "%"),
        ("In the weakest fifth of schools", "quintile_5", 100, "%"),
        ("Schools with a class of five units", "tracks", 1, ""),
    ):
        a, b = (scale * in_year(each.run.years, year, column) for each in (before, after))
        form = ",.1f" if unit else ",.0f"
        rows.append((what, f"{a:{form}}{unit}", f"{b:{form}}{unit}", gap(b - a, form) + (" points" if unit else "")))
    for stage in ("partner", "pilot", "national"):
        name = {"partner": "Ministry becomes partner", "pilot": "Ministry's pilot", "national": "National programme"}[
            stage
        ]
        rows.append((name, stage_date(before, stage), stage_date(after, stage), ""))
    money = [each.run.organisations["money_delivered"].sum() for each in (before, after)]
    said = f"{money[0]:,.0f}", f"{money[1]:,.0f}", gap(money[1] - money[0])
    return [*rows, ("Money and work that reached schools, NIS million", *said)]


def paired(before: pd.DataFrame | None, after: pd.DataFrame | None, busy: bool) -> str:
    """Return the difference within pairs of runs that share their luck, in a sentence, and whether more pairs are coming."""
    if before is None or after is None:
        return "Pairs of runs with other luck are coming ..."
    year = min(LOOKED_AT, int(before["year"].max()), int(after["year"].max()))
    first, second = (each[each["year"] == year].set_index("seed")["examinees"] for each in (before, after))
    gaps = (second - first).dropna()
    if gaps.empty:
        return "Pairs of runs with other luck are coming ..."
    low, middle, high = map(gap, gaps.quantile([0.05, 0.5, 0.95]))
    return (
        f"Over {len(gaps)} pairs of runs that share their luck, “after” differs from “before” by {middle} students in "
        f"{year} (middle value; nine pairs in ten lie between {low} and {high}).{coming(len(gaps), busy)}"
    )


def reasons(one: Followed) -> list[str]:
    """Why the ministry decided as it did, step by step, in sentences; none where its dates are given or it never acts."""
    try:
        said = [one.run.because(decision) for decision in DECISIONS]
    except InputError:
        return []
    return list(dict.fromkeys(said))


def happened(one: Followed) -> list[tuple[str, str]]:
    """When and what, in words, event by event."""
    said = one.run.events[["date", "event"]].to_numpy()
    return [(in_words(month_of(date)), style.plain(event)) for date, event in said]
