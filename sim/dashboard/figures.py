"""Pictures of the page from the project's figures."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Any

from sim.analysis.money import money_by_source
from sim.catalogue import published
from sim.dashboard.images import Picture
from sim.dashboard.live_run import LEAST, LiveRun
from sim.figures import fans, networks, style
from sim.figures import trajectories as course

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

TWO_PANELS = 6.0
"""Smallest width for two panels side by side [inches]."""

DOUBLED_FROM = 2012
"""Year whose published count is to be doubled [school year]."""


LEAST_HEIGHT = 2.9
"""Smallest upper end of the axis of enrolment, so that equal heights have the same meaning [times the count of 2012]."""


def enrolment(live: LiveRun, many: pd.DataFrame | None, previous: tuple[str, pd.DataFrame] | None = None) -> Picture:
    """Return examinees by year: this run, a fan of many runs, the published counts, and the previous settings as a ghost line.

    Args:
        live: the run
        many: school years of many runs; None if not yet available
        previous: words and school years of the settings before; None if there are none
    """
    run, record = live.run, published() if live.run.scenario.national else None

    def draw(figure: Figure) -> None:
        _draw_enrolment(figure.subplots(), run.years, many, record, previous)

    last = run.years.iloc[-1]
    words = f"Examinees at five units by school year. In {last['year']:.0f} this run has {last['examinees']:,.0f}."
    return Picture(draw, (8.8, 4.3), words)


def median_line(years: pd.DataFrame) -> pd.Series[float]:
    """Return the median of examinees over runs by year [students]."""
    return years.groupby("year")["examinees"].median()


def _draw_enrolment(
    ax: Any, years: pd.DataFrame, many: pd.DataFrame | None, record: pd.DataFrame | None,
    previous: tuple[str, pd.DataFrame] | None = None,
) -> None:  # fmt: skip
    from matplotlib.lines import Line2D

    if many is None:
        course.enrolment(years, ax, record)
        handles = ax.lines[:1]
    else:
        course.enrolment(many, ax, record)
        ax.plot(years["year"], years["examinees"], color=style.ORANGE, linewidth=1.5)
        this_run = Line2D([], [], color=style.ORANGE, linewidth=1.5, label="this run")
        handles = [this_run, *fans.fan_legend(style.BLUE)[:-1]]
    if previous is not None:
        line = median_line(previous[1])
        ghost = ax.plot(
            line.index, line, color=style.QUIET, linewidth=1.6, linestyle=(0, (5, 3)), label=previous[0], zorder=2
        )
        handles = [*handles, *ghost]
    if record is not None:
        handles.append(fans.fan_legend()[-1])
        base = float(record.loc[record["year"] == DOUBLED_FROM, "value"].iloc[0])
        ax.set_ylim(0, max(ax.get_ylim()[1], LEAST_HEIGHT * base))
        fans.draw_levels(ax, {f"twice {DOUBLED_FROM}: {2 * base:,.0f}": 2 * base})
    ax.legend(handles=handles, loc="lower right")
    ax.set_xlabel("school year")


LONGEST_LABEL = (60, 38)
"""Longest name of a side in the legend of a wide and a narrow picture, which is cut after it [letters]."""

Side = tuple[str, "LiveRun", "pd.DataFrame | None"]
"""One side of a comparison: its name, its run, and its fan."""


def comparison(pairs: list[Side]) -> Picture:
    """Return two settings in one panel, and below it their difference within pairs of runs with the same seed."""

    def draw(figure: Figure) -> None:
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2.1, 1))
        complete = all(many is not None for _, _, many in pairs)
        sides = [(title, live, many if complete else None) for title, live, many in pairs]
        _draw_both(above, sides)
        _draw_difference(below, *(_runs_of(side) for side in sides))

    texts = [
        f"{title}: {live.run.years['examinees'].iloc[-1]:,.0f} examinees in the last year" for title, live, _ in pairs
    ]
    words = "Examinees at five units by school year, and the difference below. "
    return Picture(draw, (8.8, 5.0), words + "; ".join(texts) + ".")


def _runs_of(side: Side) -> pd.DataFrame:
    """Return the school years of a side: of its fan or, until it is there, of its run."""
    _, live, many = side
    return live.run.years.assign(seed=live.run.seed) if many is None else many


def _draw_both(ax: Any, pairs: list[Side]) -> None:
    """Draw the fans of both sides, or their runs, with the published counts."""
    from matplotlib.lines import Line2D

    handles: list[Any] = []
    dashes: Any
    for side, colour, dashes in zip(pairs, (style.QUIET, style.BLUE), ((0, (5, 3)), "-"), strict=True):
        runs = _runs_of(side)
        if runs["seed"].nunique() > 1:
            fans.fan(runs, ax, "examinees", colour=colour)
            ax.lines[-1].set_linestyle(dashes)
        else:
            ax.plot(runs["year"], runs["examinees"], color=colour, linestyle=dashes)
        label = shorten(side[0], LONGEST_LABEL[0 if ax.figure.get_figwidth() > TWO_PANELS else 1], placeholder=" ...")
        handles.append(Line2D([], [], color=colour, linestyle=dashes, linewidth=1.7, label=label))
    if pairs[1][1].run.scenario.national:
        fans.draw_published(published(), ax)
        handles.append(fans.fan_legend()[-1])
    tallest = max(float(_runs_of(side)["examinees"].max()) for side in pairs)
    ax.set(xlabel="", ylabel="examinees at five units [students]", ylim=(0, max(ax.get_ylim()[1], 1.05 * tallest)))
    style.thousands(ax.yaxis)
    ax.legend(handles=handles, loc="upper left")


def _draw_difference(ax: Any, before: pd.DataFrame, after: pd.DataFrame) -> None:
    """Draw the difference within pairs of runs with the same seed: after less before, by year."""
    tables = [runs.pivot_table(index="seed", columns="year", values="examinees") for runs in (before, after)]
    gaps = (tables[1] - tables[0]).dropna(how="all").dropna(axis=1, how="all")
    ax.axhline(0, color=style.INK, linewidth=0.8)
    if not gaps.empty:
        low, middle, high = (gaps.quantile(share) for share in (0.05, 0.5, 0.95))
        ax.fill_between(gaps.columns, low, high, color=style.BLUE, alpha=0.2, linewidth=0)
        ax.plot(gaps.columns, middle, color=style.BLUE, linewidth=1.7)
    ax.set(xlabel="school year", ylabel="after \N{MINUS SIGN} before\n[students]")
    style.thousands(ax.yaxis)


GROUPS = {
    "quintile": ("strength of the school", course.QUINTILES),
    "stream": ("stream of schools", course.SCHOOL_STREAMS),
}
"""Groupings of schools: in words, and the columns of their groups with their names."""


def gains(live: LiveRun, *groupings: str) -> Picture:
    """Return the share at five units by "quintile" or "stream" of schools; for both, side by side. All have one scale."""

    def draw(figure: Figure) -> None:
        shape = (len(groupings), 1) if figure.get_figwidth() < TWO_PANELS else (1, len(groupings))
        for ax, grouping in zip(figure.subplots(*shape, sharey=True, squeeze=False).flat, groupings, strict=True):
            words, columns = GROUPS[grouping]
            course.who_gains(live.run.years, ax, columns)
            ax.set_title(f"By {words}", loc="left")
            ax.set(xlabel="school year", ylim=(0, 1.05 * highest))

    years, last = live.run.years, live.run.years.iloc[-1]
    names = {column: name for grouping in groupings for column, name in GROUPS[grouping][1].items()}
    shares = ", ".join(
        f"{name} {100 * last[column]:.0f}%" for column, name in names.items() if last[column] == last[column]
    )
    highest = float(years[[column for _, columns in GROUPS.values() for column in columns]].max().max())
    size = (5.3 * len(groupings), 4.3)
    return Picture(draw, size, f"Share of maths students at five units in {last['year']:.0f}: {shares}.")


def money(live: LiveRun) -> Picture:
    """Return the fates of the money of each source."""
    ledger = money_by_source(live.run.organisations)
    words = f"Money by source: NIS {ledger['delivered'].sum():,.0f} million reached schools."
    return Picture(lambda figure: course.money(ledger, figure.subplots()), (8.2, 3.6), words)


def trust(live: LiveRun) -> Picture:
    """Return mean trust over time."""
    return Picture(
        lambda figure: course.trust(live.run.months, figure.subplots()), (8.2, 3.6),
        "Mean trust among members, quarter by quarter since the launch: all ties, across sectors, with the ministry.",
    )  # fmt: skip


def readiness(live: LiveRun) -> Picture:
    """Return the readiness of the network over time."""
    return Picture(
        lambda figure: course.readiness(live.run.months, figure.subplots()), (8.2, 3.6),
        "Consensus, shared measurement, readiness and trust in entrepreneurs, quarter by quarter since the launch.",
    )  # fmt: skip


def timeline(live: LiveRun) -> Picture:
    """Return events on a timeline."""
    events = "; ".join(f"{date}: {style.plain(event)}" for date, event in live.run.events[["date", "event"]].to_numpy())
    return Picture(lambda figure: course.timeline(live.run.events, figure.subplots()), (8.6, 3.2), f"Events. {events}")


def network(live: LiveRun, place: int) -> Picture:
    """Return the network of trust in one of the stored months."""
    from sim.dates import date_of

    month = live.months[place]

    def draw(figure: Figure) -> None:
        ax = figure.subplots()
        networks.trust_network(live.graph(place), ax, LEAST)
        ax.legend(handles=networks.network_legend(LEAST), loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=3)

    words = f"{len(month.source)} ties of trust {LEAST:g} or more in {date_of(month.month)}."
    return Picture(draw, (7.5, 7.6), words)
