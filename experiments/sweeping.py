"""Simulate the points of a design block by block of seeds, and keep every block as it is complete."""

from __future__ import annotations

import json
import shlex
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Any

import pandas as pd
from omegaconf import DictConfig, OmegaConf

from experiments.keeping import made_of, unchanged
from experiments.starting import case_of, folder_of, sets_of, whole
from sim.declare import Mistake, problem_with
from sim.designs import Point, SeedResult
from sim.ensembles import compile_apart, processes, results
from sim.parameters import declared
from sim.posterior import ParameterSets, fingerprint
from sim.store import Store, identity, written

FAILED = "failed"
"""What `only` says where nothing but runs that failed before is to be simulated."""

GOES_ON = "what is complete is kept, and the same command goes on from it"

OF_ONE_TIME = ("only", "afresh")
"""Keys of a command that are no part of the sweep it makes."""

OF_A_FAILURE = ("dates", "seed", "traceback")
"""What a record of a failure says besides the factors of its point."""


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
    tried: set[int] = field(default_factory=set)
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

    @property
    def seeds(self) -> range:
        """Seeds of every point."""
        return range(self.blocks[0][0], self.blocks[-1][1] + 1)

    def lacking(self) -> dict[int, list[int]]:
        """Points, by their numbers, that each seed still lacks; of those that failed before where only they are asked."""
        there, found = self.trusted(), dict[int, list[int]]()
        for seed in self.seeds:
            missing = [number for number, seeds in enumerate(there) if seed not in seeds]
            if missing:
                found[seed] = missing
        return found if self.cfg.only != FAILED else self.failed_before(found)

    def failed_before(self, lacking: Mapping[int, list[int]]) -> dict[int, list[int]]:
        """What of that failed before, as is on record."""
        record = {(number, failure["seed"]) for failure in self.store.failures() for number in self.points_of(failure)}
        kept = {seed: [k for k in points if (k, seed) in record] for seed, points in lacking.items()}
        return {seed: points for seed, points in kept.items() if points}

    def points_of(self, failure: Mapping[str, Any]) -> list[int]:
        """The point that a failure on record is of, by its number; none of a point of somebody else."""
        said = texts({key: value for key, value in failure.items() if key not in OF_A_FAILURE})
        return [number for number, known in enumerate(self.written_points) if said <= known]

    @cached_property
    def written_points(self) -> list[set[tuple[str, str]]]:
        """What each point is called by, as a record of failures has it."""
        return [texts({"scenario": point.case.name, **point.factors}) for point in self.points]

    def run(self) -> None:
        """Simulate what the store does not have yet; keep each block of seeds as soon as it is complete."""
        lacking = self.lacking()
        wanted = {seed: [self.points[k] for k in points] for seed, points in lacking.items()}
        ready = defaultdict[tuple[int, int], list[SeedResult]](list)
        if wanted:
            compile_apart(self.points, list(wanted), self.jobs, self.progress)
        began = time.perf_counter()  # what is compiled once is no part of how long a sweep takes
        try:
            for result in results(wanted, list(wanted), self.jobs, self.progress, sets=self.sets):
                block = next(b for b in self.blocks if b[0] <= result.seed <= b[1])
                ready[block].append(result)
                self.count(result)
                if len(ready[block]) == sum(block[0] <= seed <= block[1] for seed in wanted):
                    self.keep(lacking, ready.pop(block))
                if len(self.failures) >= self.most_failures:
                    print(f"stopped: {len(self.failures)} runs failed; {GOES_ON}", file=sys.stderr)
                    break
            for rest in ready.values():
                self.keep(lacking, rest)
        finally:
            self.close(time.perf_counter() - began, set(lacking) - self.tried)

    @property
    def most_failures(self) -> float:
        """How many runs may fail before the sweep ends."""
        if self.cfg.fail_fast:
            return 1
        return inf if self.cfg.max_failures is None else whole(self.cfg, "max_failures", 1)

    def trusted(self) -> list[set[int]]:
        """Seeds of each point that are on disk; what cannot be trusted is removed, so that it is simulated again."""
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
        there = self.store.found(self.names).seeds
        runs = [1 + (point.reference is not None) for point in self.points]
        kept = sum(each * len(seeds.intersection(self.seeds)) for each, seeds in zip(runs, there, strict=True))
        if not kept:
            return f"nothing was complete yet: parts are kept by blocks of {self.cfg.block} seeds (`block`)"
        return f"{kept:,} of {sum(runs) * len(self.seeds):,} runs are kept, and the same command goes on from them"

    def count(self, result: SeedResult) -> None:
        """Add a seed's time and failures to the whole."""
        self.spent["run_seconds"] += result.seconds
        self.spent["runs"] += len(result.rows)
        self.spent["months"] += result.months
        self.failures += result.failures
        self.tried.add(result.seed)

    def keep(self, lacking: Mapping[int, Sequence[int]], block: Sequence[SeedResult]) -> None:
        """Write what some seeds have brought, one part a point; a seed at which a run of the point failed is left out."""
        rows = pd.DataFrame([row for result in block for row in result.rows])
        for number in sorted({k for result in block for k in lacking[result.seed]} if len(rows) else ()):
            point = self.points[number]
            mine = pd.concat([rows[factor] == value for factor, value in point.factors.items()], axis=1).all(axis=1)
            runs = rows[mine].groupby("seed")["seed"].transform("size")
            whole_seeds = rows[mine][runs == 1 + (point.reference is not None)]
            if len(whole_seeds):
                self.store.keep(self.names[number], whole_seeds.sort_values(["dates", "seed"]))

    @property
    def told(self) -> str:
        """The design in a line: how many values each factor has, and how many runs that makes."""
        factors = {name: len({str(p.factors[name]) for p in self.points}) for name in self.points[0].factors}
        each = sum(1 + (point.reference is not None) for point in self.points)
        seeds = whole(self.cfg, "seeds", 1)
        product = " x ".join(f"{name} {count}" for name, count in factors.items())
        dates = " x dates free and held" if each > len(self.points) else ""
        return f"{product} = {len(self.points):,} points; x {seeds:,} seeds{dates} = {each * seeds:,} runs"

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Command, configuration, design, and what its runs are made of."""
        keys = [key for key in self.cfg if key != "hydra"]
        arguments = [said for said in sys.argv[1:] if said.partition("=")[0] not in OF_ONE_TIME]
        return {
            "command": shlex.join(["python", "-m", "experiments.sweep", *arguments]),
            "arguments": arguments,
            "configuration": without_empty(OmegaConf.to_container(OmegaConf.masked_copy(self.cfg, keys))),
            "design": [
                {"identity": name, "scenario": point.case.name, **point.factors}
                for name, point in zip(self.names, self.points, strict=True)
            ],
            "seeds": [self.seeds[0], self.seeds[-1]],
            "made_of": made_of(self.points, self.sets),
        }

    def describe(self) -> None:
        """Write the manifest. Raises Mistake where what is here was made with another model or of other inputs."""
        unchanged(self.store, self.manifest, self.cfg.afresh)
        outdated = self.store.outdated(self.manifest)
        for path in outdated:
            path.unlink()
        self.store.describe(self.manifest)
        if outdated:
            names = ", ".join(path.name for path in outdated)
            print(f"{self.store.folder} holds a sweep of another design: its parts stay, {names} are removed")

    def close(self, wall: float, untried: set[int]) -> None:
        """Write the failures, those on record of seeds that were not tried again too, and how long it took."""
        still = [f for f in self.store.failures() if f["seed"] in untried and self.points_of(f)]
        self.store.fail(self.failures + still, self.names)
        if self.spent["runs"]:
            log = self.spent | {"wall_seconds": wall, "jobs": min(self.jobs, whole(self.cfg, "seeds", 1))}
            if self.progress:
                written(self.store.folder / "timing.json", json.dumps(log).encode())


def texts(factors: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Factors of a point as they read in a record of failures."""
    return {(name, str(value)) for name, value in factors.items()}


def without_empty(config: Any) -> Any:
    """A nested configuration without the keys that say nothing."""
    if not isinstance(config, dict):
        return config
    kept = {key: without_empty(value) for key, value in config.items() if value is not None}
    return {key: value for key, value in kept.items() if value != {}}


def store_at(cfg: DictConfig) -> Store:
    """The store that a configuration names. Raises Mistake where it cannot be written."""
    return Store.at(folder_of(cfg))
