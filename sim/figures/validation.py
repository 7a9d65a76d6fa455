"""Validation: each later fact beside the predictions of runs and of naive rivals, and the ranks of the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.fit import COUNT, EVENT, HALF, MOST, OUTSIDE, PATTERNS, UNKNOWN
from sim.analysis.forecasts import DAMPED, LAST, TREND
from sim.analysis.validation import RANKED
from sim.declare import Fact
from sim.errors import counted
from sim.figures import style
from sim.findings.validation import fact_text, figure_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LABELS, ACROSS, NUMBERS, GAP = 2.75, 3.9, 1.75, 0.3
"""Width of the labels, of a panel, of the columns of numbers beside it, and between scenarios [inches]."""

ROW, HEAD, FOOT, TOP, HISTOGRAM, BOTTOM = 0.25, 0.55, 0.5, 0.85, 1.4, 0.65
"""Heights: a fact, space above and below the facts of a panel, above all, a histogram, space below all [inches]."""

MOST_FACTS = 60
"""Largest number of facts on the page."""

LOOKS = {
    HALF: ("o", style.BLUE, style.BLUE, "median, fact in the middle 50%"),
    MOST: ("o", style.BLUE, "white", "fact in the middle 90%"),
    OUTSIDE: ("s", style.ORANGE, style.ORANGE, "fact outside"),
}
"""Marker, colour, filling and meaning of a median, by the place of the fact."""

RIVALS = {LAST: "x", TREND: "^", DAMPED: "v"}
"""Marker of each rival."""

_ENDS = (48, 96, 122)
"""Right ends of the columns of numbers, from the axes [points]."""


def validation_page(table: pd.DataFrame, rivals: pd.DataFrame, provenance: str = "") -> Figure:
    """Return the page: a column for each scenario, a row for each fact, and histograms of ranks if there are ten or more.

    Args:
        table: as `sim.analysis.validation.predictions` returns it
        rivals: as `sim.analysis.validation.rival_forecasts` returns it
        provenance: for the foot of the page
    """
    rows = table[(table["scale"] != EVENT) & (table["lies"] != UNKNOWN)]
    order = rows["pattern"].map(list(PATTERNS).index)
    rows = rows.assign(order=order).sort_values(["order", "group", "year"], kind="stable")
    facts = rows[list(Fact._fields)].drop_duplicates()
    page_facts = rows.merge(facts.head(MOST_FACTS), on=list(Fact._fields), how="inner")
    panels = [rows_of_panel for _, rows_of_panel in page_facts.groupby(page_facts["scale"] != COUNT)]
    has_ranks = _ranked(table)
    names = list(dict.fromkeys(table["scenario"]))
    heights = [ROW * rows_of_panel.groupby("scenario").size().max() for rows_of_panel in panels]
    page_height = (
        TOP * (2 - bool(panels))
        + sum(heights)
        + (HEAD + FOOT) * len(heights)
        + (HISTOGRAM + HEAD + FOOT if has_ranks else 0.0)
        + BOTTOM
    )
    with style.figure_style():
        fig = style.sheet(max(LABELS + len(names) * (ACROSS + NUMBERS + GAP), 10.5), page_height)
        _heading(fig, page_height, f"{counted(len(facts), 'fact')}; nothing was fitted to them"
                + (f"; the first {MOST_FACTS} are shown" if len(facts) > MOST_FACTS else ""))  # fmt: skip
        for column, name in enumerate(names):
            top = page_height - TOP
            for rows_of_scale, height in zip(panels, heights, strict=True):
                top -= HEAD + height
                ax = _axes(fig, column, top, height)
                _panel(ax, rows_of_scale[rows_of_scale["scenario"] == name], rivals, column == 0)
                _title(ax, style.plain(name), str(rows_of_scale["scale"].iloc[0]), column)
                top -= FOOT
            if has_ranks:
                _histogram(_axes(fig, column, top - HEAD - HISTOGRAM, HISTOGRAM), _ranks(table, name))
        if not panels:
            style.show_reason(_axes(fig, 0, BOTTOM, TOP), "No run has a count or a share of these facts")
        style.add_caption(fig, f"{NOTE}\n{provenance}".strip())
    return fig


NOTE = (
    "Intervals cover runs and the measurement error of the fact. Numbers: the fact, the predicted median, and the rank of "
    "the fact in the prediction. * the year is within the fitted years: not in the ranks."
)
"""Explanation at the foot of the page."""


def _ranks(table: pd.DataFrame, name: str) -> Any:
    """Return ranks of the later facts in a scenario; shape (facts,)."""
    return table.loc[(table["scenario"] == name) & table["later"], "rank"].dropna().to_numpy()


def _ranked(table: pd.DataFrame) -> bool:
    """Return true if every scenario has enough facts for a histogram of ranks."""
    return all(len(_ranks(table, name)) >= RANKED for name in table["scenario"].unique())


def _axes(fig: Figure, column: int, bottom: float, height: float) -> Axes:
    wide, tall = fig.get_size_inches()
    left = LABELS + column * (ACROSS + NUMBERS + GAP)
    return fig.add_axes((left / wide, bottom / tall, ACROSS / wide, height / tall))


def _title(ax: Axes, name: str, scale: str, column: int) -> None:
    quantity = "counts" if scale == COUNT else "shares and correlations"
    style.add_heading(ax, "", f"{name}: {quantity}", outwards=0.0 if column else (LABELS - 0.25) * 72)
    for end, word in zip(_ENDS, ("fact", "predicted", "rank"), strict=True):
        _word(ax, word, (1, 1), (end, 2), va="bottom", color=style.QUIET)
    unit = "% of the fact, log" if scale == COUNT else "points of 100"
    ax.set_xlabel(f"predicted minus the fact [{unit}]", fontsize=style.SMALL, color=style.QUIET)


def _word(ax: Axes, text: str, place: tuple[float, float], offset: tuple[float, float], **properties: Any) -> None:
    down = "data" if properties.get("va") == "center" else "axes fraction"
    ax.annotate(text, place, offset, xycoords=("axes fraction", down), textcoords="offset points", annotation_clip=False,
                ha="right", fontsize=style.SMALL, **properties)  # fmt: skip


def _panel(ax: Axes, rows: pd.DataFrame, rivals: pd.DataFrame, labelled: bool) -> None:
    """Draw the facts of one scale in one scenario."""
    ax.axvline(0.0, color=style.INK, linewidth=0.8, zorder=1)
    for height, (_, row) in enumerate(rows.iterrows()):
        _row(ax, row, height)
        for _, rival in rivals[(rivals[list(Fact._fields)] == row[list(Fact._fields)]).all(axis=1)].iterrows():
            place = _along(rival["predicted"], row)
            ax.plot(
                place,
                height,
                RIVALS[rival["rival"]],
                color=style.QUIET,
                markerfacecolor="none",
                markersize=4.2,
                zorder=4,
            )
    ax.set_ylim(len(rows) - 0.5, -0.5)
    marks = ["" if later else " *" for later in rows["later"]]
    texts = [fact_text(row) + mark for (_, row), mark in zip(rows.iterrows(), marks, strict=True)]
    ax.set_yticks(range(len(rows)), texts if labelled else [""] * len(rows))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=style.GROUND)
    ax.margins(x=0.08)
    ax.locator_params(axis="x", nbins=6)


def _along(value: float, row: Any) -> float:
    """Return the place of a figure on the axis of its panel."""
    observed = float(row["observed"])
    return 100.0 * float(np.log(max(value, 0.5) / observed)) if row["scale"] == COUNT else 100.0 * (value - observed)


def _row(ax: Axes, row: Any, height: int) -> None:
    """Draw one fact: its prediction, and both figures as text."""
    marker, colour, filling, _ = LOOKS[row["lies"]]
    for level, width in (("90", 1.2), ("50", 4.5)):
        ends = [_along(row[f"{end}_{level}"], row) for end in ("low", "high")]
        ax.plot(ends, [height] * 2, color=colour, linewidth=width, alpha=0.55 if level == "50" else 1.0,
                solid_capstyle="butt", zorder=2)  # fmt: skip
    ax.plot(_along(row["median"], row), height, marker, color=colour, markerfacecolor=filling, markersize=5.4, zorder=5)
    ax.plot(0.0, height, "D", color=style.INK, markersize=3.4, zorder=3)
    texts = [figure_text(row[key], row["scale"]) for key in ("observed", "median")]
    for end, text in zip(_ENDS, [*texts, f"{row['rank']:.2f}"], strict=True):
        _word(ax, text, (1, height), (end, 0), va="center", color=style.INK)


def _histogram(ax: Axes, ranks: Any) -> None:
    """Draw ranks of the facts, beside the heights expected of a correct predictive distribution."""
    from matplotlib.ticker import MaxNLocator
    from scipy.stats import binom

    bins = 10 if len(ranks) >= 2 * RANKED else 5
    ax.hist(ranks, bins=bins, range=(0.0, 1.0), color=style.SKY, edgecolor="white")
    low, high = binom.ppf([0.05, 0.95], len(ranks), 1.0 / bins)
    ax.axhspan(low, high, color=style.GROUND, zorder=0)
    ax.axhline(len(ranks) / bins, color=style.QUIET, linewidth=0.9, linestyle=(0, (4, 3)))
    ax.set_xlim(0.0, 1.0)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylabel("facts")
    ax.set_xlabel("rank of the fact in the prediction [share below it]", fontsize=style.SMALL, color=style.QUIET)
    style.add_heading(
        ax, "", "Ranks", "dashed: expected if predictions are right; grey: 90% of such bars for independent facts"
    )


def _heading(fig: Figure, tall: float, second: str) -> None:
    from matplotlib.lines import Line2D

    wide = fig.get_figwidth()
    fig.text(0.25 / wide, 1.0 - 0.12 / tall, "Later facts and their predictions", size=15, weight="bold", va="top")
    fig.text(0.25 / wide, 1.0 - 0.45 / tall, f"{second}.", color=style.QUIET, va="top")
    marks = [
        Line2D([], [], marker="D", color=style.INK, markersize=3.4, linestyle="", label="fact"),
        *(Line2D([], [], marker=marker, color=colour, markerfacecolor=filling, markersize=5.4, linestyle="", label=label)
          for marker, colour, filling, label in LOOKS.values()),
        *(Line2D([], [], marker=mark, color=style.QUIET, markerfacecolor="none", markersize=4.2, linestyle="", label=name)
          for name, mark in RIVALS.items()),
    ]  # fmt: skip
    fig.legend(handles=marks, loc="upper left", ncols=len(marks), bbox_to_anchor=(0.15 / wide, 1.0 - 0.62 / tall),
               handletextpad=0.3, columnspacing=1.3)  # fmt: skip
