"""Sampled designs of a sweep: samples crossed with policies, stored in chunks of points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from sim.design.chunks import Chunk, chunks
from sim.design.factors import Factor
from sim.design.samples import TABLE, Sample, sample_from_file, sampled
from sim.errors import counted
from sim.results.differences import digest
from sim.runs.posterior import fingerprint
from sim.runs.sampled_runs import ChunkResult, sampled_results
from sim.runs.seed_runs import SeedResult
from sim.sweeps.stored_sweep import StoredSweep
from sim.tables.paths import expanded_path


@dataclass(frozen=True)
class Sampling:
    """Sample of a design.

    Args:
        kind: lhs, sobol, morris or table
        sample: values of the sampled parameters
        n: size of the design; None for a table
        factors: parameters that are sampled; empty for a table
        points: file of a table; None for other kinds
    """

    kind: str
    sample: Sample
    n: int | None = None
    factors: tuple[Factor, ...] = ()
    points: str | None = None

    @staticmethod
    def of(kind: str, factors: Sequence[Factor], n: int) -> Sampling:
        """Return a sample of some factors.

        Raises:
            InputError: as `sim.design.samples.sampled` does
        """
        return Sampling(kind, sampled(kind, factors, n), n, tuple(factors))

    @staticmethod
    def of_table(file: Any) -> Sampling:
        """Return the sample in a file of points.

        Raises:
            InputError: as `sim.design.samples.sample_from_file` does
        """
        return Sampling(TABLE, sample_from_file(file), points=str(file))

    @property
    def record(self) -> dict[str, Any]:
        """Record of the sample, for a manifest."""
        if self.kind == TABLE:
            return {"kind": self.kind, "points": self.points}
        return {"kind": self.kind, "n": self.n, "factors": [asdict(factor) for factor in self.factors]}


@dataclass
class SampledSweep(StoredSweep):
    """Sampled design whose runs are stored in a folder; `points` are the policies that the samples are crossed with.

    An entry of the store is a chunk of samples, since thousands of points would be thousands of files. A part is a chunk at
    one seed.
    """

    sampling: Sampling = field(kw_only=True)

    @cached_property
    def chunks(self) -> list[Chunk]:
        """Chunks of the design."""
        return chunks(self.sampling.sample, self.points)

    @cached_property
    def names(self) -> list[str]:
        """Identity of each chunk, including its posterior."""
        marks = "".join(fingerprint(self.options.sets, point.scenario) for point in self.points)
        return [chunk.name + marks for chunk in self.chunks]

    @cached_property
    def runs_each(self) -> list[int]:
        """Number of runs of each chunk at one seed."""
        return [chunk.runs for chunk in self.chunks]

    @cached_property
    def blocks(self) -> list[tuple[int, int]]:
        """Every seed is a block of its own."""
        return [(seed, seed) for seed in self.seeds]

    @property
    def grain(self) -> str:
        """Smallest unit in which runs are stored, in words."""
        return f"the first chunk of {counted(len(self.chunks[0].values), 'sample')}"

    @property
    def tasks(self) -> int:
        """Number of tasks for processes."""
        return len(self.chunks) * len(self.seeds)

    def check(self) -> None:
        """Check the design before anything runs.

        Raises:
            InputError: two policies are the same, or no scenario can have the values of a sample together
        """
        super().check()
        for chunk in self.chunks:
            assert chunk.points

    def simulated(self, lacking: Mapping[int, Sequence[int]]) -> Iterator[SeedResult]:
        """Simulate the missing chunks, and yield the results in the order in which they end.

        Args:
            lacking: numbers of the chunks, by seed
        """
        wanted = [(self.chunks[number], seed) for seed, numbers in lacking.items() for number in numbers]
        return sampled_results(wanted, self.jobs, self.progress, sets=self.options.sets, keep=self.options.keep)

    def awaited(self, block: tuple[int, int], lacking: Mapping[int, Sequence[int]]) -> int:
        """Return 1, since each chunk is stored by itself."""
        return 1

    def entries_of(self, result: SeedResult, lacking: Mapping[int, Sequence[int]]) -> Sequence[int]:
        """Return the number of the chunk of a result, in a list."""
        assert isinstance(result, ChunkResult)
        return [result.chunk]

    def entry_of(self, point: int) -> int:
        """Return the number of the chunk that holds a point."""
        return point // (len(self.chunks[0].values) * len(self.points))

    @property
    def sampled_keys(self) -> set[str]:
        """Factors that the kept tables do not have: of the sampled values they have the number of the sample alone."""
        return set(self.chunks[0].values[0]) - set(self.points[0].factors)

    @property
    def title(self) -> str:
        """Design in a line of text."""
        samples = sum(len(chunk.values) for chunk in self.chunks)
        dates = " x dates free and held" if sum(self.runs_each) > samples * len(self.points) else ""
        varied = len(self.chunks[0].values[0])
        return (
            f"{self.sampling.kind} of {counted(varied, 'parameter')}: {counted(samples, 'sample')} x {len(self.points)} "
            f"polic{'y' if len(self.points) == 1 else 'ies'}; x {counted(len(self.seeds), 'seed')}"
            f"{dates} = {counted(self.runs, 'run')}"
        )

    @property
    def designed(self) -> dict[str, Any]:
        """Design in the form of the manifest: chunks, sampling, and policies that the samples are crossed with."""
        named = zip(self.names, self.chunks, strict=True)
        design = [{"identity": name, "first": chunk.first, "samples": len(chunk.values)} for name, chunk in named]
        policies = [{"scenario": point.scenario.name, **point.factors} for point in self.points]
        return {"design": design, "sampling": self.sampling.record, "policies": policies}

    @property
    def made_of(self) -> dict[str, Any]:
        """Hashes of the inputs of the runs, including the file of a table."""
        hashes = super().made_of
        if self.sampling.points is not None:
            file = expanded_path(self.sampling.points)
            hashes["files"][file.name] = digest(file)
        return hashes
