"""The chapter of robustness: which findings hold where another mechanism is at work."""

from __future__ import annotations

from typing import Any, Protocol

import pandas as pd

from sim.analysis.robustness import FINDING, ITSELF
from sim.analysis.sweep_grid import DATES
from sim.findings.comparison import difference
from sim.findings.numbers import carried, estimated, few, plain, unit_of
from sim.findings.robustness import overall, surviving
from sim.labels import words_of
from sim.reports.blocks import Block, Chapter, Claim, Claims, Drawing, Prose, Rows
from sim.reports.chapters.failures import failed_runs, failed_sentence
from sim.reports.chapters.study import Study

MEANS = (
    "A finding *holds* where the whole interval lies on the same side of zero as in the model, is *open* where zero lies "
    "within, and *reversed* where the whole interval lies on the other side."
)
"""What the verdicts are."""


class Tested(Study, Protocol):
    """A test of robustness, as its chapter needs it."""

    @property
    def findings(self) -> pd.DataFrame:
        """Rows of `sim.analysis.robustness.survivors`."""

    @property
    def table(self) -> pd.DataFrame:
        """Rows of `sim.analysis.robustness.surviving`."""

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
    words = (f"{summary_line(study)} {record['pairs']} pairs of runs under each. {carried(record)}{failed_sentence(record)} "
             f"{MEANS}{few(int(record['pairs']))}")  # fmt: skip
    drawing = Drawing(
        study.drawing, "Each finding under every mechanism, with 95% intervals.",
        "A panel a finding: the difference between arm and baseline, with its interval, in the model and under each other "
        "mechanism, marked as holding, open or reversed. The verdicts stand in the table.",
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
    return [Prose(summary_line(study))]


def summary_line(study: Tested) -> str:
    """Return how many findings hold everywhere."""
    return overall(study.findings, len(study.record["mechanisms"]))


def row_key(study: Tested, row: Any) -> str:
    """Return the key of a finding in the tables of a report."""
    return f"{study.key}-{row['arm']}-{row['outcome']}-{row['dates']}".replace(" ", "-").replace("/", "-")


def claims(study: Tested) -> list[Claim]:
    """Return under how many mechanisms each finding holds."""
    return [Claim(plain(str(row["arm"])), surviving(row, words_of(row["outcome"])), row_key(study, row))
            for _, row in study.findings.iterrows()]  # fmt: skip


def _table(study: Tested) -> Rows:
    rivals = list(study.record["mechanisms"])
    verdict = study.table.set_index([*FINDING, "mechanism"])["verdict"]
    cells, keys = [], []
    for _, row in study.findings.iterrows():
        unit = unit_of(_unit(study, row))
        under = [str(verdict.get((*(row[key] for key in FINDING), rival), "-")) for rival in rivals]
        about = [plain(str(row["arm"])), words_of(row["outcome"]), DATES[row["dates"]]]
        cells.append([*about, estimated(row, "difference", unit), unit.words, *under])
        keys.append(row_key(study, row))
    header = ["arm", "outcome", "dates", "in the model, 95% interval", "unit", *(plain(rival) for rival in rivals)]
    return Rows("Which findings survive which mechanism", header, cells, keys)


def _without_finding(study: Tested) -> list[Block]:
    """Return the comparisons in which the model itself shows no effect, if there are any."""
    rows = study.table[(study.table["mechanism"] == ITSELF) & (study.table["found"] == 0)]
    if rows.empty:
        return []
    said = [Claim(plain(str(row["arm"])), difference(row, words_of(row["outcome"])), row_key(study, row))
            for _, row in rows.iterrows()]  # fmt: skip
    cells = [[plain(str(row["arm"])), words_of(row["outcome"]), DATES[row["dates"]], estimated(row, "difference", unit),
              unit.words] for _, row in rows.iterrows() for unit in [unit_of(str(row["unit"]))]]  # fmt: skip
    keys = [row_key(study, row) for _, row in rows.iterrows()]
    header = ["arm", "outcome", "dates", "in the model, 95% interval", "unit"]
    return [Prose("### No finding in the model itself"), Claims(said),
            Rows("What no other mechanism is held against", header, cells, keys)]  # fmt: skip


def _unit(study: Tested, row: Any) -> str:
    return str(study.table.loc[study.table["outcome"] == row["outcome"], "unit"].iloc[0])


def _held(study: Tested) -> Rows:
    cells = [[plain(str(name)), ", ".join(f"{key} = {value}" for key, value in held.items())]
             for name, held in study.record["mechanisms"].items()]  # fmt: skip
    return Rows("What each mechanism holds fixed", ["mechanism", "parameters"], cells)
