"""Simulate the points of a design block by block of seeds, and keep every block as it is complete."""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Any

import pandas as pd
from omegaconf import DictConfig, OmegaConf

from sim.commands import command
from sim.results.files import written
from sim.results.identity import identity
from sim.results.store import Store
from sim.runs.ensemble import results
from sim.runs.parallel import compile_apart, processes
from sim.runs.posterior import ParameterSets, fingerprint
from sim.runs.seed_runs import Point, SeedResult
from sim.sweeps.failures import factors_at, texts, unbroken
from sim.sweeps.provenance import input_hashes, require_unchanged

from .command_line.arguments import typed
from .command_line.options import folder_of, integer, sets_of
from .points import held_of

FAILED = "failed"
"""What `only` says where nothing but runs that failed before is to be simulated."""

GOES_ON = "what is complete is kept, and the same command goes on from it"

OF_ONE_TIME = ("only", "afresh")
"""Keys of a command that are no part of the sweep it makes."""


@dataclass
class Sweep:
    """A design on its way into a store.

    Args:
        cfg: configuration shared by all points
        points: of the design
        store: where parts go
    """

    cfg: DictConfig
    points: Sequence[Point]
    store: Store
    progress: str | None = "sweeping"
    failures: list[dict[str, Any]] = field(default_factory=list)
    tried: set[tuple[int, int]] = field(default_factory=set)
    spent: dict[str, float] = field(default_factory=lambda: {"run_seconds": 0.0, "runs": 0, "months": 0})

    @cached_property
    def sets(self) -> ParameterSets:
        """Parameter sets of which each seed has its own."""
        return sets_of(self.cfg)

    @cached_property
    def names(self) -> list[str]:
        """Identity of each point: of its scenario, of its posterior, and of the dates it is also run with."""
        held = held_of(self.cfg)
        mark = "" if held is None else f"h{held:g}".replace(".", "p")
        return [identity(point.case) + fingerprint(self.sets, point.case) + mark for point in self.points]

    @property
    def jobs(self) -> int:
        """Processes: as configured, else all cores when the design runs together, else one a job of Hydra."""
        return processes(self.cfg.jobs if self.cfg.jobs is not None or self.progress else 1)

    def check(self) -> None:
        """Raises Mistake for what cannot be run; the points of a grid have been checked as they were made."""

    @cached_property
    def blocks(self) -> list[tuple[int, int]]:
        """Blocks of seeds, first and last."""
        first, size = integer(self.cfg, "first_seed"), integer(self.cfg, "block", 1)
        last = first + integer(self.cfg, "seeds", 1) - 1
        return [(begin, min(begin + size - 1, last)) for begin in range(first, last + 1, size)]

    @property
    def seeds(self) -> range:
        """Seeds of every point."""
        return range(self.blocks[0][0], self.blocks[-1][1] + 1)

    def lacking(self) -> dict[int, list[int]]:
        """Points, by their numbers, that each seed still lacks; of those that failed before where only they are asked."""
        found = self.incomplete(self.trusted())
        return found if self.cfg.only != FAILED else self.failed_before(found)

    def incomplete(self, there: Sequence[Mapping[int, int]]) -> dict[int, list[int]]:
        """Points, by their numbers, of which a seed has fewer runs than there are to be."""
        wanted = list(zip(there, self.runs_each, strict=True))
        found = {
            seed: [k for k, (known, runs) in enumerate(wanted) if known.get(seed, 0) < runs] for seed in self.seeds
        }
        return {seed: points for seed, points in found.items() if points}

    @cached_property
    def runs_each(self) -> list[int]:
        """Runs of each point at one seed."""
        return [1 + (point.reference is not None) for point in self.points]

    def failed_before(self, lacking: Mapping[int, list[int]]) -> dict[int, list[int]]:
        """What of that failed before, as is on record."""
        record = {(number, failure["seed"]) for failure in self.store.failures() for number in self.points_of(failure)}
        kept = {seed: [k for k in points if (k, seed) in record] for seed, points in lacking.items()}
        return {seed: points for seed, points in kept.items() if points}

    def points_of(self, failure: Mapping[str, Any]) -> list[int]:
        """The point that a failure on record is of, by its number; none of a point of somebody else."""
        said = texts(factors_at(failure))
        return [number for number, known in enumerate(self.written_points) if said <= known]

    @cached_property
    def written_points(self) -> list[set[tuple[str, str]]]:
        """What each point is called by, as a record of failures has it."""
        return [texts({"scenario": point.case.name, **point.factors}) for point in self.points]

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
                    self.keep(ready.pop(block), lacking)
                if len(self.failures) >= self.most_failures:
                    print(f"stopped: {len(self.failures)} runs failed; {GOES_ON}", file=sys.stderr)
                    break
            for rest in ready.values():
                self.keep(rest, lacking)
        finally:
            wanted = {(number, seed) for seed, points in lacking.items() for number in points}
            self.close(time.perf_counter() - began, wanted - self.tried)

    def simulated(self, lacking: Mapping[int, Sequence[int]]) -> Iterator[SeedResult]:
        """What is lacking, as it comes."""
        wanted = {seed: [self.points[k] for k in points] for seed, points in lacking.items()}
        return results(wanted, list(wanted), self.jobs, self.progress, sets=self.sets)

    def awaited(self, block: tuple[int, int], lacking: Mapping[int, Sequence[int]]) -> int:
        """How many results there are to be before some of a block of seeds are kept."""
        return sum(block[0] <= seed <= block[1] for seed in lacking)

    def numbers_in(self, result: SeedResult, lacking: Mapping[int, Sequence[int]]) -> Sequence[int]:
        """The points that a result is of, by their numbers."""
        return lacking[result.seed]

    @property
    def most_failures(self) -> float:
        """How many runs may fail before the sweep ends."""
        if self.cfg.fail_fast:
            return 1
        return inf if self.cfg.max_failures is None else integer(self.cfg, "max_failures", 1)

    def trusted(self) -> list[dict[int, int]]:
        """Runs of each point on disk, by seed; what cannot be trusted is removed, so that it is simulated again."""
        there, torn = self.store.found(self.names)
        for path in torn:
            path.unlink(missing_ok=True)
        if torn:
            path, why = next(iter(torn.items()))
            others = f", and {len(torn) - 1:,} others are no better" if len(torn) > 1 else ""
            print(f"{path.name} {why}{others}; simulated again", file=sys.stderr)
        return there

    def kept(self) -> str:
        """How much of the design is on disk, in words."""
        there = self.runs_in(self.store.found(self.names).runs)
        if not there:
            return f"nothing was complete yet: parts are kept by {self.grain}"
        return f"{there:,} of {self.runs:,} runs are kept, and the same command goes on from them"

    @property
    def grain(self) -> str:
        """What is kept together, in words."""
        return f"blocks of {self.cfg.block} seeds (`block`)"

    @property
    def runs(self) -> int:
        """Runs of the whole design."""
        return sum(self.runs_each) * len(self.seeds)

    def runs_in(self, there: Sequence[Mapping[int, int]]) -> int:
        """How many runs of the design there are, of those of each point by seed."""
        return sum(count for known in there for seed, count in known.items() if seed in self.seeds)

    def count(self, result: SeedResult, lacking: Mapping[int, Sequence[int]]) -> None:
        """Add a result's time and failures to the whole."""
        self.spent["run_seconds"] += result.seconds
        self.spent["runs"] += len(result.rows)
        self.spent["months"] += result.months
        self.failures += result.failures
        self.tried.update((number, result.seed) for number in self.numbers_in(result, lacking))

    def keep(self, block: Sequence[SeedResult], lacking: Mapping[int, Sequence[int]]) -> None:
        """Write what some results have brought, a part for each of their points."""
        rows = pd.DataFrame([row for result in block for row in unbroken(result)])
        for number in sorted({k for result in block for k in self.numbers_in(result, lacking)} if len(rows) else ()):
            mine = self.rows_of(number, rows)
            if len(mine):
                self.store.keep(self.names[number], mine.sort_values(["dates", "seed"], kind="stable"))

    def rows_of(self, number: int, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows of a point among those of several."""
        factors = self.points[number].factors.items()
        return rows[pd.concat([rows[factor] == value for factor, value in factors], axis=1).all(axis=1)]

    @property
    def told(self) -> str:
        """The design in a line: how many values each factor has, and how many runs that makes."""
        factors = {name: len({str(p.factors[name]) for p in self.points}) for name in self.points[0].factors}
        product = " x ".join(f"{name} {count}" for name, count in factors.items())
        dates = " x dates free and held" if sum(self.runs_each) > len(self.points) else ""
        return f"{product} = {len(self.points):,} points; x {len(self.seeds):,} seeds{dates} = {self.runs:,} runs"

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Command, configuration, design, and what its runs are made of."""
        keys = [key for key in self.cfg if key != "hydra"]
        arguments = [word for word in typed() if word.partition("=")[0] not in OF_ONE_TIME]
        return {
            "command": command("sweep", arguments),
            "arguments": arguments,
            "configuration": without_empty(OmegaConf.to_container(OmegaConf.masked_copy(self.cfg, keys))),
            **self.designed,
            "seeds": [self.seeds[0], self.seeds[-1]],
            "made_of": self.made_of,
            **({"parameter_sets": len(self.sets)} if self.sets else {}),
        }

    @property
    def made_of(self) -> dict[str, Any]:
        """What the runs are made of."""
        return input_hashes(self.points, self.sets)

    def describe(self) -> None:
        """Write the manifest. Raises Mistake where what is here was made with another model or of other inputs."""
        require_unchanged(self.store, self.manifest, self.cfg.afresh)
        outdated = self.store.outdated(self.manifest)
        for path in outdated:
            path.unlink()
        self.store.describe(self.manifest)
        if outdated:
            names = ", ".join(path.name for path in outdated)
            print(
                f"{self.store.folder} had another design or other seeds: its parts stay, and what fits is not simulated again; "
                f"{names} are removed"
            )

    @property
    def designed(self) -> dict[str, Any]:
        """The design as the manifest has it: the identity and the factors of each point."""
        named = zip(self.names, self.points, strict=True)
        return {"design": [{"identity": name, "scenario": p.case.name, **p.factors} for name, p in named]}

    @property
    def tasks(self) -> int:
        """How many tasks there are for processes."""
        return len(self.seeds)

    def close(self, wall: float, untried: set[tuple[int, int]]) -> None:
        """Write the failures point by point, those on record of what was not tried again too, and how long it took."""
        still = [f for f in self.store.failures() if any((k, f["seed"]) in untried for k in self.points_of(f))]
        of = defaultdict[int, list[dict[str, Any]]](list)
        for failure in (*self.failures, *still):
            for number in self.points_of(failure):
                of[number].append(failure)
        for number, name in enumerate(self.names):  # whatever launches a point, its record has the same name
            self.store.fail(of[number], [name])
        if self.spent["runs"]:
            log = self.spent | {"wall_seconds": wall, "jobs": min(self.jobs, self.tasks)}
            if self.progress:
                written(self.store.folder / "timing.json", json.dumps(log).encode())


def without_empty(config: Any) -> Any:
    """A nested configuration without the keys that say nothing."""
    if not isinstance(config, dict):
        return config
    kept = {key: without_empty(value) for key, value in config.items() if value is not None}
    return {key: value for key, value in kept.items() if value != {}}


def store_at(cfg: DictConfig) -> Store:
    """The store that a configuration names. Raises Mistake where it cannot be written."""
    return Store.at(folder_of(cfg))
