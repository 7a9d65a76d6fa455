"""An evaluator's study of programme schools beside the truth of the model: courses by year, run by run, and why they differ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.evaluation_bias import METHODS, PLAIN, SYNTHETIC, method_errors
from sim.figures import style
from sim.findings.evaluation import sentences

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {SYNTHETIC: style.BLUE, PLAIN: style.ORANGE}
"""Colour of each method."""

LINES = {
    "programme": (style.INK, "-", "programme schools"),
    "control": (style.BLUE, "-", "their synthetic control"),
    "without": (style.GREEN, (0, (4, 2)), "the same schools without the programme"),
}
"""Colour, dashes and name of each course."""


def study_page(rows: pd.DataFrame, years: pd.DataFrame, unit: str, made: str = "") -> Figure:
    """What the study finds, beside what the programme did.

    Args:
        rows: of several runs, as `sim.analysis.evaluation_bias.method_estimates` gives them, with `seed`
        years: their courses, as `sim.analysis.evaluation_bias.mean_trajectories` gives them, with `seed`
        unit: of the outcome, in words
        made: provenance
    """
    with style.applied():
        figure = style.sheet(14.0, 7.6)
        figure.text(
            0.02, 0.96, "What a study of programme schools would find", fontsize=style.TITLE, weight="bold", va="center"
        )
        places = ((0.04, 0.355, 0.29, 0.48), (0.39, 0.355, 0.22, 0.48), (0.675, 0.355, 0.31, 0.48))
        course, each, why = (figure.add_axes(place) for place in places)
        _courses(course, years, unit)
        _runs(each, rows)
        _parts(why, method_errors(rows))
        said = [re.sub(r"(?<=[ (])-(?=\d)", "\N{MINUS SIGN}", line) for line in sentences(method_errors(rows), unit)]
        style.bulleted(figure.add_axes((0.02, 0.075, 0.96, 0.2)), said)
        style.caption(figure, made)
    return figure


def _courses(ax: Axes, years: pd.DataFrame, unit: str) -> None:
    """Mean over runs of each course, with the middle 90% of runs of the programme schools'."""
    by_year = years.groupby("year")
    low, high = (by_year["programme"].quantile(level) for level in (0.05, 0.95))
    ax.fill_between(low.index, low, high, color=style.FAINT, alpha=0.5, linewidth=0)
    for name, (colour, dashes, label) in LINES.items():
        mean = by_year[name].mean()
        ax.plot(mean.index, mean, color=colour, linestyle=dashes, linewidth=1.8, label=label)
    ax.set_ylim(bottom=0.0)
    ax.legend(loc="lower left")
    ax.locator_params(axis="x", integer=True)
    ax.grid(axis="y", color=style.GROUND)
    style.headed(ax, "A", "Year by year", f"mean over runs, band: middle 90% of runs [{unit}]")


def _runs(ax: Axes, rows: pd.DataFrame) -> None:
    """Every run's estimates with their intervals over its truth, the two methods a little apart."""
    low, high = float(rows["truth"].min()), float(rows["truth"].max())
    room = max(0.15 * (high - low), 0.02 * abs(high), 1e-6)
    for side, method in zip((-0.1, 0.1), METHODS, strict=True):
        each = rows[rows["method"] == method]
        reach = [each["estimate"] - each["low"], each["high"] - each["estimate"]]
        ax.errorbar(each["truth"] + side * room, each["estimate"], yerr=reach, fmt="o", color=COLOURS[method],
                    markersize=3.6, elinewidth=0.7, label=method.partition(" ")[0])  # fmt: skip
    ax.set_xlim(low - room, high + room)
    ax.plot(
        [low - room, high + room], [low - room, high + room], color=style.QUIET, linewidth=1.2, label="estimate = truth"
    )
    ax.axhline(0, color=style.FAINT, linewidth=0.8, zorder=0)
    ax.margins(y=0.2)
    ax.set_xlabel("truth of the run")
    ax.legend(loc="lower left", ncols=3, handletextpad=0.3, columnspacing=0.9)
    style.headed(ax, "B", "Run by run", "estimate with its 95% interval, over the effect in the model")


def _parts(ax: Axes, table: pd.DataFrame) -> None:
    """From the truth to the estimate, step by step, for each method."""
    names = ("truth", "selection", "spillover", "estimate")
    for number, row in enumerate(table.to_dict("records")):
        steps = np.cumsum([row["truth"], row["selection"], row["spillover"]])
        starts, ends = [0.0, steps[0], steps[1], 0.0], [*steps, row["estimate"]]
        for place, (begin, end) in enumerate(zip(starts, ends, strict=True)):
            at = place + 0.4 * number - 0.2
            ax.bar(
                at,
                end - begin,
                0.36,
                bottom=begin,
                color=COLOURS[row["method"]],
                alpha=0.85 if place % 3 == 0 else 0.45,
            )
            ax.annotate(style.signed(f"{end - begin:+.2f}"), (at, max(begin, end)), (0, 2), textcoords="offset points",
                        ha="center", fontsize=6.6)  # fmt: skip
    ax.axhline(0, color=style.QUIET, linewidth=0.8)
    ax.set_xticks(range(len(names)), names)
    ax.tick_params(axis="x", length=0)
    ax.use_sticky_edges = False
    ax.margins(y=0.08)
    style.headed(ax, "C", "From truth to estimate", "mean over runs; selection and spillover are the error")
