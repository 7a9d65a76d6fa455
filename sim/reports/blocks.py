"""What a report is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Claim:
    """A sentence about the results.

    Args:
        subject: whom it is about, which begins it
        text: the rest of the sentence
        row: key of the row of a table of the report that bears it, so that anybody, and a test, can hold it against that
    """

    subject: str
    text: str
    row: str


@dataclass(frozen=True)
class Claims:
    """Sentences, each beside the row that it rests on."""

    claims: Sequence[Claim]


@dataclass(frozen=True)
class Prose:
    """Words that rest on no table.

    Args:
        markdown: the words
    """

    markdown: str


@dataclass(frozen=True)
class Rows:
    """A table.

    Args:
        caption: what it holds, with its unit
        header: names of the columns
        cells: rows of text
        keys: of the rows, unique in a report; none where no sentence rests on them
        note: how to read it
    """

    caption: str
    header: Sequence[str]
    cells: Sequence[Sequence[str]]
    keys: Sequence[str] = ()
    note: str = ""

    def __post_init__(self) -> None:
        """Every row has every column, and a key if any has."""
        assert all(len(row) == len(self.header) for row in self.cells)
        assert len(self.keys) in (0, len(self.cells))

    @property
    def keyed(self) -> list[tuple[str, Sequence[str]]]:
        """The rows, each with its key or none."""
        return list(zip(self.keys or [""] * len(self.cells), self.cells, strict=True))


@dataclass(frozen=True)
class Drawing:
    """A figure.

    Args:
        svg: the drawing, as a file holds it
        caption: what it shows
        instead: the same in words for who does not see it
    """

    svg: bytes
    caption: str
    instead: str


@dataclass(frozen=True)
class Folded:
    """What is there for who asks: shown on demand.

    Args:
        title: of what is folded
        blocks: what that is
        on_paper: whether it is printed; else paper says that the page has it
    """

    title: str
    blocks: Sequence[Block]
    on_paper: bool = True


type Block = Claims | Prose | Rows | Drawing | Folded
"""A piece of a chapter."""


@dataclass(frozen=True)
class Chapter:
    """A chapter of a report.

    Args:
        key: unique in the report, for links
        title: in words
        blocks: its pieces, in order
    """

    key: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Report:
    """A whole report.

    Args:
        title: what it is about
        question: what was asked
        chapters: in order
        made: the command that builds it again, with versions
    """

    title: str
    question: str
    chapters: Sequence[Chapter] = field(default_factory=tuple)
    made: str = ""
