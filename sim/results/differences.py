"""Differences between two manifests, in words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

NAMED = 3
"""Most files that are named one by one."""


def digest(file: Path) -> str:
    """Return a short hash of the content of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def shared_by_all(manifests: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the keys and values that all manifests have.

    >>> shared_by_all([{"a": 1, "b": 2}, {"a": 1, "b": 3}])
    {'a': 1}
    """
    return {key: value for key, value in manifests[0].items() if all(each.get(key) == value for each in manifests)}


def files_differing(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Return in words which files differ.

    Args:
        before: hash of each file, by name
        now: the same later

    >>> files_differing({"a.py": "1", "b.py": "2"}, {"a.py": "1", "b.py": "3"}), files_differing({"a": "1"}, {})
    ('b.py differs', 'a differs')
    """
    names = [name for name in dict.fromkeys((*before, *now)) if before.get(name) != now.get(name)]
    if not before or not names:
        return "it is not known which files differ"
    rest = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{rest} differ{'s' if len(names) == 1 else ''}"


def values_differing(before: Any, now: Any) -> str:
    """Return in words how two values of a manifest differ.

    >>> values_differing({"a": 1, "b": 2}, {"a": 1, "b": 3}), values_differing("x", "y")
    ('b: 2, now 3', 'x, now y')
    """
    if isinstance(before, dict) and isinstance(now, dict):
        key = next(key for key in [*before, *now] if before.get(key) != now.get(key))
        within = values_differing(before.get(key), now.get(key))
        return f"{key}.{within}" if isinstance(before.get(key), dict) else f"{key}: {within}"
    return f"{before}, now {now}"
