"""Samples crossed with policies: which points that makes, in chunks that share history, and their runs on all cores."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import batched
from typing import TYPE_CHECKING, Any

from sim.agents.organisation import Organisation
from sim.design.samples import Sample
from sim.results.identity import identity
from sim.runs.parallel import as_they_come, compile_apart, deciders
from sim.runs.posterior import ParameterSets, set_of
from sim.runs.seed_runs import Point, SeedResult, seed_result

if TYPE_CHECKING:
    import pandas as pd

SAMPLE = "sample"
"""Column and factor: the number of the sample, from 0, in every policy the same values."""

LEAST = 16
"""Points that a task has at least where there are so many: fewer would be files and messages, more would leave cores idle."""


@dataclass(frozen=True)
class Chunk:
    """Samples in a row under every policy: what one process runs together at one seed.

    Args:
        first: number of its first sample
        values: of the sampled parameters, a mapping a sample
        policies: points that say all but the sampled values
    """

    first: int
    values: tuple[Mapping[str, Any], ...]
    policies: tuple[Point, ...]

    @property
    def points(self) -> list[Point]:
        """Sample by sample, every policy. Raises Mistake for values that no scenario can have together."""
        return [at(p, self.first + k, values) for k, values in enumerate(self.values) for p in self.policies]

    @cached_property
    def name(self) -> str:
        """Identity by content: the policies, what they are called, the samples and their numbers."""
        cases = [(identity(p.case), p.reference and identity(p.reference), dict(p.factors)) for p in self.policies]
        text = repr((cases, self.first, [dict(each) for each in self.values]))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def runs(self) -> int:
        """Runs at one seed."""
        return len(self.values) * sum(1 + (policy.reference is not None) for policy in self.policies)


@dataclass
class ChunkResult(SeedResult):
    """A chunk at one seed."""

    first: int = 0  # sample


def at(policy: Point, number: int, values: Mapping[str, Any]) -> Point:
    """A policy at a sample. The reference keeps its own facilitation. Raises Mistake for values that may not be."""
    kept = {name: value for name, value in values.items() if name != "backbone.facilitation"}
    reference = None if policy.reference is None else policy.reference.with_(kept)
    factors = {SAMPLE: number, **policy.factors, **values}
    return replace(policy, factors=factors, case=policy.case.with_(values), reference=reference)


def chunks(sample: Sample, policies: Sequence[Point]) -> list[Chunk]:
    """The whole design in chunks of samples that belong together."""
    each = sample.together * len(policies)
    size = sample.together * max(1, -(-LEAST // each))
    parts = enumerate(batched(sample.values, size))
    return [Chunk(number * size, tuple(values), tuple(policies)) for number, values in parts]


def chunk_result(
    chunk: Chunk,
    seed: int,
    kinds: dict[str, type[Organisation]] | None = None,
    values: Mapping[str, float] | None = None,
) -> ChunkResult:
    """A chunk at one seed, and at one parameter set of a posterior; what its points share is simulated once."""
    return ChunkResult(**vars(seed_result(chunk.points, seed, kinds, values)), first=chunk.first)


def explored(
    wanted: Sequence[tuple[Chunk, int]],
    jobs: int,
    progress: str | None = None,
    kinds: dict[str, type[Organisation]] | None = None,
    sets: ParameterSets = (),
) -> Iterator[ChunkResult]:
    """Results of chunks at seeds, as they come, on so many processes.

    Raises Mistake for an unknown kind, or for a class that other processes cannot have.
    """
    jobs = min(jobs, max(len(wanted), 1))
    deciding = deciders(kinds, jobs)
    if wanted:
        compile_apart(wanted[0][0].points, [wanted[0][1]], jobs, progress)
    tasks = ((chunk, seed, deciding, set_of(sets, seed)) for chunk, seed in wanted)
    yield from as_they_come(chunk_result, tasks, sum(chunk.runs for chunk, _ in wanted), jobs, progress)


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Runs as the table of a sweep has them: sorted by everything that says which run a row is."""
    columns = list(frame.columns)
    return frame.sort_values(columns[: columns.index("seed") + 1], ignore_index=True) if columns else frame
