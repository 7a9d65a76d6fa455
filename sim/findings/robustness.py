"""Which findings survive another mechanism, in sentences."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.analysis.robustness import HOLDS
from sim.analysis.sweep_grid import AT_DATES
from sim.errors import counted
from sim.findings.numbers import verb


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
    return (f"that {what} {verb(label)} {way} holds under {row['holds']:.0f} of {counted(int(row['of']), 'other mechanism')}"
            f"{f'; {less}' if less else ''}.")  # fmt: skip


def overall(findings: pd.DataFrame, mechanisms: int) -> str:
    """Return how many findings hold under every mechanism.

    Args:
        findings: as `sim.analysis.robustness.survivors` returns them
        mechanisms: how many there are besides the model's own

    >>> overall(pd.DataFrame({HOLDS: [0], "of": [1]}), 1)
    'The only finding does not hold under the other mechanism, at the parameter sets of the model itself (not fitted anew).'
    """
    everywhere, at = (
        int((findings[HOLDS] == findings["of"]).sum()),
        "at the parameter sets of the model itself (not fitted anew)",
    )
    under = f"each of {mechanisms} other mechanisms" if mechanisms > 1 else "the other mechanism"
    if findings.empty:
        return "The model itself has no finding that another mechanism could support or contradict."
    if len(findings) == 1:
        return f"The only finding {'holds' if everywhere else 'does not hold'} under {under}, {at}."
    verb_of = "holds" if everywhere == 1 else "hold"
    return f"{everywhere or 'None'} of {len(findings)} findings {verb_of} under {under}, {at}."
