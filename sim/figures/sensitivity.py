"""What matters: a panel an outcome with the indices of its factors, and how they settled as the design grew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 10
"""Factors in a panel, the greatest first."""

ACROSS = 3
"""Panels in a row."""

INDICES = {
    "sobol": (("ST", "total, with what it does through others", style.BLUE, "o"), ("S1", "alone", style.ORANGE, "D")),
    "morris": (("mu_star", "size of its effects", style.BLUE, "o"), ("sigma", "their spread", style.ORANGE, "D")),
}
"""Indices of a design: column, meaning, colour, marker; the first is what factors are ordered by."""

LIMITS = {"sobol": (-0.25, 1.35)}
"""Ends of the axes of indices that are shares: with few samples their intervals go far beyond."""

UNITS = {
    "sobol": "share of the variance of the outcome",
    "morris": "change of the outcome over a parameter's whole range",
}


def sensitivity_page(found: pd.DataFrame, kind: str, title: str, made: str) -> Figure:
    """Return the page: every outcome's indices at full size, and the settling of the first outcome's.

    Args:
        found: rows of `settling` with a column `outcome`, the ones of the same outcome together
        kind: sobol or morris
        title: what was sampled, in words
        made: provenance, for the foot
    """
    outcomes = list(dict.fromkeys(found["outcome"]))
    rows = -(-len(outcomes) // ACROSS) + 1
    fig = style.sheet(4.6 * ACROSS, 1.9 + 3.4 * rows)
    with style.applied():
        fig.suptitle(title, x=0.02, y=0.992, ha="left", fontsize=style.TITLE, fontweight="bold")
        head, foot = 1 - 1.05 / fig.get_figheight(), 1.25 / fig.get_figheight()
        grid = fig.add_gridspec(rows, ACROSS, left=0.135, right=0.985, top=head, bottom=foot, wspace=0.85, hspace=0.5)
        for number, outcome in enumerate(outcomes):
            ax = fig.add_subplot(grid[number // ACROSS, number % ACROSS])
            mine = found[found["outcome"] == outcome]
            indices_of(mine[mine["n"] == mine["n"].max()], kind, ax)
            style.headed(ax, letters(number), style.plain(outcome), UNITS[kind], outwards=style.NORMAL * 13)
        ax = fig.add_subplot(grid[rows - 1, : ACROSS - 1])
        settling_of(found[found["outcome"] == outcomes[0]], kind, ax)
        style.headed(ax, letters(len(outcomes)), "Has it settled?", f"{style.plain(outcomes[0])}, as n grows")
        fig.legend(*fig.axes[0].get_legend_handles_labels(), loc="upper right", ncols=2, bbox_to_anchor=(0.99, 0.995))
        cut = " Axes end where a share makes no sense any more; bars may go on." if kind in LIMITS else ""
        style.caption(
            fig, f"Bars: 95% intervals by resampling the design; the {MOST} greatest of each panel.{cut} {made}"
        )
    return fig


def letters(number: int) -> str:
    """Return the letter of a panel, from 0; two of them from the 27th on.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    return chr(65 + number) if number < 26 else letters(number // 26 - 1) + letters(number % 26)


def indices_of(rows: pd.DataFrame, kind: str, ax: Axes) -> None:
    """The indices of one outcome, a row a factor, the greatest above."""
    first = INDICES[kind][0][0]
    shown = rows.sort_values(first, ascending=False).head(MOST)
    for number, (index, meaning, colour, marker) in enumerate(INDICES[kind]):
        places = [place + 0.2 * number - 0.1 for place in range(len(shown))]
        reach = None
        if f"{index}_low" in shown:
            reach = [(shown[index] - shown[f"{index}_low"]).tolist(), (shown[f"{index}_high"] - shown[index]).tolist()]
        ax.errorbar(
            shown[index].tolist(),
            places,
            xerr=reach,
            fmt=marker,
            color=colour,
            markersize=4.5,
            elinewidth=1.1,
            label=meaning,
        )
    ax.set_xlim(*LIMITS.get(kind, (None, None)))
    ax.axvline(0, color=style.QUIET, linewidth=0.8, zorder=0)
    ax.set_yticks(range(len(shown)), shown["factor"].tolist())
    ax.set_ylim(len(shown) - 0.5, -0.5)
    ax.grid(axis="x", color=style.GROUND)


def settling_of(rows: pd.DataFrame, kind: str, ax: Axes, most: int = 5) -> None:
    """The first index of the greatest factors against the size of the design, with intervals as bands."""
    index = INDICES[kind][0][0]
    last = rows[rows["n"] == rows["n"].max()]
    for name, colour in zip(last.nlargest(most, index)["factor"], style.CYCLE, strict=False):
        mine = rows[rows["factor"] == name].sort_values("n")
        sizes = mine["n"].tolist()
        ax.fill_between(
            sizes, mine[f"{index}_low"].tolist(), mine[f"{index}_high"].tolist(), color=colour, alpha=0.12, lw=0
        )
        ax.plot(sizes, mine[index].tolist(), color=colour, marker="o", markersize=3, label=name)
    ax.set_xscale("log", base=2)
    ax.set_xticks(sorted(set(rows["n"])), [f"{n:,}" for n in sorted(set(rows["n"]))])
    ax.set_xlabel("n")
    ax.set_ylim(*LIMITS.get(kind, (None, None)))
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    ax.grid(axis="y", color=style.GROUND)
