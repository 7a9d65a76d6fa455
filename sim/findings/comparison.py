"""Findings of a paired comparison as sentences, never stronger than their intervals."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from sim.analysis.effects import THROUGH_DATES, THROUGH_STRENGTH, TOTAL, Estimate
from sim.analysis.paired_differences import estimate_of
from sim.analysis.sweep_grid import AT_DATES, DATES
from sim.errors import counted
from sim.findings.numbers import (
    Unit,
    figure,
    interval,
    measured,
    minus,
    readable_name,
    unit_of,
    verb,
    with_interval,
)


def difference_sentence(row: Any, label: str) -> str:
    """Return a sentence on a difference between an arm and its baseline.

    Args:
        row: of `sim.analysis.paired_differences.differences`
        label: the outcome in words
    """
    estimated, unit = Estimate(row["difference"], row["low"], row["high"], int(row["n"])), unit_of(str(row["unit"]))
    at, base = AT_DATES[row["dates"]], readable_name(str(row["baseline"]))
    begins, what = f"{at}, " if at else "", f"{label} {verb(label)}"
    if estimated.n < 2 or math.isnan(estimated.low):
        pairs = f"{counted(estimated.n, 'pair')} of runs {'has' if estimated.n == 1 else 'have'}"
        return f"{begins}nothing is known about {label}; {pairs} a value of it."
    if estimated.low == estimated.high == 0.0:
        return f"{begins}{what} the same as in {base} in all {estimated.n} pairs."
    if not estimated.sign:
        return (f"{begins}an effect of zero on {label} cannot be excluded; the mean difference from {base} is "
                f"{measured(row, 'difference', unit)}, which includes zero.")  # fmt: skip
    size = {"difference": abs(estimated.mean), "low": min(abs(estimated.low), abs(estimated.high)),
            "high": max(abs(estimated.low), abs(estimated.high))}  # fmt: skip
    way = "higher" if estimated.sign > 0 else "lower"
    return f"{begins}{what} {way} than in {base} by {measured(size, 'difference', unit, False)}."


def part_text(row: Any, unit: Unit) -> str:
    """Return a clause on one part of an effect, no stronger than its interval.

    Args:
        row: of `sim.analysis.paired_differences.effect_parts`
        unit: of the outcome
    """
    if row["low"] == row["high"] == row["effect"] == 0.0:
        return f"nothing {row['part']}"
    caveat = "; zero cannot be excluded" if row["low"] <= 0.0 <= row["high"] else ""
    return (
        f"{figure(row['effect'], unit)} {row['part']} (95% interval {interval(row['low'], row['high'], unit)}{caveat})"
    )


def parts_sentence(parts: pd.DataFrame, label: str, unit: Unit) -> str:
    """Return a sentence on the parts of an arm's effect, each no stronger than its interval.

    Args:
        parts: rows of one arm, of `sim.analysis.paired_differences.effect_parts`
        label: the outcome in words
        unit: of the outcome
    """
    rows: dict[str, Any] = {str(row["part"]): row for _, row in parts.iterrows()}
    words = f" {unit.words}" if unit.words else ""
    whole = f"of {figure(rows[TOTAL]['effect'], unit)}{words} in {label}"
    if THROUGH_STRENGTH not in rows:
        return f"{whole}, the parts are not known, since no run has the dates held."
    texts = [part_text(rows[name], unit) for name in (THROUGH_DATES, THROUGH_STRENGTH)]
    return f"{whole}: {texts[0]} and {texts[1]}."


def precision_reached(outcome: str, goal: str, pairs: int) -> str:
    """Return sentences on the number of pairs that a precision took.

    Args:
        outcome: of the precision
        goal: largest half-width of an interval, with its unit
        pairs: number that it took
    """
    return (f"After {pairs} pairs every interval of {outcome} had a half-width of at most {goal}. "
            "Intervals are a little too narrow because the number of pairs depends on them.")  # fmt: skip


def precision_missed(goal: str, pairs: int, widest: str, more: int | None) -> str:
    """Return a sentence on a precision that was not reached.

    Args:
        goal: largest half-width of an interval, with its unit
        pairs: number of pairs of runs
        widest: the arm with the widest interval, and its half-width
        more: number of pairs needed; None if pairs share parameter sets, so that more pairs help little
    """
    missed = f"The precision of {goal} was not reached with {pairs} pairs, the most allowed (`seeds`): {widest}"
    if more is None:
        return f"{missed}. More pairs of the same sets help little: use a posterior with more sets."
    return f"{missed}, and would take about {more:,} pairs."


def precision_not_judged(goal: str, least: int, pairs: int) -> str:
    """Return the sentence for too few pairs to judge a precision.

    Args:
        goal: largest half-width of an interval, with its unit
        least: number of pairs needed to judge it
        pairs: number of pairs of an arm
    """
    return f"The precision of {goal} is judged only from {least} pairs; an arm has {pairs}."


def runs_saved_text(row: Any) -> str:
    """Return the factor of runs that pairing saves as text, or the reason why there is none.

    Args:
        row: of `sim.analysis.paired_differences.differences`
    """
    if math.isnan(row["saved"]):
        return "nothing varies" if row["n"] > 1 else "-"
    if math.isinf(row["saved"]):
        return "all (every pair differs by the same)"
    note = " (one of the two does not vary)" if math.isnan(row["correlation"]) else ""
    times = f"{row['saved']:.3g}" if row["saved"] < 100 else f"{row['saved']:,.0f}"
    return f"{times} x{note}"


def share_better_text(row: Any) -> str:
    """Return the share of pairs in which the arm is better, with its interval, as text."""
    if math.isnan(row["better"]):
        return "-"
    same = f", {row['same']:.0%} the same" if row["same"] else ""
    return f"{row['better']:.0%} [{row['better_low']:.0%}, {row['better_high']:.0%}]{same}"


def overview(table: pd.DataFrame) -> str:
    """Return the differences of arms in one outcome as text, one row per arm and kind of dates."""
    rows = [
        {
            "arm": row["arm"],
            "dates": DATES[row["dates"]],
            "difference": with_interval(estimate_of(row)),
            "correlation": "-" if math.isnan(row["correlation"]) else minus(f"{row['correlation']:.2f}"),
            "runs saved": runs_saved_text(row),
            "better": share_better_text(row),
            "by month": "-" if math.isnan(row["by_month"]) else f"{row['by_month']:.0%}",
            "pairs": row["n"],
        }
        for _, row in table.iterrows()
    ]
    return pd.DataFrame(rows).to_string(index=False)
