"""Equity and cost on one page: who gains, concentration, gaps in points and as ratios, money and its effect."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.costs import ALL
from sim.analysis.equity import AS_RATIO, CONCENTRATION, GAPS, IN_POINTS
from sim.figures import style
from sim.figures.money_bars import LEFT, money_bars, prices
from sim.findings.equity import label_of, scenario_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = ("o", "s", "^", "D", "v", "P", "X")
"""Markers of scenarios in the order of their colours, so that scenarios also differ in grey."""

GAP_LOOKS = {
    "quintiles": ("o", style.GREEN, "strongest and weakest quintile"),
    "periphery": ("s", style.PURPLE, "centre and periphery"),
    "streams": ("^", style.YELLOW, "state and non-Jewish schools"),
}
"""Marker, colour and name of each gap."""

WIDTH, ACROSS = 13.5, 7
"""Width of the page [inches], and scenarios in a row of the legend."""

ROW, HEAD, FOOT, BETWEEN = 0.27, 1.05, 1.55, 1.35
"""Height of a row of a panel, of the space above and below all panels, and between panels [inches]."""


class EquityTables(NamedTuple):
    """Tables of `sim.analysis.equity` and `sim.analysis.costs` that the page shows, and the scenarios of their rows."""

    gains: pd.DataFrame  # baseline and arms against the reference
    gaps: pd.DataFrame  # all scenarios against the reference
    curves: pd.DataFrame
    costs: pd.DataFrame
    reference: str

    @property
    def scenarios(self) -> list[str]:
        """The baseline, the arms and, last, the reference."""
        return [*(name for name in dict.fromkeys(self.costs["arm"]) if name != self.reference), self.reference]

    def look(self, scenario: str) -> tuple[str, str]:
        """Return marker and colour of a scenario; the reference is black."""
        if scenario == self.reference:
            return "|", style.INK
        place = self.scenarios.index(scenario)
        return MARKERS[(place + place // len(style.CYCLE)) % len(MARKERS)], style.CYCLE[place % len(style.CYCLE)]


def equity_page(tables: EquityTables, over_posterior: bool = False, provenance: str = "") -> Figure:
    """Return the page.

    Args:
        tables: tables to show
        over_posterior: true if each pair of runs has its own parameter set
        provenance: for the foot of the page
    """
    groups = list(dict.fromkeys(tables.gains.loc[tables.gains["share"].notna(), "group"]))
    count, key = len(tables.scenarios), 0.22 * math.ceil(len(tables.scenarios) / ACROSS)
    row_heights = [0.25 + ROW * count] * 2
    heights = (max(len(groups) * max(0.36, 0.062 * count), 4.2), *row_heights)  # all sizes here are in [inches]
    page_height = HEAD + key + sum(heights) + 2 * BETWEEN + FOOT
    panel_bottoms = np.cumsum([HEAD + key + 0.35 + heights[0], BETWEEN + heights[1], BETWEEN + heights[2]])
    with style.figure_style():
        fig = style.sheet(WIDTH, page_height + 0.35)
        page_height += 0.35
        low = [1.0 - bottom / page_height for bottom in panel_bottoms]
        _heading(fig, tables, over_posterior)
        gain, curve = (
            fig.add_axes((x, low[0], w, heights[0] / page_height)) for x, w in ((0.155, 0.365), (0.6, 0.375))
        )
        points, ratio = (
            fig.add_axes((x, low[1], w, heights[1] / page_height)) for x, w in ((0.155, 0.365), (0.6, 0.375))
        )
        money = fig.add_axes((0.155, low[2], 0.365, heights[2] / page_height))
        _gains_panel(gain, tables, groups)
        _curves_panel(curve, tables)
        difference = "share of one group minus share of the other [percentage points]"
        _gaps_panel(points, tables, IN_POINTS, "C", "Gaps in points", difference)
        quotient = "share of one group over share of the other; 1: no gap"
        _gaps_panel(ratio, tables, AS_RATIO, "D", "The same gaps as ratios", quotient)
        all_sources = tables.costs[tables.costs["source"] == ALL].set_index("arm").loc[tables.scenarios]
        money_bars(money, all_sources)
        prices(money, all_sources, tables.reference)
        _scenario_rows(money, tables)
        style.add_caption(fig, f"{_small_print(tables)}\n{provenance}")
    return fig


def _heading(fig: Figure, tables: EquityTables, over_posterior: bool) -> None:
    from matplotlib.lines import Line2D

    height, pairs = fig.get_figheight(), int(tables.gains["n"].min())
    year = int(tables.gains["year"].iloc[0])
    fig.text(
        0.02, 1.0 - 0.12 / height, f"Who gains, and at what cost: {year}", size=style.TITLE, weight="bold", va="top"
    )
    uncertainty = (
        "random variation and the parameter sets of the posterior"
        if over_posterior
        else "random variation only, at these parameters"
    )
    fig.text(
        0.02, 1.0 - 0.52 / height, f"{pairs:,} pairs of runs with the same seed. Bars are 95% intervals of means; they cover "
        f"{uncertainty}. About the model, not about Israel.", color=style.QUIET, va="top",
    )  # fmt: skip
    marks = []
    for name in tables.scenarios:
        marker, colour = tables.look(name)
        label = f"{style.plain(name)} (the reference)" if name == tables.reference else style.plain(name)
        marks.append(Line2D([], [], marker=marker, color=colour, linewidth=1.4, label=label))
    fig.legend(
        handles=marks,
        loc="upper left",
        bbox_to_anchor=(0.012, 1.0 - 0.72 / height),
        ncols=ACROSS,
        fontsize=style.NORMAL,
    )


def _small_print(tables: EquityTables) -> str:
    return (
        "Share: examinees at five units over maths takers of grade 12 of the same group. Gender is not shown: the model splits "
        "examinees by two measured effects alone. B: schools without a "
        "published quintile count as the third. E: all that organisations offered, volunteers' work valued, the backbone's "
        "own cost, and the ministry's pilot, national programme or plan; not what families and schools spend, nor the "
        "ministry's regular budget. Examinees caused: of all years of a run, beyond the run of "
        f"{style.plain(tables.reference)} with the same seed; no number where their interval includes zero or lies below it; "
        "last column: the median of runs. Source: simulated runs (table.parquet beside this page); the sources of "
        "the model are in configs/sources.yaml."
    )


def _gains_panel(ax: Axes, tables: EquityTables, groups: list[str]) -> None:
    """Draw each group's difference from the reference in every scenario [percentage points]."""
    names = [name for name in tables.scenarios if name != tables.reference]
    step = 0.8 / max(len(names), 1)
    for place, name in enumerate(names):
        rows = tables.gains[tables.gains["arm"] == name].set_index("group").loc[groups]
        marker, colour = tables.look(name)
        heights = np.arange(len(groups)) + (place - (len(names) - 1) / 2) * step
        _intervals(ax, rows[["points", "points_low", "points_high"]].to_numpy(), heights, marker, colour)
    ax.axvline(0, color=style.INK, linewidth=0.9, zorder=0)
    reference_rows = tables.gains[tables.gains["arm"] == names[0]].set_index("group")
    ax.set_yticks(
        range(len(groups)),
        [f"{label_of(group)} ({_part_text(reference_rows['part_of_takers'][group])})" for group in groups],
    )
    ax.set_ylim(len(groups) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    kinds = [reference_rows["kind"][group] for group in groups]
    for place in range(1, len(groups)):
        new_kind = kinds[place] != kinds[place - 1]
        ax.axhline(place - 0.5, color=style.QUIET if new_kind else style.GROUND, linewidth=0.8, zorder=0)
    ax.set_xlabel(f"share at five units, minus that in {style.plain(tables.reference)} [percentage points]")
    style.add_heading(
        ax, "A", "Who gains", "by the school of a student; in brackets the group's part of all maths takers", LEFT
    )


def _part_text(share: float) -> str:
    return f"{share:.0%}" if share >= 0.005 else "<1%"


def _intervals(ax: Axes, ends: np.ndarray, heights: np.ndarray, marker: str, colour: str) -> None:
    """Draw means with their intervals; `ends` has the columns mean, low, high."""
    reach = np.clip([ends[:, 0] - ends[:, 1], ends[:, 2] - ends[:, 0]], 0.0, None)
    ax.errorbar(
        ends[:, 0], heights, xerr=reach, fmt=marker, color=colour, markersize=3.8, elinewidth=1.1, linestyle="", zorder=3
    )  # fmt: skip


def _curves_panel(ax: Axes, tables: EquityTables) -> None:
    """Draw cumulative shares from the weakest quintile on, and write the index of each scenario."""
    ax.plot([0, 1], [0, 1], color=style.FAINT, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    if tables.curves.empty:
        return style.show_reason(ax, "No schools have a quintile")
    index = tables.gaps[tables.gaps["gap"] == CONCENTRATION].set_index("arm")
    ax.text(0.03, 0.985, "concentration index [95% interval]", transform=ax.transAxes, va="top", fontsize=style.SMALL)
    gap = 1.45 * style.SMALL / (ax.get_window_extent().height * 72 / ax.figure.dpi)
    for place, name in enumerate(tables.scenarios):
        curve, (marker, colour) = tables.curves[tables.curves["scenario"] == name], tables.look(name)
        ax.plot(curve["takers"], curve["examinees"], color=colour, marker=marker, markersize=3.8, linewidth=1.2)
        row = index.loc[name]
        text = f"{style.plain(name)}: {row['level']:.3f} [{row['level_low']:.3f}, {row['level_high']:.3f}]"
        ax.text(
            0.03, 0.985 - (place + 1) * gap, text, transform=ax.transAxes, va="top", color=colour, fontsize=style.SMALL
        )  # fmt: skip
    ax.set(
        xlim=(0, 1), ylim=(0, 1), xlabel="cumulative share of maths takers, from the weakest quintile to the strongest"
    )
    ax.set_ylabel("cumulative share of examinees at five units")
    style.add_heading(
        ax, "B", "Concentration", "broken line: equal shares of every quintile; further below is more unequal"
    )
    return None


def _gaps_panel(ax: Axes, tables: EquityTables, measure: str, *heading: str) -> None:
    """Draw the gaps of every scenario by one measure, and a line at those of the reference."""
    rows = tables.gaps[tables.gaps["measure"] == measure]
    if rows.empty:
        return style.show_reason(ax, "None of the groups exists")
    gap_names = [name for name in GAPS if name in set(rows["gap"])]
    for place, name in enumerate(gap_names):
        marker, colour, label = GAP_LOOKS[name]
        gap_rows = rows[rows["gap"] == name].set_index("arm").loc[tables.scenarios]
        heights = np.arange(len(gap_rows)) + (place - (len(gap_names) - 1) / 2) * 0.24
        _intervals(ax, gap_rows[["level", "level_low", "level_high"]].to_numpy(), heights, marker, colour)
        ax.axvline(gap_rows["level"][tables.reference], color=colour, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1)
        ax.plot([], [], marker, color=colour, markersize=3.8, label=label)
    ax.axvline(1.0 if measure == AS_RATIO else 0.0, color=style.INK, linewidth=0.9, zorder=0)
    _scenario_rows(ax, tables)
    if measure == AS_RATIO:
        ax.set_yticklabels([])
    below = -0.28 / (ax.get_window_extent().height / ax.figure.dpi)
    if measure == IN_POINTS:
        ax.legend(loc="upper left", bbox_to_anchor=(-0.35, below), ncols=3, columnspacing=1.2, handletextpad=0.3)
    else:
        ax.text(0.0, below * 1.25, "dotted: the reference", transform=ax.transAxes, va="top", color=style.QUIET,
                fontsize=style.SMALL)  # fmt: skip
    style.add_heading(ax, heading[0], heading[1], heading[2], LEFT if measure == IN_POINTS else 0)
    return None


def _scenario_rows(ax: Axes, tables: EquityTables) -> None:
    """Give each scenario a row, the first on top."""
    names = [scenario_text(name, tables.reference) for name in tables.scenarios]
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    for place in range(1, len(names)):
        ax.axhline(place - 0.5, color=style.GROUND, linewidth=0.7, zorder=0)
