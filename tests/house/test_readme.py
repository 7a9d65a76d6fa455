"""The README and the tutorials: short sentences; commands, links and numbers of the README that hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from experiments.maintenance import answer
from experiments.maintenance.sentences import sentences
from sim.errors import InputError
from sim.figures.side_by_side import MOTION_SECONDS
from sim.findings.averaged_answer import Headline
from sim.runs.headlines import headlines
from tests.house.source import ROOT
from tests.offenders import each_of

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")

TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))

MOST_LINES = 150
MOST_WORDS = 25
"""Of a sentence."""

NUMBER = re.compile(r"(?<![\w.,])[+-]?\d+(?:,\d{3})*(?:\.\d+)*%?")


def section(heading: str) -> str:
    """A section of the README by its heading."""
    return TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_it_is_short() -> None:
    assert len(TEXT.splitlines()) <= MOST_LINES


def test_no_sentence_is_long() -> None:
    assert len(sentences(TEXT)) > 30
    assert [sentence for sentence in sentences(TEXT) if len(sentence.split()) > MOST_WORDS] == []
    assert sentences("A `b c` [d](e).\n\n```\nf\n```\n\n* G! H?\n* I") == ["A code d.", "G!", "H?", "I"]
    assert sentences("| a |\n\n1. `b` is one. `c` is two. **D.** 3 is E\n  * f") == [
        "code is one.", "code is two.", "D.", "3 is E", "f"
    ]  # fmt: skip


def results_and_limits() -> list[str]:
    """The pages on which every number stands with its command."""
    pages = [ROOT / "docs" / "explanation" / "results.md", ROOT / "sim" / "LIMITS.md"]
    return [page.read_text(encoding="utf-8") for page in pages]


@each_of("path", TUTORIALS)
def test_no_sentence_of_a_tutorial_is_long(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [sentence for sentence in sentences(text) if len(sentence.split()) > MOST_WORDS] == []


def test_it_opens_with_the_answer_its_picture_what_it_rests_on_and_a_limit() -> None:
    places = [
        TEXT.index(part) for part in ("the backbone matters", "](docs/answer.png)", "**It rests on**", "**Its limit:**")
    ]
    assert places == sorted(places)
    assert places[-1] < TEXT.index("## Three ways")


def test_the_first_notebook_opens_with_the_same_answer() -> None:
    notebook = (ROOT / "notebooks" / "01_first_run.ipynb").read_text(encoding="utf-8")
    lines = [*answer.answer().splitlines(), *answer.basis().splitlines()]
    assert [line for line in lines if line not in notebook] == []


def test_the_answer_claims_no_more_than_its_intervals(tmp_path: Path) -> None:
    results = headlines()
    unclear = results | {"doubled_with_backbone": Headline("share of runs", 0.6, 0.5, 0.7)}
    assert "it is not clear whether the backbone matters:" in answer.answer(unclear)
    anytime = results | {"doubled_without_window": Headline("share of runs", 0.4, 0.3, 0.5)}
    assert "the backbone matters: " in answer.answer(anytime)
    broken = tmp_path / "headlines.csv"
    broken.write_text("quantity,unit,value,low,high,command\na,students,5,6,7,x\n")
    with pytest.raises(InputError, match="the interval of `a` does not contain its value"):
        headlines(broken)
    broken.write_text("quantity,unit,value\na,students,5\n")
    headlines.cache_clear()
    with pytest.raises(InputError, match=r"headlines\.csv has no column `low`"):
        headlines(broken)


def test_the_text_of_the_results_has_the_numbers_of_the_answer() -> None:
    text = re.sub(r"<!-- table: .*?<!-- end -->", "", results_and_limits()[0], flags=re.DOTALL)
    behind = set(NUMBER.findall(text))
    for result in headlines().values():
        ends = [result.low, result.value, result.high]
        shown = [f"{end:.0%}" if result.unit.startswith("share") else f"{end:,.0f}" for end in ends]
        assert [number for number in shown if number not in behind] == []


def test_the_film_moves_by_itself_and_stops_within_five_seconds() -> None:
    film = (ROOT / "docs" / "landing.svg").read_text(encoding="utf-8")
    assert "](docs/landing.svg)" in TEXT
    assert "<script" not in film
    assert len(film.encode()) < 500_000
    assert float(re.findall(r"--film-time:([0-9.]+)s", film)[0]) < MOTION_SECONDS
    assert "prefers-reduced-motion: reduce" in film
    assert "infinite" not in film


def test_every_file_that_it_links_is_there() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert {"docs/README.md", "sim/LIMITS.md", "sim/ODD.md", "CONTRIBUTING.md"} <= set(linked)
    assert [name for name in linked if not (ROOT / name).is_file()] == []


def test_its_commands_are_targets_of_make_and_its_tests_are_those_that_are_run_before_a_merge() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", TEXT, re.MULTILINE))
    assert {"sweep", "test", "setup"} <= named <= targets
    assert re.search(r"\bmake test$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_extras_that_it_names_exist() -> None:
    extras = re.search(r"need an extra: ([^.]*)\.", TEXT)
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert extras
    names = re.findall(r"`(\w+)`", extras[1])
    table = (ROOT / "docs" / "how-to" / "install.md").read_text(encoding="utf-8")
    assert sorted(names) == sorted(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert [name for name in names if not re.search(rf"^{name} = \[", declared, re.MULTILINE)] == []


def test_every_number_that_it_claims_stands_where_its_command_is() -> None:
    behind = {number for text in results_and_limits() for number in NUMBER.findall(text)}
    claimed = NUMBER.findall(section("What it found, and what it cannot tell"))
    assert len(claimed) > 15
    assert [number for number in claimed if number not in behind] == []
