"""The chapter of mechanisms that are switched off one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pandas as pd

from sim.errors import counted
from sim.findings.mechanisms import LEGEND, RULE, against_the_sign, count_sentence, effects_in_text, without_effect
from sim.findings.numbers import capitalised, readable_name, uncertainty_sentence
from sim.labels import words_of
from sim.reports.blocks import Block, Chapter, Drawing, Folded, Prose, Rows
from sim.reports.chapters.failures import failed_runs, warnings
from sim.reports.chapters.study import Study
from sim.reports.tables import rows_from


class MechanismStudy(Study, Protocol):
    """A test of mechanisms, as its chapter needs it."""

    @property
    def table(self) -> pd.DataFrame:
        """Rows of `sim.analysis.mechanisms.item_effects`."""

    @property
    def drawing(self) -> bytes:
        """Its page as SVG."""


def chapter(study: MechanismStudy, title: str) -> Chapter:
    """Return the chapter of a test of mechanisms.

    Args:
        study: the test
        title: of the chapter
    """
    record, table = study.record, study.table
    pairs = int(record["pairs"])
    sentence = (f"{count_sentence(table)} {counted(pairs, 'pair')} of runs for each item in each baseline. "
             f"{uncertainty_sentence(record)} {RULE}")  # fmt: skip
    drawing = Drawing(
        study.drawing, "Each item's effect on its nearest outcome, in % of the outcome's level, with 95% intervals.",
        "A row for each item and a dot for each baseline: the change of the nearest outcome by the item, in % of the "
        "outcome's level, "
        "with its interval and the line of 1%. The tables have the numbers.",
    )  # fmt: skip
    blocks: list[Block] = [
        *warnings(record, pairs),
        Prose(sentence),
        *_bullets("Items that do not work", without_effect(table)),
        *_bullets("Items that work against the expected sign", against_the_sign(table)),
        drawing,
        *(_table(record, rows, str(baseline)) for baseline, rows in table.groupby("baseline", sort=False)),
        Folded("How each item is switched off", [_items(record)]),
    ]
    return Chapter(study.key, title, [*blocks, *failed_runs(record)])


def _bullets(heading: str, lines: Sequence[str]) -> list[Block]:
    """Return a heading with a list below; empty for no lines."""
    return [Prose(f"### {heading}"), Prose("\n".join(f"- {capitalised(line)}" for line in lines))] if lines else []


def _table(record: Mapping[str, Any], rows: pd.DataFrame, baseline: str) -> Rows:
    outcomes = list(record["outcomes"])
    labels = {name: words_of(str(name)) for name in (*rows["outcome"], *outcomes)}
    return rows_from(
        f"Effect of each item in {readable_name(baseline)}", effects_in_text(rows, labels, outcomes), LEGEND
    )


def _items(record: Mapping[str, Any]) -> Rows:
    cells = [[str(name), *(str(about[key]) for key in ("off", "because", "source"))]
             for name, about in record["items"].items()]  # fmt: skip
    return Rows(
        "Parameters of each item, and its reason", ["item", "switched off by", "why it should work", "source"], cells
    )
