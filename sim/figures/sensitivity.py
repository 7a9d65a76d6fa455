"""Sensitivity: a panel for each outcome with the indices of its factors, and the indices as the design grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 10
"""Number of factors in a panel, the greatest first."""

ACROSS = 3
"""Panels in a row."""

INDICES = {
    "sobol": (("ST", "total, with interactions", style.BLUE, "o"), ("S1", "alone", style.ORANGE, "D")),
    "morris": (
        ("mu_star", "mean absolute effect", style.BLUE, "o"),
        ("sigma", "standard deviation of effects", style.ORANGE, "D"),
    ),
}
"""Indices of a design: column, meaning, colour, marker; factors are ordered by the first."""

LIMITS = {"sobol": (-0.25, 1.35)}
"""Limits of axes whose indices are shares: with few samples their intervals reach far beyond."""

UNITS = {
    "sobol": "share of the variance of the outcome",
    "morris": "change of the outcome over a parameter's whole range",
}


def sensitivity_page(table: pd.DataFrame, kind: str, title: str, provenance: str) -> Figure:
    """Return the page: indices of every outcome at the full design, and those of the first outcome as the design grows.

    Args:
        table: rows of `settling` with a column `outcome`; rows of one outcome are together
        kind: sobol or morris
        title: what was sampled, in words
        provenance: for the foot of the page
    """
    outcomes = list(dict.fromkeys(table["outcome"]))
    rows = -(-len(outcomes) // ACROSS) + 1
    fig = style.sheet(4.6 * ACROSS, 1.9 + 3.4 * rows)
    with style.figure_style():
        fig.suptitle(title, x=0.02, y=0.992, ha="left", fontsize=style.TITLE, fontweight="bold")
        top, bottom = 1 - 1.05 / fig.get_figheight(), 1.25 / fig.get_figheight()
        grid = fig.add_gridspec(rows, ACROSS, left=0.135, right=0.985, top=top, bottom=bottom, wspace=0.85, hspace=0.5)
        for number, outcome in enumerate(outcomes):
            ax = fig.add_subplot(grid[number // ACROSS, number % ACROSS])
            outcome_rows = table[table["outcome"] == outcome]
            draw_indices(outcome_rows[outcome_rows["n"] == outcome_rows["n"].max()], kind, ax)
            style.add_heading(ax, panel_letters(number), style.plain(outcome), UNITS[kind], outwards=style.NORMAL * 13)
        ax = fig.add_subplot(grid[rows - 1, : ACROSS - 1])
        draw_settling(table[table["outcome"] == outcomes[0]], kind, ax)
        style.add_heading(ax, panel_letters(len(outcomes)), "Convergence", f"{style.plain(outcomes[0])}, as n grows")
        fig.legend(*fig.axes[0].get_legend_handles_labels(), loc="upper right", ncols=2, bbox_to_anchor=(0.99, 0.995))
        note = " Axes end at the limits of a share; bars may reach beyond." if kind in LIMITS else ""
        style.add_caption(
            fig, f"Bars: 95% intervals by resampling the design; the {MOST} greatest of each panel.{note} {provenance}"
        )
    return fig


def panel_letters(number: int) -> str:
    """Return the letter of a panel, counted from 0; two letters from the 27th on.

    >>> panel_letters(0), panel_letters(25), panel_letters(26)
    ('A', 'Z', 'AA')
    """
    return chr(65 + number) if number < 26 else panel_letters(number // 26 - 1) + panel_letters(number % 26)


def draw_indices(rows: pd.DataFrame, kind: str, ax: Axes) -> None:
    """Draw the indices of one outcome, a row for each factor, the greatest on top."""
    main_index = INDICES[kind][0][0]
    greatest = rows.sort_values(main_index, ascending=False).head(MOST)
    for number, (index, meaning, colour, marker) in enumerate(INDICES[kind]):
        places = [place + 0.2 * number - 0.1 for place in range(len(greatest))]
        reach = None
        if f"{index}_low" in greatest:
            reach = [
                (greatest[index] - greatest[f"{index}_low"]).tolist(),
                (greatest[f"{index}_high"] - greatest[index]).tolist(),
            ]
        ax.errorbar(
            greatest[index].tolist(),
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
    ax.set_yticks(range(len(greatest)), greatest["factor"].tolist())
    ax.set_ylim(len(greatest) - 0.5, -0.5)
    ax.grid(axis="x", color=style.GROUND)


def draw_settling(rows: pd.DataFrame, kind: str, ax: Axes, most: int = 5) -> None:
    """Draw the first index of the greatest factors against the size of the design, with intervals as bands."""
    index = INDICES[kind][0][0]
    largest = rows[rows["n"] == rows["n"].max()]
    for name, colour in zip(largest.nlargest(most, index)["factor"], style.CYCLE, strict=False):
        factor_rows = rows[rows["factor"] == name].sort_values("n")
        sizes = factor_rows["n"].tolist()
        ax.fill_between(
            sizes,
            factor_rows[f"{index}_low"].tolist(),
            factor_rows[f"{index}_high"].tolist(),
            color=colour,
            alpha=0.12,
            lw=0,
        )
        ax.plot(sizes, factor_rows[index].tolist(), color=colour, marker="o", markersize=3, label=name)
    ax.set_xscale("log", base=2)
    ax.set_xticks(sorted(set(rows["n"])), [f"{n:,}" for n in sorted(set(rows["n"]))])
    ax.set_xlabel("n")
    ax.set_ylim(*LIMITS.get(kind, (None, None)))
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    ax.grid(axis="y", color=style.GROUND)
