"""Numbers, units and intervals as text, for all sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.analysis.clusters import shared_sets_text
from sim.analysis.effects import Estimate

MINUS = "\N{MINUS SIGN}"
FEW = 20
"""Number of pairs below which an interval is too narrow to support a claim."""

PLURAL = ("examinees", "members", "resources", "girls", "tracks", "teachers")
"""First words of outcomes in the plural."""


@dataclass(frozen=True)
class Unit:
    """The unit of an outcome in text.

    Args:
        factor: of figures in text
        words: the unit
    """

    factor: float
    words: str


def amount(value: float, signed: bool = True) -> str:
    """Return a number as text with a minus sign: a whole number from 100, else three digits.

    >>> amount(-1234.4) == "\N{MINUS SIGN}1,234", amount(0.01234), amount(0.0), amount(12.34, signed=False)
    (True, '+0.0123', '0', '12.3')
    """
    if math.isnan(value):
        return "-"
    sign = "+" if signed and value else ""
    text = f"{value:{sign},.0f}" if abs(value) >= 99.95 or not value else f"{value:{sign}.3g}"
    return minus(text)


def minus(text: str) -> str:
    """Return a number as text with a minus sign in place of a hyphen.

    >>> minus("-1.5") == MINUS + "1.5"
    True
    """
    return text.replace("-", MINUS)


def with_interval(estimate: Estimate) -> str:
    """Return an estimate with its interval as text.

    >>> with_interval(Estimate(120.0, -40.0, 160.0, 30)) == f"+120 [{MINUS}40, +160]"
    True
    """
    if math.isnan(estimate.mean):
        return "-"
    ends = "no interval" if math.isnan(estimate.low) else f"{amount(estimate.low)}, {amount(estimate.high)}"
    return f"{amount(estimate.mean)} [{ends}]"


def unit_of(unit: str) -> Unit:
    """Return the unit of differences of an outcome in text.

    >>> unit_of("share of runs"), unit_of("students")
    (Unit(factor=100.0, words='percentage points of runs'), Unit(factor=1.0, words='students'))
    """
    if not unit.startswith("share"):
        return Unit(1.0, unit)
    return Unit(100.0, f"percentage points {unit.removeprefix('share').strip()}".strip())


def figure(value: float, unit: Unit = Unit(1.0, ""), signed: bool = True) -> str:
    """Return a number in a unit as text.

    >>> figure(-1234.4) == MINUS + "1,234", figure(0.0124, unit_of("share of runs"), signed=False)
    (True, '1.24')
    """
    return amount(value * unit.factor, signed)


def interval(low: float, high: float, unit: Unit = Unit(1.0, ""), signed: bool = True) -> str:
    """Return the ends of an interval as text.

    >>> interval(1.0, 2.0)
    '+1 to +2'
    """
    return "-" if math.isnan(low) else f"{figure(low, unit, signed)} to {figure(high, unit, signed)}"


def estimated(row: Any, value: str, unit: Unit) -> str:
    """Return a value of a row with its interval in brackets.

    Args:
        row: with the columns low and high
        value: the column of the value
        unit: of the value
    """
    return f"{figure(row[value], unit)} [{interval(row['low'], row['high'], unit)}]"


def unit_suffix(unit: Unit) -> str:
    """Return a unit as a suffix of a name."""
    return f" [{unit.words}]" if unit.words else ""


def baseline_name(record: Mapping[str, Any]) -> str:
    """Return the name of the baseline of a study; results of earlier versions have only one name.

    >>> baseline_name({"baseline": "region/ours.yaml", "called": "ours"}), baseline_name({"baseline": "historical"})
    ('ours', 'historical')
    """
    return str(record.get("called", record["baseline"]))


def uncertainty_sentence(record: Mapping[str, Any], replicates: int = 0) -> str:
    """Return sentences on the uncertainty in the intervals of a study, and on shared parameter sets.

    Args:
        record: of the study
        replicates: number of replicates, if `record` has no pairs

    >>> uncertainty_sentence({"uncertainty": "point"})
    'Intervals cover random variation only; every parameter is at its default.'
    """
    if record["uncertainty"] == "point":
        return "Intervals cover random variation only; every parameter is at its default."
    what, count = ("pairs", int(record["pairs"])) if "pairs" in record else ("replicates", replicates)
    shared = record.get("sharing", shared_sets_text(count, int(record.get("parameter_sets", 0)), what))
    covered = "Intervals cover random variation and the parameter sets of the posterior"
    if "weights" in record:
        covered = f"Intervals cover random variation, parameter sets and models, each model by its weight ({record['weights']})"
    return f"{covered}. {shared}" if shared else f"{covered}: each pair has a set of its own."


def capitalised(words: str) -> str:
    """Return words with a capital letter.

    >>> capitalised("examinees in 2020")
    'Examinees in 2020'
    """
    return words[:1].upper() + words[1:]


def readable_name(name: str) -> str:
    """Return the name of a scenario as words.

    >>> readable_name("no_backbone")
    'no backbone'
    """
    return name.replace("_", " ")


def verb(label: str) -> str:
    """Return the verb of an outcome: is or are.

    >>> verb("examinees in 2020"), verb("doubling")
    ('are', 'is')
    """
    return "are" if label.startswith(PLURAL) else "is"


def measured(row: Any, value: str, unit: Unit, signed: bool = True) -> str:
    """Return a mean with its unit and interval as text."""
    words = f" {unit.words}" if unit.words else ""
    ends = interval(row["low"], row["high"], unit, signed)
    return f"{figure(row[value], unit, signed)}{words} on average (95% interval {ends})"


def few_pairs_note(pairs: int) -> str:
    """Return a warning for few pairs, with a leading space; empty if they are enough."""
    return "" if pairs >= FEW else f" A look, not a result: it rests on {pairs} pairs."
