"""docs/tutorials/own_case.md: its files and commands as a reader types them, and what it says that they print."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.examples.conftest import ROOT

PAGE = (ROOT / "docs" / "tutorials" / "own_case.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FILES = {name: text for kind, name, text in BLOCKS if kind in ("csv", "yaml")}
HEADS = {name: text for kind, name, text in BLOCKS if kind == "text" and name}
NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")

NEAR = 0.02
"""How far a number on the page may lie from what is printed: the last digits of a machine [share]."""


@dataclass(frozen=True)
class Step:
    """A command of the page, and the lines that it is said to print."""

    typed: str
    shown: str

    @property
    def words(self) -> list[str]:
        """The command as a shell splits it."""
        return shlex.split(self.typed.replace("\\\n", " "))

    @property
    def program(self) -> str:
        """The program that it starts; empty for the line that writes the files."""
        return self.words[2].removeprefix("experiments.") if self.words[1] == "-m" else ""


def steps() -> list[Step]:
    """Every command, in order; what it prints stands in the block behind it."""
    following = [*BLOCKS[1:], ("", "", "")]
    commands = [(text, after) for (kind, _, text), after in zip(BLOCKS, following, strict=True) if kind == "bash"]
    return [Step(text.strip(), after[2] if after[:2] == ("text", "") else "") for text, after in commands]


STEPS = steps()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A reader's folder with the files of the page, and those that its first command writes."""
    folder = tmp_path_factory.mktemp("own_case")
    (folder / "region").mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert STEPS[0].words[:2] == ["python", "-c"]
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {STEPS[0].words[2]}"
    subprocess.run([sys.executable, "-c", script], cwd=folder, check=True, stdin=subprocess.DEVNULL)
    return folder


def words_of(line: str) -> str:
    """A line without its numbers, and with single blanks."""
    return " ".join(NUMBER.sub("#", line).split())


def numbers_of(line: str) -> list[float]:
    """The numbers of a line."""
    return [float(number.replace(",", "")) for number in NUMBER.findall(line)]


def stands_in(line: str, printed: list[str]) -> bool:
    """Return true if a line of the page was printed, up to the last digits of its numbers."""
    near = [other for other in printed if words_of(other) == words_of(line)]
    return any(numbers_of(other) == pytest.approx(numbers_of(line), rel=NEAR, abs=NEAR) for other in near)


def test_the_page_goes_through_every_program_an_evaluator_needs():
    assert [step.program for step in STEPS] == [
        "", "check", "check", "run", "run", "run", "compare", "compare", "attribute", "robust", "report"]  # fmt: skip
    assert all(step.shown for step in STEPS[1:])


def test_a_line_is_found_by_its_words_and_by_numbers_near_enough():
    assert stands_in("a  is 1,000 [+0.5]", ["a is 1,001 [+0.5]"])
    assert not stands_in("a is 1,000 [+0.5]", ["a is 1,100 [+0.5]"])
    assert not stands_in("a is 1,000 [+0.5]", ["b is 1,000 [+0.5]"])


@pytest.mark.program
@pytest.mark.release
@pytest.mark.parametrize("name", HEADS)
def test_the_files_begin_as_the_page_shows(folder, name):
    head = HEADS[name].splitlines()
    written = (folder / name).read_text(encoding="utf-8").splitlines()[: len(head)]
    assert written[0] == head[0]
    assert [line for line in head if not stands_in(line, written)] == []


@pytest.mark.program
@pytest.mark.release
@pytest.mark.parametrize("step", STEPS[1:], ids=lambda step: step.typed[:70])
def test_every_command_of_the_page_prints_what_it_is_said_to(command, folder, step):
    done = command(step.program, *step.words[3:], folder=folder)
    wrong = step.shown.startswith("error: ")
    assert (done.returncode == 2) == wrong, done.stderr
    printed = (done.stderr if wrong else done.stdout).splitlines()
    assert [line for line in step.shown.splitlines() if line not in ("", "...") and not stands_in(line, printed)] == []
    assert not wrong or step.shown.splitlines() == printed
