"""Count the words of sentences: python -m experiments.maintenance.sentences.

Prints for each page of the documentation, for a small report and for the web page the longest and the median sentence.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

from sim.runs.streams import escape_what_cannot_be_encoded

ROOT = Path(__file__).resolve().parents[2]

PROSE = (ROOT / "README.md", ROOT / "sim" / "LIMITS.md", *sorted((ROOT / "docs").rglob("*.md")))
"""Pages of the documentation."""

END = re.compile(r"(?<=[.!?])\*{0,2}\s+(?=\*{0,2}(?:[A-Z(\d]|code\b))")
"""Place between two sentences."""


def sentences(text: str) -> list[str]:
    r"""Return the sentences of a page of Markdown, links as their words; code, tables and headings are left out.

    Args:
        text: of the page

    >>> sentences("A `b c` [d](e). 1 is one.\n\n* G! H?\n1. I")
    ['A code d.', '1 is one.', 'G!', 'H?', 'I']
    """
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"^(```+|~~~+|:::+).*?^\1\s*$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n|\n(?=\s*(?:[*-]|\d+\.) )|\n(?=[|#])", text)]
    prose = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"`[^`]*`", "code", block)) for block in blocks]
    bare = [re.sub(r"^(?:[*>-]|\d+\.) ", "", block) for block in prose if block and block[0] not in "#|$"]
    parts = [part for block in bare for part in END.split(block)]
    return [plain for part in parts if (plain := re.sub(r"\*+", "", part).strip())]


def lengths(text: str) -> list[int]:
    """Return the words of each sentence of a page.

    Args:
        text: of the page, as Markdown
    """
    return [len(sentence.split()) for sentence in sentences(text)]


def line(name: str, text: str) -> str:
    """Return a line on a page: number of sentences, words of the longest and of the median one.

    >>> line("page", "One two three. Four.")
    'page                                                 2 sentences, longest   3, median  2.0 words'
    """
    words = lengths(text)
    return f"{name:50}{len(words):4} sentences, longest {max(words):3}, median {median(words):4.1f} words"


def pages() -> Iterator[tuple[str, str]]:
    """Yield name and text of each page of the documentation."""
    for path in PROSE:
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def main() -> int:
    """Print a line for each text."""
    escape_what_cannot_be_encoded()
    texts: Mapping[str, str] = dict(pages())
    print("\n".join(line(name, text) for name, text in texts.items() if lengths(text)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
