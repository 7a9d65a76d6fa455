"""The text of a comparison that its program prints: the first outcome in full, of the others only the headline outcomes."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.analysis.sweep_grid import EMERGENT
from sim.findings.numbers import Unit, baseline_name, figure, readable_name, unit_of
from sim.labels import words_of
from sim.reports.blocks import Block, Chapter, Folded, Prose, Rows
from sim.reports.chapters.comparison import KINDS, ComparisonStudy, chapter, main_rows
from sim.reports.text import text

LEAST = 0.0005
"""Numbers nearer to zero than this are written as 0.000 [unit of the text]."""

HEADER = ["outcome", "difference", "95% interval", "unit", "pairs"]
"""Columns of a table of headline outcomes."""

REST = (
    "The tables show the headline outcomes with the dates free. compare.txt has every outcome, year and group, also with the "
    "dates held; differences.csv has them as numbers."
)
"""Where the other differences are."""


def printed_comparison(study: ComparisonStudy) -> str:
    """Return a comparison as text for a terminal.

    Args:
        study: the comparison
    """
    base = baseline_name(study.record)
    whole = chapter(study, f"Arms against {readable_name(base)}")
    blocks = [block for block in whole.blocks if not isinstance(block, Folded)]
    errors = [block for block in whole.blocks if isinstance(block, Folded) and block.title.startswith("Errors")]
    tables = headline_tables(study)
    rest: list[Block] = [*tables, Prose(REST)] if tables else []
    return text(Chapter(whole.key, whole.title, [*blocks, *rest, *errors]))


def headline_tables(study: ComparisonStudy) -> list[Rows]:
    """Return a table for each arm: its headline outcomes but for the first, which is described in full.

    Args:
        study: the comparison
    """
    table, base = study.table, readable_name(baseline_name(study.record))
    chosen = (table["by"] == KINDS[0]) & (table["dates"] == EMERGENT) & ~table.index.isin(main_rows(study).index)
    return [
        Rows(f"{readable_name(str(arm))} minus {base}", HEADER, [_cells(row) for _, row in rows.iterrows()])
        for arm, rows in table[chosen].groupby("arm", sort=False)
    ]


def _cells(row: Any) -> list[str]:
    """Return a difference as cells of text."""
    unit = unit_of(str(row["unit"]))
    ends = "-" if pd.isna(row["low"]) else f"{plain_figure(row['low'], unit)} to {plain_figure(row['high'], unit)}"
    pairs = f"{row['n']} of {row['pairs']}"
    return [words_of(str(row["outcome"])), plain_figure(row["difference"], unit), ends, unit.words, pairs]


def plain_figure(value: float, unit: Unit) -> str:
    """Return a number in a unit as text without powers of ten.

    Args:
        value: the number [unit of the outcome]
        unit: of the text

    >>> plain_figure(2.59e-07, unit_of("students")), plain_figure(0.0, unit_of("students")), plain_figure(0.5, unit_of("share"))
    ('0.000', '0', '+50')
    """
    return "0.000" if 0.0 < abs(value * unit.factor) < LEAST else figure(value, unit)
