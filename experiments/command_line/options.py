"""Options of a program as plain Python, from the configuration of Hydra."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from inspect import signature
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from sim.analysis.doubling import Doubling, doubling_from
from sim.configuration import scenario
from sim.errors import InputError, shown, whole_number
from sim.parameters import declared_parameters, dotted_values
from sim.policy import Scenario
from sim.results.files import folder_at
from sim.runs.posterior import ParameterSets, parameter_sets


def scenario_in(cfg: Any) -> Scenario:
    """Return the scenario of a composed configuration.

    Raises:
        InputError: a key or value is wrong
    """
    return scenario(str(cfg.scenario), cfg.get("timing"), overridden(cfg))


def overridden(cfg: Any) -> dict[str, Any]:
    """Return the declared parameters that a composed configuration sets, by dotted name."""
    configuration = OmegaConf.to_container(cfg, resolve=True)
    assert isinstance(configuration, dict)
    sections = {name.split(".")[0] for name in declared_parameters()}
    return dict(dotted_values({str(key): value for key, value in configuration.items() if key in sections}))


def integer(cfg: Any, key: str, minimum: int = 0) -> int:
    """Return a whole number of the configuration.

    Raises:
        InputError: the value is not a whole number, too small or absurdly large
    """
    return whole_number(f"`{key}`", cfg[key], minimum)


def folder_of(cfg: Any) -> Path:
    """Return the folder for results, which may not exist yet.

    Raises:
        InputError: the value is not a folder
    """
    return folder_at(cfg.out)


def sets_of(cfg: Any) -> ParameterSets:
    """Return the parameter sets from which replicates draw.

    Raises:
        InputError: `uncertainty` cannot be used
    """
    return parameter_sets(cfg.uncertainty)


def doubling_of(cfg: Any) -> Doubling:
    """Return the definition of doubling.

    Raises:
        InputError: base, factor, measure or year is invalid
    """
    configuration = OmegaConf.to_container(cfg.doubling, resolve=True) if OmegaConf.is_dict(cfg.doubling) else None
    if cfg.doubling is None:
        keys = ", ".join(field.name for field in fields(Doubling))
        raise InputError(f"`doubling` must be a mapping with the keys {keys}; got None")
    return doubling_from(configuration if configuration is not None else cfg.doubling)


def names_in(cfg: DictConfig, key: str) -> list[str]:
    """Return the names of a key with one name, several or none."""
    value = cfg[key]
    return [] if value is None else [value] if isinstance(value, str) else [str(name) for name in value]


def seeds_in(cfg: DictConfig) -> list[int]:
    """Return the seeds of a configuration.

    Raises:
        InputError: a number is invalid
    """
    first = integer(cfg, "first_seed")
    return list(range(first, first + integer(cfg, "seeds", 1)))


def plain(value: Any) -> Any:
    """Return a value of a configuration as plain Python."""
    return OmegaConf.to_container(value, resolve=True) if OmegaConf.is_config(value) else value


def engine_in(cfg: Any) -> dict[str, Any]:
    """Return the engine of a configuration with its options, for the keyword `engine`.

    Raises:
        InputError: `cluster` is not keys and values
    """
    options = plain(cfg.cluster)
    if not isinstance(options, dict):
        raise InputError(f"`cluster` must hold options of an engine, as in `cluster.workers=4`; got {shown(options)}")
    return {"name": cfg.engine, **options}


def options_for(function: Callable[..., Any], cfg: DictConfig) -> dict[str, Any]:
    """Return the values of a configuration for the parameters of a function, by name.

    Keys that the function does not take are left out. `overrides` are the declared parameters that the configuration sets,
    and `doubling` its keys; both are checked.

    Args:
        function: of `sim`, with parameters named like the keys of the configuration
        cfg: composed by Hydra

    Raises:
        InputError: a value is wrong
    """
    names = signature(function).parameters
    apart = ("overrides", "doubling", "engine", "out")
    values = {name: plain(cfg[name]) for name in names if name in cfg and name not in apart}
    if "overrides" in names:
        values["overrides"] = overridden(cfg)
    if "engine" in names and "engine" in cfg:
        values["engine"] = engine_in(cfg)
    if "doubling" in names and "doubling" in cfg:
        values["doubling"] = doubling_of(cfg)
    return values
