"""Scenarios side by side: a row for each scenario, a panel for each outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = {
    "examinees_2020": ("Examinees of 2020", "at five units [students]"),
    "gap_quintiles_2020": ("Gap of 2020", "strongest minus weakest quintile [share of maths takers]"),
}
"""Outcomes: heading and unit of each panel."""


def scenarios_page(frame: pd.DataFrame, provenance: str = "") -> Figure:
    """Return the median and the middle 90% of the runs of each scenario.

    Args:
        frame: a row for each run, with the columns scenario and those of PANELS
        provenance: for the foot of the page
    """
    names = list(dict.fromkeys(frame["scenario"]))
    height = 1.9 + 0.26 * len(names)
    figure = style.sheet(11.0, height)
    with style.figure_style():
        panels = figure.subplots(1, len(PANELS), sharey=True)
        figure.subplots_adjust(left=0.24, right=0.98, top=1 - 1.0 / height, bottom=0.75 / height, wspace=0.08)
        figure.suptitle("Scenarios side by side", x=0.02, y=1 - 0.12 / height, ha="left", va="top",
                        fontsize=style.TITLE, fontweight="bold")  # fmt: skip
        for ax, letter, (outcome, (title, unit)) in zip(panels, "AB", PANELS.items(), strict=True):
            style.add_heading(ax, letter, title)
            _intervals(ax, frame, outcome, names)
            ax.set_xlabel(unit, fontsize=style.SMALL)
        style.thousands(panels[0].xaxis)
        panels[0].set_yticks(range(len(names)), [style.plain(name) for name in names])
        panels[0].set_ylim(len(names) - 0.4, -0.6)
        style.add_caption(figure, f"Point: median of runs; line: their middle 90%. {provenance}".strip())
    return figure


def _intervals(ax: Axes, frame: pd.DataFrame, outcome: str, names: list[str]) -> None:
    """Draw the runs of each scenario as a point on a line."""
    for place, name in enumerate(names):
        low, middle, high = frame.loc[frame["scenario"] == name, outcome].quantile([0.05, 0.5, 0.95])
        ax.plot([low, high], [place, place], color=style.BLUE, linewidth=1.6)
        ax.plot(middle, place, "o", color=style.BLUE, markersize=5.5)
    ax.tick_params(axis="y", length=0)
    ax.margins(x=0.06)
