"""The network of trust over time: small multiples, a school year a panel, and one moment of an animation."""

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
"""Sectors in a row of the legend where the page is wide: the seven of the model and two of a user's own."""

SIDE, TALL, HEAD, FOOT, GAP = 3.0, 2.6, 0.95, 1.1, 0.6
"""Width and height of a panel, room above and below all of them, and above each row for its titles [inches]."""

FRAME = (7.2, 8.0)
"""An image of an animation [inches]; at 100 dots an inch its sides are even, as films want them."""

DOTS = 100
"""Resolution of an animation [dots/inch]."""


def years_of(graphs: Sequence[Any], title: str, least: float = 0.5, provenance: str = "") -> Figure:
    """Return the network at the end of each of several school years, everybody where they always stand.

    Args:
        graphs: networkx graphs with `year` and the ministry's `stage`; nodes and edges as of `networks.trust_network`
        title: of the page
        least: weakest trust drawn [share]
        provenance: how the networks were made
    """
    across = min(ACROSS, len(graphs))
    rows = -(-len(graphs) // across)
    width, height = max(across, 2) * SIDE + 0.5, HEAD + rows * (TALL + GAP) + FOOT
    with style.applied():
        figure = style.sheet(width, height)
        figure.text(0.25 / width, 1 - 0.35 / height, title, fontsize=style.TITLE * 0.8, fontweight="bold", va="center")
        second = (
            "At the end of each school year, named by the year in which it ends; below it the stage of the ministry."
        )
        figure.text(0.25 / width, 1 - 0.66 / height, second, color=style.QUIET, va="center")
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
                told_of(graph, least), (0.03, 1.02), xycoords="axes fraction", fontsize=style.SMALL, color=style.QUIET
            )
        _legend(figure, graphs[-1], least, 0.62 / height, LONGEST if across > 2 else 4)
        style.caption(figure, provenance)
    return figure


def told_of(graph: Any, least: float) -> str:
    """Return the ministry's stage, how many are members, and how many ties are drawn, in words."""
    members = sum(bool(data.get("member")) for _, data in graph.nodes(data=True))
    ties = sum(data["trust"] >= least for _, _, data in graph.edges(data=True))
    return f"ministry: {graph.graph['stage']}; {members} members, {ties:,} ties"


def _legend(figure: Figure, graph: Any, least: float, low: float, columns: int) -> None:
    """Sectors and, below them, members and ties, in the middle of the foot."""
    sectors, others = networks.sector_legend(graph), networks.network_legend(least)
    looks: dict[str, Any] = {"loc": "center", "borderaxespad": 0, "columnspacing": 1.4, "handletextpad": 0.4}
    upward = 0.26 / figure.get_figheight()
    figure.legend(handles=sectors, bbox_to_anchor=(0.5, low + upward), ncols=columns, **looks)
    figure.legend(handles=others, bbox_to_anchor=(0.5, low), ncols=3, **looks)


@dataclass(frozen=True)
class Moment:
    """One image of an animation.

    Attributes:
        graph: network of trust then, with the ministry's `stage`
        date: the month that has ended, YYYY-MM
        events: what happened since the image before, each with its date
        before: what happened last, before that; empty: nothing yet
        passed: part of the time that has passed [share]
    """

    graph: Any
    date: str
    events: tuple[str, ...]
    before: str
    passed: float


def moment(shown: Moment, title: str, least: float = 0.5) -> Figure:
    """Return an image of an animation: date, the ministry's stage and events above the network, the time passed below it.

    Args:
        shown: what is drawn
        title: of every image
        least: weakest trust drawn [share]
    """
    looks: dict[str, Any] = {"fontsize": style.NORMAL, "va": "center"}
    with style.applied():
        figure = style.sheet(*FRAME)
        figure.set_dpi(DOTS)
        ax = figure.add_axes((0.03, 0.12, 0.94, 0.75))
        networks.bare_network(shown.graph, ax, least, 48)
        figure.text(0.03, 0.968, title, color=style.QUIET, **looks)
        figure.text(0.03, 0.932, shown.date, fontsize=style.TITLE, fontweight="bold", va="center")
        figure.text(0.2, 0.931, told_of(shown.graph, least), fontsize=style.LARGE, va="center")
        if shown.events:
            figure.text(0.03, 0.895, "; ".join(shown.events), color=style.ORANGE, fontweight="bold", **looks)
        elif shown.before:
            figure.text(0.03, 0.895, f"last: {shown.before}", color=style.QUIET, **looks)
        _legend(figure, shown.graph, least, 0.045, 7)
        line = figure.add_axes((0.03, 0.012, 0.94, 0.008))
        line.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[], facecolor=style.GROUND)
        line.axvspan(0, shown.passed, color=style.QUIET, linewidth=0)
        line.set_frame_on(True)
        for side in line.spines.values():
            side.set_visible(False)
    return figure
