"""Findings under other mechanisms: a panel for each finding, a row for each mechanism, in percent of the model's effect."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.robustness import (
    FINDING,
    GROWS,
    HOLDS,
    ITSELF,
    NOTHING,
    RATIO,
    REVERSES,
    SHRINKS,
    SHRINKS_BELOW,
    UNCLEAR,
)
from sim.analysis.sweep_grid import AT_DATES
from sim.errors import counted
from sim.figures import style
from sim.findings.numbers import figure, unit_of
from sim.findings.robustness import percent_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOOKS = {
    HOLDS: (style.BLUE, "o", style.BLUE, "holds"),
    SHRINKS: (style.YELLOW, "<", style.YELLOW, "shrinks"),
    GROWS: (style.SKY, ">", style.SKY, "grows"),
    REVERSES: (style.ORANGE, "X", style.ORANGE, "reverses"),
    UNCLEAR: (style.QUIET, "o", "white", "not told"),
}
"""Colour, marker, its filling and the words of each verdict.

Under each of the three kinds of colour blindness, two of the colours are at least 18 units of CIELAB apart.
"""

ACROSS, LETTERS, NAME = 4, 40, 24
"""Panels in a row, and letters in a line of their headings and of the name of a mechanism."""

MARGIN = 0.06
"""Space beside the axis for arrows [share of its range]."""

NARROWEST, WIDEST = (-25.0, 150.0), (-100.0, 250.0)
"""Narrowest and widest range of the axis; values beyond it are cut off, with an arrow [%]."""


def robustness_page(table: pd.DataFrame, labels: Mapping[str, str], provenance: str) -> Figure:
    """Return the page of all findings.

    Args:
        table: as `sim.analysis.robustness.robustness_table` returns it
        labels: of outcomes, in words
        provenance: for the foot of the page
    """
    groups = list(table[table["verdict"] != NOTHING].groupby(FINDING, sort=False))
    mechanisms = [str(name) for name in dict.fromkeys(table["mechanism"]) if name != ITSELF]
    across, down = min(ACROSS, max(len(groups), 2)), max(-(-len(groups) // ACROSS), 1)
    fig = style.sheet(1.6 + 2.85 * across, 1.0)
    with style.figure_style():
        foot = style.add_caption(fig, f"{_reading(table)}\n{provenance}") + 0.8
        height = foot + 1.2 + down * (1.4 + 0.21 * len(mechanisms))
        fig.set_figheight(height)
        fig.suptitle("Share of each finding that remains under other mechanisms", x=0.02, y=1 - 0.12 / height, ha="left",
                     va="top", fontsize=style.TITLE if across > 2 else style.LARGE, fontweight="bold")  # fmt: skip
        _key(fig, height)
        panels = fig.subplots(down, across, squeeze=False, sharey=True, sharex=True).ravel()
        fig.subplots_adjust(left=1.5 / fig.get_figwidth(), right=0.985, top=1 - 1.65 / height, bottom=foot / height,
                            wspace=0.14, hspace=1.4 / (0.21 * len(mechanisms) + 0.25))  # fmt: skip
        limits = _limits(table)
        for ax, (_, rows) in zip(panels, groups, strict=False):
            finding(rows, mechanisms, limits, ax)
            _head(ax, rows[rows["mechanism"] == ITSELF].iloc[0], labels)
        if not groups:
            style.show_reason(panels[0], "The model itself has no finding, so there is nothing to compare.")
        for ax in panels[max(len(groups), 1) :]:
            ax.set_visible(False)
    return fig


def _reading(table: pd.DataFrame) -> str:
    """Return sentences on how to read the page, and the number of comparisons that it leaves out."""
    in_model = table[table["mechanism"] == ITSELF]
    left_out = int((in_model["verdict"] == NOTHING).sum())
    note = f" {counted(left_out, 'comparison')} without a finding in the model {'is' if left_out == 1 else 'are'} not shown."
    return (f"Effect of the arm under each mechanism in percent of its effect in the model, within pairs of the same seeds, "
            f"95% intervals. Solid line: no effect; dashed: as large as in the model; grey: {SHRINKS_BELOW:.0%} "
            f"to {1 / SHRINKS_BELOW:.0%}; arrow: the interval goes on; a number beside it: a ratio "
            f"beyond the axis.{note if left_out else ''}")  # fmt: skip


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    """Return the range of the axis of all panels [%]."""
    ends = 100.0 * table[RATIO[1:3]].to_numpy(dtype=float)
    ends = ends[~np.isnan(ends)]
    low, high = (float(ends.min()), float(ends.max())) if len(ends) else NARROWEST
    return max(min(low, NARROWEST[0]), WIDEST[0]), min(max(high, NARROWEST[1]), WIDEST[1])


def _head(ax: Axes, model_row: Any, labels: Mapping[str, str]) -> None:
    """Write the heading of a panel, and the model's effect, which is 100%."""
    unit = unit_of(str(model_row["unit"]))
    dates = AT_DATES[str(model_row["dates"])] or "with the ministry free"
    subtitle = f"{fill(labels[str(model_row['outcome'])], LETTERS)}\n{dates}"
    style.add_heading(ax, "", "", subtitle)
    ax.annotate(style.plain(str(model_row["arm"])), (0, 1), (0, 7 + 11 * (subtitle.count("\n") + 1)), xycoords="axes fraction",
                textcoords="offset points", fontsize=style.LARGE, fontweight="bold", va="bottom")  # fmt: skip
    scale = fill(f"100% = {figure(model_row['difference'], unit)} {unit.words}".rstrip(), LETTERS + 6)
    ax.set_xlabel(f"% of the model's effect\n{scale}", fontsize=style.SMALL)


def _key(fig: Figure, height: float) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], marker=marker, color=colour, markerfacecolor=face, linestyle="-", linewidth=1.3, label=words)
        for colour, marker, face, words in LOOKS.values()
    ]
    fig.legend(handles=marks, loc="upper left", bbox_to_anchor=(0.012, 1 - 0.5 / height), ncols=len(LOOKS))


def finding(rows: pd.DataFrame, mechanisms: list[str], limits: tuple[float, float], ax: Axes) -> None:
    """Draw one finding: the ratio to the model's effect under each mechanism, with its interval.

    Args:
        rows: of the finding, as `sim.analysis.robustness.robustness_table` returns them
        mechanisms: from top to bottom
        limits: of the axis [%]
        ax: axes to draw on
    """
    ax.axvspan(100.0 * SHRINKS_BELOW, 100.0 / SHRINKS_BELOW, color=style.GROUND, zorder=0)
    ax.axvline(0, color=style.QUIET, linewidth=0.9, zorder=1)
    ax.axvline(100, color=style.INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    for _, row in rows[rows["mechanism"] != ITSELF].iterrows():
        _mark(ax, row, mechanisms.index(row["mechanism"]), limits)
    margin = MARGIN * (limits[1] - limits[0])
    ax.set_xlim(limits[0] - margin, limits[1] + margin)
    ax.set_yticks(range(len(mechanisms)), [fill(style.plain(name), NAME) for name in mechanisms])
    ax.set_ylim(len(mechanisms) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.tick_params(axis="x", labelbottom=True)
    ax.locator_params(axis="x", nbins=6)
    style.thousands(ax.xaxis)


def _mark(ax: Axes, row: Any, place: int, limits: tuple[float, float]) -> None:
    """Draw the ratio under a mechanism; a note if there is no ratio, an arrow if it lies beyond the axis."""
    colour, marker, face, words = LOOKS[row["verdict"]]
    mean, low, high = (100.0 * float(row[name]) for name in RATIO[:3])
    if np.isnan(mean) or np.isnan(low):
        ax.annotate(f"{words}: no ratio", (50, place), ha="center", va="center", fontsize=style.SMALL, color=colour)
        return
    start, end = np.clip([low, high], *limits)
    ax.plot([start, end], [place, place], color=colour, linewidth=1.5, zorder=2)
    for is_beyond, limit, direction in ((low < limits[0], limits[0], 1.0), (high > limits[1], limits[1], -1.0)):
        if is_beyond:
            tip = limit - direction * MARGIN * (limits[1] - limits[0])
            ax.annotate("", (tip, place), (limit, place), arrowprops={"arrowstyle": "->", "color": colour, "linewidth": 1.5,
                                                                     "shrinkA": 0, "shrinkB": 0})  # fmt: skip
    if limits[0] <= mean <= limits[1]:
        ax.plot(mean, place, marker, color=colour, markerfacecolor=face, markersize=5.5, zorder=3)
    else:
        nearest, right = float(np.clip(mean, *limits)), mean > limits[1]
        ax.annotate(f"{percent_text(mean / 100.0)}%", (nearest, place), (-4 if right else 4, 4), textcoords="offset points",
                    ha="right" if right else "left", va="bottom", fontsize=style.SMALL)  # fmt: skip
