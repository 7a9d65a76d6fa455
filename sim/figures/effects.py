"""Effects and their two parts, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.effects import PARTS, THROUGH_DATES, THROUGH_STRENGTH, TOTAL
from sim.analysis.sweep_grid import timing_order
from sim.figures import style
from sim.figures.heat_maps import timing_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOOKS = {TOTAL: ("o", style.INK), THROUGH_DATES: ("s", style.ORANGE), THROUGH_STRENGTH: ("^", style.BLUE)}
"""Marker and colour of an effect and its parts."""

WHOLE = 10.0
"""Differences from this size on are labelled as whole numbers [outcome's unit]."""

FEW = 10
"""Below this number of pairs of runs an interval is itself unreliable."""

STEP = 0.22
"""Distance between the three marks of one row [rows]."""


def effects_by_timing(effects: pd.DataFrame, ax: Axes) -> None:
    """Draw an effect of facilitation and its parts at each timing.

    Args:
        effects: columns timing, part, effect, low, high
        ax: axes to draw on
    """
    timings = sorted(effects["timing"].unique(), key=timing_order)
    for number, part in enumerate(PARTS):
        rows = effects[effects["part"] == part]
        places = [timings.index(timing) + (number - 1) * STEP for timing in rows["timing"]]
        _marks(ax, part, (places, rows["effect"].tolist()), yerr=_reach(rows))
    ax.axhline(0, color=style.QUIET, linewidth=0.8, zorder=0)
    ax.set_xticks(range(len(timings)), [timing_label(timing).splitlines()[0] for timing in timings])
    ax.tick_params(axis="x", length=0)
    ax.set_xlim(-0.6, len(timings) - 0.4)
    ax.grid(axis="y", color=style.GROUND)
    style.thousands(ax.yaxis)


def effects_by_question(effects: pd.DataFrame, ax: Axes) -> None:
    """Draw effects and their parts, a row for each question.

    Args:
        effects: columns question, part, effect, low, high
        ax: axes to draw on
    """
    questions = list(dict.fromkeys(effects["question"]))
    for number, part in enumerate(PARTS):
        rows = effects[effects["part"] == part]
        places = [questions.index(name) + (number - 1) * STEP for name in rows["question"]]
        _marks(ax, part, (rows["effect"].tolist(), places), xerr=_reach(rows))
    ax.axvline(0, color=style.QUIET, linewidth=0.8, zorder=0)
    ax.set_yticks(range(len(questions)), questions)
    ax.set_ylim(len(questions) - 0.5, -0.5)
    ax.grid(axis="x", color=style.GROUND)
    ax.locator_params(axis="x", nbins=3)
    style.thousands(ax.xaxis)


def arms(differences: pd.DataFrame, ax: Axes, unit: str = "") -> None:
    """Draw paired differences of arms from their baseline with intervals, a row for each arm; "no pair" where there is none.

    Args:
        differences: as `sim.analysis.effects.paired` returns them: arm, baseline, outcome, difference, low, high,
            level, n
        ax: axes to draw on
        unit: of the outcome
    """
    rows = differences.rename(columns={"difference": "effect"})
    places = [float(place) for place in range(len(rows))]
    _marks(ax, TOTAL, (rows["effect"].tolist(), places), xerr=_reach(rows))
    ax.axvline(0, color=style.INK, linewidth=1.1, linestyle=(0, (4, 3)), zorder=1)
    for place in (place for place, n in zip(places, rows["n"], strict=True) if not n):
        ax.text(
            0.5, place, "no pair", transform=ax.get_yaxis_transform(), ha="center", va="center", color=style.QUIET,
            backgroundcolor="white",
        )  # fmt: skip
    ax.set_yticks(places, [style.plain(str(arm)) for arm in rows["arm"]])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    baseline = style.plain(str(rows["baseline"].iloc[0]))
    axis_label = f"{style.plain(str(rows['outcome'].iloc[0]))} minus {baseline}"
    interval = f"{rows['level'].iloc[0]:.0%} interval over pairs"
    ax.set_xlabel(f"{axis_label} [{unit}], {interval}" if unit else f"{axis_label}, {interval}")
    ax.set_title(f"Difference from {baseline} (dashed: none), {_pairs(rows)}", loc="left")
    ax.grid(axis="x", color=style.GROUND)
    if (rows[["effect", "low", "high"]].abs() >= WHOLE).any(axis=None):
        style.thousands(ax.xaxis)


def _pairs(rows: pd.DataFrame) -> str:
    """Return the number of pairs of runs behind the differences, in words."""
    fewest, most = int(rows["n"].min()), int(rows["n"].max())
    count = f"{most:,}" if fewest == most else f"{fewest:,} to {most:,}"
    return f"{count} {'pair' if most == 1 else 'pairs'} of runs"


def interval_note(differences: pd.DataFrame, over_posterior: bool = False) -> str:
    """Return a note on paired differences: the uncertainty in their intervals, and a warning if there are few pairs.

    Args:
        differences: as `sim.analysis.effects.paired` returns them: column n [pairs], 0 for an arm that is not shown
        over_posterior: true if each pair has its own parameter set
    """
    covered = (
        "random variation and the parameter sets of the posterior"
        if over_posterior
        else "random variation only, at these parameters"
    )
    few = differences["n"].between(1, FEW - 1).any()
    return f"Intervals cover {covered}{'; too few pairs to rely on' if few else ''}"


def _marks(ax: Axes, part: str, places: tuple[list[float], list[float]], **reach: Any) -> None:
    marker, colour = LOOKS[part]
    ax.errorbar(
        *places, fmt=marker, color=colour, markersize=4.6, elinewidth=1.3, capsize=0, label=part, zorder=3, **reach
    )


def _reach(rows: pd.DataFrame) -> Any:
    return [(rows["effect"] - rows["low"]).clip(lower=0), (rows["high"] - rows["effect"]).clip(lower=0)]


LEGEND_SUFFIX = {TOTAL: "", THROUGH_DATES: " (of the ministry)", THROUGH_STRENGTH: " (at the same dates)"}
"""Text that the legend adds to the name of a part."""


def parts_legend() -> list[Any]:
    """Return handles for a legend of an effect and its parts."""
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], marker=marker, color=colour, linestyle="", markersize=5, label=f"{part}{LEGEND_SUFFIX[part]}")
        for part, (marker, colour) in LOOKS.items()
    ]
