"""The design of a sweep: its points are known before any of them runs, whatever launches them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.utils import JobReturn, JobStatus
from hydra.experimental.callback import Callback
from omegaconf import DictConfig, OmegaConf, read_write

from sim.commands import command, is_default
from sim.design.factors import ALL, UNCERTAIN, Factor, factor_of, options_by_factor
from sim.design.points import Point, point_of
from sim.design.samples import GRID, KINDS, TABLE, require_used
from sim.errors import InputError, is_one_of, shown
from sim.sweeps.options import SweepOptions
from sim.sweeps.sampled_sweep import Sampling
from sim.sweeps.stored_sweep import StoredSweep
from sim.sweeps.sweep import N

from ..command_line.arguments import overrides_of, typed
from ..command_line.entry import exit_with_one_line
from ..command_line.options import overridden, plain, sets_of

Planned = list[tuple[dict[str, Any], DictConfig]]
"""The points of a sweep: factors and whole configuration of each."""

DESIGN: Planned = []
PLANNED: list[Callable[[Planned], None]] = []
TOGETHER: list[Callable[[Planned], None]] = []
"""What a program does with the design: once it is known, and to run it together."""

ELSEWHERE: dict[int, str] = {}
"""Points that ran on a cluster, by their place in the design: what went wrong, empty where nothing did."""


def composed(config: DictConfig, overrides: Sequence[str]) -> tuple[dict[str, Any], DictConfig]:
    """Factors of a point and its configuration: plain values are set, without composing everything again."""
    parsed = [o for o in OverridesParser.create().parse_overrides(list(overrides)) if o.key_or_group in keys(config)]
    point = OmegaConf.masked_copy(config, [key for key in config if key != "hydra"]).copy()
    for override in parsed:
        OmegaConf.update(point, override.key_or_group, override.value())
    values = {override.key_or_group: override.value() for override in parsed}
    in_text = {key: OmegaConf.select(point, key) for key, value in values.items() if "${" in str(value)}
    return values | in_text, point


def keys(config: DictConfig) -> set[str]:
    """Dotted names of every key of a configuration."""

    def below(node: Any, prefix: str) -> set[str]:
        if not isinstance(node, dict):
            return {prefix[:-1]}
        return {prefix[:-1]}.union(*(below(value, f"{prefix}{key}.") for key, value in node.items()))

    return below(OmegaConf.to_container(config), "")


class Design(Callback):
    """Knows the points of a sweep before any of them runs, whatever launches them."""

    def on_multirun_start(self, config: DictConfig, **kwargs: Any) -> None:
        """Work out the points from the factors of the configuration and of the command line."""
        with exit_with_one_line():
            prepare(config)
        given = overrides_of(config)
        named = {override.split("=", 1)[0] for override in given}
        given += [f"{key}={value}" for key, value in (config.hydra.sweeper.params or {}).items() if key not in named]
        parsed = OverridesParser.create().parse_overrides(given)
        factors = {o.key_or_group for o in parsed if o.is_sweep_override()}
        for overrides in (job for batch in BasicSweeper.split_arguments(parsed, None) for job in batch):
            values, point = composed(config, overrides)
            DESIGN.append(({key: value for key, value in values.items() if key in factors}, point))
        with exit_with_one_line():  # Hydra swallows a callback's exceptions, but not the end of the program
            for plan in PLANNED:
                plan(DESIGN)


def tell_incomplete(sweep: StoredSweep, failed: int) -> int:
    """Say which points of a cluster are not complete, and why.

    Args:
        sweep: the whole sweep
        failed: runs that failed, which have been reported

    Returns:
        The number of those points.
    """
    if not ELSEWHERE:
        return 0
    lacking, count = sweep.incomplete(sweep.store.stored_runs(sweep.names).runs), 0
    for number, why in sorted(ELSEWHERE.items()):
        if not any(number in points for points in lacking.values()) or (failed and not why):
            continue
        about = ", ".join(f"{key}={value}" for key, value in sweep.points[number].factors.items())
        reason = why or "its parts went to a folder that this machine does not see"
        print(f"not complete: {about}: {reason}", file=sys.stderr)
        count += 1
    if count:
        verb = "points are" if count > 1 else "point is"
        print(f"of the design, {count} {verb} not complete: {sweep.progress_text()}", file=sys.stderr)
    return count


def done(overrides: Sequence[str]) -> JobReturn:
    """Return a job that was run with the others; its results are in the store."""
    job = JobReturn(overrides=list(overrides), status=JobStatus.COMPLETED)
    job.return_value = None
    return job


# The target is named here, since this package has another name in the wheel.
ConfigStore.instance().store(
    group="hydra/callbacks", name="sweep_design", node={"design": {"_target_": f"{__name__}.Design"}}
)

# Hydra takes launchers only from its own namespace package, which may lie in any folder on the path.
sys.path.append(str(Path(__file__).parent / "plugins"))


DEFAULTS_OF_SAMPLED = {"reference_facilitation": None, "seeds": 1}
"""What differs in a sampled design, which has thousands of points, where nothing else is asked for."""

USUAL = {"vary": UNCERTAIN, "n": N, "points": None}
"""Defaults of the options that only some designs use."""

OF_ONE_TIME = ("runs", "overwrite")
"""Keys of a command that are no part of the sweep it makes."""

OPTIONS = (
    "seeds", "first_seed", "block", "reference_facilitation", "jobs", "runs", "fail_fast", "max_failures", "overwrite",
)  # fmt: skip
"""Keys that are options of a sweep by the same name."""


def is_sampled(cfg: DictConfig) -> bool:
    """Whether a design is sampled.

    Raises:
        InputError: a design that does not exist
    """
    if not is_one_of(cfg.design, (GRID, *KINDS)):
        raise InputError(f"`design` must be one of {GRID}, {', '.join(KINDS)}; got {shown(cfg.design)}")
    return bool(cfg.design != GRID)


def prepare(config: DictConfig) -> None:
    """Give a sampled design its own defaults: no values of the grid's, few seeds, a folder of its own.

    Raises:
        InputError: a launcher would run the points one by one, or an option that the design does not use
    """
    sampled = is_sampled(config)
    own = [key for key, usual in USUAL.items() if not is_default(plain(config[key]), usual)]
    require_used(config.design, own, "values with commas, as in `trust.ratio=1,2`")
    if not sampled:
        return
    if not str(config.hydra.launcher._target_).endswith("SharedHistory"):
        raise InputError("a sampled design has too many points for a job each; leave `hydra/launcher` as it is")
    typed_keys = {o.key_or_group for o in OverridesParser.create().parse_overrides(overrides_of(config))}
    changes = DEFAULTS_OF_SAMPLED | {"out": f"results/{config.design}"}
    with read_write(config):
        config.hydra.sweeper.params = None
        for key, value in changes.items():
            if key not in typed_keys:
                OmegaConf.update(config, key, value)


def point_in(factors: Mapping[str, Any], cfg: DictConfig) -> Point:
    """Return the design point that a composed configuration describes.

    Raises:
        InputError: a wrong key or value
    """
    return point_of(str(cfg.scenario), cfg.get("timing"), overridden(cfg), factors, cfg.reference_facilitation)


def factors_in(cfg: DictConfig) -> tuple[Factor, ...]:
    """Return the factors of a sampled design; of those that `uncertain` or `all` mean, what is set stays as it is set.

    Raises:
        InputError: nothing is varied, a factor cannot be sampled, or a parameter is both sampled and set
    """
    vary = plain(cfg.vary)
    ranges, own = options_by_factor(vary), overridden(cfg)
    if is_one_of(vary, (UNCERTAIN, ALL)):
        ranges = {name: None for name in ranges if name not in own}
    both = [name for name in ranges if name in own]
    if both:
        raise InputError(f"`{both[0]}` cannot be sampled and set as well: leave it out of `vary`, or do not set it")
    if not ranges:
        raise InputError(
            "a sampled design needs at least one parameter to vary: `vary=uncertain` or `vary=[trust.ratio]`"
        )
    return tuple(factor_of(name, about) for name, about in ranges.items())


def sampling_in(cfg: DictConfig) -> Sampling:
    """Return the sampling that a configuration describes.

    Raises:
        InputError: as its kind does
    """
    if cfg.design != TABLE:
        return Sampling.of(cfg.design, factors_in(cfg), cfg.n)
    sampling, own = Sampling.of_table(cfg.points), overridden(cfg)
    both = [name for name in sampling.sample.values[0] if name in own]
    if both:
        raise InputError(f"`{both[0]}` is a column of {cfg.points} and cannot be set as well")
    return sampling


def sweep_options(cfg: DictConfig) -> SweepOptions:
    """Return the options of a sweep that a configuration describes.

    Raises:
        InputError: a wrong value
    """
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
