"""Money as stacked bars, a row for each scenario, with its effect in columns beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.money import FATES
from sim.figures import style
from sim.figures.trajectories import FATE_LOOKS
from sim.findings.equity import NO_NUMBER, cost_text, figure_with_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEFT = 138.0
"""Distance of the headings of panels on the left side of the page from their axes [points]."""

ORDER = ("delivered", "overhead", "transit", "unspent")
"""Fates of money from left to right."""

COLUMNS = {
    "caused": ("examinees caused", 1.17),
    "extra_per_caused": ("money beyond the\nreference for each", 1.5),
    "per_caused": ("all money of the\narm for each", 1.815),
    "per_growth": ("all money for all\ngrowth since 2013", 2.115),
}
"""Columns beside the bars: name in the table, heading, and place of the middle [axes widths]."""


def money_bars(ax: Axes, costs: pd.DataFrame) -> None:
    """Draw the fates of the money of every scenario; hatched: delivered work that repeated the work of others.

    Args:
        ax: axes to draw on
        costs: a row for each scenario, all sources together, as `sim.analysis.costs.costs` returns it [NIS million]
    """
    assert set(ORDER) == set(FATES)
    places, reached = np.arange(len(costs)), np.zeros(len(costs))
    for fate in ORDER:
        name, colour = FATE_LOOKS[fate]
        values = costs[fate].to_numpy(dtype=float)
        ax.barh(places, values, left=reached, color=colour, height=0.62, label=name, linewidth=0)
        reached = reached + values
        if fate == "delivered":
            duplicated = costs["duplicated"].to_numpy(dtype=float)
            ax.barh(
                places, duplicated, left=reached - duplicated, color="none", edgecolor="white", hatch="////",
                height=0.62, linewidth=0
            )  # fmt: skip
    for place, total in enumerate(reached):
        ax.annotate(
            f"{total:,.0f}", (total, place), (4, 0), textcoords="offset points", va="center", fontsize=style.SMALL
        )
    ax.set_xlim(0, 1.14 * max(float(reached.max()), 1e-9))
    style.thousands(ax.xaxis)
    _key(ax)
    subtitle = "money and work offered since the start of the runs, mean over runs [NIS million of 2015]"
    style.add_heading(ax, "E", "Money and its effect", subtitle, LEFT)


def _key(ax: Axes) -> None:
    from matplotlib.patches import Patch

    marks = [Patch(facecolor=FATE_LOOKS[fate][1], label=FATE_LOOKS[fate][0]) for fate in ORDER]
    duplicated = Patch(
        facecolor=FATE_LOOKS["delivered"][1],
        edgecolor="white",
        hatch="////",
        linewidth=0,
        label="in schools, duplicated",
    )
    below = -0.28 / (ax.get_window_extent().height / ax.figure.dpi)
    ax.legend(
        handles=[marks[0], duplicated, *marks[1:]], loc="upper left", bbox_to_anchor=(-0.35, below), ncols=5, columnspacing=1.0,
        handlelength=1.5, handletextpad=0.5,
    )  # fmt: skip


def prices(ax: Axes, costs: pd.DataFrame, reference: str) -> None:
    """Write the examinees caused and the cost of each in columns beside the bars [students; NIS thousand of 2015].

    Args:
        ax: axes of the bars
        costs: as for `money_bars`, with caused, extra_per_caused, per_caused and per_growth
        reference: scenario whose examinees do not count as caused
    """
    for name, (heading, x) in COLUMNS.items():
        unit = "\n[students]" if name == "caused" else "\n[NIS thousand of 2015]"
        ax.annotate(
            heading + unit, (x, 1), (0, 5), xycoords="axes fraction", textcoords="offset points", ha="center", va="bottom",
            fontsize=style.SMALL, color=style.QUIET, annotation_clip=False,
        )  # fmt: skip
        for place, (scenario, row) in enumerate(costs.iterrows()):
            text = _number_text(row, name) if scenario != reference or name == "per_growth" else "the reference"
            ax.text(
                x, place, text, transform=ax.get_yaxis_transform(), ha="center", va="center", fontsize=style.SMALL,
                color=style.QUIET if text in (NO_NUMBER, "the reference", "-") else style.INK,
            )  # fmt: skip


def _number_text(row: pd.Series, name: str) -> str:
    if name == "caused":
        return figure_with_interval(row, name)
    return cost_text(row, name)
