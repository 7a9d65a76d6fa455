"""The design of a sweep: its points are known before any of them runs, whatever launches them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.utils import JobReturn, JobStatus
from hydra.experimental.callback import Callback
from omegaconf import DictConfig, OmegaConf

from sim.sweeps.stored_sweep import StoredSweep

from ..command_line.arguments import overrides_of
from ..command_line.designs import prepare
from ..command_line.entry import exit_with_one_line

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
    lacking, count = sweep.incomplete(sweep.store.found(sweep.names).runs), 0
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
    """A job that was run with the others; its results are in the store."""
    job = JobReturn(overrides=list(overrides), status=JobStatus.COMPLETED)
    job.return_value = None
    return job


# The target is named here, since this package has another name in the wheel.
ConfigStore.instance().store(
    group="hydra/callbacks", name="sweep_design", node={"design": {"_target_": f"{__name__}.Design"}}
)

# Hydra takes launchers only from its own namespace package, which may lie in any folder on the path.
sys.path.append(str(Path(__file__).parent / "plugins"))
