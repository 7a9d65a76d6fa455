"""The design of a sweep: Hydra composes its points, all of which are known before any of them runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.experimental.callback import Callback
from omegaconf import DictConfig, OmegaConf, read_write

from sim.commands import command, is_default
from sim.design.factors import ALL, UNCERTAIN, Factor, factor_of, options_by_factor
from sim.design.points import Point, point_of
from sim.design.samples import GRID, KINDS, TABLE, require_used
from sim.errors import InputError, is_one_of, shown
from sim.runs.keep import table_names
from sim.sweeps.options import SweepOptions
from sim.sweeps.sampled_sweep import Sampling
from sim.sweeps.sweep import N

from .arguments import overrides_of, typed
from .entry import exit_with_one_line, outcome_words
from .options import overridden, plain, sets_of

Planned = list[tuple[dict[str, Any], DictConfig]]
"""Points of a sweep: factors and full configuration of each."""

DESIGN: Planned = []
PLANNED: list[Callable[[Planned], None]] = []
"""Functions of a program that read the whole design before anything runs."""


def compose_point(config: DictConfig, overrides: Sequence[str]) -> tuple[dict[str, Any], DictConfig]:
    """Return the factors of a point and its configuration; plain values are set without composing the configuration again."""
    parsed = [
        override
        for override in OverridesParser.create().parse_overrides(list(overrides))
        if override.key_or_group in keys(config)
    ]
    point = OmegaConf.masked_copy(config, [key for key in config if key != "hydra"]).copy()
    for override in parsed:
        OmegaConf.update(point, override.key_or_group, override.value())
    values = {override.key_or_group: override.value() for override in parsed}
    interpolated = {key: OmegaConf.select(point, key) for key, value in values.items() if "${" in str(value)}
    return values | interpolated, point


def keys(config: DictConfig) -> set[str]:
    """Return dotted names of every key of a configuration."""

    def below(node: Any, prefix: str) -> set[str]:
        if not isinstance(node, dict):
            return {prefix[:-1]}
        return {prefix[:-1]}.union(*(below(value, f"{prefix}{key}.") for key, value in node.items()))

    return below(OmegaConf.to_container(config), "")


class Design(Callback):
    """Callback that collects the points of a sweep, and leaves Hydra a single job that does nothing."""

    def on_multirun_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Compute the points from the factors of the configuration and of the command line."""
        with exit_with_one_line():
            prepare(config)
        words = overrides_of(config)
        keys_of_words = {override.split("=", 1)[0] for override in words}
        words += [
            f"{key}={value}" for key, value in (config.hydra.sweeper.params or {}).items() if key not in keys_of_words
        ]
        parsed = OverridesParser.create().parse_overrides(words)
        factors = {override.key_or_group for override in parsed if override.is_sweep_override()}
        for overrides in (job for batch in BasicSweeper.split_arguments(parsed, None) for job in batch):
            values, point = compose_point(config, overrides)
            DESIGN.append(({key: value for key, value in values.items() if key in factors}, point))
        with exit_with_one_line():  # Hydra ignores a callback's exceptions, but not the end of the program
            for plan in PLANNED:
                plan(DESIGN)
        single = [override.input_line for override in parsed if not override.is_sweep_override()]
        with read_write(config):
            config.hydra.sweeper.params = None
            config.hydra.overrides.task = single


# The target is set here because this package has another name in the wheel.
ConfigStore.instance().store(
    group="hydra/callbacks", name="sweep_design", node={"design": {"_target_": f"{__name__}.Design"}}
)

SAMPLED_DEFAULTS = {"reference_facilitation": None, "seeds": 1}
"""Defaults of a sampled design, which has thousands of points."""

GRID_DEFAULTS = {"vary": UNCERTAIN, "n": N, "points": None}
"""Defaults of options that only some designs use."""

ONE_TIME_KEYS = ("runs", "overwrite")
"""Keys of a command that are not part of the sweep."""

OPTIONS = (
    "seeds", "first_seed", "block", "reference_facilitation", "jobs", "runs", "fail_fast", "max_failures", "overwrite",
)  # fmt: skip
"""Keys that are options of a sweep with the same name."""


def is_sampled(cfg: DictConfig) -> bool:
    """Return true if a design is sampled.

    Raises:
        InputError: the design does not exist
    """
    if not is_one_of(cfg.design, (GRID, *KINDS)):
        raise InputError(f"`design` must be one of {GRID}, {', '.join(KINDS)}; got {shown(cfg.design)}")
    return bool(cfg.design != GRID)


def prepare(config: DictConfig) -> None:
    """Set the defaults of a sampled design: no values of the grid, few seeds, a folder of its own.

    Raises:
        InputError: the design does not use an option
    """
    sampled = is_sampled(config)
    own_keys = [key for key, default in GRID_DEFAULTS.items() if not is_default(plain(config[key]), default)]
    require_used(config.design, own_keys, "values with commas, as in `trust.ratio=1,2`")
    if not sampled:
        return
    typed_keys = {override.key_or_group for override in OverridesParser.create().parse_overrides(overrides_of(config))}
    changes = SAMPLED_DEFAULTS | {"out": f"results/{config.design}"}
    with read_write(config):
        config.hydra.sweeper.params = None
        for key, value in changes.items():
            if key not in typed_keys:
                OmegaConf.update(config, key, value)


def point_in(factors: Mapping[str, Any], cfg: DictConfig) -> Point:
    """Return the design point of a composed configuration.

    Raises:
        InputError: a key or value is wrong
    """
    return point_of(str(cfg.scenario), cfg.get("timing"), overridden(cfg), factors, cfg.reference_facilitation)


def factors_in(cfg: DictConfig) -> tuple[Factor, ...]:
    """Return the factors of a sampled design; `uncertain` and `all` leave out parameters that are set.

    Raises:
        InputError: nothing is varied, a factor cannot be sampled, or a parameter is both sampled and set
    """
    vary = plain(cfg.vary)
    ranges, set_parameters = options_by_factor(vary), overridden(cfg)
    if is_one_of(vary, (UNCERTAIN, ALL)):
        ranges = {name: None for name in ranges if name not in set_parameters}
    both = [name for name in ranges if name in set_parameters]
    if both:
        raise InputError(f"`{both[0]}` cannot be both sampled and set; leave it out of `vary`, or do not set it")
    if not ranges:
        raise InputError(
            "a sampled design needs at least one parameter to vary: `vary=uncertain` or `vary=[trust.ratio]`"
        )
    return tuple(factor_of(name, limits) for name, limits in ranges.items())


def sampling_in(cfg: DictConfig) -> Sampling:
    """Return the sampling of a configuration.

    Raises:
        InputError: as its kind does
    """
    if cfg.design != TABLE:
        return Sampling.of(cfg.design, factors_in(cfg), cfg.n)
    sampling, set_parameters = Sampling.of_table(cfg.points), overridden(cfg)
    both = [name for name in sampling.sample.values[0] if name in set_parameters]
    if both:
        raise InputError(f"`{both[0]}` is a column of {cfg.points} and cannot be set too; leave it out of one")
    return sampling


def sweep_options(cfg: DictConfig) -> SweepOptions:
    """Return the options of a sweep from a configuration.

    Raises:
        InputError: a value is wrong
    """
    words = [*outcome_words(), *typed()]
    arguments = tuple(word for word in words if word.partition("=")[0] not in ONE_TIME_KEYS)
    keys = [key for key in cfg if key != "hydra"]
    configuration = without_empty(OmegaConf.to_container(OmegaConf.masked_copy(cfg, keys)))
    return SweepOptions(
        **{key: cfg[key] for key in OPTIONS},
        sets=sets_of(cfg),
        keep=table_names(plain(cfg.keep)),
        command=command("sweep", arguments),
        arguments=arguments,
        configuration=configuration,
    )


def without_empty(config: Any) -> Any:
    """Return a nested configuration without the keys that have no value."""
    if not isinstance(config, dict):
        return config
    values = {key: without_empty(value) for key, value in config.items() if value is not None}
    return {key: value for key, value in values.items() if value != {}}
