"""Result of a sensitivity analysis: tables, text, figures and chapter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from sim.analysis.headlines import SAMPLE
from sim.commands import command, option
from sim.errors import InputError, shown
from sim.figures.export import render
from sim.findings.numbers import readable_name
from sim.findings.sensitivity import (
    INDEX,
    SETTLING,
    box_lines,
    box_of,
    greatest_of,
    index_findings,
    missing_text,
    no_indices_text,
    saved_text,
    seeds_caption,
    seeds_table,
    sensitivity_lines,
)
from sim.reports.blocks import Block, Chapter, Claim, Claims, Drawing, Prose, Rows
from sim.reports.study import StudyResult
from sim.results.files import all_written, bytes_of, path_of, text_of, writable
from sim.results.folder import provenance_of, require_kind
from sim.results.read_back import respelled
from sim.results.result_folder import ResultFolder
from sim.results.store import Store

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORD = "sensitivity.json"
"""File with the record of an analysis; the manifest of the folder is that of its sweep."""

ENDS = ("", "_low", "_high")
"""Ends of the columns of an index: its value and the limits of its interval."""

TABLES = {"indices": "sensitivity.csv", "seeds": "sensitivity-seeds.csv", "samples": "sensitivity-samples.csv"}
"""File of each table."""


@dataclass(frozen=True, repr=False)
class Sensitivity(StudyResult):
    """Sensitivity analysis of a sweep. A table is empty if the sweep does not allow its analysis.

    Args:
        indices: a row a factor, outcome, policy and size of the design: indices with low and high
        seeds: a row an outcome: number of seeds that are enough, as `sim.analysis.replications.replications` returns it
        samples: a row a sample and policy with a box: sampled values, and share of the seeds in which enrolment doubled
        record: commands, options, problems, boxes and versions
    """

    indices: pd.DataFrame
    seeds: pd.DataFrame
    samples: pd.DataFrame
    record: Mapping[str, Any]

    kind: ClassVar[str] = "sensitivity analysis"

    def summary(self) -> str:
        """Return the findings as text, no stronger than their intervals."""
        return "\n".join(sensitivity_lines(self.indices, self.seeds, self.record))

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the analysis as a chapter of a report.

        Args:
            title: of the chapter; None for its own
        """
        notes = [missing_text(self.record["missing"]), no_indices_text(self.record)]
        blocks: list[Block] = [Prose(note) for note in notes if note]
        blocks += self._index_blocks() + self._seed_blocks()
        blocks += [Prose(line) for line in box_lines(self.record)]
        for name, figure in self.plot.pages().items():
            svg = render(figure, name, ("svg",))[Path(f"{name}.svg")]
            about = readable_name(name).replace("-", " ")
            blocks.append(
                Drawing(svg, f"Figure: {about}.", f"The figure of {about}; the sentences above say what it shows.")
            )
        return Chapter("sensitivity", title or f"What matters in {readable_name(str(self.record['called']))}", blocks)

    def _index_blocks(self) -> list[Block]:
        findings = list(index_findings(self.indices, self.record))
        if not findings:
            return []
        index = INDEX[self.record["design"]["kind"]]
        keys = {subject: f"sensitivity-{number}" for number, (subject, _, certain) in enumerate(findings, 1) if certain}
        rows, names = [], list[str]()
        for policy, outcome, problem in self.record["outcomes"]:
            if not problem:
                frame = self.indices[(self.indices["policy"] == policy) & (self.indices["outcome"] == outcome)]
                greatest = [f"{row['factor']} {row[index]:.2g}" for _, row in greatest_of(frame, index).iterrows()]
                rows.append([policy, outcome, ", ".join(greatest)])
                names.append(keys[f"{policy}, {outcome}"])
        return [
            Claims([Claim(subject, f"{text}.", keys[subject]) for subject, text, certain in findings if certain]),
            Rows(f"Greatest factors by {index}", ["policy", "outcome", "factors"], rows, names),
            *(Prose(f"{subject}: {text}.") for subject, text, certain in findings if not certain),
        ]

    def _seed_blocks(self) -> list[Block]:
        if not len(self.seeds):
            return [Prose(str(self.record["seeds_problem"]))]
        table = seeds_table(self.seeds)
        cells = [[str(cell) for cell in row] for row in table.itertuples(index=False)]
        return [
            Rows(seeds_caption(self.record["within"]), [str(name) for name in table], cells),
            Prose(saved_text(self.seeds)),
        ]

    @property
    def plot(self) -> SensitivityPlots:
        """Figures: plot.page(), plot.pages()."""
        return SensitivityPlots(self)

    def contents(self) -> Mapping[str, bytes]:
        """Return the files of a folder of the analysis: tables, text and pages."""
        frames = {name: getattr(self, table) for table, name in TABLES.items()}
        files = {name: bytes_of(frame, "csv") for name, frame in frames.items() if len(frame)}
        files["sensitivity.txt"] = self.summary().encode()
        for name, figure in self.plot.pages().items():
            files |= {str(path): page for path, page in render(figure, f"sensitivity-{name}").items()}
        return files

    def save(self, folder: str | Path) -> list[Path]:
        """Write the analysis to a folder, completely or not at all; the manifest of its sweep is not changed.

        Args:
            folder: of the sweep, or another one; it is made if need be

        Returns:
            The files, the record left out.

        Raises:
            InputError: the folder holds another sweep or results of another kind, or cannot be written
        """
        place = require_kind(path_of(folder), "sweep")
        if (place / "manifest.json").is_file() and Store(place).manifest()["command"] != self.record["sweep"][
            "command"
        ]:
            raise InputError(f"{place} holds another sweep than the analysed one; name another folder")
        files = {writable(place) / name: content for name, content in self.contents().items()}
        sums = {path.name: hashlib.sha256(content).hexdigest() for path, content in files.items()}
        record = text_of({"kind": self.kind, **self.record, "checksums": sums})
        all_written({**files, place / RECORD: record.encode()})
        return list(files)

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Return the analysis in a folder.

        Raises:
            InputError: the folder holds no analysis, or it is broken or was changed
        """
        place = path_of(folder)
        make = command("sensitivity", [option("out", place)])
        if not (place / RECORD).is_file():
            raise InputError(f"there is no {cls.kind} in {place}: `{make}` makes one")
        try:
            record = dict(json.loads((place / RECORD).read_text(encoding="utf-8")))
            sums = dict(record["checksums"])
            _ = record["command"], record["environment"]["model"]
        except (OSError, ValueError, TypeError, KeyError):
            raise InputError(f"{place / RECORD} is broken: `{make}` writes it again") from None
        for name in set(TABLES.values()) & set(sums):
            path = place / name
            if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != sums[name]:
                raise InputError(f"{path} was changed after it was written: `{make}` writes it again")
        return cls.from_folder(ResultFolder(place, record))

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the analysis in a folder from its tables and its record.

        Raises:
            InputError: a table is missing or broken
        """
        needed = {"indices": ["factor", "outcome", "policy", "n"], "seeds": ["outcome"], "samples": [SAMPLE, "policy"]}
        written = folder.manifest["checksums"]
        tables = {
            table: folder.table(name, needed[table]) if name in written else pd.DataFrame()
            for table, name in TABLES.items()
        }
        tables["indices"] = respelled(tables["indices"], [f"{name}{end}" for name in ("S1", "ST") for end in ENDS])
        record = {name: value for name, value in folder.manifest.items() if name not in ("kind", "checksums")}
        return cls(**tables, record=record)


@dataclass(frozen=True)
class SensitivityPlots:
    """Figures of a sensitivity analysis.

    Args:
        result: that is drawn
    """

    result: Sensitivity

    def pages(self) -> dict[str, Figure]:
        """Return all figures by name: `seeds`, `indices-1` and `box-1` for the first policy, and so on."""
        figures = dict[str, Any]()
        made = provenance_of(self.result.record["sweep"])
        if len(self.result.seeds):
            from sim.figures.replications import replications_page

            figures["seeds"] = replications_page(self.result.seeds, made)
        return figures | self._indices(made) | self._boxes(made)

    def page(self, name: str | None = None) -> Figure:
        """Return one figure.

        Args:
            name: as in `pages`; None for the first indices, or the first figure if there are no indices

        Raises:
            InputError: the figure does not exist
        """
        figures = self.pages()
        first = next((key for key in figures if key.startswith("indices")), next(iter(figures), ""))
        wanted = first if name is None else name
        if wanted not in figures:
            if not figures:
                raise InputError("this sweep has no figures; sample it by sobol or morris for indices")
            raise InputError(f"unknown figure {shown(name)}; there are {', '.join(figures)}")
        return figures[wanted]

    def _indices(self, made: str) -> dict[str, Figure]:
        from sim.figures.sensitivity import sensitivity_page

        indices, kind = self.result.indices, self.result.record["design"]["kind"]
        if not len(indices) or kind not in SETTLING:
            return {}
        return {
            f"indices-{number}": sensitivity_page(rows, kind, f"What matters, n = {rows['n'].max():,}: {policy}", made)
            for number, (policy, rows) in enumerate(indices.groupby("policy", sort=False), 1)
        }

    def _boxes(self, made: str) -> dict[str, Figure]:
        from sim.figures.discovery_boxes import box_page, is_numeric_limit

        record, figures = self.result.record, dict[str, Any]()
        for number, about in enumerate(record["boxes"], 1):
            if about["problem"] or not any(is_numeric_limit(ends) for ends in box_of(about["box"]).limits.values()):
                continue
            policy, what = about["policy"], record["doubling"]
            rows = self.result.samples[self.result.samples["policy"] == policy].set_index(SAMPLE)
            title = f"{what} ({policy})" if len(record["boxes"]) > 1 else what
            happened = (rows["share"] > 0.5).to_numpy()
            cases = rows.drop(columns=["share", "policy"])
            figures[f"box-{number}"] = box_page(cases, happened, box_of(about["box"]), title, f"{policy}. {made}")
        return figures
