"""Twenty-two numbers of two runs, frozen: whoever changes a result says so."""

from __future__ import annotations

import json
import re

import pytest

from tests.baseline.refresh import NUMBERS, numbers

DIGITS = 1e-9
"""Relative: another machine may round its last digits otherwise; counts of students leave no room for that."""

REFRESH = (
    "the results changed. If they were meant to: run `python tests/baseline/refresh.py` "
    "and add a line under Results in CHANGELOG.md that says what a user would see change"
)


@pytest.fixture(scope="module")
def now() -> dict[str, float]:
    return numbers()


@pytest.fixture(scope="module")
def frozen() -> dict[str, float]:
    return json.loads(NUMBERS.read_text(encoding="utf-8"))


@pytest.mark.simulates
def test_results_are_those_of_the_baseline(now, frozen):
    moved = {
        name: (frozen.get(name), now.get(name))
        for name in frozen.keys() | now.keys()
        if now.get(name) != pytest.approx(frozen.get(name), rel=DIGITS, abs=0.0)
    }
    lines = "\n".join(f"  {name}: {before} before, {after} now" for name, (before, after) in sorted(moved.items()))
    assert not moved, f"{REFRESH}\n{lines}"


def test_the_baseline_is_of_numbers_that_say_something(frozen):
    assert 20 <= len(frozen) <= 30
    for name, value in frozen.items():
        assert re.fullmatch(r"[a-z_]+, seed \d+: [a-z_0-9]+", name)
        assert value == value, f"{name} is not a number"
        assert value != 0.0, name
