"""Posterior beside prior, parameter by parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def posterior_page(table: pd.DataFrame, sets: int, provenance: str = "") -> Figure:
    """Return the middle 90% and the median of every parameter within its prior range, the most narrowed first.

    Args:
        table: as `sim.analysis.posterior_summary.posterior_summary` returns it
        sets: number of parameter sets of the posterior
        provenance: for the foot of the page
    """
    with style.figure_style():
        fig = style.sheet(11.0, 2.2 + 0.26 * len(table))
        ax = fig.add_axes((0.27, 0.09, 0.6, 0.8))
        _rows(table, ax)
        fig.text(0.02, 0.972, "Posterior of each parameter", size=15, weight="bold", va="top")
        subtitle = f"{sets} parameter sets. A bar over nine tenths of its range means that nothing was learned."
        fig.text(0.02, 0.942, subtitle, color=style.QUIET, va="top")
        style.add_caption(fig, f"Fitted facts: configs/data/targets.csv, use=fit.\n{provenance}".strip())
    return fig


def _rows(table: pd.DataFrame, ax: Axes) -> None:
    span = table["high"] - table["low"]
    place = {name: (table[name] - table["low"]) / span for name in ("low_90", "median", "high_90", "default")}
    rows = range(len(table))
    ax.barh(rows, 1.0, height=0.62, color=style.GROUND, label="prior range")
    ax.barh(
        rows, place["high_90"] - place["low_90"], left=place["low_90"], height=0.34, color=style.SKY,
        label="posterior, middle 90%",
    )  # fmt: skip
    ax.plot(place["median"], rows, "o", color=style.BLUE, markersize=5, label="posterior, median")
    ax.plot(place["default"], rows, "|", color=style.ORANGE, markersize=11, markeredgewidth=2, label="default")
    ax.set_yticks(rows, table["name"])
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.set_xlim(0.0, 1.0)
    ax.set_xticks([0.0, 0.5, 1.0], ["least", "middle", "most"])
    ax.set_xlabel("place in the prior range")
    for row, (low, high) in enumerate(zip(table["low"], table["high"], strict=True)):
        ax.text(1.015, row, f"{low:g} to {high:g}", va="center", size=7.5, color=style.QUIET)
    ax.legend(loc="lower left", bbox_to_anchor=(-0.35, 1.0), ncols=4, frameon=False)
