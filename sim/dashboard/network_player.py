"""The network as the page plays it: places that stay, a frame a month, and what happened in it."""

from __future__ import annotations

from typing import Any

from sim.dashboard.live_run import LEAST, Followed
from sim.dates import date_of, month_of_year, school_year
from sim.figures import networks, style

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def in_words(month: int) -> str:
    """Return a month as people say it.

    >>> in_words(94)
    'July 2013'
    """
    return f"{MONTHS[month_of_year(month) - 1]} {date_of(month)[:4]}"


def film(one: Followed) -> dict[str, Any]:
    """Organisations with their places, a frame a month, and the legend, as the page's player takes them.

    Places are in thousandths of the picture's half width; ties are flat: from, to, trust [percent], from, to, ...
    """
    graph, kinds, who = one.graph(), one.kinds, one.who
    place = networks.positions(graph)
    told = one.run.events.groupby("month")["event"].agg(lambda said: ", ".join(style.plain(each) for each in said))
    frames = []
    for month in one.months:
        flat = [int(v) for tie in zip(month.source, month.target, month.trust, strict=True) for v in tie]
        frames.append(
            {
                "month": in_words(month.month),
                "year": school_year(month.month),
                "september": month_of_year(month.month) == 9,
                "member": int(month.member.sum()),
                "part": "".join(
                    "01"[networks.takes_part(kind, bool(here), month.stage, month.convened)]
                    for kind, here in zip(kinds, month.member, strict=True)
                ),
                "stage": month.stage,
                "ties": flat,
                "event": str(told.get(month.month, "")),
            }
        )
    return {
        "nodes": [
            {"x": round(1000 * place[name][0]), "y": round(-1000 * place[name][1]), "name": style.plain(name),
             "colour": networks.look(kind)[0], "middle": kind in networks.MIDDLE}
            for name, kind in zip(who, kinds, strict=True)
        ],
        "sectors": sectors(kinds, [place[name] for name in who]),
        "frames": frames,
        "least": LEAST,
    }  # fmt: skip


def sectors(kinds: list[str], places: list[tuple[float, float]]) -> list[dict[str, Any]]:
    """Names of the sectors, where they stand and in which colour."""
    found = []
    for kind in dict.fromkeys(kinds):
        spots = [spot for spot, other in zip(places, kinds, strict=True) if other == kind]
        middle = kind in networks.MIDDLE
        x = sum(x for x, _ in spots) / len(spots)
        above = sum(y for _, y in spots) / len(spots) > 0 if not middle else kind == "ministry"
        y = max(y for _, y in spots) + 0.1 if above else min(y for _, y in spots) - 0.17
        name = style.plain(kind) if len(spots) == 1 else f"{style.plain(kind)} ({len(spots)})"
        found.append({"name": name, "x": round(1000 * x), "y": round(-1000 * y), "colour": networks.look(kind)[0]})
    return found
