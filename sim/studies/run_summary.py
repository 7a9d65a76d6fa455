"""Summaries of one scenario: one run with its tables and figures, or many runs with their fan and their fit to the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from sim.analysis.doubling import Doubling, doubling_for, doubling_from, require_run_reaches
from sim.catalogue import targets
from sim.errors import InputError, flag
from sim.figures.export import render
from sim.figures.run_plots import add_footer, examinees_axes
from sim.findings.fit import not_compared_sentence, variation_sentence
from sim.parameters import declared_parameters
from sim.policy import Scenario
from sim.reports.blocks import Chapter
from sim.reports.chapters.run import many_runs_blocks, one_run_blocks, overrides_text, run_drawings
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.identity import sources_hash
from sim.results.result_folder import ResultFolder
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.ensemble import Ensemble, ensemble
from sim.runs.parallel import processes
from sim.runs.posterior import POINT, ParameterSets, parameter_sets, set_of
from sim.runs.run import Run, simulate
from sim.studies.setup import record_of, scenario_named, seed_range

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NATIONAL_MEANS = ("ministry.national_budget", "ministry.pilot_budget", "ministry.pilot_schools", "staffing.supply",
                  "staffing.cap", "school.reserves_schools")  # fmt: skip
"""Parameters for the country's money, schools and teachers, which do not fit a user's school file."""

RUN_TABLES = ("outcomes", "years", "months", "events", "organisations", "ties", "schools", "placements")
"""Tables of one run."""


@on_engine
def run_summary(
    scenario: str = "historical_emergent",
    *,
    timing: int | str | None = None,
    seeds: int = 1,
    first_seed: int = 1,
    overrides: Mapping[str, Any] | None = None,
    uncertainty: str | Path = POINT,
    doubling: Doubling | Mapping[str, Any] | None = None,
    jobs: int | None = None,
    engine: EngineOption = None,
    progress: bool = True,
) -> RunSummary:
    """Simulate one scenario: with one seed, a run and all its tables; with more, an ensemble and its fit to the record.

    Args:
        scenario: name of the scenario, or path of its file
        timing: months by which the policy windows come later, or `never`; None: as the scenario has it
        seeds: number of runs
        first_seed: first of the seeds
        overrides: parameters that differ, by dotted name
        uncertainty: `point`, `posterior` (each seed its own parameter set), `structures` (of the models, by weight), or a path
        doubling: what counts as doubling, by its keys base, factor, of, by; None: twice the count of 2012 by 2020
        jobs: processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        progress: show a bar, for several runs

    Returns:
        The summary, with tables, figures and chapter.

    Raises:
        InputError: a name is unknown, a value is wrong, or many runs end before the year of doubling

    Example:
        >>> import sim
        >>> sim.run_summary("historical", seeds=100).summary()  # doctest: +SKIP
    """
    options = dict(locals())
    flag("progress", progress)
    full, chosen, goal = (
        scenario_named(scenario, timing, overrides),
        seed_range(seeds, first_seed),
        doubling_from(doubling),
    )
    sets, _ = parameter_sets(uncertainty), processes(jobs)
    if len(chosen) > 1:
        require_run_reaches(goal, full.last_month)
    record = record_of("sim.run_summary", options, full, sets) | described(full) | {
        "timing": timing, "seeds": len(chosen), "first_seed": chosen[0], "doubling": asdict(doubling_for(goal, full.national)),
    }  # fmt: skip
    if len(chosen) == 1:
        return summary_of(simulate(full.drawn(set_of(sets, chosen[0])), chosen[0]), record)
    runs = ensemble(full, chosen, jobs, progress=progress, uncertainty=uncertainty)
    return RunSummary(record | {"failures": [str(failure["traceback"]) for failure in runs.failures]}, runs.frame)


def described(scenario: Scenario) -> dict[str, Any]:
    """Return facts on a scenario for its summary: its size beside the country's, and notes on its files."""
    values = {name: scenario.parameters[name] for name in NATIONAL_MEANS}
    return {
        "national": scenario.national,
        "part": scenario.part,
        "national_means": {name: v for name, v in values.items() if v == declared_parameters()[name][0]},
        "organisations_drawn": not scenario.files.organisations,
        "notes": list(scenario.files.notes),
        "failures": [],
    }


def size_sentence(scenario: Scenario) -> str:
    """Return a sentence on the size of a scenario's schools beside the country's, and on parameters of the country."""
    about = described(scenario)
    return not_compared_sentence(about["part"], about["national_means"], about["organisations_drawn"])


def summary_of(run: Run, record: Mapping[str, Any]) -> RunSummary:
    """Return the summary of a run.

    Args:
        run: that was simulated
        record: how it was made
    """
    return RunSummary(record, run.outcomes.to_frame().T, run.events, run)


@dataclass(frozen=True, repr=False)
class RunSummary(StudyResult):
    """Summary of one run, or of many runs of one scenario.

    Args:
        record: how it was made
        frame: a row a run with its outcomes
        events: of one run; None for many runs
        simulated: the run itself; None for many runs, or if it was read from a folder
        files: content of its folder by file name, if one run was read from it
    """

    kind: ClassVar[str] = "run"

    record: Mapping[str, Any]
    frame: pd.DataFrame
    events: pd.DataFrame | None = None
    simulated: Run | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def run(self) -> Run:
        """Run of the summary; a run that was read from a folder is simulated again.

        Raises:
            InputError: there are many runs, or the folder was made with another version of the model
        """
        if self.events is None:
            raise InputError(f"the summary is of {len(self.frame)} runs; `sim.simulate` gives one of them")
        if self.simulated is not None:
            return self.simulated
        if self.record["environment"]["model"] != sources_hash():
            raise InputError(f"the run was made with another model version; make it again ({self.record['command']})")
        full = scenario_named(self.record["baseline"], self.record["timing"], self.record["set"])
        sets: ParameterSets = parameter_sets(self.record["uncertainty"])
        return simulate(full.drawn(set_of(sets, self.record["first_seed"])), self.record["first_seed"])

    @property
    def plot(self) -> RunSummaryPlots:
        """Figures: page(); networks() of one run; fan() and fit() of many."""
        return RunSummaryPlots(self)

    def summary(self) -> str:
        """Return the events as text, compared with the record if the schools are the country's."""
        return text(Chapter("run", self._title, self._blocks()))

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the summary as a chapter of a report.

        Args:
            title: of the chapter; None for its own
        """
        svgs = {name: content for name, content in self._drawings(("svg",)).items() if name.endswith(".svg")}
        return Chapter("run", title or self._title, [*self._blocks(), *run_drawings(svgs)])

    @property
    def _title(self) -> str:
        return f"{self.record['called']}: " + ("one run" if self.record["seeds"] == 1 else f"{len(self.frame)} runs")

    def _blocks(self) -> list[Any]:
        if self.events is None:
            return many_runs_blocks(self.record, self.frame, targets())
        return one_run_blocks(self.record, self.frame, self.events, targets())

    def _drawings(self, forms: tuple[str, ...] = ("pdf", "svg", "png")) -> dict[str, bytes]:
        """Return the figures by file name; those of one run from its folder if it was read from there."""
        if self.events is None:
            fan = [form for form in forms if form != "pdf"]
            pages = render(self.plot.fan(), "fan", tuple(fan))
            pages |= render(self.plot.fit(), "fit", forms) if self.record["national"] else {}
        elif self.files:
            return {name: each for name, each in self.files.items() if name.split(".")[-1] in forms}
        else:
            plot = self.run.plot
            pages = render(self.plot.page(), "page", forms) | render(plot.networks(), "networks", forms)
        return {path.name: content for path, content in pages.items()}

    def contents(self) -> dict[str, bytes]:
        """Return the files of a folder of the summary: tables, figures and summary.txt."""
        if self.files:
            return dict(self.files)
        if self.events is None:
            tables = {f"table.{form}": bytes_of(self.frame, form) for form in ("parquet", "csv")}
        else:
            tables = {f"{name}.csv": bytes_of(table, "csv") for name, table in self.run.tables().items()}
        return tables | self._drawings() | {"summary.txt": self.summary().encode()}

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the summary in a folder.

        Raises:
            InputError: a file is missing, broken or changed
        """
        if folder.manifest["seeds"] > 1:
            return cls(folder.manifest, folder.runs("table.parquet", ["scenario", "seed"]))
        outcomes = folder.table("outcomes.csv", ["outcome", "value"])
        frame = pd.DataFrame([outcomes["value"].tolist()], columns=outcomes["outcome"].tolist())
        names = [*(f"{name}.csv" for name in RUN_TABLES), "summary.txt"]
        names += [f"{page}.{form}" for page in ("page", "networks") for form in ("pdf", "svg", "png")]
        files = {name: folder.drawing(name) for name in names}
        events = pd.DataFrame(columns=["date", "event"])
        if files["events.csv"].count(b"\n") > 1:
            events = folder.table("events.csv", ["date", "event"])
        return cls(folder.manifest, frame, events, None, files)


@dataclass(frozen=True)
class RunSummaryPlots:
    """Figures of one run, or of many runs of one scenario.

    Args:
        result: that is drawn
    """

    result: RunSummary

    def page(self) -> Figure:
        """Return the page of one run, or the fit of many; their fan if they cannot be compared with the record."""
        if self.result.events is not None:
            made = ", ".join(f"{key} {value}" for key, value in self.result.run.provenance.items())
            return self.result.run.plot.page(provenance=f"{made}{overrides_text(self.result.record)}")
        return self.fit() if self.result.record["national"] else self.fan()

    def networks(self) -> Figure:
        """Return the network of trust of one run at the end of each school year."""
        return self.result.run.plot.networks()

    def fan(self) -> Figure:
        """Return the figure with examinees by year over all runs."""
        frame, record = self.result.frame, self.result.record
        axes = Ensemble(frame).plot.fan() if record["national"] else examinees_axes(frame)
        return add_footer(axes, f"{variation_sentence(record['uncertainty'], record.get('weights', ''))} {self._foot}")

    @property
    def _foot(self) -> str:
        """Command and versions that made the summary."""
        made = self.result.record["environment"]
        return f"{self.result.record['command']}; model {made['model']}, Python {made['python']}"

    def fit(self) -> Figure:
        """Return the page with the record and the runs, pattern by pattern."""
        return Ensemble(self.result.frame).plot.fit(provenance=self.result.record["command"])
