"""The README: short, in short sentences, with commands, links and numbers that hold."""

from __future__ import annotations

import re

from tests.house.source import ROOT

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")

MOST_LINES = 150
MOST_WORDS = 25
"""Of a sentence."""

NUMBER = re.compile(r"(?<![\w.,])[+-]?\d+(?:,\d{3})*(?:\.\d+)*%?")


def sentences(text: str) -> list[str]:
    """The sentences of a page's prose, links as their words; code, tables and headings are left out."""
    text = re.sub(r"^```.*?^```$|!\[[^\]]*\]\([^)]*\)", "", text, flags=re.MULTILINE | re.DOTALL)
    blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n|\n(?=[*-] )", text)]
    prose = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"`[^`]*`", "code", block)) for block in blocks]
    bare = [re.sub(r"^[*-] |\*+", "", block) for block in prose if block and block[0] not in "#|"]
    return [sentence for block in bare for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z(])", block) if sentence]


def section(heading: str) -> str:
    """A section of the README by its heading."""
    return TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_it_is_short() -> None:
    assert len(TEXT.splitlines()) <= MOST_LINES


def test_no_sentence_is_long() -> None:
    assert len(sentences(TEXT)) > 30
    assert [sentence for sentence in sentences(TEXT) if len(sentence.split()) > MOST_WORDS] == []
    assert sentences("A `b c` [d](e).\n\n```\nf\n```\n\n* G! H?\n* I") == ["A code d.", "G!", "H?", "I"]


def test_every_file_that_it_links_is_there() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert {"docs/README.md", "sim/LIMITS.md", "sim/ODD.md", "CONTRIBUTING.md"} <= set(linked)
    assert [name for name in linked if not (ROOT / name).is_file()] == []


def test_its_commands_are_targets_of_make_and_its_tests_are_those_that_are_run_before_a_merge() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", TEXT, re.MULTILINE))
    assert {"sweep", "test", "setup"} <= named <= targets
    assert re.search(
        r"^(step \"[^\"]*\" )?make test\b", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE
    )


def test_the_extras_that_it_names_exist() -> None:
    extras = re.search(r"need an extra: ([^.]*)\.", TEXT)
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert extras
    names = re.findall(r"`(\w+)`", extras[1])
    assert len(names) == 5
    assert [name for name in names if not re.search(rf"^{name} = \[", declared, re.MULTILINE)] == []


def test_every_number_that_it_claims_stands_where_its_command_is() -> None:
    pages = [ROOT / "docs" / "explanation" / "results.md", ROOT / "sim" / "LIMITS.md"]
    behind = {number for page in pages for number in NUMBER.findall(page.read_text(encoding="utf-8"))}
    claimed = NUMBER.findall(section("What it found, and what it cannot tell"))
    assert len(claimed) > 15
    assert [number for number in claimed if number not in behind] == []
