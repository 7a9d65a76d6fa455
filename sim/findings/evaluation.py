"""Findings of a programme evaluation: how far an evaluator's estimate lies from what the programme did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.clusters import sharing_note
from sim.analysis.evaluation_bias import SYNTHETIC
from sim.analysis.intervals import LEVEL
from sim.errors import counted
from sim.findings.numbers import minus
from sim.findings.tables import in_text

SHOWN = ["method", "runs", "truth", "estimate", "selection", "spillover", "bias", "low", "high", "held", "coverage"]
"""Columns of the table of methods."""

READING = "Low and high: 95% interval of the mean bias. Held: runs whose interval holds their truth."
"""How that table is read."""


def headline(record: Mapping[str, Any], rows: pd.DataFrame) -> str:
    """Return in a line what was evaluated, with how many runs, and against what.

    Args:
        record: of the evaluation: called, programme, against, parameter_sets and, over several models, weights
        rows: of `sim.analysis.evaluation_bias.method_estimates`, with the column seed
    """
    own = "shared parameter sets" if sharing_note(rows) else "their own parameter sets"
    covers = own if record.get("parameter_sets") else "luck only"
    covers = f"{own} of several models; {record['weights']}" if "weights" in record else covers
    return (
        f"{record['called']}, programme: {record['programme']}, "
        f"{counted(rows['seed'].nunique(), 'seed')} ({covers}); truth against {record['against']}"
    )


def sizes_sentence(rows: pd.DataFrame, unit: str) -> str:
    """Return how many schools have the programme, how many do not, and what the figures are."""
    runs = rows.drop_duplicates("seed")
    return (
        f"{runs['schools'].mean():.0f} programme schools and {runs['others'].mean():.0f} others in the mean run; "
        f"means over runs in {unit}"
    )


def methods_in_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the methods, a row each, as text.

    Args:
        table: of `sim.analysis.evaluation_bias.method_errors`
    """
    return in_text(table[SHOWN], "{:.2f}".format)


def sentences(table: pd.DataFrame, unit: str) -> list[str]:
    """Return what evaluators should know: a sentence for each method, and one on why.

    Args:
        table: of `sim.analysis.evaluation_bias.method_errors`
        unit: of the outcome, in words
    """
    of_methods = [_method_sentence(row, unit) for row in table.to_dict("records")]
    row = table[table["method"] == SYNTHETIC].iloc[0]
    part = (
        "which schools have the programme" if abs(row["selection"]) >= abs(row["spillover"]) else "what reached others"
    )
    why = (
        f"Of the error of the {SYNTHETIC}, {_signed(row['selection'])} {unit} are selection (what it finds between the "
    )
    why += (
        f"same schools where there is no programme) and {_signed(row['spillover'])} are spillover (what the programme "
    )
    why += "did to the other schools, through teachers, peers and policy, and to its own before they had it): "
    return [*of_methods, f"{why}mostly {part}."]


def _method_sentence(row: Mapping[Any, Any], unit: str) -> str:
    misled = row["low"] > 0.0 or row["high"] < 0.0
    far = f"misleads by {_signed(row['bias'])}" if misled else f"is off by {_signed(row['bias'])}, which may be luck"
    ends = "" if np.isnan(row["low"]) else f" ({_signed(row['low'])} to {_signed(row['high'])})"
    estimate = f"{row['method'].capitalize()} finds {_signed(row['estimate'])} {unit} where the programme added "
    estimate += (
        f"{_signed(row['truth'])}: it {far}{ends}, and its {LEVEL:.0%} interval holds the truth in {row['held']} of "
    )
    return f"{estimate}{counted(int(row['runs']), 'run')}."


def _signed(value: float) -> str:
    return minus(f"{value:+.2f}")
