"""Scenarios side by side: a line a scenario, a panel an outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = {
    "examinees_2020": ("Examinees of 2020", "at five units [students]"),
    "gap_quintiles_2020": ("Gap of 2020", "strongest less weakest quintile [share of maths takers]"),
}
"""Outcomes: heading of each panel, and unit."""


def scenarios_page(frame: pd.DataFrame, made: str = "") -> Figure:
    """Return the median and the middle 90% of the runs of each scenario.

    Args:
        frame: a row a run, with the columns scenario and those of PANELS
        made: provenance, for the foot
    """
    names = list(dict.fromkeys(frame["scenario"]))
    height = 1.9 + 0.26 * len(names)
    figure = style.sheet(11.0, height)
    with style.applied():
        panels = figure.subplots(1, len(PANELS), sharey=True)
        figure.subplots_adjust(left=0.24, right=0.98, top=1 - 1.0 / height, bottom=0.75 / height, wspace=0.08)
        figure.suptitle("Scenarios side by side", x=0.02, y=1 - 0.12 / height, ha="left", va="top",
                        fontsize=style.TITLE, fontweight="bold")  # fmt: skip
        for ax, letter, (outcome, (title, unit)) in zip(panels, "AB", PANELS.items(), strict=True):
            style.headed(ax, letter, title)
            _intervals(ax, frame, outcome, names)
            ax.set_xlabel(unit, fontsize=style.SMALL)
        style.thousands(panels[0].xaxis)
        panels[0].set_yticks(range(len(names)), [style.plain(name) for name in names])
        panels[0].set_ylim(len(names) - 0.4, -0.6)
        style.caption(figure, f"Point: median of runs; line: their middle 90%. {made}".strip())
    return figure


def _intervals(ax: Axes, frame: pd.DataFrame, outcome: str, names: list[str]) -> None:
    """Draw the runs of each scenario as a point on a line."""
    for place, name in enumerate(names):
        low, middle, high = frame.loc[frame["scenario"] == name, outcome].quantile([0.05, 0.5, 0.95])
        ax.plot([low, high], [place, place], color=style.BLUE, linewidth=1.6)
        ax.plot(middle, place, "o", color=style.BLUE, markersize=5.5)
    ax.tick_params(axis="y", length=0)
    ax.margins(x=0.06)
