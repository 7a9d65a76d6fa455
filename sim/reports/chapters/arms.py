"""The chapter of arms against one another, with verdicts on size."""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from sim.analysis.arm_pairs import arm_means, arm_pairs
from sim.findings.arm_pairs import READING, apart_sentence, arms_in_text, differences_in_text
from sim.findings.belief import EFFECTS
from sim.findings.numbers import capitalised, unit_of, unit_suffix
from sim.findings.sizes import RULE
from sim.labels import words_of
from sim.reports.blocks import Block, Chapter, Folded, Prose
from sim.reports.chapters.comparison import ComparisonStudy, first_outcome, main_rows
from sim.reports.tables import rows_from


class ComparisonRuns(ComparisonStudy, Protocol):
    """A comparison with its runs."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row per run."""

    @property
    def baseline(self) -> str:
        """Name of the baseline."""


def arms_chapter(study: ComparisonRuns) -> Chapter:
    """Return the chapter.

    Args:
        study: the main comparison of a report
    """
    rows, outcome = main_rows(study), first_outcome(study)
    arms = [study.baseline, *dict.fromkeys(rows["arm"].astype(str))]
    pairs, means = arm_pairs(study.frame, arms, outcome), arm_means(study.frame, arms, outcome)
    unit, what = unit_of(str(rows["unit"].iloc[0])), capitalised(words_of(outcome))
    table = arms_in_text(pairs, means, study.baseline, unit)
    blocks: list[Block] = [
        Prose(f"{apart_sentence(pairs)} {READING}"),
        rows_from(f"{what}: each arm, its mean{unit_suffix(unit)}, and the arms from which it is told apart", table),
        Prose(f"{RULE} {EFFECTS}"),
    ]
    if len(arms) > 2:
        every = differences_in_text(pairs, [str(arm) for arm in means.index], unit)
        caption = f"{what}: row minus column{unit_suffix(unit)}, with 95% intervals"
        blocks.append(Folded("Every difference between two arms", [rows_from(caption, every)], False))
    return Chapter("arms", "Arms against one another", blocks)
