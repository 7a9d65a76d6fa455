"""Sweeps in a folder: points are simulated in blocks of seeds, and each block is stored when it is complete."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import counted
from sim.results.files import written
from sim.results.outcome_versions import outcome_versions
from sim.runs.ensemble import results
from sim.runs.interrupts import undisturbed
from sim.runs.keep import EncodedRun, joined
from sim.runs.parallel import compile_first, processes
from sim.runs.posterior import structures_of
from sim.runs.seed_runs import SeedResult
from sim.sweeps.provenance import require_unchanged
from sim.sweeps.stored_design import StoredDesign, report

RESUMES = "complete runs are stored, and the same command resumes the sweep"


@dataclass
class StoredSweep(StoredDesign):
    """Design whose runs are simulated and stored in a folder as they end.

    Args:
        failures: runs that failed, by number of the entry
        tried: numbers of the entry and of the seed of each run that was simulated
        spent: seconds, runs and months that were simulated
        compile_seconds: time of compiling before the runs [s]
    """

    failures: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    tried: set[tuple[int, int]] = field(default_factory=set)
    spent: dict[str, float] = field(default_factory=lambda: {"run_seconds": 0.0, "runs": 0, "months": 0})
    compile_seconds: float = 0.0

    def run(self) -> None:
        """Simulate the missing runs, and store each block of seeds as soon as it is complete.

        A sweep that is interrupted, or loses a worker, stores the seeds that have ended, whatever their block lacks.

        Raises:
            InputError: a file cannot be written; the sentence has the number of runs that are stored
        """
        with self.progress_in_errors():
            self._run()

    def _run(self) -> None:
        lacking, ready = self.lacking(), defaultdict[tuple[int, int], list[SeedResult]](list)
        began = time.perf_counter()
        if lacking:
            compile_first(self.progress is not None)
        self.compile_seconds, began = time.perf_counter() - began, time.perf_counter()
        try:
            for result in self.simulated(lacking):
                block = next(b for b in self.blocks if b[0] <= result.seed <= b[1])
                ready[block].append(result)
                self.count(result, lacking)
                if len(ready[block]) == self.awaited(block, lacking):
                    with undisturbed():
                        self.keep(ready.pop(block))
                if self.failed >= self.options.failures_allowed:
                    report(f"stopped: {counted(self.failed, 'run')} failed; {RESUMES}")
                    break
            self.keep_all(ready)
        except (KeyboardInterrupt, BrokenExecutor):
            self.keep_all(ready)
            raise
        finally:
            wanted = {(number, seed) for seed, numbers in lacking.items() for number in numbers}
            self.close(time.perf_counter() - began, wanted - self.tried)

    @property
    def jobs(self) -> int:
        """Number of processes: as the user gave it, or all cores, or all workers of the engine."""
        return processes(self.options.jobs)

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
        return results(wanted, list(wanted), self.jobs, self.progress, sets=self.options.sets, keep=self.options.keep)

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

    def keep_all(self, ready: dict[tuple[int, int], list[SeedResult]]) -> None:
        """Write the runs of blocks that are not complete; the list of them is empty afterwards.

        Args:
            ready: results of the seeds of each block
        """
        while ready:
            self.keep(ready.popitem()[1])

    def keep(self, block: Sequence[SeedResult]) -> None:
        """Write the runs of a block, a part for each entry, without points of which a run failed.

        Args:
            block: results of its seeds
        """
        numbered = [each for result in block for each in result.unbroken()]
        if not numbered:
            return
        rows = pd.DataFrame(
            [row for _, row in numbered]
        )  # all rows together, so that a column has one type in all parts
        entries = np.array([self.entry_of(number) for number, _ in numbered])
        for number in np.unique(entries):
            self.store.keep(self.names[number], rows[entries == number].sort_values(["dates", "seed"], kind="stable"))
        self.keep_tables([each for result in block for each in result.unbroken_tables()])

    def keep_tables(self, numbered: Iterable[tuple[int, EncodedRun]]) -> None:
        """Write the tables of the runs of a block, a file for each entry and table.

        Args:
            numbered: tables of each run, with the number of its point
        """
        by_entry = defaultdict[int, list[EncodedRun]](list)
        for number, run in numbered:
            by_entry[self.entry_of(number)].append(run)
        for entry, runs in by_entry.items():
            seeds = Counter(int(run.keys["seed"]) for run in runs)
            tables = {name: joined(runs, name, self.sampled_keys) for name in self.options.keep}
            self.tables.keep(self.names[entry], tables, seeds)

    @property
    def sampled_keys(self) -> set[str]:
        """Factors that the kept tables do not have; of a grid they have all."""
        return set()

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
            times = {"compile_seconds": self.compile_seconds, "wall_seconds": wall}
            log = self.spent | times | {"jobs": min(self.jobs, self.tasks)}
            written(self.store.folder / "timing.json", json.dumps(log).encode())

    # Its manifest

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Command, configuration, design and inputs of the sweep."""
        arguments = self.options.arguments
        return {
            "command": self.options.command,
            **({} if arguments is None else {"arguments": list(arguments)}),
            "configuration": self.options.configuration,
            **self.designed,
            "runs": self.runs,
            "seeds": [self.seeds[0], self.seeds[-1]],
            **({"keep": list(self.options.keep)} if self.options.keep else {}),
            "outcomes": outcome_versions(),
            "made_of": self.made_of,
            **({"parameter_sets": len(self.options.sets)} if self.options.sets else {}),
            **({"structures": list(structures_of(self.options.sets))} if structures_of(self.options.sets) else {}),
        }

    def describe(self) -> str:
        """Write the manifest.

        Returns:
            A sentence on the files of another design and what became of them; empty if there were none.

        Raises:
            InputError: the folder holds results of another model or of other inputs
        """
        require_unchanged(self.store, self.manifest, self.options.overwrite)
        outdated, place = self.store.set_aside(self.manifest)
        self.tables.arrange(self.names)
        self.store.describe(self.manifest)
        if not outdated:
            return ""
        names = ", ".join(path.name for path in outdated)
        verb = "is" if len(outdated) == 1 else "are"
        became = "made anew" if place is None else f"now in {place}"
        return f"{self.store.folder} had another design or other seeds: runs that fit are used again; {names} {verb} {became}"
