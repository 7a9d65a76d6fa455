"""Data of the page's network player: fixed places, a frame for each month, and its events."""

from __future__ import annotations

from typing import Any

from sim.dashboard.live_run import LEAST, LiveRun
from sim.dates import date_of, month_of_year, school_year
from sim.figures import networks, style

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def month_text(month: int) -> str:
    """Return a month in words.

    >>> month_text(94)
    'July 2013'
    """
    return f"{MONTHS[month_of_year(month) - 1]} {date_of(month)[:4]}"


def player_data(live: LiveRun) -> dict[str, Any]:
    """Return organisations with their places, a frame for each month, and the legend, for the page's player.

    Places are in thousandths of the picture's half width; ties are flat: from, to, trust [percent], from, to, ...
    """
    graph, kinds, names = live.graph(), live.kinds, live.organisation_names
    place = networks.positions(graph)
    events_by_month = live.run.events.groupby("month")["event"].agg(
        lambda events: ", ".join(style.plain(event) for event in events)
    )
    frames = []
    for month in live.months:
        flat_ties = [int(number) for tie in zip(month.source, month.target, month.trust, strict=True) for number in tie]
        frames.append(
            {
                "month": month_text(month.month),
                "year": school_year(month.month),
                "september": month_of_year(month.month) == 9,
                "member": int(month.member.sum()),
                "part": "".join(
                    "01"[networks.takes_part(kind, bool(is_member), month.stage, month.convened)]
                    for kind, is_member in zip(kinds, month.member, strict=True)
                ),
                "stage": month.stage,
                "ties": flat_ties,
                "event": str(events_by_month.get(month.month, "")),
            }
        )
    return {
        "nodes": [
            {"x": round(1000 * place[name][0]), "y": round(-1000 * place[name][1]), "name": style.plain(name),
             "colour": networks.kind_look(kind)[0], "middle": kind in networks.MIDDLE}
            for name, kind in zip(names, kinds, strict=True)
        ],
        "sectors": sector_names(kinds, [place[name] for name in names]),
        "frames": frames,
        "least": LEAST,
    }  # fmt: skip


def sector_names(kinds: list[str], places: list[tuple[float, float]]) -> list[dict[str, Any]]:
    """Return names of the sectors with their places and colours."""
    labels = []
    for kind in dict.fromkeys(kinds):
        points = [point for point, other in zip(places, kinds, strict=True) if other == kind]
        middle = kind in networks.MIDDLE
        x = sum(x for x, _ in points) / len(points)
        above = sum(y for _, y in points) / len(points) > 0 if not middle else kind == "ministry"
        y = max(y for _, y in points) + 0.1 if above else min(y for _, y in points) - 0.17
        name = style.plain(kind) if len(points) == 1 else f"{style.plain(kind)} ({len(points)})"
        labels.append(
            {"name": name, "x": round(1000 * x), "y": round(-1000 * y), "colour": networks.kind_look(kind)[0]}
        )
    return labels
