"""The network of trust by sector, and mean trust between sectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.catalogue import kinds as registered_kinds
from sim.figures import style
from sim.figures.trajectories import STAGES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SECTORS = ("foundation", "business", "academia", "local_authority", "ngo")
"""Sectors around the middle; the ministry and the backbone are in the middle."""

COLOURS = {
    "ministry": style.RED, "foundation": style.YELLOW, "business": style.BLUE, "ngo": style.GREEN,
    "academia": style.PURPLE, "local_authority": style.SKY, "backbone": style.INK,
}  # fmt: skip
"""Colour of each kind of organisation."""

MARKERS = {
    "ministry": "H", "foundation": "^", "business": "s", "ngo": "o", "academia": "D", "local_authority": "v", "backbone": "P",
}  # fmt: skip
"""Marker of each kind of organisation, so that kinds also differ without colour."""

USER_LOOKS = (
    ("#332288", "<"), ("#999933", "p"), ("#cc6677", "*"), ("#661100", "X"), ("#ddcc77", ">"), ("#117733", "d"),
    ("#44aa99", "h"),
)  # fmt: skip
"""Colours and markers of a user's kinds in the order of their registration; safe for colour-blind readers."""


def kind_looks() -> dict[str, tuple[str, str]]:
    """Return colour and marker of each registered kind; from the eighth kind of a user on they repeat."""
    user_kinds = [kind for kind in registered_kinds() if kind not in COLOURS]
    return {kind: (colour, MARKERS[kind]) for kind, colour in COLOURS.items()} | {
        kind: USER_LOOKS[place % len(USER_LOOKS)] for place, kind in enumerate(user_kinds)
    }


def kind_look(kind: str) -> tuple[str, str]:
    """Return colour and marker of a kind; grey and a dot if it is not registered.

    >>> kind_look("ministry")[1], kind_look("unheard_of")[1]
    ('H', 'o')
    """
    return kind_looks().get(kind, (style.QUIET, "o"))


MIDDLE = {"ministry": (-0.13, 0.0), "backbone": (0.13, 0.0)}

RADIUS = 0.42
"""Largest distance of an organisation from the middle of its sector [of the circle's radius]."""

TURN = np.pi * (3 - np.sqrt(5))
"""The golden angle between neighbours in a sunflower layout [radians]."""


def positions(graph: Any) -> dict[Any, tuple[float, float]]:
    """Return the place of each organisation: a sunflower for each sector, ordered by name; the same in every year.

    Args:
        graph: networkx graph whose nodes have `kind`
    """
    kind_of = pd.Series({node: data["kind"] for node, data in graph.nodes(data=True)}, dtype=object)
    outer = [kind for kind in SECTORS if (kind_of == kind).any()]
    outer += sorted(set(kind_of) - set(outer) - set(MIDDLE))
    turn_offset = 0.0 if len(outer) <= len(SECTORS) or len(outer) % 2 else 0.5  # no sector lies above the legend
    places: dict[Any, tuple[float, float]] = {}
    for kind, nodes in kind_of.groupby(kind_of).groups.items():
        if kind in MIDDLE:
            centre = np.array(MIDDLE[kind])
        else:
            angle = np.pi / 2 - 2 * np.pi * (outer.index(str(kind)) + turn_offset) / len(outer)
            centre = np.array([np.cos(angle), np.sin(angle)])
        spacing = min(0.065, RADIUS / np.sqrt(len(nodes)))
        for number, node in enumerate(nodes):
            reach, angle_of_node = spacing * np.sqrt(number), TURN * number
            x, y = centre + reach * np.array([np.cos(angle_of_node), np.sin(angle_of_node)])
            places[node] = (float(x), float(y))
    return places


def trust_network(graph: Any, ax: Axes, least: float = 0.5) -> None:
    """Draw organisations by sector and the ties with trust of at least `least`.

    Args:
        graph: directed networkx graph; nodes have `kind` and, optionally, `member`; edges have `trust` [share]
        ax: axes to draw on
        least: weakest trust drawn [share]
    """
    place = positions(graph)
    bare_network(graph, ax, least)
    _sector_names(ax, {node: str(data["kind"]) for node, data in graph.nodes(data=True)}, place)
    ax.set(ylim=(-1.4, 1.5))


def bare_network(graph: Any, ax: Axes, least: float = 0.5, size: float = 34) -> None:
    """Draw organisations and ties without names of sectors, for pages with a legend.

    Args:
        graph: as for `trust_network`
        ax: axes to draw on
        least: weakest trust drawn [share]
        size: of a dot [square points]
    """
    from matplotlib.collections import LineCollection

    place = positions(graph)
    ties = [(a, b, float(data["trust"])) for a, b, data in graph.edges(data=True) if data["trust"] >= least]
    strokes = [[place[a], place[b]] for a, b, _ in ties]
    dark = [0.12 + 0.55 * (trust - least) / max(1 - least, 1e-9) for _, _, trust in ties]
    wide = 0.6 * min(1.0, (size / 34) ** 0.5)
    ax.add_collection(
        LineCollection(strokes, colors=[(0.2, 0.25, 0.35, alpha) for alpha in dark], linewidths=wide, zorder=1)
    )
    kinds = {node: str(data["kind"]) for node, data in graph.nodes(data=True)}
    stage, convened = graph.graph.get("stage"), graph.graph.get("convened", True)
    participates = {
        n: takes_part(kinds[n], bool(d.get("member", True)), stage, convened) for n, d in graph.nodes(data=True)
    }
    for kind in dict.fromkeys(kinds.values()):
        for member in (True, False):
            nodes = [n for n in kinds if kinds[n] == kind and participates[n] == member]
            _dots(ax, [place[node] for node in nodes], kind, member, size)
    ax.set(xlim=(-1.5, 1.5), ylim=(-1.25, 1.35), xticks=[], yticks=[], aspect="equal")
    ax.set_axis_off()


def takes_part(kind: str, member: bool, stage: str | None, convened: bool) -> bool:
    """Return true if an organisation takes part: as a member; the ministry from partner on; the backbone if it convenes.

    >>> takes_part("ministry", False, "observer", True), takes_part("backbone", False, None, True)
    (False, True)
    """
    return {"ministry": stage != STAGES[0], "backbone": convened}.get(kind, member)


def network_legend(least: float) -> list[Any]:
    """Return handles for a legend of a network of trust."""
    from matplotlib.lines import Line2D

    properties: dict[str, Any] = {"marker": "o", "linestyle": "", "color": style.QUIET, "markersize": 6}
    return [
        Line2D([], [], label="takes part", **properties),
        Line2D([], [], label="does not", markerfacecolor="white", **properties),
        Line2D(
            [], [], label=f"trust of {least:g} or more, darker where it is higher", color=style.QUIET, linewidth=1.2
        ),
    ]


def sector_legend(graph: Any) -> list[Any]:
    """Return handles for a legend of the sectors in a network, by marker and colour."""
    from matplotlib.lines import Line2D

    kinds = {str(data["kind"]) for _, data in graph.nodes(data=True)}
    return [
        Line2D([], [], label=style.plain(kind), linestyle="", marker=mark, color=colour, markersize=6)
        for kind, (colour, mark) in kind_looks().items()
        if kind in kinds
    ]


def _dots(ax: Axes, places: list[tuple[float, float]], kind: str, member: bool, size: float) -> None:
    if places:
        x, y = zip(*places, strict=True)
        (colour, mark), large = kind_look(kind), 4.4 if kind in MIDDLE else 1
        line = 0.9 * min(1.0, (size / 34) ** 0.5)
        ax.scatter(
            x,
            y,
            s=size * large,
            color=colour if member else "white",
            edgecolor=colour,
            zorder=3,
            linewidth=line,
            marker=mark,
        )


def _sector_names(ax: Axes, kinds: dict[Any, str], place: dict[Any, tuple[float, float]]) -> None:
    from matplotlib.patheffects import withStroke

    for kind in dict.fromkeys(kinds.values()):
        points = np.array([place[node] for node, other in kinds.items() if other == kind])
        x, top, low = float(points[:, 0].mean()), float(points[:, 1].max()), float(points[:, 1].min())
        label_place = (x, top + 0.09) if points[:, 1].mean() > 0 else (x, low - 0.09)
        alignment = ("center", "bottom" if points[:, 1].mean() > 0 else "top")
        if kind in MIDDLE:
            label_place, alignment = (x, 0.11 if x < 0 else -0.11), ("center", "bottom" if x < 0 else "top")
        ax.text(
            *label_place, style.plain(kind) if len(points) == 1 else f"{style.plain(kind)} ({len(points)})", ha=alignment[0],
            va=alignment[1], fontsize=style.NORMAL, fontweight="bold", color=kind_look(kind)[0], zorder=4,
            path_effects=[withStroke(linewidth=3, foreground="white")],
        )  # fmt: skip


def trust_between(graph: Any) -> pd.DataFrame:
    """Return mean trust of sectors (rows) in sectors (columns) [share]; NaN without a tie."""
    kinds = {node: str(data["kind"]) for node, data in graph.nodes(data=True)}
    rows = [(kinds[a], kinds[b], float(data["trust"])) for a, b, data in graph.edges(data=True)]
    table = pd.DataFrame(rows, columns=["of", "in", "trust"]).pivot_table(index="of", columns="in", values="trust")
    order = [kind for kind in kind_looks() if kind in set(kinds.values())]
    return table.reindex(index=order, columns=order).astype(float)


def trust_matrix(graph: Any, ax: Axes) -> None:
    """Draw mean trust of the sector of each row in that of each column; grey without a tie."""
    import seaborn as sns

    table = trust_between(graph)
    names = [style.plain(kind) for kind in table.index]
    ax.set_facecolor(style.GROUND)
    sns.heatmap(
        table, ax=ax, cmap=style.PROBABILITY_COLOURS, vmin=0, vmax=1, annot=True, fmt=".2f", cbar=False, linewidths=0.8,
        annot_kws={"fontsize": style.SMALL}, xticklabels=names, yticklabels=names, square=True,
    )  # fmt: skip
    ax.set(xlabel="", ylabel="")
    ax.tick_params(length=0)
    ax.tick_params(axis="x", rotation=40)
    for label in ax.get_xticklabels():
        label.set_horizontalalignment("right")
        label.set_rotation_mode("anchor")
