"""Sampled designs of a sweep: what is sampled and what is crossed with it, kept on disk in chunks of points."""

from __future__ import annotations

import time
from dataclasses import asdict
from functools import cached_property
from typing import Any

import pandas as pd
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig, OmegaConf, read_write

from experiments.starting import overridden, whole
from experiments.sweeping import Sweep
from sim.declare import Mistake, is_one_of, shown
from sim.exploring import Chunk, ChunkResult, chunks, explored
from sim.factors import ALL, UNCERTAIN, Factor, factor_of, named
from sim.posterior import fingerprint
from sim.sampling import KINDS, TABLE, Sample, sampled, tabled
from sim.surveying import GRID

UNLESS_SAID = {"held": None, "seeds": 1}
"""What differs in a sampled design, which has thousands of points, where nothing else is said."""


def is_sampled(cfg: DictConfig) -> bool:
    """Whether a design is sampled. Raises Mistake for a design that there is not."""
    if not is_one_of(cfg.design, (GRID, *KINDS)):
        raise Mistake(f"`design` must be one of {GRID}, {', '.join(KINDS)}; got {shown(cfg.design)}")
    return bool(cfg.design != GRID)


def prepare(config: DictConfig) -> None:
    """Of a sampled design: no values of the grid's, few seeds, a folder of its own, but for what is said.

    Raises Mistake where a launcher would run the points one by one.
    """
    if not is_sampled(config):
        return
    if not str(config.hydra.launcher._target_).endswith("SharedHistory"):
        raise Mistake("a sampled design has too many points for a job each; leave `hydra/launcher` as it is")
    given = {o.key_or_group for o in OverridesParser.create().parse_overrides(list(config.hydra.overrides.task))}
    changes = UNLESS_SAID | {"out": f"results/{config.design}"}
    with read_write(config):
        config.hydra.sweeper.params = None
        for key, value in changes.items():
            if key not in given:
                OmegaConf.update(config, key, value)


def factors_in(cfg: DictConfig) -> tuple[Factor, ...]:
    """The factors of a configuration: of those that `uncertain` or `all` mean, what is set stays as it is set.

    Raises Mistake for what cannot be sampled, and for a parameter that is both sampled and set.
    """
    vary = OmegaConf.to_container(cfg.vary) if OmegaConf.is_config(cfg.vary) else cfg.vary
    said, own = named(vary), overridden(cfg)
    if is_one_of(vary, (UNCERTAIN, ALL)):
        said = {name: None for name in said if name not in own}
    both = [name for name in said if name in own]
    if both:
        raise Mistake(f"`{both[0]}` cannot be sampled and set as well: leave it out of `vary`, or do not set it")
    if not said:
        raise Mistake("a sampled design needs at least one parameter to vary: `vary=uncertain` or `vary=[trust.ratio]`")
    return tuple(factor_of(name, about) for name, about in said.items())


def sample_of(cfg: DictConfig) -> Sample:
    """The sample that a configuration describes. Raises Mistake as its kind does."""
    if cfg.design != TABLE:
        return sampled(cfg.design, factors_in(cfg), whole(cfg, "n", 2))
    sample, own = tabled(cfg.points), overridden(cfg)
    both = [name for name in sample.values[0] if name in own]
    if both:
        raise Mistake(f"`{both[0]}` is a column of {cfg.points} and cannot be set as well")
    return sample


class SampledSweep(Sweep):
    """A sampled design on its way into a store; `points` are the policies that the samples are crossed with.

    A part is a chunk of points at one seed, since thousands of points would be thousands of files.
    """

    @cached_property
    def chunks(self) -> list[Chunk]:
        """The design in chunks. Raises Mistake for samples that no scenario can have."""
        return chunks(sample_of(self.cfg), self.points)

    @cached_property
    def names(self) -> list[str]:
        """Identity of each chunk, of its posterior too."""
        marks = "".join(fingerprint(self.sets, point.case) for point in self.points)
        return [chunk.name + marks for chunk in self.chunks]

    @cached_property
    def blocks(self) -> list[tuple[int, int]]:
        """Every seed is a block of its own."""
        first = whole(self.cfg, "first_seed")
        return [(seed, seed) for seed in range(first, first + whole(self.cfg, "seeds", 1))]

    @property
    def tasks(self) -> int:
        """How many tasks there are for processes."""
        return len(self.chunks) * len(self.blocks)

    def check(self) -> None:
        """Raises Mistake for values of any sample that no scenario can have together."""
        for chunk in self.chunks:
            assert chunk.points

    def run(self) -> None:
        """Simulate what the store does not have yet, seed by seed; keep each chunk as soon as it is there."""
        named = list(zip(self.names, self.chunks, strict=True))
        names = {chunk.first: name for name, chunk in named}
        wanted = [(c, seed) for seed, _ in self.blocks for name, c in named if not self.store.has(name, seed, seed)]
        began = time.perf_counter()
        try:
            for result in explored(wanted, self.jobs, self.progress, sets=self.sets):
                self.count(result)
                self.keep_chunk(names[result.first], result)
        finally:
            self.close(time.perf_counter() - began)

    def keep_chunk(self, name: str, result: ChunkResult) -> None:
        """Write a chunk at a seed; where a run failed there is no part."""
        if not result.failures:
            self.store.keep(name, result.seed, result.seed, pd.DataFrame(result.rows))

    @property
    def told(self) -> str:
        """The design in a line."""
        samples = sum(len(chunk.values) for chunk in self.chunks)
        runs = sum(chunk.runs for chunk in self.chunks)
        dates = " x dates free and held" if runs > samples * len(self.points) else ""
        varied = len(self.chunks[0].values[0])
        return (
            f"{self.cfg.design} of {varied} parameter{'s' * (varied > 1)}: {samples:,} samples x {len(self.points)} "
            f"polic{'y' if len(self.points) == 1 else 'ies'}; x {len(self.blocks):,} seed{'s' * (len(self.blocks) > 1)}"
            f"{dates} = {runs * len(self.blocks):,} runs"
        )

    @property
    def designed(self) -> dict[str, Any]:
        """The design as the manifest has it: its chunks, and how they were sampled."""
        pairs = zip(self.names, self.chunks, strict=True)
        design = [{"identity": name, "points": len(chunk.values) * len(self.points)} for name, chunk in pairs]
        sampling: dict[str, Any] = {"kind": self.cfg.design, "points": self.cfg.points}
        if self.cfg.design != TABLE:
            sampling = {"kind": self.cfg.design, "n": self.cfg.n, "factors": [asdict(f) for f in factors_in(self.cfg)]}
        policies = [{"scenario": point.case.name, **point.factors} for point in self.points]
        return {"design": design, "sampling": sampling, "policies": policies}

    def kept(self) -> str:
        """How much of the design is on disk, in words."""
        parts = [self.store.part(name, *block).is_file() for name in self.names for block in self.blocks]
        return f"{sum(parts):,} of {len(parts):,} chunks are kept, and the same command goes on from them"
