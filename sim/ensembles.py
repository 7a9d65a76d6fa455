"""Many runs at once, on all cores: designs seed by seed, ensembles, paired comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from sim.agents.organisation import Organisation
from sim.configuration import scenario_of
from sim.declare import LAST_SEED, Mistake, is_one_of, shown, whole_number
from sim.designs import Point, SeedResult, seed_result
from sim.policy import Scenario, named_apart
from sim.posterior import POINT, ParameterSets, parameter_sets, set_of
from sim.processes import as_they_come, compile_apart, deciders, processes

if TYPE_CHECKING:
    import pandas as pd

    from sim.plotting import EnsemblePlots, PairPlots


def results(
    points: Sequence[Point] | Mapping[int, Sequence[Point]],
    seeds: Sequence[int],
    jobs: int | None = None,
    progress: str | None = None,
    kinds: dict[str, type[Organisation]] | None = None,
    sets: ParameterSets = (),
) -> Iterator[SeedResult]:
    """Results seed by seed as they come, on all cores, with a progress bar in runs and the time left.

    Args:
        points: of the design; or, seed by seed, those that it is to have
        seeds: of the luck; the same for every point, so that points are paired
        jobs: processes; None for all cores, 1 for none but this one
        progress: what the bar says; None for no bar
        kinds: classes that decide in place of the kinds' own and of those registered
        sets: parameter sets of a posterior, of which each seed has its own in all points; none: as the points say

    Raises Mistake for an unknown kind, or for a class that other processes cannot have.
    """
    of = points if isinstance(points, Mapping) else dict.fromkeys(seeds, points)
    runs = sum(1 + (point.reference is not None) for seed in seeds for point in of[seed])
    jobs = min(processes(jobs), max(len(seeds), 1))
    deciding = deciders(kinds, jobs)
    if seeds:
        compile_apart(of[seeds[0]], seeds, jobs, progress)
    tasks = ((of[seed], seed, deciding, set_of(sets, seed)) for seed in seeds)
    yield from as_they_come(seed_result, tasks, runs, jobs, progress)


@dataclass(frozen=True, repr=False)
class Ensemble:
    """Runs of some scenarios: `frame` is tidy, one row a run."""

    frame: pd.DataFrame
    failures: tuple[Mapping[str, Any], ...] = ()

    def __repr__(self) -> str:
        """A line for notebooks."""
        names = ", ".join(dict.fromkeys(self.frame["scenario"])) if len(self.frame) else "nothing"
        failed = f", {len(self.failures):,} failed" if self.failures else ""
        return f"<Ensemble of {names}: {len(self.frame):,} runs{failed}; the table is in .frame>"

    @cached_property
    def plot(self) -> EnsemblePlots:
        """Figures of the ensemble: fan(), fit()."""
        from sim.plotting import EnsemblePlots

        return EnsemblePlots(self)


class More(TypedDict, total=False):
    """What else may be said of many runs.

    Attributes:
        progress: show a bar; it is shown unless this is False
        uncertainty: `point`, parameters as they stand, unless another is named; `posterior`, each seed with its own set
            of the posterior, but for what was set explicitly; or the path of a table of the posterior's form
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
    **more: Unpack[More],
) -> Ensemble:
    """Simulate scenarios with many seeds; one tidy frame, sorted by scenario and seed.

    Args:
        cases: name of a scenario, a scenario, or several
        seeds: number of seeds (1, 2, ...) or the seeds themselves
        jobs: processes; None for all cores
        set: parameters that differ in all of them, by dotted name
        more: `progress`, `uncertainty`, `kinds`, as in `More`

    Raises Mistake for unknown or shared names, wrong values, no seed at all, a posterior that cannot be used, or
    classes that cannot decide or cannot be sent to other processes.
    """
    import pandas as pd

    known(more)
    ready = named_apart([scenario_of(case, set) for case in several(cases)])
    points, wanted, jobs = [Point({}, case) for case in ready], seeds_of(seeds), processes(jobs)
    bar, sets = "simulating" if more.get("progress", True) else None, parameter_sets(more.get("uncertainty", POINT))
    found = list(results(points, wanted, jobs, bar, more.get("kinds"), sets))
    rows = [row for result in found for row in result.rows]
    failures = tuple(failure for result in found for failure in result.failures)
    frame = pd.DataFrame(rows)
    if len(frame):
        order = {case.name: number for number, case in enumerate(ready)}
        frame = frame.sort_values(["scenario", "seed"], key=lambda c: c.map(order) if c.name == "scenario" else c)
    return Ensemble(frame.reset_index(drop=True), failures)


@dataclass(frozen=True, repr=False)
class Pairs:
    """A baseline and arms with the same seeds; `differences` has one row an arm for one outcome."""

    frame: pd.DataFrame
    baseline: str
    arms: tuple[str, ...]
    over_posterior: bool = False  # whether each seed has its own parameter set

    def __repr__(self) -> str:
        """A line for notebooks."""
        seeds = self.frame["seed"].nunique() if len(self.frame) else 0
        return f"<Pairs of {', '.join(self.arms)} with {self.baseline}: {seeds:,} seeds; ask .differences(outcome)>"

    def differences(self, outcome: str = "examinees_2020") -> pd.DataFrame:
        """Mean difference from the baseline within pairs, its interval and the level of that, the correlation achieved.

        The interval is a bootstrap over pairs; of an outcome that is yes or no in every run, Newcombe's for pairs.
        Raises Mistake for an unknown outcome, for several at once, or where no arm has a pair with values.
        """
        from sim.analysis.effects import paired

        if isinstance(outcome, (list, tuple)):
            raise Mistake(f"differences are of one outcome at a time; got {shown(outcome)}")
        known = [str(name) for name in self.frame if name not in ("scenario", "dates", "seed")]
        if not is_one_of(outcome, known):
            from sim.parameters import suggestion

            raise Mistake(f"unknown outcome `{outcome}`{suggestion(outcome, known)}")
        return paired(self.frame, self.baseline, list(self.arms), outcome)

    @cached_property
    def plot(self) -> PairPlots:
        """Figures of the comparison: effects()."""
        from sim.plotting import PairPlots

        return PairPlots(self)


def compare(
    baseline: str | Scenario,
    arms: str | Scenario | Sequence[str | Scenario],
    seeds: int | Sequence[int] = 100,
    jobs: int | None = None,
    **more: Unpack[More],
) -> Pairs:
    """Compare arms with a baseline within pairs of runs that share their luck, and their draw from the posterior if any.

    Args:
        baseline: name of a scenario, or a scenario
        arms: what it is compared with
        seeds: number of seeds (1, 2, ...) or the seeds themselves
        jobs: processes; None for all cores
        more: `progress`, `uncertainty`, `kinds`, as in `More`

    Raises Mistake for an unknown scenario, a baseline compared with itself, and as `ensemble` does.
    """
    first, others = scenario_of(baseline), [scenario_of(arm) for arm in several(arms)]
    if not others:
        raise Mistake("a comparison needs at least one arm")
    if first in others:
        raise Mistake(f"`{first.name}` is compared with itself")
    found = ensemble([first, *others], seeds, jobs, **more)
    over_posterior = more.get("uncertainty", POINT) != POINT
    return Pairs(found.frame, first.name, tuple(arm.name for arm in others), over_posterior)


def known(more: Mapping[str, Any], options: type = More) -> None:
    """Raises Mistake for what may not be said of many runs: what is none of the options."""
    for name in more:
        if name not in options.__annotations__:
            from sim.parameters import suggestion

            raise Mistake(f"unknown option `{name}`{suggestion(name, list(options.__annotations__))}")


def several(cases: str | Scenario | Sequence[str | Scenario]) -> list[str | Scenario]:
    """Scenarios or their names as a list, one alone too. Raises Mistake for what is neither."""
    if isinstance(cases, (str, Scenario)):
        return [cases]
    if not isinstance(cases, Iterable):
        raise Mistake(f"scenarios are given by their names, or as `sim.scenario` gives them; got {shown(cases)}")
    return list(cases)


def seeds_of(seeds: int | Sequence[int]) -> list[int]:
    """Seeds from their number, or as given. Raises Mistake where there is none."""
    if isinstance(seeds, str) or not isinstance(seeds, Sequence):
        return list(range(1, whole_number("`seeds`", seeds, 1) + 1))
    listed = [whole_number("a seed", seed, 0, LAST_SEED) for seed in seeds]
    if not listed:
        raise Mistake("at least one seed is needed")
    if len(dict.fromkeys(listed)) < len(listed):
        raise Mistake(f"every seed is needed once; got {shown(listed)}")
    return listed
