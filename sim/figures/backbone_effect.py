"""The backbone's effect: prior beside posterior model by model, and what each use of its hours adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.backbone_effect import AVERAGE, DIRECT, EXAMINEES, POSTERIOR, PRIOR, TOTAL
from sim.figures import style
from sim.findings.models import model_words, weight_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOOKS = {PRIOR: (style.FAINT, style.QUIET, -0.2), POSTERIOR: (style.SKY, style.BLUE, 0.2)}
"""Colour of dots, colour of intervals and place beside its row, for prior and posterior."""

PARTS = {TOTAL: ("o", style.BLUE, -0.15), DIRECT: ("s", style.ORANGE, 0.15)}
"""Marker, colour and place beside its row of an effect in total and at held dates."""

ROW = 0.56
"""Height of a model [inches]."""

SEED = 1
"""Of the jitter of dots."""


def effect_page(effects: pd.DataFrame, pairs: pd.DataFrame, weights: str, made: str = "") -> Figure:
    """Return the page of the effect on examinees of 2020: a dot a parameter set, the mean with its interval.

    Args:
        effects: rows of `sim.analysis.backbone_effect.effects`
        pairs: rows of `sim.analysis.backbone_effect.paired_effects`
        weights: of the models, in words
        made: provenance
    """
    rows = effects[effects["outcome"] == EXAMINEES]
    names = list(dict.fromkeys(rows["model"]))
    inches = ROW * len(names)
    height = inches + 2.05
    with style.applied():
        fig = style.sheet(10.5, height)
        ax = fig.add_axes((0.245, 0.95 / height, 0.615, inches / height))
        for place, name in enumerate(names):
            _model(ax, rows[rows["model"] == name], pairs[pairs["model"] == name], place)
        ax.axvline(0.0, color=style.INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
        ax.axhspan(len(names) - 1.5, len(names) - 0.5, color=style.GROUND, zorder=0, linewidth=0)
        ax.set_yticks(range(len(names)), [model_words(name) for name in names])
        ax.get_yticklabels()[-1].set_fontweight("bold")
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.set_xlabel("examinees of 2020 that the backbone adds [students]")
        ax.grid(axis="x", color=style.GROUND)
        style.thousands(ax.xaxis)
        _weights(ax, rows, names)
        _legend(fig, height)
        fig.text(
            0.02, 1.0 - 0.12 / height, "The backbone's effect, prior beside posterior", size=15, weight="bold", va="top"
        )
        second = f"With a backbone less without one, the ministry free, luck and parameters the same. {weights.capitalize()}."
        fig.text(0.02, 1.0 - 0.45 / height, second, color=style.QUIET, va="top")
        lines = "Thin lines: middle 90% of sets. Thick bars: 95% interval of the mean over sets and luck."
        style.caption(fig, f"Dots: mean of a parameter set over its runs. {lines}\n{made}".strip())
    return fig


def _model(ax: Axes, rows: pd.DataFrame, pairs: pd.DataFrame, place: int) -> None:
    """Draw prior and posterior of a model: its sets, their middle 90%, the mean with its interval."""
    jitter = np.random.default_rng(SEED)
    for over, (faint, strong, beside) in LOOKS.items():
        row = rows[rows["over"] == over].iloc[0]
        means = pairs[pairs["over"] == over].groupby("set")[EXAMINEES].mean()
        scatter = place + beside + jitter.uniform(-0.1, 0.1, len(means))
        ax.scatter(means, scatter, s=11, color=faint, linewidth=0, alpha=0.8, zorder=2)
        ax.plot([row["low_90"], row["high_90"]], [place + beside] * 2, color=strong, linewidth=1.0, zorder=3)
        ax.plot(
            [row["low"], row["high"]],
            [place + beside] * 2,
            color=strong,
            linewidth=3.6,
            zorder=4,
            solid_capstyle="butt",
        )
        ax.plot(row["effect"], place + beside, "D" if row["model"] == AVERAGE else "o", color="white",
                markeredgecolor=strong, markersize=5.6, zorder=5)  # fmt: skip


def _weights(ax: Axes, rows: pd.DataFrame, names: Sequence[str]) -> None:
    """Write the weights of the models beside their rows."""
    ax.annotate("weight\nprior, posterior", (1.0, 1.0), (8, 4), xycoords="axes fraction", textcoords="offset points",
                fontsize=style.SMALL, color=style.QUIET, va="bottom")  # fmt: skip
    for place, name in enumerate(names):
        own = rows[rows["model"] == name].set_index("over")["weight"]
        told = f"{weight_text(own[PRIOR])}, {weight_text(own[POSTERIOR])}" if name != AVERAGE else ""
        ax.annotate(told, (1.0, place), (8, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                    fontsize=style.SMALL, va="center")  # fmt: skip


def _legend(fig: Figure, height: float) -> None:
    from matplotlib.lines import Line2D

    marks = []
    for over, (_, strong, _) in LOOKS.items():
        marks.append(Line2D([], [], color=strong, linewidth=3.6, marker="o", markerfacecolor="white", markersize=5.6,
                            label=f"{over}: mean and 95% interval"))  # fmt: skip
        marks.append(Line2D([], [], color=strong, linewidth=1.0, label=f"{over}: middle 90% of sets"))
    fig.legend(handles=marks, loc="upper left", bbox_to_anchor=(0.012, 1.0 - 0.62 / height), ncols=4)


def mediation_page(table: pd.DataFrame, labels: Mapping[str, tuple[str, float]], made: str = "") -> Figure:
    """Return the page of mediation: a panel a quantity, a row a use of hours, the mean with its interval.

    Args:
        table: rows of `sim.analysis.backbone_effect.mediation`
        labels: title with its unit, and the factor of that unit, by outcome, in the order of the panels
        made: provenance
    """
    uses, across = list(dict.fromkeys(table["hours"])), 4
    down = -(-len(labels) // across)
    height = down * 2.75 + 1.25
    with style.applied():
        fig = style.sheet(12.5, height)
        for number, (outcome, (title, factor)) in enumerate(labels.items()):
            ax = fig.add_axes((0.175 + 0.208 * (number % across), (height - 3.5 - 2.75 * (number // across)) / height,
                               0.175, 2.05 / height))  # fmt: skip
            rows = table[table["outcome"] == outcome].copy()
            rows[["effect", "low", "high"]] *= factor
            _quantity(ax, rows, uses, outcome == EXAMINEES)
            what, _, unit = title.partition(" [")
            style.headed(ax, "", what, unit.rstrip("]"))
            ax.set_yticks(range(len(uses)), uses if number % across == 0 else [""] * len(uses))
        fig.text(
            0.02, 1.0 - 0.12 / height, "What each use of the backbone's hours adds", size=15, weight="bold", va="top"
        )
        fig.text(0.02, 1.0 - 0.45 / height, "With the hours less without them, mean over pairs of runs with 95% interval.",
                 color=style.QUIET, va="top")  # fmt: skip
        _legend_of_parts(fig, height)
        style.caption(fig, made)
    return fig


def _quantity(ax: Axes, rows: pd.DataFrame, uses: Sequence[str], both: bool) -> None:
    """Draw a quantity: a row a use of hours, in total and, of students, at held dates."""
    for part, (marker, colour, beside) in PARTS.items():
        if part != TOTAL and not both:
            continue
        for _, row in rows[rows["part"] == part].iterrows():
            place = uses.index(row["hours"]) + (beside if both else 0.0)
            _mark(ax, row, place, marker, colour)
    ax.axvline(0.0, color=style.INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    ax.set_ylim(len(uses) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", color=style.GROUND)
    ax.locator_params(axis="x", nbins=4)
    ends = np.abs(rows[["effect", "low", "high"]].to_numpy(dtype=float))
    if np.nanmax(ends, initial=0.0) >= 1000.0:
        style.thousands(ax.xaxis)
    if not np.nan_to_num(ends).any():
        ax.set_xlim(-1.0, 1.0)


def _mark(ax: Axes, row: Any, place: float, marker: str, colour: str) -> None:
    """Draw a mean with its interval; open where the interval includes zero."""
    clear = row["low"] > 0.0 or row["high"] < 0.0
    ax.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=1.4, zorder=2)
    ax.plot(
        row["effect"], place, marker, color=colour, markerfacecolor=colour if clear else "white", markersize=5, zorder=3
    )


def _legend_of_parts(fig: Figure, height: float) -> None:
    from matplotlib.lines import Line2D

    words = {TOTAL: "ministry free (total effect)", DIRECT: "the ministry's dates held (direct effect), examinees only"}
    marks = [Line2D([], [], marker=marker, color=colour, linewidth=1.4, markersize=5, label=words[part])
             for part, (marker, colour, _) in PARTS.items()]  # fmt: skip
    marks.append(Line2D([], [], marker="o", color=style.INK, markerfacecolor="white", linestyle="", markersize=5,
                        label="open: the interval includes zero"))  # fmt: skip
    fig.legend(handles=marks, loc="upper left", bbox_to_anchor=(0.012, 1.0 - 0.62 / height), ncols=3)
