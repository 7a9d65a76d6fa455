"""Paired comparisons: a baseline and arms with common random numbers, run until their intervals are narrow enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, Unpack

from sim.analysis.clusters import with_clusters
from sim.configuration import arm_over, scenario_of
from sim.design.points import Point
from sim.errors import InputError, shown, whole_number
from sim.parameters import declared_parameters
from sim.policy import Scenario, named_apart
from sim.runs.ensemble import (
    EnsembleOptions,
    failures_of,
    require_options,
    results,
    scenario_list,
    seeds_of,
    tidy,
)
from sim.runs.keep import Keep, table_names
from sim.runs.pairs import Pairs, PrecisionGoal, require_outcome
from sim.runs.parallel import processes
from sim.runs.posterior import POINT, parameter_sets, structures_of
from sim.runs.seed_runs import SeedResult, tables_in
from sim.tables.paths import expanded_path
from sim.world.facts import data_path

if TYPE_CHECKING:
    import pandas as pd

NONE = "none"
"""Value of the column `dates` for an arm in which the ministry does nothing, and for the baseline beside it."""

FEWEST, FEW = 2, 10
"""Fewest pairs for an interval; and fewest pairs for an interval that is stable enough to end a run."""


class CompareOptions(EnsembleOptions, total=False):
    """Further options of a comparison.

    Attributes:
        held: each arm is also run with the ministry held to its months in the baseline's run of the same seed; for an
            arm in which it never acts, the baseline is also run without its acts
        precision: stop when the interval of every arm, dates free and held, reaches no further than this to either
            side [unit of `outcome`]; None, the default, for all seeds
        outcome: to which `precision` applies; examinees_2020 by default
        batch: number of seeds that are added at a time until the intervals are narrow; 20 by default
        keep: tables of each run that stay in memory: months, organisations, ties, schools
    """

    held: bool
    precision: float | None
    outcome: str
    batch: int
    keep: Keep


def compare(
    baseline: str | Scenario,
    arms: str | Scenario | Sequence[str | Scenario],
    seeds: int | Sequence[int] = 100,
    jobs: int | None = None,
    **options: Unpack[CompareOptions],
) -> Pairs:
    """Compare arms with a baseline within pairs of runs with common random numbers and the same parameter set.

    Args:
        baseline: name of a scenario, or a scenario
        arms: one or several; "+no_backbone" is the baseline with that scenario laid over it
        seeds: number of seeds (2, 3, ...) or the seeds themselves; with `precision`, the most that are run
        jobs: processes; None for all cores
        options: `held`, `precision`, `outcome`, `batch`, `keep`, as in `CompareOptions`, and `progress`, `uncertainty`,
            `kinds`, as in `EnsembleOptions`

    Returns:
        The runs, with `differences(outcome)`, `summary(outcome)`, `parts(outcome)` and `plot`.

    Raises:
        InputError: a scenario is unknown, the baseline is compared with itself, an arm is listed twice, there are fewer than
            two seeds, an option is wrong, or as `ensemble` does
    """
    require_options(options, CompareOptions)
    scenarios, chosen = scenarios_of(baseline, arms), seeds_of(seeds)
    goal, batch = precision_goal(options), whole_number("`batch`", options.get("batch", 20), FEWEST)
    names, points = [scenario.name for scenario in scenarios], points_of(scenarios, options.get("held", False))
    jobs, uncertainty = processes(jobs), options.get("uncertainty", POINT)
    bar, sets = "simulating" if options.get("progress", True) else None, parameter_sets(uncertainty)
    if len(chosen) < FEWEST:
        raise InputError(f"an interval needs at least {FEWEST} pairs of runs; got {len(chosen)}")
    seed_results, tables = list[SeedResult](), table_names(options.get("keep"))
    for part in batches(chosen, batch if goal else len(chosen)):
        seed_results += results(points, part, jobs, bar, options.get("kinds"), sets, keep=tables)
        frame = with_clusters(tidy(seed_results, names), len(sets), structures_of(sets))
        goal = checked_goal(goal, frame, names)
        if goal and goal.met:
            break
    about = uncertainty != POINT, failures_of(seed_results), goal
    return Pairs(frame, names[0], tuple(names[1:]), *about, source=tables_in(seed_results, tables))


def scenarios_of(baseline: str | Scenario, arms: str | Scenario | Sequence[str | Scenario]) -> list[Scenario]:
    """Return the baseline, then the arms; an arm whose name begins with a plus is laid over the baseline.

    Args:
        baseline: name of a scenario, or a scenario
        arms: one or several

    Raises:
        InputError: an arm is the baseline, under the same or another name, has other schools, or is listed twice
    """
    first, others = scenario_of(baseline), [scenario_of(arm_over(baseline, arm)) for arm in scenario_list(arms)]
    for arm in others:
        if arm == first:
            raise InputError(f"`{first.name}` is compared with itself; name another arm")
        require_same_schools(first, arm)
        if scenario_content(arm) == scenario_content(first):
            raise InputError(f"`{arm.name}` is `{first.name}` under another name, with the same parameters, policy and "
                          "files; name another arm")  # fmt: skip
    return named_apart([first, *others])


FILES, TABLES = ("setting.schools", "setting.organisations", "setting.ties"), ("setting.population", "setting.cohorts")
"""Parameters that name a file of the user's own; and parameters that name a table of the user's or the project's."""

SCHOOLS = ("setting.schools", *TABLES, "setting.year", "setting.taking", "setting.scale")
"""Parameters that decide which schools and students there are."""


def require_same_schools(baseline: Scenario, arm: Scenario) -> None:
    """Check that an arm has the schools of the baseline; otherwise the difference would be one between two places.

    Raises:
        InputError: the schools differ
    """
    of_baseline, of_arm = scenario_content(baseline), scenario_content(arm)
    differ = [key for key in SCHOOLS if of_baseline[key] != of_arm[key]]
    if differ:
        raise InputError(
            f"`{arm.name}` has other schools than `{baseline.name}` ({', '.join(differ)} differ{'s' * (len(differ) == 1)}), "
            f"so they cannot be compared; put a plus before the name to lay an arm over `{baseline.name}`, "
            "for example `+no_backbone`"
        )


def scenario_content(scenario: Scenario) -> dict[str, Any]:
    """Return the content of a scenario without its name and those of its files: parameters, files, changes by policy."""
    values = {name: scenario.parameters[name] for name in declared_parameters()}
    values |= {name: data_path(values[name]).read_bytes() for name in TABLES}
    values |= {name: expanded_path(values[name]).read_bytes() for name in FILES if values[name]}
    now, changes = scenario.parameters, list[tuple[int, str, Any]]()
    for change in scenario.policy.changes:
        if now[change.key] != change.value:
            changes.append((change.month, change.key, change.value))
            now = now.with_({change.key: change.value})
    return values | {"policy": changes}


def points_of(scenarios: Sequence[Scenario], held: bool) -> list[Point]:
    """Return the baseline and its arms as points of a design.

    With `held`, each arm is also run at the dates of the baseline. An arm in which the ministry never acts cannot be; the
    baseline is then also run without the acts of the ministry, and both have the dates `none`.

    Args:
        scenarios: the baseline, then the arms
        held: whether arms are also run with the dates held
    """
    first, *others = scenarios
    if not held:
        return [Point({}, scenario) for scenario in scenarios]
    idle = [arm for arm in others if not holdable(arm, first)]
    arms = [Point({}, arm, arm, NONE) if arm in idle else Point({}, arm, first) for arm in others]
    return [Point({}, first, idle[0], NONE) if idle else Point({}, first), *arms]


def holdable(arm: Scenario, baseline: Scenario) -> bool:
    """Return whether an arm can be run at the baseline's dates: not if its ministry never acts and the baseline's does."""
    modes = [scenario.parameters["ministry.mode"] for scenario in (arm, baseline)]
    return modes[0] != "never" or modes[1] == "never"


def precision_goal(options: CompareOptions) -> PrecisionGoal | None:
    """Return the precision that a comparison is to reach; None if the options have none.

    Raises:
        InputError: the precision is not a number above 0
    """
    reach = options.get("precision")
    if reach is None:
        return None
    if isinstance(reach, bool) or not isinstance(reach, Real) or not 0 < reach < float("inf"):
        raise InputError(f"`precision` must be a number above 0, in the outcome's unit; got {shown(reach)}")
    return PrecisionGoal(options.get("outcome", "examinees_2020"), float(reach))


def checked_goal(goal: PrecisionGoal | None, frame: pd.DataFrame, names: Sequence[str]) -> PrecisionGoal | None:
    """Return a goal after a check whether the runs so far reach it.

    Args:
        goal: precision that is wanted; None if none is
        frame: a row a run
        names: of the baseline, then of the arms

    Raises:
        InputError: the runs do not have the outcome
    """
    from sim.analysis.paired_differences import differences, half_widths

    if goal is None or not len(frame):
        return goal
    outcome = require_outcome(frame, goal.outcome)
    table = differences(frame, names[0], names[1:], [outcome])
    narrow = (table["n"] >= FEW) & (half_widths(table) <= goal.reach)
    return PrecisionGoal(outcome, goal.reach, bool(narrow.all()))


def batches(seeds: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Yield the seeds in batches; the last batch may be smaller or larger, but never has a single seed.

    >>> list(batches([1, 2, 3, 4, 5], 2))
    [[1, 2], [3, 4, 5]]
    """
    first = 0
    while first < len(seeds):
        last = first + size if len(seeds) - first - size >= FEWEST else len(seeds)
        yield seeds[first:last]
        first = last
