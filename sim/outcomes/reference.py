"""The reference run of a figure within pairs: the same run with some levers changed from a month on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sim.dates import date_of, month_of
from sim.errors import InputError
from sim.policy import Change, Scenario


@dataclass(frozen=True)
class Reference:
    """The run with which a figure is compared: the same scenario and random numbers, some levers changed.

    Args:
        since: month from which they are changed, YYYY-MM; both runs share the history before it
        levers: name and value of each
    """

    since: str
    levers: tuple[tuple[str, Any], ...]

    def beside(self, scenario: Scenario) -> Scenario:
        """Return the scenario of the reference run.

        Raises:
            InputError: the scenario changes one of the levers later on, or has them at these values already
        """
        month = month_of(self.since)
        for change in scenario.policy.changes:
            if change.month >= month and change.key in dict(self.levers):
                raise InputError(
                    f"`{scenario.name}` changes `{change.key}` in {date_of(change.month)}, so it cannot be paired with a run "
                    f"that has another value since {self.since}; leave out the facts of such pairs"
                )
        own = scenario.schedule().at(month)
        if all(own[name] == value for name, value in self.levers):
            raise InputError(
                f"`{scenario.name}` already has {self}, so its reference would be the same run; leave out the "
                "facts of such pairs"
            )
        changes = [Change(month, name, value) for name, value in self.levers]
        return replace(scenario, name=f"{scenario.name} with {self}", policy=scenario.policy.also(changes))

    def __str__(self) -> str:
        """Return the levers with their values."""
        return ", ".join(f"{name}={value}" for name, value in self.levers)
