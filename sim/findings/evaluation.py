"""Findings of a programme evaluation: bias of an evaluator's estimate."""

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

READING = "Low and high: 95% interval of the mean bias. Held: runs whose interval contains the truth."
"""Note of the table of methods."""


def headline(record: Mapping[str, Any], rows: pd.DataFrame) -> str:
    """Return a line on what was evaluated, the number of runs, and the comparison.

    Args:
        record: of the evaluation: called, programme, against, parameter_sets and, over several models, weights
        rows: of `sim.analysis.evaluation_bias.method_estimates`, with the column seed
    """
    sets = "shared parameter sets" if sharing_note(rows) else "their own parameter sets"
    covers = sets if record.get("parameter_sets") else "random variation only"
    covers = f"{sets} of several models; {record['weights']}" if "weights" in record else covers
    return (
        f"{record['called']}, programme: {record['programme']}, "
        f"{counted(rows['seed'].nunique(), 'seed')} ({covers}); truth against {record['against']}"
    )


def sizes_sentence(rows: pd.DataFrame, unit: str) -> str:
    """Return a line on the numbers of schools with and without the programme, and the unit."""
    runs = rows.drop_duplicates("seed")
    return (
        f"{runs['schools'].mean():.0f} programme schools and {runs['others'].mean():.0f} others in the mean run; "
        f"means over runs in {unit}"
    )


def methods_in_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return the methods as a table of text.

    Args:
        table: of `sim.analysis.evaluation_bias.method_errors`
    """
    return in_text(table[SHOWN], "{:.2f}".format)


def sentences(table: pd.DataFrame, unit: str) -> list[str]:
    """Return a sentence for each method, and one on the sources of error.

    Args:
        table: of `sim.analysis.evaluation_bias.method_errors`
        unit: of the outcome, in words
    """
    method_sentences = [_method_sentence(row, unit) for row in table.to_dict("records")]
    row = table[table["method"] == SYNTHETIC].iloc[0]
    part = "which schools have the programme" if abs(row["selection"]) >= abs(row["spillover"]) else "effects on others"
    why = f"Of the error of the {SYNTHETIC}, {_signed(row['selection'])} {unit} are selection (its estimate for the "
    why += f"same schools without the programme) and {_signed(row['spillover'])} are spillover (the effect of the "
    why += "programme on the other schools, through teachers, peers and policy, and on its own before they had it): "
    return [*method_sentences, f"{why}mostly {part}."]


def _method_sentence(row: Mapping[Any, Any], unit: str) -> str:
    biased = row["low"] > 0.0 or row["high"] < 0.0
    bias = f"has a bias of {_signed(row['bias'])}" + ("" if biased else ", which may be chance")
    ends = "" if np.isnan(row["low"]) else f" ({_signed(row['low'])} to {_signed(row['high'])})"
    estimate = f"{row['method'].capitalize()} estimates {_signed(row['estimate'])} {unit} where the programme added "
    estimate += (
        f"{_signed(row['truth'])}: it {bias}{ends}. Its {LEVEL:.0%} interval contains the truth in {row['held']} of "
    )
    return f"{estimate}{counted(int(row['runs']), 'run')}."


def _signed(value: float) -> str:
    return minus(f"{value:+.2f}")
