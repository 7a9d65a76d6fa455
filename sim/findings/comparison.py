"""What a paired comparison says, in sentences that are never stronger than their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from sim.analysis.effects import THROUGH_DATES, THROUGH_STRENGTH, TOTAL, Estimate
from sim.analysis.paired_differences import estimate_of
from sim.analysis.sweep_grid import AT_DATES, DATES, EMERGENT


def amount(value: float, signed: bool = True) -> str:
    """A number as a sentence has it: whole from 100 on, else three digits.

    >>> amount(-1234.4), amount(0.01234), amount(0.0), amount(12.34, signed=False)
    ('-1,234', '+0.0123', '0', '12.3')
    """
    if math.isnan(value):
        return "-"
    sign = "+" if signed and value else ""
    return f"{value:{sign},.0f}" if abs(value) >= 99.95 or not value else f"{value:{sign}.3g}"


def ranged(found: Estimate) -> str:
    """An estimate with its interval.

    >>> ranged(Estimate(-120.0, -400.0, 160.0, 30))
    '-120 [-400, +160]'
    """
    if math.isnan(found.mean):
        return "-"
    ends = "no interval" if math.isnan(found.low) else f"{amount(found.low)}, {amount(found.high)}"
    return f"{amount(found.mean)} [{ends}]"


def finding(row: Any) -> str:
    """What one difference says: a direction only where the whole interval lies on one side of zero.

    Args:
        row: of `sim.analysis.paired_differences.differences`
    """
    found, unit = estimate_of(row), f" {row['unit']}".rstrip()
    what = f"{row['outcome']} {AT_DATES[row['dates']]}".rstrip()
    if found.n < 2:
        return f"nothing can be said of {row['arm']} and {what}: {found.n} pairs of runs have a value of it."
    if found.low == found.high == 0.0:
        return f"{row['arm']}: {what} is the same as in {row['baseline']} in all {found.n} pairs."
    if not found.sign:
        return f"no effect of {row['arm']} on {what} cannot be excluded: {ranged(found)}{unit}."
    way = "higher" if found.sign > 0 else "lower"
    least, most = sorted((abs(found.low), abs(found.high)))
    reach = f"{amount(least, False)} to {amount(most, False)}"
    size = f"{amount(abs(found.mean), False)} [{reach}]{unit}"
    return f"{row['arm']}: {what} is {way} by {size} on average than in {row['baseline']}."


def split(rows: pd.DataFrame) -> str:
    """What the parts of an arm's effect say, each by its own interval.

    Args:
        rows: of one arm, as `sim.analysis.paired_differences.parts` gives them
    """
    arm, outcome = str(rows["arm"].iloc[0]), str(rows["outcome"].iloc[0])
    found = {str(row["part"]): Estimate(row["effect"], row["low"], row["high"], row["n"]) for _, row in rows.iterrows()}
    if THROUGH_STRENGTH not in found:
        return f"{arm}: {ranged(found[TOTAL])} in {outcome} is not split, for want of a run with the dates held."
    said = [f"{part} {ranged(found[part])}{_open(found[part])}" for part in (THROUGH_DATES, THROUGH_STRENGTH)]
    return f"{arm}: of {ranged(found[TOTAL])} in {outcome}, {said[0]}; {said[1]}."


def _open(found: Estimate) -> str:
    if found.low == found.high == 0.0:
        return " (none in any pair)"
    return "" if found.sign else " (none cannot be excluded)"


def runs_saved(row: Any) -> str:
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


def surely(row: Any) -> str:
    """In what share of pairs the arm is better, with its interval."""
    if math.isnan(row["better"]):
        return "-"
    same = f", {row['same']:.0%} the same" if row["same"] else ""
    return f"{row['better']:.0%} [{row['better_low']:.0%}, {row['better_high']:.0%}]{same}"


def overview(table: pd.DataFrame) -> str:
    """The arms beside each other in one outcome, as text, a row an arm and kind of dates."""
    rows = [
        {
            "arm": row["arm"],
            "dates": DATES[row["dates"]],
            "difference": ranged(estimate_of(row)),
            "correlation": "-" if math.isnan(row["correlation"]) else f"{row['correlation']:.2f}",
            "runs saved": runs_saved(row),
            "better": surely(row),
            "by month": "-" if math.isnan(row["by_month"]) else f"{row['by_month']:.0%}",
            "pairs": row["n"],
        }
        for _, row in table.iterrows()
    ]
    return pd.DataFrame(rows).to_string(index=False)


def by_outcome(table: pd.DataFrame, arm: str, outcomes: Sequence[str]) -> str:
    """One arm in some outcomes, as text: a row an outcome, with the dates free and held; none where it differs in none."""
    rows = []
    for outcome in outcomes:
        kinds = {
            row["dates"]: row for _, row in table[(table["arm"] == arm) & (table["outcome"] == outcome)].iterrows()
        }
        free = kinds[EMERGENT]
        held = next((row for dates, row in kinds.items() if dates != EMERGENT), None)
        about = {"outcome": outcome, "unit": free["unit"], "dates free": ranged(estimate_of(free))}
        about |= {} if held is None else {f"dates {DATES[held['dates']]}": ranged(estimate_of(held))}
        rows.append(about | {"better, free": surely(free), "pairs": f"{free['n']} of {free['pairs']}"})
    return pd.DataFrame(rows).to_string(index=False)
