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

UNITS = {"sobol": "share of the variance of the outcome", "morris": "change of the outcome over a parameter's whole range"}


def sensitivity_page(found: pd.DataFrame, kind: str, title: str, made: str) -> Figure:
    """The page: every outcome's indices at full size, and the settling of the first outcome's.

    Args:
        found: rows of `settling` with a column `outcome`, the ones of the same outcome together
        kind: sobol or morris
        title: what was sampled, in words
        made: provenance, for the foot
    """
    outcomes = list(dict.fromkeys(found["outcome"]))
    rows = -(-(len(outcomes) + 1) // ACROSS)
    fig = style.sheet(4.6 * ACROSS, 1.6 + 3.4 * rows)
    with style.applied():
        fig.suptitle(title, x=0.02, y=0.992, ha="left", fontsize=style.TITLE, fontweight="bold")
        grid = fig.subplots(rows, ACROSS, squeeze=False).ravel()
        head = 1 - 1.05 / fig.get_figheight()
        fig.subplots_adjust(left=0.135, right=0.985, top=head, bottom=0.95 / fig.get_figheight(), wspace=0.85, hspace=0.5)
        for number, (outcome, ax) in enumerate(zip(outcomes, grid, strict=False)):
            mine = found[found["outcome"] == outcome]
            indices_of(mine[mine["n"] == mine["n"].max()], kind, ax)
            style.headed(ax, chr(65 + number), style.plain(outcome), UNITS[kind], outwards=style.NORMAL * 13)
        settling_of(found[found["outcome"] == outcomes[0]], kind, grid[len(outcomes)])
        last = f"{style.plain(outcomes[0])}, as n grows"
        style.headed(grid[len(outcomes)], chr(65 + len(outcomes)), "Has it settled?", last)
        for ax in grid[len(outcomes) + 1 :]:
            ax.set_axis_off()
        fig.legend(*grid[0].get_legend_handles_labels(), loc="upper right", ncols=2, bbox_to_anchor=(0.99, 0.995))
        cut = " Axes end where a share makes no sense any more; bars may go on." if kind in LIMITS else ""
        style.caption(fig, f"Bars: 95% intervals by resampling the design; the {MOST} greatest of each panel.{cut} {made}")
    return fig


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
            shown[index].tolist(), places, xerr=reach, fmt=marker, color=colour, markersize=4.5, elinewidth=1.1, label=meaning
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
        ax.fill_between(sizes, mine[f"{index}_low"].tolist(), mine[f"{index}_high"].tolist(), color=colour, alpha=0.12, lw=0)
        ax.plot(sizes, mine[index].tolist(), color=colour, marker="o", markersize=3, label=name)
    ax.set_xscale("log", base=2)
    ax.set_xticks(sorted(set(rows["n"])), [f"{n:,}" for n in sorted(set(rows["n"]))])
    ax.set_xlabel("n")
    ax.set_ylim(*LIMITS.get(kind, (None, None)))
    ax.legend(loc="upper right")
    ax.grid(axis="y", color=style.GROUND)
