"""A report as one page of HTML without network, scripts or other files."""

from __future__ import annotations

from functools import cache
from itertools import count
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from sim.reports.blocks import Chapter, Claims, Drawing, Folded, Notice, Prose, Report, Rows
from sim.reports.drawings import inline_svg

HERE = Path(__file__).parent

KINDS = {Claims: "claims", Prose: "prose", Notice: "notice", Rows: "rows", Drawing: "drawing", Folded: "folded"}
"""Name of each kind of block in the template."""


def page(report: Report) -> str:
    """Return the page; the same report gives the same bytes.

    Raises:
        InputError: a drawing is broken
    """
    return template().get_template("page.html.j2").render(report=report, css=Markup((HERE / "page.css").read_text()))


def fragment(chapter: Chapter) -> str:
    """Return a chapter as a piece of HTML for a notebook: the blocks of a page without its style.

    Raises:
        InputError: a drawing is broken
    """
    key = f"{chapter.key}-{next(_COUNTER)}"  # a page may show a chapter twice
    return template().get_template("fragment.html.j2").render(chapter=chapter, key=key)


_COUNTER = count(1)


@cache
def template() -> Environment:
    """Return the environment of the templates, which reject unknown names and escape values."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "kind": lambda block: KINDS[type(block)],
        "markdown": markdown_html,
        "drawn": drawing_html,
        "number": is_number,
    }
    return environment


def markdown_html(text: str) -> Markup:
    """Return Markdown as HTML; HTML in the text is escaped, and keys of the keyboard reach long lines of code."""
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return Markup(html.replace("<pre>", '<pre tabindex="0">'))


def drawing_html(drawing: Drawing, key: str) -> Markup:
    """Return a drawing as a part of the page, with a key as prefix of its ids."""
    return Markup(inline_svg(drawing.svg, key, drawing.caption, drawing.instead))


def is_number(cell: str) -> bool:
    """Return true if a cell is a number, which is aligned right.

    >>> is_number("-1,234 [-2, 3]"), is_number("12%"), is_number("free"), is_number("-")
    (True, True, False, True)
    """
    text = cell.strip().lstrip("+-\N{MINUS SIGN}")
    return not text or text[0].isdigit()
