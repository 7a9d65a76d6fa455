"""Which findings survive another mechanism, in sentences."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.analysis.robustness import HOLDS
from sim.analysis.sweep_grid import AT_DATES
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
    return (f"that {what} {verb(label)} {way} holds under {row['holds']:.0f} of {row['of']:.0f} other mechanisms"
            f"{f'; {less}' if less else ''}.")  # fmt: skip


def overall(findings: pd.DataFrame, mechanisms: int) -> str:
    """Return how many findings hold under every mechanism.

    Args:
        findings: as `sim.analysis.robustness.survivors` returns them
        mechanisms: how many there are besides the model's own
    """
    everywhere = int((findings[HOLDS] == findings["of"]).sum())
    return (f"{everywhere} of {len(findings)} findings hold under every one of {mechanisms} other mechanisms, each at the "
            "parameter sets of the model itself (not fitted anew).")  # fmt: skip
