"""The course of one run, or of many runs of one scenario: enrolment, trust, who gains, money, events."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.enrolment import LAST_SHOWN
from sim.analysis.money import FATES
from sim.analysis.sweep_grid import needs
from sim.dates import date_of
from sim.figures import fans, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NARROW, LETTERS = 6.0, 44
"""Width below which events stand in rows [inches], and the longest line of their texts there [letters]."""

TRUST = {"trust": "all ties", "trust_across": "across sectors", "trust_ministry": "with the ministry"}
"""Columns of trust and their names."""

STREAMS_OF_POLICY = {
    "consensus": "consensus", "transparency": "shared measurement", "readiness": "readiness",
    "entrepreneurship": "trust in entrepreneurs",
}  # fmt: skip
"""Columns of the network's and the ministry's shares and their names."""

QUINTILES = {
    "quintile_1": "strongest fifth", "quintile_2": "second", "quintile_3": "third", "quintile_4": "fourth",
    "quintile_5": "weakest fifth",
}  # fmt: skip
"""Columns of quintiles of schools and their names."""

LIGHTEST = 0.8
"""Part of the colour map that quintiles use, from dark (strongest) to the lightest that is readable on white."""

SCHOOL_STREAMS = {
    "stream_state": "state", "stream_state_religious": "state-religious", "stream_haredi": "Haredi",
    "stream_non_jewish": "non-Jewish",
}  # fmt: skip
"""Columns of streams of schools and their names."""

FATE_LOOKS = {
    "delivered": ("in schools", style.BLUE), "overhead": ("overhead", style.FAINT),
    "unspent": ("unspent", style.ORANGE), "transit": ("in transit", style.YELLOW),
}  # fmt: skip
"""Name and colour of each fate of money."""


STAGES = ("observer", "partner", "pilot", "national")
"""Stages of the ministry by their numbers."""

NEAR = 0.35
"""Stages of the ministry closer in time than this share a label [share of the time shown]."""


def enrolment(years: pd.DataFrame, ax: Axes, published: pd.DataFrame | None = None) -> None:
    """Draw examinees by year: a line for one run, a fan for many, with the published counts.

    Args:
        years: a row for each run and school year: seed, year, examinees [students]
        ax: axes to draw on
        published: columns year and value [students]
    """
    needs(years, ["seed", "year", "examinees"])
    if years["seed"].nunique() > 1:
        fans.fan(years, ax, "examinees")
        handles = fans.fan_legend(style.BLUE)
    else:
        years = years[years["year"] <= LAST_SHOWN]
        (line,) = ax.plot(years["year"], years["examinees"], color=style.ORANGE, linewidth=1.9, label="this run")
        handles = [line, fans.fan_legend()[-1]]
    if published is not None:
        fans.draw_published(published, ax)
    ax.legend(handles=handles if published is not None else handles[:-1], loc="upper left")
    ax.set(ylabel="examinees at five units [students]", xlabel="")
    ax.set_ylim(bottom=0)
    _years_along(ax)
    style.thousands(ax.yaxis)


def series(frame: pd.DataFrame, ax: Axes, names: dict[str, str], colours: tuple[str, ...], x: str = "year") -> None:
    """Draw several shares over time: the median of the runs with their middle half, each named at its end.

    Args:
        frame: a row for each run and `x`, with a column for each of `names` [share]
        ax: axes to draw on
        names: name of each column
        colours: in the order of `names`
        x: column along the axis [year]
    """
    import seaborn as sns

    needs(frame, ["seed", x, *names])
    ends, is_ensemble = {}, frame["seed"].nunique() > 1
    for (column, name), colour in zip(names.items(), colours, strict=False):
        sns.lineplot(
            frame, x=x, y=column, estimator="median", errorbar=("pi", 50) if is_ensemble else None, color=colour, ax=ax,
            linewidth=1.7, legend=False, err_kws={"alpha": 0.2, "linewidth": 0} if is_ensemble else None,
        )  # fmt: skip
        middle = frame.groupby(x)[column].median().dropna()
        if len(middle):
            ends[name] = (float(middle.index[-1]), float(middle.iloc[-1]), colour)
    ax.set(xlabel="", ylabel="")
    ax.set_ylim(0, ax.get_ylim()[1])
    _years_along(ax)
    style.label_ends(ax, ends)


def _years_along(ax: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, steps=[1, 2, 5, 10]))
    ax.grid(axis="y", color=style.GROUND)


def with_time(months: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with `when`, the calendar time of its months [year]."""
    return months.assign(when=2005 + (months["month"] + 8) / 12)


def trust(months: pd.DataFrame, ax: Axes) -> None:
    """Draw mean trust among members over time: columns seed, month and those of TRUST [share]."""
    _series_from_launch(months, ax, TRUST, (style.BLUE, style.GREEN, style.ORANGE))
    ax.set_ylabel("mean trust [0-1]")


def readiness(months: pd.DataFrame, ax: Axes) -> None:
    """Draw the network's shares and the ministry's readiness over time: columns seed, month and STREAMS_OF_POLICY [share]."""
    _series_from_launch(months, ax, STREAMS_OF_POLICY, (style.BLUE, style.GREEN, style.PURPLE, style.ORANGE))
    ax.set_ylabel("share [0-1]")


def _series_from_launch(months: pd.DataFrame, ax: Axes, names: dict[str, str], colours: tuple[str, ...]) -> None:
    """Draw series by calendar time; write a note if there are no months, because nothing was launched."""
    if months.empty:
        style.show_reason(ax, "Nothing to show: no initiative was launched.")
        return
    series(with_time(months), ax, names, colours, "when")
    if months["seed"].nunique() == 1:
        _stages(with_time(months), ax)


def _stages(months: pd.DataFrame, ax: Axes) -> None:
    """Draw lines, named above the axes, where the ministry of one run reached a stage; close stages share a label."""
    steps = months.loc[months["stage"].diff() != 0, ["when", "stage"]].iloc[1:]
    labels: list[tuple[float, str]] = []
    min_distance = NEAR * float(months["when"].max() - months["when"].min())
    for when, stage in steps.itertuples(index=False):
        ax.axvline(when, color=style.FAINT, linewidth=0.8, linestyle=(0, (2, 2)), zorder=0)
        if labels and when - labels[-1][0] < min_distance:
            labels[-1] = (labels[-1][0], f"{labels[-1][1]}, {STAGES[int(stage)]}")
        else:
            labels.append((when, STAGES[int(stage)]))
    for place, (when, name) in enumerate(labels):
        ax.annotate(
            name if place else f"ministry: {name}", (when, 1), (2, -2), xycoords=("data", "axes fraction"),
            textcoords="offset points", va="top", fontsize=style.SMALL, color=style.QUIET,
        )  # fmt: skip


def who_gains(years: pd.DataFrame, ax: Axes, names: dict[str, str] | None = None) -> None:
    """Draw the share of maths takers at five units by quintile, or by the columns of `names`.

    Args:
        years: columns seed, year and those of `names` [share]
        ax: axes to draw on
        names: name of each column; quintiles if None
    """
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    names, years = names or QUINTILES, years[years["year"] <= LAST_SHOWN]
    drawn_names = {
        column: name for column, name in names.items() if column in years.columns and years[column].notna().any()
    }
    ordered = names is QUINTILES
    gradient = [
        to_hex(colormaps["viridis"](LIGHTEST * place / max(len(drawn_names) - 1, 1)))
        for place in range(len(drawn_names))
    ]
    colours = gradient if ordered else list(style.CYCLE)
    series(years, ax, drawn_names, tuple(colours))
    ax.set_ylabel("share of maths takers at five units [0-1]")


ROWS = 4
"""Smallest number of rows of money, so that a legend fits below the bars."""


def money(ledger: pd.DataFrame, ax: Axes) -> None:
    """Draw the fates of the money of each source: columns source and FATES [NIS million]."""
    needs(ledger, ["source", *FATES])
    reached = np.zeros(len(ledger))
    for fate in FATES:
        name, colour = FATE_LOOKS[fate]
        ax.barh(ledger["source"].map(style.plain), ledger[fate], left=reached, color=colour, label=name, height=0.66)
        reached = reached + ledger[fate].to_numpy(dtype=float)
    properties: Any = {"textcoords": "offset points", "va": "center", "fontsize": style.SMALL}
    for place, total in enumerate(reached):
        ax.annotate(f"{total:,.0f}", (total, place), (4, 0), **properties)
    ax.set_ylim(max(len(ledger), ROWS) - 0.5, -0.5)
    ax.set_xlim(0, 1.12 * max(float(reached.max()), 1e-9) if len(reached) else 1.0)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("money and work offered since 2005 [NIS million of 2015]")
    ax.legend(loc="lower right", ncols=2)
    style.thousands(ax.xaxis)


def timeline(events: pd.DataFrame, ax: Axes) -> None:
    """Draw events on a timeline, the events of one month together: columns month and event.

    On a narrow figure the line runs down the page, with a row for each month that has events.
    """
    needs(events, ["month", "event"])
    ax.set_yticks([])
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    if ax.figure.get_window_extent().width / ax.figure.dpi < NARROW:
        _timeline_in_rows(events, ax)
        return
    ax.axhline(0, color=style.QUIET, linewidth=1.2)
    texts_by_time = (
        with_time(events).groupby("when")["event"].agg(lambda texts: ", ".join(map(style.plain, dict.fromkeys(texts))))
    )
    if texts_by_time.empty:
        return
    ax.set_xlim(float(texts_by_time.index[0]) - 0.3, float(texts_by_time.index[-1]) + 1.6)
    placed = _levels(texts_by_time, ax)
    for when, text, level in placed:
        ax.plot([when, when], [0, level], color=style.FAINT, linewidth=0.9, zorder=1)
        ax.plot([when], [0], "o", color=style.BLUE, markersize=4.5, zorder=3)
        ax.annotate(
            text, (when, level), (2, 0), textcoords="offset points", va="center", fontsize=style.SMALL, zorder=2,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )  # fmt: skip
    ax.set_ylim(min(-1, *(level for *_, level in placed)) - 0.7, max(1, *(level for *_, level in placed)) + 0.7)
    _years_along(ax)
    ax.grid(visible=False)


def _timeline_in_rows(events: pd.DataFrame, ax: Axes) -> None:
    """Draw events down the page: dates left of a line, texts right of it, cut into lines of at most LETTERS."""
    place, ticks = 0, []
    for month, texts in events.groupby("month")["event"]:
        lines = wrap(", ".join(map(style.plain, dict.fromkeys(texts))), LETTERS)
        ax.annotate("\n".join(lines), (0, -place), (8, 4), textcoords="offset points", va="top", fontsize=style.SMALL)
        ticks.append((-place, date_of(int(str(month)))))
        place += len(lines)
    ax.set_xticks([])
    if ticks:
        ax.axvline(0, color=style.QUIET, linewidth=1.2)
        ax.plot([0] * len(ticks), [at for at, _ in ticks], "o", color=style.BLUE, markersize=4.5)
        ax.set_yticks([at for at, _ in ticks], [date for _, date in ticks])
    ax.tick_params(axis="y", length=0)
    ax.set(xlim=(-0.02, 1), ylim=(-place, 0.8))


def _levels(texts_by_time: pd.Series[str], ax: Axes) -> list[tuple[float, str, int]]:
    """Return each event with the nearest height, above or below the line, at which texts do not overlap."""
    low, high = ax.get_xlim()
    letter = (high - low) * style.SMALL * 0.62 / (ax.get_window_extent().width * 72 / ax.figure.dpi)
    ends = dict.fromkeys((1, -1, 2, -2, 3, -3, 4, -4), low)
    placed = []
    for when, text in texts_by_time.items():
        start = float(str(when))
        level = next((height for height, end in ends.items() if end <= start), min(ends, key=lambda h: ends[h]))
        ends[level] = start + letter * (len(text) + 2)
        placed.append((start, text, level))
    return placed
