"""Warnings of a whole report: each once, at its top, with the chapters that it holds for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sim.reports.blocks import Block, Chapter, Folded, Notice

FEW_PAIRS = "A look, not a result: these chapters rest on few pairs of runs (their number in brackets)"
"""Start of the warning on chapters with few pairs."""


def without_notices(chapters: Sequence[Chapter]) -> tuple[list[Notice], list[Chapter]]:
    """Return the warnings of some chapters, each once, and the chapters without them.

    Args:
        chapters: of a report

    >>> one = Chapter("a", "First", [Notice("Few.")])
    >>> [notice.text for notice in without_notices([one, Chapter("b", "Second", [])])[0]]
    ['Few. (First)']
    """
    titles: dict[str, list[str]] = {}
    few: list[str] = []
    for chapter in chapters:
        for notice in dict.fromkeys(_notices(chapter.blocks)):
            if notice.pairs is None:
                titles.setdefault(notice.text, []).append(chapter.title)
            else:
                few.append(f"{chapter.title} ({notice.pairs})")
    notices = [Notice(f"{FEW_PAIRS}: {'; '.join(few)}.")] if few else []
    notices += [Notice(f"{text} ({'; '.join(of)})") for text, of in titles.items()]
    return notices, [replace(chapter, blocks=_without(chapter.blocks)) for chapter in chapters]


def _notices(blocks: Sequence[Block]) -> Iterator[Notice]:
    for block in blocks:
        if isinstance(block, Notice):
            yield block
        elif isinstance(block, Folded):
            yield from _notices(block.blocks)


def _without(blocks: Sequence[Block]) -> list[Block]:
    return [
        replace(block, blocks=_without(block.blocks)) if isinstance(block, Folded) else block
        for block in blocks
        if not isinstance(block, Notice)
    ]
