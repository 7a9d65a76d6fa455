"""Named scenarios: files of the project or of the user's own, laid over one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.configuration.file_values import with_checked_values
from sim.configuration.files import configs, read
from sim.configuration.made_scenarios import made_before
from sim.configuration.policies import joined_policies
from sim.dates import date_of, months
from sim.errors import InputError, shown
from sim.old_names import current_name, renamed_keywords
from sim.parameters import Parameters
from sim.policy import Scenario, counted_together, without_contradiction
from sim.tables.identity import normalised, unprintable
from sim.tables.paths import OVER, is_yaml, parts_of

NEVER = "never"
"""Timing of a policy that never comes."""

EVENTS = "initiative_5x2"
"""Policy with the events of the case. A scenario that is laid over another one keeps the events of that one."""

_KEYS = {"about", "policies", "set", "timing"}


def scenarios() -> list[str]:
    """Return the names of the scenarios that come with the project."""
    return sorted(path.stem for path in (configs() / "scenario").glob("*.yaml"))


@renamed_keywords(name="base", set="overrides", called="name")
def scenario(
    base: str | Scenario,
    timing: int | str | None = None,
    overrides: Mapping[str, Any] | None = None,
    name: str | None = None,
) -> Scenario:
    """Return a named scenario, ready to be simulated, or a scenario derived from another one.

    Args:
        base: of a scenario of the project, or the path of a YAML file of the same form; or a scenario that was made before,
            whose parameters, policy and timing hold but for what is changed here. ``us_region+no_backbone`` lays the
            second over the first: its parameters and its timing hold, at the dates of the first one (or of policies that are
            files of the user's own)
        timing: months by which its windows and stages come later than dated (negative: earlier), or "never"; None: as its
            file, or the scenario, has it
        overrides: parameters that differ, by dotted name, for example ``{"backbone.facilitation": 0.4}``
        name: name of the scenario in tables and figures, so that variants stay apart; None for its own name

    Raises:
        InputError: a name or key is unknown, a value has the wrong type or is out of range, or dates are out of order
    """
    if isinstance(base, Scenario):
        return derived(base, timing, overrides, name)
    first, *over = (scenario_file(part) for part in parts_of(str(base)))
    for other in over:
        first = first.under(other)
    if not isinstance(overrides, Mapping | None):
        raise InputError(f"`overrides` must hold keys and values; got {shown(overrides)}")
    values, later, before = first.values | dict(overrides or {}), 0, ""
    timing = first.timing if timing is None else timing
    policy = without_contradiction(joined_policies(first.policies))
    if isinstance(timing, str) and timing == NEVER:
        before, values["ministry.mode"] = str(values.get("ministry.mode", Parameters().ministry.mode)), NEVER
    else:
        later = months(timing)
    made = made_before(scenario_name(name, first.name), values, policy, later)
    require_lasting(overrides or {}, made, first.name)
    return made if before == made.mode_before else replace(made, mode_before=before)


def derived(
    base: Scenario, timing: int | str | None, overrides: Mapping[str, Any] | None, name: str | None
) -> Scenario:
    """Return a scenario that differs from another one in what is given.

    Args:
        base: the other one, which stays as it is
        timing: months by which windows and stages come later than dated, also after "never"; or "never"; None: as in the
            other one
        overrides: parameters that differ, by dotted name
        name: name of the new scenario; None: that of the other one

    Raises:
        InputError: a key is unknown, a value is wrong or would not last, or the name is not one line of text
    """
    if not isinstance(overrides, Mapping | None):
        raise InputError(f"`overrides` must hold keys and values; got {shown(overrides)}")
    values, later, before = dict(overrides or {}), base.timing, base.mode_before
    if isinstance(timing, str) and timing == NEVER:
        before = str(values.get("ministry.mode", before or base.parameters.ministry.mode))
        values["ministry.mode"] = NEVER
    elif timing is not None:
        later = months(timing)
        values, before = ({"ministry.mode": before} if before else {}) | values, ""
    elif "ministry.mode" in values:
        before = ""
    policy = base.policy.shifted(later - base.timing)
    moved = replace(base, policy=policy, timing=later, mode_before=before)
    changed = moved.with_(values, scenario_name(name, base.name))
    require_lasting(overrides or {}, changed, base.name)
    return changed


@dataclass(frozen=True)
class ScenarioFile:
    """Content of the file of a scenario.

    Attributes:
        name: of the scenario
        values: of parameters, by dotted name
        policies: names or paths of its policies
        timing: months by which its windows come later, or "never"
    """

    name: str
    values: dict[str, Any]
    policies: list[Any]
    timing: Any

    def under(self, other: ScenarioFile) -> ScenarioFile:
        """Return this scenario with another one laid over it.

        Args:
            other: the scenario that is laid over it

        Raises:
            InputError: the other one has a policy of the project with dates of its own
        """
        own = other.own_policies(self.name, self.policies)
        remaining = [part for part in self.policies if other.keeps_events or part in other.policies]
        never = [file.timing for file in (self, other) if file.timing == NEVER]
        timing = NEVER if never else months(self.timing) + months(other.timing)
        return ScenarioFile(f"{self.name}{OVER}{other.name}", self.values | other.values, remaining + own, timing)

    @property
    def keeps_events(self) -> bool:
        """True if it keeps the events of the scenario that it is laid over: it names no policy, or that of the case."""
        return not self.policies or EVENTS in self.policies

    def own_policies(self, first: str, shared: Sequence[Any] = ()) -> list[Any]:
        """Return its policies that are files of the user's own.

        Args:
            first: name of the scenario that it is laid over
            shared: policies of that scenario

        Raises:
            InputError: a policy of the project is neither shared nor that of the case
        """
        own = [part for part in self.policies if part != EVENTS and part not in shared]
        names = [str(part) for part in own if not is_yaml(str(part))]
        if names:
            raise InputError(
                f"`{self.name}` has dates of its own (the polic{'y' if len(names) == 1 else 'ies'} {', '.join(names)}), so "
                f"it cannot be laid over `{first}`; write a file like it with policies of yours"
            )
        return own


def scenario_file(name: str) -> ScenarioFile:
    """Return the content of the file of a scenario.

    Args:
        name: of a scenario of the project, or the path of a file

    Raises:
        InputError: the name or a key is unknown, or a value has the wrong form
    """
    content = with_checked_values(read("scenario", name, _KEYS), name, NEVER)
    values, policies = ({} if content.get("set") is None else content["set"]), content.get("policies") or []
    if not isinstance(values, dict) or not isinstance(policies, list):
        raise InputError(f"scenario `{name}`: `set` must hold keys and values, and `policies` a list of names")
    policies = [current_name("policy", part) for part in policies]
    twice = [part for part in policies if policies.count(part) > 1]
    if twice:
        raise InputError(f"scenario `{name}`: the policy `{twice[0]}` is listed twice; list each policy once")
    return ScenarioFile(Path(name).stem, values, policies, content.get("timing", 0))


def arm_over(baseline: str | Scenario, arm: Any) -> Any:
    """Return an arm; if its name begins with a plus, return it laid over the baseline.

    Args:
        baseline: name of a scenario, or a scenario
        arm: name of a scenario, or a scenario

    Raises:
        InputError: a scenario is unknown, or it has dates of its own

    >>> arm_over("us_region", "+no_backbone"), arm_over("us_region", "no_backbone")
    ('us_region+no_backbone', 'no_backbone')
    """
    if not isinstance(arm, str) or not arm.startswith(OVER) or parts_of(arm) == [arm]:
        return arm
    if isinstance(baseline, str):
        return baseline + arm
    scenario = baseline
    for other in map(scenario_file, parts_of(arm.removeprefix(OVER))):
        scenario = _laid_over(scenario, other)
    return scenario


def _laid_over(scenario: Scenario, other: ScenarioFile) -> Scenario:
    """Return a scenario with a scenario file laid over it."""
    never = other.timing == NEVER
    later, values = (0 if never else months(other.timing)), other.values | ({"ministry.mode": "never"} if never else {})
    added = joined_policies(other.own_policies(scenario.name))
    before = scenario.policy.changes if other.keeps_events else ()
    policy = counted_together([before, added.shifted(scenario.timing).changes])
    moved = replace(scenario, policy=without_contradiction(policy).shifted(later), timing=scenario.timing + later)
    return moved.with_(values, f"{scenario.name}{OVER}{other.name}")


def scenario_of(
    base: str | Scenario, overrides: Mapping[str, Any] | None = None, timing: int | str | None = None
) -> Scenario:
    """Return a scenario, made from its name if need be, with some parameters changed.

    Args:
        base: name of a scenario, or a scenario
        overrides: parameters that differ, by dotted name
        timing: of a scenario that is named; None: as its file has it

    Raises:
        InputError: `base` is neither a name nor a scenario, or a timing is given for a scenario that was made before
    """
    if isinstance(base, Scenario):
        if timing is not None:
            raise InputError(
                "a scenario that `sim.scenario` made has its own `timing`; `sim.scenario(scenario, timing=...)` derives one "
                "with another"
            )
        if overrides is None:
            return base  # the schedule that it has worked out is used again
        changed = base.with_(overrides)
        require_lasting(overrides, base, base.name)
        return changed
    if not isinstance(base, str):
        raise InputError(f"a scenario must be a name, or made by `sim.scenario`; got {shown(base)}")
    return scenario(base, timing, overrides)


def require_lasting(values: Mapping[str, Any], scenario: Scenario, name: str) -> None:
    """Check that the policy of a scenario does not change the levers that were set.

    Args:
        values: parameters that were set, by dotted name
        scenario: the scenario
        name: of the scenario whose policy it is

    Raises:
        InputError: the policy changes a lever during the run
    """
    within = [change for change in scenario.policy.changes if change.month <= scenario.last_month]
    for key, value in values.items():
        changes = [change for change in within if change.key == key and change.value != value]
        dates = ", ".join(f"to {shown(change.value)} in {date_of(change.month)}" for change in changes)
        if dates:
            raise InputError(
                f"`{key}` set to {shown(value)} would not last: the policy of `{name}` changes it {dates}; "
                "copy the policy that does so (configs/policy), change it there, and name the copy in a scenario file of yours"
            )


def scenario_name(called: Any, otherwise: str) -> str:
    """Return the name that a user gave a scenario, or its own name.

    Args:
        called: name that the user gave; None if there is none
        otherwise: name of the scenario's file

    Raises:
        InputError: the name is not one line of text
    """
    if called is None:
        return otherwise
    if not isinstance(called, str) or not called.strip():
        raise InputError(f"`name` must be a name, some text; got {shown(called)}")
    if unprintable(called):
        raise InputError(f"`name` must be one line of text without control characters; got {shown(called)}")
    return normalised(called)


def about_scenario(name: str) -> str:
    """Return the sentence of a scenario's file on what the scenario is about.

    Args:
        name: of a scenario of the project, or the path of a file

    Raises:
        InputError: the file does not exist, or cannot be read
    """
    return str(read("scenario", name, _KEYS).get("about", ""))
