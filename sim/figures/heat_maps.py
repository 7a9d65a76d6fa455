"""Heat maps over facilitation and timing: probabilities, years to doubling, and points that follow from arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.examination_lag import MOVERS, TOO_EARLY, policy_reach
from sim.analysis.sweep_grid import FACILITATION, NEVER, decision_month, timing_order
from sim.dates import date_of
from sim.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CORNERS = {TOO_EARLY: style.INK, MOVERS: "white"}
"""Colour of the corner of a cell that follows from arithmetic."""

CORNER = 0.24
"""Length of the sides of a corner [cell]."""

FEW = 0.2
"""Years to doubling are not shown below this share of runs that double [share]."""

TO = "\N{EN DASH}"
"""Dash between the limits of an interval."""

FILLED, LETTER = 0.82, 0.64
"""Part of a cell's width that its longest line may fill [share], and width of a figure [font sizes]."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def pivot(points: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return a table of a value: facilitations as rows, strongest first; timings as columns, earliest first, never last."""
    table = points.pivot(index=FACILITATION, columns="timing", values=value).sort_index(ascending=False)
    return table[sorted(table.columns, key=timing_order)]


def probability_map(points: pd.DataFrame, ax: Axes, deadline: int) -> None:
    """Draw the probability of each point with its 95% interval in percent, and mark points that follow from arithmetic.

    Args:
        points: columns backbone.facilitation, timing, p, low, high [share]
        ax: axes to draw on
        deadline: examination that counts, for the arithmetic [school year]
    """
    p, low, high = (pivot(points, name) for name in ("p", "low", "high"))
    rows = zip(p.to_numpy(), low.to_numpy(), high.to_numpy(), strict=True)
    texts = [[_cell(*cell) for cell in zip(*row, strict=True)] for row in rows]
    _heat(ax, p, texts, style.PROBABILITY_COLOURS, (0.0, 1.0))
    mark_arithmetic(ax, list(p.columns), deadline)


def _cell(p: float, low: float, high: float) -> str:
    return "" if np.isnan(p) else f"{p:.0%}\n{100 * low:.0f}{TO}{100 * high:.0f}"


def years_map(points: pd.DataFrame, ax: Axes) -> None:
    """Draw mean years from national decision to doubling, their interval and the share of runs; grey if few runs double.

    Args:
        points: columns backbone.facilitation, timing, years, low, high [school years], share [0-1]
        ax: axes to draw on
    """
    share, years = pivot(points, "share"), pivot(points, "years")
    reliable_years = years.where(share >= FEW)
    cells = zip(
        *(table.to_numpy() for table in (reliable_years, pivot(points, "low"), pivot(points, "high"), share)),
        strict=True,
    )
    texts = [[_wait(*cell) for cell in zip(*row, strict=True)] for row in cells]
    top = max(float(np.nanmax(reliable_years.to_numpy())) if reliable_years.notna().any(axis=None) else 1.0, 1.0)
    ax.set_facecolor(style.GROUND)
    _heat(ax, reliable_years, texts, style.YEARS_COLOURS, (0.0, np.ceil(top)))


def _wait(years: float, low: float, high: float, share: float) -> str:
    if np.isnan(years):
        return "" if np.isnan(share) else f"{share:.0%}"
    # Runs that all waited as long, or a single one, show nothing of the spread, and a bootstrap would say there is none.
    ends = (f"{end:.1f}" if end < 9.95 else f"{end:.0f}" for end in (low, high))
    limits = f"{TO.join(ends)}\n" if high > low else ""
    return f"{years:.1f}\n{limits}{share:.0%}"


def mean_map(cells: pd.DataFrame, ax: Axes, up: str, across: str, share: bool) -> None:
    """Draw the mean of each cell of two factors, with its 95% interval.

    Args:
        cells: columns `up`, `across`, mean, low and high [unit of the outcome]
        ax: axes to draw on
        up: factor of the rows, the highest level on top
        across: factor of the columns
        share: whether the outcome is a share, written in percent
    """
    tables: list[Any] = [cells.pivot(index=up, columns=across, values=name) for name in ("mean", "low", "high")]
    table = tables[0]
    rows, columns = sorted(table.index, key=level_order, reverse=True), sorted(table.columns, key=level_order)
    table, low, high = (each.reindex(index=rows, columns=columns) for each in tables)
    factor, form = (100.0, ".0f") if share else (1.0, ",.0f" if table.abs().max(axis=None) >= 100 else ".3g")
    texts = [
        ["" if np.isnan(mean) else f"{factor * mean:{form}}{'%' * share}\n{_ends(factor * a, factor * b, form)}"
         for mean, a, b in zip(*line, strict=True)]
        for line in zip(table.to_numpy(), low.to_numpy(), high.to_numpy(), strict=True)
    ]  # fmt: skip
    limits = (0.0, 1.0) if share else (float(table.min(axis=None)), float(table.max(axis=None)))
    _heat(ax, table, texts, style.PROBABILITY_COLOURS, limits, [str(level) for level in columns])
    ax.set(xlabel=across, ylabel=up)


def level_order(level: object) -> float:
    """Return a key that orders levels of a factor: numbers and shifts by size, `never` and names last, as they come.

    >>> sorted(["never", "12", "-6"], key=level_order)
    ['-6', '12', 'never']
    """
    try:
        return float(str(level))
    except ValueError:
        return float("inf")


def _ends(low: float, high: float, form: str) -> str:
    return "-" if np.isnan(low) else f"{low:{form}}{TO}{high:{form}}"


def _heat(
    ax: Axes,
    table: pd.DataFrame,
    texts: list[list[str]],
    colours: str,
    limits: tuple[float, float],
    names: list[str] | None = None,
) -> None:
    """Draw coloured cells with texts; columns are timings unless they have names."""
    import seaborn as sns

    sns.heatmap(
        table, ax=ax, cmap=colours, vmin=limits[0], vmax=limits[1], cbar=False, linewidths=0.8, linecolor="white"
    )
    _write(ax, table, texts)
    rows = [level if isinstance(level, str) else f"{level:g}" for level in table.index]
    columns = names or [timing_label(timing) for timing in table.columns]
    ax.set_yticks(np.arange(len(table)) + 0.5, rows, rotation=0)
    ax.set_xticks(np.arange(table.shape[1]) + 0.5, columns, rotation=0)
    ax.tick_params(length=0)
    ax.tick_params(axis="x", labelsize=style.SMALL - 0.6)
    ax.set(xlabel="", ylabel="")
    if NEVER in table.columns and table.shape[1] > 1:
        ax.axvline(table.shape[1] - 1, color="white", linewidth=5)


def _write(ax: Axes, table: pd.DataFrame, texts: list[list[str]]) -> None:
    from matplotlib.patheffects import withStroke

    cell_width = ax.get_window_extent().width * 72 / ax.figure.dpi / max(table.shape[1], 1)
    longest = max((len(line) for row in texts for text in row for line in text.splitlines()), default=1)
    size = float(np.clip(cell_width * FILLED / (longest * LETTER), 4.6, style.SMALL))
    mesh: Any = ax.collections[0]
    mesh.update_scalarmappable()
    colours = mesh.get_facecolors().reshape(*table.shape, 4)
    blank = np.isnan(table.to_numpy(dtype=float))
    for row, column in np.ndindex(*table.shape):
        background = np.array([0.925] * 3) if blank[row, column] else colours[row, column][:3]
        ink = "white" if float(background @ [0.299, 0.587, 0.114]) < 0.52 else style.INK
        ax.text(
            column + 0.5, row + 0.5, texts[row][column], ha="center", va="center", fontsize=size, color=ink,
            linespacing=1.15, path_effects=[withStroke(linewidth=3.0, foreground=tuple(background))], zorder=4,
        )  # fmt: skip


def timing_label(timing: str) -> str:
    r"""Return a timing as a tick label: months of shift, and the month of the nominal national decision.

    >>> timing_label("0"), timing_label("never")
    ('0\nMay 15', 'never\n')
    """
    month = decision_month(timing)
    if month is None:
        return f"{NEVER}\n"
    year, number = date_of(month).split("-")
    shift = int(timing_order(timing))
    return f"{style.signed(f'{shift:+d}' if shift else 0)}\n{MONTHS[int(number) - 1]} {year[2:]}"


def mark_arithmetic(ax: Axes, timings: list[str], deadline: int) -> None:
    """Mark a corner of the cells in which a policy can have reached no cohort, or none that chose under it."""
    from matplotlib.patches import Polygon

    rows = round(abs(ax.get_ylim()[0] - ax.get_ylim()[1]))
    for column, timing in enumerate(timings):
        colour = CORNERS.get(policy_reach(timing, deadline))
        for row in range(rows if colour else 0):
            corner = [(column + 1 - CORNER, row), (column + 1, row), (column + 1, row + CORNER)]
            ax.add_patch(Polygon(corner, facecolor=colour, edgecolor=style.INK, linewidth=0.5, zorder=3))


def mark_case(ax: Axes, table_rows: list[float], timings: list[str], scenario_point: tuple[float, str]) -> None:
    """Outline the point nearest to the record; rows have the strongest facilitation first."""
    from matplotlib.patches import Rectangle
    from matplotlib.patheffects import withStroke

    if scenario_point[1] in timings and scenario_point[0] in table_rows:
        corner = (timings.index(scenario_point[1]), table_rows.index(scenario_point[0]))
        outline = [withStroke(linewidth=4.2, foreground="white")]
        ax.add_patch(
            Rectangle(corner, 1, 1, fill=False, edgecolor=style.INK, linewidth=1.8, zorder=5, path_effects=outline)
        )


def arithmetic_legend() -> list[Any]:
    """Return handles for a legend of the marks on a map."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    def corner(kind: str, label: str) -> Any:
        return Line2D([], [], linestyle="none", marker=[(-1, 1), (1, 1), (1, -1)], markersize=8, label=label,
                      markerfacecolor=CORNERS[kind], markeredgecolor=style.INK, markeredgewidth=0.8)  # fmt: skip

    return [
        corner(TOO_EARLY, "arithmetic: decided as dated, no examination under the policy by the deadline"),
        corner(MOVERS, "in part: 1 or 2 examinations, of students already in grades 10-12"),
        Patch(facecolor="white", edgecolor=style.INK, linewidth=1.8, label="nearest to the record"),
    ]
