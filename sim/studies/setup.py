"""Checks of the scenario, the overrides and the seeds of a study, and its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from os import PathLike
from typing import Any

from sim.analysis.doubling import Doubling
from sim.commands import call_text, origin
from sim.configuration import scenario
from sim.errors import InputError, shown, whole_number
from sim.policy import Scenario
from sim.results.identity import environment
from sim.runs.posterior import ParameterSets
from sim.sweeps.provenance import study_inputs

QUIET = ("jobs", "progress", "out")
"""Options that change how a study runs, but not its result."""


def scenario_named(name: Any, timing: int | str | None = None, overrides: Mapping[str, Any] | None = None) -> Scenario:
    """Return the scenario of a study.

    Args:
        name: of a scenario of the project, or the path of a file of the same form
        timing: months by which its policy windows come later, or "never"; None: as its file has it
        overrides: parameters that differ, by dotted name

    Raises:
        InputError: a name, key or value is unknown or wrong
    """
    if not isinstance(name, str | PathLike):
        raise InputError(f"a scenario must be a name or the path of a file; got {shown(name)}")
    return scenario(str(name), timing, overrides_in(overrides))


def overrides_in(value: Any) -> dict[str, Any]:
    """Return overrides as a dictionary of parameters by dotted name; empty for None.

    Raises:
        InputError: the value is not keys and values
    """
    if not isinstance(value, Mapping | None):
        raise InputError(f"`overrides` must hold parameters by dotted name; got {shown(value)}")
    return dict(value or {})


def seed_range(seeds: int, first_seed: int = 1) -> list[int]:
    """Return consecutive seeds.

    Args:
        seeds: number of seeds
        first_seed: first of the seeds

    Raises:
        InputError: a value is not a whole number, or too small

    >>> seed_range(3, 5)
    [5, 6, 7]
    """
    first = whole_number("`first_seed`", first_seed, 0)
    return list(range(first, first + whole_number("`seeds`", seeds, 1)))


def record_of(function: str, options: Mapping[str, Any], scenario: Scenario, sets: ParameterSets) -> dict[str, Any]:
    """Return the record of how a study was made: command, scenario, parameters, versions.

    Args:
        function: name of the public function, for example `sim.predict`
        options: of the call, by name, including `overrides` and `uncertainty`
        scenario: first scenario of the study
        sets: parameter sets of the posterior; empty for `point`
    """
    shown_options = {name: _plain(value) for name, value in options.items() if name not in QUIET}
    overrides = overrides_in(options.get("overrides"))
    made = study_inputs(str(options.get("scenario", scenario.name)), scenario, overrides, options["uncertainty"], sets)
    return {"command": origin(call_text(function, shown_options)), **made, "environment": environment()}


def _plain(value: Any) -> Any:
    """Return the value of an option in the form for a call in Python; None for an empty one."""
    if isinstance(value, PathLike):
        return str(value)
    if isinstance(value, Doubling):
        return asdict(value)
    return None if isinstance(value, Mapping) and not value else value
