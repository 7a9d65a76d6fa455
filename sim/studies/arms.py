"""Arms of a comparison: listed, one alone, or a set by its name or from a file; and the scenarios that they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.configuration import arm_over, configs, read, scenario_of, scenarios
from sim.errors import InputError, shown, suggestion
from sim.old_names import current_name
from sim.policy import Scenario
from sim.runs.compare import cases_of
from sim.studies.setup import overrides_in
from sim.tables.paths import is_yaml, parts_of

type ArmsOption = str | Scenario | Sequence[str | Scenario]
"""One arm, several, or a set of them."""


@dataclass(frozen=True)
class Arms:
    """What a baseline is compared with.

    Args:
        names: of scenarios, or scenarios that were made in Python
        called: name of the set; empty: they were listed
        about: what the set asks, in words
    """

    names: Sequence[str | Scenario]
    called: str = ""
    about: str = ""

    def over(self, baseline: str | Scenario) -> list[str | Scenario]:
        """Return the arms as they are asked for beside a baseline: those that begin with a plus lie over it."""
        return [arm_over(baseline, name) for name in self.names]


def named_arms(arms: Any) -> Arms:
    """Return the arms: those listed, one alone, or a set by its name or from a file.

    Args:
        arms: name of a scenario or a scenario, a list of them, the name of a set in `configs/arms`, or the path of such a file

    Raises:
        InputError: none is named, or a file that cannot be read
    """
    arms = current_name("arms", arms)
    sets, found = sorted(path.stem for path in (configs() / "arms").glob("*.yaml")), Arms([])
    if isinstance(arms, str) and is_set(arms, sets):
        content = read("arms", arms, {"about", "arms"})
        found, arms = Arms([], Path(arms).stem, str(content.get("about", ""))), content.get("arms")
    names = [arms] if isinstance(arms, str | Scenario) else arms
    listed = isinstance(names, Sequence) and not isinstance(names, str)
    if not listed or not names or not all(isinstance(name, str | Scenario) for name in names):
        raise InputError(f"`arms` is a list of scenarios, for example [no_backbone,policy_late]; got {shown(arms)}")
    return replace(found, names=list(names))


def is_set(name: str, sets: list[str]) -> bool:
    """Return whether a word is meant as a set of arms: one of them, nearer to one than to a scenario, or a file of one."""
    if is_yaml(name) and parts_of(name) == [name]:
        return "arms" in read("arms", name, {"about", "arms", "policies", "set", "timing"})
    if "+" in name or name in scenarios():
        return False
    hint = suggestion(name, [*sets, *scenarios()])
    return not hint or any(f"`{set_name}`" in hint for set_name in sets)


def scenarios_with(
    baseline: str | Scenario, arms: Sequence[str | Scenario], overrides: Mapping[str, Any] | None
) -> list[Scenario]:
    """Return the baseline, then the arms, all with the same parameters set.

    Args:
        baseline: name of a scenario, or a scenario
        arms: as `Arms.over` returns them
        overrides: parameters that differ in all of them, by dotted name

    Raises:
        InputError: an unknown scenario or parameter, or arms that cannot be compared with the baseline
    """
    own = overrides_in(overrides)
    return cases_of(scenario_of(baseline, own), [scenario_of(arm, own) for arm in arms])
