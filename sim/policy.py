"""A policy is a set of dated changes to declared levers; a schedule is what is in force in each month."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from typing import Any

from sim.dates import date_of, month_of
from sim.errors import InputError, shown, whole_number
from sim.parameters import IDLE_BEFORE_LAUNCH, Parameters, checked, declared, declared_parameters
from sim.world.facts import cells, cohort_points, forget_changed_tables, places, taking_points
from sim.world.files.load import ABOUT, files_of, part_of_country
from sim.world.setting import NO_FILES, Files


@dataclass(frozen=True, order=True)
class Change:
    """From this month on, a lever has this value; `window` marks changes that timing moves."""

    month: int
    key: str
    value: Any
    window: bool = False


@dataclass(frozen=True)
class Policy:
    """Dated changes to levers, sorted by month. There is no other code for policies."""

    changes: tuple[Change, ...] = ()

    @staticmethod
    def of(changes: Iterable[Change]) -> Policy:
        """Return a policy from changes in any order.

        Raises:
            InputError: a parameter that is no lever, or a wrong value
        """
        listed = []
        for change in changes if isinstance(changes, Iterable) else [changes]:
            if not isinstance(change, Change):
                raise InputError(f"a policy consists of changes, `sim.Change(month, key, value)`; got {shown(change)}")
            if isinstance(change.month, str):
                raise InputError(f"the month of a change to `{change.key}` must be a number of months; got "
                              f"{shown(change.month)}: `sim.dates.month_of` makes one of a date")  # fmt: skip
            whole_number(f"the month of a change to `{change.key}`", change.month, *_MONTHS)
            if not declared(change.key)[1].lever:
                raise InputError(f"`{change.key}` is no lever: a policy cannot change it in {date_of(change.month)}")
            listed.append(replace(change, value=checked(change.key, change.value)))
        return Policy(tuple(sorted(listed, key=lambda c: (c.month, c.key))))

    def shifted(self, months: int) -> Policy:
        """Return the same policy with its windows so many months later (earlier if negative).

        Who counts events counts them as they come: a change of leaders that another one has overtaken is the later one.
        """
        whole_number("the months by which a policy is shifted", months, -_MONTHS[1], _MONTHS[1])
        moved = [replace(c, month=c.month + months) if c.window else c for c in self.changes]
        counts = {key: iter(sorted(c.value for c in moved if c.key == key)) for key in counted()}
        ordered = sorted(moved, key=lambda c: (c.month, c.key))
        return Policy(tuple(replace(c, value=next(counts[c.key])) if c.key in counts else c for c in ordered))

    def without(self, *keys: str) -> Policy:
        """Return the same policy without the changes to some levers.

        Raises:
            InputError: an unknown name
        """
        for key in keys:
            declared(key)
        return Policy(tuple(c for c in self.changes if c.key not in keys))

    def also(self, changes: Iterable[Change]) -> Policy:
        """Return the same policy with further changes.

        Raises:
            InputError: as `of` does
        """
        return Policy.of((*self.changes, *changes))


_MONTHS = (-10_000, 10_000)
"""Months in which a change may be dated: centuries from now, so that what adds them up cannot go astray."""


@lru_cache(maxsize=1)
def counted() -> tuple[str, ...]:
    """Levers that count what has happened so far."""
    return tuple(name for name, (_, said) in declared_parameters().items() if said.lever and said.unit == "count")


def without_contradiction(policy: Policy) -> Policy:
    """Return the policy.

    Raises:
        InputError: a lever has two values from one month on, or a count of events does not rise
    """
    said: dict[str, Change] = {}
    for change in policy.changes:
        before, date = said.get(change.key), date_of(change.month)
        if before and before.month == change.month and before.value != change.value:
            raise InputError(f"`{change.key}` is changed twice in {date}, to {before.value} and to {change.value}")
        if before and change.key in counted() and before.month < change.month and before.value >= change.value:
            raise InputError(f"`{change.key}` counts events so far, so it cannot be {change.value} in {date} "
                          f"after {before.value} in {date_of(before.month)}")  # fmt: skip
        said[change.key] = change
    return policy


def counted_together(policies: Sequence[Sequence[Change]]) -> Policy:
    """One policy of several: what each counts of the same events, such as changes of leaders, is counted on.

    >>> one, other = Change(5, "ministry.leadership", 1), Change(3, "ministry.leadership", 1)
    >>> [(change.month, change.value) for change in counted_together([[one], [other]]).changes]
    [(3, 1), (5, 2)]
    """
    listed = [change for policy in policies for change in Policy.of(policy).changes]
    for key in counted():
        events: list[tuple[Change, int]] = []
        for policy in policies:
            value = 0
            for change in (c for c in Policy.of(policy).changes if c.key == key):
                events.append((change, change.value - value))
                value = change.value
        if len({id(change) for change, _ in events}) < 2 or any(step < 1 for _, step in events):
            continue  # nothing to add up, or counts that do not rise, which is said elsewhere
        listed = [change for change in listed if change.key != key]
        total = 0
        for change, step in sorted(events, key=lambda event: event[0].month):
            total += step
            listed.append(replace(change, value=total))
    return Policy.of(listed)


def dates_in_order(joined: int, pilot: int, national: int) -> None:
    """Raises InputError unless the ministry joins, pilots and goes national in this order."""
    if not joined <= pilot <= national:
        dates = f"{date_of(joined)}, {date_of(pilot)}, {date_of(national)}"
        raise InputError(f"the ministry joins, pilots and goes national in this order; got {dates}")


def ordered_stages(joined: int | None, pilot: int | None, national: int | None) -> list[Change]:
    """Changes that take the ministry to its stages at given months; None for a stage that is never reached."""
    months = [month for month in (joined, pilot, national) if month is not None]
    if months != sorted(months):
        dates_in_order(*months, *[months[-1]] * (3 - len(months)))
    stages = ((joined, 1), (pilot, 2), (national, 3))
    reached: dict[int, int] = {}
    for month, stage in stages:
        if month is not None:
            reached[month] = max(reached.get(month, 0), stage)
    return [Change(month, "ministry.ordered", stage, window=True) for month, stage in reached.items()]


@dataclass(frozen=True)
class Schedule:
    """What is in force in each month: parameters changed by a policy."""

    starts: tuple[int, ...]
    values: tuple[Parameters, ...]

    @staticmethod
    def of(parameters: Parameters, policy: Policy) -> Schedule:
        """Return the schedule of parameters under a policy."""
        starts, values = [-(10**9)], [parameters]
        for month in sorted({change.month for change in policy.changes}):
            now = {c.key: c.value for c in policy.changes if c.month == month}
            starts.append(month)
            values.append(values[-1].with_(now))
        return Schedule(tuple(starts), tuple(values))

    def at(self, month: int) -> Parameters:
        """Return the parameters in force in a month."""
        return self.values[bisect_right(self.starts, month) - 1]

    def signature(self, month: int) -> tuple[int, ...]:
        """What can have mattered up to, and not including, a month; equal signatures mean equal histories."""
        return tuple(
            hash((start, relevant(value)))
            for start, value in zip(self.starts, self.values, strict=True)
            if start < month
        )


def relevant(parameters: Parameters) -> Parameters:
    """Return the parameters without the sections that nothing reads before the launch, if it has not come."""
    if parameters.network.launched:
        return parameters
    blank = Parameters()
    idle: dict[str, Any] = {name: getattr(blank, name) for name in IDLE_BEFORE_LAUNCH}
    if parameters.ministry.ordered == 0:
        idle["ministry"] = replace(parameters.ministry, mode=blank.ministry.mode)
    return replace(parameters, **idle)


SHOWN = 8
"""Parameters that were set which the line of a scenario names."""


@dataclass(frozen=True, repr=False)
class Scenario:
    """A named set of parameters and a policy, ready to be simulated.

    `explicit` names the parameters that somebody set, be it to their default: a posterior leaves them alone. `timing` is
    how many months later its windows come than its policies say; the changes in `policy` have moved already.
    """

    name: str
    parameters: Parameters = Parameters()
    policy: Policy = Policy()
    files: Files = NO_FILES
    explicit: frozenset[str] = field(default=frozenset(), compare=False)
    timing: int = field(default=0, compare=False)

    def __repr__(self) -> str:
        """Return a line for notebooks: what it is called, its timing, and what was set."""
        timing = f", timing {self.timing:+d}" if self.timing else ""
        said = [f"{name}={shown(self.parameters[name])}" for name in sorted(self.explicit)[:SHOWN]]
        more = [f"{len(self.explicit) - SHOWN} more"] if len(self.explicit) > SHOWN else []
        return f"<Scenario {self.name}{timing}{': ' if said else ''}{', '.join(said + more)}>"

    @staticmethod
    def of(name: str, parameters: Parameters, policy: Policy, explicit: Iterable[str] = ()) -> Scenario:
        """Return a scenario with the tables and files that its setting names.

        Raises:
            InputError: a start that is no September, an end before it, a second ministry or backbone, or a table or
                file that cannot be used
        """
        if month_of(parameters.setting.start) % 12:
            raise InputError(f"`setting.start` must be a September; got {parameters.setting.start}")
        numbers = {kind.name: getattr(parameters.kinds, kind.name).number for kind in fields(parameters.kinds)}
        for kind in ("ministry", "backbone"):
            if numbers[kind] > 1:
                raise InputError(f"`kinds.{kind}.number` must be 1 at most; got {numbers[kind]}")
        if not any(numbers.values()):
            raise InputError("there must be an organisation of some kind: every `number` of `kinds` is 0")
        setting = parameters.setting
        named = [name for name in (setting.places, setting.taking_by_year) if name]
        forget_changed_tables(setting.population, setting.cohorts, *named)
        cells(setting.population)
        cohort_points(setting.cohorts)
        if setting.places:
            places(setting.places)
        if setting.taking_by_year:
            taking_points(setting.taking_by_year)
        case = Scenario(name, parameters, policy, files_of(parameters), frozenset(explicit))
        assert case.last_month
        return case

    def with_(self, values: Mapping[str, Any], name: str | None = None) -> Scenario:
        """Return the same scenario with parameters changed, levers until its policy does.

        Raises:
            InputError: as Parameters.with_, `of`
        """
        parameters, name = self.parameters.with_(values), name or self.name
        explicit = self.explicit.union(values)
        if (parameters.setting, parameters.kinds) == (self.parameters.setting, self.parameters.kinds):
            return replace(self, name=name, parameters=parameters, explicit=explicit)
        return replace(Scenario.of(name, parameters, self.policy, explicit), timing=self.timing)

    def drawn(self, values: Mapping[str, float]) -> Scenario:
        """Return the same scenario at a parameter set of a posterior, but for what was set explicitly."""
        free = {name: value for name, value in values.items() if name not in self.explicit}
        return replace(self, parameters=self.parameters.with_(free)) if free else self

    @property
    def first_month(self) -> int:
        """The first month that counts, after the burn-in."""
        return month_of(self.parameters.setting.start)

    @property
    def last_month(self) -> int:
        """The last month.

        Raises:
            InputError: it comes before the first
        """
        last = month_of(self.parameters.setting.until)
        if last <= self.first_month:
            raise InputError(f"the run would end ({date_of(last)}) before it begins ({date_of(self.first_month)})")
        return last

    @property
    def part(self) -> float:
        """Maths takers of its schools over those of the country that the published record is about [ratio]."""
        return part_of_country(self.parameters.setting, self.files)

    @property
    def national(self) -> bool:
        """Whether its schools are about as large as the country's, so that the published record can be held to it."""
        return abs(self.part - 1.0) <= ABOUT

    def schedule(self) -> Schedule:
        """What is in force in each month."""
        return self._schedule

    @cached_property
    def _schedule(self) -> Schedule:
        return Schedule.of(self.parameters, self.policy)

    def held(self, path: Sequence[tuple[int, int]]) -> Scenario:
        """Return the same scenario with the ministry held to a path: months and the stage it reaches, or falls to, in each."""
        reached = dict(sorted(path))
        changes = [Change(month, "ministry.ordered", stage, window=True) for month, stage in reached.items()]
        policy = self.policy.without("ministry.ordered").also(changes)
        return replace(self, parameters=self.parameters.with_({"ministry.mode": "scheduled"}), policy=policy)


def named_apart(cases: list[Scenario]) -> list[Scenario]:
    """Return the scenarios.

    Raises:
        InputError: there is none, where one comes twice, and where two share a name
    """
    if not cases:
        raise InputError("an ensemble takes one scenario or several; got none")
    known: dict[str, Scenario] = {}
    for case in cases:
        if known.get(case.name) == case:
            raise InputError(f"`{case.name}` is asked for twice")
        if case.name in known:
            raise InputError(f"two different scenarios are both called `{case.name}`; give one a name with `called`")
        known[case.name] = case
    return cases
