"""The chapter of robustness: the share of each finding that remains under another mechanism."""

from __future__ import annotations

from typing import Any, Protocol

import pandas as pd

from sim.analysis.robustness import FINDING, ITSELF, NOTHING, worst_first
from sim.analysis.sweep_grid import DATES
from sim.findings.comparison import difference_sentence
from sim.findings.numbers import estimated, readable_name, uncertainty_sentence, unit_of
from sim.findings.robustness import MEANS, OF_THE_MODEL, overall_sentence, ratio_text, robustness_sentence
from sim.labels import words_of
from sim.reports.blocks import Block, Chapter, Claim, Claims, Drawing, Prose, Rows
from sim.reports.chapters.failures import failed_runs, warnings
from sim.reports.chapters.study import Study


class RobustnessStudy(Study, Protocol):
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


def chapter(study: RobustnessStudy, title: str) -> Chapter:
    """Return the chapter of a test of robustness.

    Args:
        study: the test
        title: of the chapter
    """
    record = study.record
    sentence = (f"{summary_line(study)} {record['pairs']} pairs of runs under each. {uncertainty_sentence(record)} "
                f"{MEANS}")  # fmt: skip
    drawing = Drawing(
        study.drawing, "Each finding under every other mechanism, in percent of the model's effect, with 95% intervals.",
        "A panel for each finding and a row for each mechanism: the effect there in percent of the effect in the model, with "
        "its interval, "
        "beside the lines of 0% and 100%; the marker shows the verdict. Effects, ratios and verdicts are in the table.",
    )  # fmt: skip
    blocks: list[Block] = [
        *warnings(record, int(record["pairs"])),
        Prose(sentence),
        Claims(claims(study)),
        drawing,
        _table(study),
        *_without_finding(study),
        _fixed_values(study),
    ]
    return Chapter(study.key, title, [*blocks, *failed_runs(record)])


def headline(study: RobustnessStudy) -> list[Block]:
    """Return the first blocks of the chapter in a report: the number of findings that hold everywhere."""
    return [Prose(summary_line(study))]


def summary_line(study: RobustnessStudy) -> str:
    """Return a sentence on the number of findings that hold everywhere."""
    return overall_sentence(study.findings, len(study.record["mechanisms"]))


def row_key(study: RobustnessStudy, row: Any, mechanism: str = "") -> str:
    """Return the key of a finding in the tables of a report, or of its row under a mechanism."""
    names = [study.key, *(row[name] for name in FINDING), *([mechanism] if mechanism else [])]
    return "-".join(map(str, names)).replace(" ", "-").replace("/", "-")


def claims(study: RobustnessStudy) -> list[Claim]:
    """Return a claim on what remains of each finding, with the key of its worst verdict."""
    return [
        Claim(readable_name(str(model_row["arm"])), robustness_sentence(model_row, rivals, words_of(model_row["outcome"])),
              row_key(study, model_row))
        for model_row, rivals in rows_by_finding(study)
    ]  # fmt: skip


def rows_by_finding(study: RobustnessStudy) -> list[tuple[Any, pd.DataFrame]]:
    """Return the row of each finding in the model, with its rows under other mechanisms, the worst first."""
    groups = study.table[study.table["verdict"] != NOTHING].groupby(FINDING, sort=False)
    return [
        (rows[rows["mechanism"] == ITSELF].iloc[0], worst_first(rows[rows["mechanism"] != ITSELF]))
        for _, rows in groups
    ]  # fmt: skip


def _table(study: RobustnessStudy) -> Rows:
    cells, keys = [], []
    for model_row, rivals in rows_by_finding(study):
        unit = unit_of(str(model_row["unit"]))
        about = [readable_name(str(model_row["arm"])), words_of(model_row["outcome"]), DATES[model_row["dates"]]]
        for place, (_, row) in enumerate(rivals.iterrows()):
            effects = [estimated(finding_row, "difference", unit) for finding_row in (model_row, row)]
            ratio = [ratio_text(row), str(row["verdict"]), str(int(row["ratio_pairs"]))]
            cells.append([*about, readable_name(str(row["mechanism"])), *effects, unit.words, *ratio])
            keys.append(row_key(study, model_row, str(row["mechanism"]) if place else ""))
    header = ["arm", "outcome", "dates", "mechanism", "effect in the model", "effect under the mechanism", "unit",
              OF_THE_MODEL, "verdict", "pairs"]  # fmt: skip
    note = (
        "Brackets are 95% intervals. The rows of a finding begin with its worst verdict; pairs are those of the ratio."
    )
    return Rows("Share of each finding that remains under each mechanism", header, cells, keys, note)


def _without_finding(study: RobustnessStudy) -> list[Block]:
    """Return the comparisons in which the model itself shows no effect, if there are any."""
    rows = study.table[(study.table["mechanism"] == ITSELF) & (study.table["verdict"] == NOTHING)]
    if rows.empty:
        return []
    claims = [Claim(readable_name(str(row["arm"])), difference_sentence(row, words_of(row["outcome"])), row_key(study, row))
            for _, row in rows.iterrows()]  # fmt: skip
    cells = [[readable_name(str(row["arm"])), words_of(row["outcome"]), DATES[row["dates"]], estimated(row, "difference", unit),
              unit.words] for _, row in rows.iterrows() for unit in [unit_of(str(row["unit"]))]]  # fmt: skip
    keys = [row_key(study, row) for _, row in rows.iterrows()]
    header = ["arm", "outcome", "dates", "in the model, 95% interval", "unit"]
    return [Prose("### Nothing to compare: no finding in the model itself"), Claims(claims),
            Rows("Comparisons that other mechanisms are not tested on", header, cells, keys)]  # fmt: skip


def _fixed_values(study: RobustnessStudy) -> Rows:
    cells = [[readable_name(str(name)), ", ".join(f"{key} = {value}" for key, value in held.items())]
             for name, held in study.record["mechanisms"].items()]  # fmt: skip
    return Rows("Values that each mechanism fixes", ["mechanism", "parameters"], cells)
