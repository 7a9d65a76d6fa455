"""Sweeps from Python, in memory or in a folder, with the design and the table of the program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path
from typing import Any

from sim.agents.organisation import Organisation
from sim.analysis.doubling import Doubling, doubling_from
from sim.commands import call_text, command, is_default, option, origin
from sim.design.factors import UNCERTAIN, Vary, factors_of
from sim.design.points import FACILITATION, TIMING, Point, point_of
from sim.design.samples import GRID, KINDS, TABLE, require_used
from sim.errors import InputError, flag, shown
from sim.old_names import renamed_keywords
from sim.parameters import checked
from sim.policy import Scenario
from sim.results.files import path_of
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.ensemble import scenario_list, seeds_of
from sim.runs.keep import Keep, table_names
from sim.runs.parallel import processes
from sim.runs.posterior import POINT, parameter_sets
from sim.sweeps.options import SweepOptions
from sim.sweeps.plan import SweepPlan
from sim.sweeps.result import Sweep, in_folder, in_memory
from sim.sweeps.sampled_sweep import Sampling
from sim.sweeps.words import UNTIL, SweepWords

N = 64
"""Default size of a sample."""

IN_PYTHON = {"cases": "scenarios", "set": "overrides"}
"""Options of `sweep` by their keys in a manifest."""

GRID_TAKES = "the values to cross by `levers={'trust.ratio': [1, 2]}`"
"""What a grid needs in Python, for messages."""


@renamed_keywords(held="reference_facilitation", cases="scenarios", set="overrides")
@on_engine
def sweep(
    design: str = "lhs",
    vary: Vary = "uncertain",
    scenarios: str | Scenario | Sequence[str | Scenario] = "historical_emergent",
    seeds: int | Sequence[int] = 1,
    *,
    n: int = N,
    timing: int | str | Sequence[int | str] | None = None,
    levers: Mapping[str, Sequence[Any]] | None = None,
    overrides: Mapping[str, Any] | None = None,
    reference_facilitation: float | None = None,
    jobs: int | None = None,
    engine: EngineOption = None,
    progress: bool = True,
    uncertainty: str | Path = POINT,
    kinds: dict[str, type[Organisation]] | None = None,
    doubling: Doubling | Mapping[str, Any] | None = None,
    keep: Keep = (),
    out: str | Path | None = None,
) -> Sweep:
    """Simulate a design; its frame is the table that the program `sweep` leaves of the same design.

    Args:
        design: grid, lhs, sobol, morris, or the path of a CSV or Parquet file of points
        vary: what lhs, sobol and morris sample: `uncertain`, `all`, names, or names with their ranges
        scenarios: names of scenarios, or scenarios, that the samples are crossed with
        seeds: number of seeds (1, 2, ...) or the seeds themselves
        n: size of the sample of lhs, sobol or morris
        timing: months by which the windows come later, or "never"; several of them are crossed
        levers: parameters by dotted name with the values that are crossed; of a grid, all that varies
        overrides: parameters that differ in all points, by dotted name
        reference_facilitation: facilitation whose dates the ministry also follows; None for no such runs
        jobs: processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        progress: show a bar
        uncertainty: `point`, `posterior`, `structures` (of the models, by weight) or the path of a table of sets
        kinds: classes that decide in place of the kinds' own, by name of the kind
        doubling: what counts as doubling in the summary; None for twice the count of 2012 by 2020
        keep: tables of each run that are kept: months, organisations, ties, schools; with `out` they are written to disk block
            by block, otherwise they stay in memory, compressed
        out: folder to which runs are written as they end, in the form of the program; the same call resumes the sweep, and
            the program `results` reads it. None: runs stay in memory

    Returns:
        The runs as an ensemble, with `summary()`, `tables(name)` and `save(folder)`.

    Raises:
        InputError: a name or the design is unknown, `vary` or `n` is given for a design without them, a value is wrong, SALib
            is missing, or the folder cannot be used

    Example:
        >>> sweep("grid", seeds=2, levers={"backbone.facilitation": [0.2, 0.8]}).summary()  # doctest: +SKIP
    """
    timings = timing if isinstance(timing, Sequence) and not isinstance(timing, str | bytes) else [timing]
    flag("progress", progress)
    listed, chosen = scenario_list(scenarios), seeds_of(seeds)
    crossed, overrides = crossed_levers(levers), overrides_from(overrides)
    policies = list(policies_of(listed, timings, crossed, overrides, reference_facilitation))
    goal = doubling_from(doubling)
    others = {
        "reference_facilitation": reference_facilitation, "seeds": len(chosen), "first_seed": min(chosen),
        "uncertainty": uncertainty, **({"keep": table_names(keep)} if table_names(keep) else {}),
    }  # fmt: skip
    sampling = sampling_of(design, vary, n)
    words = SweepWords(listed, timings, crossed, overrides, design, vary, ({"n": n} if sampling else {}) | others)
    options = SweepOptions(
        seeds=len(chosen), first_seed=min(chosen), reference_facilitation=reference_facilitation,
        sets=parameter_sets(uncertainty), jobs=processes(jobs), keep=table_names(keep),
        **described(words, policies, sampling, goal, out),
    )  # fmt: skip
    plan = SweepPlan(options, policies, sampling)
    if out is None:
        plan.at(Path())  # which checks every point, and writes nothing
        return in_memory(list(plan.results(chosen, processes(jobs), progress, kinds)), plan)
    if kinds:
        raise InputError("`out` and `kinds` cannot be given together, since a folder has runs of registered classes only; "
                      "leave out one of them")  # fmt: skip
    if sorted(chosen) != list(range(min(chosen), max(chosen) + 1)):
        raise InputError(f"with `out`, `seeds` must be a number or consecutive seeds; got {shown(seeds)}")
    return in_folder(plan.at(out, progress))


def described(
    words: SweepWords, policies: Sequence[Point], sampling: Sampling | None, doubling: Doubling, out: str | Path | None
) -> dict[str, Any]:
    """Return the options `command`, `arguments` and `configuration` of a sweep.

    Args:
        words: of the command
        policies: points that the samples are crossed with, or those of a grid
        sampling: of the design; None for a grid
        doubling: what counts as doubling
        out: folder of the sweep; None for a sweep in memory
    """
    sampled = [] if sampling is None else list(sampling.sample.values[0])
    usual = asdict(Doubling())
    goals = [f"doubling.{key}={value}" for key, value in asdict(doubling).items() if value != usual[key]]
    arguments = words.words(sampled, {str(point.scenario.parameters[UNTIL]) for point in policies})
    own = {
        "design": words.design,
        "cases": words.scenarios,
        "levers": words.levers,
        "set": words.overrides,
        **words.others,
    }
    configuration = {
        **own,
        "cases": [getattr(scenario, "name", scenario) for scenario in words.scenarios],
        "doubling": asdict(doubling),
    }
    if arguments is None:
        now = {IN_PYTHON.get(key, key): value for key, value in configuration.items()}
        call = call_text("sim.sweep", {**now, "out": out and str(out)})
        return {"command": origin(call), "configuration": configuration}
    arguments = (*arguments, *goals)
    place = () if out is None else (option("out", path_of(out)),)
    return {"command": command("sweep", [*arguments, *place]), "arguments": arguments, "configuration": configuration}


def crossed_levers(levers: Any) -> dict[str, list[Any]]:
    """Return the values of each lever.

    Raises:
        InputError: a parameter is unknown, a value is wrong, or a parameter has no values
    """
    if not isinstance(levers, Mapping | None):
        raise InputError(f"`levers` must hold parameters with their values; got {shown(levers)}")
    for name, values in (levers or {}).items():
        if isinstance(values, str) or not isinstance(values, Iterable) or not list(values):
            raise InputError(f"`levers` must have a list of values for `{name}`; got {shown(values)}")
    return {name: [checked(name, value) for value in values] for name, values in (levers or {}).items()}


def overrides_from(overrides: Any) -> Mapping[str, Any]:
    """Return the parameters that differ in all points.

    Raises:
        InputError: the value is not keys and values
    """
    if not isinstance(overrides, Mapping | None):
        raise InputError(f"`overrides` must hold keys and values; got {shown(overrides)}")
    return overrides or {}


def sampling_of(design: str | Path, vary: Vary, n: int) -> Sampling | None:
    """Return the sample of a design, drawn or read from a file; None for a grid.

    Args:
        design: grid, lhs, sobol, morris, or the path of a file of points
        vary: parameters that are sampled
        n: size of the sample

    Raises:
        InputError: the design is unknown, or does not use `vary` or `n`
    """
    own = [name for name, value, usual in (("vary", vary, UNCERTAIN), ("n", n, N)) if not is_default(value, usual)]
    if isinstance(design, str | Path) and str(design).endswith((".csv", ".parquet")):
        require_used(TABLE, own, GRID_TAKES)
        return Sampling.of_table(design)
    if is_default(design, GRID):
        require_used(GRID, own, GRID_TAKES)
        return None
    if design not in KINDS[:-1]:
        kinds = ", ".join((GRID, *KINDS[:-1]))
        raise InputError(f"a design must be one of {kinds}, or a file of points (.csv, .parquet); got {shown(design)}")
    return Sampling.of(str(design), factors_of(vary), n)


def policies_of(
    scenarios: Sequence[str | Scenario],
    timings: Sequence[Any],
    levers: Mapping[str, Sequence[Any]],
    overrides: Mapping[str, Any],
    reference_facilitation: float | None,
) -> Iterator[Point]:
    """Yield all combinations of scenarios, timings and values of levers as points.

    Args:
        scenarios: names of scenarios, or scenarios
        timings: months by which windows come later, or "never"
        levers: values of each parameter
        overrides: parameters that differ in all points
        reference_facilitation: facilitation whose dates the ministry also follows; None for no such runs

    Raises:
        InputError: a value is wrong, or no scenario can have a combination
    """
    for scenario, timing, values in product(scenarios, timings, product(*levers.values())):
        chosen = dict(zip(levers, values, strict=True))
        point = point_of(scenario, timing, dict(overrides) | chosen, chosen, reference_facilitation)
        if len(scenarios) > 1:  # then the scenario is a factor, which comes before the levers
            own = {name: point.factors[name] for name in (FACILITATION, TIMING)}
            point = replace(point, factors={**own, "scenario": point.scenario.name, **point.factors})
        yield point
