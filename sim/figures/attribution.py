"""Contribution of each condition to the joint effect, as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.shapley import IN, OUT, SHAPLEY
from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FEW = 20
"""Below this number of seeds the page says that intervals are too narrow to rely on."""

SECOND = {OUT: (">", "loss when it alone is removed"), IN: ("<", "gain when it alone is added")}
"""Marker and meaning of the two simpler measures."""


def attribution_page(table: pd.DataFrame, label: str, provenance: str) -> Figure:
    """Return the page of one outcome: a bar for each player with its interval, and the two simpler measures.

    Args:
        table: as `sim.analysis.shapley.attribution` returns it
        label: the outcome in words with its unit
        provenance: for the foot of the page
    """
    players = table["player"].nunique() - 1
    fig = style.sheet(11.5, 3.2 + 0.52 * players)
    with style.figure_style():
        name, _, unit = label.partition(" [")
        fig.suptitle(
            f"{name}: contribution of each condition",
            x=0.02,
            y=0.975,
            ha="left",
            fontsize=style.TITLE,
            fontweight="bold",
        )
        height = fig.get_figheight()
        ax = fig.add_axes((0.25, 1.1 / height, 0.71, (height - 2.65) / height))
        fig.text(0.02, 1 - 0.72 / height, sum_text(table, unit.rstrip("]")), color=style.QUIET, va="center")
        draw_bars(table, ax)
        ax.set_xlabel(f"{name} [{unit}" if unit else name)
        style.add_caption(fig, provenance)
    return fig


def sum_text(table: pd.DataFrame, unit: str) -> str:
    """Return a sentence on the joint effect: all players against none."""
    total = table[table["measure"] == "whole"].iloc[0]
    low, high = signed_text(total["low"]), signed_text(total["high"])
    return (
        f"Bars sum to {signed_text(total['value'])} ({low} to {high}) {unit}: all of them against none of them. "
        f"Black lines: 95% intervals over {total['n']:.0f} seeds{'' if total['n'] >= FEW else ': too few to rely on'}."
    )


def signed_text(value: float) -> str:
    """Return a signed number with a true minus sign."""
    return style.signed(f"{value:+,.0f}" if abs(value) >= 100 else f"{value:+.3g}")


def draw_bars(table: pd.DataFrame, ax: Axes) -> None:
    """Draw a bar for each player, the greatest on top, labelled with its share of the joint effect."""
    shapley = table[table["measure"] == SHAPLEY].sort_values("value", ignore_index=True)
    total = float(table.loc[table["measure"] == "whole", "value"].iloc[0])
    places = {player: place for place, player in enumerate(shapley["player"])}
    for place, (_, row) in enumerate(shapley.iterrows()):
        clear = row["low"] > 0 or row["high"] < 0
        ax.barh(place, row["value"], height=0.62, color=style.BLUE if clear else style.FAINT, zorder=1)
        ax.plot([row["low"], row["high"]], [place, place], color=style.INK, linewidth=1.4, zorder=3)
    for measure, (marker, label) in SECOND.items():
        rows = table[table["measure"] == measure]
        heights = [places[player] for player in rows["player"]]
        ax.plot(rows["value"].tolist(), heights, marker, color=style.ORANGE, markersize=6, markerfacecolor="white",
                zorder=4, label=label, clip_on=False)  # fmt: skip
    ax.axvline(0, color=style.QUIET, linewidth=0.8, zorder=2)
    names = [
        f"{row['player']}\n{signed_text(row['value'])}{share_text(row['value'], total)}"
        for _, row in shapley.iterrows()
    ]
    ax.set_yticks(range(len(shapley)), names)
    ax.set_ylim(-0.6, len(shapley) - 0.4)
    ax.tick_params(axis="y", length=0)
    ax.margins(x=0.07)
    if max(abs(end) for end in ax.get_xlim()) >= 1000:
        style.thousands(ax.xaxis)
    ax.barh(-9, 0, color=style.BLUE, label="Shapley value: mean contribution over all orders of adding conditions")
    ax.barh(-9, 0, color=style.FAINT, label="the same, interval includes zero")
    ax.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, columnspacing=1.6)


def share_text(value: float, total: float) -> str:
    """Return a value as a share of the joint effect, in brackets."""
    return f" ({style.signed(f'{value / total + 0.0:.0%}'.replace('-0%', '0%'))})" if total else ""
