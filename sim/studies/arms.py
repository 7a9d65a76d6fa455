"""Arms of a comparison: one or several scenarios, or a named set of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.configuration import arm_over, configs, read, scenario_of, scenarios
from sim.errors import InputError, shown, suggestion
from sim.old_names import current_name
from sim.policy import Scenario
from sim.runs.compare import scenarios_of
from sim.studies.setup import overrides_in
from sim.tables.paths import is_yaml, parts_of

type ArmsOption = str | Scenario | Sequence[str | Scenario]
"""One arm, several, or the name of a set."""


@dataclass(frozen=True)
class Arms:
    """Arms of a comparison.

    Args:
        names: of scenarios, or scenarios that were made in Python
        called: name of the set; empty if the arms were listed
        about: question of the set, in words
    """

    names: Sequence[str | Scenario]
    called: str = ""
    about: str = ""

    def over(self, baseline: str | Scenario) -> list[str | Scenario]:
        """Return the arms; those whose names begin with a plus are laid over the baseline."""
        return [arm_over(baseline, name) for name in self.names]


def named_arms(arms: Any) -> Arms:
    """Return the arms that an option names.

    Args:
        arms: a scenario or its name, a list of them, the name of a set in `configs/arms`, or the path of such a file

    Raises:
        InputError: no arm is named, or a file cannot be read
    """
    arms = current_name("arms", arms)
    sets, arm_set = sorted(path.stem for path in (configs() / "arms").glob("*.yaml")), Arms([])
    if isinstance(arms, str) and is_set(arms, sets):
        content = read("arms", arms, {"about", "arms"})
        arm_set, arms = Arms([], Path(arms).stem, str(content.get("about", ""))), content.get("arms")
    names = [arms] if isinstance(arms, str | Scenario) else arms
    listed = isinstance(names, Sequence) and not isinstance(names, str)
    if not listed or not names or not all(isinstance(name, str | Scenario) for name in names):
        raise InputError(
            f"`arms` must be a list of scenarios, for example [no_backbone,policy_late]; got {shown(arms)}"
        )
    return replace(arm_set, names=list(names))


def is_set(name: str, sets: list[str]) -> bool:
    """Return whether a name means a set of arms: it is one, is nearer to one than to a scenario, or is a file of one.

    Args:
        name: that the user gave
        sets: names of the sets of the project
    """
    if is_yaml(name) and parts_of(name) == [name]:
        return "arms" in read("arms", name, {"about", "arms", "policies", "set", "timing"})
    if "+" in name or name in scenarios():
        return False
    hint = suggestion(name, [*sets, *scenarios()])
    return not hint or any(f"`{set_name}`" in hint for set_name in sets)


def scenarios_with(
    baseline: str | Scenario, arms: Sequence[str | Scenario], overrides: Mapping[str, Any] | None
) -> list[Scenario]:
    """Return the scenarios of the baseline and the arms, with the same parameters set in all of them.

    Args:
        baseline: name of a scenario, or a scenario
        arms: as `Arms.over` returns them
        overrides: parameters that differ in all of them, by dotted name

    Raises:
        InputError: a scenario or parameter is unknown, or an arm cannot be compared with the baseline
    """
    own = overrides_in(overrides)
    return scenarios_of(scenario_of(baseline, own), [scenario_of(arm, own) for arm in arms])
