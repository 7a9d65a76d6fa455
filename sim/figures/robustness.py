"""Findings under other mechanisms: a panel a finding, a line a mechanism."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.robustness import FINDING, HOLDS, NONE, OPEN, REVERSED
from sim.analysis.sweep_grid import AT_DATES
from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOOKS = {
    HOLDS: (style.BLUE, "o", style.BLUE, "holds: the whole interval on the model's side of zero"),
    OPEN: (style.QUIET, "o", "white", "open: zero lies within the interval"),
    REVERSED: (style.ORANGE, "X", style.ORANGE, "reversed: the whole interval on the other side"),
    NONE: (style.FAINT, "o", style.FAINT, "no finding in the model itself"),
}
"""Colour, marker, its face and the meaning of each verdict."""

ACROSS = 4
"""Panels in a row."""


def surviving_page(table: pd.DataFrame, itself: str, labels: Mapping[str, str], made: str) -> Figure:
    """The page of all findings.

    Args:
        table: as `sim.analysis.robustness.surviving` gives it
        itself: the mechanism that is the model
        labels: of outcomes, in words with their unit
        made: provenance, for the foot
    """
    groups = list(table.groupby(FINDING, sort=False))
    mechanisms = list(dict.fromkeys(table["mechanism"]))
    down = -(-len(groups) // ACROSS)
    height = 1.9 + down * (1.15 + 0.2 * len(mechanisms))
    fig = style.sheet(13.0, height)
    with style.applied():
        fig.suptitle("Which findings survive other mechanisms", x=0.02, y=1 - 0.12 / height, ha="left", va="top",
                     fontsize=style.TITLE, fontweight="bold")  # fmt: skip
        _key(fig, height)
        panels = fig.subplots(down, ACROSS, squeeze=False, sharey=True).ravel()
        fig.subplots_adjust(
            left=0.125, right=0.985, top=1 - 1.35 / height, bottom=0.85 / height, wspace=0.14, hspace=1.1
        )
        for ax, ((arm, outcome, dates), rows) in zip(panels, groups, strict=False):
            finding(rows, mechanisms, ax)
            ax.set_xlabel(labels[str(outcome)], fontsize=style.SMALL)
            second = AT_DATES[str(dates)] or "with the ministry free"
            style.headed(ax, "", style.plain(str(arm)), second)
        for ax in panels[len(groups) :]:
            ax.set_visible(False)
        panels[0].set_yticks(range(len(mechanisms)), [style.plain(name) for name in mechanisms])
        panels[0].set_ylim(len(mechanisms) - 0.4, -0.6)
        style.caption(
            fig, f"Difference of each arm from the baseline within pairs, 95% intervals; {itself} on top. {made}"
        )
    return fig


def _key(fig: Figure, height: float) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], marker=marker, color=colour, markerfacecolor=face, linestyle="", label=said)
        for colour, marker, face, said in LOOKS.values()
    ]
    fig.legend(handles=marks, loc="upper left", bbox_to_anchor=(0.012, 1 - 0.5 / height), ncols=4)


def finding(rows: pd.DataFrame, mechanisms: list[str], ax: Axes) -> None:
    """One finding: its interval under each mechanism."""
    ax.axvline(0, color=style.QUIET, linewidth=0.8, zorder=0)
    for _, row in rows.iterrows():
        colour, marker, face, _ = LOOKS[row["verdict"]]
        place = mechanisms.index(row["mechanism"])
        ax.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=1.3)
        ax.plot(row["difference"], place, marker, color=colour, markerfacecolor=face, markersize=5.5)
    ax.tick_params(axis="y", length=0)
    ax.margins(x=0.08)
    ax.locator_params(axis="x", nbins=5)
    if rows[["low", "high"]].abs().max().max() >= 1000:
        style.thousands(ax.xaxis)
