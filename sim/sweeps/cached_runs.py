"""Decisions evaluated with the same luck, and kept: what is on disk of a decision is not simulated again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sim.results.identity import identity
from sim.results.store import Store
from sim.runs.ensemble import results
from sim.runs.posterior import ParameterSets, fingerprint
from sim.runs.seed_runs import Point, SeedResult
from sim.sweeps.failures import unbroken


@dataclass
class Evaluations:
    """Runs of decisions, each with the same seeds.

    Args:
        store: where they are kept
        sets: parameter sets of which each seed has its own
        jobs: processes; None for all cores
    """

    store: Store
    sets: ParameterSets
    jobs: int | None
    simulated: int = 0  # runs, not those that were there
    failures: list[dict[str, Any]] = field(default_factory=list)

    def of(self, points: Sequence[Point], seeds: Sequence[int], doing: str | None) -> pd.DataFrame:
        """The runs of some decisions: a row a run, `decision` its place among them; failed runs are missing.

        Args:
            points: decisions; the same one may come twice
            seeds: of the luck, the same for all
            doing: what a bar says; None for no bar
        """
        names = [self.name(point) for point in points]
        first = dict(zip(reversed(names), reversed(points), strict=True))
        there = dict(zip(first, self.store.found(list(first)).runs, strict=True))
        lacking = {seed: [n for n in first if seed not in there[n]] for seed in seeds}
        wanted = {seed: [first[name] for name in missing] for seed, missing in lacking.items() if missing}
        if wanted:
            self.keep(first, list(results(wanted, list(wanted), self.jobs, doing, sets=self.sets)))
        return self.read(names, seeds)

    def name(self, point: Point) -> str:
        """A decision's identity by its content."""
        return identity(point.case) + fingerprint(self.sets, point.case)

    def keep(self, points: dict[str, Point], found: Sequence[SeedResult]) -> None:
        """Write what was simulated, a part for each decision, and what failed."""
        rows = pd.DataFrame([row for result in found for row in unbroken(result)])
        self.simulated += sum(len(result.rows) + len(result.failures) for result in found)
        failures = [failure for result in found for failure in result.failures]
        self.failures += failures
        for name, point in points.items():
            if len(rows):
                mine = rows[pd.concat([rows[key] == value for key, value in point.factors.items()], axis=1).all(axis=1)]
                if len(mine):
                    self.store.keep(name, mine.sort_values("seed", kind="stable"))
        if failures:
            self.store.fail(failures, list(points))

    def read(self, names: Sequence[str], seeds: Sequence[int]) -> pd.DataFrame:
        """The runs of decisions with some seeds, as they are on disk."""
        from sim.results.parts import rows_of

        parts, frames = self.store.parts(), []
        for place, name in enumerate(names):
            kept = [rows_of(path) for path in parts.get(name, [])]
            if kept:
                rows = pd.concat(kept, ignore_index=True).drop_duplicates("seed")
                frames.append(rows[rows["seed"].isin(seeds)].assign(decision=place))
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame({"seed": [], "decision": []})
