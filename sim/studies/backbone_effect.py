"""Effect of the backbone over models, under prior and posterior, and its mediation by the uses of the backbone's hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.backbone_effect import (
    EXAMINEES,
    POSTERIOR,
    PRIOR,
    effects,
    paired_effects,
    with_doublings,
)
from sim.analysis.doubling import Doubling, doubling_from, require_run_reaches
from sim.analysis.mediation import DECIDED, MONTHS, mediation, with_decisions
from sim.configuration import scenario
from sim.errors import InputError, flag, shown, whole_number
from sim.findings.mediation import WHOLE
from sim.findings.models import weights_words
from sim.policy import Scenario
from sim.runs.compare import compare
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.ensemble import ensemble_over
from sim.runs.models import fixed_in, models
from sim.runs.parallel import processes
from sim.runs.posterior import STRUCTURES, ParameterSets, parameter_sets, structure_sets
from sim.studies.backbone_result import BackboneEffect
from sim.studies.expectations import expectations_of
from sim.studies.hypotheses import prior_sets, seeds_of_sets
from sim.studies.setup import overrides_in, record_of

WITH, WITHOUT = "historical_emergent", "no_backbone"
"""Scenarios whose difference is the effect."""

UNTIL, YEARS = {"setting.until": "2020-08"}, (2018, 2020)
"""Last month of the runs unless `overrides` sets another one, and years of the doublings."""

USES = "hours for "
"""Beginning of the names of items in the table of expectations that are uses of the backbone's hours."""

MEDIATORS = ("transparency", "trust_across", "consensus", "attendance", "readiness_network")
"""Outcomes of the network that hours may move."""

STRENGTH = (DECIDED, MONTHS, "delivered/ministry", "delivered_partners")
"""Outcomes of the programme: whether and for how long, and the money delivered."""


@on_engine
def backbone_effect(
    *,
    uncertainty: str | Path = STRUCTURES,
    effect_sets: int = 20,
    effect_seeds: int = 2,
    mediation_pairs: int = 60,
    prior_seed: int = 1,
    doubling: Doubling | Mapping[str, Any] | None = None,
    overrides: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    engine: EngineOption = None,
    progress: bool = True,
) -> BackboneEffect:
    """Measure the backbone's effect on examinees and doubling in each model, and its mediation by the uses of its hours.

    The effect is `historical_emergent` less `no_backbone` with common random numbers and the same parameters. It is measured
    over sets of the prior and of the posterior of each model, and averaged by the weights of the models. For mediation, each
    use of the backbone's hours is switched off alone, with a free ministry and with the ministry's dates held.

    Args:
        uncertainty: parameter sets for mediation: `structures` (of the models, by weight), `posterior`, or a path
        effect_sets: number of parameter sets of the prior and of the posterior of each model
        effect_seeds: pairs of runs of each set
        mediation_pairs: pairs of runs of each use of the hours
        prior_seed: of the draws from the prior
        doubling: what counts as doubling, by its keys base, factor, of; None: twice the count of 2012
        overrides: parameters that differ, by dotted name; runs end in August 2020 unless `setting.until` is set
        jobs: processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        progress: show bars

    Returns:
        The effect: `tables`, `summary()`, `plot.page()`, `plot.mediation()`, `chapter()`, `save(folder)`.

    Raises:
        InputError: a value is wrong, a posterior has too few sets, or the runs end too early

    Example:
        >>> import sim
        >>> sim.backbone_effect(effect_sets=10, mediation_pairs=20).summary()  # doctest: +SKIP
    """
    options, values, goal = dict(locals()), UNTIL | overrides_in(overrides), doubling_from(doubling)
    bar = "simulating" if flag("progress", progress) else None
    rows, sets = models(), parameter_sets(uncertainty)
    base = baseline_scenario(values, goal)
    tables = tables_of_sets(rows["model"].tolist(), *checked_numbers(options, sets))
    processes(jobs)
    by_model = [model_runs(key, tables[key], (effect_sets, effect_seeds), values, (jobs, bar)) for key in tables]
    runs = pd.concat([frame for frame, _ in by_model], ignore_index=True)
    outcomes = [EXAMINEES, *(f"doubled_{year}" for year in YEARS)]
    pairs = paired_effects(with_doublings(runs, goal, YEARS), (WITH, WITHOUT), outcomes)
    weights = {PRIOR: _named(rows, "prior"), POSTERIOR: _named(rows, "weight")}
    off = uses_off(base, values)
    hours, failed = hours_runs([base, *off.values()], (mediation_pairs, jobs, progress), uncertainty)
    failures = [*(failure for _, failures in by_model for failure in failures), *failed]
    record = record_of("sim.backbone_effect", options, base, sets) | {
        "called": f"{WITH} less {WITHOUT}", "sets": effect_sets, "seeds": effect_seeds, "pairs": mediation_pairs,
        "years": list(YEARS), "doubling": asdict(goal), "weights": weights_words(rows), "failures": len(failures),
    } | ({"failed_runs": failures} if failures else {})  # fmt: skip
    measured = mediation(
        hours, base.name, {arm.name: use for use, arm in off.items()}, [*MEDIATORS, *STRENGTH, EXAMINEES]
    )
    return BackboneEffect(
        record, {"effects": effects(pairs, outcomes, weights), "mediation": measured, "models": rows}, pairs, hours
    )


def baseline_scenario(values: Mapping[str, Any], goal: Doubling) -> Scenario:
    """Return the scenario with all hours of the backbone.

    Args:
        values: parameters that differ, by dotted name
        goal: what counts as doubling

    Raises:
        InputError: a parameter is wrong or held fixed by a model, or the runs end too early
    """
    for name in models()["model"]:
        for key in fixed_in(name):
            if key in values:
                raise InputError(f"`{key}` is held fixed by the model `{name}`, so it cannot be set; leave it out")
    base = scenario(WITH, overrides=values)
    require_run_reaches(replace(goal, by=YEARS[-1]), base.last_month)
    return base


def checked_numbers(options: Mapping[str, Any], sets: ParameterSets) -> tuple[int, int]:
    """Return the number of parameter sets and the seed of the prior.

    Raises:
        InputError: a number is wrong, or there are no parameter sets for mediation
    """
    if not sets:
        raise InputError(
            "mediation needs parameter sets; `uncertainty` must be structures, posterior, or the path of a table"
        )
    for key, least in (("effect_seeds", 1), ("mediation_pairs", 2), ("prior_seed", 0)):
        whole_number(f"`{key}`", options[key], least)
    return whole_number("`effect_sets`", options["effect_sets"], 2), options["prior_seed"]


def tables_of_sets(names: Sequence[str], count: int, prior_seed: int) -> dict[tuple[str, str], ParameterSets]:
    """Return the parameter sets of prior and posterior of each model, by `over` and model.

    Args:
        names: of the models
        count: number of sets of each
        prior_seed: of the draws from the prior

    Raises:
        InputError: a posterior has fewer sets
    """
    drawn = [
        {str(key): value for key, value in row.items()} for row in prior_sets(count, prior_seed).to_dict("records")
    ]
    tables: dict[tuple[str, str], ParameterSets] = {}
    for name in names:
        posterior = structure_sets(name)
        if len(posterior) < count:
            raise InputError(
                f"`effect_sets` must be at most {len(posterior)}, the number of sets of `{name}`; got {shown(count)}"
            )
        tables[PRIOR, name] = [{**values, **fixed_in(name)} for values in drawn]
        tables[POSTERIOR, name] = posterior
    return tables


def model_runs(
    key: tuple[str, str],
    sets: ParameterSets,
    size: tuple[int, int],
    values: Mapping[str, Any],
    execution: tuple[int | None, Any],
) -> tuple[pd.DataFrame, list[Mapping[str, Any]]]:
    """Return runs with and without a backbone over the first sets of a table, and the runs that failed.

    Args:
        key: prior or posterior, and the name of the model
        sets: of that model
        size: number of sets, and runs of each
        values: parameters that differ, by dotted name
        execution: processes, and label of the progress bar (None for no bar)
    """
    (over, name), (count, seeds), (jobs, bar) = key, size, execution
    scenarios = [scenario(each, overrides=values) for each in (WITH, WITHOUT)]
    label = f"{over} of {name.replace('_', ' ')}" if bar else None
    runs = ensemble_over(scenarios, seeds_of_sets(count, seeds, len(sets)), sets, jobs, label)
    years = [f"examinees_{year}" for year in range(2012, YEARS[-1] + 1)]
    frame = runs.frame[["scenario", "seed", *years, "month_national"]]
    frame = frame.assign(over=over, model=name, set=frame["seed"] % len(sets))
    return frame, [{"over": over, "model": name, **failure} for failure in runs.failures]


def uses_off(base: Scenario, values: Mapping[str, Any]) -> dict[str, Scenario]:
    """Return the scenarios without one use of the backbone's hours, and without a backbone, by the name of that use.

    Args:
        base: scenario with all hours
        values: parameters that differ in all of them, by dotted name
    """
    items = [item for item in expectations_of("case") if item.name.startswith(USES)]
    arms = {item.name.removeprefix(USES): replace(item.switched_off(base), name=item.name) for item in items}
    return arms | {WHOLE: scenario(WITHOUT, overrides=values)}


def hours_runs(
    scenarios: Sequence[Scenario], execution: tuple[int, int | None, bool], uncertainty: str | Path
) -> tuple[pd.DataFrame, list[Mapping[str, Any]]]:
    """Return runs in which each use of the hours is switched off, with a free ministry and with its dates held.

    Args:
        scenarios: with all hours, then without each use
        execution: pairs of runs, processes, and whether a bar is shown
        uncertainty: source of the parameter sets
    """
    pairs, jobs, progress = execution
    comparison = compare(
        scenarios[0], scenarios[1:], pairs, jobs, held=True, uncertainty=uncertainty, progress=progress
    )
    frame = with_decisions(comparison.frame, scenarios[0].last_month)
    about = [name for name in ("scenario", "dates", "seed", "structure", "parameter_set") if name in frame]
    return frame[[*about, *MEDIATORS, *STRENGTH, "month_national", EXAMINEES]], list(comparison.failures)


def _named(rows: pd.DataFrame, column: str) -> dict[str, float]:
    """Return a column of the table of models by the name of the model."""
    return dict(zip(rows["model"], map(float, rows[column]), strict=True))
