"""The figure that opens a report: enrolment by year in two scenarios, with the published counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.enrolment import yearly
from sim.figures import fans, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 8.0, 3.7
"""Size of the figure [inches]."""

COLOURS, LINES = (style.BLUE, style.ORANGE), ("-", (0, (5, 1.5)))
"""Colour and line of the two scenarios, distinguishable in grey."""


def two_fans(runs: dict[str, pd.DataFrame], ax: Axes, published: pd.DataFrame | None) -> None:
    """Draw the median and the middle 90% of runs of two scenarios by year, each named at its end.

    Args:
        runs: of each scenario, by its name in words, the baseline first: columns seed and examinees_YEAR [students]
        ax: axes to draw on
        published: columns year and value [students]; None for none
    """
    ends = {}
    for (name, frame), colour, line in zip(runs.items(), COLOURS, LINES, strict=False):
        by_year = yearly(frame, ["seed"]).groupby("year")["examinees"]
        low, middle, high = (by_year.quantile(share) for share in (0.05, 0.5, 0.95))
        ax.fill_between(middle.index, low, high, color=colour, alpha=0.18, linewidth=0)
        ax.plot(middle.index, middle, color=colour, linewidth=2.2, linestyle=line)
        ends[name] = (float(middle.index[-1]), float(middle.iloc[-1]), colour)
    if published is not None:
        fans.draw_published(published, ax)
    ax.set_ylim(bottom=0)
    ax.set_ylabel("examinees at five units [students]")
    ax.grid(axis="y", color=style.GROUND)
    ax.locator_params(axis="x", integer=True, nbins=8)
    style.thousands(ax.yaxis)
    style.label_ends(ax, ends)


def opening_figure(runs: dict[str, pd.DataFrame], published: pd.DataFrame | None, title: str, source: str) -> Figure:
    """Return the figure: median and middle 90% of runs of each scenario.

    Args:
        runs: of each scenario, by its name in words, the baseline first: columns seed and examinees_YEAR [students]
        published: columns year and value [students]; None if they are not about the simulated schools
        title: of the figure
        source: of the published counts and of the runs, for the foot
    """
    figure = style.sheet(WIDTH, HEIGHT)
    with style.figure_style():
        ax = figure.add_axes((0.09, 0.19, 0.72, 0.66))
        two_fans(runs, ax, published)
        marks = "; dots: published counts" if published is not None else ""
        style.add_heading(ax, "", title, f"lines: median of runs; bands: middle 90% of runs{marks}")
        style.add_caption(figure, source)
    return figure
