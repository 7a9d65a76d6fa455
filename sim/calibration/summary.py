"""The result of a calibration: its tables, findings and page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar, Self

import pandas as pd

from sim.analysis.checks import checks
from sim.analysis.posterior_summary import central_set, correlations, distance_from_centre, posterior_summary
from sim.calibration.blocks import check_blocks, emulator_blocks, recovery_blocks, rows_of, sampling_blocks
from sim.calibration.emulator_error import COLUMNS as OF_ERRORS
from sim.calibration.inference_data import to_arviz
from sim.calibration.information import strongest_patterns
from sim.calibration.plots import CalibrationPlots
from sim.calibration.recovery import COLUMNS as OF_RANKS
from sim.calibration.recovery import recovery_rows
from sim.calibration.study import KIND
from sim.design.factors import prior_value
from sim.errors import InputError
from sim.findings.calibration import (
    EFFECT,
    INFORMATION,
    RIVALS,
    band_sentence,
    defaults_sentence,
    effective_sentence,
    failed_draws,
    few_draws,
    record_cells,
    record_sentence,
    rival_sentences,
)
from sim.findings.numbers import readable_name
from sim.reports.blocks import Block, Chapter, Drawing, Prose
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.result_folder import ResultFolder

TABLES = {
    "rounds": ("rounds.csv", ("stage", "round", "draws", "distance", "yes", "off_surface", "effective", "seconds")),
    "information": ("informed.csv", ("parameter", "pattern", "information")),
    "fits": ("record.csv", ("scenario", "pattern", "year", "observed", "median", "low_90", "high_90", "lies")),
    "distances": ("distances.csv", ("set", "distance")),
    "sampling": ("sampling.csv", ("parameter", "r_hat", "ess_bulk", "ess_tail", "autocorrelation")),
    "errors": ("emulator.csv", ("stage", *OF_ERRORS)),
    "ranks": ("ranks.csv", OF_RANKS),
    "rivals": ("rivals.csv", ("model", "facts", "evidence", "log_odds", "odds_before", "against", "backbone", "low")),
}
"""File and required columns of each table of a result, besides posterior, runs and chain."""

FORMAT = "%.8g"
"""Digits of the parameter sets of a posterior on disk."""


@dataclass(frozen=True, repr=False)
class Calibration(StudyResult):
    """A posterior with its diagnostics.

    Args:
        posterior: one row per parameter set, one column per parameter; equally likely sets
        rounds: one row per round of a stage: draws, distance from the record, effective sets, evidence, seconds
        information: of each pattern on each parameter
        runs: one run of each scenario of the last stage for each of the first sets, as in an ensemble
        fits: these runs compared with the record, one row per scenario and fact
        distances: of the simulated sets from the record: set, distance [tolerances]
        chain: one row per walker and step: parameters, and the log likelihood of each published figure
        sampling: diagnostics of the chain, one row per parameter
        errors: of the emulator at new draws, one row per stage, round, region and group of patterns; None after a single
            round
        ranks: of known values in their posteriors, one row per truth and parameter; None without a test
        rivals: one row per model; None without rivals
        record: options, inputs and versions
    """

    posterior: pd.DataFrame
    rounds: pd.DataFrame
    information: pd.DataFrame
    runs: pd.DataFrame
    fits: pd.DataFrame
    distances: pd.DataFrame
    chain: pd.DataFrame
    sampling: pd.DataFrame
    errors: pd.DataFrame | None
    ranks: pd.DataFrame | None
    rivals: pd.DataFrame | None
    record: Mapping[str, Any]

    kind: ClassVar[str] = KIND

    @property
    def posterior_summary(self) -> pd.DataFrame:
        """Prior against posterior, one row per parameter, most narrowed first."""
        ranges = [(name, self.record["defaults"][name], *ends) for name, ends in self.record["parameters"].items()]
        return posterior_summary(
            self.posterior, pd.DataFrame(ranges, columns=["name", "default", "low", "high"]), prior_value
        )

    @property
    def correlations(self) -> pd.DataFrame:
        """The strongest rank correlations of pairs of parameters."""
        return correlations(self.posterior)

    @property
    def recovery(self) -> pd.DataFrame | None:
        """Recovery of known values and uniformity of their ranks; None without a test."""
        return None if self.ranks is None else recovery_rows(self.ranks)

    @property
    def checks(self) -> pd.DataFrame:
        """Posterior predictive checks with their bars, one row per check."""
        recovery = self.recovery
        outside = None if recovery is None else int(recovery.loc[recovery["name"] != EFFECT, "outside"].sum())
        return checks(self.fits, self.runs, self.record["targets"], outside)

    @property
    def central_set(self) -> int:
        """The number of a central set of the posterior that is near the record."""
        distances = self.distances["distance"]
        return int(self.distances["set"].iloc[central_set(self._simulated, distances)])

    @property
    def proposed_defaults(self) -> pd.DataFrame:
        """Defaults and the values of the central set: parameter, default, proposed."""
        values = self.posterior.loc[self.central_set]
        defaults = [self.record["defaults"][name] for name in values.index]
        return pd.DataFrame({"parameter": values.index, "default": defaults, "proposed": values.to_numpy()})

    @property
    def plot(self) -> CalibrationPlots:
        """Figures of the calibration: page(), and ranks() if truths were simulated."""
        return CalibrationPlots(self.posterior_summary, len(self.posterior), self.ranks, self.record)

    def to_arviz(self) -> Any:
        """Return the calibration for ArviZ, as an `xarray.DataTree` (called InferenceData before ArviZ 1.0).

        Its groups are `posterior` (a chain per walker, a draw per stored step), `log_likelihood` (variable `record`: each
        published figure given all others, by the emulator), `posterior_predictive` and `observed_data` (variable
        `figure`: simulated facts of the first sets, and published facts, in their own units).

        Raises:
            InputError: ArviZ is not installed

        Example:
            >>> import arviz  # doctest: +SKIP
            >>> arviz.summary(Calibration.load("results/calibrate").to_arviz())  # doctest: +SKIP
        """
        return to_arviz(self.chain, self.runs, self.record)

    @property
    def _simulated(self) -> pd.DataFrame:
        return self.posterior.loc[self.distances["set"]]

    def summary(self) -> str:
        """Return the calibration as text: rounds, posterior, information, rivals, and comparison with the record."""
        return text(Chapter(KIND, "Calibration", [*self._blocks()]))

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the calibration as a chapter of a report.

        Args:
            title: of the chapter; None for its own
        """
        return Chapter(KIND, title or "Calibration", [self._drawing(), *self._blocks(), *self._drawn_ranks()])

    def contents(self) -> Mapping[str, bytes]:
        """Return the files of the calibration: content by file name."""
        from sim.figures.export import render

        tables = {file: getattr(self, name) for name, (file, _) in TABLES.items()}
        return {
            "posterior.csv": bytes_of(self.posterior, "csv", FORMAT),
            **{file: bytes_of(table, "csv") for file, table in tables.items() if table is not None},
            "checks.csv": bytes_of(self.checks, "csv"),
            **({} if self.ranks is None else {"recovered.csv": bytes_of(recovery_rows(self.ranks), "csv")}),
            "table.parquet": bytes_of(self.runs, "parquet"),
            "chain.parquet": bytes_of(self.chain, "parquet"),
            "summary.txt": self.summary().encode(),
            **{path.name: content for path, content in render(self.plot.page(), Path("learned")).items()},
            **({} if self.ranks is None else {p.name: c for p, c in render(self.plot.ranks(), Path("ranks")).items()}),
        }

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the calibration in a folder.

        Raises:
            InputError: a table is missing, broken or changed, or the calibration has not finished
        """
        record = folder.manifest
        folder.require_ended("defaults")
        if "effective" not in record:
            raise InputError(
                f"the calibration in {folder.folder} is of an earlier version, without effective numbers; choose another "
                "`out` for a new one"
            )
        absent = [name for name, key in (("ranks", "truths"), ("rivals", "rivals")) if not record[key]]
        absent += ["errors"] if record["configuration"]["rounds"] == 1 else []
        posterior = folder.table("posterior.csv", list(record["parameters"])).astype(float)
        tables: dict[str, Any] = {
            name: None if name in absent else folder.table(file, columns) for name, (file, columns) in TABLES.items()
        }
        try:
            runs = pd.read_parquet(BytesIO(folder.drawing("table.parquet")))
        except (OSError, ValueError):
            raise InputError(
                f"{folder.folder / 'table.parquet'} is broken; run {folder.command} again to write it"
            ) from None
        chain = folder.runs("chain.parquet", ["chain", "draw"])
        return cls(posterior=posterior, runs=runs, chain=chain, record=record, **tables)

    def _drawing(self) -> Drawing:
        from sim.figures.export import render

        (svg,) = render(self.plot.page(), Path("learned"), ("svg",)).values()
        words = "One row per parameter: the range of its prior, the middle 90% and median of its posterior, and its default."
        return Drawing(svg, "Information of the record on each parameter.", f"{words} The table below has the numbers.")

    def _drawn_ranks(self) -> list[Drawing]:
        if self.ranks is None:
            return []
        from sim.figures.export import render

        (svg,) = render(self.plot.ranks(), Path("ranks"), ("svg",)).values()
        words = "One row per parameter: number of known values in each tenth of their posterior. The tables have the numbers."
        return [Drawing(svg, "Ranks of known parameters in their posteriors.", words)]

    def _blocks(self) -> Iterator[Block]:
        yield from self._posterior_blocks()
        yield from self._model_blocks()
        yield from self._record_blocks()
        failures = failed_draws(self.record["failed"])
        yield from [Prose(failures)] if failures else []

    def _posterior_blocks(self) -> Iterator[Block]:
        for name, log in self.rounds.groupby("stage", sort=False):
            effort = f"{log['draws'].sum():,} draws, {log['seconds'].sum() / 60.0:.1f} minutes"
            yield rows_of(f"Stage {name}: {effort}", log.drop(columns="stage"), 2)
        yield Prose(f"{len(self.posterior)} parameter sets.")
        options = self.record["configuration"]
        warning = few_draws(self.record["estimated"], options["draws"], options["rounds"])
        yield from [Prose(warning)] if warning else []
        yield from sampling_blocks(self.sampling)
        yield from emulator_blocks(self.errors, options)
        yield rows_of("Prior against posterior", self.posterior_summary)
        yield rows_of("Strongest rank correlations", self.correlations, 2)
        yield Prose(effective_sentence(self.record["effective"]))
        yield rows_of("Information on each parameter by pattern", strongest_patterns(self.information), 2, INFORMATION)

    def _model_blocks(self) -> Iterator[Block]:
        recovery = self.recovery
        yield from [] if recovery is None else recovery_blocks(recovery)
        if self.rivals is not None:
            yield rows_of("Rivals, fitted to the same record", self.rivals, 3, RIVALS)
            yield from (Prose(sentence) for sentence in rival_sentences(self.rivals))

    def _record_blocks(self) -> Iterator[Block]:
        for name, table in self.fits.groupby("scenario", sort=False):
            sets = int((self.runs["scenario"] == name).sum())
            yield rows_of(f"{readable_name(str(name))} over the posterior, {sets} sets", record_cells(table))
            yield Prose(f"{record_sentence(table)} {band_sentence(table)}")
        yield from check_blocks(self.checks)
        distances, at_defaults = self.distances["distance"], self.record["at_defaults"]
        defaults = pd.DataFrame([self.record["defaults"]])[list(self.posterior)]
        farther = (
            distance_from_centre(self.posterior, self.posterior) > distance_from_centre(self.posterior, defaults)
        ).mean()
        yield Prose(defaults_sentence(at_defaults["runs"], at_defaults["distance"], distances, farther))
        number = self.central_set
        distance = distances[self.distances["set"] == number].iloc[0]
        where = f"set {number}, {distance:.2f} tolerances from the record, median {distances.median():.2f}"
        cells = self.proposed_defaults.assign(
            default=self.proposed_defaults["default"].map("{:g}".format),
            proposed=self.proposed_defaults["proposed"].map("{:.4g}".format),
        )
        yield rows_of(f"A central set near the record as new defaults ({where})", cells)
