"""Optimisation: find decisions on the Pareto front of several goals and confirm them with fresh seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.clusters import with_clusters
from sim.analysis.doubling import Doubling, doubling_from, require_run_reaches
from sim.analysis.pareto import ROBUST, goals_of
from sim.commands import call_of, origin
from sim.configuration import scenario_of
from sim.design.factors import Vary
from sim.errors import InputError, flag, is_one_of, shown, whole_number
from sim.findings.optimisation import SearchTerms
from sim.labels import label_of, words_of
from sim.optimisation.confirmation import confirmed, finalists_of, records_of
from sim.optimisation.decisions import LAUNCH, DecisionSpace, decision_space, launch_month
from sim.optimisation.result import Optimisation
from sim.optimisation.search import Goals, ParetoSearch, require_optuna
from sim.outcomes.columns import columns_of
from sim.parameters import declared
from sim.policy import Scenario
from sim.results.folder import begin_or_resume
from sim.results.identity import environment, identity, model_hash
from sim.results.resumable import open_store
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.parallel import processes
from sim.runs.posterior import parameter_sets, structures_of
from sim.sweeps.cached_runs import Evaluations
from sim.sweeps.provenance import study_inputs

TASKS = (
    "backbone.convene",
    "backbone.broker",
    "backbone.transparency",
    "backbone.mediate",
    "backbone.couple",
    "backbone.recruit",
)
"""Tasks of the backbone, which share its hours."""

BEGUN_WITH = {
    "model": "another model version",
    "case": "another scenario, or other parameters",
    "posterior": "another posterior",
    "search": "another search",
}
"""Keys of the start record, with the words for a difference."""


@on_engine
def optimise(
    scenario: str | Path | Scenario = "historical_emergent",
    *,
    timing: int | str | None = None,
    split: Sequence[str] | None = TASKS,
    launch: Sequence[int] | None = (-18, 18),
    vary: Vary | None = None,
    more: str | Sequence[str] | None = ("examinees_2020",),
    less: str | Sequence[str] | None = ("gap_quintiles_2020", "offered"),
    robust: str = "mean",
    overrides: Mapping[str, Any] | None = None,
    uncertainty: str | Path = "posterior",
    seeds: int = 16,
    population: int = 24,
    generations: int = 20,
    search_seed: int = 1,
    finalists: int = 16,
    fresh: int = 100,
    doubling: Doubling | Mapping[str, Any] | None = None,
    jobs: int | None = None,
    engine: EngineOption = None,
    progress: bool = True,
    out: str | Path | None = None,
) -> Optimisation:
    """Search for decisions on the Pareto front, and run the best again with fresh seeds.

    Every decision is run with the same seeds and parameter sets (common random numbers). The finalists are compared in
    pairs with the scenario as it is. The search needs Optuna (the extra `analysis`).

    Args:
        scenario: name of a scenario, path of its file, or a scenario from `sim.scenario`
        timing: months by which its windows come later, or "never"; None for its own timing
        split: parameters that share a budget with a fixed sum; None for no split
        launch: smallest and largest number of months by which the launch may come later; None for no move
        vary: further levers, as in a sweep: names, or names with their ranges
        more: outcomes of which more is better
        less: outcomes of which less is better
        robust: value of a decision over seeds: `mean`, or `worst_quarter`, the mean of the quarter in which it does worst
        overrides: parameters that are fixed in all runs, by dotted name
        uncertainty: `posterior` (one parameter set per seed), `point`, `structures` (models by weight), or a path
        seeds: number of runs per decision in the search
        population: number of decisions per generation
        generations: number of generations
        search_seed: seed of the search
        finalists: number of decisions of the front that are run again
        fresh: number of new seeds for these and the scenario as it is
        doubling: definition of a doubling, by keys or as a `Doubling`; None for twice the published count of 2012 by 2020
        jobs: number of processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        progress: show progress bars
        out: folder for the runs, so that the same call resumes, and for the result, which
            `Optimisation.load` reads; None for no folder

    Returns:
        The optimisation: candidates, front and runs, with `summary()`, `plot`, `chapter()` and `save(folder)`.

    Raises:
        InputError: an option is wrong, Optuna is not installed, or `out` holds other work or is in use

    Example:
        >>> import sim
        >>> result = sim.optimise(generations=5, population=12, seeds=8, fresh=20)  # doctest: +SKIP
        >>> result.front  # doctest: +SKIP
    """
    call = locals() | {"scenario": scenario.name if isinstance(scenario, Scenario) else scenario}
    flag("progress", progress)
    if not isinstance(overrides, Mapping | None):
        raise InputError(f"`overrides` must be a mapping of parameters by dotted name; got {shown(overrides)}")
    resolved_scenario = scenario_of(str(scenario) if isinstance(scenario, Path) else scenario, overrides, timing)
    space = decision_space(resolved_scenario, split, launch, vary, overrides or {})
    goals = goals_with(more, less, robust, doubling_from(doubling), resolved_scenario)
    search = ParetoSearch(
        space,
        goals,
        range(1, whole_number("`seeds`", seeds, 2) + 1),
        whole_number("`population`", population, 2),
        whole_number("`generations`", generations, 1),
        whole_number("`search_seed`", search_seed, 0),
        progress,
    )
    most, count = whole_number("`finalists`", finalists, 1), whole_number("`fresh`", fresh, 2)
    sets, workers = parameter_sets(uncertainty), processes(jobs)
    require_run_reaches(goals.doubling, resolved_scenario.last_month)
    require_optuna()
    inputs = {
        "command": origin(call_of(optimise, call)),
        **study_inputs(str(call["scenario"]), resolved_scenario, overrides or {}, uncertainty, sets),
        "timing": timing,
        "model": model_hash(),
        "case": identity(resolved_scenario),
        "search": {"split": split, "launch": launch, "vary": vary, "more": name_list(more), "less": name_list(less),
                   "robust": robust, "seeds": seeds, "population": population, "search_seed": search_seed},
    }  # fmt: skip
    with open_store(out, Optimisation.kind) as store:
        if out is not None:
            begin_or_resume(store.folder, Optimisation.kind, inputs, BEGUN_WITH, str(inputs["command"]))
        evaluations = Evaluations(store, sets, workers)
        return optimisation(search, evaluations, most, count, inputs | {"kept": out is not None}).saved_in(out)


def goals_with(more: Any, less: Any, robust: Any, doubling: Doubling, scenario: Scenario) -> Goals:
    """Return the goals of an optimisation.

    Raises:
        InputError: there is no goal, or an outcome or `robust` is unknown
    """
    if not is_one_of(robust, ROBUST):
        raise InputError(f"`robust` must be one of {', '.join(ROBUST)}; got {shown(robust)}")
    return Goals(goals_of(name_list(more), name_list(less), columns_of(scenario)), robust, doubling)


def name_list(names: Any) -> list[str]:
    """Return one name, several or none as a list.

    Raises:
        InputError: it is not a name or a list
    """
    if isinstance(names, str):
        return [names]
    if not isinstance(names, Sequence | None):
        raise InputError(f"`more` and `less` must be lists of outcomes; got {shown(names)}")
    return [str(name) for name in names or ()]


def optimisation(
    search: ParetoSearch, evaluations: Evaluations, most: int, fresh: int, inputs: Mapping[str, Any]
) -> Optimisation:
    """Run a search, run the best decisions again, and return the optimisation.

    Args:
        search: to run
        evaluations: that simulate decisions and keep their runs
        most: maximum number of finalists
        fresh: number of new seeds
        inputs: of the optimisation, for its record
    """
    space, goals = search.space, search.goals
    candidates = search.run(evaluations)
    chosen, on_front = finalists_of(candidates, goals.directions, most)
    front, runs = pd.DataFrame(), pd.DataFrame()
    if len(chosen):
        points = [space.point(values) for values in (space.as_is, *records_of(chosen, space.names))]
        seeds = range(len(search.replicates) + 1, len(search.replicates) + fresh + 1)
        fresh_runs = evaluations.of(points, seeds, "fresh seeds" if search.progress else None)
        runs = with_clusters(fresh_runs, len(evaluations.sets), structures_of(evaluations.sets))
        front = confirmed(runs, chosen, space, goals)
    terms = SearchTerms(
        split=space.split,
        total=space.total,
        launched=launch_month(space.scenario) if space.launch else None,
        others=tuple(factor.name for factor in space.factors),
        goals=goals.directions,
        robust=goals.robust,
        doubling=goals.doubling.description,
        labels=labels_of(space, goals.directions),
        words={name: words_of(name) for name in goals.directions},
        decisions=len(candidates) - 1,
        front=on_front,
        fresh=fresh,
    )
    failures = {"number": len(evaluations.failures), "first": last_line(evaluations.failures)}
    record = {**inputs, "terms": terms.record, "failures": failures, "environment": environment()}
    return Optimisation(candidates, front, runs, record)


def last_line(failures: Sequence[Mapping[str, Any]]) -> str:
    """Return the last line of the traceback of the first failure; empty if there is none."""
    return str(failures[0]["traceback"]).strip().splitlines()[-1] if failures else ""


def labels_of(space: DecisionSpace, goals: Mapping[str, str]) -> dict[str, str]:
    """Return the labels of goals and levers, with units."""
    labels = {LAUNCH: "Launch [months later than it was]"} | {name: label_of(name) for name in goals}
    for name in (*space.split, *(factor.name for factor in space.factors)):
        labels[name] = f"{name.split('.')[-1].replace('_', ' ')} [{declared(name)[1].unit}]"
    return labels
