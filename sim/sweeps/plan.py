"""A sweep that is planned, to be run in memory or in a folder."""

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
from sim.runs.sampled_runs import explored
from sim.runs.seed_runs import SeedResult
from sim.sweeps.options import SweepOptions
from sim.sweeps.sampled_sweep import SampledSweep, Sampling
from sim.sweeps.stored_sweep import LABEL, StoredSweep


@dataclass(frozen=True)
class SweepPlan:
    """A sweep before it is run.

    Args:
        options: of the sweep; its seeds are those of a folder
        points: of a grid, or the policies of a sampled design
        sampling: what is sampled; None for a grid
    """

    options: SweepOptions
    points: Sequence[Point]
    sampling: Sampling | None = None

    def results(
        self, seeds: Sequence[int], jobs: int, progress: bool, kinds: dict[str, type[Organisation]] | None
    ) -> Iterator[SeedResult]:
        """Simulate the sweep in memory, and yield its results as they come.

        Raises:
            InputError: values of a sample that no scenario can have together, or classes that cannot decide
        """
        label, sets = LABEL if progress else None, self.options.sets
        if self.sampling is None:
            yield from results(self.points, seeds, jobs, label, kinds, sets)
            return
        parts = chunks(self.sampling.sample, self.points)
        yield from explored([(part, seed) for seed in seeds for part in parts], jobs, label, kinds, sets)

    def at(self, folder: str | Path, progress: bool = True) -> StoredSweep:
        """Return the sweep in a folder, with every point checked and nothing written.

        Raises:
            InputError: two points are the same runs, a value may not be, or the folder has no name that can be used
        """
        store, label = Store(path_of(folder)), LABEL if progress else None
        stored = (
            StoredSweep(self.options, self.points, store, label)
            if self.sampling is None
            else SampledSweep(self.options, self.points, store, label, sampling=self.sampling)
        )
        stored.check()
        return stored
