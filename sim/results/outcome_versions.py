"""Versions of outcomes: runs on disk have those of the functions that computed their columns."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping
from types import CodeType
from typing import Any

from sim.declare import FILE_HASH, Outcome, users_outcomes
from sim.errors import counted
from sim.results.identity import outcomes_hash

INCLUDED = "sim/outcomes"
"""Key of the version of all outcomes of the package, which is not a name that a user's outcome can have."""


def outcome_versions() -> dict[str, str]:
    """Return the versions of all outcomes: one for those of the package, and one for each of the user's, by name."""
    return {INCLUDED: outcomes_hash()} | {name: version_of(item) for name, item in users_outcomes().items()}


def version_of(outcome: Outcome) -> str:
    """Return the version of a user's outcome: a hash of its file, or of its code if no file was loaded.

    Args:
        outcome: as it is declared
    """
    function: Any = getattr(outcome.function, "__wrapped__", outcome.function)
    file_hash = getattr(function, "__globals__", {}).get(FILE_HASH)
    if file_hash is not None:
        return str(file_hash)
    code = getattr(function, "__code__", None)
    held = [_shown(cell.cell_contents) for cell in getattr(function, "__closure__", None) or ()]
    text = repr((outcome.name, held, code and _content(code), _shown(getattr(function, "__defaults__", None))))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _content(code: CodeType) -> tuple[Any, ...]:
    """Return what a function does, without its place in a file; functions within it included."""
    constants = [_content(each) if isinstance(each, CodeType) else repr(each) for each in code.co_consts]
    return (code.co_code.hex(), constants, code.co_names, code.co_varnames)


def _shown(value: Any) -> str:
    """Return a value that a function holds as text; of what has no plain text, its type."""
    plain = isinstance(value, bool | int | float | str | tuple | None)
    return repr(value) if plain else type(value).__qualname__


def missing_outcomes(versions: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """Return the names of outcomes that runs lack, or have in another version.

    Args:
        versions: that the runs have
        wanted: that they should have

    >>> missing_outcomes({"sim/outcomes": "1", "a": "2"}, {"sim/outcomes": "1", "a": "3", "b": "4"})
    ['a', 'b']
    """
    return [name for name, version in wanted.items() if versions.get(name) != version]


def dropped_outcomes(versions: Iterable[str], wanted: Container[str]) -> list[str]:
    """Return the user's outcomes that runs have and that are not wanted.

    Args:
        versions: that the runs have, by name
        wanted: names that they should have
    """
    return [name for name in versions if name not in wanted and name != INCLUDED]


def outdated_text(runs: int, names: Iterable[str]) -> str:
    """Return in words that runs on disk do not have the present outcomes.

    Args:
        runs: number of runs
        names: of the outcomes

    >>> outdated_text(2, ["a"])
    '2 runs lack the present version of `a`'
    """
    words = ["the outcomes of the model" if name == INCLUDED else f"`{name}`" for name in sorted(names)]
    verb = "lacks" if runs == 1 else "lack"
    return f"{counted(runs, 'run')} {verb} the present version of {' and '.join(words)}"
