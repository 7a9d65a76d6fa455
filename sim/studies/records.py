"""Records of how the results of studies were made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from inspect import signature
from pathlib import Path
from typing import Any

from sim.analysis.doubling import Doubling
from sim.catalogue import diff
from sim.commands import call_text, is_default, origin
from sim.configuration import about_scenario
from sim.policy import Scenario
from sim.results.folder import footnote
from sim.results.identity import environment
from sim.tables.paths import parts_of

APART = ("jobs", "progress")
"""Options that do not change the result."""


def study_record(function: Callable[..., Any], options: Mapping[str, Any], **about: Any) -> dict[str, Any]:
    """Return the record of a result: command or call, inputs, and environment.

    Args:
        function: of `sim` that makes the result
        options: of the call, by name; options at their defaults are left out
        about: inputs and further keys
    """
    defaults = {name: each.default for name, each in signature(function).parameters.items()}
    differing = {name: _as_text(value) for name, value in options.items()
                 if name not in APART and not is_default(value, defaults[name])}  # fmt: skip
    call = call_text(f"sim.{function.__name__}", differing)
    return {"command": origin(call), **about, "environment": environment()}


def _as_text(value: Any) -> Any:
    """Return an option in the form for a call in Python: scenarios and classes by their names."""
    if isinstance(value, Scenario):
        return value.name
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Doubling):
        return asdict(value)
    if isinstance(value, Mapping):
        return {key: _as_text(each) for key, each in value.items()}
    if isinstance(value, range):
        return value
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_as_text(each) for each in value]
    return value


def foot(record: Mapping[str, Any], sentence: str = "") -> str:
    """Return the foot of a page: a sentence on its intervals, if there is one, then command, model and commit.

    Args:
        record: of the result
        sentence: on how replicates share parameter sets; empty if they do not
    """
    made = record["environment"]
    commit = str(made["commit"])[:10]
    return footnote(f"{record['command']}; model {made['model']}" + (f", commit {commit}" if commit else ""), sentence)


def seeds_text(seeds: Sequence[int]) -> str:
    """Return seeds in words.

    >>> seeds_text([1, 2, 3]), seeds_text([1, 7])
    ('1 to 3', '1, 7')
    """
    ordered = sorted(seeds)
    if len(ordered) > 1 and ordered == list(range(ordered[0], ordered[-1] + 1)):
        return f"{ordered[0]} to {ordered[-1]}"
    return ", ".join(map(str, ordered))


def scenarios_in_words(scenarios: Sequence[Scenario], names: Sequence[str | Scenario]) -> dict[str, dict[str, str]]:
    """Return the description of each scenario and its differences from the first one, by name.

    Args:
        scenarios: the baseline, then the others
        names: of the scenarios, as the user gave them, or scenarios that were made in Python
    """
    return {
        scenario.name: {
            "about": about_scenario(parts_of(name)[-1]) if isinstance(name, str) else "",
            "differs": diff(scenarios[0], scenario),
        }
        for scenario, name in zip(scenarios, names, strict=True)
    }
