"""Ensembles: many runs on all cores, seed by seed."""

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
from sim.errors import LAST_SEED, InputError, counted, flag, shown, suggestion, whole_number
from sim.old_names import renamed_keywords
from sim.policy import Scenario, named_apart
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.keep import Keep, TableSource, table_from, table_names
from sim.runs.parallel import as_they_come, compile_first, deciders, processes
from sim.runs.posterior import POINT, ParameterSets, parameter_sets, set_of, structures_of
from sim.runs.seed_runs import SeedResult, failures_in, rows_of, seed_result, tables_in

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
    *,
    keep: Sequence[str] = (),
) -> Iterator[SeedResult]:
    """Simulate a design on all cores, and yield the results of each seed in the order in which they end.

    Args:
        points: of the design, numbered from 0; or for each seed its points by their numbers
        seeds: of the random draws; the same for every point, so that points are paired
        jobs: processes; None for all cores, 1 for this process alone
        progress: label of the progress bar; None for no bar
        kinds: classes that decide in place of the kinds' own and of the registered ones
        sets: parameter sets of a posterior; each seed has its own, the same in all points; empty: as the points have it
        keep: names of the tables that are kept of each run

    Raises:
        InputError: a kind is unknown, or a class cannot be sent to other processes
    """
    if not isinstance(points, Mapping):
        numbered = dict(enumerate(points))
        points = dict.fromkeys(seeds, numbered)
    runs = sum(point.runs for seed in seeds for point in points[seed].values())
    jobs = min(processes(jobs), max(len(seeds), 1))
    deciding = deciders(kinds, jobs)
    if seeds:
        compile_first(progress is not None)
    tasks = ((points[seed], seed, deciding, set_of(sets, seed), keep) for seed in seeds)
    yield from as_they_come(seed_result, tasks, runs, jobs, progress)


@dataclass(frozen=True, repr=False)
class Ensemble:
    """Runs of some scenarios.

    Args:
        frame: a row a run
        failures: runs that failed, each with its traceback
        record: of a sweep, the `command` that made it and its `sampling`, as in a manifest
        source: of the tables that were kept of each run; None if none was
    """

    frame: pd.DataFrame
    failures: tuple[Mapping[str, Any], ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)
    source: TableSource | None = field(default=None, kw_only=True)

    def __repr__(self) -> str:
        """Return a line for notebooks."""
        names = ", ".join(dict.fromkeys(self.frame["scenario"])) if len(self.frame) else "nothing"
        failed = f", {len(self.failures):,} failed" if self.failures else ""
        return f"<{type(self).__name__} of {names}: {counted(len(self.frame), 'run')}{failed}; the table is in .frame>"

    def tables(self, name: str) -> pd.DataFrame:
        """Return a table of all runs that `keep` named: the rows of each run after its scenario, factors, dates and seed.

        Args:
            name: months, organisations, ties or schools, as in `Run`; ids are text

        Raises:
            InputError: the name is unknown, the runs were made without this table, or a file of it is broken
        """
        return table_from(self.source, name)

    @cached_property
    def headlines(self) -> pd.DataFrame:
        """Headline outcomes, a row for each scenario and outcome: unit, runs, median and middle 90% of runs."""
        from sim.analysis.headline_table import headline_table

        return headline_table(self.frame)

    def summary(self) -> str:
        """Return the headline outcomes of each scenario as text: median and middle 90% of runs."""
        from sim.findings.headlines import runs_summary_text

        return "\n\n".join(
            runs_summary_text(of, str(name)) for name, of in self.headlines.groupby("scenario", sort=False)
        )

    @cached_property
    def plot(self) -> EnsemblePlots:
        """Figures of the ensemble: fan(), fit()."""
        from sim.figures.plots import EnsemblePlots

        return EnsemblePlots(self)


class EnsembleOptions(TypedDict, total=False):
    """Further options of many runs.

    Attributes:
        progress: show a bar; True by default
        uncertainty: `point`, the default, for parameters at their values; `posterior`, each seed with its own set of the
            posterior, except for parameters that were set explicitly; `structures`, sets of the models by weight; or the
            path of a table of sets
        kinds: classes that decide in place of the kinds' own, by name of the kind
    """

    progress: bool
    uncertainty: str | Path
    kinds: dict[str, type[Organisation]] | None


@renamed_keywords(cases="scenarios", set="overrides")
@on_engine
def ensemble(
    scenarios: str | Scenario | Sequence[str | Scenario],
    seeds: int | Sequence[int] = 100,
    jobs: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    *,
    engine: EngineOption = None,
    progress: bool = True,
    uncertainty: str | Path = POINT,
    kinds: dict[str, type[Organisation]] | None = None,
    keep: Keep = (),
) -> Ensemble:
    """Simulate scenarios with many seeds.

    Args:
        scenarios: name of a scenario, a scenario, or several of them
        seeds: number of seeds (1, 2, ...) or the seeds themselves
        jobs: processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        overrides: parameters that differ in all scenarios, by dotted name
        progress: show a bar
        uncertainty: `point`, parameters at their values; `posterior`, each seed with its own set of the posterior, except for
            parameters that were set explicitly; `structures`, sets of the models by weight; or the path of a table of sets
        kinds: classes that decide in place of the kinds' own, by name of the kind
        keep: tables of each run that stay in memory, compressed: months, organisations, ties, schools; a sweep with `out`
            writes them to disk

    Returns:
        The runs, with `frame` (sorted by scenario and seed), `tables(name)`, `failures` and `plot`.

    Raises:
        InputError: a name is unknown or shared by two scenarios, a value is wrong, there is no seed, the posterior cannot be
            used, or a class cannot decide or cannot be sent to other processes
    """
    flag("progress", progress)
    ready = named_apart([scenario_of(scenario, overrides) for scenario in scenario_list(scenarios)])
    chosen, jobs, label = seeds_of(seeds), processes(jobs), "simulating" if progress else None
    names = table_names(keep)
    return ensemble_over(ready, chosen, parameter_sets(uncertainty), jobs, label, kinds, keep=names)


def ensemble_over(
    scenarios: Sequence[Scenario],
    seeds: Sequence[int],
    sets: ParameterSets,
    jobs: int | None = None,
    progress: str | None = None,
    kinds: dict[str, type[Organisation]] | None = None,
    *,
    keep: Sequence[str] = (),
) -> Ensemble:
    """Simulate scenarios with many seeds, each seed with its own parameter set.

    Args:
        scenarios: with different names
        seeds: of the runs
        sets: parameter sets; empty for parameters at their values
        jobs: processes; None for all cores
        progress: label of the progress bar; None for no bar
        kinds: classes that decide in place of the kinds' own, by name of the kind
        keep: names of the tables that are kept of each run

    Returns:
        The runs, sorted by scenario and seed.

    Raises:
        InputError: every run failed, or a class cannot decide or be sent to other processes
    """
    points = [Point({}, scenario) for scenario in scenarios]
    seed_results = list(results(points, seeds, jobs, progress, kinds, sets, keep=keep))
    frame = with_clusters(tidy(seed_results, [scenario.name for scenario in scenarios]), len(sets), structures_of(sets))
    return Ensemble(frame, failures_of(seed_results), source=tables_in(seed_results, keep))


def tidy(seed_results: Sequence[SeedResult], names: Sequence[str]) -> pd.DataFrame:
    """Return the runs of some results, a row a run, sorted by scenario, dates and seed.

    Args:
        seed_results: of the seeds
        names: of the scenarios, in the order of the table
    """
    import pandas as pd

    frame = pd.DataFrame(rows_of(seed_results))
    if len(frame):
        order = {name: number for number, name in enumerate(names)}
        by = ["scenario", "dates", "seed"]
        frame = frame.sort_values(by, key=lambda c: c.map(order) if c.name == "scenario" else c)
    return frame.reset_index(drop=True)


def failures_of(seed_results: Sequence[SeedResult]) -> tuple[Mapping[str, Any], ...]:
    """Return the runs that failed.

    Raises:
        InputError: all runs failed; the message has the last line of the first traceback
    """
    failures = tuple(failures_in(seed_results))
    if failures and not any(result.rows for result in seed_results):
        last = str(failures[0]["traceback"]).strip().splitlines()[-1]
        raise InputError(f"every run failed; the first failure is: {last.removeprefix('sim.errors.InputError: ')}")
    return failures


def require_options(options: Mapping[str, Any], declared: type = EnsembleOptions) -> None:
    """Check that all options exist.

    Args:
        options: values by name
        declared: class that declares the options

    Raises:
        InputError: an option does not exist; the message has the nearest name
    """
    for name in options:
        if name not in declared.__annotations__:
            raise InputError(f"unknown option `{name}`{suggestion(name, list(declared.__annotations__))}")


def scenario_list(scenarios: str | Scenario | Sequence[str | Scenario]) -> list[str | Scenario]:
    """Return one scenario or several as a list.

    Args:
        scenarios: names of scenarios, or scenarios

    Raises:
        InputError: the value is neither a scenario nor a list, or the list is empty
    """
    if isinstance(scenarios, (str, Scenario)):
        return [scenarios]
    if not isinstance(scenarios, Iterable):
        raise InputError(f"scenarios must be names, or made by `sim.scenario`; got {shown(scenarios)}")
    listed = list(scenarios)
    if not listed:
        raise InputError("at least one scenario is needed; got none")
    return listed


def seeds_of(seeds: int | Sequence[int]) -> list[int]:
    """Return seeds from their number, or as they are listed.

    Raises:
        InputError: there is no seed, a seed is listed twice, or a value is not a whole number
    """
    if isinstance(seeds, str | bytes) or not isinstance(seeds, Sequence):
        return list(range(1, whole_number("`seeds`", seeds, 1) + 1))
    listed = [whole_number("a seed", seed, 0, LAST_SEED) for seed in seeds]
    if not listed:
        raise InputError("at least one seed is needed; got none")
    if len(dict.fromkeys(listed)) < len(listed):
        raise InputError(f"each seed must be listed once; got {shown(listed)}")
    return listed
