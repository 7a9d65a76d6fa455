"""The page of one run, or of many runs of one scenario."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.money import money_by_source
from sim.figures import networks, style
from sim.figures import trajectories as course
from sim.figures.sweep import Choices

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 16.5, 11.7
"""A3, landscape [inches]; every place below is in inches from the lower left corner."""


@dataclass(frozen=True)
class Tables:
    """Tables of a run or of many; the page shows that a part is missing if it is None.

    Args:
        title: of the page
        years: a row for each run and school year
        months: a row for each run and month of the network
        events: month and event, of one run
        organisations: a row for each organisation (and run): kind and money_FATE [NIS million]
        graph: networkx graph of trust, of one run
    """

    title: str
    years: pd.DataFrame
    months: pd.DataFrame | None = None
    events: pd.DataFrame | None = None
    organisations: pd.DataFrame | None = None
    graph: Any = None


def run_page(tables: Tables, published: pd.DataFrame | None = None, provenance: str = "") -> Figure:
    """Return enrolment, who gains, trust, readiness, money, network and events on one page.

    Args:
        tables: of the run or runs
        published: columns year and value [students], drawn with enrolment
        provenance: for the foot of the page
    """
    sources = "" if published is None else f"Published counts: {Choices.sources}."
    with style.figure_style():
        figure = style.sheet(WIDTH, HEIGHT)
        figure.text(0.42 / WIDTH, 11.3 / HEIGHT, tables.title, fontsize=style.TITLE, fontweight="bold", va="center")
        runs = tables.years["seed"].nunique()
        subtitle = (
            "One run." if runs == 1 else f"{runs} runs: lines are medians, bands the middle half unless said otherwise."
        )
        figure.text(0.42 / WIDTH, 11.0 / HEIGHT, subtitle, color=style.QUIET, va="center")
        for panel in _panels(tables, published):
            _draw(figure, panel)
        style.add_caption(figure, "\n".join(filter(None, [sources, provenance])))
    return figure


@dataclass(frozen=True)
class Panel:
    """A place on the page [inches], its heading, its data and the function that draws them."""

    place: tuple[float, float, float, float]
    letter: str
    title: str
    second: str
    data: Any
    draw: Callable[[Any, Axes], None]


def _panels(tables: Tables, published: pd.DataFrame | None) -> list[Panel]:
    years, months, graph = tables.years, tables.months, tables.graph
    money = None if tables.organisations is None else money_by_source(tables.organisations)

    def enrolment(frame: pd.DataFrame, ax: Axes) -> None:
        course.enrolment(frame, ax, published)

    def streams(frame: pd.DataFrame, ax: Axes) -> None:
        course.who_gains(frame, ax, course.SCHOOL_STREAMS)

    share = "maths takers at five units"
    return [
        Panel((1.0, 7.45, 6.2, 2.85), "A", "Enrolment", "examinees in grade 12", years, enrolment),
        Panel((8.1, 7.45, 2.75, 2.85), "B", "Who gains, by quintile", share, years, course.who_gains),
        Panel((12.35, 7.45, 2.75, 2.85), "C", "Who gains, by stream", share, years, streams),
        Panel((1.0, 4.0, 2.4, 2.4), "D", "Trust", "among members", months, course.trust),
        Panel((5.0, 4.0, 2.4, 2.4), "E", "Readiness", "of the network, from the launch", months, course.readiness),
        Panel((1.0, 0.75, 7.9, 2.25), "F", "Events", "by month", tables.events, course.timeline),
        Panel((10.4, 0.95, 5.5, 1.75), "G", "Money", "by source and fate", money, course.money),
        Panel((8.9, 3.1, 3.9, 3.4), "H", "Network of trust", "ties of trust 0.5 or more; hollow: not a member", graph,
            networks.trust_network),
        Panel((13.9, 4.0, 2.4, 2.4), "I", "Trust between sectors", "of the row in the column", graph,
            networks.trust_matrix),
    ]  # fmt: skip


def _draw(figure: Figure, panel: Panel) -> None:
    left, bottom, width, height = panel.place
    ax = figure.add_axes((left / WIDTH, bottom / HEIGHT, width / WIDTH, height / HEIGHT))
    if panel.data is None or len(panel.data) == 0:
        style.show_reason(ax, "Not shown: needs a single run, or was not recorded.")
    else:
        panel.draw(panel.data, ax)
    style.add_heading(ax, panel.letter, panel.title, panel.second)
