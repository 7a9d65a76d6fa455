"""Comparison of worlds: every column, every number and every line of the journal, byte by byte."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from sim.model import CollaborationModel
from sim.policy import Scenario
from sim.world.state import Entry, World


def flat(value: Any, name: str = "") -> dict[str, Any]:
    """Return every array, number and text of a value, by dotted name."""
    if isinstance(value, Entry):
        return {f"journal.{k}": v for k, e in enumerate(lines(value)) for k, v in flat(e, f"{k:05d}").items()}
    if is_dataclass(value):
        parts = {item.name: getattr(value, item.name) for item in fields(value)}
    elif isinstance(value, dict):
        parts = value
    elif isinstance(value, (tuple, list)):
        parts = {"length": len(value), **{str(k): each for k, each in enumerate(value)}}
    else:
        return {name: value}
    return {path: v for key, part in parts.items() for path, v in flat(part, f"{name}.{key}" if name else key).items()}


def lines(entry: Entry | None) -> list[dict[str, Any]]:
    """Return the journal as plain lines, oldest first."""
    entries_as_lines = []
    while entry is not None:
        entries_as_lines.append({"month": entry.month, "kind": entry.kind, **entry.fields})
        entry = entry.before
    return entries_as_lines[::-1]


def same(one: Any, other: Any) -> bool:
    """Return whether two values are the same to the last bit, including type and shape."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, (float, np.floating)) and isinstance(other, (float, np.floating)):
        return np.float64(one).tobytes() == np.float64(other).tobytes()
    return bool(type(one) is type(other) and one == other)


def differing(one: Any, other: Any) -> list[str]:
    """Return the dotted names of the differences between two values; empty if they are the same."""
    first, second = flat(one), flat(other)
    return sorted(first.keys() ^ second.keys()) + [n for n in first if n in second and not same(first[n], second[n])]


def world_at(scenario: Scenario, seed: int = 1, month: int | None = None, **more: Any) -> World:
    """Return the world of a scenario when a month is about to begin; its last world if no month is given."""
    return (
        CollaborationModel(scenario, seed, **more)
        .run_until_month(scenario.last_month + 1 if month is None else month)
        .world
    )
