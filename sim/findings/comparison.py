"""What a paired comparison says, in sentences that are never stronger than their intervals."""

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
    few_pairs_note,
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
    """What one difference between an arm and its baseline says of the arm.

    Args:
        row: of `sim.analysis.paired_differences.differences`
        label: the outcome in words
    """
    found, unit = Estimate(row["difference"], row["low"], row["high"], int(row["n"])), unit_of(str(row["unit"]))
    at, base = AT_DATES[row["dates"]], readable_name(str(row["baseline"]))
    begins, what = f"{at}, " if at else "", f"{label} {verb(label)}"
    if found.n < 2 or math.isnan(found.low):
        pairs = f"{counted(found.n, 'pair')} of runs {'has' if found.n == 1 else 'have'}"
        return f"{begins}nothing can be said of {label}; {pairs} a value of it."
    if found.low == found.high == 0.0:
        return f"{begins}{what} the same as in {base} in all {found.n} pairs.{few_pairs_note(found.n)}"
    if not found.sign:
        return (f"{begins}no effect on {label} cannot be excluded; the mean difference from {base} is "
                f"{measured(row, 'difference', unit)}, which includes zero.{few_pairs_note(found.n)}")  # fmt: skip
    size = {"difference": abs(found.mean), "low": min(abs(found.low), abs(found.high)),
            "high": max(abs(found.low), abs(found.high))}  # fmt: skip
    way = "higher" if found.sign > 0 else "lower"
    return (
        f"{begins}{what} {way} than in {base} by {measured(size, 'difference', unit, False)}.{few_pairs_note(found.n)}"
    )


def part_text(row: Any, unit: Unit) -> str:
    """One part of an effect, no stronger than its own interval.

    Args:
        row: of `sim.analysis.paired_differences.effect_parts`
        unit: in which it is told
    """
    if row["low"] == row["high"] == row["effect"] == 0.0:
        return f"nothing {row['part']}"
    none = "; none cannot be excluded" if row["low"] <= 0.0 <= row["high"] else ""
    return f"{figure(row['effect'], unit)} {row['part']} (95% interval {interval(row['low'], row['high'], unit)}{none})"


def parts_sentence(parts: pd.DataFrame, label: str, unit: Unit) -> str:
    """Return by which way an arm's effect comes, each part by its own interval.

    Args:
        parts: rows of one arm, as `sim.analysis.paired_differences.effect_parts` returns them
        label: the outcome in words
        unit: in which it is written
    """
    rows: dict[str, Any] = {str(row["part"]): row for _, row in parts.iterrows()}
    words = f" {unit.words}" if unit.words else ""
    whole = f"of {figure(rows[TOTAL]['effect'], unit)}{words} in {label}"
    if THROUGH_STRENGTH not in rows:
        return f"{whole}, nothing is known of its parts: there is no run with the dates held."
    ways = [part_text(rows[name], unit) for name in (THROUGH_DATES, THROUGH_STRENGTH)]
    return f"{whole}: {ways[0]} and {ways[1]}."


def precision_reached(outcome: str, goal: str, pairs: int) -> str:
    """Return how many pairs an asked precision took.

    Args:
        outcome: of which it was asked
        goal: how far an interval may reach to either side, with its unit
        pairs: that it took
    """
    return (f"It took {pairs} pairs until every interval of {outcome} reached {goal} at most to either side. "
            "Stopping when they are narrow leaves intervals a little too narrow.")  # fmt: skip


def precision_missed(goal: str, pairs: int, widest: str, more: int | None) -> str:
    """Return how far intervals are from an asked precision.

    Args:
        goal: how far an interval may reach to either side, with its unit
        pairs: of runs that there are
        widest: the arm with the widest interval, and how far that reaches
        more: pairs that it would take; None where pairs share parameter sets, so that more of them help little
    """
    missed = f"The precision of {goal} was not reached with {pairs} pairs, the most allowed (`seeds`): {widest}"
    if more is None:
        return f"{missed}. More pairs of the same sets help little: use a posterior with more sets."
    return f"{missed}, and would take about {more:,} pairs."


def precision_not_judged(goal: str, least: int, pairs: int) -> str:
    """Return that there are too few pairs to judge an asked precision.

    Args:
        goal: how far an interval may reach to either side, with its unit
        least: pairs from which on it is judged
        pairs: that an arm has
    """
    return f"The precision of {goal} is judged from {least} pairs on; an arm has {pairs}."


def runs_saved_text(row: Any) -> str:
    """How many times fewer runs than without pairs, or why that has no number.

    Args:
        row: of `sim.analysis.paired_differences.differences`
    """
    if math.isnan(row["saved"]):
        return "nothing varies" if row["n"] > 1 else "-"
    if math.isinf(row["saved"]):
        return "all (every pair differs by the same)"
    alone = " (one of the two does not vary)" if math.isnan(row["correlation"]) else ""
    times = f"{row['saved']:.3g}" if row["saved"] < 100 else f"{row['saved']:,.0f}"
    return f"{times} x{alone}"


def share_better_text(row: Any) -> str:
    """In what share of pairs the arm is better, with its interval."""
    if math.isnan(row["better"]):
        return "-"
    same = f", {row['same']:.0%} the same" if row["same"] else ""
    return f"{row['better']:.0%} [{row['better_low']:.0%}, {row['better_high']:.0%}]{same}"


def overview(table: pd.DataFrame) -> str:
    """Return the arms beside each other in one outcome, as text, one row per arm and kind of dates."""
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
