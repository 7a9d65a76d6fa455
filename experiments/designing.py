"""Sampled designs of a sweep: what is sampled and what is crossed with it, kept on disk in chunks of points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from typing import Any

import pandas as pd
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig, OmegaConf, read_write

from sim.design.factors import ALL, UNCERTAIN, Factor, factor_of, named
from sim.design.samples import KINDS, TABLE, Sample, sampled, tabled
from sim.errors import Mistake, is_one_of, shown
from sim.results.differences import digest
from sim.runs.posterior import fingerprint
from sim.runs.sampled_runs import SAMPLE, Chunk, ChunkResult, chunks, explored
from sim.runs.seed_runs import SeedResult
from sim.sweeps.failures import factors_at, texts
from sim.sweeps.sweep import GRID
from sim.tables.paths import located

from .command_line.arguments import overrides_of
from .command_line.options import integer, overridden
from .sweeping import Sweep

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
    given = {o.key_or_group for o in OverridesParser.create().parse_overrides(overrides_of(config))}
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
        return sampled(cfg.design, factors_in(cfg), integer(cfg, "n", 2))
    sample, own = tabled(cfg.points), overridden(cfg)
    both = [name for name in sample.values[0] if name in own]
    if both:
        raise Mistake(f"`{both[0]}` is a column of {cfg.points} and cannot be set as well")
    return sample


class SampledSweep(Sweep):
    """A sampled design on its way into a store; `points` are the policies that the samples are crossed with.

    What the store calls a point is a chunk of samples here, since thousands of points would be thousands of files; a
    part is a chunk at one seed.
    """

    @cached_property
    def chunks(self) -> list[Chunk]:
        """The design in chunks. Raises Mistake for samples that no scenario can have."""
        return chunks(sample_of(self.cfg), self.points)

    @cached_property
    def numbers(self) -> dict[int, int]:
        """The number of each chunk, by its first sample."""
        return {chunk.first: number for number, chunk in enumerate(self.chunks)}

    @cached_property
    def names(self) -> list[str]:
        """Identity of each chunk, of its posterior too."""
        marks = "".join(fingerprint(self.sets, point.case) for point in self.points)
        return [chunk.name + marks for chunk in self.chunks]

    @cached_property
    def runs_each(self) -> list[int]:
        """Runs of each chunk at one seed."""
        return [chunk.runs for chunk in self.chunks]

    @cached_property
    def blocks(self) -> list[tuple[int, int]]:
        """Every seed is a block of its own."""
        first = integer(self.cfg, "first_seed")
        return [(seed, seed) for seed in range(first, first + integer(self.cfg, "seeds", 1))]

    @property
    def grain(self) -> str:
        """What is kept together, in words."""
        return f"chunks of {len(self.chunks[0].values):,} samples"

    @property
    def tasks(self) -> int:
        """How many tasks there are for processes."""
        return len(self.chunks) * len(self.seeds)

    def check(self) -> None:
        """Raises Mistake for values of any sample that no scenario can have together."""
        for chunk in self.chunks:
            assert chunk.points

    def simulated(self, lacking: Mapping[int, Sequence[int]]) -> Iterator[SeedResult]:
        """The chunks that are lacking, seed by seed, as they come."""
        wanted = [(self.chunks[number], seed) for seed, numbers in lacking.items() for number in numbers]
        return explored(wanted, self.jobs, self.progress, sets=self.sets)

    def awaited(self, block: tuple[int, int], lacking: Mapping[int, Sequence[int]]) -> int:
        """Each chunk is kept by itself."""
        return 1

    def numbers_in(self, result: SeedResult, lacking: Mapping[int, Sequence[int]]) -> Sequence[int]:
        """The chunk that a result is of, by its number."""
        assert isinstance(result, ChunkResult)
        return [self.numbers[result.first]]

    def rows_of(self, number: int, rows: pd.DataFrame) -> pd.DataFrame:
        """A result has rows of one chunk and no other."""
        return rows

    def points_of(self, failure: Mapping[str, Any]) -> list[int]:
        """The chunk that a failure on record is of, by its number; none of a sample of somebody else."""
        said, sample = texts(factors_at(failure)), failure.get(SAMPLE, -1)
        holding = [k for k, chunk in enumerate(self.chunks) if 0 <= sample - chunk.first < len(chunk.values)]
        return [k for k in holding if any(said <= texts(point.factors) for point in self.chunks[k].points)]

    @property
    def told(self) -> str:
        """The design in a line."""
        samples = sum(len(chunk.values) for chunk in self.chunks)
        dates = " x dates free and held" if sum(self.runs_each) > samples * len(self.points) else ""
        varied = len(self.chunks[0].values[0])
        return (
            f"{self.cfg.design} of {varied} parameter{'s' * (varied > 1)}: {samples:,} samples x {len(self.points)} "
            f"polic{'y' if len(self.points) == 1 else 'ies'}; x {len(self.seeds):,} seed{'s' * (len(self.seeds) > 1)}"
            f"{dates} = {self.runs:,} runs"
        )

    @property
    def designed(self) -> dict[str, Any]:
        """The design as the manifest has it: its chunks, how they were sampled, and what they are crossed with."""
        named = zip(self.names, self.chunks, strict=True)
        design = [{"identity": name, "first": chunk.first, "samples": len(chunk.values)} for name, chunk in named]
        sampling: dict[str, Any] = {"kind": self.cfg.design, "points": self.cfg.points}
        if self.cfg.design != TABLE:
            sampling = {"kind": self.cfg.design, "n": self.cfg.n, "factors": [asdict(f) for f in factors_in(self.cfg)]}
        policies = [{"scenario": point.case.name, **point.factors} for point in self.points]
        return {"design": design, "sampling": sampling, "policies": policies}

    @property
    def made_of(self) -> dict[str, Any]:
        """What the runs are made of; points of a table, of its file too."""
        said = super().made_of
        if self.cfg.design == TABLE:
            points = located(self.cfg.points)
            said["files"][points.name] = digest(points)
        return said
