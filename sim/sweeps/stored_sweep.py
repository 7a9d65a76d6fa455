"""Simulate the points of a design block by block of seeds, and keep every block as it is complete."""

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
from sim.runs.parallel import compile_apart, processes
from sim.runs.posterior import fingerprint, structures_of
from sim.runs.seed_runs import SeedResult
from sim.sweeps.options import FAILED, SweepOptions
from sim.sweeps.provenance import input_hashes, require_unchanged

GOES_ON = "what is complete is kept, and the same command goes on from it"

LABEL = "sweeping"
"""What the bar of a sweep says."""


@dataclass
class StoredSweep:
    """A design whose runs are kept in a store as they come.

    What the store keeps together is an entry: here the runs of one point. Entries have the numbers of their points.

    Args:
        options: of the sweep
        points: of the design
        store: where parts go
        progress: what a bar says; None for no bar
    """

    options: SweepOptions
    points: Sequence[Point]
    store: Store
    progress: str | None = LABEL
    failures: dict[int, list[dict[str, Any]]] = field(default_factory=dict)  # by number of the entry
    tried: set[tuple[int, int]] = field(default_factory=set)  # entry and seed
    spent: dict[str, float] = field(default_factory=lambda: {"run_seconds": 0.0, "runs": 0, "months": 0})

    # The design

    @cached_property
    def names(self) -> list[str]:
        """Identity of each entry: of its scenario, of its posterior, and of the dates it is also run with."""
        held = self.options.held
        mark = "" if held is None else f"h{held:g}".replace(".", "p")
        return [f"{name}{mark}" for name in self.point_names]

    @cached_property
    def point_names(self) -> list[str]:
        """Identity of each point: of its scenario and of its posterior."""
        return [identity(point.case) + fingerprint(self.options.sets, point.case) for point in self.points]

    @cached_property
    def runs_each(self) -> list[int]:
        """Runs of each entry at one seed."""
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
        """Runs of the whole design."""
        return sum(self.runs_each) * len(self.seeds)

    def check(self) -> None:
        """Check the design before anything runs.

        Raises:
            InputError: two points are the same runs
        """
        require_distinct(self.points, self.point_names)

    @property
    def title(self) -> str:
        """The design in a line: how many values each factor has, and how many runs that makes."""
        factors = {name: len({str(p.factors[name]) for p in self.points}) for name in self.points[0].factors}
        product = " x ".join(f"{name} {count}" for name, count in factors.items())
        dates = " x dates free and held" if sum(self.runs_each) > len(self.points) else ""
        size = f"{counted(len(self.points), 'point')}; x {counted(len(self.seeds), 'seed')}"
        return f"{product} = {size}{dates} = {counted(self.runs, 'run')}"

    # What is on disk

    def lacking(self) -> dict[int, list[int]]:
        """Numbers of the entries that each seed still lacks; of those that failed before, where only they are asked for."""
        incomplete = self.incomplete(self.trusted())
        return incomplete if self.options.only != FAILED else self.failed_before(incomplete)

    def incomplete(self, on_disk: Sequence[Mapping[int, int]]) -> dict[int, list[int]]:
        """Numbers of the entries of which a seed has fewer runs than there are to be.

        Args:
            on_disk: runs of each entry, by seed
        """
        wanted = list(zip(on_disk, self.runs_each, strict=True))
        every = {
            seed: [k for k, (by_seed, runs) in enumerate(wanted) if by_seed.get(seed, 0) < runs] for seed in self.seeds
        }
        return {seed: numbers for seed, numbers in every.items() if numbers}

    def failed_before(self, lacking: Mapping[int, list[int]]) -> dict[int, list[int]]:
        """Those entries and seeds that are on record as failed."""
        record = {(k, each["seed"]) for k, name in enumerate(self.names) for each in self.store.failures_of(name)}
        again = {seed: [k for k in numbers if (k, seed) in record] for seed, numbers in lacking.items()}
        return {seed: numbers for seed, numbers in again.items() if numbers}

    def trusted(self) -> list[dict[int, int]]:
        """Runs of each entry on disk, by seed; what cannot be trusted is removed, so that it is simulated again."""
        on_disk, torn = self.store.stored_runs(self.names)
        for path in torn:
            path.unlink(missing_ok=True)
        if torn:
            path, why = next(iter(torn.items()))
            others = f", and {len(torn) - 1:,} others are no better" if len(torn) > 1 else ""
            report(f"{path.name} {why}{others}; simulated again")
        return on_disk

    def progress_text(self) -> str:
        """How much of the design is on disk, in words."""
        on_disk = self.runs_in(self.store.stored_runs(self.names).runs)
        if not on_disk:
            return f"nothing was complete yet, as parts are kept by {self.grain}: the same command begins again"
        return f"{on_disk:,} of {counted(self.runs, 'run')} are kept, and the same command goes on from them"

    @property
    def grain(self) -> str:
        """What is kept together, in words."""
        return f"blocks of {counted(self.options.block, 'seed')} (`block`)"

    def runs_in(self, on_disk: Sequence[Mapping[int, int]]) -> int:
        """How many runs of the design there are, of those of each entry by seed."""
        return sum(count for by_seed in on_disk for seed, count in by_seed.items() if seed in self.seeds)

    # Its runs

    def run(self) -> None:
        """Simulate what the store does not have yet; keep each block of seeds as soon as it is complete."""
        lacking, ready = self.lacking(), defaultdict[tuple[int, int], list[SeedResult]](list)
        if lacking:
            compile_apart(self.points, list(lacking), self.jobs, self.progress)
        began = time.perf_counter()  # what is compiled once is no part of how long a sweep takes
        try:
            for result in self.simulated(lacking):
                block = next(b for b in self.blocks if b[0] <= result.seed <= b[1])
                ready[block].append(result)
                self.count(result, lacking)
                if len(ready[block]) == self.awaited(block, lacking):
                    self.keep(ready.pop(block))
                if self.failed >= self.options.failures_allowed:
                    report(f"stopped: {counted(self.failed, 'run')} failed; {GOES_ON}")
                    break
            for rest in ready.values():
                self.keep(rest)
        finally:
            wanted = {(number, seed) for seed, numbers in lacking.items() for number in numbers}
            self.close(time.perf_counter() - began, wanted - self.tried)

    @property
    def jobs(self) -> int:
        """Processes: as asked for, else all cores when the design runs together, else one a job of a launcher."""
        jobs = self.options.jobs
        return processes(jobs if jobs is not None or self.progress else 1)

    @property
    def tasks(self) -> int:
        """How many tasks there are for processes."""
        return len(self.seeds)

    @property
    def failed(self) -> int:
        """Runs that failed."""
        return sum(map(len, self.failures.values()))

    def simulated(self, lacking: Mapping[int, Sequence[int]]) -> Iterator[SeedResult]:
        """What is lacking, as it comes."""
        wanted = {seed: {k: self.points[k] for k in numbers} for seed, numbers in lacking.items()}
        return results(wanted, list(wanted), self.jobs, self.progress, sets=self.options.sets)

    def awaited(self, block: tuple[int, int], lacking: Mapping[int, Sequence[int]]) -> int:
        """How many results there are to be before some of a block of seeds are kept."""
        return sum(block[0] <= seed <= block[1] for seed in lacking)

    def entries_of(self, result: SeedResult, lacking: Mapping[int, Sequence[int]]) -> Sequence[int]:
        """Numbers of the entries that a result is of."""
        return lacking[result.seed]

    def entry_of(self, point: int) -> int:
        """Number of the entry that holds a point."""
        return point

    def count(self, result: SeedResult, lacking: Mapping[int, Sequence[int]]) -> None:
        """Add a result's time and failures to the whole."""
        self.spent["run_seconds"] += result.seconds
        self.spent["runs"] += result.complete
        self.spent["months"] += result.months
        for number, failures in result.failures.items():
            self.failures.setdefault(self.entry_of(number), []).extend(failures)
        self.tried.update((number, result.seed) for number in self.entries_of(result, lacking))

    def keep(self, block: Sequence[SeedResult]) -> None:
        """Write what some results have brought, a part for each entry; a point of which a run failed is left out."""
        numbered = [each for result in block for each in result.unbroken()]
        if not numbered:
            return
        rows = pd.DataFrame([row for _, row in numbered])  # of all, so that a column has one type in all parts
        entries = np.array([self.entry_of(number) for number, _ in numbered])
        for number in np.unique(entries):
            self.store.keep(self.names[number], rows[entries == number].sort_values(["dates", "seed"], kind="stable"))

    def close(self, wall: float, untried: set[tuple[int, int]]) -> None:
        """Write the failures entry by entry, those on record of what was not tried again too, and how long it took."""
        for number, name in enumerate(self.names):
            still = [each for each in self.store.failures_of(name) if (number, each["seed"]) in untried]
            self.store.record_failures(name, [*self.failures.get(number, []), *still])
        if self.spent["runs"] and self.progress:
            log = self.spent | {"wall_seconds": wall, "jobs": min(self.jobs, self.tasks)}
            written(self.store.folder / "timing.json", json.dumps(log).encode())

    # What its folder says

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Command, configuration, design, and what its runs are made of."""
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
        """The design as the manifest has it: the identity and the factors of each point."""
        named = zip(self.names, self.points, strict=True)
        return {"design": [{"identity": name, "scenario": p.case.name, **p.factors} for name, p in named]}

    @property
    def made_of(self) -> dict[str, Any]:
        """What the runs are made of."""
        return input_hashes(self.points, self.options.sets)

    def describe(self) -> str:
        """Write the manifest.

        Returns:
            A sentence on what of another design was removed; empty where nothing was.

        Raises:
            InputError: what is here was made with another model or of other inputs
        """
        require_unchanged(self.store, self.manifest, self.options.afresh)
        outdated = self.store.outdated(self.manifest)
        for path in outdated:
            path.unlink()
        self.store.describe(self.manifest)
        if not outdated:
            return ""
        return (
            f"{self.store.folder} had another design or other seeds: its parts stay, and what fits is not simulated again; "
            f"{', '.join(path.name for path in outdated)} are removed"
        )


def report(sentence: str) -> None:
    """Tell the user, while a sweep runs, what does not end it."""
    sys.stderr.write(f"{sentence}\n")
