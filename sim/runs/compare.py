"""Paired comparisons: a baseline and arms that share their luck, run until intervals are as narrow as asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import TYPE_CHECKING, Any, Unpack

from sim.analysis.clusters import PARAMETER_SET, STRUCTURE, sharing_note, with_clusters
from sim.configuration import arm_over, scenario_of
from sim.declare import OUTCOMES
from sim.design.points import Point
from sim.errors import InputError, counted, is_one_of, shown, suggestion, whole_number
from sim.parameters import declared_parameters
from sim.policy import Scenario, named_apart
from sim.runs.ensemble import More, failures_of, known, results, seeds_of, several, tidy
from sim.runs.parallel import processes
from sim.runs.posterior import POINT, parameter_sets, structures_of
from sim.runs.seed_runs import SeedResult
from sim.tables.paths import expanded_path
from sim.world.facts import data_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sim.figures.plots import PairPlots

ABOUT = ("scenario", "dates", "seed", STRUCTURE, PARAMETER_SET)
"""Columns of a frame that are no outcome."""

NONE = "none"
"""What dates go by at which the ministry does nothing, in an arm and in the baseline beside it."""

FEWEST, FEW = 2, 10
"""Pairs of which there can be an interval; and below which it is itself a matter of luck, so that no run ends for it."""


class Closer(More, total=False):
    """What else may be said of a comparison.

    Attributes:
        held: each arm is also run with the ministry held to its months in the baseline's run of the same seed; of an
            arm in which it never acts the baseline is run without its acts too
        precision: stop when the interval of every arm, dates free and held, reaches no further than this to either
            side [unit of `outcome`]; None, the default, for all seeds
        outcome: of which `precision` is asked; examinees_2020 unless another is named
        batch: seeds that are added at a time until the intervals are narrow; 20 unless said
    """

    held: bool
    precision: float | None
    outcome: str
    batch: int


@dataclass(frozen=True)
class Wanted:
    """How narrow intervals are to be, and what came of it.

    Args:
        outcome: of which it is asked
        reach: of an interval to either side, at most [outcome's unit]
        met: whether every arm's interval is as narrow, of ten pairs or more
    """

    outcome: str
    reach: float
    met: bool = False


@dataclass(frozen=True, repr=False)
class Pairs:
    """A baseline and arms with the same seeds; `differences` has a row an arm and kind of dates for one outcome."""

    frame: pd.DataFrame
    baseline: str
    arms: tuple[str, ...]
    over_posterior: bool = False  # whether seeds have parameter sets of a posterior
    failures: tuple[Mapping[str, Any], ...] = ()
    wanted: Wanted | None = None

    def __repr__(self) -> str:
        """Return a line for notebooks."""
        seeds = self.frame["seed"].nunique() if len(self.frame) else 0
        failed = f", {counted(len(self.failures), 'run')} failed (.failures says why)" if self.failures else ""
        return f"<Pairs of {', '.join(self.arms)} with {self.baseline}: {seeds:,} seeds{failed}; ask .summary(outcome)>"

    def differences(self, outcome: str = "examinees_2020") -> pd.DataFrame:
        """Differences from the baseline within pairs: mean, interval, correlation, runs saved, how surely better.

        A row an arm; with `held=True` a further one with the dates held. The interval is a bootstrap over pairs; of an
        outcome that is yes or no in every run, Newcombe's for pairs. The columns are those of
        `sim.analysis.paired_differences.differences`.

        Raises:
            InputError: an unknown outcome, for several at once, or where no arm has a pair with values
        """
        from sim.analysis.paired_differences import differences

        told = differences(self.frame, self.baseline, self.arms, [self._known(outcome)])
        if not told["n"].any():
            raise InputError(
                f"no pair of runs has a value of `{outcome}` in both `{self.baseline}` and an arm: nothing to compare"
            )
        return told

    def summary(self, outcome: str = "examinees_2020") -> str:
        """Return the same as text for people: a line an arm and kind of dates, then how pairs share parameter sets, if they do.

        Raises:
            InputError: as `differences` does
        """
        from sim.findings.comparison import overview

        return "\n\n".join(filter(None, [overview(self.differences(outcome)), self.sharing]))

    @property
    def sharing(self) -> str:
        """The sentence on how pairs share parameter sets, and what that does to intervals; empty where they share none."""
        return sharing_note(self.frame, "pairs")

    def parts(self, outcome: str = "examinees_2020") -> pd.DataFrame:
        """Each arm's effect in total, through the dates and through strength, with intervals.

        Raises:
            InputError: an unknown outcome, for several at once, or where no arm was run with the dates held
        """
        from sim.analysis.paired_differences import effect_parts

        known = self._known(outcome)
        if (self.frame["dates"] == "emergent").all():
            raise InputError(
                "an effect has parts where arms were also run with the dates held: compare with `held=True`"
            )
        return effect_parts(self.frame, self.baseline, self.arms, known)

    def _known(self, outcome: str) -> str:
        if isinstance(outcome, (list, tuple)):
            raise InputError(f"differences are of one outcome at a time; got {shown(outcome)}")
        return known_outcome(self.frame, outcome)

    @cached_property
    def plot(self) -> PairPlots:
        """Figures of the comparison: effects()."""
        from sim.figures.plots import PairPlots

        return PairPlots(self)


def known_outcome(frame: pd.DataFrame, outcome: Any) -> str:
    """Return an outcome that runs have.

    Raises:
        InputError: another, with the nearest
    """
    names = [str(name) for name in frame if name not in ABOUT]
    if not is_one_of(outcome, names):
        if is_one_of(outcome, OUTCOMES):
            raise InputError(
                f"these runs have no outcome `{outcome}`, which was declared after them: simulate them again"
            )
        raise InputError(f"unknown outcome `{outcome}`{suggestion(outcome, names)}")
    return str(outcome)


def compare(
    baseline: str | Scenario,
    arms: str | Scenario | Sequence[str | Scenario],
    seeds: int | Sequence[int] = 100,
    jobs: int | None = None,
    **more: Unpack[Closer],
) -> Pairs:
    """Compare arms with a baseline within pairs of runs that share their luck, and their draw from the posterior if any.

    Args:
        baseline: name of a scenario, or a scenario
        arms: what it is compared with; "+no_backbone" is the baseline with what that scenario sets laid over it
        seeds: number of seeds (2, 3, ...) or the seeds themselves; with `precision`, as many at most
        jobs: processes; None for all cores
        more: `held`, `precision`, `outcome`, `batch`, as in `Closer`, and `progress`, `uncertainty`, `kinds`, as in `More`

    Raises InputError for an unknown scenario, a baseline compared with itself, an arm named twice, fewer than two seeds, a
    precision that is none, and as `ensemble` does.
    """
    known(more, Closer)
    cases, chosen = cases_of(baseline, arms), seeds_of(seeds)
    wanted, batch = wanted_of(more), whole_number("`batch`", more.get("batch", 20), FEWEST)
    names, points = [case.name for case in cases], points_of(cases, more.get("held", False))
    jobs, uncertainty = processes(jobs), more.get("uncertainty", POINT)
    bar, sets = "simulating" if more.get("progress", True) else None, parameter_sets(uncertainty)
    if len(chosen) < FEWEST:
        raise InputError(f"an interval takes {FEWEST} pairs of runs at least; got {len(chosen)}")
    found: list[SeedResult] = []
    for part in batches(chosen, batch if wanted else len(chosen)):
        found += results(points, part, jobs, bar, more.get("kinds"), sets)
        frame = with_clusters(tidy(found, names), len(sets), structures_of(sets))
        wanted = seen(wanted, frame, names)
        if wanted and wanted.met:
            break
    about = uncertainty != POINT, failures_of(found), wanted
    return Pairs(frame, names[0], tuple(names[1:]), *about)


def cases_of(baseline: str | Scenario, arms: str | Scenario | Sequence[str | Scenario]) -> list[Scenario]:
    """Return the baseline, then the arms; a name with a plus before it is laid over the baseline: `+no_backbone`.

    Raises:
        InputError: no arm, the baseline among them under whatever name, an arm with other schools, and one that is
            named twice
    """
    first, others = scenario_of(baseline), [scenario_of(arm_over(baseline, arm)) for arm in several(arms)]
    if not others:
        raise InputError("a comparison needs at least one arm")
    for arm in others:
        if arm == first:
            raise InputError(f"`{first.name}` is compared with itself")
        same_schools(first, arm)
        if content(arm) == content(first):
            raise InputError(f"`{arm.name}` is `{first.name}` under another name, with the same parameters, policy and "
                          "files: it would be compared with itself")  # fmt: skip
    return named_apart([first, *others])


FILES, TABLES = ("setting.schools", "setting.organisations", "setting.ties"), ("setting.population", "setting.cohorts")
"""Parameters that name a file of the user's, if any; and a table that is the user's or the project's."""

SCHOOLS = ("setting.schools", *TABLES, "setting.year", "setting.taking", "setting.scale")
"""Parameters that say which schools and students there are."""


def same_schools(baseline: Scenario, arm: Scenario) -> None:
    """Raises InputError for an arm in another setting: what differs would be two places, and not what the arm does."""
    here, there = content(baseline), content(arm)
    differ = [key for key in SCHOOLS if here[key] != there[key]]
    if differ:
        raise InputError(
            f"`{arm.name}` has other schools than `{baseline.name}` ({', '.join(differ)} differ{'s' * (len(differ) == 1)}), "
            f"so they are no pair; an arm within the setting of `{baseline.name}` has a plus before its name, "
            "for example `+no_backbone`"
        )


def content(case: Scenario) -> dict[str, Any]:
    """What a scenario is, whatever it and its files are called: parameters, what its policy changes, and when."""
    held = {name: case.parameters[name] for name in declared_parameters()}
    held |= {name: data_path(held[name]).read_bytes() for name in TABLES}
    held |= {name: expanded_path(held[name]).read_bytes() for name in FILES if held[name]}
    now, changes = case.parameters, list[tuple[int, str, Any]]()
    for change in case.policy.changes:
        if now[change.key] != change.value:
            changes.append((change.month, change.key, change.value))
            now = now.with_({change.key: change.value})
    return held | {"policy": changes}


def points_of(cases: Sequence[Scenario], held: bool) -> list[Point]:
    """Return the baseline and its arms, each with whose dates it is also run.

    An arm is held to the baseline's. One in which the ministry never acts would then be another arm: it is set beside the
    baseline without the ministry's acts, both under the dates `none`.
    """
    first, *others = cases
    if not held:
        return [Point({}, case) for case in cases]
    idle = [arm for arm in others if not holdable(arm, first)]
    arms = [Point({}, arm, arm, NONE) if arm in idle else Point({}, arm, first) for arm in others]
    return [Point({}, first, idle[0], NONE) if idle else Point({}, first), *arms]


def holdable(arm: Scenario, baseline: Scenario) -> bool:
    """Whether an arm is still itself when its ministry is held to the baseline's dates: not if none is to come."""
    modes = [case.parameters["ministry.mode"] for case in (arm, baseline)]
    return modes[0] != "never" or modes[1] == "never"


def wanted_of(more: Closer) -> Wanted | None:
    """How narrow intervals are to be; None where nothing is asked.

    Raises:
        InputError: what is no number above 0
    """
    reach = more.get("precision")
    if reach is None:
        return None
    if isinstance(reach, bool) or not isinstance(reach, Real) or not 0 < reach < float("inf"):
        raise InputError(f"`precision` must be a number above 0, in the outcome's unit; got {shown(reach)}")
    return Wanted(more.get("outcome", "examinees_2020"), float(reach))


def seen(wanted: Wanted | None, frame: pd.DataFrame, names: Sequence[str]) -> Wanted | None:
    """What was wanted, and whether the runs so far give it.

    Raises:
        InputError: an outcome that they do not have
    """
    from sim.analysis.paired_differences import differences, half_widths

    if wanted is None or not len(frame):
        return wanted
    outcome = known_outcome(frame, wanted.outcome)
    told = differences(frame, names[0], names[1:], [outcome])
    narrow = (told["n"] >= FEW) & (half_widths(told) <= wanted.reach)
    return Wanted(outcome, wanted.reach, bool(narrow.all()))


def batches(seeds: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Yield the seeds, so many at a time; the last ones are fewer, but never one alone.

    >>> list(batches([1, 2, 3, 4, 5], 2))
    [[1, 2], [3, 4, 5]]
    """
    first = 0
    while first < len(seeds):
        last = first + size if len(seeds) - first - size >= FEWEST else len(seeds)
        yield seeds[first:last]
        first = last
