"""Policies as dated changes to levers, schedules of what is in force, and scenarios."""

from sim.policy.changes import (
    Change,
    Policy,
    counted_together,
    dates_in_order,
    ordered_stages,
    without_contradiction,
)
from sim.policy.scenario import Scenario, named_apart, require_tables
from sim.policy.schedule import Schedule

__all__ = [
    "Change",
    "Policy",
    "Scenario",
    "Schedule",
    "counted_together",
    "dates_in_order",
    "named_apart",
    "ordered_stages",
    "require_tables",
    "without_contradiction",
]
