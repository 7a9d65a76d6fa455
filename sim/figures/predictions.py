"""Predictions of a calibrated model: scenarios by year, and an effect along parameters that the record does not fix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.enrolment import yearly
from sim.analysis.predictions import by_tercile
from sim.figures import fans, style
from sim.figures.trajectories import enrolment

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def predictions_page(frame: pd.DataFrame, published: pd.DataFrame, fitted: int, provenance: str = "") -> Figure:
    """Return a fan of examinees for each scenario, on one scale, with the published counts.

    Args:
        frame: a row for each run, with columns scenario, seed and examinees_YEAR [students]
        published: columns year and value [students]
        fitted: the last school year that was fitted
        provenance: for the foot of the page
    """
    with style.figure_style():
        fig = style.sheet(12.5, 5.4)
        panels = fig.subplots(1, frame["scenario"].nunique(), sharey=True)
        fig.subplots_adjust(left=0.075, right=0.985, bottom=0.16, top=0.8, wspace=0.06)
        years = yearly(frame, ["scenario", "seed"])
        for number, (name, runs) in enumerate(years.groupby("scenario", sort=False)):
            ax = panels[number]
            enrolment(runs, ax, published)
            ax.get_legend().remove()
            ax.set_ylabel("")
            style.add_heading(ax, LETTERS[number], style.plain(str(name)))
            _fitted_until(ax, fitted)
        panels[0].set_ylabel("examinees at five units [students]")
        panels[0].legend(handles=fans.fan_legend(style.BLUE), loc="upper left")
        fig.text(0.53, 0.085, "school year", ha="center")
        _headed(fig, "Examinees predicted, scenario by scenario", f"{_sets(frame)}.")
        style.add_caption(fig, f"{SOURCES}\n{provenance}".strip())
    return fig


def _fitted_until(ax: Axes, year: int) -> None:
    ax.axvline(year, color=style.QUIET, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    ax.annotate(
        f"nothing fitted\nafter {year}", (year, 0.03), (5, 0), xycoords=("data", "axes fraction"),
        textcoords="offset points", fontsize=style.SMALL, color=style.QUIET
    )  # fmt: skip


LETTERS = "ABCDEFGH"
"""Letters of panels."""

SOURCES = "Published counts and facts fitted to: configs/data/targets.csv."
"""Source of the published figures."""


def terciles_page(pairs: pd.DataFrame, labels: Mapping[str, str], effect: str, provenance: str = "") -> Figure:
    """Return an effect along some parameters: a dot for each parameter set, and the mean of each tercile with its interval.

    Args:
        pairs: a row for each parameter set: `effect`, and a column for each of `labels`; NaN if a model fixes it
        labels: parameters by name, in words with their unit
        effect: the effect in words with its unit
        provenance: for the foot of the page
    """
    with style.figure_style():
        fig = style.sheet(10.5, 8.4)
        height = 0.335
        for number, (name, label) in enumerate(labels.items()):
            row, column = divmod(number, 2)
            ax = fig.add_axes((0.085 + 0.48 * column, 0.545 - 0.435 * row, 0.42, height))
            drawn = pairs[pairs[name].notna()]
            _along(ax, drawn[name], drawn["effect"], label)
            style.add_heading(ax, LETTERS[number], name)
            if not column:
                ax.set_ylabel(effect)
        subtitle = (
            f"{len(pairs)} parameter sets, one pair of runs each (dots). Bars: mean of a tercile of the sets, with its 95% "
            "interval; in percent, sets with an effect above zero."
        )
        if pairs[list(labels)].isna().any(axis=None):
            subtitle += " A panel leaves out the sets of models that fix its parameter."
        _headed(fig, "Effect of the backbone along parameters that the record does not fix", subtitle)
        style.add_caption(fig, f"{SOURCES}\n{provenance}".strip())
    return fig


def _along(ax: Axes, values: pd.Series[float], effects: pd.Series[float], label: str) -> None:
    """Draw one panel: the dots, and for each tercile its mean, interval and share above zero."""
    ax.scatter(values, effects, s=13, color=style.SKY, alpha=0.75, linewidth=0, zorder=2)
    ax.axhline(0.0, color=style.INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    terciles = by_tercile(values, effects)
    columns = (terciles[name].tolist() for name in ("least", "most", "effect", "low", "high", "positive"))
    for least, most, effect, low, high, positive in zip(*columns, strict=True):
        middle = (least + most) / 2.0
        ax.plot([least, most], [effect] * 2, color=style.ORANGE, linewidth=2.0, zorder=4)
        ax.plot([middle] * 2, [low, high], color=style.ORANGE, linewidth=1.3, zorder=4)
        ax.annotate(
            f"{positive:.0%}", (middle, 1.0), (0, -1), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="center", va="top", fontsize=style.SMALL, color=style.ORANGE
        )  # fmt: skip
    ax.margins(y=0.13)
    ax.set_xlabel(label)
    ax.grid(axis="y", color=style.GROUND)
    style.thousands(ax.yaxis)


def _headed(fig: Figure, title: str, second: str) -> None:
    tall = fig.get_figheight()
    fig.text(0.02, 1.0 - 0.12 / tall, title, size=15, weight="bold", va="top")
    fig.text(0.02, 1.0 - 0.45 / tall, second, color=style.QUIET, va="top")


def _sets(frame: pd.DataFrame) -> str:
    return f"{frame['seed'].nunique():,} parameter sets, each with its own seed"
