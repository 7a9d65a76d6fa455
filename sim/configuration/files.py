"""YAML files of `configs/`, or of the user's own in the same form."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources
from os.path import isfile
from pathlib import Path
from typing import Any

from sim.errors import InputError, shown, suggestion
from sim.old_names import current_name
from sim.tables.paths import expanded_path, is_yaml
from sim.tables.yaml_file import document


@cache
def configs() -> Path:
    """Return the folder of configurations: in the installed package, or beside it in a checkout."""
    inside = Path(str(resources.files("sim"))) / "configs"
    return inside if inside.is_dir() else inside.parents[1] / "configs"


def read(group: str, name: str, allowed: set[str]) -> dict[str, Any]:
    """Return the keys and values of a file of a group of configurations.

    Args:
        group: folder of `configs/`, for example scenario, policy or game
        name: of a file of the project, or the path of a YAML file of the same form
        allowed: keys that the file may have

    Raises:
        InputError: the name is unknown, the file cannot be read, or it has an unknown key
    """
    path = _path(group, str(name))
    content = _loaded(path, path.stat().st_mtime_ns)
    if not isinstance(content, dict) or not content:
        raise InputError(f"{path.name} holds no keys; it may have {', '.join(sorted(allowed))}")
    values = key_values(content, path.name)
    for key in values:
        if key not in allowed:
            hint = suggestion(key, sorted(allowed)) or f"; it may have {', '.join(sorted(allowed))}"
            raise InputError(f"unknown key `{key}` in {path.name}{hint}")
    return values


def key_values(value: Any, where: str) -> dict[str, Any]:
    """Return keys and values with the keys as text; none for None.

    Args:
        value: as a YAML file has it
        where: the place in the file, for messages

    Raises:
        InputError: the value is not keys and values
    """
    if not isinstance(value, dict | None):
        raise InputError(f"{where}: there must be keys and values; got {shown(value)}")
    return {str(key): each for key, each in (value or {}).items()}


def _path(group: str, name: str) -> Path:
    """Return the file of a configuration.

    Raises:
        InputError: the file does not exist
    """
    name = current_name(group, name)
    if is_yaml(name):
        if not isfile(expanded_path(name)):
            raise InputError(f"the file {shown(name)} for {group if group == 'arms' else f'a {group}'} does not exist")
        return expanded_path(name)
    path = configs() / group / f"{name}.yaml"
    if name != name.lower() or not name.isidentifier() or not isfile(path):  # some systems find a file in any case
        names = sorted(path.stem for path in path.parent.glob("*.yaml"))
        hint = suggestion(name, names) or f"; there are {', '.join(names)}"
        raise InputError(f"unknown {group} `{shown(name)[1:-1]}`{hint}")
    return path


@lru_cache(maxsize=64)
def _loaded(path: Path, stamp: int) -> Any:
    """Return the content of a file; it is read again when its time stamp has changed."""
    return document(path)
