"""A trial sweep: the share of its time that is not simulation, and the memory of its processes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from omegaconf import DictConfig, OmegaConf

from sim.commands import escaped
from sim.configuration import configs
from sim.errors import InputError
from sim.jit.first_compilation import compile_with_bar
from sim.results.store import Store
from sim.sweeps.precision import overhead_of
from sim.sweeps.sampled_sweep import SampledSweep

from ..command_line.sweep_design import point_in, sampling_in, sweep_options
from .memory import MARKS, PARENT, WORKER, Watch, growth, worker_count

LEFT_OUT = ("defaults", "hydra", "scenario", "timing", "setting", "jobs", "out")
"""Keys of the sweep's configuration that Hydra or the benchmark set instead."""


@dataclass(frozen=True)
class Trial:
    """A sweep that was run for its timing and deleted.

    Args:
        log: runs, `run_seconds`, `wall_seconds` and `jobs`, as in the timing.json of a sweep
        samples: memory of every process, as `experiments.benchmarks.memory` returns it
        memory_with_table: memory of the parent after it built the table [MB]
    """

    log: Mapping[str, float]
    samples: pd.DataFrame
    memory_with_table: float

    @property
    def runs(self) -> int:
        """Number of finished runs."""
        return int(self.log["runs"])

    @property
    def overhead(self) -> float:
        """Share of the time of all processes that was not simulation [share]."""
        return overhead_of(self.log)

    @property
    def growth(self) -> pd.DataFrame:
        """Memory at a tenth, half and the end of the runs, and its slope, of the parent and of a worker."""
        return growth(self.samples)

    @property
    def replaced(self) -> int:
        """Number of workers that replaced another."""
        return max(worker_count(self.samples) - int(self.log["jobs"]), 0)

    @property
    def summary(self) -> str:
        """Memory in one line."""
        growth_rows = self.growth
        roles = [PARENT, *([WORKER] if WORKER in growth_rows.index else [])]
        texts = [f"{'a worker' if of == WORKER else of} {memory_text(growth_rows.loc[of])}" for of in roles]
        workers = f"{worker_count(self.samples):,} workers, {self.replaced or 'none'} of them replacements"
        note = "" if WORKER in growth_rows.index else " (it simulates too: no workers)"
        return (
            f"memory over {self.runs:,} runs, at {', '.join(f'{mark:.0%}' for mark in MARKS)} of them: "
            f"{'; '.join(texts)}{note}; {workers if not note else 'one process'}; "
            f"parent with the table collected {self.memory_with_table:.0f} MB"
        )


def memory_text(row: pd.Series) -> str:
    """Return memory at each mark and its slope, in words."""
    marks = ", ".join(f"{row[str(mark)]:.1f}" for mark in MARKS)
    return f"{marks} MB, {row['slope']:+.3f} ± {row['error']:.3f} MB per 1,000 runs"


def run_trial(cfg: DictConfig, runs: int, jobs: int, folder: Path, seed: int = 1) -> Trial:
    """Return a sampled sweep of so many runs by the sweep's own code; its folder is deleted afterwards.

    Raises:
        InputError: a run fails, which makes the times meaningless
    """
    with TemporaryDirectory(prefix=".sweep-", dir=folder) as place:
        sweep = sample_sweep(cfg, runs, jobs, Path(place), seed)
        sweep.check()
        sweep.describe()
        compile_with_bar(sweep.progress is not None)  # before memory is sampled
        with Watch(lambda: sweep.spent["runs"]) as watch:
            sweep.run()
        if sweep.failures:
            failure = next(iter(sweep.failures.values()))[0]
            reason = str(failure.get("traceback", "")).strip().rpartition("\n")[2]
            raise InputError(f"{sweep.failed:,} of {sweep.runs:,} runs of a trial sweep failed: {reason}")
        log = json.loads((sweep.store.folder / "timing.json").read_text(encoding="utf-8"))
        return Trial(log, watch.samples, memory_with_table(sweep.store))


def memory_with_table(store: Store) -> float:
    """Return the memory of this process with the table of a sweep loaded [MB]."""
    with Watch(lambda: 0) as watch:
        store.collect()
    return float(watch.samples.loc[watch.samples["process"] == PARENT, "memory"].max())


def sample_sweep(cfg: DictConfig, runs: int, jobs: int, folder: Path, seed: int) -> SampledSweep:
    """Return a sweep of Latin hypercube samples over all uncertain parameters, at one seed, as its command would make it."""
    options: Any = OmegaConf.load(configs() / "experiment" / "sweep.yaml")
    own_values = OmegaConf.masked_copy(options, [key for key in options if key not in LEFT_OUT])
    sampled = {"design": "lhs", "n": runs, "seeds": 1, "first_seed": seed, "reference_facilitation": None, "jobs": jobs}
    configuration = OmegaConf.merge(own_values, cfg, sampled, {"out": escaped(str(folder))})
    assert isinstance(configuration, DictConfig)
    return SampledSweep(
        sweep_options(configuration),
        [point_in({}, configuration)],
        Store.at(folder),
        sampling=sampling_in(configuration),
    )


def stop_workers() -> None:
    """End idle worker processes, so that the next sweep starts its own."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True, kill_workers=True)
