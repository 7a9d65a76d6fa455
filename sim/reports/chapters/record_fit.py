"""The chapter on the fit to the record: published facts beside the runs of the baseline."""

from __future__ import annotations

import pandas as pd

from sim.analysis.fit import NEAR, OUTSIDE
from sim.analysis.sweep_grid import EMERGENT
from sim.findings.fit import NO_YEAR, facts_in_text, fit_sentence
from sim.findings.numbers import readable_name
from sim.reports.blocks import Block, Chapter, Folded, Prose
from sim.reports.tables import rows_from

OTHER_PLACE = "The schools of the baseline are not those of the record, so its facts are not a test of these runs."
"""Sentence for a baseline elsewhere."""

READING = (
    "Most of these facts were fitted, so that agreement shows that the model can reproduce them, not that it predicts. The "
    "tolerance of a fact is the error that its source may have."
)
"""Explanation of the fit."""


def fit_chapter(frame: pd.DataFrame, baseline: str, record: pd.DataFrame | None) -> Chapter:
    """Return the chapter.

    Args:
        frame: one row per run
        baseline: name of the baseline
        record: published facts, of `sim.catalogue.targets`; None if they are not about the baseline's schools
    """
    title = "Fit to the record"
    if record is None:
        return Chapter("fit", title, [Prose(OTHER_PLACE)])
    runs = frame[(frame["scenario"] == baseline) & (frame["dates"] == EMERGENT)]
    sentence = fit_sentence(runs, record)
    begins = f"{len(runs)} runs of {readable_name(baseline)}"
    if sentence == NO_YEAR:
        return Chapter("fit", title, [Prose(f"{begins}: {sentence}.")])
    facts = facts_in_text(runs, record)
    facts = facts.assign(pattern=[readable_name(str(name)) for name in facts["pattern"]])
    missed, near = facts[facts["lies"] == OUTSIDE], int((facts["lies"] == NEAR).sum())
    counts = (
        f"Of the other facts, {near} lie within their own tolerance of the runs, and {len(missed) or 'none'} do not."
    )
    blocks: list[Block] = [
        Prose(f"{begins}: {sentence}. {counts} {READING}"),
        *(
            [rows_from("Facts that the runs miss, and the median and middle 90% of runs", missed)]
            if len(missed)
            else []
        ),
        Folded("Every fact", [rows_from("Published facts, and the median and middle 90% of runs", facts)], False),
    ]
    return Chapter("fit", title, blocks)
