"""Cached runs of design points with common random numbers: a run on disk is not simulated again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sim.design.points import Point
from sim.results.identity import identity
from sim.results.outcome_versions import outcome_versions, outdated_text
from sim.results.parts import rows_of
from sim.results.store import Store
from sim.runs.ensemble import results
from sim.runs.posterior import ParameterSets, fingerprint
from sim.runs.seed_runs import SeedResult, failures_in
from sim.sweeps.stored_design import report


@dataclass
class Evaluations:
    """Evaluations of decisions: runs of each with the same seeds, stored in a folder.

    Args:
        store: of the runs
        sets: parameter sets, of which each seed has its own
        jobs: processes; None for all cores
        simulated: number of runs that were simulated so far, without those on disk
        failures: runs that failed so far
    """

    store: Store
    sets: ParameterSets
    jobs: int | None
    simulated: int = 0
    failures: list[dict[str, Any]] = field(default_factory=list)

    def of(self, points: Sequence[Point], seeds: Sequence[int], label: str | None) -> pd.DataFrame:
        """Return the runs of some decisions, a row a run; `decision` is the place in the list; failed runs are missing.

        Args:
            points: decisions; the same one may be listed twice
            seeds: of the random draws, the same for all
            label: of the progress bar; None for no bar
        """
        names = [self.name(point) for point in points]
        first = dict(zip(reversed(names), range(len(names) - 1, -1, -1), strict=True))  # first place of each name
        stored = self.store.stored_runs(list(first))
        if stored.outdated and label is not None:
            report(f"{outdated_text(stored.outdated, stored.lacking)}; simulated again")
        on_disk = dict(zip(first, stored.runs, strict=True))
        missing = {seed: {k: points[k] for name, k in first.items() if seed not in on_disk[name]} for seed in seeds}
        wanted = {seed: numbered for seed, numbered in missing.items() if numbered}
        if wanted:
            new = list(results(wanted, list(wanted), self.jobs, label, sets=self.sets))
            self.keep({number: name for name, number in first.items()}, new)
        return self.read(names, seeds)

    def name(self, point: Point) -> str:
        """Return the identity of a decision by its content."""
        return identity(point.scenario) + fingerprint(self.sets, point.scenario)

    def keep(self, names: Mapping[int, str], new: Sequence[SeedResult]) -> None:
        """Write new runs, a part for each decision, and new failures.

        Args:
            names: identity of each decision, by its number
            new: results with these numbers
        """
        self.simulated += sum(result.runs for result in new)
        self.failures += failures_in(new)
        rows = [numbered for result in new for numbered in result.unbroken()]
        frame, numbers = pd.DataFrame([row for _, row in rows]), np.array([number for number, _ in rows], dtype=int)
        for number in np.unique(numbers).tolist():
            self.store.keep(names[number], frame[numbers == number].sort_values("seed", kind="stable"))
        for number, name in names.items():
            failed = [each for result in new for each in result.failures.get(number, [])]
            if failed:
                self.store.record_failures(name, failed)

    def read(self, names: Sequence[str], seeds: Sequence[int]) -> pd.DataFrame:
        """Return the runs of decisions with some seeds from disk."""
        parts, frames, outcomes = self.store.parts(), [], outcome_versions()
        for place, name in enumerate(names):
            tables = [rows for path in parts.get(name, []) if len(rows := rows_of(path, outcomes))]
            if tables:
                rows = pd.concat(tables, ignore_index=True).drop_duplicates("seed")
                frames.append(rows[rows["seed"].isin(seeds)].assign(decision=place))
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame({"seed": [], "decision": []})
