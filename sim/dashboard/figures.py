"""The pictures of the page, from the project's figures: as SVG for wide and narrow screens, and as files to take away."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.analysis.money import money_by_source
from sim.catalogue import published
from sim.dashboard.live_run import LEAST, Followed
from sim.figures import fans, networks, style
from sim.figures import trajectories as course

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

DRAWING = threading.Lock()
"""The settings of matplotlib belong to the process, so one picture is drawn at a time."""

NARROW = 4.3
"""Width of a picture for a narrow screen [inches]."""

TITLED, NOTED = 0.36, 0.12
"""Room for a title, and between a note and the picture above it [inches]."""

WIDE_ENOUGH = 6.0
"""Width from which two panels stand side by side [inches]."""

DOUBLED_FROM = 2012
"""The year whose published count is to be doubled [school year]."""


@dataclass(frozen=True)
class Picture:
    """Something to be drawn: how, on how many inches, and what it shows in words for those who do not see it."""

    draw: Callable[[Figure], None]
    size: tuple[float, float]
    words: str

    def as_file(self, form: str, width: float | None = None, title: str = "", note: str = "") -> bytes:
        """Return the picture as `svg`, `png` or `pdf`, at its own width or another [inches], between a title and a note if any."""
        with DRAWING, style.applied():
            figure = style.sheet(width or self.size[0], self.size[1] if width is None else max(3.6, 0.85 * width))
            figure.set_layout_engine("constrained", rect=self._between(figure, title, note))
            self.draw(figure)
            return next(iter(style.drawn(figure, "picture", (form,)).values()))

    def _between(self, figure: Figure, title: str, note: str) -> tuple[float, float, float, float]:
        """Write title and note on a figure made higher for them; where the picture stands between them [shares]."""
        height, above, below = figure.get_figheight(), TITLED if title else 0.0, NOTED if note else 0.0
        below += style.caption(figure, note)
        whole = height + above + below
        figure.set_figheight(whole)
        figure.text(0.025, 1 - 0.09 / whole, title, va="top", fontsize=style.LARGE, fontweight="bold")
        return 0.0, below / whole, 1.0, height / whole


@dataclass(frozen=True)
class Shown:
    """A picture as the page shows it: SVG for wide screens and, once it is drawn, for narrow ones."""

    wide: bytes
    words: str
    narrow: bytes = b""

    def html(self) -> str:
        """Return the picture as HTML that any screen can show, with its words."""
        from html import escape

        wide, narrow = (
            f"data:image/svg+xml;base64,{base64.b64encode(each).decode()}" for each in (self.wide, self.narrow)
        )
        small = f'<source media="(max-width: 700px)" srcset="{narrow}">' if self.narrow else ""
        return f'<picture>{small}<img alt="{escape(self.words, quote=True)}" src="{wide}"></picture>'


def shown(picture: Picture) -> Iterator[Shown]:
    """Yield the picture for wide screens, and then for narrow ones too."""
    wide = picture.as_file("svg")
    yield Shown(wide, picture.words)
    yield Shown(wide, picture.words, picture.as_file("svg", NARROW))


ROOM = 2.9
"""How high the axis of enrolment reaches at least, so that equal heights mean the same [times the count of 2012]."""


def enrolment(one: Followed, many: pd.DataFrame | None) -> Picture:
    """Examinees by year: this run, a fan of many behind it, the published counts in front."""
    run, record = one.run, published() if one.run.case.national else None

    def draw(figure: Figure) -> None:
        _enrolment_on(figure.subplots(), run.years, many, record)

    last = run.years.iloc[-1]
    words = f"Examinees at five units by school year. In {last['year']:.0f} this run has {last['examinees']:,.0f}."
    return Picture(draw, (8.2, 4.5), words)


def _enrolment_on(ax: Any, years: pd.DataFrame, many: pd.DataFrame | None, record: pd.DataFrame | None) -> None:
    from matplotlib.lines import Line2D

    if many is None:
        course.enrolment(years, ax, record)
        handles = ax.lines[:1]
    else:
        course.enrolment(many, ax, record)
        ax.plot(years["year"], years["examinees"], color=style.ORANGE, linewidth=1.5)
        this = Line2D([], [], color=style.ORANGE, linewidth=1.5, label="this run")
        handles = [this, *fans.fan_legend(style.BLUE)[:-1]]
    if record is not None:
        handles.append(fans.fan_legend()[-1])
        base = float(record.loc[record["year"] == DOUBLED_FROM, "value"].iloc[0])
        ax.set_ylim(0, max(ax.get_ylim()[1], ROOM * base))
        fans.level_lines(ax, {f"twice {DOUBLED_FROM}: {2 * base:,.0f}": 2 * base})
    ax.legend(handles=handles, loc="lower right")
    ax.set_xlabel("school year")


def side_by_side(pairs: list[tuple[str, Followed, pd.DataFrame | None]]) -> Picture:
    """Examinees by year of two settings with the same luck, on one scale; above one another on a narrow screen."""

    def draw(figure: Figure) -> None:
        narrow = figure.get_figwidth() < WIDE_ENOUGH
        shape = (2, 1) if narrow else (1, 2)
        if narrow:
            figure.set_figheight(6.6)
        for ax, (title, one, many) in zip(figure.subplots(*shape, sharey=True), pairs, strict=True):
            record = published() if one.run.case.national else None
            _enrolment_on(ax, one.run.years, many, record)
            ax.set_title(title, loc="left", fontweight="bold")
        tables = [table for _, one, many in pairs for table in (one.run.years, many) if table is not None]
        tallest = max(float(table["examinees"].max()) for table in tables)
        ax.set_ylim(0, max(ax.get_ylim()[1], 1.05 * tallest))  # the first panel has set what both share

    said = [
        f"{title}: {one.run.years['examinees'].iloc[-1]:,.0f} examinees in the last year" for title, one, _ in pairs
    ]
    return Picture(draw, (10.6, 4.2), "Examinees at five units by school year, side by side. " + "; ".join(said) + ".")


GROUPS = {
    "quintile": ("strength of the school", course.QUINTILES),
    "stream": ("stream of schools", course.SCHOOL_STREAMS),
}
"""Groupings of schools: in words, and the columns of their groups with their names."""


def gains(one: Followed, *groupings: str) -> Picture:
    """Share at five units by "quintile" or "stream" of schools; side by side on one scale where both are asked for."""

    def draw(figure: Figure) -> None:
        shape = (len(groupings), 1) if figure.get_figwidth() < WIDE_ENOUGH else (1, len(groupings))
        for ax, by in zip(figure.subplots(*shape, sharey=True, squeeze=False).flat, groupings, strict=True):
            words, columns = GROUPS[by]
            course.who_gains(one.run.years, ax, columns)
            ax.set_title(f"By {words}", loc="left")
            ax.set_xlabel("school year")

    last = one.run.years.iloc[-1]
    named = {column: name for by in groupings for column, name in GROUPS[by][1].items()}
    said = ", ".join(
        f"{name} {100 * last[column]:.0f}%" for column, name in named.items() if last[column] == last[column]
    )
    size = (5.3 * len(groupings), 4.3)
    return Picture(draw, size, f"Share of maths students at five units in {last['year']:.0f}: {said}.")


def money(one: Followed) -> Picture:
    """What became of the money of each source."""
    ledger = money_by_source(one.run.organisations)
    said = f"Money by source: NIS {ledger['delivered'].sum():,.0f} million reached schools."
    return Picture(lambda figure: course.money(ledger, figure.subplots()), (8.2, 3.6), said)


def trust(one: Followed) -> Picture:
    """Mean trust over time."""
    return Picture(
        lambda figure: course.trust(one.run.months, figure.subplots()), (8.2, 3.6),
        "Mean trust among members, quarter by quarter since the launch: all ties, across sectors, with the ministry.",
    )  # fmt: skip


def readiness(one: Followed) -> Picture:
    """What the network shares and the ministry weighs, over time."""
    return Picture(
        lambda figure: course.readiness(one.run.months, figure.subplots()), (8.2, 3.6),
        "Consensus, shared measurement, readiness and trust in entrepreneurs, quarter by quarter since the launch.",
    )  # fmt: skip


def timeline(one: Followed) -> Picture:
    """What happened, on a line of time."""
    said = "; ".join(f"{date}: {style.plain(event)}" for date, event in one.run.events[["date", "event"]].to_numpy())
    return Picture(
        lambda figure: course.timeline(one.run.events, figure.subplots()), (8.6, 3.2), f"What happened. {said}"
    )


def network(one: Followed, place: int) -> Picture:
    """Return the network of trust in one of the months kept, as the page plays it."""
    from sim.dates import date_of

    month = one.months[place]

    def draw(figure: Figure) -> None:
        ax = figure.subplots()
        networks.trust_network(one.graph(place), ax, LEAST)
        ax.legend(handles=networks.network_legend(LEAST), loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=3)

    said = f"{len(month.source)} ties of trust {LEAST:g} or more in {date_of(month.month)}."
    return Picture(draw, (7.5, 7.6), said)
