"""Options of a program as plain Python, from the configuration that Hydra composed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from inspect import signature
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from sim.analysis.doubling import Doubling, doubling_from
from sim.commands import page
from sim.configuration import scenario
from sim.errors import InputError, suggestion, whole_number
from sim.parameters import declared_parameters, dotted_values
from sim.policy import Scenario
from sim.results.files import path_of
from sim.runs.posterior import ParameterSets, parameter_sets


def scenario_in(cfg: Any) -> Scenario:
    """Return the scenario that a composed configuration describes.

    Raises:
        InputError: a wrong key or value
    """
    return scenario(str(cfg.scenario), cfg.get("timing"), overridden(cfg))


def overridden(cfg: Any) -> dict[str, Any]:
    """Return the declared parameters that a composed configuration sets, by dotted name."""
    said = OmegaConf.to_container(cfg, resolve=True)
    assert isinstance(said, dict)
    sections = {name.split(".")[0] for name in declared_parameters()}
    return dict(dotted_values({str(k): v for k, v in said.items() if k in sections}))


def integer(cfg: Any, key: str, least: int = 0) -> int:
    """Return a whole number of the configuration.

    Raises:
        InputError: it is none, too small or absurdly large
    """
    return whole_number(f"`{key}`", cfg[key], least)


def folder_of(cfg: Any) -> Path:
    """Where results go, not made yet.

    Raises:
        InputError: what names no folder
    """
    return path_of(cfg.out)


def sets_of(cfg: Any) -> ParameterSets:
    """Return the parameter sets that replicates draw from.

    Raises:
        InputError: `uncertainty` names none that can be used
    """
    return parameter_sets(cfg.uncertainty)


def doubling_of(cfg: Any) -> Doubling:
    """What counts as doubling.

    Raises:
        InputError: a base, factor, measure or year that makes no sense
    """
    said = OmegaConf.to_container(cfg.doubling, resolve=True) if OmegaConf.is_dict(cfg.doubling) else None
    if cfg.doubling is None:
        raise InputError(f"`doubling` has the keys {', '.join(field.name for field in fields(Doubling))}; got None")
    return doubling_from(said if said is not None else cfg.doubling)


def listed(cfg: DictConfig, key: str) -> list[str]:
    """Return a key that holds one name, several or none."""
    said = cfg[key]
    return [] if said is None else [said] if isinstance(said, str) else [str(name) for name in said]


def outcomes_in(cfg: DictConfig, known: Sequence[str]) -> list[str]:
    """Return the outcomes that a configuration names.

    Raises:
        InputError: none, and for one that is not among those known
    """
    asked = listed(cfg, "outcomes")
    for name in asked:
        if name not in known:
            hint = suggestion(name, list(known)) or f"; {page('outcomes.md')} lists them"
            raise InputError(f"there is no outcome `{name}`{hint}")
    if not asked:
        raise InputError("nothing is asked for: `outcomes` names columns of a run")
    return asked


def seeds_in(cfg: DictConfig) -> list[int]:
    """Return the seeds that a configuration asks for.

    Raises:
        InputError: a number that makes no sense
    """
    first = integer(cfg, "first_seed")
    return list(range(first, first + integer(cfg, "seeds", 1)))


def plain(value: Any) -> Any:
    """Return a value of a configuration as Python has it."""
    return OmegaConf.to_container(value, resolve=True) if OmegaConf.is_config(value) else value


def options_for(function: Callable[..., Any], cfg: DictConfig) -> dict[str, Any]:
    """Return what a configuration says of the parameters of a function, by their names.

    Keys that the function does not take are left out. `overrides` are the declared parameters that the configuration sets,
    and `doubling` its keys; both are checked.

    Args:
        function: of `sim`, whose parameters are called as the keys of the configuration
        cfg: composed by Hydra

    Raises:
        InputError: a wrong value
    """
    names = signature(function).parameters
    values = {name: plain(cfg[name]) for name in names if name in cfg and name not in ("overrides", "doubling", "out")}
    if "overrides" in names:
        values["overrides"] = overridden(cfg)
    if "doubling" in names and "doubling" in cfg:
        values["doubling"] = doubling_of(cfg)
    return values
