"""Scenarios: named parameters with a policy, ready to be simulated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

from sim.dates import date_of, month_of
from sim.errors import InputError, shown
from sim.parameters import Parameters
from sim.policy.changes import Change, Policy
from sim.policy.schedule import Schedule
from sim.world.facts import cells, cohort_points, forget_changed_tables, places, taking_points
from sim.world.files.load import ABOUT, files_of, part_of_country
from sim.world.setting import NO_FILES, Files, SettingParameters

SHOWN = 8
"""Number of set parameters that the text form of a scenario shows."""


@dataclass(frozen=True, repr=False)
class Scenario:
    """A named set of parameters and a policy, ready to be simulated.

    Attributes:
        name: of the scenario
        parameters: before the policy changes them
        policy: dated changes of levers, already moved by `timing`
        files: the user's tables of schools, organisations and ties
        explicit: parameters that were set, even to their default; a posterior does not change them
        timing: how much later the windows come than the policies say [months]
        mode_before: `ministry.mode` before `timing="never"`, which a number as `timing` brings back; empty without it
    """

    name: str
    parameters: Parameters = Parameters()
    policy: Policy = Policy()
    files: Files = NO_FILES
    explicit: frozenset[str] = field(default=frozenset(), compare=False)
    timing: int = field(default=0, compare=False)
    mode_before: str = field(default="", compare=False)

    def __repr__(self) -> str:
        """Return a line for notebooks: its name, its timing, and the parameters that were set."""
        timing = f", timing {self.timing:+d}" if self.timing else ""
        values = [f"{name}={shown(self.parameters[name])}" for name in sorted(self.explicit)[:SHOWN]]
        rest = [f"{len(self.explicit) - SHOWN} more"] if len(self.explicit) > SHOWN else []
        return f"<Scenario {self.name}{timing}{': ' if values else ''}{', '.join(values + rest)}>"

    @staticmethod
    def of(name: str, parameters: Parameters, policy: Policy, explicit: Iterable[str] = ()) -> Scenario:
        """Return a scenario with the tables and files that its setting names.

        Raises:
            InputError: the start is not a September, the end comes before it, there is a second ministry or backbone or no
                organisation at all, or a table or file cannot be used
        """
        if month_of(parameters.setting.start) % 12:
            raise InputError(f"`setting.start` must be a September; got {parameters.setting.start}")
        numbers = {kind.name: getattr(parameters.kinds, kind.name).number for kind in fields(parameters.kinds)}
        for kind in ("ministry", "backbone"):
            if numbers[kind] > 1:
                raise InputError(f"`kinds.{kind}.number` must be at most 1; got {numbers[kind]}")
        if not any(numbers.values()):
            raise InputError(
                "there is no organisation, since every `number` of `kinds` is 0; set one of them, such as `kinds.ngo.number`"
            )
        require_tables(parameters.setting)
        scenario = Scenario(name, parameters, policy, files_of(parameters), frozenset(explicit))
        assert scenario.last_month
        return scenario

    def with_(self, values: Mapping[str, Any], name: str | None = None) -> Scenario:
        """Return the same scenario with parameters changed; a changed lever holds until the policy changes it.

        Args:
            values: by dotted name
            name: of the new scenario; None for the same name

        Raises:
            InputError: as `Parameters.with_` and `of` do
        """
        parameters, name = self.parameters.with_(values), name or self.name
        explicit = self.explicit.union(values)
        if (parameters.setting, parameters.kinds) == (self.parameters.setting, self.parameters.kinds):
            return replace(self, name=name, parameters=parameters, explicit=explicit)
        new = Scenario.of(name, parameters, self.policy, explicit)
        return replace(new, timing=self.timing, mode_before=self.mode_before)

    def drawn(self, values: Mapping[str, float]) -> Scenario:
        """Return the same scenario at a parameter set of a posterior; parameters that were set explicitly stay."""
        free = {name: value for name, value in values.items() if name not in self.explicit}
        return replace(self, parameters=self.parameters.with_(free)) if free else self

    @property
    def first_month(self) -> int:
        """The first month after the burn-in."""
        return month_of(self.parameters.setting.start)

    @property
    def last_month(self) -> int:
        """The last month.

        Raises:
            InputError: it does not come after the first
        """
        last = month_of(self.parameters.setting.until)
        if last <= self.first_month:
            raise InputError(
                f"the run would end ({date_of(last)}) before it begins ({date_of(self.first_month)}); "
                "set a later `setting.until`"
            )
        return last

    @property
    def part(self) -> float:
        """Maths takers in its schools over those in the country of the published record [ratio]."""
        return part_of_country(self.parameters.setting, self.files)

    @property
    def national(self) -> bool:
        """True if its schools have about as many students as the country, so that it can be compared with the record."""
        return abs(self.part - 1.0) <= ABOUT

    def schedule(self) -> Schedule:
        """Return the parameters in force in each month."""
        return self._schedule

    @cached_property
    def _schedule(self) -> Schedule:
        return Schedule.of(self.parameters, self.policy)

    def held(self, path: Sequence[tuple[int, int]]) -> Scenario:
        """Return the same scenario with the ministry held to a path: months, each with the stage that it then reaches."""
        reached = dict(sorted(path))
        changes = [Change(month, "ministry.ordered", stage, window=True) for month, stage in reached.items()]
        policy = self.policy.without("ministry.ordered").also(changes)
        return replace(self, parameters=self.parameters.with_({"ministry.mode": "scheduled"}), policy=policy)


def require_tables(setting: SettingParameters) -> None:
    """Read the tables that a setting names, anew if their files have changed.

    Raises:
        InputError: a table does not exist, or cannot be used
    """
    optional_tables = [name for name in (setting.places, setting.taking_by_year) if name]
    forget_changed_tables(setting.population, setting.cohorts, *optional_tables)
    cells(setting.population)
    cohort_points(setting.cohorts)
    if setting.places:
        places(setting.places)
    if setting.taking_by_year:
        taking_points(setting.taking_by_year)


def named_apart(scenarios: list[Scenario]) -> list[Scenario]:
    """Return the scenarios after a check that no two have the same name.

    Raises:
        InputError: the list is empty, a scenario is listed twice, or two scenarios share a name
    """
    if not scenarios:
        raise InputError("at least one scenario is needed; got none")
    by_name: dict[str, Scenario] = {}
    for scenario in scenarios:
        if by_name.get(scenario.name) == scenario:
            raise InputError(f"`{scenario.name}` is listed twice; list each scenario once")
        if scenario.name in by_name:
            raise InputError(f"two different scenarios are both called `{scenario.name}`; give one another `name`")
        by_name[scenario.name] = scenario
    return scenarios
