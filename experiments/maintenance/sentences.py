"""Count the words of sentences: python -m experiments.maintenance.sentences.

Prints for each page of the documentation, for a small report and for the fixed texts of the web page the longest and the median
sentence. The report needs some runs: less than a minute.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from statistics import median

import sim
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


LISTS = re.compile(r"<!-- table: scenarios -->.*?<!-- end -->", re.DOTALL)
"""Generated list of parameters of each scenario, which is a table in form of a list."""


def pages() -> Iterator[tuple[str, str]]:
    """Yield name and text of each page of the documentation, without lists that are tables."""
    for path in PROSE:
        yield path.relative_to(ROOT).as_posix(), LISTS.sub("", path.read_text(encoding="utf-8"))


class Paragraphs(HTMLParser):
    """Reader of the paragraphs and list items of a page; tables, figures, code and headings are left out.

    Attributes:
        texts: of the paragraphs
    """

    READ, SKIPPED = (
        frozenset(["p", "li", "figcaption", "caption", "summary"]),
        frozenset(["svg", "style", "script", "pre"]),
    )

    def __init__(self) -> None:
        """Begin outside of any paragraph."""
        super().__init__()
        self.texts: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Begin a paragraph, or go into a part of one."""
        if tag in self.READ:
            self.texts.append("")
        if tag in self.READ | self.SKIPPED or tag == "code":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave a paragraph or a part of one."""
        if tag in self.open:
            del self.open[self.open.index(tag) :]

    def handle_data(self, data: str) -> None:
        """Add text to the paragraph."""
        if self.open and not self.SKIPPED & {*self.open}:
            self.texts[-1] += "code" if self.open[-1] == "code" and self.texts else data


def prose_of(html: str) -> str:
    r"""Return the paragraphs of a page of HTML as Markdown.

    >>> prose_of("<h1>No</h1><p>One <b>two</b>.</p><ul><li>Three <code>x = 1</code></li></ul>")
    'One two.\n\nThree code'
    """
    reader = Paragraphs()
    reader.feed(html)
    return "\n\n".join(" ".join(text.split()).lstrip("|#$") for text in reader.texts)


def report_text(seeds: int = 4) -> str:
    """Return the text of a report on a small comparison.

    Args:
        seeds: pairs of runs
    """
    made = sim.compare("historical_emergent", ["no_backbone", "policy_late"], seeds, progress=False)
    return prose_of(sim.report(made, attributions=[], equity=[], robust=[], seed=None).html)


def page_text() -> str:
    """Return the fixed texts of the web page: every string of its modules that ends a sentence, a value as one word."""
    texts = []
    for path in sorted((ROOT / "sim" / "dashboard").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts += [text for node in shown_nodes(tree) if re.search(r"\w [\w ]+[.!?](\s|$)", text := string_of(node))]
    return "\n\n".join(re.sub(r"<[^>]*>", "", text) for text in texts if "{ " not in text)


def shown_nodes(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield the strings of a module that are neither docstrings nor part of another string."""
    expressions = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and node not in expressions | parts:
            yield node


def string_of(node: ast.expr) -> str:
    """Return a string of the source, each of its values as one word; empty for other constants."""
    if isinstance(node, ast.JoinedStr):
        return "".join(string_of(part) if isinstance(part, ast.Constant) else "code" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def main() -> int:
    """Print a line for each text."""
    escape_what_cannot_be_encoded()
    texts = {**dict(pages()), "web page, fixed texts": page_text(), "report, small": report_text()}
    print("\n".join(line(name, text) for name, text in texts.items() if lengths(text)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
