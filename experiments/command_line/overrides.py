"""The words of a command line as overrides of Hydra's, checked key by key before anything runs."""

from __future__ import annotations

import shlex
from typing import Any, NoReturn

from hydra._internal.utils import get_args_parser
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import QuotedString
from hydra.errors import HydraException
from omegaconf import OmegaConf

from sim.commands import command, quoted
from sim.configuration import configs
from sim.errors import InputError, shown
from sim.parameters import checked, declared_parameters, dotted_values, hint

from ..launchers import check_launcher
from .arguments import as_typed, for_hydra


def keys_of(program: str) -> list[str]:
    """Keys that a program understands besides the declared parameters."""
    said = OmegaConf.to_container(OmegaConf.load(configs() / "experiment" / f"{program}.yaml"))
    assert isinstance(said, dict)
    nested = {str(k): v for k, v in said.items() if k not in ("defaults", "hydra")}
    deep = [name for name, _ in dotted_values({k: v for k, v in nested.items() if isinstance(v, dict)})]
    return [k for k, v in nested.items() if not isinstance(v, dict)] + deep + [k for k in nested if k == "doubling"]


def check_overrides(arguments: list[str], program: str) -> None:
    """Refuse unknown keys and values that a declared parameter cannot take.

    Raises:
        InputError: in one sentence
    """
    known, given_once = [*declared_parameters(), *keys_of(program)], set[str]()
    for override in parsed(arguments):
        key = override.key_or_group
        if not key:
            raise unreadable(override.input_line)
        if key in given_once:
            raise InputError(f"`{key}` is given twice")
        given_once.add(key)
        if key.startswith(("hydra.", "hydra/")):
            check_of_hydra(key)
            if key == "hydra/launcher":
                check_launcher(override.value())
            continue
        if key not in known:
            raise InputError(f"unknown key `{shown(key)[1:-1]}`{hint(key, known)}")
        if override.is_add() or override.is_delete() or override.package:
            raise InputError(f"`{override.input_line}` adds or deletes a key; write `{key}=value`")
        check_values(override, program)


def parsed(arguments: list[str]) -> list[Any]:
    """Return the overrides among the arguments of a command.

    Raises:
        InputError: an option that there is not
    """
    options = get_args_parser()
    options.error = refuse  # type: ignore[method-assign, assignment]
    found = []
    for override in options.parse_args(for_hydra(arguments)).overrides:
        try:
            found.append(OverridesParser.create().parse_override(override))
        except HydraException:
            raise unreadable(override) from None
        except ValueError:  # Python reads no number of more than some thousand digits
            raise InputError("a number of thousands of digits is no value for any key") from None
    return found


def unreadable(word: str) -> InputError:
    """Return the InputError for a word that Hydra cannot read, with the word in quotes where that helps."""
    key, sign, value = as_typed(word).partition("=")
    how = ""
    if value and key in declared_parameters():
        how = f"; text with special characters needs quotes within quotes: {shlex.quote(f'{key}={quoted(value)}')}"
    return InputError(f"{shown(key + sign + value)} cannot be read; what differs is written `key=value`{how}")


def refuse(problem: str) -> NoReturn:
    """What argparse does with a wrong option.

    Raises:
        InputError: instead
    """
    raise InputError(problem)


def check_of_hydra(key: str) -> None:
    """Refuse what of Hydra's own configuration would take a program apart.

    Raises:
        InputError: the input is not valid
    """
    if key in (
        "hydra.mode",
        "hydra.callbacks",
        "hydra/callbacks",
        "hydra.sweep.dir",
        "hydra.sweep.subdir",
        "hydra.run.dir",
    ):
        raise InputError(f"`{key}` is what the program stands on, and stays as it is; `out` says where results go")


def check_values(override: Any, program: str) -> None:
    """Refuse values that a key cannot take, several where only one has a meaning, or one twice.

    Raises:
        InputError: the input is not valid
    """
    key = override.key_or_group
    try:
        values = swept(override)
    except HydraException:
        raise unreadable(override.input_line) from None
    typed = as_typed(override.input_line)
    if len(values) > 1 and program != "sweep":
        raise InputError(f"`{key}` has several values: `{command('sweep')}` takes them, `{command(program)}` takes one")
    if len(values) > 1 and key not in (*declared_parameters(), "scenario", "timing"):
        raise InputError(f"`{key}` holds for the whole sweep, so it has one value; got {shown(typed)}")
    if not values:
        raise InputError(f"`{key}` has no value; got {shown(typed)}")
    if any(value in values[:place] for place, value in enumerate(values)):
        raise InputError(f"`{key}` has a value twice; got {shown(typed)}")
    for value in values:
        if key in declared_parameters():
            checked(key, value)


def swept(override: Any) -> list[Any]:
    """Return the values an override gives to its key: one, or those of a sweep."""
    if not override.is_sweep_override():
        return [override.value()]
    return [value.text if isinstance(value, QuotedString) else value for value in override.sweep_iterator()]
