"""Paths that users write: `~` is their home folder, and a `+` between scenarios is no part of a file's name."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import expanduser, isfile
from pathlib import Path

HOME = "~"
"""The first letter of a path below a home folder."""

OVER = "+"
"""Between the name of a scenario and that of another, of which what it sets is laid over the first."""

YAML = (".yaml", ".yml")
"""How the path of a file of the user's own ends, in place of the name of a scenario, policy or game."""


def located(name: str | Path) -> Path:
    """Return the path that a user names, with `~` and `~user` expanded.

    Args:
        name: as the user writes it

    Returns:
        The path. A name that begins with `~` and means no home folder is below the working folder, and absolute, so that
        nothing expands it later.

    >>> located("~/schools.csv") == Path.home() / "schools.csv", located("R+D.csv").name
    (True, 'R+D.csv')
    """
    path = Path(expanduser(name))
    return Path.cwd() / path if str(path).startswith(HOME) else path


def is_yaml(name: str) -> bool:
    """Whether a name is the path of a YAML file, in place of the name of a scenario, policy or game."""
    return name.lower().endswith(YAML)


def parts_of(name: str) -> list[str]:
    """Return the names of which the name of a scenario consists, the first the one over which the others are laid.

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
    """How many pieces are one name where no file exists: a path, which has a slash, reaches to its ending."""
    ends = [number for number, piece in enumerate(pieces, 1) if is_yaml(piece)]
    return ends[0] if ends and "/" in pieces[0] else 1


def _is_file(name: str) -> bool:
    return is_yaml(name) and isfile(located(name))
