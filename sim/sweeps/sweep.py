"""A sweep from Python: the same design, the same runs and the same table as the command gives, without its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import Any, TypedDict, Unpack

from sim.agents.organisation import Organisation
from sim.analysis.clusters import with_clusters
from sim.commands import call_text, origin
from sim.configuration import NEVER, scenario
from sim.design.factors import Vary, factors_of
from sim.design.samples import KINDS, TABLE, Sample, sampled, tabled
from sim.errors import Mistake, shown
from sim.parameters import checked
from sim.policy import Scenario
from sim.results.identity import environment
from sim.runs.ensemble import Ensemble, failures_of, known, results, seeds_of, several
from sim.runs.parallel import processes
from sim.runs.posterior import POINT, parameter_sets
from sim.runs.sampled_runs import chunks, explored, tidy
from sim.runs.seed_runs import Point, SeedResult

GRID = "grid"
"""The design that is its policies and nothing else."""


class Design(TypedDict, total=False):
    """What else may be said of a sweep.

    Attributes:
        n: size of the sample, 64 unless said
        timing: months by which the windows come later, or "never"; several of them are crossed
        levers: parameters by dotted name with the values that are crossed
        set: parameters that differ in all points, by dotted name
        held: facilitation whose dates the ministry also follows; None for no such runs
        jobs: processes; all cores unless said
        progress: show a bar; it is shown unless this is False
        uncertainty: `point`, `posterior` or the path of a table of the posterior's form
        kinds: classes that decide in place of the kinds' own, by name of the kind
    """

    n: int
    timing: int | str | Sequence[int | str]
    levers: Mapping[str, Sequence[Any]]
    set: Mapping[str, Any]
    held: float | None
    jobs: int | None
    progress: bool
    uncertainty: str | Path
    kinds: dict[str, type[Organisation]] | None


def sweep(
    design: str = "lhs",
    vary: Vary = "uncertain",
    cases: str | Scenario | Sequence[str | Scenario] = "historical_emergent",
    seeds: int | Sequence[int] = 1,
    **more: Unpack[Design],
) -> Ensemble:
    """Simulate a design; its frame is the table that `python -m experiments.sweep` leaves of the same design.

    Args:
        design: grid, lhs, sobol, morris, or the path of a CSV or Parquet file of points
        vary: what is sampled: `uncertain`, `all`, names, or names with their ranges; nothing of it counts for a grid
        cases: names of scenarios, or scenarios, that the samples are crossed with
        seeds: number of seeds (1, 2, ...) or the seeds themselves
        more: `n`, `timing`, `levers`, `set`, `held`, `jobs` and the others of `Design`

    Raises Mistake for an unknown option, name or design, for values that cannot be, and where SALib is not installed.
    """
    call = {"design": design, "vary": vary, "cases": cases, "seeds": seeds, **more}
    known(more, Design)
    policies, wanted, jobs = list(policies_of(cases, more)), seeds_of(seeds), processes(more.get("jobs"))
    bar, sets = "sweeping" if more.get("progress", True) else None, parameter_sets(more.get("uncertainty", POINT))
    record: dict[str, Any] = {"command": origin(call_text("sim.sweep", call)), "environment": environment()}
    found: Iterator[SeedResult]
    if design == GRID:
        found = results(policies, wanted, jobs, bar, more.get("kinds"), sets)
    else:
        n = more.get("n", 64)
        parts = chunks(sample_named(design, vary, n), policies)
        record["sampling"] = sampling_of(design, vary, n)
        tasks = [(part, seed) for seed in wanted for part in parts]
        found = iter(explored(tasks, jobs, bar, more.get("kinds"), sets))
    return gathered(found, len(sets), record)


def gathered(found: Iterator[SeedResult], sets: int, record: Mapping[str, Any]) -> Ensemble:
    """All results as an ensemble, whose frame is sorted as a sweep's table is.

    Args:
        found: results as they come
        sets: parameter sets of the posterior; 0 where there are none
        record: of the sweep, as its manifest would have it
    """
    import pandas as pd

    listed = list(found)
    frame = pd.DataFrame([row for result in listed for row in result.rows])
    return Ensemble(with_clusters(tidy(frame), sets), failures_of(listed), record)


def sample_named(design: str, vary: Vary, n: int) -> Sample:
    """The sample of a design: of a kind, or the points of a file. Raises Mistake for neither."""
    if isinstance(design, str | Path) and str(design).endswith((".csv", ".parquet")):
        return tabled(design)
    if design not in KINDS[:-1]:
        kinds = ", ".join((GRID, *KINDS[:-1]))
        raise Mistake(f"a design is one of {kinds}, or a file of points (.csv, .parquet); got {shown(design)}")
    return sampled(design, factors_of(vary), n)


def sampling_of(design: str, vary: Vary, n: int) -> dict[str, Any]:
    """Return what a manifest says of how a design is sampled."""
    if design not in KINDS[:-1]:
        return {"kind": TABLE, "points": str(design)}
    return {"kind": design, "n": n, "factors": [asdict(factor) for factor in factors_of(vary)]}


def policies_of(cases: str | Scenario | Sequence[str | Scenario], more: Design) -> Iterator[Point]:
    """Scenarios x timings x values of levers, as points. Raises Mistake for a value or a combination that cannot be."""
    given = more.get("timing")
    timings = [given] if given is None or isinstance(given, int | str) else list(given)
    levers = {name: [checked(name, value) for value in values] for name, values in more.get("levers", {}).items()}
    for case, timing, values in product(several(cases), timings, product(*levers.values())):
        chosen = dict(zip(levers, values, strict=True))
        yield policy(case, timing, dict(more.get("set", {})) | chosen, chosen, more.get("held"))


def policy(case: str | Scenario, timing: Any, values: dict[str, Any], factors: dict[str, Any], held: Any) -> Point:
    """One policy as a point: the scenario with its values, and its reference where dates are held too.

    Raises Mistake for a value that may not be, or for a timing of a scenario that has its own.
    """
    if isinstance(case, Scenario):
        if timing is not None:
            raise Mistake(f"`{case.name}` is a scenario with a timing of its own; name it by text to give it others")
        ready = case.with_(values)
    else:
        ready = scenario(case, timing, set=values)
    reference = None if held is None else ready.with_({"backbone.facilitation": held})
    told = NEVER if ready.parameters["ministry.mode"] == NEVER else str(ready.timing if timing is None else timing)
    own = {"backbone.facilitation": ready.parameters["backbone.facilitation"], "timing": told}
    return Point(own | {name: value for name, value in factors.items() if name not in own}, ready, reference)
