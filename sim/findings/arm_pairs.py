"""Arms of a comparison against one another in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from sim.analysis.effects import Estimate
from sim.errors import counted
from sim.findings.numbers import Unit, estimated, figure, readable_name
from sim.findings.sizes import size_verdict

READING = (
    "Two arms are told apart if the whole 95% interval of their difference, over the same pairs, lies on one side of zero. "
    "Each interval stands for itself: among many comparisons, about one in twenty of those without a difference is told "
    "apart by chance."
)
"""Explanation of the comparison of arms with one another."""


def arms_in_text(pairs: pd.DataFrame, means: pd.Series[float], baseline: str, unit: Unit) -> pd.DataFrame:
    """Return for each arm its mean, the size of its difference from the baseline, and the arms it is told apart from.

    Args:
        pairs: of `sim.analysis.arm_pairs.arm_pairs`, the baseline among the arms
        means: of the arms, the highest first [unit of the outcome]
        baseline: name of the baseline
        unit: of the outcome
    """
    rows = []
    for arm in means.index:
        of_arm = pairs[pairs["arm"] == arm]
        signs = {str(row["baseline"]): _sign(row) for _, row in of_arm.iterrows()}
        from_baseline = [row for _, row in of_arm.iterrows() if row["baseline"] == baseline]
        size = size_verdict(from_baseline[0], float(means[baseline])) if from_baseline else "(the baseline)"
        rows.append(
            {
                "arm": readable_name(str(arm)),
                "mean": figure(float(means[arm]), unit, False),
                "size of its difference": size or "-",
                "higher than": _names(signs, 1, means.index),
                "lower than": _names(signs, -1, means.index),
                "not told apart from": _names(signs, 0, means.index),
            }
        )
    return pd.DataFrame(rows)


def _sign(row: Any) -> int:
    return Estimate(row["difference"], row["low"], row["high"], int(row["n"])).sign


def _names(signs: dict[str, int], sign: int, order: Iterable[Any]) -> str:
    """Return the arms with a sign in words."""
    return ", ".join(readable_name(str(arm)) for arm in order if signs.get(str(arm)) == sign) or "none"


def apart_sentence(pairs: pd.DataFrame) -> str:
    """Return a sentence on how many pairs of arms are told apart.

    Args:
        pairs: of `sim.analysis.arm_pairs.arm_pairs`

    >>> apart_sentence(pd.DataFrame({"difference": [1.0, -1.0], "low": [0.5, -2.0], "high": [2.0, -0.5], "n": [9, 9]}))
    'Of 1 comparison of two arms, 1 is told apart.'
    """
    apart = sum(abs(_sign(row)) for _, row in pairs.iterrows()) // 2
    verb = "are" if apart > 1 else "is"
    return f"Of {counted(len(pairs) // 2, 'comparison')} of two arms, {apart or 'none'} {verb} told apart."


def differences_in_text(pairs: pd.DataFrame, order: Sequence[str], unit: Unit) -> pd.DataFrame:
    """Return all differences between arms as a table of text: row minus column, with 95% intervals.

    Args:
        pairs: of `sim.analysis.arm_pairs.arm_pairs`
        order: arms, the highest first
        unit: of the outcome
    """
    cells = {(str(r["arm"]), str(r["baseline"])): estimated(r, "difference", unit) for _, r in pairs.iterrows()}
    names = {arm: readable_name(str(arm)) for arm in order}
    rows = [
        {"arm": names[row]}
        | {names[other]: cells.get((row, other), "") if k >= place else "" for k, other in enumerate(order[1:])}
        for place, row in enumerate(order[:-1])
    ]
    return pd.DataFrame(rows)
