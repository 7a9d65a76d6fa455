"""A report as one page of HTML that needs nothing else: no network, no script, no other file."""

from __future__ import annotations

from functools import cache
from itertools import count
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from sim.reports.blocks import Chapter, Claims, Drawing, Folded, Prose, Report, Rows
from sim.reports.drawings import inlined

HERE = Path(__file__).parent

KINDS = {Claims: "claims", Prose: "prose", Rows: "rows", Drawing: "drawing", Folded: "folded"}
"""What the template calls each kind of block."""


def page(report: Report) -> str:
    """Return the page. The same report gives the same bytes.

    Raises:
        InputError: a broken drawing
    """
    return template().get_template("page.html.j2").render(report=report, css=Markup((HERE / "page.css").read_text()))


def fragment(chapter: Chapter) -> str:
    """Return a chapter as a piece of HTML, for a notebook: the same blocks as on a page, without its style.

    Raises:
        InputError: a drawing is broken
    """
    key = f"{chapter.key}-{next(_SHOWN)}"  # one page may show a chapter twice
    return template().get_template("fragment.html.j2").render(chapter=chapter, key=key)


_SHOWN = count(1)


@cache
def template() -> Environment:
    """Return the templates, which refuse what they do not know and escape what they are given."""
    made = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {"kind": lambda block: KINDS[type(block)], "markdown": rendered, "drawn": drawn, "number": number}
    return made


def rendered(text: str) -> Markup:
    """Markdown as HTML, without any HTML of its own."""
    return Markup(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def drawn(drawing: Drawing, key: str) -> Markup:
    """Return a drawing as a part of the page, its names begun by a key."""
    return Markup(inlined(drawing.svg, key, drawing.caption, drawing.instead))


def number(cell: str) -> bool:
    """Whether a cell is a number, which stands to the right.

    >>> number("-1,234 [-2, 3]"), number("12%"), number("free"), number("-")
    (True, True, False, True)
    """
    text = cell.strip().lstrip("+-\N{MINUS SIGN}")
    return not text or text[0].isdigit()
