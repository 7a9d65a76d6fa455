"""The result of an optimisation: its tables and its record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from sim.analysis.clusters import sharing_note
from sim.analysis.sweep_grid import needs
from sim.errors import InputError
from sim.findings.numbers import baseline_name, readable_name
from sim.findings.optimisation import (
    BRIEFLY,
    SearchTerms,
    decision_findings,
    decision_rows,
    failures_text,
    few_seeds,
    nothing_better,
    search_sentences,
    table_caption,
    verdict,
)
from sim.reports.blocks import Block, Chapter, Claim, Claims, Drawing, Prose, Rows
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.folder import footnote, provenance_of
from sim.results.read_back import respelled
from sim.results.result_folder import ResultFolder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

VALUE, LESS_AS_IS = "", "_less_as_is"
ENDS = tuple(f"{what}{end}" for what in (VALUE, LESS_AS_IS) for end in ("", "_low", "_high"))
"""Suffixes of the columns of a goal: its value and its difference from the scenario as it is, with intervals."""


@dataclass(frozen=True, repr=False)
class Optimisation(StudyResult):
    """Decisions on the Pareto front, and their values in fresh runs.

    Args:
        candidates: one row per decision of the search, first the scenario as it is
        front: finalists in fresh runs, first the scenario as it is, with intervals; empty without finalists
        runs: one row per fresh run; `decision` is the place in `front`; empty without finalists
        record: command, scenario, options and versions
    """

    candidates: pd.DataFrame
    front: pd.DataFrame
    runs: pd.DataFrame
    record: Mapping[str, Any]

    kind: ClassVar[str] = "optimisation"

    @property
    def terms(self) -> SearchTerms:
        """The decisions, goals and counts of the search."""
        return SearchTerms.from_record(self.record["terms"])

    def notes(self) -> list[str]:
        """Return notes on shared parameter sets and failed runs."""
        failures = self.record["failures"]
        failed = failures_text(failures["number"], failures["first"], bool(self.record["kept"]))
        return [*filter(None, [sharing_note(self.runs) if len(self.runs) else "", failed])]

    def summary(self) -> str:
        """Return the findings as text, no stronger than their intervals."""
        return text(self._chapter())

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the optimisation as a chapter of a report.

        Args:
            title: of the chapter; None for its own
        """
        drawing = [self._drawing()] if len(self.front) else []
        return self._chapter(title, drawing)

    def _chapter(self, title: str | None = None, drawing: Sequence[Block] = ()) -> Chapter:
        title = title or f"Optimisation of {readable_name(baseline_name(self.record))}"
        if not len(self.front):
            return Chapter(self.kind, title, [Prose("\n\n".join([nothing_better(self.terms), *self.notes()]))])
        return Chapter(self.kind, title, [*self._blocks(), *drawing])

    def _blocks(self) -> list[Block]:
        terms, decisions = self.terms, self.front["decision"].astype(str)
        rows = decision_rows(self.front, terms)
        claims = [
            Claim(subject, sentence, f"{self.kind}-{decision}")
            for subject, sentence, decision in decision_findings(self.front, terms)
        ]
        closing = [verdict(self.front.iloc[1:], terms), *few_seeds(terms), *self.notes()]
        return [
            Prose(" ".join(search_sentences(self.front, terms))),
            Claims(claims),
            Prose("\n\n".join(closing)),
            Rows(
                f"{table_caption(terms)}.",
                list(rows[0]),
                [[str(cell) for cell in row.values()] for row in rows],
                [f"{self.kind}-{decision}" for decision in decisions],
            ),
        ]

    def _drawing(self) -> Drawing:
        return Drawing(
            self.contents_of_page()[Path("front.svg")],
            "The best decisions of the search, run again with fresh seeds.",
            "Differences of each decision from the scenario as it is, with 95% intervals, and its levels; the table has them.",
        )

    def contents_of_page(self, forms: tuple[str, ...] = ("svg",)) -> dict[Path, bytes]:
        """Return the page as content by file name.

        Args:
            forms: formats of files: pdf, svg, png
        """
        from sim.figures.export import render

        return render(self.plot.page(), "front", forms)

    @property
    def plot(self) -> OptimisationPlots:
        """Figures: plot.page()."""
        return OptimisationPlots(self)

    def contents(self) -> Mapping[str, bytes]:
        """Return the files of the optimisation: content by file name."""
        tables = {"candidates": self.candidates, "front": self.front, "runs": self.runs}
        files = {f"{name}.csv": bytes_of(frame, "csv") for name, frame in tables.items() if len(frame)}
        files["optimise.txt"] = self.summary().encode()
        if len(self.front):
            files |= {str(path): page for path, page in self.contents_of_page(("pdf", "svg", "png")).items()}
        return files

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the optimisation in a folder.

        Raises:
            InputError: a table is missing, broken or changed, or the optimisation has not finished
        """
        folder.require_ended("terms")
        candidates = folder.table("candidates.csv", ["generation"])
        terms = SearchTerms.from_record(folder.manifest["terms"])
        columns = [*terms.names, *(f"{goal}{end}" for goal in terms.goals for end in ENDS)]
        front, runs = pd.DataFrame(), pd.DataFrame()
        if (folder.folder / "front.csv").is_file():
            front = respelled(folder.table("front.csv", ["decision", "doubled", "n", "unbeaten"]), columns)
            needs(front, columns, str(folder.folder / "front.csv"))
            front = front.astype({"decision": "str"})
            runs = respelled(folder.table("runs.csv", ["decision", "seed"]), columns)
        record = {name: value for name, value in folder.manifest.items() if name != "kind"}
        return cls(respelled(candidates, columns), front, runs, record)


@dataclass(frozen=True)
class OptimisationPlots:
    """Figures of an optimisation."""

    result: Optimisation

    def page(self) -> Figure:
        """Return the page of decisions by goals, with their levels.

        Raises:
            InputError: there are no finalists
        """
        from sim.figures.pareto import front_page

        result, terms = self.result, self.result.terms
        if not len(result.front):
            raise InputError(f"there is no figure: {nothing_better(terms)}")
        levers = [name for name in terms.names if name not in terms.split]
        labels = {**terms.labels, "": BRIEFLY[terms.robust]}
        source = footnote(provenance_of(result.record), sharing_note(result.runs))
        return front_page(result.candidates, result.front, list(terms.goals), (terms.split, levers), labels, source)
