"""A sampled sweep on trial: what part of it is not simulation, and what memory its processes hold."""

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
from sim.results.store import Store
from sim.runs.parallel import compile_first
from sim.sweeps.sampled_sweep import SampledSweep
from sim.sweeps.summary import overhead_of

from ..launchers.design import point_in, sampling_in, sweep_options
from .memory import MARKS, PARENT, WORKER, Watch, growth, workers_in

OTHERWISE = ("defaults", "hydra", "scenario", "timing", "setting", "jobs", "out")
"""What of the sweep's own configuration is said by Hydra or by the benchmark instead."""


@dataclass(frozen=True)
class Trial:
    """A sweep that was run, and thrown away.

    Args:
        log: runs, `run_seconds`, `wall_seconds` and `jobs`, as a sweep's timing.json has them
        samples: memory of every process along it, as `experiments.benchmarks.memory` gives it
        collecting: memory of the parent when it has made the table of it [MB]
    """

    log: Mapping[str, float]
    samples: pd.DataFrame
    collecting: float

    @property
    def runs(self) -> int:
        """Runs that were done."""
        return int(self.log["runs"])

    @property
    def overhead(self) -> float:
        """Part of the time of all its processes that was not simulation [share]."""
        return overhead_of(self.log)

    @property
    def growth(self) -> pd.DataFrame:
        """Memory at the tenth, the half and the end of the runs, and its slope, of the parent and of a worker."""
        return growth(self.samples)

    @property
    def replaced(self) -> int:
        """Workers that came in place of another."""
        return max(workers_in(self.samples) - int(self.log["jobs"]), 0)

    @property
    def told(self) -> str:
        """What memory did, in one line."""
        grown = self.growth
        who = [PARENT, *([WORKER] if WORKER in grown.index else [])]
        said = [f"{'a worker' if of == WORKER else of} {amounts(grown.loc[of])}" for of in who]
        many = f"{workers_in(self.samples):,} workers, {self.replaced or 'none'} of them in place of another"
        alone = "" if WORKER in grown.index else " (it simulates too: no workers)"
        return (
            f"memory over {self.runs:,} runs, at {', '.join(f'{mark:.0%}' for mark in MARKS)} of them: "
            f"{'; '.join(said)}{alone}; {many if not alone else 'one process'}; "
            f"parent with the table collected {self.collecting:.0f} MB"
        )


def amounts(row: pd.Series) -> str:
    """Memory at each mark and its slope, in words."""
    at = ", ".join(f"{row[str(mark)]:.1f}" for mark in MARKS)
    return f"{at} MB, {row['slope']:+.3f} ± {row['error']:.3f} MB per 1,000 runs"


def tried(cfg: DictConfig, runs: int, jobs: int, folder: Path, seed: int = 1) -> Trial:
    """Return a sampled sweep of so many runs by the sweep's own code, its parts in a folder that does not outlive it.

    Raises:
        InputError: a run of it fails, since then its times say nothing
    """
    with TemporaryDirectory(prefix=".sweep-", dir=folder) as room:
        sweep = sweep_of(cfg, runs, jobs, Path(room), seed)
        sweep.check()
        sweep.describe()
        compile_first(sweep.points, [seed], jobs, sweep.progress)  # before anybody looks at memory
        with Watch(lambda: sweep.spent["runs"]) as watch:
            sweep.run()
        if sweep.failures:
            first = next(iter(sweep.failures.values()))[0]
            why = str(first.get("traceback", "")).strip().rpartition("\n")[2]
            raise InputError(f"{sweep.failed:,} of {sweep.runs:,} runs of a sweep on trial failed: {why}")
        log = json.loads((sweep.store.folder / "timing.json").read_text(encoding="utf-8"))
        return Trial(log, watch.samples, collecting(sweep.store))


def collecting(store: Store) -> float:
    """Memory of this process while it holds the table of a sweep [MB]."""
    with Watch(lambda: 0) as watch:
        store.collect()
    return float(watch.samples.loc[watch.samples["process"] == PARENT, "memory"].max())


def sweep_of(cfg: DictConfig, runs: int, jobs: int, folder: Path, seed: int) -> SampledSweep:
    """Return a sweep of Latin hypercube samples over all uncertain parameters, at one seed, as its command would make it."""
    said: Any = OmegaConf.load(configs() / "experiment" / "sweep.yaml")
    own = OmegaConf.masked_copy(said, [key for key in said if key not in OTHERWISE])
    sampled = {"design": "lhs", "n": runs, "seeds": 1, "first_seed": seed, "reference_facilitation": None, "jobs": jobs}
    whole = OmegaConf.merge(own, cfg, sampled, {"out": escaped(str(folder))})
    assert isinstance(whole, DictConfig)
    return SampledSweep(sweep_options(whole), [point_in({}, whole)], Store.at(folder), sampling=sampling_in(whole))


def stop_workers() -> None:
    """End the processes that wait for more work, so that the next sweep has to start its own."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True, kill_workers=True)
