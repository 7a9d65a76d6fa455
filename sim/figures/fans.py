"""Fans: the median of runs with their middle 50% and 90% by year, and published counts."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.enrolment import COLUMN_OF, yearly
from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BANDS = ((90, 0.20), (50, 0.35))
"""Middle share of the runs in each band [percent], and its opacity."""


def fan(long: pd.DataFrame, ax: Axes, y: str, x: str = "year", colour: str = style.BLUE) -> None:
    """Draw the median and the middle 50% and 90% of the runs at each `x`.

    Args:
        long: a row for each run and `x`, with columns `x` and `y`
        ax: axes to draw on
        y: column to draw
        x: column along the axis
        colour: of line and bands
    """
    import seaborn as sns

    for width, alpha in BANDS:
        sns.lineplot(
            long, x=x, y=y, estimator="median", errorbar=("pi", width), color=colour, linewidth=0, legend=False, ax=ax,
            err_kws={"alpha": alpha, "linewidth": 0},
        )  # fmt: skip
    sns.lineplot(long, x=x, y=y, estimator="median", errorbar=None, color=colour, linewidth=1.7, legend=False, ax=ax)
    ax.set(xlabel="", ylabel="")


def fans_by(frame: pd.DataFrame, ax: Axes, by: str = "scenario", of: str = "count") -> None:
    """Draw a fan of enrolment for each value of a column, named in a legend.

    Args:
        frame: a row for each run: columns `by`, seed and examinees_YEAR (or share_YEAR)
        ax: axes to draw on
        by: column whose values have a fan each
        of: "count" of examinees [students] or their "share" of the grade
    """
    from matplotlib.lines import Line2D

    long = yearly(frame, [by, "seed"], of)
    names = list(dict.fromkeys(frame[by]))
    handles = [Line2D([], [], color=colour, label=str(name)) for name, colour in zip(names, cycle(style.CYCLE))]
    for name, handle in zip(names, handles, strict=True):
        fan(long[long[by] == name], ax, COLUMN_OF[of], colour=str(handle.get_color()))
    ax.legend(handles=handles, loc="upper left")
    ax.set_ylabel("examinees at five units [students]" if of == "count" else "share of the grade [0-1]")
    ax.set_ylim(bottom=0)
    ax.grid(axis="y", color=style.GROUND)


def draw_published(published: pd.DataFrame, ax: Axes) -> None:
    """Draw published counts as dots: columns year and value [students]."""
    ax.scatter(
        published["year"], published["value"], s=20, color=style.INK, edgecolor="white", linewidth=0.7, zorder=6,
        label="published",
    )  # fmt: skip


def draw_levels(ax: Axes, levels: dict[str, float], labelled: bool = True) -> None:
    """Draw dashed lines at levels [students], each labelled at the left end."""
    for number, (label, level) in enumerate(sorted(levels.items(), key=lambda item: item[1])):
        ax.axhline(level, color=style.INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        if labelled:
            ax.annotate(
                label, (0.02, level), (0, 2 if number else -2), xycoords=("axes fraction", "data"),
                textcoords="offset points", va="bottom" if number else "top", fontsize=style.SMALL, color=style.INK,
            )  # fmt: skip


def draw_policy_line(ax: Axes, first_year: float, labelled: bool = True) -> None:
    """Draw a line before the first school year under the nominal policy [school year], labelled at its foot."""
    ax.axvline(first_year, color=style.ORANGE, linewidth=1.0, zorder=1)
    if labelled:
        ax.annotate(
            "first school\nyear if decided\nas dated", (first_year, 0.03), (-3, 0), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="right", fontsize=style.SMALL - 0.6, color=style.ORANGE,
        )  # fmt: skip


def fan_legend(colour: str = style.QUIET) -> list[Any]:
    """Return handles for a legend of a fan with published dots."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    wide, half = (Patch(facecolor=colour, alpha=alpha, label=f"middle {width}% of runs") for width, alpha in BANDS)
    dot = Line2D([], [], marker="o", linestyle="", color=style.INK, markersize=4.5, label="published count")
    return [Line2D([], [], color=colour, linewidth=1.7, label="median run"), half, wide, dot]
