"""A paired comparison on one page: effects and their parts, probability of being better, runs saved, years and gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.effects import THROUGH_STRENGTH, TOTAL
from sim.analysis.sweep_grid import EMERGENT, HELD, NONE
from sim.figures import style
from sim.figures.effects import LOOKS, STEP, effects_by_question, interval_note, parts_legend

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DATES = {EMERGENT: (*LOOKS[TOTAL], "dates free"), HELD: (*LOOKS[THROUGH_STRENGTH], "dates held"),
         NONE: ("D", style.PURPLE, "no acts")}  # fmt: skip
"""Marker, colour and name of each kind of dates; held dates look like the part that comes through strength."""

GAPS = {
    "gap_quintiles_2020": ("o", style.GREEN, "strongest less weakest quintile"),
    "gap_periphery_2020": ("s", style.PURPLE, "centre less periphery"),
    "gap_streams_2020": ("^", style.YELLOW, "state less non-Jewish schools"),
}
"""Marker, colour and name of the gaps that are drawn."""

LOWER = 2.6
"""Height of the lower panels [inches]."""

POINTS = 100.0
"""Percentage points in a share of 1."""


def comparison_page(
    table: pd.DataFrame,
    effects: pd.DataFrame,
    over_posterior: bool = False,
    provenance: str = "",
) -> Figure:
    """Return a comparison on one page, with details of the first outcome of the table.

    Args:
        table: as `sim.analysis.paired_differences.differences` returns it, with a column `by`: outcome, year or group
        effects: as `sim.analysis.paired_differences.effect_parts` returns it
        over_posterior: true if each pair has its own parameter set
        provenance: for the foot of the page
    """
    outcome, arms = str(table["outcome"].iloc[0]), list(dict.fromkeys(table["arm"]))
    main = table[(table["by"] == "outcome") & (table["outcome"] == outcome)]
    panel_height = 0.9 + 0.42 * len(arms)  # of the upper panels; all sizes here are in [inches]
    page_height = panel_height + LOWER + 4.05
    with style.figure_style():
        fig = style.sheet(12.5, page_height)
        places = {"upper": ((0.15, 0.37), (0.57, 0.17), (0.79, 0.19)), "lower": ((0.075, 0.43), (0.72, 0.26))}
        left, saved, better = (
            fig.add_axes((x, 1.0 - (panel_height + 1.2) / page_height, w, panel_height / page_height))
            for x, w in places["upper"]
        )
        year, gaps = (fig.add_axes((x, 1.65 / page_height, w, LOWER / page_height)) for x, w in places["lower"])
        _effects_panel(left, effects[effects["outcome"] == outcome], arms, str(main["unit"].iloc[0]))
        _runs_saved_panel(saved, main, arms)
        _better_panel(better, main, arms)
        _years_panel(year, table[(table["by"] == "year") & (table["dates"] == EMERGENT)], arms)
        _gaps_panel(gaps, table[(table["by"] == "group") & (table["dates"] == EMERGENT)], arms)
        _heading(fig, main, over_posterior)
        style.add_caption(fig, provenance)
    return fig


def _heading(fig: Figure, main: pd.DataFrame, over_posterior: bool) -> None:
    height, baseline = fig.get_figheight(), style.plain(str(main["baseline"].iloc[0]))
    fig.text(0.02, 1.0 - 0.12 / height, f"Differences from {baseline}", size=15, weight="bold", va="top")
    pairs = f"{int(main['pairs'].max()):,} pairs of runs with the same seed."
    text = f"{pairs} Bars are 95% intervals over pairs. {interval_note(main, over_posterior)}."
    fig.text(0.02, 1.0 - 0.45 / height, text, color=style.QUIET, va="top")


def _effects_panel(ax: Axes, effects: pd.DataFrame, arms: list[str], unit: str) -> None:
    """Draw the effect of each arm with its parts; write "no pair" for an arm without pairs."""
    outcome = style.plain(str(effects["outcome"].iloc[0])) if len(effects) else "outcome"
    names = [style.plain(arm) for arm in arms]
    without = [arm for arm in arms if arm not in set(effects["arm"])]
    gaps = pd.DataFrame({"arm": without, "part": TOTAL, "effect": np.nan, "low": np.nan, "high": np.nan})
    all_rows = pd.concat([effects, gaps]) if without else effects
    all_rows = all_rows.sort_values("arm", key=lambda column: column.map(arms.index), kind="stable")
    effects_by_question(all_rows.assign(question=[style.plain(str(arm)) for arm in all_rows["arm"]]), ax)
    _places(ax, names)
    for arm in without:
        _note_in_row(ax, arms.index(arm), "no pair")
    ax.axvline(0, color=style.INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    ax.locator_params(axis="x", nbins=6)
    ax.legend(handles=parts_legend(), loc="upper left", bbox_to_anchor=(-0.2, _below(ax)), ncols=3, columnspacing=1.2)
    style.add_heading(
        ax, "A", f"Difference in {outcome}", f"arm minus baseline, mean over pairs [{unit}]" if unit else ""
    )


def _below(ax: Axes) -> float:
    """Return the place of a legend below the labels of an axis, for a panel of any height [axes heights]."""
    return -0.42 * ax.figure.dpi / ax.get_window_extent().height


def _places(ax: Axes, names: list[str]) -> None:
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    for place in range(1, len(names)):
        ax.axhline(place - 0.5, color=style.GROUND, linewidth=0.7, zorder=0)


def _note_in_row(ax: Axes, place: float, text: str) -> None:
    ax.text(
        0.5, place, text, transform=ax.get_yaxis_transform(), ha="center", va="center", color=style.QUIET,
        fontsize=style.SMALL,
    )  # fmt: skip


def _rows_by_height(main: pd.DataFrame, arms: list[str], dates: str) -> dict[float, pd.Series]:
    """Return the rows of one kind of dates by the height at which they are drawn."""
    offsets = dict.fromkeys(DATES, STEP / 2) | {EMERGENT: -STEP / 2 if (main["dates"] != EMERGENT).any() else 0.0}
    return {arms.index(row["arm"]) + offsets[dates]: row for _, row in main[main["dates"] == dates].iterrows()}


def _runs_saved_panel(ax: Axes, main: pd.DataFrame, arms: list[str]) -> None:
    """Draw the factor by which pairs reduce the runs needed, on a log scale; write a note where there is no number."""
    from matplotlib.ticker import LogLocator

    finite = main.loc[np.isfinite(main["saved"]), "saved"]
    ax.set_xscale("log")
    lowest, highest = (float(finite.min()), float(finite.max())) if len(finite) else (1.0, 1.0)
    ax.set_xlim(min(0.7, lowest / 1.5), max(12.0, 5.0 * highest))
    ax.axvline(1.0, color=style.QUIET, linewidth=0.8, zorder=0)
    for dates, (marker, colour, _) in DATES.items():
        for height, row in _rows_by_height(main, arms, dates).items():
            if np.isfinite(row["saved"]):
                ax.plot([row["saved"]], [height], marker, color=colour, markersize=4.6, zorder=3)
                ax.annotate(
                    f"{row['saved']:,.{1 if row['saved'] < 10 else 0}f}", (row["saved"], height), (6, 0),
                    textcoords="offset points", va="center", fontsize=style.SMALL, color=colour,
                )  # fmt: skip
            else:
                _note_in_row(
                    ax, height, "all: every pair differs equally" if np.isinf(row["saved"]) else "nothing varies"
                )
    _places(ax, [""] * len(arms))
    ax.xaxis.set_major_locator(LogLocator(numticks=4))
    style.thousands(ax.xaxis)
    ax.xaxis.set_minor_formatter(lambda *_: "")
    style.add_heading(ax, "B", "Runs saved", "times fewer than without pairs")


def _better_panel(ax: Axes, main: pd.DataFrame, arms: list[str]) -> None:
    """Draw the share of pairs in which each arm is better."""
    for dates, (marker, colour, label) in DATES.items():
        rows = {
            height: row for height, row in _rows_by_height(main, arms, dates).items() if row["better"] == row["better"]
        }
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
    style.add_heading(ax, "C", "How often better", "share of pairs in which the arm is better")


def _years_panel(ax: Axes, rows: pd.DataFrame, arms: list[str]) -> None:
    """Draw the difference of each arm in the examinees of each year, with its interval as a band."""
    if rows.empty:
        return style.show_reason(ax, "No simulated year differs between arms")
    ends: dict[str, tuple[float, float, str]] = {}
    for number, arm in enumerate(arms):
        arm_rows, colour = rows[rows["arm"] == arm], style.CYCLE[number % len(style.CYCLE)]
        years = [int(name.rsplit("_", 1)[1]) for name in arm_rows["outcome"]]
        ax.plot(years, arm_rows["difference"], color=colour, linewidth=1.5)
        ax.fill_between(years, arm_rows["low"], arm_rows["high"], color=colour, alpha=0.16, linewidth=0)
        ends[style.plain(arm)] = (years[-1], float(arm_rows["difference"].iloc[-1]), colour)
    ax.axhline(0, color=style.QUIET, linewidth=0.8, zorder=0)
    ax.set_xlabel("school year")
    ax.locator_params(axis="x", integer=True)
    ax.xaxis.set_major_formatter("{x:.0f}")
    style.thousands(ax.yaxis)
    style.add_heading(ax, "D", "Examinees year by year", "arm minus baseline, dates free, mean over pairs [students]")
    style.label_ends(ax, {name: end for name, end in ends.items() if end[1] == end[1]})
    return None


def _gaps_panel(ax: Axes, rows: pd.DataFrame, arms: list[str]) -> None:
    """Draw the effect of each arm on gaps between groups [percentage points]."""
    looks: Mapping[str, tuple[str, str, str]] = {
        name: look for name, look in GAPS.items() if name in set(rows["outcome"])
    }
    if not looks:
        return style.show_reason(ax, "No gap of 2020 differs or was simulated")
    for number, (name, (marker, colour, label)) in enumerate(looks.items()):
        gap_rows = rows[rows["outcome"] == name]
        heights = [arms.index(arm) + (number - (len(looks) - 1) / 2) * STEP for arm in gap_rows["arm"]]
        middle, low, high = (POINTS * gap_rows[column].to_numpy() for column in ("difference", "low", "high"))
        reach = np.clip([middle - low, high - middle], 0.0, None)
        ax.errorbar(
            middle, heights, xerr=reach, fmt=marker, color=colour, markersize=4.2, elinewidth=1.2, label=label, zorder=3
        )
    ax.axvline(0, color=style.QUIET, linewidth=0.8, zorder=0)
    _places(ax, [style.plain(arm) for arm in arms])
    ax.legend(loc="upper left", bbox_to_anchor=(-0.45, -0.12), ncols=1, labelspacing=0.25)
    style.add_heading(ax, "E", "Gaps in 2020", "points of the share at five units; left of zero: narrower")
    return None
