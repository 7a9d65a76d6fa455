"""Validation: later facts are scored against the calibrated model and simple rivals, and nothing is fitted again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from sim.analysis.clusters import with_clusters
from sim.analysis.validation import (
    COVERAGE_COLUMNS,
    RIVAL_COLUMNS,
    TOTAL_COLUMNS,
    coverage,
    predictions,
    rival_forecasts,
    totals,
)
from sim.catalogue import targets as facts_to_fit
from sim.declare import Fact
from sim.errors import InputError, flag, whole_number
from sim.figures.export import render
from sim.figures.validation import validation_page
from sim.policy import Scenario
from sim.reports.blocks import Chapter
from sim.reports.chapters.validation import TITLE, validation_blocks, validation_drawing
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.differences import digest
from sim.results.files import bytes_of
from sim.results.result_folder import ResultFolder
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.ensemble import scenario_list
from sim.runs.parallel import processes
from sim.runs.posterior import STRUCTURES, ParameterSets, structures_of
from sim.studies.hypotheses import seeds_of_sets
from sim.studies.later_facts import FITTED_COLUMNS, LaterFacts, later_facts
from sim.studies.records import foot, study_record
from sim.studies.setup import overrides_in
from sim.studies.validation_runs import fact_runs, scored_scenarios, scored_sets
from sim.sweeps.provenance import study_inputs
from sim.tables.paths import expanded_path
from sim.world.facts import cohort

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TABLES = {
    "predictions": ["scenario", *Fact._fields, "later", "lies", "rank", "score"],
    "rivals": RIVAL_COLUMNS,
    "totals": TOTAL_COLUMNS,
    "coverage": COVERAGE_COLUMNS,
    "fitted": FITTED_COLUMNS,
}
"""Tables of a validation, with the columns that they must have."""


@on_engine
def validate(
    file: str | Path,
    scenario: str | Scenario | Sequence[str | Scenario] = "historical",
    *,
    uncertainty: str | Path = STRUCTURES,
    sets: int | None = None,
    seeds: int = 1,
    targets: str | Path = "targets.csv",
    overrides: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    engine: EngineOption = None,
    progress: bool = True,
) -> Validation:
    """Score later facts against the calibrated model and three simple rivals; nothing is fitted again.

    Args:
        file: path of a table of facts in the form of `configs/data/targets.csv`; facts that were fitted are not scored
        scenario: name of a scenario, a scenario, or several; runs end with the last year in the file
        uncertainty: `structures` (sets of the models in proportion to their weights), `posterior`, or the path of a table
        sets: number of parameter sets that are simulated; None for all
        seeds: number of runs of each set, each with its own random draws
        targets: table of the facts that the posterior was fitted to; the rivals use it too
        overrides: parameters that differ, by dotted name
        jobs: processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        progress: show a bar

    Returns:
        The validation: `tables`, `frame` (a row a run), `summary()`, `plot.page()`, `chapter()`, `save(folder)`.

    Raises:
        InputError: a file, a fact or an option cannot be used

    Example:
        >>> import sim
        >>> sim.validate("facts.csv", ["historical", "historical_emergent"]).summary()  # doctest: +SKIP
    """
    options = dict(locals())
    flag("progress", progress)
    if file is None:
        raise InputError("`file` names no table of facts; give the path of one, for example file=facts.csv")
    values = overrides_in(overrides)
    ready = scored_scenarios(scenario, values, targets)
    old = facts_to_fit(str(targets) if isinstance(targets, str | Path) else "")
    posterior, count = scored_sets(uncertainty, ready, sets)
    chosen, workers = seeds_of_sets(count, whole_number("`seeds`", seeds, 1), len(posterior)), processes(jobs)
    facts = later_facts(file, old, ready)
    ready = [each.with_({"setting.until": facts.until}) for each in ready]
    rows = fact_runs(ready, facts.facts, chosen, posterior, workers, "simulating" if progress else None)
    good = [row for row in rows if "traceback" not in row]
    failures = [row for row in rows if "traceback" in row]
    if not good:
        raise InputError(f"every run failed; the first failure is: {failures[0]['traceback'].strip().splitlines()[-1]}")
    frame = with_clusters(pd.DataFrame(good), len(posterior), structures_of(posterior))
    names = [each.name for each in ready]
    frame = frame.sort_values(["scenario", "seed"], key=lambda c: c.map(names.index) if c.name == "scenario" else c)
    tables = _tables(frame, facts, old)
    record = study_record(validate, options, **_record_of(facts, ready, posterior, options), sets=count, runs=len(chosen),
                          tables=[name for name in tables if len(tables[name])], failures=len(failures),
                          **({"failed_runs": failures} if failures else {}))  # fmt: skip
    return Validation(record, tables, frame.reset_index(drop=True))


def _record_of(
    facts: LaterFacts, scenarios: Sequence[Scenario], sets: ParameterSets, options: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the inputs of a validation, for its record."""
    file, table = expanded_path(options["file"]), str(scenarios[0].parameters["setting.cohorts"])
    later = int(facts.tests["later"].sum())
    name = scenario_list(options["scenario"])[0]
    about = study_inputs(name if isinstance(name, str) else name.name, scenarios[0], options["overrides"] or {},
                         options["uncertainty"], sets)  # fmt: skip
    return about | {
        "scenarios": [each.name for each in scenarios],
        "targets": str(options["targets"]),
        "file": file.name,
        "file_hash": digest(file),
        "until": facts.until,
        "facts": later,
        "within": len(facts.tests) - later,
        "fitted_facts": len(facts.fitted),
        "last_fitted": facts.last_fitted,
        "cohorts": {str(year): float(cohort(year, table)) for year in sorted(facts.tests["year"].unique().tolist())},
        "cohorts_file": table,
    }


def _tables(frame: pd.DataFrame, facts: LaterFacts, targets: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the tables of a validation by name."""
    from sim.analysis.fit import facts as fitted_record

    table, others = predictions(frame, facts.tests), rival_forecasts(facts.tests, fitted_record(targets))
    return {"predictions": table, "rivals": others, "totals": totals(table, others), "coverage": coverage(table),
            "fitted": facts.fitted}  # fmt: skip


@dataclass(frozen=True, repr=False)
class Validation(StudyResult):
    """Later facts with the predictions of the calibrated model and of simple rivals.

    Args:
        record: how it was made
        tables: by name: predictions, rivals, totals, coverage, fitted
        frame: a row a run, with the figure of each fact
    """

    kind: ClassVar[str] = "validation"

    record: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    frame: pd.DataFrame

    @property
    def plot(self) -> ValidationPlots:
        """Figures: page()."""
        return ValidationPlots(self)

    def summary(self) -> str:
        """Return the predictions and their scores as text."""
        return text(Chapter("validation", TITLE, validation_blocks(self.record, self.tables)))

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the validation as a chapter of a report.

        Args:
            title: of the chapter; None for its own
        """
        svg = next(iter(render(self.plot.page(), "validation", ("svg",)).values()))
        blocks = [*validation_blocks(self.record, self.tables), validation_drawing(svg)]
        return Chapter("validation", title or TITLE, blocks)

    def contents(self) -> dict[str, bytes]:
        """Return the files of a folder of the validation: tables that have a row, runs, page and summary.txt."""
        tables = {f"{name}.csv": bytes_of(table, "csv") for name, table in self.tables.items() if len(table)}
        pages = {path.name: page for path, page in render(self.plot.page(), "validation").items()}
        runs = {"table.parquet": bytes_of(self.frame, "parquet")}
        return tables | runs | pages | {"summary.txt": self.summary().encode()}

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the validation in a folder.

        Raises:
            InputError: a file is missing, broken or changed
        """
        tables = {
            name: folder.table(f"{name}.csv", columns)
            if name in folder.manifest["tables"]
            else pd.DataFrame(columns=columns)
            for name, columns in TABLES.items()
        }
        return cls(folder.manifest, tables, folder.runs("table.parquet", ["scenario", "seed"]))


@dataclass(frozen=True)
class ValidationPlots:
    """Figures of a validation.

    Args:
        result: that is drawn
    """

    result: Validation

    def page(self) -> Figure:
        """Return the page with each fact and its predictions by runs and rivals, and the ranks of ten facts or more."""
        tables, record = self.result.tables, self.result.record
        return validation_page(tables["predictions"], tables["rivals"], foot(record))
