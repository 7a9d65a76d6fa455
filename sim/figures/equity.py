"""Equity and cost on one page: who gains, how concentrated it is, gaps in points and as ratios, money and what it bought."""

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
"""Markers of scenarios, in the order of their colours, so that they stay apart in grey too."""

GAP_LOOKS = {
    "quintiles": ("o", style.GREEN, "strongest and weakest quintile"),
    "periphery": ("s", style.PURPLE, "centre and periphery"),
    "streams": ("^", style.YELLOW, "state and non-Jewish schools"),
}
"""Marker, colour and name of each gap."""

WIDTH, ACROSS = 13.5, 7
"""Width of the page [inches], and scenarios in a row of its key."""

ROW, HEAD, FOOT, BETWEEN = 0.27, 1.05, 1.55, 1.35
"""Heights of a row of a panel, of what stands above and below the panels, and between them [inches]."""


class Told(NamedTuple):
    """What the page shows: tables of `sim.analysis.equity` and `sim.analysis.costs`, and the scenarios of their rows."""

    gains: pd.DataFrame  # of the baseline and the arms against the reference
    gaps: pd.DataFrame  # of these and of the reference, against the reference
    curves: pd.DataFrame
    costs: pd.DataFrame
    reference: str

    @property
    def scenarios(self) -> list[str]:
        """The baseline, the arms and, last, the reference."""
        return [*(name for name in dict.fromkeys(self.costs["arm"]) if name != self.reference), self.reference]

    def look(self, scenario: str) -> tuple[str, str]:
        """Marker and colour of a scenario; the reference is black."""
        if scenario == self.reference:
            return "|", style.INK
        place = self.scenarios.index(scenario)
        return MARKERS[(place + place // len(style.CYCLE)) % len(MARKERS)], style.CYCLE[place % len(style.CYCLE)]


def equity_page(told: Told, over_posterior: bool = False, made: str = "") -> Figure:
    """Return the page.

    Args:
        told: its tables
        over_posterior: whether each pair of runs has its own parameter set
        made: provenance
    """
    shown = list(dict.fromkeys(told.gains.loc[told.gains["share"].notna(), "group"]))
    count, key = len(told.scenarios), 0.22 * math.ceil(len(told.scenarios) / ACROSS)
    high = (
        max(len(shown) * max(0.36, 0.062 * count), 4.2),
        0.25 + ROW * count,
        0.25 + ROW * count,
    )  # [inches], as what follows
    tall = HEAD + key + sum(high) + 2 * BETWEEN + FOOT
    below = np.cumsum([HEAD + key + 0.35 + high[0], BETWEEN + high[1], BETWEEN + high[2]])
    with style.applied():
        fig = style.sheet(WIDTH, tall + 0.35)
        tall += 0.35
        low = [1.0 - bottom / tall for bottom in below]
        _headed(fig, told, over_posterior)
        gain, curve = (fig.add_axes((x, low[0], w, high[0] / tall)) for x, w in ((0.155, 0.365), (0.6, 0.375)))
        points, ratio = (fig.add_axes((x, low[1], w, high[1] / tall)) for x, w in ((0.155, 0.365), (0.6, 0.375)))
        money = fig.add_axes((0.155, low[2], 0.365, high[2] / tall))
        _who_gains(gain, told, shown)
        _curves(curve, told)
        _gaps(
            points,
            told,
            IN_POINTS,
            "C",
            "Gaps in points",
            "share of the one less share of the other [percentage points]",
        )
        _gaps(
            ratio, told, AS_RATIO, "D", "The same gaps as ratios", "share of the one over share of the other; 1: no gap"
        )
        every = told.costs[told.costs["source"] == ALL].set_index("arm").loc[told.scenarios]
        money_bars(money, every)
        prices(money, every, told.reference)
        _places(money, told)
        style.caption(fig, f"{_small_print(told)}\n{made}")
    return fig


def _headed(fig: Figure, told: Told, over_posterior: bool) -> None:
    from matplotlib.lines import Line2D

    tall, pairs = fig.get_figheight(), int(told.gains["n"].min())
    year = int(told.gains["year"].iloc[0])
    fig.text(0.02, 1.0 - 0.12 / tall, f"Who gains, and at what cost: {year}", size=style.TITLE, weight="bold", va="top")
    over = "luck and the parameter sets of the posterior" if over_posterior else "luck alone, at these parameters"
    fig.text(
        0.02, 1.0 - 0.52 / tall, f"{pairs:,} pairs of runs with the same luck. Bars are 95% intervals of means; they cover "
        f"{over}. About the model, not about Israel.", color=style.QUIET, va="top",
    )  # fmt: skip
    marks = []
    for name in told.scenarios:
        marker, colour = told.look(name)
        called = f"{style.plain(name)} (the reference)" if name == told.reference else style.plain(name)
        marks.append(Line2D([], [], marker=marker, color=colour, linewidth=1.4, label=called))
    fig.legend(
        handles=marks, loc="upper left", bbox_to_anchor=(0.012, 1.0 - 0.72 / tall), ncols=ACROSS, fontsize=style.NORMAL
    )


def _small_print(told: Told) -> str:
    return (
        "Share: examinees at five units over maths takers of grade 12 of the same group. Gender is not shown: the model splits "
        "examinees by two measured effects alone. B: schools without a "
        "published quintile stand with the third. E: all that organisations offered, volunteers' work valued, the backbone's "
        "own cost, and the ministry's pilot, national programme or plan; not what families and schools spend, nor the "
        "ministry's regular budget. Examinees caused: of all years of a run, beyond the run of "
        f"{style.plain(told.reference)} with the same luck; no number where their interval holds zero or lies below it; last "
        "column: the median of runs. Source: simulated runs (table.parquet beside this page); what the model rests on is in "
        "configs/sources.yaml."
    )


def _who_gains(ax: Axes, told: Told, shown: list[str]) -> None:
    """Each group's difference from the reference in every scenario [percentage points]."""
    names = [name for name in told.scenarios if name != told.reference]
    step = 0.8 / max(len(names), 1)
    for place, name in enumerate(names):
        rows = told.gains[told.gains["arm"] == name].set_index("group").loc[shown]
        marker, colour = told.look(name)
        heights = np.arange(len(shown)) + (place - (len(names) - 1) / 2) * step
        _bars(ax, rows[["points", "points_low", "points_high"]].to_numpy(), heights, marker, colour)
    ax.axvline(0, color=style.INK, linewidth=0.9, zorder=0)
    first = told.gains[told.gains["arm"] == names[0]].set_index("group")
    ax.set_yticks(
        range(len(shown)), [f"{label_of(group)} ({_part(first['part_of_takers'][group])})" for group in shown]
    )
    ax.set_ylim(len(shown) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    kinds = [first["kind"][group] for group in shown]
    for place in range(1, len(shown)):
        apart = kinds[place] != kinds[place - 1]
        ax.axhline(place - 0.5, color=style.QUIET if apart else style.GROUND, linewidth=0.8, zorder=0)
    ax.set_xlabel(f"share at five units, less that in {style.plain(told.reference)} [percentage points]")
    style.headed(
        ax, "A", "Who gains", "by the school of a student; in brackets the group's part of all maths takers", LEFT
    )


def _part(share: float) -> str:
    return f"{share:.0%}" if share >= 0.005 else "<1%"


def _bars(ax: Axes, ends: np.ndarray, heights: np.ndarray, marker: str, colour: str) -> None:
    """Means with their intervals; ends have columns mean, low, high."""
    reach = np.clip([ends[:, 0] - ends[:, 1], ends[:, 2] - ends[:, 0]], 0.0, None)
    ax.errorbar(
        ends[:, 0], heights, xerr=reach, fmt=marker, color=colour, markersize=3.8, elinewidth=1.1, linestyle="", zorder=3
    )  # fmt: skip


def _curves(ax: Axes, told: Told) -> None:
    """Cumulative shares from the weakest quintile on, and the index of each scenario in words."""
    ax.plot([0, 1], [0, 1], color=style.FAINT, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    if told.curves.empty:
        return style.unanswered(ax, "No quintiles of schools are known")
    index = told.gaps[told.gaps["gap"] == CONCENTRATION].set_index("arm")
    ax.text(0.03, 0.985, "concentration index [95% interval]", transform=ax.transAxes, va="top", fontsize=style.SMALL)
    gap = 1.45 * style.SMALL / (ax.get_window_extent().height * 72 / ax.figure.dpi)
    for place, name in enumerate(told.scenarios):
        one, (marker, colour) = told.curves[told.curves["scenario"] == name], told.look(name)
        ax.plot(one["takers"], one["examinees"], color=colour, marker=marker, markersize=3.8, linewidth=1.2)
        row = index.loc[name]
        text = f"{style.plain(name)}: {row['level']:.3f} [{row['level_low']:.3f}, {row['level_high']:.3f}]"
        ax.text(
            0.03, 0.985 - (place + 1) * gap, text, transform=ax.transAxes, va="top", color=colour, fontsize=style.SMALL
        )  # fmt: skip
    ax.set(
        xlim=(0, 1), ylim=(0, 1), xlabel="cumulative share of maths takers, from the weakest quintile to the strongest"
    )
    ax.set_ylabel("cumulative share of examinees at five units")
    style.headed(
        ax, "B", "How concentrated it is", "broken line: as many of every quintile; the further below, the more uneven"
    )
    return None


def _gaps(ax: Axes, told: Told, measure: str, *headed: str) -> None:
    """The gaps of every scenario by one measure; a line where they stand in the reference."""
    rows = told.gaps[told.gaps["measure"] == measure]
    if rows.empty:
        return style.unanswered(ax, "None of the groups is there")
    drawn = [name for name in GAPS if name in set(rows["gap"])]
    for place, name in enumerate(drawn):
        marker, colour, label = GAP_LOOKS[name]
        one = rows[rows["gap"] == name].set_index("arm").loc[told.scenarios]
        heights = np.arange(len(one)) + (place - (len(drawn) - 1) / 2) * 0.24
        _bars(ax, one[["level", "level_low", "level_high"]].to_numpy(), heights, marker, colour)
        ax.axvline(one["level"][told.reference], color=colour, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1)
        ax.plot([], [], marker, color=colour, markersize=3.8, label=label)
    ax.axvline(1.0 if measure == AS_RATIO else 0.0, color=style.INK, linewidth=0.9, zorder=0)
    _places(ax, told)
    if measure == AS_RATIO:
        ax.set_yticklabels([])
    below = -0.28 / (ax.get_window_extent().height / ax.figure.dpi)
    if measure == IN_POINTS:
        ax.legend(loc="upper left", bbox_to_anchor=(-0.35, below), ncols=3, columnspacing=1.2, handletextpad=0.3)
    else:
        ax.text(0.0, below * 1.25, "dotted: as in the reference", transform=ax.transAxes, va="top", color=style.QUIET,
                fontsize=style.SMALL)  # fmt: skip
    style.headed(ax, headed[0], headed[1], headed[2], LEFT if measure == IN_POINTS else 0)
    return None


def _places(ax: Axes, told: Told) -> None:
    """A row a scenario, the first on top."""
    names = [scenario_text(name, told.reference) for name in told.scenarios]
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    for place in range(1, len(names)):
        ax.axhline(place - 0.5, color=style.GROUND, linewidth=0.7, zorder=0)
