"""Result of a test of mechanisms: table, runs, text, figure and chapter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from sim.analysis.mechanisms import overall
from sim.figures.export import render
from sim.figures.mechanisms import mechanisms_page
from sim.labels import words_of
from sim.reports.blocks import Chapter
from sim.reports.chapters import mechanisms as chapters
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.result_folder import ResultFolder
from sim.studies.records import foot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS = (
    "baseline",
    "item",
    "outcome",
    "sign",
    "least",
    "measure",
    "level",
    "difference",
    "percent",
    "pairs",
    "verdict",
)
"""Columns that a table of mechanisms must have."""


@dataclass(frozen=True, repr=False, kw_only=True)
class MechanismTest(StudyResult):
    """Test of mechanisms, which are switched off one at a time.

    Args:
        table: a row a baseline and item, with its effect on the nearest outcome and a verdict
        runs: a row a run; columns `baseline` and `item`, the item that is switched off
        record: how it was made
        key: of its chapter in a report
        svg: page read from a folder; None: it is drawn
    """

    kind: ClassVar[str] = "test of mechanisms"

    table: pd.DataFrame
    runs: pd.DataFrame
    record: Mapping[str, Any]
    key: str = "mechanisms"
    svg: bytes | None = None

    @property
    def verdicts(self) -> pd.Series[str]:
        """Verdict on each item over all baselines: works; works, against the expected sign; or does not work."""
        return overall(self.table)

    @property
    def drawing(self) -> bytes:
        """Page of figures as SVG."""
        return self.svg or render(self.plot.page(), "mechanisms", ("svg",))[Path("mechanisms.svg")]

    def summary(self) -> str:
        """Return the number of items that work, the items that do not, and all effects, as text."""
        return text(self.chapter())

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the test as a chapter of a report."""
        return chapters.chapter(self, title or "Which mechanisms work")

    def contents(self) -> dict[str, bytes]:
        """Return the files of a folder of the test: content by file name."""
        pages = {path.name: page for path, page in render(self.plot.page(), "mechanisms").items()}
        return {
            "mechanisms.csv": bytes_of(self.table, "csv"),
            "mechanisms.txt": self.summary().encode(),
            "table.parquet": bytes_of(self.runs, "parquet"),
            **pages,
        }

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the test in a folder.

        Raises:
            InputError: a file is missing, broken or changed, or the test has not ended
        """
        folder.require_ended("sharing")
        table, svg = folder.table("mechanisms.csv", COLUMNS), folder.drawing("mechanisms.svg")
        runs = folder.runs("table.parquet", ["baseline", "item", "seed"])
        return cls(table=table, runs=runs, record=dict(folder.manifest), svg=svg)

    @property
    def plot(self) -> MechanismPlots:
        """Figures: page()."""
        return MechanismPlots(self)


@dataclass(frozen=True)
class MechanismPlots:
    """Figures of a test of mechanisms.

    Args:
        study: that is drawn
    """

    study: MechanismTest

    def page(self) -> Figure:
        """Return the page: a line an item, grouped by verdict, with a dot and an interval for each baseline."""
        table, record = self.study.table, self.study.record
        labels = {str(name): words_of(str(name)) for name in table["outcome"].unique()}
        return mechanisms_page(table, labels, foot(record, record.get("sharing", "")))
