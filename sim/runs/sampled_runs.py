"""Runs of a sampled design on all cores, chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.agents.organisation import Organisation
from sim.design.chunks import Chunk
from sim.runs.parallel import as_they_come, compile_apart, deciders
from sim.runs.posterior import ParameterSets, set_of
from sim.runs.seed_runs import SeedResult, seed_result


@dataclass
class ChunkResult(SeedResult):
    """A chunk at one seed; rows and failures by the number of their point in the whole design."""

    chunk: int = 0  # number of the chunk


def chunk_result(
    chunk: Chunk,
    seed: int,
    kinds: dict[str, type[Organisation]] | None = None,
    values: Mapping[str, float] | None = None,
) -> ChunkResult:
    """Return a chunk at one seed, and at one parameter set of a posterior; what its points share is simulated once."""
    return ChunkResult(**vars(seed_result(chunk.numbered, seed, kinds, values)), chunk=chunk.number)


def explored(
    wanted: Sequence[tuple[Chunk, int]],
    jobs: int,
    progress: str | None = None,
    kinds: dict[str, type[Organisation]] | None = None,
    sets: ParameterSets = (),
) -> Iterator[ChunkResult]:
    """Results of chunks at seeds, as they come, on so many processes.

    Raises:
        InputError: an unknown kind, or for a class that other processes cannot have
    """
    jobs = min(jobs, max(len(wanted), 1))
    deciding = deciders(kinds, jobs)
    if wanted:
        compile_apart(wanted[0][0].points, [wanted[0][1]], jobs, progress)
    tasks = ((chunk, seed, deciding, set_of(sets, seed)) for chunk, seed in wanted)
    yield from as_they_come(chunk_result, tasks, sum(chunk.runs for chunk, _ in wanted), jobs, progress)
