"""Levers, with the ends of their ranges."""

from __future__ import annotations

from typing import Any

from sim.dates import month_of
from sim.parameters import declared_parameters, levers
from sim.policy import Change, Scenario

LEVERS = levers()
LAUNCH = month_of("2013-07")


def turned(name: str, value: Any) -> list[Any]:
    """Return the ends of a lever's range that are not its default: false or true, other choices, low and high."""
    default, declared = declared_parameters()[name]
    if isinstance(default, bool):
        return [not value]
    options = declared.choices or (type(default)(declared.high), type(default)(declared.low))
    return [option for option in options if option != value]


def in_force(scenario: Scenario, name: str, month: int) -> Any:
    """Return the value of a lever in a month."""
    return scenario.schedule().at(month)[name]


def pulled(scenario: Scenario, name: str, value: Any, month: int = LAUNCH) -> Scenario:
    """Return the scenario with a lever at a value from a month on, whatever its policy changes later."""
    earlier = tuple(c for c in scenario.policy.changes if c.key != name or c.month < month)
    return Scenario(
        scenario.name,
        scenario.parameters,
        type(scenario.policy)(earlier).also([Change(month, name, value)]),
        scenario.files,
    )
