"""Result of a study of the backbone's effect: tables, text, figures and chapter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from sim.figures.backbone_effect import effect_page
from sim.figures.export import render
from sim.figures.mediation import mediation_page
from sim.reports.blocks import Chapter
from sim.reports.chapters.backbone_effect import effect_blocks, effect_drawings, panels
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.result_folder import ResultFolder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TABLES = {
    "effects": ("effects.csv", ("outcome", "over", "model", "weight", "effect", "low", "high", "low_90", "high_90")),
    "mediation": ("mediation.csv", ("hours", "outcome", "part", "effect", "low", "high", "n")),
    "models": ("models.csv", ("model", "prior", "log_evidence", "error", "weight")),
}
"""File and necessary columns of each table."""

TITLE = "What the backbone adds, and through what"
"""Title of the chapter."""


@dataclass(frozen=True, repr=False)
class BackboneEffect(StudyResult):
    """Effect of the backbone over models, under prior and posterior, and its mediation by the uses of its hours.

    Args:
        record: how it was made
        tables: by name: effects, mediation, models
        pairs: a row a pair of runs: over, model, set, seed and the differences
        hours: a row a run in which uses of the hours are switched off
    """

    kind: ClassVar[str] = "backbone effect"

    record: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    pairs: pd.DataFrame
    hours: pd.DataFrame

    @property
    def plot(self) -> BackbonePlots:
        """Figures: page() and mediation()."""
        return BackbonePlots(self)

    def summary(self) -> str:
        """Return the effect and its mediation as text."""
        return text(Chapter("backbone-effect", TITLE, effect_blocks(self.record, self.tables)))

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the effect as a chapter of a report.

        Args:
            title: of the chapter; None for its own
        """
        svgs = {path.stem: content for path, content in self._drawn(("svg",)).items()}
        blocks = [*effect_blocks(self.record, self.tables), *effect_drawings(svgs)]
        return Chapter("backbone-effect", title or TITLE, blocks)

    def _drawn(self, forms: tuple[str, ...] = ("pdf", "svg", "png")) -> dict[Path, bytes]:
        return render(self.plot.page(), "backbone_effect", forms) | render(self.plot.mediation(), "mediation", forms)

    def contents(self) -> dict[str, bytes]:
        """Return the files of a folder of the effect: tables, runs, figures and summary.txt."""
        tables = {file: bytes_of(self.tables[name], "csv") for name, (file, _) in TABLES.items()}
        runs = {"pairs.parquet": bytes_of(self.pairs, "parquet"), "hours.parquet": bytes_of(self.hours, "parquet")}
        pages = {path.name: content for path, content in self._drawn().items()}
        return tables | runs | pages | {"summary.txt": self.summary().encode()}

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the effect in a folder.

        Raises:
            InputError: a file is missing, broken or changed
        """
        tables = {name: folder.table(file, list(columns)) for name, (file, columns) in TABLES.items()}
        pairs = folder.runs("pairs.parquet", ["over", "model", "set", "seed"])
        return cls(folder.manifest, tables, pairs, folder.runs("hours.parquet", ["scenario", "dates", "seed"]))


@dataclass(frozen=True)
class BackbonePlots:
    """Figures of the backbone's effect.

    Args:
        result: that is drawn
    """

    result: BackboneEffect

    @property
    def _foot(self) -> str:
        record = self.result.record
        return f"{record['command']}; model {record['environment']['model']}"

    def page(self) -> Figure:
        """Return the page with the effect on examinees of 2020 under prior and posterior, a row a model."""
        result = self.result
        return effect_page(result.tables["effects"], result.pairs, str(result.record["weights"]), self._foot)

    def mediation(self) -> Figure:
        """Return the page with the effect of each use of the hours on network, programme and students."""
        return mediation_page(self.result.tables["mediation"], panels(), self._foot)
