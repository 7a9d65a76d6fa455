"""What a calibrated model predicts: its scenarios year by year, and an effect along parameters that the record leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.thirds import by_thirds
from sim.figures import fans, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def predictions_page(frame: pd.DataFrame, published: pd.DataFrame, fitted: int, made: str = "") -> Figure:
    """A fan of examinees for each scenario, the published counts in front.

    Args:
        frame: a row a run, with columns scenario, seed and examinees_YEAR [students]
        published: columns year and value [students]
        fitted: the last school year that anything was fitted to
        made: provenance
    """
    with style.applied():
        fig = style.sheet(9.0, 6.2)
        ax = fig.add_axes((0.09, 0.13, 0.88, 0.72))
        fans.fans_of(frame, ax)
        fans.published_points(published, ax)
        ax.axvline(fitted, color=style.QUIET, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        ax.annotate(
            f"nothing fitted\nafter {fitted}", (fitted, 0.03), (5, 0), xycoords=("data", "axes fraction"),
            textcoords="offset points", fontsize=style.SMALL, color=style.QUIET,
        )  # fmt: skip
        names = [style.plain(label.get_text()) for label in ax.get_legend().get_texts()]
        handles = [*ax.get_legend().legend_handles, fans.fan_legend()[-1]]
        ax.legend(handles, [*names, "published count"], loc="upper left")
        ax.set_xlabel("school year")
        style.thousands(ax.yaxis)
        _headed(
            fig, "Examinees predicted, scenario by scenario", f"{_sets(frame)}: median, middle 50% and 90% of runs."
        )
        style.caption(fig, f"{SOURCES}\n{made}".strip())
    return fig


SOURCES = "Published counts and facts fitted to: configs/data/targets.csv."
"""Where the published figures come from."""


def thirds_page(pairs: pd.DataFrame, labels: Mapping[str, str], effect: str, made: str = "") -> Figure:
    """An effect along each of some parameters: a dot a parameter set, and the mean of each third with its interval.

    Args:
        pairs: a row a parameter set: `effect`, and a column for each of `labels`
        labels: parameters by name, in words with their unit
        effect: what the effect is, in words with its unit
        made: provenance
    """
    with style.applied():
        fig = style.sheet(10.5, 8.4)
        height = 0.335
        for number, (name, label) in enumerate(labels.items()):
            down, across = divmod(number, 2)
            ax = fig.add_axes((0.085 + 0.48 * across, 0.545 - 0.435 * down, 0.42, height))
            _along(ax, pairs[name], pairs["effect"], label)
            style.headed(ax, "ABCD"[number], name)
            if not across:
                ax.set_ylabel(effect)
        told = (
            f"{len(pairs)} parameter sets, one pair of runs each (dots). Bars: mean of a third of the sets, with its 95% "
            "interval; in percent, sets with an effect above zero."
        )
        _headed(fig, "What the backbone adds, along what the record leaves open", told)
        style.caption(fig, f"{SOURCES}\n{made}".strip())
    return fig


def _along(ax: Axes, values: pd.Series[float], effects: pd.Series[float], label: str) -> None:
    """One panel: the dots, and over each third its mean, interval and share above zero."""
    ax.scatter(values, effects, s=13, color=style.SKY, alpha=0.75, linewidth=0, zorder=2)
    ax.axhline(0.0, color=style.INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    for row in by_thirds(values, effects).itertuples():
        middle = (row.least + row.most) / 2.0
        ax.plot([row.least, row.most], [row.effect] * 2, color=style.ORANGE, linewidth=2.0, zorder=4)
        ax.plot([middle] * 2, [row.low, row.high], color=style.ORANGE, linewidth=1.3, zorder=4)
        ax.annotate(
            f"{row.positive:.0%}", (middle, 1.0), (0, -1), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="center", va="top", fontsize=style.SMALL, color=style.ORANGE,
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
    return f"{frame['seed'].nunique():,} parameter sets, each with its own luck"
