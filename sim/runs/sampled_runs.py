"""Runs of sampled designs on all cores, chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.agents.organisation import Organisation
from sim.design.chunks import Chunk
from sim.runs.parallel import as_they_come, compile_first, deciders
from sim.runs.posterior import ParameterSets, set_of
from sim.runs.seed_runs import SeedResult, seed_result


@dataclass
class ChunkResult(SeedResult):
    """Results of a chunk at one seed; rows and failures by the number of their point in the whole design."""

    chunk: int = 0  # number of the chunk


def chunk_result(
    chunk: Chunk,
    seed: int,
    kinds: dict[str, type[Organisation]] | None = None,
    values: Mapping[str, float] | None = None,
    keep: Sequence[str] = (),
) -> ChunkResult:
    """Simulate a chunk of points with one seed; histories that points share are simulated once.

    Args:
        chunk: of a sampled design
        seed: of the random draws
        kinds: classes that decide in place of the kinds' own, by name of the kind
        values: parameter set of a posterior
        keep: names of the tables that are kept of each run
    """
    return ChunkResult(**vars(seed_result(chunk.numbered, seed, kinds, values, keep)), chunk=chunk.number)


def sampled_results(
    wanted: Sequence[tuple[Chunk, int]],
    jobs: int,
    progress: str | None = None,
    kinds: dict[str, type[Organisation]] | None = None,
    sets: ParameterSets = (),
    *,
    keep: Sequence[str] = (),
) -> Iterator[ChunkResult]:
    """Simulate chunks on several processes, and yield the results in the order in which they end.

    Args:
        wanted: pairs of a chunk and a seed
        jobs: processes
        progress: label of the progress bar; None for no bar
        kinds: classes that decide in place of the kinds' own, by name of the kind
        sets: parameter sets, of which each seed has its own; empty for parameters at their values
        keep: names of the tables that are kept of each run

    Raises:
        InputError: a kind is unknown, or a class cannot be sent to other processes
    """
    jobs = min(jobs, max(len(wanted), 1))
    deciding = deciders(kinds, jobs)
    if wanted:
        compile_first(progress is not None)
    tasks = ((chunk, seed, deciding, set_of(sets, seed), keep) for chunk, seed in wanted)
    yield from as_they_come(chunk_result, tasks, sum(chunk.runs for chunk, _ in wanted), jobs, progress)
