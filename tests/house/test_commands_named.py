"""No message names a command by hand: `sim.commands` knows what it is called in a checkout and where it is installed."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim.commands
from sim.commands import command, commands_here, install, page
from tests.house.source import ROOT, Module, modules
from tests.offenders import each_of

PAGES = Path(sim.commands.__file__).with_name("docs")

BY_HAND = re.compile(r"python -m (experiments|sim)\b|\bexperiments\.[a-z]|pip install|\bdocs/[\w/-]+\.md")

KNOWING = ("sim.commands", "experiments", "sim.runs.engines.options")
"""Modules that make such words, or say old names; what maintains the project has its sources anyway."""


def messages(module: Module) -> Iterator[tuple[int, str]]:
    """Text in a module that is not documentation: line and text."""
    alone = {id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.lineno, node.value


@pytest.mark.heavy
def test_no_message_names_a_command_by_hand() -> None:
    read = [m for m in modules("sim", "experiments") if m.name not in KNOWING and "maintenance" not in m.name]
    named = [f"{m.name}:{line}" for m in read for line, text in messages(m) if BY_HAND.search(text)]
    assert named == []


def test_every_page_that_a_message_names_is_there_and_in_the_wheel() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    pages = [page(name) for name in sim.commands._PAGES]
    assert [name for name in pages if not (ROOT / name).is_file()] == []
    assert sorted(pages) == sorted(name for name in wheel["only-include"] if name.startswith("docs/"))


def test_commands_are_those_of_a_checkout() -> None:
    assert command("benchmark", ["memory=9"]) == "python -m experiments.benchmarks.benchmark memory=9"
    assert command("dashboard") == "python -m sim.dashboard"


@each_of(
    ("text", "expected"),
    [
        ("python -m experiments.sweep seeds=2", "impact-lab sweep seeds=2"),
        ("(`experiments.calibrate rivals=all`)", "(`impact-lab calibrate rivals=all`)"),
        ("python -m experiments.benchmarks.benchmark", "impact-lab benchmark"),
        ("`python -m sim.dashboard`", "`impact-lab dashboard`"),
        ("Scenarios: docs/reference/scenarios.md.", f"Scenarios: {PAGES / 'reference' / 'scenarios.md'}."),
        ("see docs/explanation/ireland.md", "see docs/explanation/ireland.md"),  # the wheel does not hold it
        ("numerical experiments. They", "numerical experiments. They"),
    ],
)
def test_commands_are_those_of_an_installation(text: str, expected: str, monkeypatch) -> None:
    monkeypatch.setattr(sim.commands, "is_installed", lambda: True)
    assert commands_here(text) == expected
    assert command("benchmark") == "impact-lab benchmark"
    assert install("cluster") == 'pip install "collective-impact-lab[cluster]"'
