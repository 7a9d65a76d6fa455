"""Runs of a validation: scenarios, parameter sets, and the figures of the facts in each run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.configuration import scenario_of
from sim.declare import Fact
from sim.errors import InputError, shown, whole_number
from sim.outcomes.record import as_recorded
from sim.policy import Scenario, named_apart
from sim.runs.ensemble import scenario_list
from sim.runs.models import fixed_in, weights_by_model
from sim.runs.parallel import deciders, map_tasks
from sim.runs.posterior import STRUCTURES, ParameterSets, parameter_sets, set_of, structure_sets
from sim.runs.run_end import Failure
from sim.runs.shared_history import Histories


def facts_at_seed(
    scenarios: Sequence[Scenario], facts: Sequence[Fact], seed: int, values: Mapping[str, float], kinds: Any = None
) -> list[dict[str, Any]]:
    """Return the figures of some facts in the run of each scenario with one seed, or the traceback of a run that failed.

    Args:
        scenarios: to be simulated
        facts: that are measured
        seed: of the runs
        values: parameter set
        kinds: classes that decide in place of the kinds' own, by name of the kind
    """
    worlds = Histories(seed, kinds).worlds([each.drawn(values) for each in scenarios])
    rows = []
    for each, world in zip(scenarios, worlds, strict=True):
        figures = {"traceback": world.traceback} if isinstance(world, Failure) else as_recorded(world, facts)
        rows.append({"scenario": each.name, "seed": seed, **figures})
    return rows


def require_own_model(sets: ParameterSets, scenarios: Sequence[Scenario]) -> None:
    """Check that parameter sets are not those of another model whose fixed parameters the scenarios do not have.

    For a table with the name that calibrations give it, the fixed parameters of its model are added; not for a copy of the
    table under another name.

    Args:
        sets: parameter sets
        scenarios: to be simulated

    Raises:
        InputError: the sets are those of another model
    """
    for name in weights_by_model():
        fixed = fixed_in(name)
        if not fixed or _without(sets, fixed) != _without(structure_sets(name), fixed):
            continue
        in_sets = all(each.get(key) == value for each in sets for key, value in fixed.items())
        in_runs = all(each.parameters[key] == value for each in scenarios for key, value in fixed.items())
        if not in_sets and not in_runs:
            held = " ".join(f"{key}={value}" for key, value in fixed.items())
            raise InputError(f"the parameter sets are those of another model, `{name}`; set its fixed parameters ({held}), or "
                          f"use `uncertainty={STRUCTURES}`, which has the sets of every model")  # fmt: skip


def _without(sets: ParameterSets, keys: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return parameter sets without some of their parameters."""
    return [{name: value for name, value in each.items() if name not in keys} for each in sets]


def scored_sets(uncertainty: str | Path, scenarios: Sequence[Scenario], count: int | None) -> tuple[ParameterSets, int]:
    """Return the parameter sets of a posterior, and the number of them that are simulated.

    Args:
        uncertainty: structures, posterior, or the path of a table
        scenarios: to be simulated
        count: number of sets; None for all

    Raises:
        InputError: there are no sets or too few, or they are of another model
    """
    sets = parameter_sets(uncertainty)
    if not sets:
        raise InputError("a validation needs parameter sets; `uncertainty` must be structures, posterior, or the path of a "
                      "table")  # fmt: skip
    require_own_model(sets, scenarios)
    if count is None:
        return sets, len(sets)
    if whole_number("`sets`", count, 2) > len(sets):
        raise InputError(f"`sets` must be at most {len(sets)}, the number of sets in the table; got {shown(count)}")
    return sets, count


def scored_scenarios(scenario: Any, overrides: Mapping[str, Any], targets: str | Path) -> list[Scenario]:
    """Return the scenarios that predict the facts.

    Args:
        scenario: one or several
        overrides: parameters that differ, by dotted name
        targets: table of the facts that the posterior was fitted to

    Raises:
        InputError: a name or value is unknown or wrong, `setting.until` is set, or the schools are not those of the facts
    """
    if "setting.until" in overrides:
        raise InputError("`setting.until` cannot be set, since runs end with the last year in the file; leave it out")
    ready = named_apart([scenario_of(each, overrides) for each in scenario_list(scenario)])
    for each in ready:
        if str(targets) == "targets.csv" and not each.national:
            raise InputError(f"`{each.name}` has other schools than the country of the fitted facts; "
                             "use `targets` to name the table that was fitted there")  # fmt: skip
    return ready


def fact_runs(
    scenarios: Sequence[Scenario],
    facts: Sequence[Fact],
    seeds: Sequence[int],
    sets: ParameterSets,
    jobs: int,
    label: str | None = None,
) -> list[dict[str, Any]]:
    """Return the figures of some facts in the runs of some scenarios, a row a run, or the traceback of a failed run.

    Args:
        scenarios: to be simulated
        facts: that are measured
        seeds: of the runs
        sets: parameter sets, of which each seed has its own
        jobs: processes
        label: of the progress bar; None for no bar
    """
    deciding = deciders(None, jobs)
    tasks = [(scenarios, facts, seed, set_of(sets, seed), deciding) for seed in seeds]
    try:
        return [row for rows in map_tasks(facts_at_seed, tasks, jobs, scenarios[0], label) for row in rows]
    except KeyboardInterrupt as stop:
        raise type(stop)("nothing is stored: a validation is written when it is complete") from None
