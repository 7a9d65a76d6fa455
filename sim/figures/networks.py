"""The network of trust, drawn by sector, and mean trust between sectors."""

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
"""Sectors around the middle, where the ministry and the backbone stand."""

COLOURS = {
    "ministry": style.RED, "foundation": style.YELLOW, "business": style.BLUE, "ngo": style.GREEN,
    "academia": style.PURPLE, "local_authority": style.SKY, "backbone": style.INK,
}  # fmt: skip
"""Colour of each kind of organisation."""

MARKERS = {
    "ministry": "H", "foundation": "^", "business": "s", "ngo": "o", "academia": "D", "local_authority": "v", "backbone": "P",
}  # fmt: skip
"""Mark of each kind of organisation, so that colour is not needed to tell them apart."""

FURTHER = (
    ("#332288", "<"), ("#999933", "p"), ("#cc6677", "*"), ("#661100", "X"), ("#ddcc77", ">"), ("#117733", "d"),
    ("#44aa99", "h"),
)  # fmt: skip
"""Colour and mark of kinds of a user's own in the order of their registration; colours that the colour-blind tell apart."""


def looks() -> dict[str, tuple[str, str]]:
    """Colour and mark of each kind as they are registered; from the eighth kind of a user's own on they come again."""
    own = [kind for kind in registered_kinds() if kind not in COLOURS]
    return {kind: (colour, MARKERS[kind]) for kind, colour in COLOURS.items()} | {
        kind: FURTHER[place % len(FURTHER)] for place, kind in enumerate(own)
    }


def look(kind: str) -> tuple[str, str]:
    """Colour and mark of a kind; grey and a dot if it is not registered.

    >>> look("ministry")[1], look("unheard_of")[1]
    ('H', 'o')
    """
    return looks().get(kind, (style.QUIET, "o"))


MIDDLE = {"ministry": (-0.13, 0.0), "backbone": (0.13, 0.0)}

RADIUS = 0.42
"""How far a sector reaches from its middle at most, so that all stay on the page [of the circle's radius]."""

TURN = np.pi * (3 - np.sqrt(5))
"""The golden angle, by which neighbours in a sunflower stand apart [radians]."""


def positions(graph: Any) -> dict[Any, tuple[float, float]]:
    """Where each organisation stands: its sector's sunflower, in the order of its name; the same in every year.

    Args:
        graph: networkx graph whose nodes have `kind`
    """
    kind_of = pd.Series({node: data["kind"] for node, data in graph.nodes(data=True)}, dtype=object)
    around = [kind for kind in SECTORS if (kind_of == kind).any()]
    around += sorted(set(kind_of) - set(around) - set(MIDDLE))
    beside = 0.0 if len(around) <= len(SECTORS) or len(around) % 2 else 0.5  # no sector above the legend
    placed: dict[Any, tuple[float, float]] = {}
    for kind, nodes in kind_of.groupby(kind_of).groups.items():
        if kind in MIDDLE:
            centre = np.array(MIDDLE[kind])
        else:
            angle = np.pi / 2 - 2 * np.pi * (around.index(str(kind)) + beside) / len(around)
            centre = np.array([np.cos(angle), np.sin(angle)])
        apart = min(0.065, RADIUS / np.sqrt(len(nodes)))
        for number, node in enumerate(nodes):
            reach, turn = apart * np.sqrt(number), TURN * number
            x, y = centre + reach * np.array([np.cos(turn), np.sin(turn)])
            placed[node] = (float(x), float(y))
    return placed


def trust_network(graph: Any, ax: Axes, least: float = 0.5) -> None:
    """Organisations by sector and the ties whose trust is at least `least`.

    Args:
        graph: directed networkx graph; nodes have `kind` and, if known, `member`; edges have `trust` [share]
        ax: where to draw
        least: weakest trust drawn [share]
    """
    place = positions(graph)
    bare_network(graph, ax, least)
    _sector_names(ax, {node: str(data["kind"]) for node, data in graph.nodes(data=True)}, place)
    ax.set(ylim=(-1.4, 1.5))


def bare_network(graph: Any, ax: Axes, least: float = 0.5, size: float = 34) -> None:
    """Organisations and ties without the names of the sectors, where a legend tells them.

    Args:
        graph: as of `trust_network`
        ax: where to draw
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
    sits = {n: takes_part(kinds[n], bool(d.get("member", True)), stage, convened) for n, d in graph.nodes(data=True)}
    for kind in dict.fromkeys(kinds.values()):
        for member in (True, False):
            nodes = [n for n in kinds if kinds[n] == kind and sits[n] == member]
            _dots(ax, [place[node] for node in nodes], kind, member, size)
    ax.set(xlim=(-1.5, 1.5), ylim=(-1.25, 1.35), xticks=[], yticks=[], aspect="equal")
    ax.set_axis_off()


def takes_part(kind: str, member: bool, stage: str | None, convened: bool) -> bool:
    """Whether an organisation takes part: as a member; the ministry as a partner or more; the backbone by its work.

    >>> takes_part("ministry", False, "observer", True), takes_part("backbone", False, None, True)
    (False, True)
    """
    return {"ministry": stage != STAGES[0], "backbone": convened}.get(kind, member)


def network_legend(least: float) -> list[Any]:
    """Handles for a legend of a network of trust."""
    from matplotlib.lines import Line2D

    looks: dict[str, Any] = {"marker": "o", "linestyle": "", "color": style.QUIET, "markersize": 6}
    return [
        Line2D([], [], label="takes part", **looks),
        Line2D([], [], label="does not", markerfacecolor="white", **looks),
        Line2D(
            [], [], label=f"trust of {least:g} or more, darker where it is higher", color=style.QUIET, linewidth=1.2
        ),
    ]


def sector_legend(graph: Any) -> list[Any]:
    """Handles for a legend of the sectors in a network, by mark and colour."""
    from matplotlib.lines import Line2D

    there = {str(data["kind"]) for _, data in graph.nodes(data=True)}
    return [
        Line2D([], [], label=style.plain(kind), linestyle="", marker=mark, color=colour, markersize=6)
        for kind, (colour, mark) in looks().items()
        if kind in there
    ]


def _dots(ax: Axes, places: list[tuple[float, float]], kind: str, member: bool, size: float) -> None:
    if places:
        x, y = zip(*places, strict=True)
        (colour, mark), large = look(kind), 4.4 if kind in MIDDLE else 1
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
        spots = np.array([place[node] for node, other in kinds.items() if other == kind])
        x, top, low = float(spots[:, 0].mean()), float(spots[:, 1].max()), float(spots[:, 1].min())
        spot = (x, top + 0.09) if spots[:, 1].mean() > 0 else (x, low - 0.09)
        sides = ("center", "bottom" if spots[:, 1].mean() > 0 else "top")
        if kind in MIDDLE:
            spot, sides = (x, 0.11 if x < 0 else -0.11), ("center", "bottom" if x < 0 else "top")
        ax.text(
            *spot, style.plain(kind) if len(spots) == 1 else f"{style.plain(kind)} ({len(spots)})", ha=sides[0],
            va=sides[1], fontsize=style.NORMAL, fontweight="bold", color=look(kind)[0], zorder=4,
            path_effects=[withStroke(linewidth=3, foreground="white")],
        )  # fmt: skip


def trust_between(graph: Any) -> pd.DataFrame:
    """Mean trust of sectors (rows) in sectors (columns) [share]; NaN where there is no tie."""
    kinds = {node: str(data["kind"]) for node, data in graph.nodes(data=True)}
    rows = [(kinds[a], kinds[b], float(data["trust"])) for a, b, data in graph.edges(data=True)]
    table = pd.DataFrame(rows, columns=["of", "in", "trust"]).pivot_table(index="of", columns="in", values="trust")
    order = [kind for kind in looks() if kind in set(kinds.values())]
    return table.reindex(index=order, columns=order).astype(float)


def trust_matrix(graph: Any, ax: Axes) -> None:
    """Mean trust of the sector of each row in that of each column; grey where there is no tie."""
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
