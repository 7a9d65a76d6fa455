"""Many runs at once, on all cores: designs seed by seed, and ensembles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from sim.agents.organisation import Organisation
from sim.analysis.clusters import with_clusters
from sim.configuration import scenario_of
from sim.design.points import Point
from sim.errors import LAST_SEED, InputError, counted, flag, shown, whole_number
from sim.policy import Scenario, named_apart
from sim.runs.parallel import as_they_come, compile_apart, deciders, processes
from sim.runs.posterior import POINT, ParameterSets, parameter_sets, set_of, structures_of
from sim.runs.seed_runs import SeedResult, failures_in, rows_of, seed_result

if TYPE_CHECKING:
    import pandas as pd

    from sim.figures.plots import EnsemblePlots


def results(
    points: Sequence[Point] | Mapping[int, Mapping[int, Point]],
    seeds: Sequence[int],
    jobs: int | None = None,
    progress: str | None = None,
    kinds: dict[str, type[Organisation]] | None = None,
    sets: ParameterSets = (),
) -> Iterator[SeedResult]:
    """Results seed by seed as they come, on all cores, with a progress bar in runs and the time left.

    Args:
        points: of the design, numbered from 0; or, seed by seed, those that it is to have by their numbers
        seeds: of the luck; the same for every point, so that points are paired
        jobs: processes; None for all cores, 1 for none but this one
        progress: what the bar says; None for no bar
        kinds: classes that decide in place of the kinds' own and of those registered
        sets: parameter sets of a posterior, of which each seed has its own in all points; none: as the points say

    Raises InputError for an unknown kind, or for a class that other processes cannot have.
    """
    if not isinstance(points, Mapping):
        numbered = dict(enumerate(points))
        points = dict.fromkeys(seeds, numbered)
    runs = sum(point.runs for seed in seeds for point in points[seed].values())
    jobs = min(processes(jobs), max(len(seeds), 1))
    deciding = deciders(kinds, jobs)
    if seeds:
        compile_apart(list(points[seeds[0]].values()), seeds, jobs, progress)
    tasks = ((points[seed], seed, deciding, set_of(sets, seed)) for seed in seeds)
    yield from as_they_come(seed_result, tasks, runs, jobs, progress)


@dataclass(frozen=True, repr=False)
class Ensemble:
    """Runs of some scenarios: `frame` is tidy, one row a run.

    `record` says of a sweep what its manifest would: the `command` that made it, and its `sampling`.
    """

    frame: pd.DataFrame
    failures: tuple[Mapping[str, Any], ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Return a line for notebooks."""
        names = ", ".join(dict.fromkeys(self.frame["scenario"])) if len(self.frame) else "nothing"
        failed = f", {len(self.failures):,} failed" if self.failures else ""
        return f"<{type(self).__name__} of {names}: {counted(len(self.frame), 'run')}{failed}; the table is in .frame>"

    @cached_property
    def plot(self) -> EnsemblePlots:
        """Figures of the ensemble: fan(), fit()."""
        from sim.figures.plots import EnsemblePlots

        return EnsemblePlots(self)


class More(TypedDict, total=False):
    """What else may be said of many runs.

    Attributes:
        progress: show a bar; it is shown unless this is False
        uncertainty: `point`, parameters as they stand, unless another is named; `posterior`, each seed with its own set
            of the posterior, but for what was set explicitly; `structures`, of the models by weight; or the path of a table
        kinds: classes that decide in place of the kinds' own, by name of the kind
    """

    progress: bool
    uncertainty: str | Path
    kinds: dict[str, type[Organisation]] | None


def ensemble(
    cases: str | Scenario | Sequence[str | Scenario],
    seeds: int | Sequence[int] = 100,
    jobs: int | None = None,
    set: Mapping[str, Any] | None = None,
    *,
    progress: bool = True,
    uncertainty: str | Path = POINT,
    kinds: dict[str, type[Organisation]] | None = None,
) -> Ensemble:
    """Simulate scenarios with many seeds; one tidy frame, sorted by scenario and seed.

    Args:
        cases: name of a scenario, a scenario, or several
        seeds: number of seeds (1, 2, ...) or the seeds themselves
        jobs: processes; None for all cores
        set: parameters that differ in all of them, by dotted name
        progress: show a bar
        uncertainty: `point`, parameters as they stand; `posterior`, each seed with its own set of the posterior, but for
            what was set explicitly; `structures`, of the models by weight; or the path of a table of sets
        kinds: classes that decide in place of the kinds' own, by name of the kind

    Returns:
        The runs, with `frame`, `failures` and `plot`.

    Raises:
        InputError: unknown or shared names, wrong values, no seed at all, a posterior that cannot be used, or classes that
            cannot decide or cannot be sent to other processes
    """
    flag("progress", progress)
    ready = named_apart([scenario_of(case, set) for case in several(cases)])
    wanted, jobs = seeds_of(seeds), processes(jobs)
    return ensemble_over(ready, wanted, parameter_sets(uncertainty), jobs, "simulating" if progress else None, kinds)


def ensemble_over(
    scenarios: Sequence[Scenario],
    seeds: Sequence[int],
    sets: ParameterSets,
    jobs: int | None = None,
    progress: str | None = None,
    kinds: dict[str, type[Organisation]] | None = None,
) -> Ensemble:
    """Simulate scenarios with many seeds, each seed with its own of some parameter sets.

    Args:
        scenarios: ready to be simulated, no two of one name
        seeds: of the runs
        sets: parameter sets; none where parameters stand at their values
        jobs: processes; None for all cores
        progress: what the bar says; None for no bar
        kinds: classes that decide in place of the kinds' own, by name of the kind

    Returns:
        One tidy frame, sorted by scenario and seed.

    Raises:
        InputError: every run failed, or a class cannot decide or be sent to other processes
    """
    points = [Point({}, scenario) for scenario in scenarios]
    seed_results = list(results(points, seeds, jobs, progress, kinds, sets))
    frame = with_clusters(tidy(seed_results, [scenario.name for scenario in scenarios]), len(sets), structures_of(sets))
    return Ensemble(frame, failures_of(seed_results))


def tidy(found: Sequence[SeedResult], names: Sequence[str]) -> pd.DataFrame:
    """Return the runs of some results, a row a run, sorted by scenario as named, dates and seed."""
    import pandas as pd

    frame = pd.DataFrame(rows_of(found))
    if len(frame):
        order = {name: number for number, name in enumerate(names)}
        by = ["scenario", "dates", "seed"]
        frame = frame.sort_values(by, key=lambda c: c.map(order) if c.name == "scenario" else c)
    return frame.reset_index(drop=True)


def failures_of(found: Sequence[SeedResult]) -> tuple[Mapping[str, Any], ...]:
    """Return the runs that failed.

    Raises:
        InputError: all did, with what the first one ended with
    """
    failures = tuple(failures_in(found))
    if failures and not any(result.rows for result in found):
        last = str(failures[0]["traceback"]).strip().splitlines()[-1]
        raise InputError(f"every run failed, the first with {last.removeprefix('sim.errors.InputError: ')}")
    return failures


def known(more: Mapping[str, Any], options: type = More) -> None:
    """Raises InputError for what may not be said of many runs: what is none of the options."""
    for name in more:
        if name not in options.__annotations__:
            from sim.errors import suggestion

            raise InputError(f"unknown option `{name}`{suggestion(name, list(options.__annotations__))}")


def several(cases: str | Scenario | Sequence[str | Scenario]) -> list[str | Scenario]:
    """Scenarios or their names as a list, one alone too.

    Raises:
        InputError: what is neither
    """
    if isinstance(cases, (str, Scenario)):
        return [cases]
    if not isinstance(cases, Iterable):
        raise InputError(f"scenarios are given by their names, or as `sim.scenario` gives them; got {shown(cases)}")
    listed = list(cases)
    if not listed:
        raise InputError("at least one scenario is needed")
    return listed


def seeds_of(seeds: int | Sequence[int]) -> list[int]:
    """Seeds from their number, or as given.

    Raises:
        InputError: there is none
    """
    if isinstance(seeds, str | bytes) or not isinstance(seeds, Sequence):
        return list(range(1, whole_number("`seeds`", seeds, 1) + 1))
    listed = [whole_number("a seed", seed, 0, LAST_SEED) for seed in seeds]
    if not listed:
        raise InputError("at least one seed is needed")
    if len(dict.fromkeys(listed)) < len(listed):
        raise InputError(f"every seed is needed once; got {shown(listed)}")
    return listed
