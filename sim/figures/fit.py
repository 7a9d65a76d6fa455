"""The pattern page: every fitted fact as published, with its tolerance, and as simulated, with 50% and 90% of runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.fit import (
    COUNT,
    EVENT,
    LATER,
    LEVELS,
    MONTH,
    MOVES,
    NATIONAL,
    NEAR,
    NETWORK,
    OUTSIDE,
    PART,
    PARTS,
    PATTERNS,
    SCHOOLS,
    SHARE,
    SHARES,
    SIZES,
    root_mean_square,
    tolerance_ends,
)
from sim.analysis.intervals import wilson
from sim.dates import date_of
from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 16.5, 13.3
"""Size of the page: as wide as A3, and slightly taller [inches]."""

ROW, HEAD, FOOT = 0.225, 0.62, 0.46
"""Height of a fact's row, and of the space above and below the rows of a panel [inches]."""

TOP, LEFT, ACROSS, LABELS, NUMBERS = 12.1, 0.35, 5.42, 1.95, 1.18
"""Upper end of the panels, left edge, width of a column of panels, of its labels and of its numbers [inches]."""

_ENDS = (46, 90)  # right ends of the two columns of numbers, from the axes [points]

UNITS = {
    COUNT: "simulated minus published [% of it, log]",
    SHARE: "simulated less published [points of 100]",
    PART: "simulated less published [points of 100]",
    MONTH: "simulated less published [months]",
    EVENT: "share of runs with yes [0-1], with its 90% interval",
}
"""Label of the axis of a panel, by its scale."""

TITLES = {
    (NATIONAL, COUNT): "Examinees at five units [students]",
    (LATER, COUNT): "Papers, other subjects, teachers [persons]",
    (SHARES, SHARE): "At five units, of maths takers [share]",
    (LEVELS, SHARE): "Levels, of all students of the grade [share]",
    (SIZES, SHARE): "Schools with a track, by maths takers [share]",
    (SCHOOLS, COUNT): "Tracks [schools] and groups [students]",
    (MOVES, SHARE): "From year to year [share, correlation]",
    (PARTS, PART): "Parts of the growth since 2013, measured effects [share]",
    (NETWORK, COUNT): "Members of the network [organisations]",
    (NETWORK, MONTH): "Network: when",
    (NETWORK, EVENT): "Yes or no",
}
"""Title of every panel, by group of patterns and scale."""

STACKS = (
    ((NATIONAL, COUNT), (LATER, COUNT), (NETWORK, COUNT), (NETWORK, MONTH)),
    ((SHARES, SHARE), (LEVELS, SHARE), (PARTS, PART)),
    ((SIZES, SHARE), (SCHOOLS, COUNT), (MOVES, SHARE), (NETWORK, EVENT)),
)
"""Panels from top to bottom, column by column."""

LOOKS = {
    "in": ("o", style.BLUE, style.BLUE),
    NEAR: ("o", style.BLUE, "white"),
    OUTSIDE: ("s", style.ORANGE, style.ORANGE),
}
"""Marker, colour and filling of a median, by the place of the published figure among the runs."""


def fit_page(table: pd.DataFrame, title: str, provenance: str = "") -> Figure:
    """Return every fact of a pattern table on one page.

    Args:
        table: as `sim.analysis.fit.fit` returns it
        title: of the page
        provenance: for the foot of the page
    """
    with style.figure_style():
        figure = style.sheet(WIDTH, HEIGHT)
        figure.text(LEFT / WIDTH, 1.0 - 0.35 / HEIGHT, title, fontsize=style.TITLE, fontweight="bold", va="center")
        figure.text(LEFT / WIDTH, 1.0 - 0.68 / HEIGHT, _second(table), color=style.QUIET, va="center")
        _legend(figure)
        letters = iter("ABCDEFGHIJK")
        for column, stack in enumerate(STACKS):
            height = TOP
            for key in stack:
                rows = table[(table["panel"] == key[0]) & (table["scale"] == key[1])]
                if len(rows):
                    _panel(figure, rows, Place(LEFT + column * ACROSS, height), f"{next(letters)}  {TITLES[key]}")
                    height -= HEAD + FOOT + ROW * len(rows)
        style.add_caption(figure, f"{SOURCES}\n{provenance}".strip())
    return figure


SOURCES = (
    "Published: configs/data/targets.csv, with source and reliability (A exact official, B rounded or derived, C weak). "
    "Figures of schools by the rule of the ministry's school file: groups of five or more among maths takers."
)
"""Source of the published figures."""


@dataclass(frozen=True)
class Place:
    """Upper left corner of a panel with its heading [inches]."""

    left: float
    top: float


def _second(table: pd.DataFrame) -> str:
    simulated = table[table["n"] > 0]
    runs = int(simulated["n"].max()) if len(simulated) else 0
    inside = f"{simulated['inside'].sum()} of {len(simulated)}"
    text = f"{runs:,} runs. The published figure lies in the middle 90% of runs for {inside} facts"
    if (simulated["pattern"] == "maths5_examinees").any():
        text += f"; the national counts are {100 * root_mean_square(table):.1f}% away (root mean square, log)"
    unsimulated = len(table) - len(simulated)
    return f"{text}." + (f" Not simulated: {unsimulated}." if unsimulated else "")


def _panel(figure: Figure, rows: pd.DataFrame, place: Place, title: str) -> None:
    panel_height = ROW * len(rows)
    left, bottom, width = place.left + LABELS, place.top - HEAD - panel_height, ACROSS - LABELS - NUMBERS - 0.3
    ax = figure.add_axes((left / WIDTH, bottom / HEIGHT, width / WIDTH, panel_height / HEIGHT))
    scale = str(rows["scale"].iloc[0])
    for height, (_, row) in enumerate(rows.iterrows()):
        _row(ax, row, height)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks(range(len(rows)), _labels(rows))
    ax.tick_params(axis="y", pad=16)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(UNITS[scale], fontsize=style.SMALL, color=style.QUIET, labelpad=1.5)
    ax.grid(axis="x", color=style.GROUND)
    ax.locator_params(axis="x", nbins=5)
    _limits(ax, scale)
    ax.spines["left"].set_visible(False)
    _word(ax, title, (0, 1), (-LABELS * 72 + 4, 15), va="bottom", fontsize=style.LARGE, fontweight="bold")
    quiet = {"va": "bottom", "color": style.QUIET}
    _word(ax, "rated", (0, 1), (-8, 2), ha="center", **quiet)
    for end, word in zip(_ENDS, ("published", "simulated"), strict=True):
        _word(ax, word, (1, 1), (end, 2), ha="right", **quiet)


def _word(ax: Axes, text: str, place: tuple[float, float], offset: tuple[float, float], **properties: Any) -> None:
    """Write text beside the axes.

    Args:
        ax: axes
        text: to write
        place: across in parts of the axes; down in parts of them, or the row if the text is centred
        offset: from there [points]
        properties: of the text
    """
    down = "data" if properties.get("va") == "center" else "axes fraction"
    ax.annotate(
        text, place, offset, xycoords=("axes fraction", down), textcoords="offset points", annotation_clip=False,
        **{"fontsize": style.SMALL, **properties},
    )  # fmt: skip


def _limits(ax: Axes, scale: str) -> None:
    if scale == EVENT:
        ax.set_xlim(-0.04, 1.04)
        return
    ax.axvline(0, color=style.INK, linewidth=0.8, zorder=1)
    reach = max(abs(end) for end in ax.dataLim.intervalx) if np.isfinite(ax.dataLim.intervalx).all() else 1.0
    ax.set_xlim(-1.06 * max(reach, 1e-9), 1.06 * max(reach, 1e-9))


def _row(ax: Axes, row: pd.Series[Any], height: int) -> None:
    """Draw one fact: tolerance, runs, and both figures as text."""
    scale, observed = str(row["scale"]), float(row["observed"])
    if scale != EVENT:
        ends = [_along(end, row) for end in tolerance_ends(observed, row["tolerance"], scale)]
        ax.barh(
            height, ends[1] - ends[0], left=ends[0], height=0.62, color=style.FAINT, alpha=0.55, linewidth=0, zorder=0
        )
    ax.plot([_along(observed, row)], [height], marker="D", markersize=4.2, color=style.INK, zorder=4, linestyle="")
    if row["n"] > 0:
        _runs(ax, row, height)
    _word(ax, str(row["reliability"]), (0, height), (-8, 0), va="center", ha="center", color=style.QUIET)
    for end, figure in zip(_ENDS, (observed, float(row["median"])), strict=True):
        _word(ax, value_text(figure, row), (1, height), (end, 0), va="center", ha="right")


def _runs(ax: Axes, row: pd.Series[Any], height: int) -> None:
    """Draw the median of the runs with their middle 50% and 90%; for a yes or no, the share with its interval."""
    marker, colour, filling = LOOKS.get(str(row["lies"]), LOOKS["in"])
    outer, inner = ["low_90", "high_90"], ["low_50", "high_50"]
    reach = [_along(float(row[end]), row) for end in outer]
    if row["scale"] == EVENT:
        interval = wilson(round(row["median"] * row["n"]), row["n"], 0.9)
        reach = [float(row[end] if row[end] == row[end] else limit) for end, limit in zip(outer, interval, strict=True)]
    else:
        ax.plot([_along(float(row[end]), row) for end in inner], [height] * 2, color=colour, linewidth=4.2, alpha=0.55,
            solid_capstyle="butt", zorder=2)  # fmt: skip
    ax.plot(reach, [height] * 2, color=colour, linewidth=1.2, solid_capstyle="butt", zorder=2)
    ax.plot(
        [_along(float(row["median"]), row)], [height], marker=marker, color=colour, markerfacecolor=filling,
        markersize=5.4, linestyle="", zorder=5,
    )  # fmt: skip


def _along(value: float, row: pd.Series[Any]) -> float:
    """Return the place of a figure on the axis of its panel."""
    observed = float(row["observed"])
    if row["scale"] == COUNT:
        return 100.0 * float(np.log(max(value, 1e-9) / observed))
    return {SHARE: 100.0 * (value - observed), PART: 100.0 * (value - observed), MONTH: value - observed}.get(
        str(row["scale"]), value
    )


def value_text(figure: float, row: pd.Series[Any]) -> str:
    """Return a figure of a fact as text, in the fact's own unit; a dash if there is none."""
    if np.isnan(figure):
        return "\N{EN DASH}"
    if row["scale"] == COUNT:
        return f"{figure:,.0f}"
    if row["scale"] == MONTH:
        return date_of(round(figure)) if str(row["unit"]).startswith("month in") else f"{figure:.0f}"
    return f"{figure:.2f}" if row["scale"] == EVENT else f"{figure:.3f}"


def _labels(rows: pd.DataFrame) -> list[str]:
    """Return the labels of a panel's facts: pattern, group and year where they differ."""
    several = rows["pattern"].nunique() > 1
    years = rows["year"].nunique() > 1 or several
    return [_label(row, several, years) for _, row in rows.iterrows()]


def _label(row: pd.Series[Any], several: bool, years: bool) -> str:
    group = str(row["group"]).removeprefix("stream ").removesuffix(" takers")
    group = _NAMES.get(group, style.plain(group))
    parts = [PATTERNS[row["pattern"]].about] if several else []
    parts += [] if group in ("national", "network", "policy", "equity", "spillover") else [group]
    parts += [str(row["year"])] if years and row["scale"] not in (MONTH, EVENT) else []
    return ", ".join(parts)


_NAMES = {
    "quintile 1": "quintile 1, strongest",
    "quintile 5": "quintile 5, weakest",
    "state_religious": "state-religious",
    "haredi": "Haredi",
    "non_jewish": "non-Jewish",
}


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    def median(kind: str, label: str) -> Any:
        marker, colour, filling = LOOKS[kind]
        return Line2D(
            [], [], marker=marker, color=colour, markerfacecolor=filling, markersize=5.4, linewidth=1.2, label=label
        )

    handles = [
        Line2D([], [], marker="D", linestyle="", color=style.INK, markersize=4.2, label="published"),
        Patch(facecolor=style.FAINT, alpha=0.55, label="its tolerance"),
        median("in", "simulated median, published figure in the middle 90% of runs"),
        median(NEAR, "within tolerance of them"),
        median(OUTSIDE, "outside"),
        Patch(facecolor=style.BLUE, alpha=0.55, label="middle 50% of runs"),
        Line2D([], [], color=style.BLUE, linewidth=1.2, label="middle 90%"),
    ]
    figure.legend(handles=handles, loc="upper left", ncols=7, bbox_to_anchor=(LEFT / WIDTH - 0.006, 1.0 - 0.8 / HEIGHT),
        handletextpad=0.5, columnspacing=1.6)  # fmt: skip
