"""Number of seeds needed: half-width of an interval against seeds, for points compared with the same and with other seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOOKS = {"apart": ("other seeds", style.ORANGE), "paired": ("the same seeds", style.BLUE)}
"""Name and colour of the two comparisons."""

ACROSS, MOST = 3, 9


def replications_page(table: pd.DataFrame, provenance: str) -> Figure:
    """Return the page: a panel for each outcome, at most nine.

    Args:
        table: as `replications` returns it
        provenance: for the foot of the page
    """
    table_rows = table.head(MOST)
    rows = -(-len(table_rows) // ACROSS)
    fig = style.sheet(4.3 * ACROSS, 2.1 + 2.9 * rows)
    with style.figure_style():
        fig.suptitle("Number of seeds needed", x=0.02, y=0.99, ha="left", fontsize=style.TITLE, fontweight="bold")
        grid = fig.subplots(rows, ACROSS, squeeze=False).ravel()
        height = fig.get_figheight()
        fig.subplots_adjust(
            left=0.075, right=0.985, top=1 - 1.2 / height, bottom=0.95 / height, wspace=0.36, hspace=0.75
        )
        for number, (ax, (_, row)) in enumerate(zip(grid, table_rows.iterrows(), strict=False)):
            draw_half_widths(row, ax)
            subtitle = f"wanted: {row['reach']:,.3g}; {row['paired']:,} seeds in place of {row['apart']:,}"
            style.add_heading(ax, chr(65 + number), style.plain(row["outcome"]), subtitle)
        for ax in grid[len(table_rows) :]:
            ax.set_axis_off()
        fig.legend(*grid[0].get_legend_handles_labels(), loc="upper right", ncols=3, bbox_to_anchor=(0.99, 0.995))
        footnote = f"; {len(table) - MOST} further outcomes in sensitivity.txt" if len(table) > MOST else ""
        note = "Half the width of the 95% interval of the difference of two points, middle over pairs, in the outcome's unit"
        style.add_caption(fig, f"{note}{footnote}. {provenance}")
    return fig


def draw_half_widths(row: pd.Series, ax: Axes) -> None:
    """Draw the half-width of an interval against the number of seeds for both comparisons, and the wanted half-width."""
    from matplotlib.ticker import NullFormatter

    most = 4 * max(row["apart"], row["paired"])
    seeds = np.geomspace(2, max(most, 20), 60)
    for comparison, (
        name,
        colour,
    ) in LOOKS.items():  # the 95% interval of a mean reaches 1.96 standard errors to either side
        ax.plot(seeds, 1.96 * row[f"{comparison}_deviation"] / np.sqrt(seeds), color=colour, label=name)
        ax.plot([row[comparison]], [row["reach"]], marker="o", color=colour, markersize=5)
    ax.axhline(row["reach"], color=style.QUIET, linewidth=0.8, linestyle=":", label="wanted")
    ax.set(xscale="log", yscale="log", xlabel="seeds", ylabel="half-width of interval")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:,.4g}")
        axis.set_minor_formatter(NullFormatter())
    ax.grid(color=style.GROUND)
