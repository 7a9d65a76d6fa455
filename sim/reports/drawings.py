"""Drawings as parts of a page: sized by the page, with unique ids, and with descriptions."""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree

from sim.errors import InputError

NAMED = re.compile(r'\bid="([^"]+)"')
USED = re.compile(r'(url\(#|href="#)([^")]+)')


def inline_svg(svg: bytes, key: str, title: str, description_text: str) -> str:
    """Return a drawing as a part of a page.

    Args:
        svg: content of an SVG file
        key: prefix that makes the ids of the drawing unique on the page
        title: in words
        description_text: for readers who cannot see the drawing

    Raises:
        InputError: the file is broken, has no drawing or no size
    """
    try:
        text = svg.decode()
        ElementTree.fromstring(text)
    except (UnicodeDecodeError, ElementTree.ParseError) as error:
        raise InputError(f"the drawing {title!r} is broken ({error}); build its results again") from None
    start = text.find("<svg")
    if start < 0:
        raise InputError(f"the file of the drawing {title!r} has no SVG; build its results again")
    text = NAMED.sub(rf'id="{key}-\1"', text[start:])
    text = USED.sub(rf"\1{key}-\2", text)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    head, body = text.split(">", 1)
    box = re.search(r'viewBox="[^"]+"', head)
    if box is None:
        raise InputError(f"the drawing {title!r} has no viewBox; build its results again")
    description = (
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(description_text)}</desc>'
    )
    links = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {links} {box[0]} role="img" aria-labelledby="{key}-title {key}-desc">{description}{body}'
