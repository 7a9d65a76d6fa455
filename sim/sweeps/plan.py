"""Plans of sweeps, to be run in memory or in a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.agents.organisation import Organisation
from sim.design.chunks import chunks
from sim.design.points import Point
from sim.results.files import path_of
from sim.results.store import Store
from sim.runs.ensemble import results
from sim.runs.sampled_runs import sampled_results
from sim.runs.seed_runs import SeedResult
from sim.sweeps.options import SweepOptions
from sim.sweeps.sampled_sweep import SampledSweep, Sampling
from sim.sweeps.stored_design import LABEL
from sim.sweeps.stored_sweep import StoredSweep


@dataclass(frozen=True)
class SweepPlan:
    """Plan of a sweep.

    Args:
        options: of the sweep; its seeds are those of a sweep in a folder
        points: of a grid, or the policies of a sampled design
        sampling: of the design; None for a grid
    """

    options: SweepOptions
    points: Sequence[Point]
    sampling: Sampling | None = None

    def results(
        self, seeds: Sequence[int], jobs: int, progress: bool, kinds: dict[str, type[Organisation]] | None
    ) -> Iterator[SeedResult]:
        """Simulate the sweep in memory, and yield the results in the order in which they end.

        Args:
            seeds: of the runs
            jobs: processes
            progress: show a bar
            kinds: classes that decide in place of the kinds' own, by name of the kind

        Raises:
            InputError: no scenario can have the values of a sample together, or a class cannot decide
        """
        label, sets, keep = LABEL if progress else None, self.options.sets, self.options.keep
        if self.sampling is None:
            yield from results(self.points, seeds, jobs, label, kinds, sets, keep=keep)
            return
        parts = chunks(self.sampling.sample, self.points)
        wanted = [(part, seed) for seed in seeds for part in parts]
        yield from sampled_results(wanted, jobs, label, kinds, sets, keep=keep)

    def at(self, folder: str | Path, progress: bool = True) -> StoredSweep:
        """Return the sweep in a folder after a check of every point; nothing is written.

        Args:
            folder: its path
            progress: show a bar

        Raises:
            InputError: two points are the same runs, a value is wrong, or the path cannot be used
        """
        store, label = Store(path_of(folder)), LABEL if progress else None
        stored = (
            StoredSweep(self.options, self.points, store, label)
            if self.sampling is None
            else SampledSweep(self.options, self.points, store, label, sampling=self.sampling)
        )
        stored.check()
        return stored
