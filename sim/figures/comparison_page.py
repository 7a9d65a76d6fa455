"""A paired comparison on one page: effects and the ways they come, how surely better, runs saved, by year, and gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.effects import THROUGH_STRENGTH, TOTAL
from sim.analysis.sweep_grid import EMERGENT, HELD, NONE
from sim.figures import style
from sim.figures.effects import LOOKS, STEP, effects_by_question, note_of, parts_legend

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DATES = {EMERGENT: (*LOOKS[TOTAL], "dates free"), HELD: (*LOOKS[THROUGH_STRENGTH], "dates held"),
         NONE: ("D", style.PURPLE, "no acts")}  # fmt: skip
"""Marker, colour and name of each kind of dates; held is drawn as what comes through strength."""

GAPS = {
    "gap_quintiles_2020": ("o", style.GREEN, "strongest less weakest quintile"),
    "gap_periphery_2020": ("s", style.PURPLE, "centre less periphery"),
    "gap_streams_2020": ("^", style.YELLOW, "state less non-Jewish schools"),
}
"""Gaps that are drawn: marker, colour, name."""

LOWER = 2.6
"""Height of the lower panels [inches]."""

POINTS = 100.0
"""Percentage points of a share of one."""


def comparison_page(
    table: pd.DataFrame,
    effects: pd.DataFrame,
    over_posterior: bool = False,
    made: str = "",
) -> Figure:
    """Return a comparison on one page; the first outcome of the table at length.

    Args:
        table: as `sim.analysis.paired_differences.differences` gives it, with a column `by`: outcome, year or group
        effects: as `sim.analysis.paired_differences.effect_parts` gives it
        over_posterior: whether each pair has its own parameter set
        made: provenance
    """
    first, arms = str(table["outcome"].iloc[0]), list(dict.fromkeys(table["arm"]))
    main = table[(table["by"] == "outcome") & (table["outcome"] == first)]
    high = 0.9 + 0.42 * len(arms)  # of the upper panels, [inches] as all that follows
    tall = high + LOWER + 4.05
    with style.applied():
        fig = style.sheet(12.5, tall)
        across = {"upper": ((0.15, 0.37), (0.57, 0.17), (0.79, 0.19)), "lower": ((0.075, 0.43), (0.72, 0.26))}
        left, saved, better = (fig.add_axes((x, 1.0 - (high + 1.2) / tall, w, high / tall)) for x, w in across["upper"])
        year, gaps = (fig.add_axes((x, 1.65 / tall, w, LOWER / tall)) for x, w in across["lower"])
        _effects(left, effects[effects["outcome"] == first], arms, str(main["unit"].iloc[0]))
        _saved(saved, main, arms)
        _better(better, main, arms)
        _by_year(year, table[(table["by"] == "year") & (table["dates"] == EMERGENT)], arms)
        _gaps(gaps, table[(table["by"] == "group") & (table["dates"] == EMERGENT)], arms)
        _headed(fig, main, over_posterior)
        style.caption(fig, made)
    return fig


def _headed(fig: Figure, main: pd.DataFrame, over_posterior: bool) -> None:
    tall, baseline = fig.get_figheight(), style.plain(str(main["baseline"].iloc[0]))
    fig.text(0.02, 1.0 - 0.12 / tall, f"What differs from {baseline}", size=15, weight="bold", va="top")
    pairs = f"{int(main['pairs'].max()):,} pairs of runs with the same luck."
    told = f"{pairs} Bars are 95% intervals over pairs. {note_of(main, over_posterior)}."
    fig.text(0.02, 1.0 - 0.45 / tall, told, color=style.QUIET, va="top")


def _effects(ax: Axes, effects: pd.DataFrame, arms: list[str], unit: str) -> None:
    """The effect of each arm with its parts; an arm without a pair says so."""
    outcome = style.plain(str(effects["outcome"].iloc[0])) if len(effects) else "outcome"
    names = [style.plain(arm) for arm in arms]
    without = [arm for arm in arms if arm not in set(effects["arm"])]
    gaps = pd.DataFrame({"arm": without, "part": TOTAL, "effect": np.nan, "low": np.nan, "high": np.nan})
    whole = pd.concat([effects, gaps]) if without else effects
    whole = whole.sort_values("arm", key=lambda column: column.map(arms.index), kind="stable")
    effects_by_question(whole.assign(question=[style.plain(str(arm)) for arm in whole["arm"]]), ax)
    _places(ax, names)
    for arm in without:
        _written(ax, arms.index(arm), "no pair")
    ax.axvline(0, color=style.INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    ax.locator_params(axis="x", nbins=6)
    ax.legend(handles=parts_legend(), loc="upper left", bbox_to_anchor=(-0.2, _below(ax)), ncols=3, columnspacing=1.2)
    style.headed(ax, "A", f"Difference in {outcome}", f"arm less baseline, mean over pairs [{unit}]" if unit else "")


def _below(ax: Axes) -> float:
    """Return the place of a legend below the labels of an axis, however tall the panel is [axes heights]."""
    return -0.42 * ax.figure.dpi / ax.get_window_extent().height


def _places(ax: Axes, names: list[str]) -> None:
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    for place in range(1, len(names)):
        ax.axhline(place - 0.5, color=style.GROUND, linewidth=0.7, zorder=0)


def _written(ax: Axes, place: float, text: str) -> None:
    ax.text(
        0.5, place, text, transform=ax.get_yaxis_transform(), ha="center", va="center", color=style.QUIET,
        fontsize=style.SMALL,
    )  # fmt: skip


def _of(main: pd.DataFrame, arms: list[str], dates: str) -> dict[float, pd.Series]:
    """Return the rows of one kind of dates by the height at which they are drawn."""
    off = dict.fromkeys(DATES, STEP / 2) | {EMERGENT: -STEP / 2 if (main["dates"] != EMERGENT).any() else 0.0}
    return {arms.index(row["arm"]) + off[dates]: row for _, row in main[main["dates"] == dates].iterrows()}


def _saved(ax: Axes, main: pd.DataFrame, arms: list[str]) -> None:
    """How many times fewer runs pairs need, on a scale of ratios; what has no number is written."""
    from matplotlib.ticker import LogLocator

    known = main.loc[np.isfinite(main["saved"]), "saved"]
    ax.set_xscale("log")
    least, most = (float(known.min()), float(known.max())) if len(known) else (1.0, 1.0)
    ax.set_xlim(min(0.7, least / 1.5), max(12.0, 5.0 * most))
    ax.axvline(1.0, color=style.QUIET, linewidth=0.8, zorder=0)
    for dates, (marker, colour, _) in DATES.items():
        for height, row in _of(main, arms, dates).items():
            if np.isfinite(row["saved"]):
                ax.plot([row["saved"]], [height], marker, color=colour, markersize=4.6, zorder=3)
                ax.annotate(
                    f"{row['saved']:,.{1 if row['saved'] < 10 else 0}f}", (row["saved"], height), (6, 0),
                    textcoords="offset points", va="center", fontsize=style.SMALL, color=colour,
                )  # fmt: skip
            else:
                _written(ax, height, "all: pairs differ alike" if np.isinf(row["saved"]) else "nothing varies")
    _places(ax, [""] * len(arms))
    ax.xaxis.set_major_locator(LogLocator(numticks=4))
    style.thousands(ax.xaxis)
    ax.xaxis.set_minor_formatter(lambda *_: "")
    style.headed(ax, "B", "Runs saved", "times fewer than without pairs")


def _better(ax: Axes, main: pd.DataFrame, arms: list[str]) -> None:
    """In what share of pairs each arm is better."""
    for dates, (marker, colour, label) in DATES.items():
        rows = {height: row for height, row in _of(main, arms, dates).items() if row["better"] == row["better"]}
        if rows:
            share = np.array([row["better"] for row in rows.values()])
            ends = np.array([(row["better_low"], row["better_high"]) for row in rows.values()]).T
            reach = np.clip([share - ends[0], ends[1] - share], 0.0, None)
            ax.errorbar(
                share, list(rows), xerr=reach, fmt=marker, color=colour, markersize=4.6, elinewidth=1.3, label=label
            )
    ax.set_xlim(-0.03, 1.03)
    ax.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"])
    ax.axvline(0.5, color=style.GROUND, zorder=0)
    _places(ax, [""] * len(arms))
    if ax.get_legend_handles_labels()[0]:
        ax.legend(loc="upper right", bbox_to_anchor=(1.03, _below(ax)), ncols=3, columnspacing=0.9, handletextpad=0.2)
    style.headed(ax, "C", "How often better", "share of pairs in which the arm is better")


def _by_year(ax: Axes, rows: pd.DataFrame, arms: list[str]) -> None:
    """The difference of each arm in the examinees of each year, with a band."""
    if rows.empty:
        return style.unanswered(ax, "No year in which an arm differs was simulated")
    ends: dict[str, tuple[float, float, str]] = {}
    for number, arm in enumerate(arms):
        one, colour = rows[rows["arm"] == arm], style.CYCLE[number % len(style.CYCLE)]
        years = [int(name.rsplit("_", 1)[1]) for name in one["outcome"]]
        ax.plot(years, one["difference"], color=colour, linewidth=1.5)
        ax.fill_between(years, one["low"], one["high"], color=colour, alpha=0.16, linewidth=0)
        ends[style.plain(arm)] = (years[-1], float(one["difference"].iloc[-1]), colour)
    ax.axhline(0, color=style.QUIET, linewidth=0.8, zorder=0)
    ax.set_xlabel("school year")
    ax.locator_params(axis="x", integer=True)
    ax.xaxis.set_major_formatter("{x:.0f}")
    style.thousands(ax.yaxis)
    style.headed(ax, "D", "Examinees year by year", "arm less baseline, dates free, mean over pairs [students]")
    style.named_ends(ax, {name: end for name, end in ends.items() if end[1] == end[1]})
    return None


def _gaps(ax: Axes, rows: pd.DataFrame, arms: list[str]) -> None:
    """What each arm does to gaps between groups, in points."""
    looks: Mapping[str, tuple[str, str, str]] = {
        name: look for name, look in GAPS.items() if name in set(rows["outcome"])
    }
    if not looks:
        return style.unanswered(ax, "No gap of 2020 differs, or none was simulated")
    for number, (name, (marker, colour, label)) in enumerate(looks.items()):
        one = rows[rows["outcome"] == name]
        heights = [arms.index(arm) + (number - (len(looks) - 1) / 2) * STEP for arm in one["arm"]]
        middle, low, high = (POINTS * one[column].to_numpy() for column in ("difference", "low", "high"))
        reach = np.clip([middle - low, high - middle], 0.0, None)
        ax.errorbar(
            middle, heights, xerr=reach, fmt=marker, color=colour, markersize=4.2, elinewidth=1.2, label=label, zorder=3
        )
    ax.axvline(0, color=style.QUIET, linewidth=0.8, zorder=0)
    _places(ax, [style.plain(arm) for arm in arms])
    ax.legend(loc="upper left", bbox_to_anchor=(-0.45, -0.12), ncols=1, labelspacing=0.25)
    style.headed(ax, "E", "Gaps in 2020", "points of the share at five units; left of zero: narrower")
    return None
