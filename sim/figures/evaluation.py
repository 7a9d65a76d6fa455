"""An evaluator's study of programme schools beside the true effect in the model: years, single runs, and sources of error."""

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


def study_page(rows: pd.DataFrame, years: pd.DataFrame, unit: str, provenance: str = "") -> Figure:
    """Return the page of a study: its estimates beside the true effect of the programme.

    Args:
        rows: of several runs, as `sim.analysis.evaluation_bias.method_estimates` returns them, with `seed`
        years: their courses, as `sim.analysis.evaluation_bias.mean_trajectories` returns them, with `seed`
        unit: of the outcome, in words
        provenance: for the foot of the page
    """
    with style.figure_style():
        figure = style.sheet(14.0, 7.6)
        figure.text(
            0.02, 0.96, "Estimates of a study of programme schools", fontsize=style.TITLE, weight="bold", va="center"
        )
        places = ((0.04, 0.355, 0.29, 0.48), (0.39, 0.355, 0.22, 0.48), (0.675, 0.355, 0.31, 0.48))
        years_ax, runs, parts = (figure.add_axes(place) for place in places)
        _years_panel(years_ax, years, unit)
        _runs_panel(runs, rows)
        _parts_panel(parts, method_errors(rows))
        bullets = [re.sub(r"(?<=[ (])-(?=\d)", "\N{MINUS SIGN}", line) for line in sentences(method_errors(rows), unit)]
        style.bullet_list(figure.add_axes((0.02, 0.075, 0.96, 0.2)), bullets)
        style.add_caption(figure, provenance)
    return figure


def _years_panel(ax: Axes, years: pd.DataFrame, unit: str) -> None:
    """Draw the mean over runs of each course, with the middle 90% of the runs of programme schools."""
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
    style.add_heading(ax, "A", "Year by year", f"mean over runs, band: middle 90% of runs [{unit}]")


def _runs_panel(ax: Axes, rows: pd.DataFrame) -> None:
    """Draw each run's estimates with intervals against its true effect, the two methods slightly apart."""
    low, high = float(rows["truth"].min()), float(rows["truth"].max())
    margin = max(0.15 * (high - low), 0.02 * abs(high), 1e-6)
    for side, method in zip((-0.1, 0.1), METHODS, strict=True):
        method_rows = rows[rows["method"] == method]
        reach = [method_rows["estimate"] - method_rows["low"], method_rows["high"] - method_rows["estimate"]]
        ax.errorbar(method_rows["truth"] + side * margin, method_rows["estimate"], yerr=reach, fmt="o", color=COLOURS[method],
                    markersize=3.6, elinewidth=0.7, label=method.partition(" ")[0])  # fmt: skip
    ax.set_xlim(low - margin, high + margin)
    ax.plot(
        [low - margin, high + margin],
        [low - margin, high + margin],
        color=style.QUIET,
        linewidth=1.2,
        label="estimate = true effect",
    )
    ax.axhline(0, color=style.FAINT, linewidth=0.8, zorder=0)
    ax.margins(y=0.2)
    ax.set_xlabel("true effect in the run")
    ax.legend(loc="lower left", ncols=3, handletextpad=0.3, columnspacing=0.9)
    style.add_heading(ax, "B", "Run by run", "estimate with its 95% interval, against the effect in the model")


def _parts_panel(ax: Axes, table: pd.DataFrame) -> None:
    """Draw the steps from the true effect to the estimate, for each method."""
    names = ("truth", "selection", "spillover", "estimate")
    for number, row in enumerate(table.to_dict("records")):
        steps = np.cumsum([row["truth"], row["selection"], row["spillover"]])
        starts, ends = [0.0, steps[0], steps[1], 0.0], [*steps, row["estimate"]]
        for place, (begin, end) in enumerate(zip(starts, ends, strict=True)):
            x = place + 0.4 * number - 0.2
            ax.bar(
                x,
                end - begin,
                0.36,
                bottom=begin,
                color=COLOURS[row["method"]],
                alpha=0.85 if place % 3 == 0 else 0.45,
            )
            ax.annotate(style.signed(f"{end - begin:+.2f}"), (x, max(begin, end)), (0, 2), textcoords="offset points",
                        ha="center", fontsize=6.6)  # fmt: skip
    ax.axhline(0, color=style.QUIET, linewidth=0.8)
    ax.set_xticks(range(len(names)), names)
    ax.tick_params(axis="x", length=0)
    ax.use_sticky_edges = False
    ax.margins(y=0.08)
    style.add_heading(ax, "C", "From truth to estimate", "mean over runs; selection and spillover are the error")
