"""Mechanisms switched off one at a time: a row for each item, a dot with its interval for each baseline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.mechanism_effects import CAME
from sim.analysis.mechanisms import AGAINST, IDLE, WORKS, overall
from sim.errors import counted
from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE = 1.0
"""Smallest change of an outcome that counts, unless a table gives another [% of its level]."""

TICKS = (-100, -10, -1, 0, 1, 10, 100)
"""Ticks of the axis, which is linear up to 1% and logarithmic beyond [%]."""

GROUPS = {WORKS: "Work in at least one baseline", AGAINST: "Work against the expected sign", IDLE: "Do not work"}
"""Groups of items by their verdict, in order."""

LOOKS = ((style.BLUE, "o"), (style.ORANGE, "s"), (style.GREEN, "^"), (style.PURPLE, "D"))
"""Colour and marker of each baseline."""

ROW, HEAD, TOP, FOOT = 0.245, 0.36, 1.05, 1.3
"""Heights of an item, of the heading of a group, and of the space above and below the axes [inches]."""


SELDOM = (
    "* Where fewer than half of the pairs of a baseline have the month, its dot is the share of runs in which it came."
)
"""Explanation of the star behind an outcome."""


def mechanisms_page(table: pd.DataFrame, labels: Mapping[str, str], provenance: str) -> Figure:
    """Return the page of all items, grouped by verdict.

    Args:
        table: as `sim.analysis.mechanisms.item_effects` returns it
        labels: of outcomes, in words
        provenance: for the foot of the page
    """
    best = overall(table)
    groups = {group: list(best.index[best == group]) for group in GROUPS if (best == group).any()}
    inches = len(best) * ROW + len(groups) * HEAD
    height = inches + TOP + FOOT
    fig = style.sheet(10.5, height)
    with style.figure_style():
        fig.suptitle("What each mechanism changes", x=0.02, y=1 - 0.12 / height, ha="left", va="top",
                     fontsize=style.TITLE, fontweight="bold")  # fmt: skip
        ax = fig.add_axes((0.29, FOOT / height, 0.42, inches / height))
        places = _places(groups, ax)
        _axes(ax, places, inches)
        for number, (_, rows) in enumerate(table.groupby("baseline", sort=False)):
            offset = (number - (table["baseline"].nunique() - 1) / 2) * ROW * 0.36
            _dots(ax, rows, places, offset, number)
        for item, place in places.items():
            nearest = _outcome(table[table["item"] == item], labels)
            ax.annotate(nearest, (1, place), (6, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                        va="center", fontsize=style.SMALL, color=style.QUIET)  # fmt: skip
        _key(fig, [str(name) for name in table["baseline"].unique()], height)
        star = SELDOM if CAME in set(table["measure"]) else ""
        style.add_caption(
            fig,
            f"Runs with the item less runs of the same seed without it, mean and 95% interval. {star}\n{provenance}",
        )
    return fig


def _outcome(rows: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Return the most affected outcome of an item in words; a star if a baseline uses the share of runs with the month."""
    star = "*" if CAME in set(rows["measure"]) else ""
    return f"{labels[str(rows['outcome'].iloc[0])]}{star}"


def _places(groups: Mapping[str, list[str]], ax: Axes) -> dict[str, float]:
    """Write the headings of groups and return the place of each item from the top [inches]."""
    places, top = dict[str, float](), 0.0
    for group, items in groups.items():
        heading = f"{GROUPS[group]}: {counted(len(items), 'item')}"
        ax.annotate(heading, (0, top + HEAD * 0.62), (-208, 0), xycoords=("axes fraction", "data"),
                    textcoords="offset points", va="center", fontweight="bold", fontsize=style.NORMAL)  # fmt: skip
        top += HEAD
        for item in items:
            places[item] = top + ROW / 2
            top += ROW
    return places


def _axes(ax: Axes, places: Mapping[str, float], inches: float) -> None:
    """Set the limits, the ticks, the line of 1% and the names of items."""
    ax.set_xscale("symlog", linthresh=LINE, linscale=0.6)
    ax.set_xlim(-200, 200)
    ax.set_ylim(inches, 0)
    ax.set_xticks(TICKS, [style.signed(f"{tick:+d}%" if tick else "0") for tick in TICKS])
    ax.minorticks_off()
    ax.set_yticks(list(places.values()), list(places))
    ax.tick_params(axis="y", length=0)
    ax.axvspan(-LINE, LINE, color=style.GROUND, zorder=0)
    ax.axvline(0, color=style.QUIET, linewidth=0.8, zorder=1)
    for line in (-LINE, LINE):
        ax.axvline(line, color=style.QUIET, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    ax.set_xlabel("change of the nearest outcome by the item [% of its level], logarithmic beyond 1%")


def _dots(ax: Axes, rows: pd.DataFrame, places: Mapping[str, float], offset: float, number: int) -> None:
    """Draw the items of a baseline; a value beyond the axis is drawn at its end."""
    colour, marker = LOOKS[number % len(LOOKS)]
    for _, row in rows.iterrows():
        if pd.isna(row["percent"]):
            continue
        place = places[row["item"]] + offset
        low, middle, high = np.clip([row["percent_low"], row["percent"], row["percent_high"]], -190, 190)
        ax.plot([low, high], [place, place], color=colour, linewidth=1.2, zorder=2)
        ax.plot(middle, place, "X" if row["verdict"] == AGAINST else marker, color=colour, markersize=4.6, zorder=3,
                markerfacecolor=colour if row["verdict"] in (WORKS, AGAINST) else "white")  # fmt: skip
        _own_line(ax, row, place)


def _own_line(ax: Axes, row: Any, place: float) -> None:
    """Mark the smallest change that counts for an item if it is not 1%."""
    threshold = 100.0 * row["least"]
    if threshold != LINE:
        ax.plot([-threshold, threshold], [place, place], "|", color=style.INK, markersize=5, zorder=1)


def _key(fig: Figure, baselines: list[str], height: float) -> None:
    from matplotlib.lines import Line2D

    def mark(label: str, colour: str, marker: str, face: str) -> Line2D:
        return Line2D(
            [], [], marker=marker, color=colour, markerfacecolor=face, linestyle="", markersize=5, label=label
        )

    marks = [mark(style.plain(name), *LOOKS[n % len(LOOKS)], LOOKS[n % len(LOOKS)][0])
             for n, name in enumerate(baselines)]  # fmt: skip
    marks += [
        mark("works", style.INK, "o", style.INK),
        mark("does not work", style.INK, "o", "white"),
        mark("against the expected sign", style.INK, "X", style.INK),
        mark("least change, where not 1%", style.INK, "|", style.INK),
    ]
    fig.legend(handles=marks, loc="upper left", bbox_to_anchor=(0.012, 1 - 0.5 / height), ncols=len(marks))
