"""Named scenarios and policies from `configs/`."""

from sim.configuration.files import configs, read
from sim.configuration.policies import policy_changes
from sim.configuration.scenario_files import (
    EVENTS,
    NEVER,
    about_scenario,
    arm_over,
    scenario,
    scenario_of,
    scenarios,
)

__all__ = [
    "EVENTS",
    "NEVER",
    "about_scenario",
    "arm_over",
    "configs",
    "policy_changes",
    "read",
    "scenario",
    "scenario_of",
    "scenarios",
]
