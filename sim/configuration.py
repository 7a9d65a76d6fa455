"""Named scenarios and policies from configs/; the only module of sim that knows OmegaConf."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from sim.dates import month_of
from sim.declare import Mistake
from sim.parameters import Parameters, declared_parameters, suggestion
from sim.policy import Change, Policy, Scenario, dates_in_order, ordered_stages
from sim.world.reading import files_of
from sim.world.setting import data_path

NEVER = "never"
"""The timing of a policy that never comes."""

_SCENARIO_KEYS = {"about", "policies", "set", "timing"}
_POLICY_KEYS = {"about", "source", "dated", "windows", "stages"}


def configs() -> Path:
    """The folder of configurations: in the installed package, or beside it in a checkout."""
    inside = Path(str(resources.files("sim"))) / "configs"
    return inside if inside.is_dir() else inside.parents[1] / "configs"


def scenarios() -> list[str]:
    """Names of the scenarios that come with the project."""
    return sorted(path.stem for path in (configs() / "scenario").glob("*.yaml"))


def scenario(name: str, timing: int | str | None = None, set: Mapping[str, Any] | None = None) -> Scenario:
    """A named scenario, ready to be simulated.

    Args:
        name: of a scenario of the project, or the path of a YAML file of the same form
        timing: months by which its windows and stages come later (negative: earlier), or "never"; None as it says
        set: parameters that differ, by dotted name, for example ``{"backbone.facilitation": 0.4}``

    Raises:
        Mistake: unknown name or key, wrong type, value out of range, dates out of order; in one sentence
    """
    said = _read("scenario", name, _SCENARIO_KEYS)
    if not isinstance(said.get("set") or {}, dict) or not isinstance(said.get("policies") or [], list):
        raise Mistake(f"scenario `{name}`: `set` holds keys and values, `policies` is a list of names")
    values = dict(said.get("set") or {}) | dict(set or {})
    timing = said.get("timing", 0) if timing is None else timing
    policy = Policy.of(change for part in said.get("policies") or [] for change in policy_changes(part))
    if timing == NEVER:
        values["ministry.mode"] = "never"
    else:
        policy = policy.shifted(months(timing))
    parameters = Parameters().with_(values)
    checked_setting(parameters)
    case = Scenario(Path(name).stem, parameters, policy, files_of(parameters), frozenset(values))
    assert case.last_month
    return case


def checked_setting(parameters: Parameters) -> None:
    """Raises Mistake for a start that is no September, a date that is none, or a table that is not there."""
    if month_of(parameters["setting.start"]) % 12:
        raise Mistake(f"`setting.start` must be a September; got {parameters['setting.start']}")
    month_of(parameters["deliberation.periphery_from"])
    for key in ("setting.population", "setting.cohorts"):
        data_path(parameters[key])


def months(timing: Any) -> int:
    """A timing as a whole number of months. Raises Mistake for anything else."""
    if isinstance(timing, bool) or not isinstance(timing, (int, float, str)) or not str(timing).lstrip("+-").isdigit():
        raise Mistake(f"`timing` must be a whole number of months or never; got {timing!r}")
    return int(timing)


@lru_cache(maxsize=64)
def policy_changes(name: str) -> tuple[Change, ...]:
    """The dated changes of a named policy. Raises Mistake for a wrong date, key or value."""
    said, changes = _read("policy", name, _POLICY_KEYS), []
    for part, window in (("dated", False), ("windows", True)):
        for date, values in (said.get(part) or {}).items():
            month = _month(date, name)
            changes += [Change(month, key, value, window) for key, value in values.items()]
    stages = said.get("stages")
    if stages:
        wanted = [_month(stages.get(key), name) for key in ("joins", "pilot", "national")]
        dates_in_order(*wanted)
        changes += ordered_stages(*wanted)
    return Policy.of(changes).changes


def empty_schema() -> dict[str, Any]:
    """Every declared parameter as nested keys without a value: what a command line may override."""
    nested: dict[str, Any] = {}
    for name in declared_parameters():
        *path, last = name.split(".")
        here = nested
        for part in path:
            here = here.setdefault(part, {})
        here[last] = None
    return nested


def given(nested: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    """Dotted names and values of the keys that have a value."""
    for key, value in nested.items():
        if isinstance(value, Mapping):
            yield from given(value, f"{prefix}{key}.")
        elif value is not None:
            yield f"{prefix}{key}", value


def _month(date: Any, name: str) -> int:
    try:
        return month_of(str(date))
    except ValueError as error:
        raise Mistake(f"policy `{name}`: {error}") from None


def _read(group: str, name: str, allowed: set[str]) -> dict[str, Any]:
    path = Path(name) if str(name).endswith((".yaml", ".yml")) else configs() / group / f"{name}.yaml"
    if not path.is_file():
        known = sorted(p.stem for p in (configs() / group).glob("*.yaml"))
        hint = suggestion(str(name), known) or f"; there are {', '.join(known)}"
        raise Mistake(f"unknown {group} `{name}`{hint}")
    try:
        said = OmegaConf.to_container(OmegaConf.load(path), resolve=True)
    except (OmegaConfBaseException, YAMLError, UnicodeDecodeError) as error:
        line = str(error).splitlines()[0]
        raise Mistake(f"{path.name} cannot be read as YAML: {line}") from None
    if not isinstance(said, dict):
        raise Mistake(f"{path.name} holds no keys")
    named = {str(key): value for key, value in said.items()}
    for key in named:
        if key not in allowed:
            raise Mistake(f"unknown key `{key}` in {path.name}{suggestion(key, sorted(allowed))}")
    return named
