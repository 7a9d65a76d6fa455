"""Tables of pages that are made from the code: where they stand, how they look, and how a page is brought up to date."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.errors import Mistake

type Tables = Mapping[str, Callable[[], str]]
"""Tables by name, each made when it is asked for."""

PLACE = re.compile(r"<!-- table: (\w+) -->\n(.*?)<!-- end -->\n", re.DOTALL)
"""Where a table stands on a page."""


DIRECTIONS = {1: "more", -1: "less", 0: ""}
"""In which direction an outcome is better."""

Row = Iterable[Any]


def table(header: Row, rows: Iterable[Row]) -> str:
    """A table in Markdown; empty cells stay empty."""
    lines = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    said = [str(cell) for cell in header]
    return "\n".join(f"| {' | '.join(line)} |" for line in (said, ["---"] * len(said), *lines))


def first_line(of: Any) -> str:
    """The first sentence of a docstring, on one line."""
    return " ".join((inspect.getdoc(of) or "").split("\n\n")[0].split())


def filled(text: str, tables: Tables) -> str:
    """A page with each table as the code has it. Raises Mistake for a table that nobody makes."""

    def made(place: re.Match[str]) -> str:
        name = place[1]
        if name not in tables:
            raise Mistake(f"the page asks for an unknown table `{name}`; there are {', '.join(tables)}")
        return f"<!-- table: {name} -->\n\n{tables[name]()}\n\n<!-- end -->\n"

    return PLACE.sub(made, text)


def brought_up_to_date(pages: Iterable[Path], tables: Tables) -> int:
    """Write pages anew where the code says otherwise; the exit code is 2, with one sentence, for a mistake."""
    for page in pages:
        before = page.read_text(encoding="utf-8")
        try:
            after = filled(before, tables)
        except Mistake as mistake:
            print(f"error: {page.name}: {mistake}", file=sys.stderr)
            return 2
        if after != before:
            page.write_text(after, encoding="utf-8")
        print(f"{page.name}: {'brought up to date' if after != before else 'is up to date'}")
    return 0
