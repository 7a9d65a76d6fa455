"""Figures of the cases: published figures beside the runs of several arms, and intervals of forecasts and effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.cases import SCORED
from sim.figures import fans, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = (style.BLUE, style.ORANGE, style.GREEN, style.PURPLE, style.YELLOW)
"""Colours of arms and forecasts, in order."""

EVIDENCE = "Published figures: configs/data/evidence.csv and targets.csv."
"""Source of the published figures."""


def ireland_page(frame: pd.DataFrame, tables: Mapping[str, pd.DataFrame], provenance: str = "") -> Figure:
    """Return the page of Ireland: the shares of each arm, and the later published shares beside naive forecasts.

    Args:
        frame: a row for each run and year: arm, seed, year, share
        tables: of the case: beside, totals
        provenance: for the foot of the page
    """
    facts, arms = tables["beside"].drop_duplicates("year"), list(dict.fromkeys(frame["arm"]))
    title = "Ireland: a bonus for higher-level mathematics, no backbone"
    figure, panels = _sheet(title, "Schools are assumed: illustrative. The curriculum changed in the same years.")
    with style.figure_style():
        ax = panels[0]
        percent = frame.assign(share=100.0 * frame["share"])
        _arms(ax, percent, "share", arms, wide=arms[:1])
        later = facts["use"] == SCORED
        for rows, inside, name in ((facts[~later], style.INK, "trained on"), (facts[later], "white", "scored")):
            values = 100.0 * rows["observed"]
            ax.scatter(rows["year"], values, 26, inside, edgecolor=style.INK, zorder=6, label=f"published, {name}")
        ax.set_ylim(bottom=0)
        ax.legend(loc="lower right")
        style.add_heading(
            ax, "A", "Share at higher level", "of those who sit mathematics [%]; band: middle 50% and 90% of runs"
        )
        scored = tables["beside"][tables["beside"]["use"] == SCORED]
        _ranges(panels[1], scored, tables["totals"]["arm"].tolist())
        style.add_heading(panels[1], "B", "Scored: predicted, middle 90%", "circles: published [%]")
        style.add_caption(figure, f"{EVIDENCE}\n{provenance}".strip())
    return figure


def plan_page(frame: pd.DataFrame, tables: Mapping[str, pd.DataFrame], provenance: str = "") -> Figure:
    """Return the page of the Israeli plan: counts with and without it, and the examinees it adds in each arm.

    Args:
        frame: a row for each run and year: arm, seed, year, examinees
        tables: of the case: beside, added
        provenance: for the foot of the page
    """
    facts, arms = tables["beside"].drop_duplicates("year"), list(dict.fromkeys(frame["arm"]))
    title = "Israel: the plan of 2009-2012, no backbone"
    figure, panels = _sheet(title, "Counts were fitted: consistency, not prediction.")
    with style.figure_style():
        ax = panels[0]
        _arms(ax, frame, "examinees", arms[:2], wide=arms[:1])
        ax.scatter(facts["year"], facts["observed"], s=26, color=style.INK, zorder=6, label="published, fitted")
        ax.axvspan(2009, 2012, color=style.GROUND, zorder=0, linewidth=0)
        ax.annotate("plan", (2010.5, 0.02), xycoords=("data", "axes fraction"), ha="center", color=style.QUIET)
        ax.set_ylim(bottom=0)
        style.thousands(ax.yaxis)
        ax.legend(loc="upper right")
        style.add_heading(ax, "A", "Examinees at five units", "band: middle 50% and 90% of runs")
        added = tables["added"]
        chosen = added[(added["figure"] == "examinees") & added["year"].isin([2012, 2013])]
        _effects(panels[1], chosen)
        style.add_heading(panels[1], "B", "What the plan adds", "examinees, arm minus no plan; middle 90% of sets")
        style.add_caption(figure, f"{EVIDENCE}\n{provenance}".strip())
    return figure


def _sheet(title: str, subtitle: str) -> tuple[Figure, Sequence[Axes]]:
    """Return an empty page of two panels with its title."""
    with style.figure_style():
        figure = style.sheet(11.5, 5.2)
        panels = figure.subplots(1, 2)
        figure.subplots_adjust(left=0.06, right=0.985, bottom=0.2, top=0.76, wspace=0.28)
        figure.text(0.02, 0.975, title, size=15, weight="bold", va="top")
        figure.text(0.02, 0.905, subtitle, color=style.QUIET, va="top")
    return figure, panels


def _arms(ax: Axes, frame: pd.DataFrame, column: str, arms: Sequence[str], wide: Sequence[str]) -> None:
    """Draw a fan for each arm in `wide`, and a line at the median for the others."""
    for arm, colour in zip(arms, COLOURS, strict=False):
        runs = frame[frame["arm"] == arm]
        if arm in wide:
            fans.fan(runs, ax, column, colour=colour)
            ax.plot([], [], color=colour, linewidth=1.7, label=f"{arm}: median")
        else:
            medians = runs.groupby("year")[column].median()
            ax.plot(medians.index, medians, color=colour, linewidth=1.5, linestyle=(0, (4, 2)), label=f"{arm}: median")
    ax.grid(axis="y", color=style.GROUND)
    ax.locator_params(axis="x", integer=True, nbins=8)


def _ranges(ax: Axes, table: pd.DataFrame, names: Sequence[str]) -> None:
    """Draw medians and middle 90% of some arms and forecasts by year, beside the published shares [%]."""
    years = sorted(table["year"].unique())
    for number, (name, colour) in enumerate(zip(names, (style.BLUE, *COLOURS[2:], style.SKY, style.RED), strict=False)):
        rows = table[table["arm"] == name].sort_values("year")
        places = [years.index(year) + (number - (len(names) - 1) / 2) * 0.15 for year in rows["year"]]
        ax.vlines(places, 100 * rows["low_90"], 100 * rows["high_90"], color=colour, linewidth=1.6)
        ax.plot(places, 100 * rows["median"], "o", color=colour, markersize=4, label=name)
    observed = table.drop_duplicates("year").set_index("year")["observed"]
    for place, year in enumerate(years):
        ax.hlines(
            100 * observed[year], place - 0.42, place + 0.42, color=style.INK, linewidth=0.9, linestyle=(0, (3, 2))
        )
        ax.plot(place, 100 * observed[year], "o", color="white", markeredgecolor=style.INK, markersize=5.5, zorder=6)
    ax.set_xticks(range(len(years)), [str(year) for year in years])
    ax.tick_params(axis="x", length=0)
    ax.set_ylim(0, 100)
    ax.grid(axis="y", color=style.GROUND)
    ax.legend(loc="upper left", ncols=3)


def _effects(ax: Axes, table: pd.DataFrame) -> None:
    """Draw medians and middle 90% of the examinees that each arm adds, for two years [examinees]."""
    arms, years = list(dict.fromkeys(table["arm"])), sorted(table["year"].unique())
    for number, (year, colour) in enumerate(zip(years, COLOURS, strict=False)):
        rows = table[table["year"] == year].set_index("arm").loc[arms]
        places = [place + (number - 0.5) * 0.24 for place in range(len(arms))]
        ax.hlines(places, rows["low_90"], rows["high_90"], color=colour, linewidth=1.8)
        ax.plot(rows["median"], places, "o", color=colour, markersize=5, label=str(year))
    ax.axvline(0, color=style.QUIET, linewidth=0.8, zorder=0)
    ax.set_yticks(range(len(arms)), [name.replace(", ", ",\n") for name in arms])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(arms) - 0.5, -0.5)
    ax.grid(axis="x", color=style.GROUND)
    style.thousands(ax.xaxis)
    ax.legend(loc="upper right")
