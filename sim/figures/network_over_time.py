"""The network of trust over time: small multiples with a panel for each school year, and one frame of an animation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.figures import networks, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ACROSS = 4
"""Panels in a row."""

LONGEST = 9
"""Sectors in a row of the legend on a wide page: the seven of the model and two of a user."""

SIDE, TALL, HEAD, FOOT, GAP = 3.0, 2.6, 0.95, 1.1, 0.6
"""Width and height of a panel, space above and below all of them, and above each row for titles [inches]."""

FRAME = (7.2, 8.0)
"""Size of a frame of an animation [inches]; at 100 dots an inch both sides are even numbers, as video needs."""

DOTS = 100
"""Resolution of an animation [dots/inch]."""


def years_page(graphs: Sequence[Any], title: str, least: float = 0.5, provenance: str = "") -> Figure:
    """Return the network at the end of each of several school years; each organisation has the same place in all.

    Args:
        graphs: networkx graphs with `year` and the ministry's `stage`; nodes and edges as of `networks.trust_network`
        title: of the page
        least: weakest trust drawn [share]
        provenance: for the foot of the page
    """
    across = min(ACROSS, len(graphs))
    rows = -(-len(graphs) // across)
    width, height = max(across, 2) * SIDE + 0.5, HEAD + rows * (TALL + GAP) + FOOT
    with style.figure_style():
        figure = style.sheet(width, height)
        figure.text(0.25 / width, 1 - 0.35 / height, title, fontsize=style.TITLE * 0.8, fontweight="bold", va="center")
        subtitle = (
            "At the end of each school year, named by the year in which it ends; below it the stage of the ministry."
        )
        figure.text(0.25 / width, 1 - 0.66 / height, subtitle, color=style.QUIET, va="center")
        for place, graph in enumerate(graphs):
            left, row = 0.25 + place % across * SIDE, place // across
            low = height - HEAD - (row + 1) * (TALL + GAP)
            ax = figure.add_axes((left / width, low / height, SIDE / width, TALL / height))
            networks.bare_network(graph, ax, least, 15)
            ax.annotate(
                str(graph.graph["year"]),
                (0.03, 1.09),
                xycoords="axes fraction",
                fontsize=style.LARGE,
                fontweight="bold",
            )
            ax.annotate(
                network_summary(graph, least),
                (0.03, 1.02),
                xycoords="axes fraction",
                fontsize=style.SMALL,
                color=style.QUIET,
            )
        _legend(figure, graphs[-1], least, 0.62 / height, LONGEST if across > 2 else 4)
        style.add_caption(figure, provenance)
    return figure


def network_summary(graph: Any, least: float) -> str:
    """Return the ministry's stage and the numbers of members and of ties drawn, in words."""
    members = sum(bool(data.get("member")) for _, data in graph.nodes(data=True))
    ties = sum(data["trust"] >= least for _, _, data in graph.edges(data=True))
    return f"ministry: {graph.graph['stage']}; {members} members, {ties:,} ties"


def _legend(figure: Figure, graph: Any, least: float, low: float, columns: int) -> None:
    """Draw legends of sectors and, below them, of members and ties, in the middle of the foot."""
    sectors, marks = networks.sector_legend(graph), networks.network_legend(least)
    placement: dict[str, Any] = {"loc": "center", "borderaxespad": 0, "columnspacing": 1.4, "handletextpad": 0.4}
    lift = 0.26 / figure.get_figheight()
    figure.legend(handles=sectors, bbox_to_anchor=(0.5, low + lift), ncols=columns, **placement)
    figure.legend(handles=marks, bbox_to_anchor=(0.5, low), ncols=3, **placement)


@dataclass(frozen=True)
class Moment:
    """State of the network in one frame of an animation.

    Attributes:
        graph: network of trust, with the ministry's `stage`
        date: the month that has ended, YYYY-MM
        events: events since the previous frame, each with its date
        before: the last earlier event; empty if there is none
        passed: part of the time that has passed [share]
    """

    graph: Any
    date: str
    events: tuple[str, ...]
    before: str
    passed: float


def moment_figure(state: Moment, title: str, least: float = 0.5) -> Figure:
    """Return a frame of an animation: date, the ministry's stage and events above the network, elapsed time below it.

    Args:
        state: moment to draw
        title: of every frame
        least: weakest trust drawn [share]
    """
    text_looks: dict[str, Any] = {"fontsize": style.NORMAL, "va": "center"}
    with style.figure_style():
        figure = style.sheet(*FRAME)
        figure.set_dpi(DOTS)
        ax = figure.add_axes((0.03, 0.12, 0.94, 0.75))
        networks.bare_network(state.graph, ax, least, 48)
        figure.text(0.03, 0.968, title, color=style.QUIET, **text_looks)
        figure.text(0.03, 0.932, state.date, fontsize=style.TITLE, fontweight="bold", va="center")
        figure.text(0.2, 0.931, network_summary(state.graph, least), fontsize=style.LARGE, va="center")
        if state.events:
            figure.text(0.03, 0.895, "; ".join(state.events), color=style.ORANGE, fontweight="bold", **text_looks)
        elif state.before:
            figure.text(0.03, 0.895, f"last: {state.before}", color=style.QUIET, **text_looks)
        _legend(figure, state.graph, least, 0.045, 7)
        line = figure.add_axes((0.03, 0.012, 0.94, 0.008))
        line.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[], facecolor=style.GROUND)
        line.axvspan(0, state.passed, color=style.QUIET, linewidth=0)
        line.set_frame_on(True)
        for side in line.spines.values():
            side.set_visible(False)
    return figure
