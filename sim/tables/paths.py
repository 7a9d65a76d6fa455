"""Paths that users write: `~` is their home folder, and `+` separates scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os.path import expanduser, isfile
from pathlib import Path

HOME = "~"
"""The first letter of a path below a home folder."""

OVER = "+"
"""Mark between scenarios; the settings of the later one replace those of the first."""

YAML = (".yaml", ".yml")
"""Endings of the path of a user's file, which may replace the name of a scenario, policy or game."""

_RECEIVED: dict[str, Path] = {}
"""Copies of another machine's files, by the names that its user wrote."""


def received_files(copies: Mapping[str, Path]) -> None:
    """Let names mean copies of another machine's files, in place of those received before.

    Args:
        copies: path of each copy, by the name that the user of the other machine wrote
    """
    _RECEIVED.clear()
    _RECEIVED.update(copies)


def expanded_path(name: str | Path) -> Path:
    """Return the path that a user names, with `~` and `~user` expanded.

    Args:
        name: as the user writes it

    Returns:
        The path. A name that begins with `~` and means no home folder is below the working folder, and absolute, so that
        nothing expands it later.

    >>> expanded_path("~/schools.csv") == Path.home() / "schools.csv", expanded_path("R+D.csv").name
    (True, 'R+D.csv')
    """
    if str(name) in _RECEIVED:
        return _RECEIVED[str(name)]
    path = Path(expanduser(name))
    return Path.cwd() / path if str(path).startswith(HOME) else path


def is_yaml(name: str) -> bool:
    """Return whether a name is the path of a YAML file, and not the name of a scenario, policy or game.

    Args:
        name: as the user writes it
    """
    return name.lower().endswith(YAML)


def parts_of(name: str) -> list[str]:
    """Return the names that the name of a scenario consists of, in the order in which they are applied.

    Args:
        name: names of scenarios, or paths of files, with a plus between them; a plus in the path of a file that exists
            is a part of that path

    >>> parts_of("us_region+no_backbone"), parts_of("no_backbone")
    (['us_region', 'no_backbone'], ['no_backbone'])
    """
    pieces, parts = name.split(OVER), list[str]()
    while pieces:
        lengths = range(len(pieces), 1, -1)
        length = next((n for n in lengths if _is_file(OVER.join(pieces[:n]))), 0) or _reach(pieces)
        parts.append(OVER.join(pieces[:length]))
        pieces = pieces[length:]
    return parts


def _reach(pieces: Sequence[str]) -> int:
    """Return how many pieces are one name where no file exists: a path with a slash ends with its extension."""
    ends = [number for number, piece in enumerate(pieces, 1) if is_yaml(piece)]
    return ends[0] if ends and "/" in pieces[0] else 1


def _is_file(name: str) -> bool:
    return is_yaml(name) and isfile(expanded_path(name))
