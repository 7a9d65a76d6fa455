"""The chapter of robustness: how much of each finding is left where another mechanism is at work."""

from __future__ import annotations

from typing import Any, Protocol

import pandas as pd

from sim.analysis.robustness import FINDING, ITSELF, NOTHING, worst_first
from sim.analysis.sweep_grid import DATES
from sim.findings.comparison import difference_sentence
from sim.findings.numbers import estimated, few_pairs_note, readable_name, uncertainty_sentence, unit_of
from sim.findings.robustness import MEANS, OF_THE_MODEL, overall_sentence, ratio_text, robustness_sentence
from sim.labels import words_of
from sim.reports.blocks import Block, Chapter, Claim, Claims, Drawing, Prose, Rows
from sim.reports.chapters.failures import failed_runs, failed_sentence
from sim.reports.chapters.study import Study


class Tested(Study, Protocol):
    """A test of robustness, as its chapter needs it."""

    @property
    def findings(self) -> pd.DataFrame:
        """Rows of `sim.analysis.robustness.findings_with_worst`."""

    @property
    def table(self) -> pd.DataFrame:
        """Rows of `sim.analysis.robustness.robustness_table`."""

    @property
    def drawing(self) -> bytes:
        """Its page as SVG."""


def chapter(study: Tested, title: str) -> Chapter:
    """Return the chapter of a test of robustness.

    Args:
        study: the test
        title: of the chapter
    """
    record = study.record
    words = (f"{summary_line(study)} {record['pairs']} pairs of runs under each. {uncertainty_sentence(record)}"
             f"{failed_sentence(record)} {MEANS}{few_pairs_note(int(record['pairs']))}")  # fmt: skip
    drawing = Drawing(
        study.drawing, "Each finding under every other mechanism, in percent of the model's effect, with 95% intervals.",
        "A panel a finding and a line a mechanism: the effect there in percent of the effect in the model, with its interval, "
        "beside the lines of 0% and 100%; the mark says the verdict. Effects, ratios and verdicts stand in the table.",
    )  # fmt: skip
    blocks: list[Block] = [
        Prose(words),
        Claims(claims(study)),
        drawing,
        _table(study),
        *_without_finding(study),
        _held(study),
    ]
    return Chapter(study.key, title, [*blocks, *failed_runs(record)])


def headline(study: Tested) -> list[Block]:
    """Return what the summary of a report has of a test of robustness: how many findings hold everywhere."""
    return [Prose(f"{summary_line(study)}{few_pairs_note(int(study.record['pairs']))}")]


def summary_line(study: Tested) -> str:
    """Return how many findings hold everywhere."""
    return overall_sentence(study.findings, len(study.record["mechanisms"]))


def row_key(study: Tested, row: Any, mechanism: str = "") -> str:
    """Return the key of a finding in the tables of a report, or of its row under a mechanism."""
    names = [study.key, *(row[name] for name in FINDING), *([mechanism] if mechanism else [])]
    return "-".join(map(str, names)).replace(" ", "-").replace("/", "-")


def claims(study: Tested) -> list[Claim]:
    """Return how much of each finding is left, each with the first of its rows, that of the worst verdict."""
    return [
        Claim(readable_name(str(own["arm"])), robustness_sentence(own, rivals, words_of(own["outcome"])), row_key(study, own))
        for own, rivals in of_findings(study)
    ]  # fmt: skip


def of_findings(study: Tested) -> list[tuple[Any, pd.DataFrame]]:
    """Return the row of each finding in the model, with its rows under other mechanisms, the worst first."""
    groups = study.table[study.table["verdict"] != NOTHING].groupby(FINDING, sort=False)
    return [
        (rows[rows["mechanism"] == ITSELF].iloc[0], worst_first(rows[rows["mechanism"] != ITSELF]))
        for _, rows in groups
    ]  # fmt: skip


def _table(study: Tested) -> Rows:
    cells, keys = [], []
    for own, rivals in of_findings(study):
        unit = unit_of(str(own["unit"]))
        about = [readable_name(str(own["arm"])), words_of(own["outcome"]), DATES[own["dates"]]]
        for place, (_, row) in enumerate(rivals.iterrows()):
            effects = [estimated(each, "difference", unit) for each in (own, row)]
            ratio = [ratio_text(row), str(row["verdict"]), str(int(row["ratio_pairs"]))]
            cells.append([*about, readable_name(str(row["mechanism"])), *effects, unit.words, *ratio])
            keys.append(row_key(study, own, str(row["mechanism"]) if place else ""))
    header = ["arm", "outcome", "dates", "mechanism", "effect in the model", "effect under the mechanism", "unit",
              OF_THE_MODEL, "verdict", "pairs"]  # fmt: skip
    note = (
        "Brackets are 95% intervals. The rows of a finding begin with its worst verdict; pairs are those of the ratio."
    )
    return Rows("How much of each finding is left under each mechanism", header, cells, keys, note)


def _without_finding(study: Tested) -> list[Block]:
    """Return the comparisons in which the model itself shows no effect, if there are any."""
    rows = study.table[(study.table["mechanism"] == ITSELF) & (study.table["verdict"] == NOTHING)]
    if rows.empty:
        return []
    said = [Claim(readable_name(str(row["arm"])), difference_sentence(row, words_of(row["outcome"])), row_key(study, row))
            for _, row in rows.iterrows()]  # fmt: skip
    cells = [[readable_name(str(row["arm"])), words_of(row["outcome"]), DATES[row["dates"]], estimated(row, "difference", unit),
              unit.words] for _, row in rows.iterrows() for unit in [unit_of(str(row["unit"]))]]  # fmt: skip
    keys = [row_key(study, row) for _, row in rows.iterrows()]
    header = ["arm", "outcome", "dates", "in the model, 95% interval", "unit"]
    return [Prose("### Nothing to compare: no finding in the model itself"), Claims(said),
            Rows("What no other mechanism is held against", header, cells, keys)]  # fmt: skip


def _held(study: Tested) -> Rows:
    cells = [[readable_name(str(name)), ", ".join(f"{key} = {value}" for key, value in held.items())]
             for name, held in study.record["mechanisms"].items()]  # fmt: skip
    return Rows("What each mechanism holds fixed", ["mechanism", "parameters"], cells)
