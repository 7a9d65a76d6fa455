"""Sweeps in a folder: points are simulated in blocks of seeds, and each block is stored when it is complete."""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.design.points import Point, require_distinct
from sim.errors import counted
from sim.results.files import written
from sim.results.identity import identity
from sim.results.store import Store
from sim.runs.ensemble import results
from sim.runs.parallel import compile_first, processes
from sim.runs.posterior import fingerprint, structures_of
from sim.runs.seed_runs import SeedResult
from sim.sweeps.options import FAILED, SweepOptions
from sim.sweeps.provenance import input_hashes, require_unchanged

RESUMES = "complete runs are stored, and the same command resumes the sweep"

LABEL = "sweeping"
"""Label of the progress bar of a sweep."""


@dataclass
class StoredSweep:
    """Design whose runs are stored in a folder as they end.

    An entry is what the store keeps together: here the runs of one point. Entries have the numbers of their points.

    Args:
        options: of the sweep
        points: of the design
        store: of the parts
        progress: label of the progress bar; None for no bar
        failures: runs that failed, by number of the entry
        tried: numbers of the entry and of the seed of each run that was simulated
        spent: seconds, runs and months that were simulated
    """

    options: SweepOptions
    points: Sequence[Point]
    store: Store
    progress: str | None = LABEL
    failures: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    tried: set[tuple[int, int]] = field(default_factory=set)
    spent: dict[str, float] = field(default_factory=lambda: {"run_seconds": 0.0, "runs": 0, "months": 0})

    # The design

    @cached_property
    def names(self) -> list[str]:
        """Identity of each entry: that of its scenario, its posterior, and the dates it is also run with."""
        held = self.options.held
        mark = "" if held is None else f"h{held:g}".replace(".", "p")
        return [f"{name}{mark}" for name in self.point_names]

    @cached_property
    def point_names(self) -> list[str]:
        """Identity of each point: that of its scenario and its posterior."""
        return [identity(point.case) + fingerprint(self.options.sets, point.case) for point in self.points]

    @cached_property
    def runs_each(self) -> list[int]:
        """Number of runs of each entry at one seed."""
        return [point.runs for point in self.points]

    @cached_property
    def blocks(self) -> list[tuple[int, int]]:
        """Blocks of seeds, first and last."""
        size, last = self.options.block, self.options.last_seed
        return [(first, min(first + size - 1, last)) for first in range(self.seeds[0], last + 1, size)]

    @property
    def seeds(self) -> range:
        """Seeds of every point."""
        return range(self.options.first_seed, self.options.last_seed + 1)

    @property
    def runs(self) -> int:
        """Number of runs of the whole design."""
        return sum(self.runs_each) * len(self.seeds)

    def check(self) -> None:
        """Check the design before anything runs.

        Raises:
            InputError: two points are the same runs
        """
        require_distinct(self.points, self.point_names)

    @property
    def title(self) -> str:
        """Design in a line of text: number of values of each factor, and number of runs."""
        factors = {name: len({str(p.factors[name]) for p in self.points}) for name in self.points[0].factors}
        product = " x ".join(f"{name} {count}" for name, count in factors.items())
        dates = " x dates free and held" if sum(self.runs_each) > len(self.points) else ""
        size = f"{counted(len(self.points), 'point')}; x {counted(len(self.seeds), 'seed')}"
        return f"{product} = {size}{dates} = {counted(self.runs, 'run')}"

    # What is on disk

    def lacking(self) -> dict[int, list[int]]:
        """Return the numbers of the missing entries by seed; with `only=failed`, those that failed before."""
        incomplete = self.incomplete(self.trusted())
        return incomplete if self.options.only != FAILED else self.failed_before(incomplete)

    def incomplete(self, on_disk: Sequence[Mapping[int, int]]) -> dict[int, list[int]]:
        """Return the numbers of the entries of which a seed lacks runs, by seed.

        Args:
            on_disk: number of runs of each entry, by seed
        """
        entries = list(zip(on_disk, self.runs_each, strict=True))
        missing = {
            seed: [k for k, (by_seed, runs) in enumerate(entries) if by_seed.get(seed, 0) < runs] for seed in self.seeds
        }
        return {seed: numbers for seed, numbers in missing.items() if numbers}

    def failed_before(self, lacking: Mapping[int, list[int]]) -> dict[int, list[int]]:
        """Return the missing entries that are recorded as failed, by seed.

        Args:
            lacking: numbers of the missing entries, by seed
        """
        record = {(k, each["seed"]) for k, name in enumerate(self.names) for each in self.store.failures_of(name)}
        again = {seed: [k for k in numbers if (k, seed) in record] for seed, numbers in lacking.items()}
        return {seed: numbers for seed, numbers in again.items() if numbers}

    def trusted(self) -> list[dict[int, int]]:
        """Return the number of runs of each entry on disk, by seed; broken parts are removed, to be simulated again."""
        on_disk, broken = self.store.stored_runs(self.names)
        for path in broken:
            path.unlink(missing_ok=True)
        if broken:
            path, reason = next(iter(broken.items()))
            others = f", and {len(broken) - 1:,} others are broken too" if len(broken) > 1 else ""
            report(f"{path.name} {reason}{others}; simulated again")
        return on_disk

    def progress_text(self) -> str:
        """Return in words how much of the design is on disk."""
        on_disk = self.runs_in(self.store.stored_runs(self.names).runs)
        if not on_disk:
            return f"no run was stored yet, since runs are stored in {self.grain}; the same command begins again"
        return f"{on_disk:,} of {counted(self.runs, 'run')} are stored, and the same command resumes the sweep"

    @property
    def grain(self) -> str:
        """Unit in which runs are stored, in words."""
        return f"blocks of {counted(self.options.block, 'seed')} (`block`)"

    def runs_in(self, on_disk: Sequence[Mapping[int, int]]) -> int:
        """Return the number of runs of the design on disk.

        Args:
            on_disk: number of runs of each entry, by seed
        """
        return sum(count for by_seed in on_disk for seed, count in by_seed.items() if seed in self.seeds)

    # Its runs

    def run(self) -> None:
        """Simulate the missing runs, and store each block of seeds as soon as it is complete."""
        lacking, ready = self.lacking(), defaultdict[tuple[int, int], list[SeedResult]](list)
        if lacking:
            compile_first(self.points, list(lacking), self.jobs, self.progress)
        began = time.perf_counter()  # the time of compilation is not counted
        try:
            for result in self.simulated(lacking):
                block = next(b for b in self.blocks if b[0] <= result.seed <= b[1])
                ready[block].append(result)
                self.count(result, lacking)
                if len(ready[block]) == self.awaited(block, lacking):
                    self.keep(ready.pop(block))
                if self.failed >= self.options.failures_allowed:
                    report(f"stopped: {counted(self.failed, 'run')} failed; {RESUMES}")
                    break
            for rest in ready.values():
                self.keep(rest)
        finally:
            wanted = {(number, seed) for seed, numbers in lacking.items() for number in numbers}
            self.close(time.perf_counter() - began, wanted - self.tried)

    @property
    def jobs(self) -> int:
        """Number of processes: as the user gave it, or all cores, or one in a job of a launcher."""
        jobs = self.options.jobs
        return processes(jobs if jobs is not None or self.progress else 1)

    @property
    def tasks(self) -> int:
        """Number of tasks for processes."""
        return len(self.seeds)

    @property
    def failed(self) -> int:
        """Number of runs that failed."""
        return sum(map(len, self.failures.values()))

    def simulated(self, lacking: Mapping[int, Sequence[int]]) -> Iterator[SeedResult]:
        """Simulate the missing entries, and yield the results in the order in which they end.

        Args:
            lacking: numbers of the entries, by seed
        """
        wanted = {seed: {k: self.points[k] for k in numbers} for seed, numbers in lacking.items()}
        return results(wanted, list(wanted), self.jobs, self.progress, sets=self.options.sets)

    def awaited(self, block: tuple[int, int], lacking: Mapping[int, Sequence[int]]) -> int:
        """Return the number of results after which a block of seeds is complete.

        Args:
            block: first and last seed
            lacking: numbers of the missing entries, by seed
        """
        return sum(block[0] <= seed <= block[1] for seed in lacking)

    def entries_of(self, result: SeedResult, lacking: Mapping[int, Sequence[int]]) -> Sequence[int]:
        """Return the numbers of the entries of a result.

        Args:
            result: of a seed
            lacking: numbers of the missing entries, by seed
        """
        return lacking[result.seed]

    def entry_of(self, point: int) -> int:
        """Return the number of the entry that holds a point."""
        return point

    def count(self, result: SeedResult, lacking: Mapping[int, Sequence[int]]) -> None:
        """Add the time and the failures of a result to those of the sweep.

        Args:
            result: of a seed
            lacking: numbers of the missing entries, by seed
        """
        self.spent["run_seconds"] += result.seconds
        self.spent["runs"] += result.complete
        self.spent["months"] += result.months
        for number, failures in result.failures.items():
            self.failures.setdefault(self.entry_of(number), []).extend(failures)
        self.tried.update((number, result.seed) for number in self.entries_of(result, lacking))

    def keep(self, block: Sequence[SeedResult]) -> None:
        """Write the runs of a block, a part for each entry, without points of which a run failed.

        Args:
            block: results of its seeds
        """
        numbered = [each for result in block for each in result.unbroken()]
        if not numbered:
            return
        rows = pd.DataFrame([row for _, row in numbered])  # all rows together, so that a column has one type in all parts
        entries = np.array([self.entry_of(number) for number, _ in numbered])
        for number in np.unique(entries):
            self.store.keep(self.names[number], rows[entries == number].sort_values(["dates", "seed"], kind="stable"))

    def close(self, wall: float, untried: set[tuple[int, int]]) -> None:
        """Write the failures of each entry, including earlier ones that were not tried again, and the time of the sweep.

        Args:
            wall: time of the sweep [s]
            untried: numbers of entry and seed of the missing runs that were not simulated
        """
        for number, name in enumerate(self.names):
            still = [each for each in self.store.failures_of(name) if (number, each["seed"]) in untried]
            self.store.record_failures(name, [*self.failures.get(number, []), *still])
        if self.spent["runs"] and self.progress:
            log = self.spent | {"wall_seconds": wall, "jobs": min(self.jobs, self.tasks)}
            written(self.store.folder / "timing.json", json.dumps(log).encode())

    # What its folder says

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Command, configuration, design and inputs of the sweep."""
        arguments = self.options.arguments
        return {
            "command": self.options.command,
            **({} if arguments is None else {"arguments": list(arguments)}),
            "configuration": self.options.configuration,
            **self.designed,
            "seeds": [self.seeds[0], self.seeds[-1]],
            "made_of": self.made_of,
            **({"parameter_sets": len(self.options.sets)} if self.options.sets else {}),
            **({"structures": list(structures_of(self.options.sets))} if structures_of(self.options.sets) else {}),
        }

    @property
    def designed(self) -> dict[str, Any]:
        """Design in the form of the manifest: identity and factors of each point."""
        named = zip(self.names, self.points, strict=True)
        return {"design": [{"identity": name, "scenario": p.case.name, **p.factors} for name, p in named]}

    @property
    def made_of(self) -> dict[str, Any]:
        """Hashes of the inputs of the runs."""
        return input_hashes(self.points, self.options.sets)

    def describe(self) -> str:
        """Write the manifest.

        Returns:
            A sentence on the files of another design that were removed; empty if there were none.

        Raises:
            InputError: the folder holds results of another model or of other inputs
        """
        require_unchanged(self.store, self.manifest, self.options.afresh)
        outdated = self.store.outdated(self.manifest)
        for path in outdated:
            path.unlink()
        self.store.describe(self.manifest)
        if not outdated:
            return ""
        return (
            f"{self.store.folder} had another design or other seeds: runs that fit are used again; "
            f"{', '.join(path.name for path in outdated)} are removed"
        )


def report(sentence: str) -> None:
    """Write a sentence to the terminal while a sweep runs."""
    sys.stderr.write(f"{sentence}\n")
