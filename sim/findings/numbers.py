"""Numbers, units and intervals as text: the one way in which a number becomes part of a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.analysis.clusters import shared_sets_text
from sim.analysis.effects import Estimate

MINUS = "\N{MINUS SIGN}"
FEW = 20
"""Below so many pairs an interval is too narrow to be claimed."""

PLURAL = ("examinees", "members", "resources", "girls", "tracks", "teachers")
"""Words with which outcomes of several things begin."""


@dataclass(frozen=True)
class Unit:
    """How figures of an outcome are written.

    Args:
        factor: by which they are multiplied
        words: the unit
    """

    factor: float
    words: str


def amount(value: float, signed: bool = True) -> str:
    """Return a number as a sentence has it, with a true minus sign: whole from 100 on, else three digits.

    >>> amount(-1234.4) == "\N{MINUS SIGN}1,234", amount(0.01234), amount(0.0), amount(12.34, signed=False)
    (True, '+0.0123', '0', '12.3')
    """
    if math.isnan(value):
        return "-"
    sign = "+" if signed and value else ""
    text = f"{value:{sign},.0f}" if abs(value) >= 99.95 or not value else f"{value:{sign}.3g}"
    return minus(text)


def minus(text: str) -> str:
    """Return a number as text with a true minus sign in place of a hyphen.

    >>> minus("-1.5") == MINUS + "1.5"
    True
    """
    return text.replace("-", MINUS)


def with_interval(found: Estimate) -> str:
    """Return an estimate with its interval.

    >>> ranged(Estimate(120.0, -40.0, 160.0, 30)) == f"+120 [{MINUS}40, +160]"
    True
    """
    if math.isnan(found.mean):
        return "-"
    ends = "no interval" if math.isnan(found.low) else f"{amount(found.low)}, {amount(found.high)}"
    return f"{amount(found.mean)} [{ends}]"


def unit_of(unit: str) -> Unit:
    """How differences of an outcome with this unit are written.

    >>> unit_of("share of runs"), unit_of("students")
    (Unit(factor=100.0, words='percentage points of runs'), Unit(factor=1.0, words='students'))
    """
    if not unit.startswith("share"):
        return Unit(1.0, unit)
    return Unit(100.0, f"percentage points {unit.removeprefix('share').strip()}".strip())


def figure(value: float, unit: Unit = Unit(1.0, ""), signed: bool = True) -> str:
    """Return a number with a true minus sign.

    >>> figure(-1234.4) == MINUS + "1,234", figure(0.0124, unit_of("share of runs"), signed=False)
    (True, '1.24')
    """
    return amount(value * unit.factor, signed)


def interval(low: float, high: float, unit: Unit = Unit(1.0, ""), signed: bool = True) -> str:
    """Return the ends of an interval.

    >>> interval(1.0, 2.0)
    '+1 to +2'
    """
    return "-" if math.isnan(low) else f"{figure(low, unit, signed)} to {figure(high, unit, signed)}"


def estimated(row: Any, value: str, unit: Unit) -> str:
    """Return a value of a row with its interval, in brackets.

    Args:
        row: with the columns low and high
        value: the column of the value
        unit: in which it is told
    """
    return f"{figure(row[value], unit)} [{interval(row['low'], row['high'], unit)}]"


def unit_suffix(unit: Unit) -> str:
    """Return a unit behind the name of what has it."""
    return f" [{unit.words}]" if unit.words else ""


def baseline_name(said: Mapping[str, Any]) -> str:
    """What the baseline of a study is called; results of earlier versions have it under one name only.

    >>> called({"baseline": "region/ours.yaml", "called": "ours"}), called({"baseline": "historical"})
    ('ours', 'historical')
    """
    return str(said.get("called", said["baseline"]))


def uncertainty_sentence(said: Mapping[str, Any], replicates: int = 0) -> str:
    """What the intervals of a study carry, and how its replicates share parameter sets where they do.

    Args:
        said: what it was made with
        replicates: how many there are, where `said` does not count pairs

    >>> carried({"uncertainty": "point"})
    'Intervals carry luck alone, with every parameter at its default.'
    """
    if said["uncertainty"] == "point":
        return "Intervals carry luck alone, with every parameter at its default."
    what, count = ("pairs", int(said["pairs"])) if "pairs" in said else ("replicates", replicates)
    shared = said.get("sharing", shared_sets_text(count, int(said.get("parameter_sets", 0)), what))
    carry = "Intervals carry luck and the parameter sets of the posterior"
    if "weights" in said:
        carry = f"Intervals carry luck, parameter sets and models, each model as often as its weight says ({said['weights']})"
    return f"{carry}. {shared}" if shared else f"{carry}: each pair has a set of its own."


def capitalised(words: str) -> str:
    """Words that begin a line.

    >>> titled("examinees in 2020")
    'Examinees in 2020'
    """
    return words[:1].upper() + words[1:]


def readable_name(name: str) -> str:
    """Return a name of a scenario as words.

    >>> plain("no_backbone")
    'no backbone'
    """
    return name.replace("_", " ")


def verb(label: str) -> str:
    """Whether an outcome is or are.

    >>> verb("examinees in 2020"), verb("doubling")
    ('are', 'is')
    """
    return "are" if label.startswith(PLURAL) else "is"


def measured(row: Any, value: str, unit: Unit, signed: bool = True) -> str:
    """Return a mean with its unit and interval, as a sentence has it."""
    words = f" {unit.words}" if unit.words else ""
    ends = interval(row["low"], row["high"], unit, signed)
    return f"{figure(row[value], unit, signed)}{words} on average (95% interval {ends})"


def few_pairs_note(pairs: int) -> str:
    """What is said behind a sentence that rests on few pairs."""
    return "" if pairs >= FEW else f" A look, not a result: it rests on {pairs} pairs."
