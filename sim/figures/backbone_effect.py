"""Figure of the backbone's effect: prior beside posterior, model by model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.backbone_effect import AVERAGE, EXAMINEES, POSTERIOR, PRIOR
from sim.figures import style
from sim.findings.models import model_words, weight_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOOKS = {PRIOR: (style.FAINT, style.QUIET, -0.2), POSTERIOR: (style.SKY, style.BLUE, 0.2)}
"""Colour of dots, colour of intervals and offset from the row, for prior and posterior."""

ROW = 0.56
"""Height of a model's row [inches]."""

GOLDEN = 0.618
"""Step that spreads dots over the height of their row, so that they do not overlap [of the height]."""


def effect_page(effects: pd.DataFrame, pairs: pd.DataFrame, weights: str, provenance: str = "") -> Figure:
    """Return the page of the effect on examinees of 2020: a dot for each parameter set, and the mean with its interval.

    Args:
        effects: rows of `sim.analysis.backbone_effect.effects`
        pairs: rows of `sim.analysis.backbone_effect.paired_effects`
        weights: of the models, in words
        provenance: for the foot of the page
    """
    rows = effects[effects["outcome"] == EXAMINEES]
    names = list(dict.fromkeys(rows["model"]))
    inches = ROW * len(names)
    height = inches + 2.05
    with style.figure_style():
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
        subtitle = (
            f"With a backbone minus without one: free ministry, same seed, same parameters. {weights.capitalize()}."
        )
        fig.text(0.02, 1.0 - 0.45 / height, subtitle, color=style.QUIET, va="top")
        lines = "Thin lines: middle 90% of sets. Thick bars: 95% interval of the mean over sets and seeds."
        style.add_caption(fig, f"Dots: mean of a parameter set over its runs. {lines}\n{provenance}".strip())
    return fig


def _model(ax: Axes, rows: pd.DataFrame, pairs: pd.DataFrame, place: int) -> None:
    """Draw prior and posterior of a model: its parameter sets, their middle 90%, and the mean with its interval."""
    for over, (faint, strong, beside) in LOOKS.items():
        row = rows[rows["over"] == over].iloc[0]
        means = pairs[pairs["over"] == over].groupby("set")[EXAMINEES].mean()
        scatter = place + beside + 0.2 * (np.arange(len(means)) * GOLDEN % 1.0 - 0.5)
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
        weights = rows[rows["model"] == name].set_index("over")["weight"]
        text = f"{weight_text(weights[PRIOR])}, {weight_text(weights[POSTERIOR])}" if name != AVERAGE else ""
        ax.annotate(text, (1.0, place), (8, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                    fontsize=style.SMALL, va="center")  # fmt: skip


def _legend(fig: Figure, height: float) -> None:
    from matplotlib.lines import Line2D

    marks = []
    for over, (_, strong, _) in LOOKS.items():
        marks.append(Line2D([], [], color=strong, linewidth=3.6, marker="o", markerfacecolor="white", markersize=5.6,
                            label=f"{over}: mean and 95% interval"))  # fmt: skip
        marks.append(Line2D([], [], color=strong, linewidth=1.0, label=f"{over}: middle 90% of sets"))
    fig.legend(handles=marks, loc="upper left", bbox_to_anchor=(0.012, 1.0 - 0.62 / height), ncols=4)
