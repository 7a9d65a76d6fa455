"""Scenarios that were made before in this process: one that is named again is not worked out again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sim.parameters import Parameters
from sim.policy import Policy, Scenario, require_tables
from sim.world.setting import NO_FILES

MOST_KEPT = 64
"""Most scenarios that are kept."""

_MADE: dict[tuple[tuple[type, type], str], Scenario] = {}
"""Scenarios by the classes that hold the user's own parameters and kinds, and by their content."""


def made_before(name: str, values: Mapping[str, Any], policy: Policy, later: int) -> Scenario:
    """Return a scenario of given content; the same object as before if it reads no file of the user's own.

    Args:
        name: of the scenario
        values: of parameters, by dotted name
        policy: as dated
        later: months by which its windows come later

    Raises:
        InputError: as `Scenario.of` does
    """
    sections = type(Parameters().own), type(Parameters().kinds)  # new classes when parameters or kinds are declared
    key = sections, repr((name, values, policy, later))  # text, in which 1, 1.0 and true differ
    made = _MADE.get(key)
    if made is not None:
        require_tables(made.parameters.setting)
        return made
    parameters, moved = Parameters().with_(values), policy.shifted(later)
    made = replace(Scenario.of(name, parameters, moved, frozenset(values)), timing=later)
    if made.files == NO_FILES:
        if len(_MADE) >= MOST_KEPT:
            _MADE.clear()
        _MADE[key] = made
    return made
