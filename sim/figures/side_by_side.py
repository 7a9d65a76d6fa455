"""Two networks over time side by side, above their enrolment curves, as an animated SVG that needs no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from sim.figures import style

SIZE = 300
"""Width and height of the box of a network [points]."""

HALF = 1560
"""Half width of a network in the film's own units [thousandths of the circle's radius]."""


@dataclass(frozen=True)
class Sheet:
    """Measures of the drawing of the curves.

    Args:
        width: of the drawing [points]
        height: of the drawing [points]
        margin: space left, right, above and below the curves [points]
        every: years between two numbers below the curves
    """

    width: int
    height: int
    margin: tuple[int, int, int, int]
    every: int = 1


CURVE, NARROW_CURVE = Sheet(960, 232, (52, 190, 32, 24)), Sheet(460, 270, (52, 146, 36, 24), 2)
"""Drawings of the curves for wide and for narrow screens."""

FRAME_SECONDS = 0.14
"""Time that each image is shown [seconds]; all of them together move for less than MOTION_SECONDS."""

STILL_SECONDS = 2.0
"""Time that the last image is shown before the film begins [seconds]."""

MOTION_SECONDS = 5.0
"""Longest motion that needs no button to pause it [seconds]. Source: WCAG 2.2, criterion 2.2.2."""

LOOKS = ((style.BLUE, ""), (style.RED, "6 4"))
"""Colour and dashes of the curve of each arm."""

STYLE = f"""
.film {{ font-family: 'DejaVu Sans', Verdana, Arial, sans-serif; }}
.film .f {{ visibility: hidden; animation: film-image {FRAME_SECONDS}s step-end; }}
.film .f.last {{ visibility: visible; animation: film-last var(--film-time) step-end {STILL_SECONDS}s; }}
@keyframes film-image {{ from, to {{ visibility: visible; }} }}
@keyframes film-last {{ 0% {{ visibility: hidden; }} 100% {{ visibility: visible; }} }}
@media (prefers-reduced-motion: reduce) {{ .film .f, .film .f.last {{ animation: none; }} }}
.film.driven .f, .film.driven .f.last {{ animation: none; visibility: hidden; }}
.film.driven .f.on {{ visibility: visible; }}
"""
"""Rules of the animation. It shows its last image, runs once, and rests on it; readers who avoid motion see that image alone.

A page that shows images by itself gives the film the class `driven` and the image to show the class `on`.
"""


def network_panel(film: Mapping[str, Any], arm: str, title: str, size: Sequence[int] = (SIZE, SIZE + 52)) -> str:
    """Return the network of one arm over time as SVG, with its title and the state of the ministry below.

    Args:
        film: nodes, sectors, months and images of each arm, as in sim/dashboard/tables/film.json
        arm: name of the arm
        title: text above
        size: width and height of the drawing [points]
    """
    frames, last = film["arms"][arm], len(film["months"]) - 1
    words = f"{title}: network of trust, {film['months'][0]} to {film['months'][-1]}. {_state(frames[-1])}"
    base = "".join(
        f'<circle cx="{_at(x)}" cy="{_at(y)}" r="{4.6 if middle else 2.6}" fill="#fff" stroke="{colour}"/>'
        for x, y, colour, middle in film["nodes"]
    )
    images = "".join(_image(number, last, _network_image(film, frame)) for number, frame in enumerate(frames))
    names = "".join(
        f'<text x="{_at(s["x"])}" y="{_at(s["y"])}" fill="{style.INK}" text-anchor="middle" font-size="11.5" '
        f'paint-order="stroke" stroke="#fff" stroke-width="3">{escape(s["name"])}</text>'
        for s in film["sectors"]
    )
    heading = (
        f'<text x="{SIZE / 2}" y="-10" text-anchor="middle" font-size="17" font-weight="bold">{escape(title)}</text>'
    )
    return (
        f'<svg viewBox="0 -28 {SIZE} {SIZE + 52}" width="{size[0]}" height="{size[1]}" role="img" aria-label="{escape(words)}">'
        f"{heading}{base}{images}{names}</svg>"
    )


def _network_image(film: Mapping[str, Any], frame: Mapping[str, Any]) -> str:
    """Return ties, organisations that take part, and the state in words of one image."""
    nodes, ties = film["nodes"], frame["ties"]
    lines = "".join(
        f"M{_at(nodes[a][0])} {_at(nodes[a][1])}L{_at(nodes[b][0])} {_at(nodes[b][1])}"
        for a, b in zip(ties[::2], ties[1::2], strict=True)
    )
    dots: dict[tuple[str, int], list[str]] = {}
    for (x, y, colour, middle), part in zip(nodes, frame["part"], strict=True):
        if part == "1":
            dots.setdefault((colour, middle), []).append(f"M{_at(x)} {_at(y)}h0")
    filled = "".join(
        f'<path d="{"".join(places)}" stroke="{colour}" stroke-width="{9.6 if middle else 6}" stroke-linecap="round"/>'
        for (colour, middle), places in dots.items()
    )
    return (
        f'<path d="{lines}" stroke="#333f59" stroke-width=".6" stroke-opacity=".45" fill="none"/>{filled}'
        f'<text x="{SIZE / 2}" y="{SIZE + 18}" text-anchor="middle" font-size="13">{escape(_state(frame))}</text>'
    )


def _state(frame: Mapping[str, Any]) -> str:
    """Return members, ties and the ministry's stage as text."""
    return f"{frame['members']} members, {len(frame['ties']) // 2} ties; ministry: {frame['stage']}"


def curve_panel(
    film: Mapping[str, Any], curves: Mapping[str, Sequence[Mapping[str, float]]], names: Mapping[str, str],
    counts: Mapping[int, float], sheet: Sheet = CURVE,
) -> str:  # fmt: skip
    """Return the enrolment curves of the arms with their bands and the published counts as SVG; a line marks the date.

    Args:
        film: as for `network_panel`
        curves: year, median, p5 and p95 of each arm [students]
        names: of the arms, in words
        counts: published examinees by year [students]
        sheet: measures of the drawing
    """
    years = [row["year"] for row in next(iter(curves.values()))]
    scale = CurveScale(years, max(row["p95"] for rows in curves.values() for row in rows), sheet)
    bands = "".join(scale.band(rows, LOOKS[place][0]) for place, rows in enumerate(curves.values()))
    lines = "".join(scale.line(rows, *LOOKS[place]) for place, rows in enumerate(curves.values()))
    dots = "".join(
        f'<circle cx="{scale.x(year):.1f}" cy="{scale.y(count):.1f}" r="4" fill="{style.INK}"/>'
        for year, count in counts.items()
        if years[0] <= year <= years[-1]
    )
    last = len(film["months"]) - 1
    images = "".join(_image(number, last, scale.cursor(month)) for number, month in enumerate(film["months"]))
    words = "Students at five units by school year. " + "; ".join(
        f"{names[arm]}: {rows[-1]['median']:,.0f} in {rows[-1]['year']} (median)" for arm, rows in curves.items()
    )
    return (
        f'<svg viewBox="0 0 {sheet.width} {sheet.height}" width="{sheet.width}" height="{sheet.height}" role="img" '
        f'aria-label="{escape(words)}.">'
        f"{scale.axes()}{bands}{lines}{dots}{images}{_end_labels(scale, curves, names)}</svg>"
    )


class CurveScale:
    """Places of years and students in the drawing of the curves."""

    def __init__(self, years: Sequence[float], highest: float, sheet: Sheet = CURVE) -> None:
        """Span the years and the students up to the highest value."""
        self.sheet, self.years, self.top = sheet, years, 5_000 * (int(highest // 5_000) + 1)

    def x(self, year: float) -> float:
        """Return the horizontal place of a school year [points]."""
        left, right, _, _ = self.sheet.margin
        return left + (self.sheet.width - left - right) * (year - self.years[0]) / (self.years[-1] - self.years[0])

    def y(self, students: float) -> float:
        """Return the vertical place of a number of students [points]."""
        _, _, above, below = self.sheet.margin
        return above + (self.sheet.height - above - below) * (1 - students / self.top)

    @property
    def foot(self) -> int:
        """Vertical place of the lowest level [points]."""
        return self.sheet.height - self.sheet.margin[3]

    def line(self, rows: Sequence[Mapping[str, float]], colour: str, dashes: str) -> str:
        """Return the medians as a line."""
        points = " ".join(f"{self.x(row['year']):.1f},{self.y(row['median']):.1f}" for row in rows)
        return (
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="3" stroke-dasharray="{dashes}"/>'
        )

    def band(self, rows: Sequence[Mapping[str, float]], colour: str) -> str:
        """Return nine tenths of the runs as an area."""
        ends = [(row["year"], row["p95"]) for row in rows] + [(row["year"], row["p5"]) for row in reversed(rows)]
        points = " ".join(f"{self.x(year):.1f},{self.y(value):.1f}" for year, value in ends)
        return f'<polygon points="{points}" fill="{colour}" fill-opacity=".13"/>'

    def cursor(self, month: str) -> str:
        """Return the mark of a month such as "July 2013", and a veil over what comes later."""
        name, year = month.split()
        number = MONTH_NAMES.index(name[:3]) + 1
        place = self.x(min(max(int(year) + (number - 6) / 12, self.years[0]), self.years[-1]))
        end, foot, left = self.x(self.years[-1]) + 5, self.foot, place < 0.52 * self.sheet.width
        return (
            f'<rect x="{place:.1f}" y="16" width="{max(end - place, 0):.1f}" height="{foot - 16}" fill="#fff" '
            f'fill-opacity=".72"/><path d="M{place:.1f} 16V{foot}" stroke="{style.QUIET}"/>'
            f'<text x="{place + (6 if left else -6):.1f}" y="29" font-size="15" font-weight="bold" '
            f'text-anchor="{"start" if left else "end"}">{escape(month)}</text>'
        )

    def axes(self) -> str:
        """Return lines and numbers of both axes."""
        left, right, _, _ = self.sheet.margin
        levels = "".join(
            f'<path d="M{left} {self.y(level):.1f}H{self.sheet.width - right}" stroke="{style.GROUND}"/>'
            f'<text x="{left - 6}" y="{self.y(level) + 4:.1f}" text-anchor="end" font-size="13">{level:,}</text>'
            for level in range(0, self.top + 1, 5_000)
        )
        years = "".join(
            f'<text x="{self.x(year):.1f}" y="{self.sheet.height - 6}" text-anchor="middle" font-size="13">{year}</text>'
            for year in self.years[:: self.sheet.every]
        )
        title = '<text x="4" y="12" font-size="14" font-weight="bold">Students at five units, by school year</text>'
        return levels + years + title


MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _end_labels(scale: CurveScale, curves: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return the names of the curves at their ends, and the key of the dots."""
    left, foot = scale.sheet.width - scale.sheet.margin[1] + 12, scale.foot
    labels = [
        (scale.y(rows[-1]["median"]), LOOKS[place][0], f"{names[arm]}: {rows[-1]['median']:,.0f}")
        for place, (arm, rows) in enumerate(curves.items())
    ]
    text = "".join(
        f'<text x="{left}" y="{y + 5:.1f}" font-size="14" font-weight="bold" fill="{colour}">{escape(label)}</text>'
        for y, colour, label in labels
    )
    return (
        f'{text}<circle cx="{left + 4}" cy="{foot - 5}" r="4" fill="{style.INK}"/>'
        f'<text x="{left + 14}" y="{foot}" font-size="13">published counts</text>'
    )


def _image(number: int, last: int, content: str) -> str:
    """Return one image of the film, shown in its turn."""
    classes = "f last" if number == last else "f"
    delay = STILL_SECONDS + (0.0 if number == last else number * FRAME_SECONDS)
    return f'<g class="{classes}" data-image="{number}" style="animation-delay:{delay:.2f}s">{content}</g>'


def _at(value: float) -> int:
    """Return a place of the film in the drawing [points]."""
    return round((value + HALF) / (2 * HALF) * SIZE)


def animated_page(
    film: Mapping[str, Any], titles: Mapping[str, str], curve: str, title: str, notes: Sequence[str]
) -> str:
    """Return networks and curves as one SVG, with a title and notes.

    Args:
        film: as for `network_panel`
        titles: of the arms, in the order of the drawing
        curve: the drawing of `curve_panel`
        title: one sentence above
        notes: lines below: the runs that are shown, what the bands are, sources
    """
    panels = "".join(
        f'<g transform="translate({80 + 440 * place} 44)">{network_panel(film, arm, name, (360, 422))}</g>'
        for place, (arm, name) in enumerate(titles.items())
    )
    seconds, height = FRAME_SECONDS * (len(film["months"]) - 1), 715 + 19 * len(notes)
    below = "".join(
        f'<text x="14" y="{729 + 19 * line}" font-size="13" fill="{style.INK}">{escape(note)}</text>'
        for line, note in enumerate(notes)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 {height}" class="film" role="img" '
        f'style="--film-time:{seconds:.2f}s">'
        f'<title>{escape(title)}</title><style>{STYLE}</style><rect width="960" height="{height}" fill="#fff"/>'
        f'<text x="480" y="26" text-anchor="middle" font-size="17" font-weight="bold">{escape(title)}</text>{panels}'
        f'<g transform="translate(0 478)">{curve}</g>{below}</svg>'
    )
