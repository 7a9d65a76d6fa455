"""Findings of an attribution as sentences, never stronger than their intervals."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.analysis.shapley import IN, closes, closing_error
from sim.errors import counted
from sim.findings.numbers import Unit, figure, measured


def contribution_sentence(row: Any, label: str, unit: Unit) -> str:
    """Return a sentence on the contribution of one player.

    Args:
        row: of `sim.analysis.shapley.attribution`, of a Shapley value
        label: the outcome in words
        unit: of the outcome
    """
    n, low, high = int(row["n"]), float(row["low"]), float(row["high"])
    if low == high == row["value"] == 0.0:
        return f"changes nothing of {label} in any of {counted(n, 'seed')}."
    if low <= 0.0 <= high:
        return f"a contribution of zero to {label} cannot be excluded; the mean is {measured(row, 'value', unit)}."
    size = {"value": abs(row["value"]), "low": min(abs(low), abs(high)), "high": max(abs(low), abs(high))}
    amount = measured(size, "value", unit, False)
    return f"{f'adds {amount} to' if low > 0 else f'takes {amount} from'} {label}."


def sums_sentence(rows: pd.DataFrame, unit: Unit) -> str:
    """Return a sentence on the sum of the contributions and on their interaction.

    Args:
        rows: of one outcome, of `sim.analysis.shapley.attribution`
        unit: of the outcome
    """
    whole = float(rows.loc[rows["measure"] == "whole", "value"].iloc[0])
    single = float(rows.loc[rows["measure"] == IN, "value"].sum())
    values = (f"The values sum to the whole, {figure(whole, unit)}" if closes(rows)
              else f"The values miss the whole by {closing_error(rows):.2g}")  # fmt: skip
    return (f"{values}. The players alone would add up to {figure(single, unit)}; {figure(whole - single, unit)} is "
            "their interaction.")  # fmt: skip
