"""Ranks of true values in their posteriors: a histogram for each quantity, and cumulative distributions with their band."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.uniformity import cumulative, histogram, simultaneous_band
from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BINS = 10
"""Number of bins of a histogram."""

COLOURS = "RdBu_r"
"""Colour map: fewer ranks than expected are blue, more are red; both are dark far from the expected number."""

HEAD, FOOT, ROW = 1.5, 1.05, 0.225
"""Space above and below the histograms, and height of one [inches]."""


def ranks_page(ranks: pd.DataFrame, table: pd.DataFrame, provenance: str = "") -> Figure:
    """Return the page of ranks: histograms as a heat map, and cumulative distributions minus the uniform one.

    Args:
        ranks: a row for each truth and quantity: truth, name, rank, sets
        table: of `sim.analysis.uniformity.uniformity`, with name, truths, deviation and outside
        provenance: for the foot of the page
    """
    truths = int(table["truths"].iloc[0])
    with style.figure_style():
        height = HEAD + FOOT + max(ROW * len(table), 3.2)
        fig = style.sheet(12.5, height)
        box = (FOOT / height, 1.0 - (HEAD + FOOT) / height)
        _histograms(histogram(ranks, BINS), table, truths, fig.add_axes((0.25, box[0], 0.26, box[1])))
        panel_height = min(4.6 / height, box[1])
        _differences(ranks, table, fig.add_axes((0.61, box[0] + box[1] - panel_height, 0.37, panel_height)))
        fig.text(
            0.02,
            1.0 - 0.22 / height,
            "Simulation-based calibration: ranks of known parameters",
            size=15,
            weight="bold",
            va="top",
        )
        subtitle = (
            f"{truths} sets of the posterior, simulated and added to the record, each ranked in the posterior of both. "
            "Without errors of emulator and chain, every rank is equally likely."
        )
        fig.text(0.02, 1.0 - 0.57 / height, subtitle, color=style.QUIET, va="top")
        style.add_caption(
            fig,
            f"Simultaneous 95% bands: saeilynoja_2022; truths near the record: saeilynoja_2025.\n{provenance}".strip(),
        )
    return fig


def _histograms(counts: pd.DataFrame, table: pd.DataFrame, truths: int, ax: Axes) -> None:
    """Draw a row for each quantity: the number of truths in each tenth of the posterior, coloured by its excess."""
    expected = truths / BINS
    largest = max(3.0 * np.sqrt(expected * (1.0 - 1.0 / BINS)), 1.0)
    ax.imshow(
        counts.to_numpy() - expected, aspect="auto", cmap=COLOURS, vmin=-largest, vmax=largest, interpolation="nearest"
    )
    for row, column in np.ndindex(*counts.shape):
        number = int(counts.to_numpy()[row, column])
        text_colour = "white" if abs(number - expected) > 0.65 * largest else style.INK
        ax.text(column, row, str(number), ha="center", va="center", size=style.SMALL - 0.8, color=text_colour)
    ax.set_yticks(range(len(counts)), [str(name) for name in counts.index])
    for label, outside in zip(ax.get_yticklabels(), table["outside"], strict=True):
        label.set_color(style.ORANGE if outside else style.INK)
        label.set_fontweight("bold" if outside else "normal")
    ax.set_xticks([-0.5, BINS / 2.0 - 0.5, BINS - 0.5], ["below all sets", "middle", "above all sets"])
    ax.tick_params(length=0)
    ax.set_xlabel("place of the known value in its posterior, in tenths")
    style.add_heading(ax, "A", "Rank histograms", f"truths in each tenth; {expected:g} expected", outwards=120.0)


def _differences(ranks: pd.DataFrame, table: pd.DataFrame, ax: Axes) -> None:
    """Draw the cumulative distribution of ranks of each quantity minus the uniform one, with the simultaneous band."""
    band = simultaneous_band(int(table["truths"].iloc[0]), int(ranks["sets"].max()))
    places, expected = band["expected"], band["expected"].to_numpy()
    ax.fill_between(
        places, band["low"] - expected, band["high"] - expected, color=style.SKY, alpha=0.28, linewidth=0, step=None,
        label="contains uniform ranks in 95% of cases",
    )  # fmt: skip
    ax.axhline(0.0, color=style.QUIET, linewidth=0.8)
    outside = dict(zip(table["name"], table["outside"], strict=True))
    colours = iter(style.CYCLE[1:] * (1 + len(outside) // (len(style.CYCLE) - 1)))
    for name, quantity_ranks in ranks.groupby("name", sort=False):
        own_band = simultaneous_band(len(quantity_ranks), int(quantity_ranks["sets"].iloc[0]))
        difference = cumulative(quantity_ranks["rank"], own_band) - own_band["expected"].to_numpy()
        if outside[name]:
            ax.plot(own_band["expected"], difference, color=next(colours), linewidth=1.6, label=str(name), zorder=3)
        else:
            ax.plot(own_band["expected"], difference, color=style.FAINT, linewidth=0.7, zorder=2)
    inside = len(table) - int(table["outside"].sum())
    ax.plot([], [], color=style.FAINT, linewidth=0.9, label=f"{inside} inside")
    ax.set_xlim(0.0, 1.0)
    ax.set_xlabel("place in the posterior [share of sets below]")
    ax.set_ylabel("share of truths below minus expected")
    ax.legend(loc="upper left", bbox_to_anchor=(0.0, -0.13), ncols=1)
    style.add_heading(ax, "B", "Cumulative distributions", "above zero: ranks are low, the posterior lies too high")
