"""Optimisation: decisions that no other one beats in every goal, confirmed with fresh seeds."""

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
from sim.results.identity import environment, identity, sources_hash
from sim.results.resumable import open_store
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
"""What an optimisation is begun with, and the words for a difference."""


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
    progress: bool = True,
    out: str | Path | None = None,
) -> Optimisation:
    """Search for decisions that no other one beats in every goal, and run the best again with fresh seeds.

    Every decision meets the same seeds and the same parameter sets (common random numbers). The finalists are compared in
    pairs with the scenario as it is. It needs Optuna (the extra `analysis`).

    Args:
        scenario: name of a scenario, the path of its file, or a scenario as `sim.scenario` gives it
        timing: months by which its windows come later, or "never"; None as it says
        split: parameters that share a budget, whose sum stays; None: no budget is split
        launch: earliest and latest months by which the launch may come later; None: it is not moved
        vary: further levers, as in a sweep: names, or names with their ranges
        more: outcomes of which more is better
        less: outcomes of which less is better
        robust: value of a decision over seeds: `mean`, or `worst_quarter`, the mean of the quarter in which it does worst
        overrides: parameters that differ in all runs, by dotted name
        uncertainty: `posterior`, each seed its own parameter set; `point`; `structures`, of the models by weight; or a path
        seeds: runs of a decision in the search
        population: decisions a generation
        generations: of the search
        search_seed: of the search
        finalists: decisions of the front that are run again
        fresh: further seeds with which those, and the scenario as it is, are run again
        doubling: what counts as doubling, as keys or as a `Doubling`; None: twice the published count of 2012 by 2020
        jobs: processes; None for all cores
        progress: show bars
        out: folder that keeps runs as they come, so that the same call goes on from them, and the result, which
            `Optimisation.load` reads; None: nothing is kept

    Returns:
        The optimisation: candidates, front and runs, with `summary()`, `plot`, `chapter()` and `save(folder)`.

    Raises:
        InputError: an option is wrong, Optuna is not installed, or `out` holds other work or is in use

    Example:
        >>> import sim
        >>> found = sim.optimise(generations=5, population=12, seeds=8, fresh=20)  # doctest: +SKIP
        >>> found.front  # doctest: +SKIP
    """
    call = locals() | {"scenario": scenario.name if isinstance(scenario, Scenario) else scenario}
    flag("progress", progress)
    if not isinstance(overrides, Mapping | None):
        raise InputError(f"`overrides` holds parameters by dotted name and their values; got {shown(overrides)}")
    case = scenario_of(str(scenario) if isinstance(scenario, Path) else scenario, overrides, timing)
    space = decision_space(case, split, launch, vary, overrides or {})
    goals = goals_with(more, less, robust, doubling_from(doubling), case)
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
    require_run_reaches(goals.doubling, case.last_month)
    require_optuna()
    made_with = {
        "command": origin(call_of(optimise, call)),
        **study_inputs(str(call["scenario"]), case, overrides or {}, uncertainty, sets),
        "timing": timing,
        "model": sources_hash(),
        "case": identity(case),
        "search": {"split": split, "launch": launch, "vary": vary, "more": listed(more), "less": listed(less),
                   "robust": robust, "seeds": seeds, "population": population, "search_seed": search_seed},
    }  # fmt: skip
    with open_store(out, Optimisation.kind) as store:
        if out is not None:
            begin_or_resume(store.folder, Optimisation.kind, made_with, BEGUN_WITH, str(made_with["command"]))
        evaluations = Evaluations(store, sets, workers)
        return optimisation(search, evaluations, most, count, made_with | {"kept": out is not None}).kept_in(out)


def goals_with(more: Any, less: Any, robust: Any, doubling: Doubling, scenario: Scenario) -> Goals:
    """Return the goals of an optimisation.

    Raises:
        InputError: there is no goal, an outcome is unknown, or `robust` is not known
    """
    if not is_one_of(robust, ROBUST):
        raise InputError(f"`robust` must be one of {', '.join(ROBUST)}; got {shown(robust)}")
    return Goals(goals_of(listed(more), listed(less), columns_of(scenario)), robust, doubling)


def listed(names: Any) -> list[str]:
    """Return one name, several or none as a list.

    Raises:
        InputError: it is neither
    """
    if isinstance(names, str):
        return [names]
    if not isinstance(names, Sequence | None):
        raise InputError(f"`more` and `less` are lists of outcomes; got {shown(names)}")
    return [str(name) for name in names or ()]


def optimisation(
    search: ParetoSearch, evaluations: Evaluations, most: int, fresh: int, made_with: Mapping[str, Any]
) -> Optimisation:
    """Search, run the best decisions again, and return both.

    Args:
        search: to run
        evaluations: that simulate decisions and keep their runs
        most: finalists
        fresh: further seeds
        made_with: what the optimisation is made with
    """
    space, goals = search.space, search.goals
    candidates = search.run(evaluations)
    chosen, on_front = finalists_of(candidates, goals.directions, most)
    front, runs = pd.DataFrame(), pd.DataFrame()
    if len(chosen):
        points = [space.point(values) for values in (space.as_is, *records_of(chosen, space.names))]
        seeds = range(len(search.replicates) + 1, len(search.replicates) + fresh + 1)
        found = evaluations.of(points, seeds, "fresh seeds" if search.progress else None)
        runs = with_clusters(found, len(evaluations.sets), structures_of(evaluations.sets))
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
    record = {**made_with, "terms": terms.record, "failures": failures, "environment": environment()}
    return Optimisation(candidates, front, runs, record)


def last_line(failures: Sequence[Mapping[str, Any]]) -> str:
    """Return how the traceback of the first failure ends; empty: none."""
    return str(failures[0]["traceback"]).strip().splitlines()[-1] if failures else ""


def labels_of(space: DecisionSpace, goals: Mapping[str, str]) -> dict[str, str]:
    """Return goals and levers in words with their unit."""
    labels = {LAUNCH: "Launch [months later than it was]"} | {name: label_of(name) for name in goals}
    for name in (*space.split, *(factor.name for factor in space.factors)):
        labels[name] = f"{name.split('.')[-1].replace('_', ' ')} [{declared(name)[1].unit}]"
    return labels
