"""What each condition contributes to a whole, so that a steering committee understands it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.shapley import IN, OUT, SHAPLEY
from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FEW = 20
"""Seeds below which intervals are too narrow to be claimed."""

SECOND = {OUT: (">", "what the whole loses without it"), IN: ("<", "what it adds by itself")}
"""Markers of the two simpler measures, and what they are."""


def attribution_page(table: pd.DataFrame, label: str, made: str) -> Figure:
    """Return the page of one outcome: a bar a player, with its interval, the simpler measures beside.

    Args:
        table: as `sim.analysis.shapley.attribution` gives it
        label: the outcome in words with its unit
        made: provenance, for the foot
    """
    players = table["player"].nunique() - 1
    fig = style.sheet(11.5, 3.2 + 0.52 * players)
    with style.applied():
        name, _, unit = label.partition(" [")
        fig.suptitle(
            f"{name}: what each contributes", x=0.02, y=0.975, ha="left", fontsize=style.TITLE, fontweight="bold"
        )
        height = fig.get_figheight()
        ax = fig.add_axes((0.25, 1.1 / height, 0.71, (height - 2.65) / height))
        fig.text(0.02, 1 - 0.72 / height, summed(table, unit.rstrip("]")), color=style.QUIET, va="center")
        bars(table, ax)
        ax.set_xlabel(f"{name} [{unit}" if unit else name)
        style.caption(fig, made)
    return fig


def summed(table: pd.DataFrame, unit: str) -> str:
    """Return the whole in words: with all of them against with none."""
    whole = table[table["measure"] == "whole"].iloc[0]
    low, high = figure(whole["low"]), figure(whole["high"])
    return (
        f"Bars sum to {figure(whole['value'])} ({low} to {high}) {unit}: all of them against none of them. "
        f"Black lines: 95% intervals over {whole['n']:.0f} seeds{'' if whole['n'] >= FEW else ': a look, not a result'}."
    )


def figure(value: float) -> str:
    """Return a signed number with a true minus sign."""
    return style.signed(f"{value:+,.0f}" if abs(value) >= 100 else f"{value:+.3g}")


def bars(table: pd.DataFrame, ax: Axes) -> None:
    """A bar a player, the greatest on top, its share of the whole at its end."""
    mine = table[table["measure"] == SHAPLEY].sort_values("value", ignore_index=True)
    whole = float(table.loc[table["measure"] == "whole", "value"].iloc[0])
    places = {player: place for place, player in enumerate(mine["player"])}
    for place, (_, row) in enumerate(mine.iterrows()):
        sure = row["low"] > 0 or row["high"] < 0
        ax.barh(place, row["value"], height=0.62, color=style.BLUE if sure else style.FAINT, zorder=1)
        ax.plot([row["low"], row["high"]], [place, place], color=style.INK, linewidth=1.4, zorder=3)
    for measure, (marker, said) in SECOND.items():
        rows = table[table["measure"] == measure]
        heights = [places[player] for player in rows["player"]]
        ax.plot(rows["value"].tolist(), heights, marker, color=style.ORANGE, markersize=6, markerfacecolor="white",
                zorder=4, label=said, clip_on=False)  # fmt: skip
    ax.axvline(0, color=style.QUIET, linewidth=0.8, zorder=2)
    named = [f"{row['player']}\n{figure(row['value'])}{share(row['value'], whole)}" for _, row in mine.iterrows()]
    ax.set_yticks(range(len(mine)), named)
    ax.set_ylim(-0.6, len(mine) - 0.4)
    ax.tick_params(axis="y", length=0)
    ax.margins(x=0.07)
    if max(abs(end) for end in ax.get_xlim()) >= 1000:
        style.thousands(ax.xaxis)
    ax.barh(
        -9, 0, color=style.BLUE, label="Shapley value: its mean contribution over all orders in which they may come"
    )
    ax.barh(-9, 0, color=style.FAINT, label="the same, not told from nothing")
    ax.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=2, columnspacing=1.6)


def share(value: float, whole: float) -> str:
    """Return a value as a share of the whole."""
    return f" ({style.signed(f'{value / whole + 0.0:.0%}'.replace('-0%', '0%'))})" if whole else ""
