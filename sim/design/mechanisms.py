"""Rival mechanisms: other models of the same case, defined by fixed parameters in configs/mechanism/.

Robustness repeats comparisons under them; a calibration fits them to the record and compares their evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.configuration import configs, read, scenario
from sim.configuration.file_values import errors_naming
from sim.errors import InputError, shown, suggestion
from sim.parameters import checked, dotted_values
from sim.tables.paths import is_yaml

ALL = "all"
"""Value in place of a list of names: all mechanisms of a study's own list."""

ITSELF, RIVAL_STRUCTURES = "damped_taste", ("teachers_limit", "aspiration")
"""Structures: reasons for growth to end. The model itself has a damped taste; the others are rivals with posteriors of their
own. Years beyond the last evidence are shown only with the band over all structures."""

ROBUSTNESS = (
    "reputation",
    "constant_trust",
    "bounded_confidence",
    "additive_window",
    "no_readiness",
    "no_network",
    *RIVAL_STRUCTURES,
)
"""Mechanisms of the test of robustness, in the order of its tables."""

RIVALS = (
    "reputation",
    "constant_trust",
    "no_readiness",
    "additive_window",
    "no_network",
    "recorded_dates",
    "trend_only",
    *RIVAL_STRUCTURES,
    "ministry_does_not_ask",
    "constant_trust_ministry_does_not_ask",
)
"""Mechanisms that a calibration fits to the record, in the order of its table."""

_KEYS = {"about", "set", "scenarios"}


@dataclass(frozen=True)
class Mechanism:
    """Another model of the same case.

    Args:
        name: of its file, without the suffix
        about: its assumption, in a sentence
        values: parameters that it holds fixed, by dotted name
        scenarios: names of scenarios that replace a calibration's first ones; empty for the same scenarios
    """

    name: str
    about: str
    values: Mapping[str, Any] = field(default_factory=dict)
    scenarios: tuple[str, ...] = ()


def mechanism_names() -> list[str]:
    """Return the names of all mechanisms of the project, sorted."""
    return sorted(path.stem for path in (configs() / "mechanism").glob("*.yaml"))


def mechanism(name: str) -> Mechanism:
    """Return a mechanism by its name.

    Args:
        name: of a mechanism of the project, or the path of a YAML file of the same form

    Raises:
        InputError: a name, parameter or scenario is unknown, or a value is not allowed

    >>> mechanism("no_network").values
    {'ministry.by_readiness': 0.0, 'ministry.by_entrepreneurship': 0.0}
    """
    content = read("mechanism", name, _KEYS)
    values, names = content.get("set") or {}, content.get("scenarios") or []
    if not isinstance(values, dict) or not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise InputError(
            f"mechanism `{name}` is wrong: `set` must be a mapping of parameters, `scenarios` a list of names"
        )
    if not values and not names:
        raise InputError(f"mechanism `{name}` changes nothing; give `set` or `scenarios`")
    if len(set(names)) < len(names):
        raise InputError(f"mechanism `{name}` names a scenario twice in `scenarios`; name it once")
    with errors_naming(Path(name).name):
        fixed = {key: checked(key, value) for key, value in dotted_values(values)}
    for each in names or ["historical"]:
        _require_accepted(each, tuple(fixed.items()))
    return Mechanism(Path(name).stem, str(content.get("about", "")), fixed, tuple(names))


@lru_cache(maxsize=256)
def _require_accepted(name: str, fixed: tuple[tuple[str, Any], ...]) -> None:
    """Check once that a scenario accepts the values of a mechanism; each run with them checks them again."""
    scenario(name, overrides=dict(fixed))


def mechanisms_with_values() -> list[str]:
    """Return the names of the mechanisms of the project that hold parameters fixed, sorted."""
    return [name for name in mechanism_names() if mechanism(name).values]


def mechanisms(
    names: str | Sequence[str], key: str, every: Sequence[str], listed: Sequence[str] | None = None
) -> list[Mechanism]:
    """Return several mechanisms in order.

    Args:
        names: one name, a list of different names, or `all`
        key: name of the option, for messages
        every: the mechanisms of `all`, for example `ROBUSTNESS`
        listed: names for the message on an unknown one; None for all of the project

    Raises:
        InputError: it is not a list of different names, or a mechanism cannot be used
    """
    if isinstance(names, str):
        names = every if names == ALL else [names]
    wanted = list(names) if isinstance(names, Sequence) else [None]
    if not all(isinstance(name, str) for name in wanted) or len(set(wanted)) < len(wanted):
        raise InputError(f"`{key}` must be `{ALL}` or a list of different names of mechanisms; got {shown(names)}")
    for name in map(str, wanted):
        if not is_yaml(name) and name not in mechanism_names():
            choices = mechanism_names() if listed is None else list(listed)
            hint = suggestion(name, choices) or f"; there are {', '.join(choices)}"
            raise InputError(f"unknown mechanism `{shown(name)[1:-1]}`{hint}")
    return [mechanism(str(name)) for name in wanted]
