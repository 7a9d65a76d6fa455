"""Designs of sweeps in a folder: their points, identities and blocks of seeds, and the runs that are on disk."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.design.points import Point, require_distinct
from sim.errors import InputError, counted
from sim.results.files import WriteError
from sim.results.identity import identity
from sim.results.outcome_versions import outdated_text
from sim.results.parts import StoredRuns
from sim.results.store import Store
from sim.results.table_store import TableStore
from sim.runs.posterior import fingerprint
from sim.sweeps.options import FAILED, SweepOptions
from sim.sweeps.provenance import input_hashes

LABEL = "sweeping"
"""Label of the progress bar of a sweep."""


@dataclass
class StoredDesign:
    """Design whose runs are stored in a folder.

    An entry is what the store keeps together: here the runs of one point. Entries have the numbers of their points.

    Args:
        options: of the sweep
        points: of the design
        store: of the parts
        progress: label of the progress bar; None for no bar
    """

    options: SweepOptions
    points: Sequence[Point]
    store: Store
    progress: str | None = LABEL

    @cached_property
    def names(self) -> list[str]:
        """Identity of each entry: that of its scenario, its posterior, and the dates it is also run with."""
        reference = self.options.reference_facilitation
        mark = "" if reference is None else f"h{reference:g}".replace(".", "p")
        return [f"{name}{mark}" for name in self.point_names]

    @cached_property
    def point_names(self) -> list[str]:
        """Identity of each point: that of its scenario and its posterior."""
        return [identity(point.scenario) + fingerprint(self.options.sets, point.scenario) for point in self.points]

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
    def tables(self) -> TableStore:
        """Store of the tables that are kept of each run."""
        return TableStore(self.store.folder)

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

    # Runs on disk

    def lacking(self) -> dict[int, list[int]]:
        """Return the numbers of the missing entries by seed; with `runs=failed`, those that failed before."""
        incomplete = self.incomplete(self.trusted())
        return incomplete if self.options.runs != FAILED else self.failed_before(incomplete)

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
        stored = self.stored_runs()
        for path in stored.broken:
            path.unlink(missing_ok=True)
        if stored.broken:
            path, reason = next(iter(stored.broken.items()))
            others = f", and {len(stored.broken) - 1:,} others are broken too" if len(stored.broken) > 1 else ""
            report(f"{path.name} {reason}{others}; simulated again")
        if stored.outdated:
            report(
                f"{outdated_text(stored.outdated, stored.lacking)}; simulated again, since a stored run has no world"
            )
        if stored.without_tables:
            number = counted(stored.without_tables, "run")
            report(f"{number} on disk without a table of `keep`; simulated again, since a stored run has no world")
        self.tables.repair(self.names, self.options.keep)
        return stored.runs

    def stored_runs(self, names: Sequence[str] | None = None) -> StoredRuns:
        """Return the runs of entries on disk, those alone that have all outcomes and all tables that are kept.

        Args:
            names: identities of the entries; None for those of the design
        """
        names = self.names if names is None else names
        stored = self.store.stored_runs(names)
        if not self.options.keep:
            return stored
        with_tables, unreadable = self.tables.stored_runs(names, self.options.keep)
        runs = [
            {seed: min(count, others.get(seed, 0)) for seed, count in by_seed.items()}
            for by_seed, others in zip(stored.runs, with_tables, strict=True)
        ]
        broken = stored.broken | dict.fromkeys(unreadable, "cannot be read")
        without = self.runs_in(stored.runs) - self.runs_in(runs)
        return stored._replace(runs=runs, broken=broken, without_tables=without)

    def progress_text(self) -> str:
        """Return in words how much of the design is on disk."""
        on_disk = self.runs_in(self.stored_runs().runs)
        if not on_disk:
            return f"no run was stored yet, since {self.grain} had not ended; the same command begins again"
        return f"{on_disk:,} of {counted(self.runs, 'run')} are stored, and the same command resumes the sweep"

    @contextmanager
    def progress_in_errors(self) -> Iterator[None]:
        """Add to the error of a file that cannot be written how many runs are stored, and how to go on.

        Raises:
            InputError: a file cannot be written
        """
        try:
            yield
        except WriteError as error:
            on_disk = self.runs_in(self.stored_runs().runs)
            remedy = "make room" if error.full else "let it be written"
            raise InputError(
                f"{error}; {on_disk:,} of {counted(self.runs, 'run')} are stored; {remedy}, and the same command continues"
            ) from None

    @property
    def grain(self) -> str:
        """Smallest unit in which runs are stored, in words."""
        return f"the first seed with its {counted(sum(self.runs_each), 'run')}"

    def runs_in(self, on_disk: Sequence[Mapping[int, int]]) -> int:
        """Return the number of runs of the design on disk.

        Args:
            on_disk: number of runs of each entry, by seed
        """
        return sum(count for by_seed in on_disk for seed, count in by_seed.items() if seed in self.seeds)

    def entry_of(self, point: int) -> int:
        """Return the number of the entry that holds a point."""
        return point

    # Its record in the manifest

    @property
    def designed(self) -> dict[str, Any]:
        """Design in the form of the manifest: identity and factors of each point."""
        named = zip(self.names, self.points, strict=True)
        return {"design": [{"identity": name, "scenario": p.scenario.name, **p.factors} for name, p in named]}

    @property
    def made_of(self) -> dict[str, Any]:
        """Hashes of the inputs of the runs."""
        return input_hashes(self.points, self.options.sets)


def report(sentence: str) -> None:
    """Write a sentence to the terminal while a sweep runs."""
    sys.stderr.write(f"{sentence}\n")
