"""Findings on robustness as sentences: effects under other mechanisms."""

from __future__ import annotations

from math import isnan
from typing import Any

import pandas as pd

from sim.analysis.robustness import (
    GROWS,
    HOLDS,
    HOLDS_FROM,
    RATIO,
    REVERSES,
    SHRINKS,
    SHRINKS_BELOW,
    UNCLEAR,
    VERDICTS,
    worst_first,
)
from sim.analysis.sweep_grid import AT_DATES
from sim.errors import counted
from sim.findings.numbers import minus, readable_name

OF_THE_MODEL = "% of the model's effect"
"""Unit of a ratio."""

MEANS = (
    "The ratio is the effect under the other mechanism in percent of the model's effect, over the same seeds. A finding "
    f"*{HOLDS}* where the sign is the same and the interval of the ratio begins at {HOLDS_FROM:.0%} or above and does not end "
    f"below {SHRINKS_BELOW:.0%}. It *{SHRINKS}* where the sign is the same and that interval lies below "
    f"{SHRINKS_BELOW:.0%}, or begins below "
    f"{HOLDS_FROM:.0%} and ends below 100%. It *{GROWS}* where that interval lies above {1 / SHRINKS_BELOW:.0%}. It "
    f"*{REVERSES}* where "
    f"the whole interval of the effect lies on the other side of zero. It is *{UNCLEAR}* where the interval of the effect "
    f"contains zero, or that of the ratio reaches from below {HOLDS_FROM:.0%} to 100% or more."
)
"""Meaning of the verdicts."""

_VERBS = {HOLDS: ("holds", "hold"), GROWS: ("grows", "grow"), SHRINKS: ("shrinks", "shrink"),
          REVERSES: ("reverses", "reverse"), UNCLEAR: ("is not told", "are not told")}  # fmt: skip


def percent_text(share: float) -> str:
    """Return a share in percent as text: a whole number from 10%, else two digits.

    >>> percent_text(0.204), percent_text(0.0342), percent_text(-1.5) == "\N{MINUS SIGN}150"
    ('20', '3.4', True)
    """
    value = 100.0 * share
    return minus(f"{value:,.0f}" if abs(value) >= 9.95 or not value else f"{value:.2g}")


def ratio_text(row: Any) -> str:
    """Return a ratio with its interval as text.

    Args:
        row: with columns RATIO

    >>> ratio_text({"ratio": 0.2, "ratio_low": 0.12, "ratio_high": 0.3})
    '20% (12 to 30%)'
    """
    mean, low, high = (float(row[name]) for name in RATIO[:3])
    if isnan(mean) or isnan(low):
        return "the ratio is not known"
    return f"{percent_text(mean)}% ({percent_text(low)} to {percent_text(high)}%)"


def verdict_text(row: Any) -> str:
    """Return the verdict on a finding under a mechanism as text, with the ratio.

    Args:
        row: of `sim.analysis.robustness.robustness_table`
    """
    verdict, where, ratio = str(row["verdict"]), readable_name(str(row["mechanism"])), ratio_text(row)
    if verdict in (SHRINKS, GROWS):
        return f"{_VERBS[verdict][0]} to {ratio} under {where}"
    return f"{_VERBS[verdict][0]} under {where}: {ratio}"


def robustness_sentence(own: Any, rivals: pd.DataFrame, label: str) -> str:
    """Return a sentence on the robustness of a finding, beginning with the worst verdict.

    Args:
        own: the row of the model
        rivals: the rows of the same finding under other mechanisms, of `sim.analysis.robustness.robustness_table`
        label: the outcome in words
    """
    rows = worst_first(rivals)
    weakened = rows[rows["verdict"] != HOLDS]
    way = "higher" if own["difference"] > 0 else "lower"
    begins = f"its effect on {label} {AT_DATES[own['dates']]}".rstrip() + f" ({way})"
    others = counted(len(rows), "other mechanism")
    if weakened.empty:
        everywhere = {1: "the other mechanism", 2: "both other mechanisms"}.get(len(rows), f"all {others}")
        least = f"{ratio_text(rows.iloc[0])} under {readable_name(str(rows['mechanism'].iloc[0]))}"
        return f"{begins} holds under {everywhere}, at worst with {least}."
    worst, *further = (verdict_text(row) for _, row in weakened.iterrows())
    holds = f"it holds under {len(rows) - len(weakened) or 'none'} of {others}"
    no_reversal = [] if REVERSES in set(weakened["verdict"]) else ["it reverses under none"]
    return f"{begins}, at worst, {'; '.join([worst, *further, holds, *no_reversal])}."


def overall_sentence(findings: pd.DataFrame, mechanisms: int) -> str:
    """Return a sentence on the number of findings that hold under every mechanism, and on the others.

    Args:
        findings: of `sim.analysis.robustness.findings_with_worst`
        mechanisms: number of other mechanisms

    >>> overall_sentence(pd.DataFrame({"worst": [SHRINKS]}), 1)
    'The only finding shrinks under the other mechanism, at the parameter sets of the model itself (not refitted).'
    """
    at = "at the parameter sets of the model itself (not refitted)"
    each = f"each of {mechanisms} other mechanisms" if mechanisms > 1 else "the other mechanism"
    if findings.empty:
        return "The model itself has no finding that another mechanism could support or contradict."
    counts = {verdict: int((findings["worst"] == verdict).sum()) for verdict in VERDICTS}
    if len(findings) == 1:
        worst = str(findings["worst"].iloc[0])
        where = each if worst == HOLDS or mechanisms == 1 else f"at least one of {mechanisms} other mechanisms"
        return f"The only finding {_VERBS[worst][0]} under {where}, {at}."
    holds = counts.pop(HOLDS)
    others = ", ".join(f"{n} {_VERBS[verdict][n > 1]}" for verdict, n in counts.items() if n)
    rest = f" By the worst verdict on each, {others}." if others else ""
    return f"{holds or 'None'} of {len(findings)} findings {_VERBS[HOLDS][holds != 1]} under {each}, {at}.{rest}"
