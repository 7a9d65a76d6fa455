"""Tests of mechanisms: each is switched off alone, and its nearest outcome is compared within pairs of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import batched
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.clusters import sharing_note, with_clusters
from sim.analysis.mechanism_effects import ITSELF
from sim.analysis.mechanisms import item_effects
from sim.configuration import scenario_of
from sim.design.points import Point
from sim.errors import InputError, flag, shown
from sim.outcomes.columns import columns_of
from sim.policy import Scenario, named_apart
from sim.results.folder import begin_or_resume
from sim.results.identity import model_hash
from sim.results.resumable import open_store
from sim.runs.compare import scenario_content
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.parallel import processes
from sim.runs.posterior import POINT, parameter_sets, set_of, structures_of
from sim.studies.expectations import ALL, Item, chosen_items, expectations_of, require_columns
from sim.studies.mechanism_test import MechanismTest
from sim.studies.pair_options import named_outcomes, pair_seeds
from sim.studies.records import seeds_text, study_record
from sim.studies.setup import overrides_in
from sim.sweeps.cached_runs import Evaluations
from sim.sweeps.provenance import study_inputs

BASELINES = ("historical", "historical_emergent")
"""Default scenarios in which items are switched off: with the recorded dates, and with a free ministry."""

BLOCK = 4
"""Number of seeds after which runs are stored, or two for each process if that is more."""

CHANGED = {"model": "another model version", "posterior": "another posterior"}
"""Inputs of a test, each with the phrase for a message if it has changed. Items and scenarios may be added."""


@on_engine
def mechanisms(
    scenarios: str | Scenario | Sequence[str | Scenario] = BASELINES,
    *,
    items: str | Sequence[str] = ALL,
    expectations: str | Path = "case",
    outcomes: str | Sequence[str] = ("examinees_2020",),
    seeds: int | Sequence[int] = 100,
    first_seed: int = 1,
    uncertainty: str | Path = POINT,
    overrides: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    engine: EngineOption = None,
    progress: bool = True,
    out: str | Path | None = None,
) -> MechanismTest:
    """Switch off mechanisms one at a time, and test whether the outcome nearest to each moves, within pairs of runs.

    Args:
        scenarios: baselines in which items are switched off: one or several
        items: `all`, or names of items of the table of expectations
        expectations: name of a table in `configs/expectation`, or the path of a YAML file of the same form
        outcomes: further columns of a run, reported beside the nearest one
        seeds: pairs of runs of each item in each baseline, or the seeds themselves
        first_seed: first of the seeds
        uncertainty: `point`, `posterior` (each seed its own parameter set), `structures` (of the models, by weight), or a path
        overrides: parameters that differ in all runs, by dotted name
        jobs: processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        progress: show a bar
        out: folder for the runs, so that the same call can resume the study, and for the result; None: nothing is written

    Returns:
        The test: `table`, `runs`, `verdicts`, `summary()`, `plot.page()`, `chapter()`, `save(folder)`.

    Raises:
        InputError: an option is wrong, an item, parameter or outcome is unknown, or the folder holds other results

    Example:
        sim.mechanisms(items=["trust", "quorum"], seeds=40).summary()
    """
    options = dict(locals())
    flag("progress", progress)
    resolved_scenarios = baselines(scenarios, overrides)
    table, sets, seed_list = expectations_of(expectations), parameter_sets(uncertainty), pair_seeds(seeds, first_seed)
    chosen, workers = chosen_items(items, table), processes(jobs)
    for scenario in resolved_scenarios:
        require_columns(chosen, columns_of(scenario))
        beside = named_outcomes(outcomes, columns_of(scenario))
    inputs = {
        "model": model_hash(),
        **study_inputs(resolved_scenarios[0].name, resolved_scenarios[0], overrides or {}, uncertainty, sets),
    }
    with open_store(out, MechanismTest.kind) as store:
        if out is not None:
            command = study_record(mechanisms, options)["command"]
            begin_or_resume(store.folder, MechanismTest.kind, inputs, CHANGED, command)
        evaluations = Evaluations(store, sets, workers)
        listed = listed_items(resolved_scenarios, chosen, set_of(sets, seed_list[0]) or {})
        runs = simulated(resolved_scenarios, chosen, listed, seed_list, evaluations, progress)
        made_with = (
            inputs
            | {
                "called": " and ".join(scenario.name for scenario in resolved_scenarios),
                "baselines": [scenario.name for scenario in resolved_scenarios],
                "expectations": str(expectations),
                "outcomes": beside,
                "pairs": len(seed_list),
                "seeds": seeds_text(seed_list),
                "items": {
                    item.name: {"off": item.off, "because": item.because, "source": item.source} for item in chosen
                },
                "sharing": sharing_note(runs, "pairs"),
                "failures": len(evaluations.failures),
            }
            | ({"failed_runs": evaluations.failures} if evaluations.failures else {})
        )
        record = study_record(mechanisms, options, **made_with)
        return MechanismTest(table=item_effects(runs, listed, beside), runs=runs, record=record).saved_in(out)


def baselines(scenarios: Any, overrides: Mapping[str, Any] | None) -> list[Scenario]:
    """Return the scenarios in which items are switched off.

    Args:
        scenarios: one or several names or scenarios
        overrides: parameters that differ in all of them, by dotted name

    Raises:
        InputError: there is no scenario, one is unknown, or one is listed twice
    """
    listed = [scenarios] if isinstance(scenarios, str | Scenario) else scenarios
    if not isinstance(listed, Sequence) or not all(isinstance(each, str | Scenario) for each in listed) or not listed:
        raise InputError(f"`scenarios` must be a list of scenarios, for example [historical]; got {shown(scenarios)}")
    return named_apart([scenario_of(each, overrides_in(overrides)) for each in listed])


def listed_items(scenarios: Sequence[Scenario], items: Sequence[Item], values: Mapping[str, float]) -> pd.DataFrame:
    """Return a row for each baseline and item: baseline, item, outcome, sign, least, there (whether the baseline has it).

    Args:
        scenarios: the baselines
        items: of the table of expectations
        values: a parameter set of the posterior; empty for parameters at their values
    """
    rows = []
    for scenario in scenarios:
        unchanged = scenario_content(scenario.drawn(values))
        for item in items:
            has_item = scenario_content(item.switched_off(scenario).drawn(values)) != unchanged
            rows.append((scenario.name, item.name, item.outcome, item.sign, item.least, has_item))
    return pd.DataFrame(rows, columns=["baseline", "item", "outcome", "sign", "least", "there"])


def simulated(
    scenarios: Sequence[Scenario],
    items: Sequence[Item],
    listed: pd.DataFrame,
    seeds: Sequence[int],
    evaluations: Evaluations,
    progress: bool,
) -> pd.DataFrame:
    """Return the runs of all baselines with each item switched off, a row a run, with the columns baseline and item.

    Args:
        scenarios: the baselines
        items: of the table of expectations
        listed: table of `listed_items`; items that a baseline does not have are not run
        seeds: of the runs, the same for all
        evaluations: that simulate and store the runs
        progress: show a bar

    Raises:
        InputError: every run failed
    """
    by_name, scenario_of = {item.name: item for item in items}, {scenario.name: scenario for scenario in scenarios}
    present = listed.loc[listed["there"], ["baseline", "item"]].itertuples(index=False, name=None)
    keys = [
        *((scenario.name, ITSELF) for scenario in scenarios),
        *((str(baseline), str(item)) for baseline, item in present),
    ]
    points = [Point({}, scenario_of[base] if item == ITSELF else by_name[item].switched_off(scenario_of[base]))
              for base, item in keys]  # fmt: skip
    frames = []
    for block in batched(seeds, max(BLOCK, 2 * processes(evaluations.jobs))):
        label = f"seeds {seeds_text(block)} of {len(seeds)}" if progress else None
        frames.append(evaluations.of(points, block, label))
    runs = pd.concat(frames, ignore_index=True)
    if not len(runs):
        last = str(evaluations.failures[0]["traceback"]).strip().splitlines()[-1]
        raise InputError(f"every run failed; the first failure is: {last}")
    place = runs["decision"].astype(int)
    named = runs.drop(columns=["decision", "scenario"], errors="ignore")
    named.insert(0, "baseline", [keys[number][0] for number in place])
    named.insert(1, "item", [keys[number][1] for number in place])
    ordered = named.iloc[(place * (max(seeds) + 1) + runs["seed"]).argsort(kind="stable")].reset_index(drop=True)
    return with_clusters(ordered, len(evaluations.sets), structures_of(evaluations.sets))
