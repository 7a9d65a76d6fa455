"""Named policies: files with dated changes, windows and stages of the ministry."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.configuration.file_values import errors_naming
from sim.configuration.files import key_values, read
from sim.errors import InputError, shown, suggestion
from sim.parameters import dated
from sim.policy import Change, Policy, counted_together, dates_in_order, ordered_stages

_KEYS = {"about", "source", "includes", "dated", "windows", "stages"}
_STAGES = ("joins", "pilot", "national")


def policy_changes(name: str) -> tuple[Change, ...]:
    """Return the dated changes of a named policy and of the policies that it includes.

    Args:
        name: of a policy of the project, or the path of a file

    Raises:
        InputError: a date, a key, a value or the form of the file is wrong
    """
    return joined_policies([name]).changes


def joined_policies(names: Sequence[Any]) -> Policy:
    """Return one policy of several named ones and of those that they include, each once.

    Args:
        names: of policies of the project, or paths of files

    Raises:
        InputError: as `policy_changes` does
    """
    parts: dict[str, list[Change]] = {}
    for name in names:
        with errors_naming(Path(str(name)).name):
            included, own = _own_changes(str(name))
            Policy.of(own)
        for part in included:
            with errors_naming(Path(part).name):
                parts |= {} if part in parts else {part: _own_changes(part)[1]}
        parts[str(name)] = own
    return counted_together(list(parts.values()))


def _own_changes(name: str) -> tuple[list[str], list[Change]]:
    """Return the names of the policies that a policy includes, and its own changes."""
    content, where, changes = read("policy", name, _KEYS), f"policy `{name}`", list[Change]()
    for part, window in (("dated", False), ("windows", True)):
        for date, values in key_values(content.get(part), f"{where}, `{part}`").items():
            month = dated(where, date)
            if values is None:
                raise InputError(f"{where}: {date} has no changes; name levers with their values")
            new = key_values(values, f"{where}, {date}").items()
            changes += [Change(month, key, value, window) for key, value in new]
    stages = key_values(content.get("stages"), f"{where}, `stages`")
    for key in stages:
        if key not in _STAGES:
            raise InputError(f"{where}: unknown stage `{key}`{suggestion(key, list(_STAGES))}")
    if stages:
        months = [dated(where, stages.get(key)) for key in _STAGES]
        dates_in_order(*months)
        changes += ordered_stages(*months)
    return _included(content.get("includes"), where), changes


def _included(names: Any, where: str) -> list[str]:
    """Return the names of the policies that a policy includes.

    Raises:
        InputError: the value is not a list of names, or an included policy includes others
    """
    if not isinstance(names, list | None) or any(not isinstance(part, str) for part in names or []):
        raise InputError(f"{where}: `includes` must be a list of names of policies; got {shown(names)}")
    for part in names or []:
        if read("policy", part, _KEYS).get("includes"):
            raise InputError(f"{where}: the included policy `{part}` includes others itself; include those directly")
    return names or []
