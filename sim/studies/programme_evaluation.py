"""Evaluation of a programme by difference-in-differences, in runs in which its true effect is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from sim.analysis.clusters import sharing_note, with_clusters
from sim.analysis.evaluation_bias import ERRORS, Pair, mean_trajectories, method_estimates
from sim.errors import InputError, flag, is_one_of, shown
from sim.figures.evaluation import study_page
from sim.figures.export import render
from sim.findings.evaluation import headline
from sim.policy import Scenario
from sim.reports.blocks import Chapter
from sim.reports.chapters.evaluation import evaluation_blocks, evaluation_drawing
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.folder import footnote
from sim.results.result_folder import ResultFolder
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.parallel import map_tasks, processes
from sim.runs.posterior import POINT, ParameterSets, parameter_sets, set_of, structures_of
from sim.runs.run import Run, simulate
from sim.studies.setup import overrides_in, record_of, scenario_named, seed_range
from sim.world.state import path_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OUTCOMES: dict[str, tuple[str, Callable[[pd.DataFrame], Any]]] = {
    "share": ("points of the share at five units", lambda p: 100.0 * p["maths_5unit_takers"] / p["maths_takers"]),
    "takers": ("students at five units a school", lambda p: p["maths_5unit_takers"]),
}
"""Outcomes by name: unit in words, and function of a school file."""

UNTIL = {"setting.until": "2017-08"}
"""Last month of the runs unless `overrides` sets another one: that of the record, when about 40% of schools are served."""


def first_served(run: Run) -> dict[int | str, int]:
    """Return the first year in which partners' programmes reached each school."""
    placed = run.placements
    served = placed[placed.filter(like="delivered_").sum(axis=1) > 0.0]
    first = served.groupby("school")["year"].min()
    return dict(zip(first.index, first.astype(int), strict=True))


def first_piloted(run: Run) -> dict[int | str, int]:
    """Return the first year of the ministry's pilot for each school of the pilot."""
    years = [year for year, world in run.worlds.items() if world.schools.pilot.any()]
    schools = run.schools["id"]
    return dict.fromkeys(schools[run.world.schools.pilot.astype(bool)], min(years)) if years else {}


def without_partners(scenario: Scenario) -> Scenario:
    """Return a scenario without the launch of the network, whose organisations place no programmes."""
    policy = scenario.policy.without("network.launched", "ministry.trust_carried_over", "commitment.independent")
    values = {"network.launched": False, "commitment.independent": 0.0}
    return replace(scenario, parameters=scenario.parameters.with_(values), policy=policy)


def without_pilot(scenario: Scenario) -> Scenario:
    """Return a scenario without money for the pilot."""
    return replace(scenario, parameters=scenario.parameters.with_({"ministry.pilot_budget": 0.0}))


PROGRAMMES = {"partners": (first_served, without_partners), "pilot": (first_piloted, without_pilot)}
"""Programmes by name: function for its first year by school, and function for a scenario without it."""


@dataclass(frozen=True)
class ProgrammeOptions:
    """Options of the evaluation of each run.

    Args:
        scenario: with the programme
        programme: a name in PROGRAMMES
        outcome: a name in OUTCOMES
        interval: a name in ERRORS
        other: counterfactual scenario; None for the same scenario without the programme
        sets: parameter sets of a posterior

    Raises:
        InputError: the programme, outcome or interval is unknown
    """

    scenario: Scenario
    programme: str
    outcome: str
    interval: str
    other: Scenario | None
    sets: ParameterSets

    def __post_init__(self) -> None:
        for key, names in (("programme", PROGRAMMES), ("outcome", OUTCOMES), ("interval", ERRORS)):
            value = getattr(self, key)
            if not is_one_of(value, names):
                raise InputError(f"`{key}` must be one of {', '.join(names)}; got {shown(value)}")

    def evaluate(self, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the estimates and the truth in the run of a seed, and the courses by year.

        Raises:
            InputError: the run has too few schools with the programme or without it
        """
        first_of, without = PROGRAMMES[self.programme]
        values = set_of(self.sets, seed)
        run = simulate(self.scenario.drawn(values), seed)
        other = self.other.drawn(values) if self.other else without(run.scenario.held(path_of(run.world)))
        column = OUTCOMES[self.outcome][1]
        panels = [each.panel.assign(outcome=column) for each in (run, simulate(other, seed))]
        pair = Pair.of(panels[0].assign(first=panels[0]["school_id"].map(first_of(run))), panels[1])
        return method_estimates(pair, self.interval).assign(seed=seed), mean_trajectories(pair).assign(seed=seed)


@on_engine
def evaluate_programme(
    programme: str = "partners",
    scenario: str = "historical",
    *,
    outcome: str = "share",
    interval: str = "jackknife",
    without: str | None = None,
    timing: int | str | None = None,
    seeds: int = 40,
    first_seed: int = 1,
    overrides: Mapping[str, Any] | None = None,
    uncertainty: str | Path = POINT,
    jobs: int | None = None,
    engine: EngineOption = None,
    progress: bool = True,
) -> ProgrammeEvaluation:
    """Evaluate a programme in simulated runs by plain and synthetic difference-in-differences, and compare with the truth.

    Each run is simulated twice with the same seed, with the programme and without it, so that its true effect is known.

    Args:
        programme: `partners`, schools that partners serve, each from its first year; or `pilot`, the ministry's pilot
        scenario: name of a scenario with the programme, or path of its file
        outcome: `share` of maths takers at five units [points], or `takers` at five units [students a school]
        interval: standard errors by `jackknife`, or by `placebo`, which needs more other schools than programme schools
        without: counterfactual scenario; None: the same run without the programme, its dates held
        timing: months by which the policy windows come later, or `never`; None: as the scenario has it
        seeds: number of runs
        first_seed: first of the seeds
        overrides: parameters that differ, by dotted name; runs end in August 2017 unless `setting.until` is set
        uncertainty: `point`, `posterior` (each seed its own parameter set), `structures` (of the models, by weight), or a path
        jobs: processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        progress: show a bar

    Returns:
        The estimates of each run and the truth, with summary, figures and chapter.

    Raises:
        InputError: a name is unknown, a value is wrong, or a run has too few schools

    Example:
        >>> import sim
        >>> sim.evaluate_programme("pilot", seeds=20).summary()  # doctest: +SKIP
    """
    options = dict(locals())
    flag("progress", progress)
    values = UNTIL | overrides_in(overrides)
    sets, list_of_seeds, _ = parameter_sets(uncertainty), seed_range(seeds, first_seed), processes(jobs)
    other = None if without is None else scenario_named(without, timing, values)
    study = ProgrammeOptions(scenario_named(scenario, timing, values), programme, outcome, interval, other, sets)
    arguments = [(seed,) for seed in list_of_seeds]
    label = "simulating" if progress else None
    frames = map_tasks(partial(ProgrammeOptions.evaluate, study), arguments, jobs, study.scenario, label)
    rows, years = (pd.concat(each, ignore_index=True) for each in zip(*frames, strict=True))
    record = record_of("sim.evaluate_programme", options, study.scenario, sets) | {
        "programme": programme,
        "outcome": outcome,
        "interval": interval,
        "against": other.name if other else "the same run without it",
    }
    return ProgrammeEvaluation(record, with_clusters(rows, len(sets), structures_of(sets)), years)


@dataclass(frozen=True, repr=False)
class ProgrammeEvaluation(StudyResult):
    """Estimates of a programme's effect in runs, and its true effect.

    Args:
        record: how it was made
        studies: a row a run and method: truth, estimate, low, high, selection, spillover [unit of the outcome]
        courses: a row a run and year: programme schools, their synthetic control, the same schools without the programme
    """

    kind: ClassVar[str] = "study of a programme"

    record: Mapping[str, Any]
    studies: pd.DataFrame
    courses: pd.DataFrame

    @property
    def unit(self) -> str:
        """Unit of the outcome, in words."""
        return OUTCOMES[self.record["outcome"]][0]

    @property
    def plot(self) -> EvaluationPlots:
        """Figures: page()."""
        return EvaluationPlots(self)

    def summary(self) -> str:
        """Return the bias of each method and its parts as text."""
        return text(Chapter("evaluation", self._title, evaluation_blocks(self.record, self.studies, self.unit)))

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the evaluation as a chapter of a report.

        Args:
            title: of the chapter; None for its own
        """
        svg = next(iter(render(self.plot.page(), "did", ("svg",)).values()))
        blocks = [*evaluation_blocks(self.record, self.studies, self.unit), evaluation_drawing(svg, self.unit)]
        return Chapter("evaluation", title or self._title, blocks)

    @property
    def _title(self) -> str:
        return f"What evaluators would find: {self.record['programme']}"

    def contents(self) -> dict[str, bytes]:
        """Return the files of a folder of the evaluation: tables, the page in three forms, and summary.txt."""
        pages = {path.name: content for path, content in render(self.plot.page(), "did").items()}
        tables = {"studies.csv": bytes_of(self.studies, "csv"), "courses.csv": bytes_of(self.courses, "csv")}
        return tables | pages | {"summary.txt": self.summary().encode()}

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the evaluation in a folder.

        Raises:
            InputError: a file is missing, broken or changed
        """
        rows = folder.table("studies.csv", ["method", "truth", "estimate", "low", "high", "seed"])
        return cls(
            folder.manifest, rows, folder.table("courses.csv", ["year", "programme", "control", "without", "seed"])
        )


@dataclass(frozen=True)
class EvaluationPlots:
    """Figures of a programme evaluation.

    Args:
        result: that is drawn
    """

    result: ProgrammeEvaluation

    def page(self) -> Figure:
        """Return the page with the courses of the schools, the estimates of all runs, and the parts of the bias."""
        result = self.result
        foot = f"{headline(result.record, result.studies)}\n{footnote(result.record['command'], sharing_note(result.studies))}"
        return study_page(result.studies, result.courses, result.unit, foot)
