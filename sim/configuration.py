"""Named scenarios and policies from configs/."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from os.path import isfile
from pathlib import Path
from typing import Any

from sim.dates import date_of, months
from sim.errors import InputError, shown, suggestion
from sim.old_names import current_name
from sim.parameters import Parameters, dated
from sim.policy import Change, Policy, Scenario, counted_together, dates_in_order, ordered_stages, without_contradiction
from sim.tables.identity import normalised, unprintable
from sim.tables.paths import OVER, expanded_path, is_yaml, parts_of
from sim.tables.yaml_file import document

NEVER = "never"
"""The timing of a policy that never comes."""

EVENTS = "initiative_5x2"
"""The policy of the events of the case, which a scenario that is laid over another leaves to that one."""

_SCENARIO_KEYS = {"about", "policies", "set", "timing"}
_POLICY_KEYS = {"about", "source", "includes", "dated", "windows", "stages"}
_STAGES = ("joins", "pilot", "national")


def configs() -> Path:
    """Return the folder of configurations: in the installed package, or beside it in a checkout."""
    inside = Path(str(resources.files("sim"))) / "configs"
    return inside if inside.is_dir() else inside.parents[1] / "configs"


def scenarios() -> list[str]:
    """Names of the scenarios that come with the project."""
    return sorted(path.stem for path in (configs() / "scenario").glob("*.yaml"))


def scenario(
    name: str,
    timing: int | str | None = None,
    set: Mapping[str, Any] | None = None,
    called: str | None = None,
) -> Scenario:
    """Return a named scenario, ready to be simulated.

    Args:
        name: of a scenario of the project, or the path of a YAML file of the same form; ``us_region+no_backbone`` is the
            first with what the second sets, and its timing, laid over it, at the first one's dates (or at those of policies
            that are files of the user's own)
        timing: months by which its windows and stages come later (negative: earlier), or "never"; None as it says
        set: parameters that differ, by dotted name, for example ``{"backbone.facilitation": 0.4}``
        called: what it is called in tables and figures, so that variants stay apart; None for its own name

    Raises:
        InputError: unknown name or key, no name to be called by, wrong type, value out of range, dates out of order; in
            one sentence
    """
    first, *over = (_said(part) for part in parts_of(str(name)))
    for other in over:
        first = first.under(other)
    if not isinstance(set, Mapping | None):
        raise InputError(f"`set` holds keys and values; got {shown(set)}")
    values, later = first.values | dict(set or {}), 0
    timing = first.timing if timing is None else timing
    policy = without_contradiction(policies_together(first.policies))
    if isinstance(timing, str) and timing == NEVER:
        values["ministry.mode"] = "never"
    else:
        later = months(timing)
    case = Scenario.of(named(called, first.name), Parameters().with_(values), policy.shifted(later), frozenset(values))
    lasting(set or {}, case, first.name)
    return replace(case, timing=later)


@dataclass(frozen=True)
class _Said:
    """What a file says of a scenario: its name, its values, its policies and its timing."""

    name: str
    values: dict[str, Any]
    policies: list[Any]
    timing: Any

    def under(self, other: _Said) -> _Said:
        """This one with another laid over it.

        Raises:
            InputError: another with a policy of the project's own dates
        """
        own = other.own_dates(self.name, self.policies)
        kept = [part for part in self.policies if other.keeps or part in other.policies]
        never = [each.timing for each in (self, other) if each.timing == NEVER]
        timing = NEVER if never else months(self.timing) + months(other.timing)
        return _Said(f"{self.name}{OVER}{other.name}", self.values | other.values, kept + own, timing)

    @property
    def keeps(self) -> bool:
        """Whether it leaves the events of what it is laid over: it names no policy, or those of the case."""
        return not self.policies or EVENTS in self.policies

    def own_dates(self, first: str, there: Sequence[Any] = ()) -> list[Any]:
        """Its policies besides the events of the case and those that are there: files of the user's own.

        Raises:
            InputError: one is a policy of the project, whose dates are those of the case
        """
        own = [part for part in self.policies if part != EVENTS and part not in there]
        named = [str(part) for part in own if not is_yaml(str(part))]
        if named:
            raise InputError(
                f"`{self.name}` has dates of its own (the polic{'y' if len(named) == 1 else 'ies'} {', '.join(named)}), so "
                f"it cannot be laid over `{first}`; write a file like it with policies of yours"
            )
        return own


def _said(name: str) -> _Said:
    """What the file of a scenario says.

    Raises:
        InputError: an unknown name or key, and a wrong shape
    """
    said = read("scenario", name, _SCENARIO_KEYS)
    own, policies = ({} if said.get("set") is None else said["set"]), said.get("policies") or []
    if not isinstance(own, dict) or not isinstance(policies, list):
        raise InputError(f"scenario `{name}`: `set` holds keys and values, `policies` is a list of names")
    policies = [current_name("policy", part) for part in policies]
    twice = [part for part in policies if policies.count(part) > 1]
    if twice:
        raise InputError(f"scenario `{name}`: the policy `{twice[0]}` is named twice")
    return _Said(Path(name).stem, own, policies, said.get("timing", 0))


def arm_over(baseline: str | Scenario, arm: Any) -> Any:
    """Return an arm as it is; where its name begins with a plus, laid over the baseline: what it sets, and its timing.

    Raises:
        InputError: an unknown scenario, and one with dates of its own

    >>> arm_over("us_region", "+no_backbone"), arm_over("us_region", "no_backbone")
    ('us_region+no_backbone', 'no_backbone')
    """
    if not isinstance(arm, str) or not arm.startswith(OVER) or parts_of(arm) == [arm]:
        return arm
    if isinstance(baseline, str):
        return baseline + arm
    case = baseline
    for other in map(_said, parts_of(arm.removeprefix(OVER))):
        case = _laid(case, other)
    return case


def _laid(case: Scenario, other: _Said) -> Scenario:
    """Return a scenario with what a file says laid over it."""
    never = other.timing == NEVER
    later, values = (0 if never else months(other.timing)), other.values | ({"ministry.mode": "never"} if never else {})
    added = policies_together(other.own_dates(case.name))
    before = case.policy.changes if other.keeps else ()
    policy = counted_together([before, added.shifted(case.timing).changes])
    moved = replace(case, policy=without_contradiction(policy).shifted(later), timing=case.timing + later)
    return moved.with_(values, f"{case.name}{OVER}{other.name}")


def scenario_of(
    case: str | Scenario, set: Mapping[str, Any] | None = None, timing: int | str | None = None
) -> Scenario:
    """Return a scenario by its name, or as it is, with parameters that differ; a timing is of one that is named.

    Raises:
        InputError: what is neither, and for a scenario with a timing of its own and another
    """
    if isinstance(case, Scenario):
        if timing is not None:
            raise InputError(
                "a scenario that `sim.scenario` made has its own `timing`; give its name to choose another"
            )
        changed = case.with_({} if set is None else set)
        lasting(set or {}, case, case.name)
        return changed
    if not isinstance(case, str):
        raise InputError(f"a scenario is asked for by its name, or made by `sim.scenario`; got {shown(case)}")
    return scenario(case, timing, set)


def lasting(values: Mapping[str, Any], case: Scenario, name: str) -> None:
    """Refuse levers that would not last, since the policy of the scenario changes them during the run.

    Raises:
        InputError: a lever that is set would not last
    """
    within = [change for change in case.policy.changes if change.month <= case.last_month]
    for key, value in values.items():
        changes = [change for change in within if change.key == key and change.value != value]
        dates = ", ".join(f"to {shown(change.value)} in {date_of(change.month)}" for change in changes)
        if dates:
            raise InputError(
                f"`{key}` set to {shown(value)} would not last: the policy of `{name}` changes it {dates}; "
                "copy the policy that does so (configs/policy), change it there, and name the copy in a scenario file of yours"
            )


def named(called: Any, otherwise: str) -> str:
    """What a scenario is called, or its own name where nothing is said.

    Raises:
        InputError: what is no name
    """
    if called is None:
        return otherwise
    if not isinstance(called, str) or not called.strip():
        raise InputError(f"`called` is a name for a scenario, some text; got {shown(called)}")
    if unprintable(called):
        raise InputError(f"`called` must be one line of text without control characters; got {shown(called)}")
    return normalised(called)


def policy_changes(name: str) -> tuple[Change, ...]:
    """Return the dated changes of a named policy and of those it includes.

    Raises:
        InputError: a wrong shape, date, key or value
    """
    return policies_together([name]).changes


def policies_together(names: Sequence[Any]) -> Policy:
    """One policy of several named ones and of those they include, each once.

    Raises:
        InputError: as `policy_changes` does
    """
    parts: dict[str, list[Change]] = {}
    for name in names:
        included, own = _own_changes(str(name))
        parts |= {part: _own_changes(part)[1] for part in included if part not in parts} | {str(name): own}
    return counted_together(list(parts.values()))


def _own_changes(name: str) -> tuple[list[str], list[Change]]:
    """Names of the policies that one includes, and its own changes."""
    said, where, changes = read("policy", name, _POLICY_KEYS), f"policy `{name}`", list[Change]()
    for part, window in (("dated", False), ("windows", True)):
        for date, values in _keyed(said.get(part), f"{where}, `{part}`").items():
            month = dated(where, date)
            if values is None:
                raise InputError(f"{where}: nothing is said to change in {date}")
            changes += [Change(month, key, value, window) for key, value in _keyed(values, f"{where}, {date}").items()]
    stages = _keyed(said.get("stages"), f"{where}, `stages`")
    for key in stages:
        if key not in _STAGES:
            raise InputError(f"{where}: unknown stage `{key}`{suggestion(key, list(_STAGES))}")
    if stages:
        wanted = [dated(where, stages.get(key)) for key in _STAGES]
        dates_in_order(*wanted)
        changes += ordered_stages(*wanted)
    return _included(said.get("includes"), where), changes


def _included(said: Any, where: str) -> list[str]:
    if not isinstance(said, list | None) or any(not isinstance(part, str) for part in said or []):
        raise InputError(f"{where}: `includes` is a list of names of policies; got {shown(said)}")
    for part in said or []:
        if read("policy", part, _POLICY_KEYS).get("includes"):
            raise InputError(f"{where}: it includes `{part}`, which includes others itself")
    return said or []


def _keyed(said: Any, where: str) -> dict[str, Any]:
    """What is said under a key, as keys and values; none where nothing is said."""
    if not isinstance(said, dict | None):
        raise InputError(f"{where}: there must be keys and values; got {shown(said)}")
    return {str(key): value for key, value in (said or {}).items()}


def read(group: str, name: str, allowed: set[str]) -> dict[str, Any]:
    """What a file of a group of configurations says under the keys that it may have.

    Args:
        group: scenario, policy or game
        name: of a file of the project, or the path of a YAML file of the same form
        allowed: keys

    Raises InputError for an unknown name, a file that cannot be read, and an unknown key.
    """
    path = _path(group, str(name))
    said = _loaded(path, path.stat().st_mtime_ns)
    if not isinstance(said, dict) or not said:
        raise InputError(f"{path.name} holds no keys")
    named = _keyed(said, path.name)
    for key in named:
        if key not in allowed:
            raise InputError(f"unknown key `{key}` in {path.name}{suggestion(key, sorted(allowed))}")
    return named


def about_scenario(name: str) -> str:
    """What the file of a scenario says that it is about.

    Raises:
        InputError: there is none
    """
    return str(read("scenario", name, _SCENARIO_KEYS).get("about", ""))


def _path(group: str, name: str) -> Path:
    name = current_name(group, name)
    if is_yaml(name):
        if not isfile(expanded_path(name)):
            raise InputError(f"there is no file {shown(name)} for {group if group == 'arms' else f'a {group}'}")
        return expanded_path(name)
    known = sorted(path.stem for path in (configs() / group).glob("*.yaml"))
    if name not in known:
        hint = suggestion(name, known) or f"; there are {', '.join(known)}"
        raise InputError(f"unknown {group} `{shown(name)[1:-1]}`{hint}")
    return configs() / group / f"{name}.yaml"


@lru_cache(maxsize=64)
def _loaded(path: Path, stamp: int) -> Any:
    """Return what a file holds; it is read again when its stamp has changed."""
    return document(path)
