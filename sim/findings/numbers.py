"""What numbers say in sentences of a report, never more than their intervals; shares as percentage points."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.analysis.clusters import sentence
from sim.analysis.effects import Estimate
from sim.analysis.sweep_grid import AT_DATES
from sim.findings.comparison import amount

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


def unit_of(unit: str) -> Unit:
    """How differences of an outcome with this unit are written.

    >>> unit_of("share of runs"), unit_of("students")
    (Unit(factor=100.0, words='percentage points of runs'), Unit(factor=1.0, words='students'))
    """
    if not unit.startswith("share"):
        return Unit(1.0, unit)
    return Unit(100.0, f"percentage points {unit.removeprefix('share').strip()}".strip())


def figure(value: float, unit: Unit = Unit(1.0, ""), signed: bool = True) -> str:
    """A number with a true minus sign.

    >>> figure(-1234.4) == MINUS + "1,234", figure(0.0124, unit_of("share of runs"), signed=False)
    (True, '1.24')
    """
    return amount(value * unit.factor, signed).replace("-", MINUS) if not math.isnan(value) else "-"


def interval(low: float, high: float, unit: Unit = Unit(1.0, ""), signed: bool = True) -> str:
    """The ends of an interval.

    >>> interval(1.0, 2.0)
    '+1 to +2'
    """
    return "-" if math.isnan(low) else f"{figure(low, unit, signed)} to {figure(high, unit, signed)}"


def estimated(row: Any, value: str, unit: Unit) -> str:
    """A value of a row with its interval, in brackets.

    Args:
        row: with the columns low and high
        value: the column of the value
        unit: in which it is told
    """
    return f"{figure(row[value], unit)} [{interval(row['low'], row['high'], unit)}]"


def named(unit: Unit) -> str:
    """A unit behind the name of what has it."""
    return f" [{unit.words}]" if unit.words else ""


def called(said: Mapping[str, Any]) -> str:
    """What the baseline of a study is called; results of earlier versions have it under one name only.

    >>> called({"baseline": "region/ours.yaml", "called": "ours"}), called({"baseline": "historical"})
    ('ours', 'historical')
    """
    return str(said.get("called", said["baseline"]))


def carried(said: Mapping[str, Any], replicates: int = 0) -> str:
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
    shared = sentence(count, int(said.get("parameter_sets", 0)), what)
    if shared:
        return f"Intervals carry luck and the parameter sets of the posterior. {shared}"
    return "Intervals carry luck and the parameter sets of the posterior: each pair has a set of its own."


def titled(words: str) -> str:
    """Words that begin a line.

    >>> titled("examinees in 2020")
    'Examinees in 2020'
    """
    return words[:1].upper() + words[1:]


def plain(name: str) -> str:
    """A name of a scenario as words.

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


def difference(row: Any, label: str) -> str:
    """What one difference between an arm and its baseline says of the arm.

    Args:
        row: of `sim.analysis.paired_differences.differences`
        label: the outcome in words
    """
    found, unit = Estimate(row["difference"], row["low"], row["high"], int(row["n"])), unit_of(str(row["unit"]))
    at, base = AT_DATES[row["dates"]], plain(str(row["baseline"]))
    begins, what = f"{at}, " if at else "", f"{label} {verb(label)}"
    if found.n < 2 or math.isnan(found.low):
        return f"{begins}nothing can be said of {label}; {found.n} pairs of runs have a value of it."
    if found.low == found.high == 0.0:
        return f"{begins}{what} the same as in {base} in all {found.n} pairs.{few(found.n)}"
    if not found.sign:
        return (f"{begins}no effect on {label} cannot be excluded; the mean difference from {base} is "
                f"{measured(row, 'difference', unit)}, which includes zero.{few(found.n)}")  # fmt: skip
    size = {"difference": abs(found.mean), "low": min(abs(found.low), abs(found.high)),
            "high": max(abs(found.low), abs(found.high))}  # fmt: skip
    way = "higher" if found.sign > 0 else "lower"
    return f"{begins}{what} {way} than in {base} by {measured(size, 'difference', unit, False)}.{few(found.n)}"


def measured(row: Any, value: str, unit: Unit, signed: bool = True) -> str:
    """A mean with its unit and interval, as a sentence has it."""
    words = f" {unit.words}" if unit.words else ""
    ends = interval(row["low"], row["high"], unit, signed)
    return f"{figure(row[value], unit, signed)}{words} on average (95% interval {ends})"


def few(pairs: int) -> str:
    """What is said behind a sentence that rests on few pairs."""
    return "" if pairs >= FEW else f" A look, not a result: it rests on {pairs} pairs."


def contribution(row: Any, label: str, unit: Unit) -> str:
    """What one player adds to a whole.

    Args:
        row: of `sim.analysis.shapley.attribution`, of a Shapley value
        label: the outcome in words
        unit: in which it is told
    """
    n, low, high = int(row["n"]), float(row["low"]), float(row["high"])
    if low == high == row["value"] == 0.0:
        return f"changes nothing of {label} in any of {n} seeds.{few(n)}"
    if low <= 0.0 <= high:
        return f"no contribution to {label} cannot be excluded; the mean is {measured(row, 'value', unit)}.{few(n)}"
    size = {"value": abs(row["value"]), "low": min(abs(low), abs(high)), "high": max(abs(low), abs(high))}
    said = measured(size, "value", unit, False)
    return f"{f'adds {said} to' if low > 0 else f'takes {said} from'} {label}.{few(n)}"


def part(row: Any, unit: Unit) -> str:
    """One part of an effect, no stronger than its own interval.

    Args:
        row: of `sim.analysis.paired_differences.parts`
        unit: in which it is told
    """
    if row["low"] == row["high"] == row["effect"] == 0.0:
        return f"nothing {row['part']}"
    none = "; none cannot be excluded" if row["low"] <= 0.0 <= row["high"] else ""
    return f"{figure(row['effect'], unit)} {row['part']} (95% interval {interval(row['low'], row['high'], unit)}{none})"


def surviving(row: Any, label: str) -> str:
    """Under how many other mechanisms a finding holds.

    Args:
        row: of `sim.analysis.robustness.survivors`
        label: the outcome in words
    """
    what = f"{label} {AT_DATES[row['dates']]}".rstrip()
    said = {word: row[word] for word in ("open", "reversed") if isinstance(row[word], str) and row[word]}
    less = "; ".join(f"{word} under {who.replace('_', ' ')}" for word, who in said.items())
    way = "higher" if row["difference"] > 0 else "lower"
    return (f"that {what} {verb(label)} {way} holds under {row['holds']:.0f} of {row['of']:.0f} other mechanisms"
            f"{f'; {less}' if less else ''}.")  # fmt: skip
