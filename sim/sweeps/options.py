"""Options of a sweep in a folder, checked when they are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

from sim.errors import InputError, shown, whole_number
from sim.runs.keep import table_names
from sim.runs.parallel import processes
from sim.runs.posterior import ParameterSets

MISSING, FAILED = "missing", "failed"
"""Values of `runs`: simulate every missing run, or only those of them that are recorded as failed."""


@dataclass(frozen=True)
class SweepOptions:
    """Options of a sweep, and what its manifest records of them.

    Args:
        seeds: number of seeds
        first_seed: first of the seeds
        block: number of seeds in a part
        reference_facilitation: facilitation whose dates the ministry also follows; None for no such runs
        sets: parameter sets, of which each seed has its own; empty for parameters at their values
        jobs: processes; None for all cores
        runs: `missing` or `failed`
        fail_fast: end at the first run that fails
        max_failures: number of failed runs at which the sweep ends; None for no limit
        overwrite: remove results of another model or of other inputs, instead of refusing them
        keep: names of the tables that are kept of each run
        command: command or call that makes the sweep
        arguments: words of that command that hold for a resumed sweep too; None if no command makes the sweep
        configuration: of the sweep, nested, as in its manifest

    Raises:
        InputError: a value is wrong
    """

    seeds: int = 100
    first_seed: int = 1
    block: int = 5
    reference_facilitation: float | None = None
    sets: ParameterSets = field(default=(), repr=False)
    jobs: int | None = None
    runs: str = MISSING
    fail_fast: bool = False
    max_failures: int | None = None
    overwrite: bool = False
    keep: tuple[str, ...] = ()
    command: str = ""
    arguments: tuple[str, ...] | None = None
    configuration: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check every value.

        Raises:
            InputError: a value is wrong
        """
        for key, least in (("seeds", 1), ("first_seed", 0), ("block", 1)):
            whole_number(f"`{key}`", getattr(self, key), least)
        processes(self.jobs)
        table_names(self.keep)
        if self.max_failures is not None:
            whole_number("`max_failures`", self.max_failures, 1)
        for key in ("fail_fast", "overwrite"):
            if not isinstance(getattr(self, key), bool):
                raise InputError(f"`{key}` must be true or false; got {shown(getattr(self, key))}")
        if self.runs not in (MISSING, FAILED):
            raise InputError(f"`runs` must be {MISSING} or {FAILED}; got {shown(self.runs)}")

    @property
    def last_seed(self) -> int:
        """Last seed of the sweep."""
        return self.first_seed + self.seeds - 1

    @property
    def failures_allowed(self) -> float:
        """Number of failed runs at which the sweep ends."""
        if self.fail_fast:
            return 1
        return inf if self.max_failures is None else self.max_failures
