"""A published school file beside runs that started from it: figures of all schools, and accuracy for single schools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.school_panels import RIVALS
from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Panel:
    """Figures that share an axis.

    Args:
        title: with its unit
        figures: prefixes of the figures that it shows, in this order
        relative: true if runs are shown in percent of the published figure, not in the figure's own unit
    """

    title: str
    figures: tuple[str, ...]
    relative: bool = False


LEFT = (
    Panel("Schools and students [% of published]", ("schools", "tracks", "takers at five units"), relative=True),
    Panel("At five units, by quintile [share of maths takers]", ("share of quintile",)),
)
"""Panels of totals over all schools."""

RIGHT = (
    Panel("Tracks opened and closed [share of those that could]", ("opened", "closed")),
    Panel("Shares with those of the year before [correlation]", ("correlation",)),
)
"""Panels of changes from year to year."""

SINGLE = (
    Panel("Single schools: shares in runs and file [correlation]", ("correlation",)),
    Panel("Single schools: right about the track [share of schools]", ("same track",)),
)
"""Panels of accuracy for single schools; below those of changes from year to year."""

MARKS = {"observed": ("D", style.INK, "published"), "expected": ("D", style.PURPLE, "mean of all runs"),
         "unchanged": ("s", style.GREEN, f'saying "{RIVALS["unchanged"]}"'),
         "lasting": ("^", style.ORANGE, f'saying "{RIVALS["lasting"]}"')}  # fmt: skip
"""Marker, colour and name of each comparison, by its column."""

WIDTH, HEIGHT = 13.0, 8.2
"""Size of the page [inches]."""


def panel_page(beside: pd.DataFrame, agreed: pd.DataFrame, title: str, provenance: str = "") -> Figure:
    """Return the page of published figures of schools beside the middle 50% and 90% of runs.

    Args:
        beside: as `sim.analysis.school_panels.panel_beside_runs` returns it
        agreed: as `sim.analysis.school_panels.agreement` returns it, with `unchanged`
        title: of the page
        provenance: for the foot of the page
    """
    with style.figure_style():
        figure = style.sheet(WIDTH, HEIGHT)
        figure.text(0.02, 0.965, "Real schools beside the model", fontsize=style.TITLE, weight="bold", va="center")
        figure.text(0.02, 0.93, title, color=style.QUIET, va="center")
        _legend(figure)
        columns = [(panel, beside) for panel in LEFT], [*((p, beside) for p in RIGHT), *((p, agreed) for p in SINGLE)]
        filled_columns = [[(p, rows) for p, table in column if len(rows := _rows(table, p))] for column in columns]
        line = 0.82 / max(sum(len(rows) + HEAD for _, rows in column) for column in filled_columns)
        letters = iter("ABCDEF")
        for left, column in zip((0.15, 0.655), filled_columns, strict=True):
            top = 0.875
            for panel, rows in column:
                height = line * len(rows)
                top -= height + HEAD * line
                ax = figure.add_axes((left, top + 1.5 * line, 0.32, height))
                _panel(ax, panel, rows, next(letters))
        style.add_caption(figure, provenance)
    return figure


HEAD = 3.4
"""Space above and below the rows of a panel [rows]."""


def _rows(table: pd.DataFrame, panel: Panel) -> pd.DataFrame:
    return table[table["figure"].str.startswith(panel.figures)]


def _panel(ax: Axes, panel: Panel, rows: pd.DataFrame, letter: str) -> None:
    for place, (_, row) in enumerate(rows.iterrows()):
        unit = row["observed"] / 100.0 if panel.relative else 1.0
        ends = {name: float(row[name]) / unit for name in ("low_90", "low_50", "median", "high_50", "high_90")}
        ax.plot([ends["low_90"], ends["high_90"]], [place] * 2, color=style.BLUE, linewidth=1.3, solid_capstyle="butt")
        ax.plot([ends["low_50"], ends["high_50"]], [place] * 2, color=style.BLUE, linewidth=5.0, alpha=0.5,
                solid_capstyle="butt")  # fmt: skip
        ax.plot([ends["median"]], [place], "o", color=style.BLUE, markersize=4.6)
        for name, (marker, colour, _) in MARKS.items():
            if name in row and not np.isnan(row[name]):
                ax.plot([row[name] / unit], [place], marker, color=colour, markersize=5.0, zorder=4)
    several = rows["figure"].nunique() > 1
    names = [f"{row.figure}, {row.year}" if several else str(row.year) for row in rows.itertuples()]
    ax.set_yticks(range(len(rows)), names)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=style.GROUND)
    ax.locator_params(axis="x", nbins=5)
    ax.margins(x=0.06)
    style.add_heading(ax, letter, panel.title, outwards=118)


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], marker=marker, color=colour, linestyle="", markersize=5.0, label=label)
        for marker, colour, label in MARKS.values()
    ]
    handles += [
        Line2D([], [], marker="o", color=style.BLUE, linewidth=1.3, markersize=4.6, label="runs: median, middle 90%"),
        Line2D([], [], color=style.BLUE, linewidth=5.0, alpha=0.5, label="middle 50%"),
    ]
    figure.legend(handles=handles, loc="upper left", ncols=6, bbox_to_anchor=(0.012, 0.918), columnspacing=1.4)
