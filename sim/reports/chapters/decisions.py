"""The chapter of reasons: why those who decide in one run did what they did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.findings.numbers import figure
from sim.reports.blocks import Chapter, Folded, Prose, Rows

LAST = 6
"""Rows of a table of reasons that are shown: the last before the decision."""


@dataclass(frozen=True)
class Reason:
    """One question of why.

    Args:
        asks: the question in words
        says: the answer in words
        terms: its figures, a row a month, year or candidate; empty where there are none
        row: place in `terms` of the row that the answer rests on, where it may not be among the last
    """

    asks: str
    says: str
    terms: pd.DataFrame
    row: int | None = None


def reasons(told: Sequence[Reason], about: str) -> Chapter:
    """Return the chapter.

    Args:
        told: the questions, in order
        about: which runs they are asked of, in words
    """
    blocks: list[Any] = [Prose(f"{about} {HOW}")]
    for reason in told:
        blocks.append(Prose(f"**{reason.asks}** {reason.says}"))
        if len(reason.terms):
            blocks.append(Folded("The figures behind it", [figures(reason)]))
    return Chapter("reasons", "Why they decided so, in one run", blocks)


def figures(reason: Reason) -> Rows:
    """Return the last rows of the figures behind an answer; before them the row that it rests on, where it is an earlier one."""
    terms = reason.terms
    last, more = terms.tail(LAST), ""
    earlier = [] if reason.row is None or reason.row >= len(terms) - len(last) else [reason.row]
    shown = pd.concat([terms.iloc[earlier], last]) if earlier else last
    if len(shown) < len(terms):
        more = f", {'the row of the answer, then ' if earlier else ''}the last {len(last)} of {len(terms)} rows"
    return Rows(f"The figures behind it{more}", [str(name) for name in shown], cells(shown))


def cells(table: pd.DataFrame) -> list[list[str]]:
    """Return a table as text."""
    return [[cell(value) for value in row] for row in table.itertuples(index=False)]


def cell(value: Any) -> str:
    """Return a value as text.

    >>> cell(True), cell("2014-06"), cell(0.18384), cell(float("nan"))
    ('yes', '2014-06', '0.184', '-')
    """
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    return figure(float(value), signed=False) if isinstance(value, float) else str(value)


HOW = (
    "Reasons add up on the logit scale: +1 makes a decision about e = 2.7 times likelier, if it was unlikely; "
    "\N{MINUS SIGN}3 is the least that a reason can be. A decision comes where its draw of luck lies below its chance. "
    "One run is an example and no evidence: other seeds decide in other months."
)
"""How reasons are read."""
