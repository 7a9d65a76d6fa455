"""Decisions that nothing beats: what they are worth by each goal, and what they decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LETTERS = "ABCDEFGH"
"""Of panels."""

WIDTH, HEIGHT = 13.0, 9.2
"""Of the page [inches]."""

UPPER, LOWER, GAP = (0.55, 0.855), (0.12, 0.415), 0.085
"""Where the two rows of panels lie, and what is between two panels of a row [share of the page]."""


def front_page(
    candidates: pd.DataFrame,
    table: pd.DataFrame,
    goals: Sequence[str],
    levers: Sequence[Sequence[str]],
    labels: Mapping[str, str],
    made: str,
) -> Figure:
    """Return the page of a search: its goals in pairs, and what its decisions decide.

    Args:
        candidates: a row a decision of the search, a column a goal, what is as it is first
        table: decisions in fresh runs, what is as it is first: decision, levers, goals with `_less_as_is` (and its `_low`
            and `_high`), unbeaten
        goals: columns, the first against each of the others
        levers: those that share a budget; the others
        labels: of goals and levers, in words with their unit; under "" what decisions are worth over seeds
        made: provenance, for the foot
    """
    fig, letters = style.sheet(WIDTH, HEIGHT), iter(LETTERS)
    with style.applied():
        what = "Where to put the budget" if levers[0] else "Levers"
        fig.suptitle(f"{what}: the best decisions of a search, run again with fresh luck", x=0.02, y=0.98,
                     ha="left", fontsize=style.TITLE, fontweight="bold")  # fmt: skip
        _key(fig, len(table) - 1)
        if len(goals) == 1:
            ax = fig.add_axes(_spot(0, 1, UPPER))
            gained(table, goals[0], labels[goals[0]], ax)
            style.headed(ax, next(letters), _short(labels[goals[0]]), f"{MORE}: {labels['']}")
        for place, other in enumerate(goals[1:]):
            ax = fig.add_axes(_spot(place, len(goals) - 1, UPPER))
            worth_of(candidates, table, (goals[0], other), ax)
            ax.set(xlabel=f"difference: {labels[goals[0]]}", ylabel=f"difference: {labels[other]}")
            title = f"{_short(labels[goals[0]])} against {_short(labels[other])}"
            style.headed(ax, next(letters), title, f"{MORE}: {labels['']}")
        ordered = table.sort_values(goals[0], kind="stable", ignore_index=True)
        split, others = levers
        panels = [name for name in ("", *others) if name or split]
        for place, name in enumerate(panels):
            ax = fig.add_axes(_spot(place, len(panels), LOWER))
            (decided(ordered, name, ax) if name else shares_of(ordered, split, labels, ax))
            second = "" if name else f"from most {_short(labels[goals[0]])} (top) to least (foot)"
            style.headed(ax, next(letters), labels[name] if name else "How the budget is split [%]", second, 8)
        style.caption(fig, made)
    return fig


APART = 0.035
"""So far apart numbers must be to be read [share of the panel]."""

MORE = "difference from as it is"
"""What the upper panels show."""


def _spot(place: int, of: int, rows: tuple[float, float]) -> tuple[float, float, float, float]:
    """Where one of several panels in a row lies [share of the page]."""
    wide = (0.985 - 0.075 - GAP * (of - 1)) / of
    return 0.075 + place * (wide + GAP), rows[0], wide, rows[1] - rows[0]


def _short(label: str) -> str:
    return label.partition(" [")[0]


def _key(fig: Figure, finalists: int) -> None:
    """What the marks mean, in a line under the title."""
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], marker="D", color=style.BLUE, linestyle="", label="as it is"),
        Line2D([], [], marker="o", color=style.ORANGE, linestyle="", label="beaten by none in fresh runs"),
        Line2D([], [], marker="o", color=style.ORANGE, markerfacecolor="white", linestyle="", label="beaten in fresh runs"),
        Line2D([], [], marker="o", color=style.FAINT, markersize=4, linestyle="", label="tried by the search, in its own runs"),
    ]  # fmt: skip
    fig.legend(handles=marks, loc="upper left", bbox_to_anchor=(0.012, 0.955), ncols=4)
    again = f"{finalists} decision{'s' * (finalists != 1)} run again; bars: 95% intervals"
    fig.text(0.985, 0.937, again, ha="right", color=style.QUIET, fontsize=style.SMALL, va="center")


def worth_of(candidates: pd.DataFrame, table: pd.DataFrame, pair: tuple[str, str], ax: Axes) -> None:
    """Decisions by two goals, numbered, with intervals; the search's own behind them."""
    now = candidates.iloc[0]
    across, up = (candidates[name] - now[name] for name in pair)
    ax.scatter(across, up, s=9, color=style.FAINT, linewidth=0, zorder=1)
    for line in (ax.axvline, ax.axhline):
        line(0, color=style.BLUE, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    ax.plot(0, 0, "D", color=style.BLUE, markersize=7, zorder=6)
    keys = [f"{name}_less_as_is" for name in pair]
    for _, row in table.iloc[1:].iterrows():
        across, up = (row[key] for key in keys)
        spans = [[[row[key] - row[f"{key}_low"]], [row[f"{key}_high"] - row[key]]] for key in keys]
        ax.errorbar(across, up, xerr=spans[0], yerr=spans[1], color=style.ORANGE, elinewidth=0.6, alpha=0.55, zorder=2)
        filled = bool(row["unbeaten"])
        face = style.ORANGE if filled else "white"
        ax.plot(across, up, "o", color=style.ORANGE, markersize=6, markerfacecolor=face, zorder=3 + filled)
    ax.margins(0.06)
    ax.autoscale_view()  # before numbers are placed by where marks stand
    _numbered(table.iloc[1:], keys, ax)
    for axis, key in zip((ax.xaxis, ax.yaxis), keys, strict=True):
        if table[key].abs().max() >= 1000:
            style.thousands(axis)


def _numbered(rows: pd.DataFrame, keys: Sequence[str], ax: Axes) -> None:
    """The numbers of decisions beside their marks, but where one would stand upon another one's: panel C has them all."""
    box, taken = ax.get_window_extent(), list[tuple[float, float]]()
    for _, row in rows.iterrows():
        across, up = ax.transData.transform([row[key] for key in keys])
        if all(abs(across - x) > APART * box.width or abs(up - y) > APART * box.height for x, y in taken):
            place = tuple(row[key] for key in keys)
            ax.annotate(row["decision"], place, (5, 4), textcoords="offset points", zorder=7, fontsize=style.SMALL)
            taken.append((across, up))


def gained(table: pd.DataFrame, goal: str, label: str, ax: Axes) -> None:
    """Decisions by the only goal there is, one a row, with intervals."""
    key = f"{goal}_less_as_is"
    ordered = table.sort_values(goal, kind="stable", ignore_index=True)
    ax.axvline(0, color=style.BLUE, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    for place, (_, row) in enumerate(ordered.iterrows()):
        if row["decision"].isnumeric():
            ax.plot([row[f"{key}_low"], row[f"{key}_high"]], [place, place], color=style.ORANGE, linewidth=1.0)
            face = style.ORANGE if row["unbeaten"] else "white"
            ax.plot(row[key], place, "o", color=style.ORANGE, markerfacecolor=face)
        else:
            ax.plot(0, place, "D", color=style.BLUE)
    ax.set_xlabel(f"difference: {label}")
    _rows(ordered, ax)
    if table[key].abs().max() >= 1000:
        style.thousands(ax.xaxis)


def shares_of(ordered: pd.DataFrame, split: Sequence[str], labels: Mapping[str, str], ax: Axes) -> None:
    """How each decision splits the budget, as bars of a hundred percent."""
    total = ordered[list(split)].sum(axis=1).to_numpy()
    left = np.zeros(len(ordered))
    for name, colour in zip(split, style.CYCLE * len(split), strict=False):
        width = 100.0 * ordered[name].to_numpy() / total
        ax.barh(range(len(ordered)), width, left=left, height=0.72, color=colour, edgecolor="white", linewidth=0.6,
                label=_short(labels[name]))  # fmt: skip
        left += width
    ax.set_xlim(0, 100)
    _rows(ordered, ax)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=len(split), handlelength=1.2, columnspacing=1.2)


def decided(ordered: pd.DataFrame, name: str, ax: Axes) -> None:
    """What each decision says of one further lever, as dots; what is as it is as a line."""
    first = ordered["decision"].str.isnumeric()
    ax.plot(ordered[name], range(len(ordered)), "o", color=style.ORANGE, markersize=5)
    ax.plot(ordered[name][~first], ordered.index[~first], "D", color=style.BLUE, markersize=6)
    now: Any = ordered.loc[~first, name].iloc[0]
    ax.axvline(now, color=style.BLUE, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    _rows(ordered, ax)


def _rows(ordered: pd.DataFrame, ax: Axes) -> None:
    """A row a decision, the first at the foot."""
    ax.set_yticks(range(len(ordered)), ordered["decision"])
    ax.set_ylim(-0.6, len(ordered) - 0.4)
    ax.tick_params(axis="y", length=0)
