"""Tables of expectations: mechanisms, how each is switched off, and the outcome that it moves according to theory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any

from sim.commands import page
from sim.configuration import read
from sim.errors import InputError, shown, suggestion
from sim.parameters import checked, declared_parameters, dotted_values, hint
from sim.policy import Scenario

KEYS = ("set", "without", "outcome", "sign", "least", "because", "source")
"""Keys of an item."""

SIGNS = ("+", "-", "?")
"""Signs of an effect according to theory; ? for no expectation."""

LEAST = 0.01
"""Default of the part of its level by which an outcome must move [share]."""

ALL = "all"
"""Value that stands for every item of the table."""


@dataclass(frozen=True)
class Item:
    """Mechanism that can be switched off.

    Args:
        name: in words
        values: of parameters when it is switched off
        levers: whose changes are removed from the policy when it is switched off
        outcome: nearest outcome, a column of a run
        sign: expected sign of its effect on that outcome: +, - or ?
        least: part of the outcome's level by which it must move it [share]
        because: reason of the expectation
        source: key of the source
    """

    name: str
    values: Mapping[str, Any]
    levers: tuple[str, ...]
    outcome: str
    sign: str
    least: float = LEAST
    because: str = ""
    source: str = ""

    @property
    def off(self) -> str:
        """Description in words of how it is switched off."""
        changes = [f"no changes of {lever}" for lever in self.levers]
        return ", ".join([*(f"{key} = {value}" for key, value in self.values.items()), *changes])

    def switched_off(self, scenario: Scenario) -> Scenario:
        """Return a scenario without the mechanism: its parameters hold in every month, whatever the policy changes."""
        return replace(scenario.with_(self.values), policy=scenario.policy.without(*self.levers, *self.values))


def expectations_of(name: Any) -> list[Item]:
    """Return the items of a table of expectations.

    Args:
        name: of a file in `configs/expectation`, or the path of a YAML file of the same form

    Raises:
        InputError: the file cannot be read, or an item has an unknown key, parameter or value
    """
    if not isinstance(name, str | Path):
        raise InputError(f"`expectations` must be the name or the path of a table of expectations; got {shown(name)}")
    content = read("expectation", str(name), {"about", "source", "items"})
    items, table = content.get("items"), Path(str(name)).stem
    if not isinstance(items, dict) or not items:
        raise InputError(f"the expectations `{table}` have no `items`; list names, each with {', '.join(KEYS)}")
    return [item_of(str(each), about, table) for each, about in items.items()]


def item_of(name: str, content: Any, table: str) -> Item:
    """Return an item from its description in a file.

    Args:
        name: of the item
        content: keys and values of the item
        table: name of the file, for messages

    Raises:
        InputError: a key, parameter or value is unknown, or nothing is switched off
    """
    where = f"the item `{name}` of the expectations `{table}`"
    if not isinstance(content, dict):
        raise InputError(f"{where} must have keys and values; got {shown(content)}")
    for key in content:
        if key not in KEYS:
            raise InputError(f"{where} has an unknown key `{key}`{suggestion(key, list(KEYS))}")
    values, levers = _values(content.get("set"), where), _levers(content.get("without"), where)
    if not values and not levers:
        raise InputError(f"{where} is never switched off; give it `set` or `without`")
    outcome, sign, least = content.get("outcome"), content.get("sign"), content.get("least", LEAST)
    if not isinstance(outcome, str) or not outcome:
        raise InputError(f"{where} needs an `outcome`, a column of a run; got {shown(outcome)}")
    if sign not in SIGNS:
        raise InputError(f"{where} needs a `sign`, one of {', '.join(SIGNS)}; got {shown(sign)}")
    if isinstance(least, bool) or not isinstance(least, int | float) or not isfinite(least) or not 0 <= least <= 1:
        raise InputError(f"{where}: `least` must lie between 0 and 1 [share of the level]; got {shown(least)}")
    because, source = str(content.get("because", "")), str(content.get("source", ""))
    return Item(name, values, levers, outcome, str(sign), float(least), because, source)


def _values(values: Any, where: str) -> dict[str, Any]:
    """Return the parameters that are set.

    Raises:
        InputError: a parameter is unknown, or its value is wrong
    """
    if not isinstance(values, dict | None):
        raise InputError(f"{where}: `set` must hold parameters by dotted name; got {shown(values)}")
    try:
        return {key: checked(key, value) for key, value in dotted_values(values or {})}
    except InputError as mistake:
        raise InputError(f"{where}: {mistake}") from None


def _levers(names: Any, where: str) -> tuple[str, ...]:
    """Return the levers whose changes are removed.

    Raises:
        InputError: a name is not a lever
    """
    levers = [names] if isinstance(names, str) else names
    if not isinstance(levers, list | None) or any(not isinstance(lever, str) for lever in levers or []):
        raise InputError(f"{where}: `without` must be a list of levers; got {shown(names)}")
    all_levers = [name for name, (_, about) in declared_parameters().items() if about.lever]
    for lever in levers or []:
        if lever not in all_levers:
            raise InputError(f"{where}: `{lever}` is not a lever{hint(lever, all_levers)}")
    return tuple(levers or ())


def chosen_items(items: Any, table: Sequence[Item]) -> list[Item]:
    """Return the chosen items, in the order of the table.

    Args:
        items: `all`, a name, or a list of different names
        table: of expectations

    Raises:
        InputError: a name is unknown or listed twice, or there is none
    """
    names = [item.name for item in table]
    if isinstance(items, str):
        items = names if items == ALL else [items]
    listed = list(items) if isinstance(items, Sequence) and not isinstance(items, bytes) else []
    if not listed or not all(isinstance(name, str) for name in listed) or len(set(listed)) < len(listed):
        raise InputError(f"`items` must be {ALL} or a list of different names of items; got {shown(items)}")
    for name in listed:
        if name not in names:
            raise InputError(f"unknown item `{shown(name)[1:-1]}`{suggestion(name, names)}")
    return [item for item in table if item.name in listed]


def require_columns(items: Sequence[Item], columns: Sequence[str]) -> None:
    """Check that runs have the outcome nearest to each item.

    Args:
        items: of a table of expectations
        columns: of a run

    Raises:
        InputError: the outcome of an item is not a column
    """
    for item in items:
        if item.outcome not in columns:
            hint = suggestion(item.outcome, list(columns)) or f"; {page('outcomes.md')} lists them"
            raise InputError(
                f"the outcome `{item.outcome}` of the item `{item.name}` is not a column of its runs{hint}"
            )
