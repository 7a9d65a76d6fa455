"""What numbers say in sentences of a report, never more than their intervals; shares as percentage points."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from sim.analysis.effects import Estimate
from sim.analysis.findings import amount
from sim.analysis.points import AT_DATES

MINUS = "\N{MINUS SIGN}"
FEW = 10
"""Below so many pairs an interval is itself a matter of luck."""


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


def plain(name: str) -> str:
    """A name of a scenario as words.

    >>> plain("no_backbone")
    'no backbone'
    """
    return name.replace("_", " ")


def difference(row: Any, label: str) -> str:
    """What one difference between an arm and its baseline says.

    Args:
        row: of `sim.analysis.pairs.differences`
        label: the outcome in words
    """
    found, unit = Estimate(row["difference"], row["low"], row["high"], int(row["n"])), unit_of(str(row["unit"]))
    arm, what = plain(str(row["arm"])), f"{label} {AT_DATES[row['dates']]}".rstrip()
    if found.n < 2 or math.isnan(found.low):
        return f"{what}: nothing can be said of {arm}; {found.n} pairs of runs have a value of it."
    few = " A look, not a result: there are few pairs." if found.n < FEW else ""
    if found.low == found.high == 0.0:
        return f"{what}: the same under {arm} as in {plain(str(row['baseline']))} in all {found.n} pairs.{few}"
    words = f" {unit.words}" if unit.words else ""
    if not found.sign:
        return (f"{what}: no effect of {arm} cannot be excluded; the mean difference is {figure(found.mean, unit)}{words} "
                f"(95% interval {interval(found.low, found.high, unit)}).{few}")  # fmt: skip
    least, most = sorted((abs(found.low), abs(found.high)))
    return (f"{what}: {'higher' if found.sign > 0 else 'lower'} under {arm} than in {plain(str(row['baseline']))} by "
            f"{figure(abs(found.mean), unit, False)}{words} on average (95% interval "
            f"{interval(least, most, unit, False)}).{few}")  # fmt: skip


def contribution(row: Any, label: str, unit: Unit) -> str:
    """What one player adds to a whole.

    Args:
        row: of `sim.analysis.shapley.attribution`, of a Shapley value
        label: the outcome in words
        unit: in which it is told
    """
    low, high, words = float(row["low"]), float(row["high"]), f" {unit.words}" if unit.words else ""
    if low == high == row["value"] == 0.0:
        return f"{label}: {row['player']} changes nothing in any seed."
    said = f"{figure(row['value'], unit)}{words} on average (95% interval {interval(low, high, unit)})"
    if low <= 0.0 <= high:
        return f"{label}: that {row['player']} contributes nothing cannot be excluded; {said}."
    return f"{label}: {row['player']} contributes {said}."


def surviving(row: Any, label: str) -> str:
    """Under how many other mechanisms a finding holds.

    Args:
        row: of `sim.analysis.surviving.survivors`
        label: the outcome in words
    """
    what = f"{label} {AT_DATES[row['dates']]}".rstrip()
    less = "; ".join(
        f"{word} under {row[word]}" for word in ("open", "reversed") if isinstance(row[word], str) and row[word]
    )
    way = "higher" if row["difference"] > 0 else "lower"
    return (f"That {what} is {way} under {plain(str(row['arm']))} holds under {row['holds']:.0f} of {row['of']:.0f} other "
            f"mechanisms{f'; {less.replace('_', ' ')}' if less else ''}.")  # fmt: skip
