"""Verdicts on the size of a difference, in words that its whole interval supports."""

from __future__ import annotations

import math
from typing import Any

BOUNDS = ((0.01, "negligible"), (0.05, "small"), (0.2, "medium"), (math.inf, "large"))
"""Upper bound of each size, as a share of the baseline's mean [ratio]; chosen."""

RULE = (
    "A size compares a difference with the mean of the baseline. Up to 1% of it is negligible, up to 5% small, up to 20% "
    "medium, and more is large. For a share of runs the same bounds are percentage points. The bounds are a convention of "
    "this report. A word is used only if the whole 95% interval supports it."
)
"""Rule of the verdicts."""


def size_words(share: float) -> str:
    """Return the size of a difference in words.

    Args:
        share: of the baseline's mean, without sign [ratio]

    >>> size_words(0.004), size_words(0.12), size_words(0.5)
    ('negligible', 'medium', 'large')
    """
    return next(words for bound, words in BOUNDS if share <= bound)


def size_verdict(row: Any, level: float) -> str:
    """Return the verdict on the size of a difference; empty if it has no interval or the baseline no mean.

    Args:
        row: low, high [unit of the outcome] and unit
        level: mean of the baseline [unit of the outcome]

    >>> size_verdict({"low": 300.0, "high": 1500.0, "unit": "students"}, 10000.0)
    'small to medium'
    >>> size_verdict({"low": -200.0, "high": 300.0, "unit": "students"}, 10000.0)
    'at most small; its direction is open'
    >>> size_verdict({"low": 0.25, "high": 0.4, "unit": "share of runs"}, 0.5)
    'large'
    """
    unit = str(row["unit"])
    scale = 1.0 if unit == "share of runs" else abs(level)
    if unit == "months" or math.isnan(row["low"]) or not scale > 0.0:
        return ""
    ends = sorted((abs(row["low"]) / scale, abs(row["high"]) / scale))
    if row["low"] == row["high"] == 0.0:
        return "none"
    if row["low"] <= 0.0 <= row["high"]:
        most = size_words(ends[1])
        return "open: none to large" if most == "large" else f"at most {most}; its direction is open"
    near, far = map(size_words, ends)
    return near if near == far else f"{near} to {far}"
