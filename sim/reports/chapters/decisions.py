"""The chapter of reasons: explanations of decisions in one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.findings.numbers import figure
from sim.reports.blocks import Chapter, Folded, Prose, Rows

LAST = 6
"""Number of rows of a table of reasons that are shown: the last before the decision."""


@dataclass(frozen=True)
class Reason:
    """A question about a decision, with its answer.

    Args:
        asks: the question in words
        says: the answer in words
        terms: figures behind the answer, a row for each month, year or candidate; may be empty
        row: place in `terms` of the row that supports the answer, if it may not be among the last
    """

    asks: str
    says: str
    terms: pd.DataFrame
    row: int | None = None


def reasons(questions: Sequence[Reason], about: str) -> Chapter:
    """Return the chapter.

    Args:
        questions: in order
        about: the runs in question, in words
    """
    blocks: list[Any] = [Prose(f"{about} {EXPLANATION}")]
    for reason in questions:
        blocks.append(Prose(f"**{reason.asks}** {reason.says}"))
        if len(reason.terms):
            blocks.append(Folded("The figures behind it", [figures_table(reason)]))
    return Chapter("reasons", "Reasons for decisions, in one run", blocks)


def figures_table(reason: Reason) -> Rows:
    """Return the last rows of the figures behind an answer, after the row that supports it if that is an earlier one."""
    terms = reason.terms
    last, note = terms.tail(LAST), ""
    earlier = [] if reason.row is None or reason.row >= len(terms) - len(last) else [reason.row]
    table = pd.concat([terms.iloc[earlier], last]) if earlier else last
    if len(table) < len(terms):
        note = f", {'the row of the answer, then ' if earlier else ''}the last {len(last)} of {len(terms)} rows"
    return Rows(f"The figures behind it{note}", [str(name) for name in table], cell_texts(table))


def cell_texts(table: pd.DataFrame) -> list[list[str]]:
    """Return the cells of a table as text."""
    return [[cell_text(value) for value in row] for row in table.itertuples(index=False)]


def cell_text(value: Any) -> str:
    """Return a value as text.

    >>> cell_text(True), cell_text("2014-06"), cell_text(0.18384), cell_text(float("nan"))
    ('yes', '2014-06', '0.184', '-')
    """
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    return figure(float(value), signed=False) if isinstance(value, float) else str(value)


EXPLANATION = (
    "Reasons add up on the logit scale: +1 makes a decision about e = 2.7 times likelier, if it was unlikely; "
    "\N{MINUS SIGN}3 is the least that a reason can be. A decision is taken if its random draw lies below its probability. "
    "One run is an example, not evidence: other seeds decide in other months."
)
"""Explanation of reasons."""
