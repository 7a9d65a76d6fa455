"""Simulate the points of a design block by block of seeds, and keep every block as it is complete."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd
from omegaconf import DictConfig, OmegaConf

from experiments.starting import case_of, folder_of, sets_of, whole
from sim.declare import Mistake, problem_with
from sim.designs import Point, SeedResult
from sim.ensembles import compile_apart, processes, results
from sim.parameters import declared
from sim.posterior import ParameterSets, fingerprint
from sim.store import Store, identity, written


def point_of(factors: Mapping[str, Any], cfg: DictConfig) -> Point:
    """A design point: its factors, its scenario, and the scenario whose dates it is also run with."""
    case = case_of(cfg)
    held = held_of(cfg)
    reference = None if held is None else case.with_({"backbone.facilitation": held})
    own = {"backbone.facilitation": case.parameters["backbone.facilitation"], "timing": str(cfg.timing)}
    return Point(own | {k: v for k, v in factors.items() if k not in own}, case, reference)


def held_of(cfg: DictConfig) -> float | None:
    """The facilitation whose dates the ministry also follows, if any. Raises Mistake for what is no facilitation."""
    if cfg.held is None:
        return None
    problem = problem_with("held", cfg.held, *declared("backbone.facilitation"))
    if problem:
        raise Mistake(problem)
    return float(cfg.held)


def distinct(points: Sequence[Point], sets: ParameterSets = ()) -> Sequence[Point]:
    """The points. Raises Mistake where two of them are the same runs, whatever their factors are called."""
    first: dict[str, Point] = {}
    for point in points:
        known = first.setdefault(identity(point.case) + fingerprint(sets, point.case), point)
        if known is not point:
            one, other = (", ".join(f"{k}={v}" for k, v in p.factors.items()) for p in (known, point))
            raise Mistake(f"two points of the design are one and the same: {one}; and {other}")
    return points


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

    @cached_property
    def blocks(self) -> list[tuple[int, int]]:
        """Blocks of seeds, first and last."""
        first, size = whole(self.cfg, "first_seed"), whole(self.cfg, "block", 1)
        last = first + whole(self.cfg, "seeds", 1) - 1
        return [(begin, min(begin + size - 1, last)) for begin in range(first, last + 1, size)]

    def check(self) -> None:
        """Raises Mistake for what cannot be run; the points of a grid have been checked as they were made."""

    def run(self) -> None:
        """Simulate what the store does not have yet; keep each block of seeds as soon as it is complete."""
        missing = {b: [k for k, n in enumerate(self.names) if not self.store.has(n, *b)] for b in self.blocks}
        wanted = sorted({k for lacking in missing.values() for k in lacking})
        open_blocks = {b: list[SeedResult]() for b, lacking in missing.items() if lacking}
        seeds = [seed for first, last in open_blocks for seed in range(first, last + 1)]
        if seeds:
            compile_apart([self.points[k] for k in wanted], seeds, self.jobs, self.progress)
        began = time.perf_counter()  # what is compiled once is no part of how long a sweep takes
        try:
            for result in results([self.points[k] for k in wanted], seeds, self.jobs, self.progress, sets=self.sets):
                block = next(b for b in open_blocks if b[0] <= result.seed <= b[1])
                open_blocks[block].append(result)
                self.count(result)
                if len(open_blocks[block]) == block[1] - block[0] + 1:
                    self.keep(wanted, open_blocks.pop(block), block)
        finally:
            self.close(time.perf_counter() - began)

    def kept(self) -> str:
        """How much of the design is on disk, in words."""
        parts = [self.store.part(name, *block).is_file() for name in self.names for block in self.blocks]
        if not any(parts):
            return f"nothing was complete yet: parts are kept by blocks of {self.cfg.block} seeds (`block`)"
        return f"{sum(parts):,} of {len(parts):,} parts are kept, and the same command goes on from them"

    def count(self, result: SeedResult) -> None:
        """Add a seed's time and failures to the whole."""
        self.spent["run_seconds"] += result.seconds
        self.spent["runs"] += len(result.rows)
        self.spent["months"] += result.months
        self.failures += result.failures

    def keep(self, wanted: Sequence[int], block: list[SeedResult], seeds: tuple[int, int]) -> None:
        """Write a block of seeds, one part a point; where a run failed the point has no part for that block."""
        rows = pd.DataFrame([row for result in block for row in result.rows])
        if rows.empty:
            return
        for number in wanted:
            point = self.points[number]
            mine = pd.concat([rows[factor] == value for factor, value in point.factors.items()], axis=1).all(axis=1)
            expected = (1 + (point.reference is not None)) * (seeds[1] - seeds[0] + 1)
            if mine.sum() == expected:
                self.store.keep(self.names[number], *seeds, rows[mine].sort_values(["dates", "seed"]))

    @property
    def told(self) -> str:
        """The design in a line: how many values each factor has, and how many runs that makes."""
        factors = {name: len({str(p.factors[name]) for p in self.points}) for name in self.points[0].factors}
        each = sum(1 + (point.reference is not None) for point in self.points)
        seeds = whole(self.cfg, "seeds", 1)
        product = " x ".join(f"{name} {count}" for name, count in factors.items())
        dates = " x dates free and held" if each > len(self.points) else ""
        return f"{product} = {len(self.points):,} points; x {seeds:,} seeds{dates} = {each * seeds:,} runs"

    def describe(self) -> None:
        """Write the manifest: command, configuration, design, versions."""
        keys = [key for key in self.cfg if key != "hydra"]
        manifest = {
            "command": " ".join(["python -m experiments.sweep", *sys.argv[1:]]),
            "configuration": without_empty(OmegaConf.to_container(OmegaConf.masked_copy(self.cfg, keys))),
            **self.designed,
            "seeds": [self.blocks[0][0], self.blocks[-1][1]],
        }
        outdated = self.store.outdated(manifest)
        for path in outdated:
            path.unlink()
        self.store.describe(manifest)
        if outdated:
            names = ", ".join(path.name for path in outdated)
            print(f"{self.store.folder} holds a sweep of another design: its parts stay, {names} are removed")

    @property
    def designed(self) -> dict[str, Any]:
        """The design as the manifest has it: the identity and the factors of each point."""
        named = zip(self.names, self.points, strict=True)
        return {"design": [{"identity": name, "scenario": p.case.name, **p.factors} for name, p in named]}

    @property
    def tasks(self) -> int:
        """How many tasks there are for processes."""
        return whole(self.cfg, "seeds", 1)

    def close(self, wall: float) -> None:
        """Write the failures and how long it took, whatever happened."""
        self.store.fail(self.failures, self.names)
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
