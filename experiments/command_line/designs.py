"""Designs of a sweep, from the configuration that Hydra composed: its points, what is sampled, and how it is run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig, OmegaConf, read_write

from sim.commands import command
from sim.design.factors import ALL, UNCERTAIN, Factor, factor_of, named
from sim.design.points import Point, point_of
from sim.design.samples import KINDS, TABLE
from sim.errors import Mistake, is_one_of, shown
from sim.sweeps.options import SweepOptions
from sim.sweeps.sampled_sweep import Sampling
from sim.sweeps.sweep import GRID

from .arguments import overrides_of, typed
from .options import overridden, plain, sets_of

DEFAULTS_OF_SAMPLED = {"held": None, "seeds": 1}
"""What differs in a sampled design, which has thousands of points, where nothing else is asked for."""

OF_ONE_TIME = ("only", "afresh")
"""Keys of a command that are no part of the sweep it makes."""

OPTIONS = ("seeds", "first_seed", "block", "held", "jobs", "only", "fail_fast", "max_failures", "afresh")
"""Keys that are options of a sweep by the same name."""


def is_sampled(cfg: DictConfig) -> bool:
    """Whether a design is sampled. Raises Mistake for a design that does not exist."""
    if not is_one_of(cfg.design, (GRID, *KINDS)):
        raise Mistake(f"`design` must be one of {GRID}, {', '.join(KINDS)}; got {shown(cfg.design)}")
    return bool(cfg.design != GRID)


def prepare(config: DictConfig) -> None:
    """Give a sampled design its own defaults: no values of the grid's, few seeds, a folder of its own.

    Raises:
        Mistake: a launcher would run the points one by one
    """
    if not is_sampled(config):
        return
    if not str(config.hydra.launcher._target_).endswith("SharedHistory"):
        raise Mistake("a sampled design has too many points for a job each; leave `hydra/launcher` as it is")
    typed_keys = {o.key_or_group for o in OverridesParser.create().parse_overrides(overrides_of(config))}
    changes = DEFAULTS_OF_SAMPLED | {"out": f"results/{config.design}"}
    with read_write(config):
        config.hydra.sweeper.params = None
        for key, value in changes.items():
            if key not in typed_keys:
                OmegaConf.update(config, key, value)


def point_in(factors: Mapping[str, Any], cfg: DictConfig) -> Point:
    """Return the design point that a composed configuration describes. Raises Mistake for a wrong key or value."""
    return point_of(str(cfg.scenario), cfg.get("timing"), overridden(cfg), factors, cfg.held)


def factors_in(cfg: DictConfig) -> tuple[Factor, ...]:
    """Return the factors of a sampled design; of those that `uncertain` or `all` mean, what is set stays as it is set.

    Raises:
        Mistake: nothing is varied, a factor cannot be sampled, or a parameter is both sampled and set
    """
    vary = plain(cfg.vary)
    ranges, own = named(vary), overridden(cfg)
    if is_one_of(vary, (UNCERTAIN, ALL)):
        ranges = {name: None for name in ranges if name not in own}
    both = [name for name in ranges if name in own]
    if both:
        raise Mistake(f"`{both[0]}` cannot be sampled and set as well: leave it out of `vary`, or do not set it")
    if not ranges:
        raise Mistake("a sampled design needs at least one parameter to vary: `vary=uncertain` or `vary=[trust.ratio]`")
    return tuple(factor_of(name, about) for name, about in ranges.items())


def sampling_in(cfg: DictConfig) -> Sampling:
    """Return the sampling that a configuration describes. Raises Mistake as its kind does."""
    if cfg.design != TABLE:
        return Sampling.of(cfg.design, factors_in(cfg), cfg.n)
    sampling, own = Sampling.of_table(cfg.points), overridden(cfg)
    both = [name for name in sampling.sample.values[0] if name in own]
    if both:
        raise Mistake(f"`{both[0]}` is a column of {cfg.points} and cannot be set as well")
    return sampling


def sweep_options(cfg: DictConfig) -> SweepOptions:
    """Return the options of a sweep that a configuration describes. Raises Mistake for a wrong value."""
    arguments = tuple(word for word in typed() if word.partition("=")[0] not in OF_ONE_TIME)
    keys = [key for key in cfg if key != "hydra"]
    configuration = without_empty(OmegaConf.to_container(OmegaConf.masked_copy(cfg, keys)))
    return SweepOptions(
        **{key: cfg[key] for key in OPTIONS},
        sets=sets_of(cfg),
        command=command("sweep", arguments),
        arguments=arguments,
        configuration=configuration,
    )


def without_empty(config: Any) -> Any:
    """Return a nested configuration without the keys that have no value."""
    if not isinstance(config, dict):
        return config
    kept = {key: without_empty(value) for key, value in config.items() if value is not None}
    return {key: value for key, value in kept.items() if value != {}}
