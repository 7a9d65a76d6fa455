"""Blocks of a report: sentences, tables, figures and chapters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Claim:
    """A sentence about the results.

    Args:
        subject: first words of the sentence, for example the name of an arm
        text: the rest of the sentence
        row: key of the table row that supports the sentence, for readers and tests
    """

    subject: str
    text: str
    row: str


@dataclass(frozen=True)
class Claims:
    """Sentences with the keys of the rows that support them."""

    claims: Sequence[Claim]


@dataclass(frozen=True)
class Prose:
    """Text that no table supports.

    Args:
        markdown: the text
    """

    markdown: str


@dataclass(frozen=True)
class Notice:
    """A warning. A report shows each warning once, at its top, with the chapters that it holds for.

    Args:
        text: in one or two sentences
        pairs: number of pairs of runs, of a warning that they are few; None for another warning
    """

    text: str
    pairs: int | None = None


@dataclass(frozen=True)
class Rows:
    """A table.

    Args:
        caption: content with its unit
        header: names of the columns
        cells: rows of text
        keys: of the rows, unique in a report; empty if no sentence cites them
        note: explanation of the table
    """

    caption: str
    header: Sequence[str]
    cells: Sequence[Sequence[str]]
    keys: Sequence[str] = ()
    note: str = ""

    def __post_init__(self) -> None:
        """Check that every row has every column, and a key if any row has one."""
        assert all(len(row) == len(self.header) for row in self.cells)
        assert len(self.keys) in (0, len(self.cells))

    @property
    def keyed(self) -> list[tuple[str, Sequence[str]]]:
        """The rows, each with its key or an empty key."""
        return list(zip(self.keys or [""] * len(self.cells), self.cells, strict=True))


@dataclass(frozen=True)
class Drawing:
    """A figure.

    Args:
        svg: content of an SVG file
        caption: of the figure
        instead: description for readers who cannot see it
    """

    svg: bytes
    caption: str
    instead: str


@dataclass(frozen=True)
class Folded:
    """Blocks that are shown on demand.

    Args:
        title: of the fold
        blocks: its content
        on_paper: true if printed; if false, paper refers to the page
    """

    title: str
    blocks: Sequence[Block]
    on_paper: bool = True


type Block = Claims | Prose | Notice | Rows | Drawing | Folded
"""A piece of a chapter."""


@dataclass(frozen=True)
class Chapter:
    """A chapter of a report.

    Args:
        key: unique in the report, for links
        title: in words
        blocks: in order
    """

    key: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Report:
    """A whole report.

    Args:
        title: of the report
        question: the research question
        chapters: in order
        made: the command that builds it again, with versions
    """

    title: str
    question: str
    chapters: Sequence[Chapter] = field(default_factory=tuple)
    made: str = ""
