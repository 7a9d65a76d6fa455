"""Results of sweeps: runs, summary, and the folder of the runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from sim.analysis.clusters import PARAMETER_SET, STRUCTURE, with_clusters
from sim.analysis.doubling import Doubling, doubling_from
from sim.analysis.headline_table import headline_table
from sim.analysis.headlines import SAMPLE, headline_runs, policy_columns
from sim.errors import InputError
from sim.results.files import path_of
from sim.results.folder import require_kind
from sim.results.identity import environment
from sim.results.lock import lock_folder
from sim.results.store import Store
from sim.results.table_store import FolderTables
from sim.runs.ensemble import Ensemble, failures_of
from sim.runs.keep import MemoryTables
from sim.runs.posterior import structures_of
from sim.runs.seed_runs import SeedResult, tables_in
from sim.sweeps.plan import SweepPlan
from sim.sweeps.stored_design import report
from sim.sweeps.stored_sweep import StoredSweep
from sim.sweeps.summary import finish, summary_of, varied

if TYPE_CHECKING:
    from sim.figures.sweep_plots import SweepPlots

FILES = ("table.parquet", "summary.txt", "page.*", "appendix.*", "manifest.json")
"""Files of a sweep in its folder, besides parts and failures."""


@dataclass(frozen=True)
class PointNumbers:
    """Numbers of the design points of rows and failures.

    Args:
        rows: shape (rows,)
        failures: shape (failures,)
    """

    rows: np.ndarray
    failures: np.ndarray


@dataclass(frozen=True, repr=False)
class Sweep(Ensemble):
    """Runs of a sweep.

    Args:
        frame: a row a run, sorted by scenario, factors, dates and seed
        failures: runs that failed
        record: command or call that made it, `configuration`, `sampling` and `environment`; of a sweep in a folder, its
            manifest
        plan: of the sweep, if it can be saved; None for a sweep that is in a folder
        numbers: of the points, if the sweep can be saved
    """

    plan: SweepPlan | None = None
    numbers: PointNumbers | None = None

    def summary(self, doubling: Doubling | Mapping[str, Any] | None = None) -> str:
        """Return the headline outcomes as text, as the program prints them.

        Args:
            doubling: what counts as doubling; None for what the sweep was made with

        Raises:
            InputError: a base, factor, measure or year is wrong, or there is no complete run
        """
        goal = self._doubling if doubling is None else doubling_from(doubling)
        if not len(self.frame):
            raise InputError("the sweep has no complete run to summarise; `failures` has the reasons")
        return summary_of(self.frame, goal, self.record)

    @property
    def headline_frame(self) -> pd.DataFrame:
        """The runs with the ministry free, with the column `doubled` if it is known for all."""
        return headline_runs(self.frame, self._doubling)

    @cached_property
    def headlines(self) -> pd.DataFrame:
        """Headline outcomes, a row for each point and outcome: unit, runs, median and middle 90% of runs.

        The points of a sampled design are its policies.
        """
        runs = self.headline_frame
        if SAMPLE in runs:
            return headline_table(runs, policy_columns(runs) or ["scenario"])
        return headline_table(runs, varied(self.frame) or ["scenario"])

    @cached_property
    def plot(self) -> SweepPlots:
        """Figures of the sweep: heat_map(), response_curve(), fan(), fit()."""
        from sim.figures.sweep_plots import SweepPlots

        return SweepPlots(self)

    @property
    def _doubling(self) -> Doubling:
        return doubling_from(self.record.get("configuration", {}).get("doubling"))

    def save(self, folder: str | Path) -> list[Path]:
        """Write the sweep to a folder in the same form as `out` and the program.

        Args:
            folder: its path; runs of the same points and seeds in it are replaced

        Returns:
            The files, without parts and failures.

        Raises:
            InputError: the sweep is in a folder, its seeds are not consecutive, or the folder cannot be used
        """
        if self.plan is None or self.numbers is None:
            raise InputError("this sweep is in a folder by now; only a sweep that was made without `out` can be saved")
        seeds = set(self.frame["seed"]) | {failure["seed"] for failure in self.failures}
        stored = self.plan.at(folder, progress=False)
        if seeds != set(stored.seeds):
            raise InputError("only a sweep with consecutive seeds can be saved; sweep with `seeds` as a number")
        with locked(stored):
            _write_parts(stored, self.frame, self.failures, self.numbers)
            if isinstance(self.source, MemoryTables):
                _write_tables(stored, self.source, self.failures, self.numbers)
            finish(stored.store, self._doubling, stored.options.reference_facilitation)
        return sorted(path for name in FILES for path in stored.store.folder.glob(name))

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Return the sweep in a folder, with the runs that are complete so far.

        Args:
            folder: of `out`, `save` or the program

        Raises:
            InputError: the folder holds no sweep, or no complete run
        """
        store = Store(path_of(folder))
        manifest = store.manifest()
        return cls(store.collect(), tuple(store.failures()), manifest, source=FolderTables(store.folder, manifest))

    def _repr_html_(self) -> str:
        """Return the summary, for notebooks."""
        return f"<pre>{escape(self.summary() if len(self.frame) else repr(self))}</pre>"


def in_memory(results: Sequence[SeedResult], plan: SweepPlan) -> Sweep:
    """Return results as a sweep, with the frame in the order of a sweep's table.

    Args:
        results: of the seeds
        plan: of the sweep

    Raises:
        InputError: every run failed
    """
    failures = failures_of(results)
    rows = [(number, row) for each in results for number in sorted(each.rows) for row in each.rows[number]]
    frame, numbers = pd.DataFrame([row for _, row in rows]), np.array([number for number, _ in rows], dtype=int)
    if len(frame):
        columns = list(frame.columns)
        frame = frame.sort_values(columns[: columns.index("seed") + 1])
        frame, numbers = frame.reset_index(drop=True), numbers[frame.index]
    failed = [number for each in results for number in sorted(each.failures) for _ in each.failures[number]]
    record = {
        "command": plan.options.command,
        "configuration": plan.options.configuration,
        **({} if plan.sampling is None else {"sampling": plan.sampling.record}),
        "environment": environment(),
    }
    about = PointNumbers(numbers, np.array(failed, dtype=int))
    return Sweep(
        with_clusters(frame, len(plan.options.sets), structures_of(plan.options.sets)), failures, record, plan, about,
        source=tables_in(results, plan.options.keep),
    )  # fmt: skip


def in_folder(stored: StoredSweep) -> Sweep:
    """Simulate the runs that a folder does not have yet, and return the whole sweep.

    Args:
        stored: the sweep in its folder

    Raises:
        InputError: the folder holds other results, another program works in it, or every run failed
    """
    doubling = doubling_from(stored.options.configuration.get("doubling"))
    with locked(stored):
        stored.run()
        finished = finish(stored.store, doubling, stored.options.reference_facilitation)
    if not len(finished.table):
        last = str(finished.failures[0]["traceback"]).strip().splitlines()[-1]
        raise InputError(f"every run failed; the first failure is: {last.removeprefix('sim.errors.InputError: ')}")
    manifest = stored.store.manifest()
    source = FolderTables(stored.store.folder, manifest)
    return Sweep(finished.table, tuple(finished.failures), manifest, source=source)


@contextmanager
def locked(stored: StoredSweep) -> Iterator[None]:
    """Write the manifest of a sweep, and lock its folder until the end of the `with` block.

    Args:
        stored: the sweep in its folder

    Raises:
        InputError: the folder cannot be written, holds other results, or another program works in it
    """
    store = Store.at(require_kind(stored.store.folder, "sweep"))
    with lock_folder(store.folder):
        removed = stored.describe()
        if removed:
            report(removed)
        yield


def _write_parts(
    stored: StoredSweep, frame: pd.DataFrame, failures: Sequence[Mapping[str, Any]], points: PointNumbers
) -> None:
    """Write the parts and the failures of a sweep from its frame."""
    failed = {(number, each["seed"]) for number, each in zip(points.failures, failures, strict=True)}
    order = np.argsort(points.rows, kind="stable")
    rows, numbers = frame.drop(columns=[STRUCTURE, PARAMETER_SET], errors="ignore").iloc[order], points.rows[order]
    complete = np.array([pair not in failed for pair in zip(numbers, rows["seed"], strict=True)], dtype=bool)
    entries = np.array([stored.entry_of(number) for number in numbers])
    for first, last in stored.blocks:
        in_block = complete & rows["seed"].between(first, last).to_numpy()
        for entry in np.unique(entries[in_block]):
            part = rows[in_block & (entries == entry)].sort_values(["dates", "seed"], kind="stable")
            stored.store.keep(stored.names[entry], part)
    for number, name in enumerate(stored.names):
        numbered = zip(points.failures, failures, strict=True)
        stored.store.record_failures(name, [each for point, each in numbered if stored.entry_of(point) == number])


def _write_tables(
    stored: StoredSweep, tables: MemoryTables, failures: Sequence[Mapping[str, Any]], points: PointNumbers
) -> None:
    """Write the tables of a sweep in memory, without those of points of which a run failed."""
    failed = {(number, each["seed"]) for number, each in zip(points.failures, failures, strict=True)}
    complete = [(n, run) for n, run in tables.runs if (n, run.keys["seed"]) not in failed]
    for first, last in stored.blocks:
        stored.keep_tables((n, run) for n, run in complete if first <= run.keys["seed"] <= last)
