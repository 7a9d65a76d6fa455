"""Settings of Sphinx; `python -m experiments.maintenance.site` puts the pages together and calls it with these."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

project = "Collective Impact Lab"
author = copyright = "the Collective Impact Lab authors"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = "Collective Impact Lab"
html_show_sphinx = False
html_copy_source = False
html_permalinks_icon = "#"
html_static_path = ["site.css"]
html_css_files = ["site.css"]

myst_heading_anchors = 4
myst_enable_extensions = ["attrs_inline"]

default_role = "code"
add_module_names = False
autodoc_member_order = "bysource"
napoleon_google_docstring = True
napoleon_numpy_docstring = False


def as_paragraphs(app: Any, what: str, name: str, of: Any, options: Any, lines: list[str]) -> None:
    """Sentences of returns and of mistakes as paragraphs of their own, and names that end with _ as no links."""
    found: list[str] = []
    inside = False
    for line in lines:
        begins = re.match(r"(Returns:|Raises )", line)
        inside = bool(begins) or (inside and line.startswith("    "))
        if begins:
            found.append("")
        found.append(re.sub(r"(?<=\w)_(?=\s|$)", r"\_", line.lstrip() if inside else line))
    lines[:] = found


ACCESSIBLE = {
    ' role="heading">': ' role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    '\n\n<div id="search-results">': '\n<h1>Search</h1>\n<div id="search-results">',
    "<pre>": '<pre tabindex="0">',
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
    '<table border="1" class="dataframe">': '<table border="1" tabindex="0" class="dataframe">',
}
"""Marks of the theme, and the same with what a screen reader and a keyboard need."""


def make_accessible(app: Any, error: Exception | None) -> None:
    """Give headings a level, landmarks a name, and what can be scrolled a place in the order of the keyboard."""
    for page in Path(app.outdir).glob("*.html") if error is None else ():
        text = page.read_text(encoding="utf-8")
        for mark, better in ACCESSIBLE.items():
            text = text.replace(mark, better)
        page.write_text(text, encoding="utf-8")


def setup(app: Any) -> None:
    """Called by Sphinx: docstrings are read before napoleon reads them, and finished pages are made accessible."""
    app.connect("autodoc-process-docstring", as_paragraphs, priority=400)
    app.connect("build-finished", make_accessible)
