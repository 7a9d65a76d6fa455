"""A chapter as text for terminals and text files: the same sentences and tables as on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import fill

from sim.reports.blocks import Block, Chapter, Claims, Drawing, Folded, Notice, Prose, Rows
from sim.reports.page import is_number

WIDTH = 120
"""Columns of a line of prose."""


def text(chapter: Chapter) -> str:
    """Return a chapter as text: its title, sentences and tables; drawings are separate files.

    >>> print(text(Chapter("one", "A title", [Prose("Some *words*."), Rows("Counts", ["who", "n"], [["a", "1"]])])))
    A title
    =======
    <BLANKLINE>
    Some words.
    <BLANKLINE>
    Counts
      who  n
      a    1
    """
    pieces = [f"{chapter.title}\n{'=' * len(chapter.title)}", *_blocks(chapter.blocks)]
    return "\n\n".join(pieces)


def _blocks(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Prose):
            yield from (_paragraph(part) for part in block.markdown.strip().split("\n\n"))
        elif isinstance(block, Notice):
            yield _wrap(block.text)
        elif isinstance(block, Claims):
            yield "\n".join(_wrap(f"- {claim.subject}: {claim.text}", "  ") for claim in block.claims)
        elif isinstance(block, Rows):
            yield table(block)
        elif isinstance(block, Folded):
            yield block.title
            yield from _blocks(block.blocks)
        else:
            assert isinstance(block, Drawing)


def _paragraph(markdown: str) -> str:
    """Return a paragraph of Markdown without its markup; lists and code keep their lines."""
    heading = re.fullmatch(r"#+ (.+)", markdown.strip())
    if heading:
        return f"{heading[1]}\n{'-' * len(heading[1])}"
    if markdown.startswith(("```", "- ", "* ", "|")):
        return _unmarked(markdown.replace("```\n", "").replace("\n```", ""))
    return _wrap(_unmarked(markdown.replace("\n", " ")))


def _unmarked(markdown: str) -> str:
    """Return Markdown without emphasis and links.

    >>> _unmarked("a *b* **c** [d](#e) `f_g`")
    'a b c d `f_g`'
    """
    without_links = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", markdown)
    return re.sub(r"(?<![\w*])(\*{1,2})(?=\S)(.+?)(?<=\S)\1(?![\w*])", r"\2", without_links)


def _wrap(line: str, indent: str = "") -> str:
    return fill(line, WIDTH, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)


def table(rows: Rows) -> str:
    """Return a table in aligned columns under its caption, numbers aligned right, with its note below."""
    lines = [list(map(str, rows.header)), *([str(cell) for cell in row] for row in rows.cells)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(rows.header))]
    right = [bool(rows.cells) and all(is_number(row[place]) for row in rows.cells) for place in range(len(widths))]
    right = [place > 0 and flag for place, flag in enumerate(right)]
    aligned = [
        "  ".join(
            cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    ]
    body = "\n".join(f"  {line}" for line in aligned)
    note = f"\n{_wrap(_unmarked(rows.note))}" if rows.note else ""
    return f"{_unmarked(rows.caption)}\n{body}{note}"
