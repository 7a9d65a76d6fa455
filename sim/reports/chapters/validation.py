"""The chapter of a validation: later facts beside predictions, and the model beside naive rivals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.findings import validation as findings
from sim.findings.prediction import assumptions_sentence
from sim.reports.blocks import Block, Claim, Claims, Drawing, Prose, Rows
from sim.reports.chapters.failures import failed_runs
from sim.reports.tables import rows_from

TITLE = "Later facts and their predictions"
"""Title of the chapter."""

TOTALS = "Mean log score of a fact, over later facts that all score; difference: model minus rival"
"""Caption of the table of totals."""

COVERAGE = (
    "Later facts in the middle 50% and 90% of predictions; 95% interval of their share for independent facts (facts of a "
    "series are not)"
)
"""Caption of the table of coverage."""


def validation_blocks(record: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> list[Block]:
    """Return the chapter without its drawing.

    Args:
        record: of the validation
        tables: by name: predictions, rivals, totals, coverage, fitted
    """
    table, rivals = tables["predictions"], tables["rivals"]
    later = table[table["scenario"] == table["scenario"].iloc[0]]
    missing = findings.missing_text(table)
    return [
        Prose(findings.opening_sentences(record)),
        *_totals(record, tables["totals"]),
        *([rows_from(COVERAGE, findings.coverage_in_text(tables["coverage"]))] if len(tables["coverage"]) else []),
        *_facts("Facts of later years", table[table["later"]]),
        *_facts("Facts within the fitted years", table[~table["later"]]),
        *([rows_from("Predictions and scores of rivals", findings.rivals_in_text(later, rivals))] if len(rivals) else []),
        *([rows_from("Facts of the file that were fitted: not a test", findings.fitted_in_text(tables["fitted"]))]
          if len(tables["fitted"]) else []),
        *([Prose(missing)] if missing else []),
        Prose(f"{findings.METHOD}\n\n{findings.RIVALS}"),
        Prose(assumptions_sentence(record["cohorts"], record["cohorts_file"])),
        *failed_runs(record),
    ]  # fmt: skip


def _totals(record: Mapping[str, Any], table: pd.DataFrame) -> list[Block]:
    """Return sentences on the model against rivals, with the table that supports them."""
    if table.empty:
        return [Prose(findings.without_rivals(record["last_fitted"]))]
    keys = [f"validation-{number}" for number in range(len(table))]
    claims = [
        Claim(name, sentence, key) for (name, sentence), key in zip(findings.total_sentences(table), keys, strict=True)
    ]
    texts = findings.totals_in_text(table)
    return [Claims(claims), Rows(TOTALS, list(texts.columns), texts.to_numpy().tolist(), keys)]


def _facts(caption: str, table: pd.DataFrame) -> list[Block]:
    """Return a table of predictions; empty if there are none."""
    return [rows_from(caption, findings.predictions_in_text(table))] if len(table) else []


def validation_drawing(svg: bytes) -> Drawing:
    """Return the drawing of a validation.

    Args:
        svg: its page
    """
    return Drawing(
        svg,
        "Later facts beside their predictions.",
        "A row for each fact: the median, the middle 50% and the middle 90% of predictions, as a difference from the fact, "
        "and the predictions of rivals. With ten facts or more, a histogram of their ranks. The figures are in the tables.",
    )
