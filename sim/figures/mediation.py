"""Mediation: the effect of each use of the backbone's hours on the network, the programme and students."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.backbone_effect import EXAMINEES
from sim.analysis.mediation import DIRECT, TOTAL
from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PARTS = {TOTAL: ("o", style.BLUE, -0.15), DIRECT: ("s", style.ORANGE, 0.15)}
"""Marker, colour and offset from the row of an effect in total and at held dates."""


def mediation_page(table: pd.DataFrame, labels: Mapping[str, tuple[str, float]], provenance: str = "") -> Figure:
    """Return the page of mediation: a panel for each quantity, a row for each use of hours, the mean with its interval.

    Args:
        table: rows of `sim.analysis.backbone_effect.mediation`
        labels: title with its unit, and the factor of that unit, by outcome, in the order of the panels
        provenance: for the foot of the page
    """
    uses, across = list(dict.fromkeys(table["hours"])), 5
    down = -(-len(labels) // across)
    height = down * 2.75 + 1.25
    with style.figure_style():
        fig = style.sheet(14.5, height)
        for number, (outcome, (title, factor)) in enumerate(labels.items()):
            ax = fig.add_axes((0.13 + 0.175 * (number % across), (height - 3.5 - 2.75 * (number // across)) / height,
                               0.145, 2.05 / height))  # fmt: skip
            rows = table[table["outcome"] == outcome].copy()
            rows[["effect", "low", "high"]] *= factor
            _quantity(ax, rows, uses, outcome == EXAMINEES)
            title_text, _, unit = title.partition(" [")
            style.add_heading(ax, "", title_text, unit.rstrip("]"))
            ax.set_yticks(range(len(uses)), uses if number % across == 0 else [""] * len(uses))
        fig.text(
            0.02, 1.0 - 0.12 / height, "Effect of each use of the backbone's hours", size=15, weight="bold", va="top"
        )
        fig.text(0.02, 1.0 - 0.45 / height, "With the hours minus without them, mean over pairs of runs with 95% interval.",
                 color=style.QUIET, va="top")  # fmt: skip
        _legend_of_parts(fig, height)
        style.add_caption(fig, provenance)
    return fig


def _quantity(ax: Axes, rows: pd.DataFrame, uses: Sequence[str], both: bool) -> None:
    """Draw a quantity: a row for each use of hours, in total and, for students, at held dates."""
    for part, (marker, colour, offset) in PARTS.items():
        if part != TOTAL and not both:
            continue
        for _, row in rows[rows["part"] == part].iterrows():
            place = uses.index(row["hours"]) + (offset if both else 0.0)
            _mark(ax, row, place, marker, colour)
    ax.axvline(0.0, color=style.INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    ax.set_ylim(len(uses) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", color=style.GROUND)
    ax.locator_params(axis="x", nbins=4)
    ends = np.abs(rows[["effect", "low", "high"]].to_numpy(dtype=float))
    if np.nanmax(ends, initial=0.0) >= 1000.0:
        style.thousands(ax.xaxis)
    if not np.nan_to_num(ends).any():
        ax.set_xlim(-1.0, 1.0)


def _mark(ax: Axes, row: Any, place: float, marker: str, colour: str) -> None:
    """Draw a mean with its interval; open if the interval includes zero."""
    clear = row["low"] > 0.0 or row["high"] < 0.0
    ax.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=1.4, zorder=2)
    ax.plot(
        row["effect"], place, marker, color=colour, markerfacecolor=colour if clear else "white", markersize=5, zorder=3
    )


def _legend_of_parts(fig: Figure, height: float) -> None:
    from matplotlib.lines import Line2D

    words = {TOTAL: "ministry free (total effect)", DIRECT: "the ministry's dates held (direct effect), examinees only"}
    marks = [Line2D([], [], marker=marker, color=colour, linewidth=1.4, markersize=5, label=words[part])
             for part, (marker, colour, _) in PARTS.items()]  # fmt: skip
    marks.append(Line2D([], [], marker="o", color=style.INK, markerfacecolor="white", linestyle="", markersize=5,
                        label="open: the interval includes zero"))  # fmt: skip
    fig.legend(handles=marks, loc="upper left", bbox_to_anchor=(0.012, 1.0 - 0.62 / height), ncols=3)
