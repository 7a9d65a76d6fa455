"""The chapter of a programme evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.analysis.clusters import sharing_note
from sim.analysis.evaluation_bias import method_errors
from sim.findings.evaluation import READING, headline, methods_in_text, sentences, sizes_sentence
from sim.reports.blocks import Block, Drawing, Prose
from sim.reports.tables import rows_from


def evaluation_blocks(record: Mapping[str, Any], rows: pd.DataFrame, unit: str) -> list[Block]:
    """Return the chapter without its drawing.

    Args:
        record: of the evaluation
        rows: of `sim.analysis.evaluation_bias.method_estimates`, with the column seed
        unit: of the outcome, in words
    """
    table, shared = method_errors(rows), sharing_note(rows)
    return [
        Prose(f"{headline(record, rows)}."),
        rows_from(f"{sizes_sentence(rows, unit)}.", methods_in_text(table), READING),
        Prose("\n\n".join(sentences(table, unit))),
        *[Prose(shared)] * bool(shared),
    ]


def evaluation_drawing(svg: bytes, unit: str) -> Drawing:
    """Return the page of an evaluation as a drawing.

    Args:
        svg: the page
        unit: of the outcome, in words
    """
    return Drawing(
        svg,
        "The programme schools year by year beside their synthetic control and beside themselves without the programme; "
        "what each run's study finds beside the truth; the parts of the bias.",
        f"Mean outcome of programme schools by year in {unit}, of their synthetic control, and of the same schools without "
        "the programme. Beside it each run's estimate against its truth, and for each method its bias with selection and "
        "spillover. The figures are in the table of this chapter.",
    )
