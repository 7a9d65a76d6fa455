"""Words of a command line as overrides of Hydra, each key checked before anything runs."""

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
from sim.parameters import checked, declared_parameters, hint

from .arguments import as_typed, for_hydra


def keys_of(program: str) -> list[str]:
    """Return the keys that a program accepts besides the declared parameters."""
    configuration = OmegaConf.to_container(OmegaConf.load(configs() / "experiment" / f"{program}.yaml"))
    assert isinstance(configuration, dict)
    values = {str(key): value for key, value in configuration.items() if key not in ("defaults", "hydra")}
    nested_keys = [name for key, value in values.items() if isinstance(value, dict) for name in _dotted(key, value)]
    return (
        [key for key, value in values.items() if not isinstance(value, dict)]
        + nested_keys
        + [key for key in values if key == "doubling"]
    )


def _dotted(prefix: str, values: dict[Any, Any]) -> list[str]:
    """Return the dotted names of all values of a nested configuration, of empty values too."""
    nested = ((f"{prefix}.{key}", value) for key, value in values.items())
    return [each for name, value in nested for each in (_dotted(name, value) if isinstance(value, dict) else [name])]


def check_overrides(arguments: list[str], program: str) -> None:
    """Check that all keys exist and that declared parameters can take their values.

    Raises:
        InputError: a key or value is wrong
    """
    keys, seen = [*declared_parameters(), *keys_of(program)], set[str]()
    for override in parse_words(arguments):
        key = override.key_or_group
        if not key:
            raise unreadable_error(override.input_line)
        if key in seen:
            raise InputError(f"`{key}` is given twice; give it once")
        seen.add(key)
        if key.startswith(("hydra.", "hydra/")):
            check_hydra_key(key)
            continue
        if key == "outcomes" and key not in keys:
            raise InputError(f"`outcomes` must name a Python file that ends in .py; got {shown(override.input_line)}")
        if key not in keys:
            raise InputError(f"unknown key `{shown(key)[1:-1]}`{hint(key, keys) or '; --help lists the keys'}")
        if override.is_add() or override.is_delete() or override.package:
            raise InputError(f"`{override.input_line}` adds or deletes a key; write `{key}=value`")
        check_values(override, program)


def parse_words(arguments: list[str]) -> list[Any]:
    """Return the overrides among the arguments of a command.

    Raises:
        InputError: an option does not exist, or a word cannot be read
    """
    options = get_args_parser()
    options.error = raise_problem  # type: ignore[method-assign, assignment]
    overrides = []
    for override in options.parse_args(for_hydra(arguments)).overrides:
        try:
            overrides.append(OverridesParser.create().parse_override(override))
        except HydraException:
            raise unreadable_error(override) from None
        except ValueError:  # Python does not read numbers of several thousand digits
            raise InputError("the number is too long") from None
    return overrides


def unreadable_error(word: str) -> InputError:
    """Return the error for a word that Hydra cannot read, with advice on quotes."""
    key, sign, value = as_typed(word).partition("=")
    advice = ""
    if value and key in declared_parameters():
        advice = f"; text with special characters needs quotes within quotes: {shlex.quote(f'{key}={quoted(value)}')}"
    return InputError(f"{shown(key + sign + value)} cannot be read; write options as `key=value`{advice}")


def raise_problem(problem: str) -> NoReturn:
    """Raise a problem that argparse found.

    Raises:
        InputError: always
    """
    raise InputError(problem)


def check_hydra_key(key: str) -> None:
    """Check that a key of Hydra's own configuration may be overridden.

    Raises:
        InputError: the program depends on the key
    """
    if key in (
        "hydra.mode",
        "hydra.callbacks",
        "hydra/callbacks",
        "hydra.sweep.dir",
        "hydra.sweep.subdir",
        "hydra.run.dir",
    ):
        raise InputError(f"`{key}` cannot be overridden; use `out` to choose the results folder")
    of_engine = key.startswith(("hydra/launcher", "hydra.launcher", "hydra/sweeper", "hydra.sweeper"))
    if of_engine and key != "hydra.sweeper.params":  # of the design, whose factors a sweep made in Python leaves out
        raise InputError(f"`{key}` cannot be overridden; use `engine` to choose where runs are simulated")


def check_values(override: Any, program: str) -> None:
    """Check that a key can take its values: several only for a sweep, and none twice.

    Raises:
        InputError: a value is wrong
    """
    key = override.key_or_group
    try:
        values = sweep_values(override)
    except HydraException:
        raise unreadable_error(override.input_line) from None
    typed = as_typed(override.input_line)
    if len(values) > 1 and program != "sweep":
        raise InputError(
            f"`{key}` has several values; use `{command('sweep')}` for them, `{command(program)}` takes one"
        )
    if len(values) > 1 and key not in (*declared_parameters(), "scenario", "timing"):
        raise InputError(f"`{key}` must have one value for the whole sweep; got {shown(typed)}")
    if not values:
        raise InputError(f"`{key}` has no value; got {shown(typed)}")
    if any(value in values[:place] for place, value in enumerate(values)):
        raise InputError(f"`{key}` has a value twice; got {shown(typed)}")
    for value in values:
        if key in declared_parameters():
            checked(key, value)


def sweep_values(override: Any) -> list[Any]:
    """Return the values that an override gives to its key: one, or those of a sweep."""
    if not override.is_sweep_override():
        return [override.value()]
    return [value.text if isinstance(value, QuotedString) else value for value in override.sweep_iterator()]
