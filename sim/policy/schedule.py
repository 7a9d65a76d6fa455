"""Schedules: the parameters in force in each month."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Any

from sim.parameters import IDLE_BEFORE_LAUNCH, Parameters
from sim.policy.changes import Policy


@dataclass(frozen=True)
class Schedule:
    """Parameters in force in each month, as a policy changes them.

    Attributes:
        starts: first month of each period, in order
        values: parameters in force in each period
    """

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
        """Return hashes of all that can have mattered before a month; equal signatures mean equal histories."""
        return tuple(
            hash((start, relevant(value)))
            for start, value in zip(self.starts, self.values, strict=True)
            if start < month
        )


def relevant(parameters: Parameters) -> Parameters:
    """Return the parameters; before the launch, sections that nothing reads yet are at their defaults."""
    if parameters.network.launched:
        return parameters
    blank = Parameters()
    idle: dict[str, Any] = {name: getattr(blank, name) for name in IDLE_BEFORE_LAUNCH}
    if parameters.ministry.ordered == 0:
        idle["ministry"] = replace(parameters.ministry, mode=blank.ministry.mode)
    return replace(parameters, **idle)
