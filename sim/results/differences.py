"""What differs between two manifests, in words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


NAMED = 3
"""Files that are named one by one where many differ."""


def digest(file: Path) -> str:
    """A short hash of what a file holds."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def shared_by_all(said: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The keys and values that all have.

    >>> shared_by_all([{"a": 1, "b": 2}, {"a": 1, "b": 3}])
    {'a': 1}
    """
    return {key: value for key, value in said[0].items() if all(each.get(key) == value for each in said)}


def files_differing(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Which files differ, in words.

    >>> files_differing({"a.py": "1", "b.py": "2"}, {"a.py": "1", "b.py": "3"}), files_differing({"a": "1"}, {})
    ('b.py differs', 'a differs')
    """
    names = [name for name in dict.fromkeys((*before, *now)) if before.get(name) != now.get(name)]
    if not before or not names:
        return "it is not known which files differ"
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more} differ{'s' if len(names) == 1 else ''}"


def values_differing(before: Any, now: Any) -> str:
    """What differs between two values of a manifest, in words.

    >>> values_differing({"a": 1, "b": 2}, {"a": 1, "b": 3}), values_differing("x", "y")
    ('b: 2, now 3', 'x, now y')
    """
    if isinstance(before, dict) and isinstance(now, dict):
        key = next(key for key in [*before, *now] if before.get(key) != now.get(key))
        within = values_differing(before.get(key), now.get(key))
        return f"{key}.{within}" if isinstance(before.get(key), dict) else f"{key}: {within}"
    return f"{before}, now {now}"

