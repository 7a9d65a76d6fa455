"""Drawn pictures of the page: SVG for wide and narrow screens, files for download, and pictures that visits share."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.dashboard.queue import Rank, Recent
from sim.figures import style
from sim.figures.export import render

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DRAWING = threading.Lock()
"""Lock: matplotlib's settings belong to the process, so one picture is drawn at a time."""

NARROW = 4.3
"""Width of a picture for a narrow screen [inches]."""

TITLED, NOTED = 0.36, 0.12
"""Space for a title, and between a note and the picture above it [inches]."""


@dataclass(frozen=True)
class Picture:
    """A picture: function that draws it, its size [inches], and a description for readers who cannot see it."""

    draw: Callable[[Figure], None]
    size: tuple[float, float]
    words: str

    def as_file(self, form: str, width: float | None = None, title: str = "", note: str = "") -> bytes:
        """Return the picture as `svg`, `png` or `pdf`.

        Args:
            form: format
            width: another width than its own [inches]
            title: text above; empty for none
            note: text below; empty for none
        """
        with DRAWING, style.figure_style():
            figure = style.sheet(width or self.size[0], self.size[1] if width is None else max(3.6, 0.85 * width))
            figure.set_layout_engine("constrained", rect=self._add_texts(figure, title, note))
            self.draw(figure)
            return next(iter(render(figure, "picture", (form,)).values()))

    def _add_texts(self, figure: Figure, title: str, note: str) -> tuple[float, float, float, float]:
        """Write title and note on a figure, which grows by their height; return the place of the picture [shares]."""
        height, above, below = figure.get_figheight(), TITLED if title else 0.0, NOTED if note else 0.0
        below += style.add_caption(figure, note)
        total = height + above + below
        figure.set_figheight(total)
        figure.text(0.025, 1 - 0.09 / total, title, va="top", fontsize=style.LARGE, fontweight="bold")
        return 0.0, below / total, 1.0, height / total


@dataclass(frozen=True)
class PageImage:
    """A picture on the page: SVG for wide screens and, once drawn, for narrow ones."""

    wide: bytes
    words: str
    narrow: bytes = b""

    def html(self) -> str:
        """Return the picture as HTML for any screen, with its description."""
        from html import escape

        wide, narrow = (
            f"data:image/svg+xml;base64,{base64.b64encode(image).decode()}" for image in (self.wide, self.narrow)
        )
        source = f'<source media="(max-width: 700px)" srcset="{narrow}">' if self.narrow else ""
        return f'<picture>{source}<img alt="{escape(self.words, quote=True)}" src="{wide}"></picture>'


PICTURES: Recent[tuple[object, ...], PageImage] = Recent(60)
"""Pictures by settings, for all visits."""


def page_images(
    make_picture: Callable[[], Picture],
    turn: Callable[[Rank], AbstractContextManager[object]] = nullcontext,
    rank: Rank = Rank.PICTURE,
    key: tuple[object, ...] | None = None,
) -> Iterator[PageImage]:
    """Yield a picture for wide screens, then for wide and narrow ones; one with the same key is drawn once for all visits.

    Args:
        make_picture: returns the picture
        turn: returns a context that waits for the turn of a drawing and holds it
        rank: of the picture for wide screens; that for narrow ones comes last
        key: all that the picture depends on; None if visits do not share it

    Raises:
        StoppedError: `turn` raised it, since the picture is no longer needed
    """
    image = _stored(key)
    if image is None:
        with turn(rank):
            image = _stored(key)  # another visit may have drawn it meanwhile
            if image is None:
                picture = make_picture()
                image = _store(key, PageImage(picture.as_file("svg"), picture.words))
    yield image
    if image.narrow:
        return
    with turn(Rank.NARROW):
        image = _stored(key) or image
        if not image.narrow:
            image = _store(key, replace(image, narrow=make_picture().as_file("svg", NARROW)))
    yield image


def _stored(key: tuple[object, ...] | None) -> PageImage | None:
    """Return the picture of a key, if there is one."""
    return None if key is None else PICTURES.get(key)


def _store(key: tuple[object, ...] | None, image: PageImage) -> PageImage:
    """Store a picture if visits share it, and return it."""
    if key is not None:
        PICTURES.put(key, image)
    return image
