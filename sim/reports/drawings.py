"""Drawings as parts of a page: sized by it, with names of their own, and with words for who does not see them."""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree

from sim.errors import InputError

NAMED = re.compile(r'\bid="([^"]+)"')
USED = re.compile(r'(url\(#|href="#)([^")]+)')


def inlined(svg: bytes, key: str, title: str, words: str) -> str:
    """Return a drawing as a part of a page.

    Args:
        svg: the drawing, as a file holds it
        key: by which its names are told from those of other drawings of the page
        title: in words
        words: what it shows, for who does not see it

    Raises InputError where the file holds no drawing.
    """
    try:
        text = svg.decode()
        ElementTree.fromstring(text)
    except (UnicodeDecodeError, ElementTree.ParseError) as error:
        raise InputError(f"the drawing {title!r} is broken: {error}") from None
    start = text.find("<svg")
    if start < 0:
        raise InputError(f"the drawing {title!r} holds no drawing")
    text = NAMED.sub(rf'id="{key}-\1"', text[start:])
    text = USED.sub(rf"\1{key}-\2", text)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    head, body = text.split(">", 1)
    box = re.search(r'viewBox="[^"]+"', head)
    if box is None:
        raise InputError(f"the drawing {title!r} does not say how large it is")
    said = f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(words)}</desc>'
    links = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {links} {box[0]} role="img" aria-labelledby="{key}-title {key}-desc">{said}{body}'
