"""Decisions that no other decision beats: their value for each goal, and their levers."""

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
"""Letters of panels."""

WIDTH, HEIGHT = 13.0, 9.2
"""Size of the page [inches]."""

UPPER, LOWER, GAP = (0.55, 0.855), (0.12, 0.415), 0.085
"""Lower and upper end of the two rows of panels, and space between two panels of a row [share of the page]."""


def front_page(
    candidates: pd.DataFrame,
    table: pd.DataFrame,
    goals: Sequence[str],
    levers: Sequence[Sequence[str]],
    labels: Mapping[str, str],
    provenance: str,
) -> Figure:
    """Return the page of a search: pairs of goals, and the levers of its decisions.

    Args:
        candidates: a row for each decision of the search, a column for each goal; the current policy first
        table: decisions in fresh runs, the current policy first: decision, levers, goals with `_less_as_is` (and its `_low`
            and `_high`), unbeaten
        goals: columns; the first is drawn against each of the others
        levers: levers that share a budget; the other levers
        labels: of goals and levers, in words with their unit; under "" the value of decisions over seeds
        provenance: for the foot of the page
    """
    fig, letters = style.sheet(WIDTH, HEIGHT), iter(LETTERS)
    with style.figure_style():
        subject = "Where to put the budget" if levers[0] else "Levers"
        fig.suptitle(f"{subject}: the best decisions of a search, run again with new seeds", x=0.02, y=0.98,
                     ha="left", fontsize=style.TITLE, fontweight="bold")  # fmt: skip
        _key(fig, len(table) - 1)
        if len(goals) == 1:
            ax = fig.add_axes(_spot(0, 1, UPPER))
            draw_one_goal(table, goals[0], labels[goals[0]], ax)
            style.add_heading(ax, next(letters), _short(labels[goals[0]]), f"{DIFFERENCE}: {labels['']}")
        for place, second_goal in enumerate(goals[1:]):
            ax = fig.add_axes(_spot(place, len(goals) - 1, UPPER))
            draw_two_goals(candidates, table, (goals[0], second_goal), ax)
            ax.set(xlabel=f"difference: {labels[goals[0]]}", ylabel=f"difference: {labels[second_goal]}")
            title = f"{_short(labels[goals[0]])} against {_short(labels[second_goal])}"
            style.add_heading(ax, next(letters), title, f"{DIFFERENCE}: {labels['']}")
        ordered = table.sort_values(goals[0], kind="stable", ignore_index=True)
        split, levers_left = levers
        panels = [name for name in ("", *levers_left) if name or split]
        for place, name in enumerate(panels):
            ax = fig.add_axes(_spot(place, len(panels), LOWER))
            (draw_lever(ordered, name, ax) if name else draw_budget(ordered, split, labels, ax))
            subtitle = "" if name else f"from most {_short(labels[goals[0]])} (top) to least (foot)"
            style.add_heading(ax, next(letters), labels[name] if name else "How the budget is split [%]", subtitle, 8)
        style.add_caption(fig, provenance)
    return fig


LABEL_DISTANCE = 0.035
"""Least distance between two numbers [share of the panel]."""

DIFFERENCE = "difference from the current policy"
"""Quantity of the upper panels."""


def _spot(place: int, panels: int, rows: tuple[float, float]) -> tuple[float, float, float, float]:
    """Return the place of one of several panels in a row [share of the page]."""
    width = (0.985 - 0.075 - GAP * (panels - 1)) / panels
    return 0.075 + place * (width + GAP), rows[0], width, rows[1] - rows[0]


def _short(label: str) -> str:
    return label.partition(" [")[0]


def _key(fig: Figure, finalists: int) -> None:
    """Draw a legend in a line under the title."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], marker="D", color=style.BLUE, linestyle="", label="current policy"),
        Line2D([], [], marker="o", color=style.ORANGE, linestyle="", label="not beaten in fresh runs"),
        Line2D([], [], marker="o", color=style.ORANGE, markerfacecolor="white", linestyle="", label="beaten in fresh runs"),
        Line2D([], [], marker="o", color=style.FAINT, markersize=4, linestyle="", label="tried in the runs of the search"),
    ]  # fmt: skip
    fig.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.012, 0.955), ncols=4)
    note = f"{finalists} decision{'s' * (finalists != 1)} run again; bars: 95% intervals"
    fig.text(0.985, 0.937, note, ha="right", color=style.QUIET, fontsize=style.SMALL, va="center")


def draw_two_goals(candidates: pd.DataFrame, table: pd.DataFrame, pair: tuple[str, str], ax: Axes) -> None:
    """Draw decisions by two goals, numbered, with intervals, in front of the decisions of the search."""
    current = candidates.iloc[0]
    across, up = (candidates[name] - current[name] for name in pair)
    ax.scatter(across, up, s=9, color=style.FAINT, linewidth=0, zorder=1)
    for line in (ax.axvline, ax.axhline):
        line(0, color=style.BLUE, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    ax.plot(0, 0, "D", color=style.BLUE, markersize=7, zorder=6)
    keys = [f"{name}_less_as_is" for name in pair]
    for _, row in table.iloc[1:].iterrows():
        across, up = (row[key] for key in keys)
        intervals = [[[row[key] - row[f"{key}_low"]], [row[f"{key}_high"] - row[key]]] for key in keys]
        ax.errorbar(
            across, up, xerr=intervals[0], yerr=intervals[1], color=style.ORANGE, elinewidth=0.6, alpha=0.55, zorder=2
        )
        filled = bool(row["unbeaten"])
        face = style.ORANGE if filled else "white"
        ax.plot(across, up, "o", color=style.ORANGE, markersize=6, markerfacecolor=face, zorder=3 + filled)
    ax.margins(0.06)
    ax.autoscale_view()  # because the places of numbers depend on the limits
    _numbered(table.iloc[1:], keys, ax)
    for axis, key in zip((ax.xaxis, ax.yaxis), keys, strict=True):
        if table[key].abs().max() >= 1000:
            style.thousands(axis)


def _numbered(rows: pd.DataFrame, keys: Sequence[str], ax: Axes) -> None:
    """Write the numbers of decisions beside their marks, unless two would overlap; panel C has all numbers."""
    box, used = ax.get_window_extent(), list[tuple[float, float]]()
    for _, row in rows.iterrows():
        across, up = ax.transData.transform([row[key] for key in keys])
        if all(
            abs(across - x) > LABEL_DISTANCE * box.width or abs(up - y) > LABEL_DISTANCE * box.height for x, y in used
        ):
            place = tuple(row[key] for key in keys)
            ax.annotate(row["decision"], place, (5, 4), textcoords="offset points", zorder=7, fontsize=style.SMALL)
            used.append((across, up))


def draw_one_goal(table: pd.DataFrame, goal: str, label: str, ax: Axes) -> None:
    """Draw decisions by a single goal with intervals, a row for each."""
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


def draw_budget(ordered: pd.DataFrame, split: Sequence[str], labels: Mapping[str, str], ax: Axes) -> None:
    """Draw the split of the budget of each decision as bars of 100%."""
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


def draw_lever(ordered: pd.DataFrame, name: str, ax: Axes) -> None:
    """Draw one further lever of each decision as dots, and the current policy as a line."""
    searched = ordered["decision"].str.isnumeric()
    ax.plot(ordered[name], range(len(ordered)), "o", color=style.ORANGE, markersize=5)
    ax.plot(ordered[name][~searched], ordered.index[~searched], "D", color=style.BLUE, markersize=6)
    current: Any = ordered.loc[~searched, name].iloc[0]
    ax.axvline(current, color=style.BLUE, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    _rows(ordered, ax)


def _rows(ordered: pd.DataFrame, ax: Axes) -> None:
    """Give each decision a row, the first at the foot."""
    ax.set_yticks(range(len(ordered)), ordered["decision"])
    ax.set_ylim(-0.6, len(ordered) - 0.4)
    ax.tick_params(axis="y", length=0)
