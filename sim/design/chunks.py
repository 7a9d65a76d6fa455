"""Design points of samples crossed with policies, in chunks that share history."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import batched
from typing import Any

from sim.design.points import Point
from sim.design.samples import Sample
from sim.results.identity import identity

SAMPLE = "sample"
"""Column and factor: number of the sample, from 0, with the same values in every policy."""

LEAST = 16
"""Minimum number of points of a task, if there are as many; fewer would cost overhead, more would leave cores idle."""


@dataclass(frozen=True)
class Chunk:
    """Consecutive samples under every policy, which one process runs together at one seed.

    Args:
        first: number of its first sample
        values: of the sampled parameters, one mapping per sample
        policies: points without the sampled values
        number: of the chunk in its design, from 0
    """

    first: int
    values: tuple[Mapping[str, Any], ...]
    policies: tuple[Point, ...]
    number: int = 0

    @property
    def points(self) -> list[Point]:
        """Points of every policy, sample by sample.

        Raises:
            InputError: a scenario cannot have these values together
        """
        return [point_at(p, self.first + k, values) for k, values in enumerate(self.values) for p in self.policies]

    @property
    def numbered(self) -> dict[int, Point]:
        """Points by their numbers in the whole design.

        Raises:
            InputError: as `points` does
        """
        return dict(enumerate(self.points, self.first * len(self.policies)))

    @cached_property
    def name(self) -> str:
        """Identity by content: the policies and their names, the samples and their numbers."""
        scenarios = [
            (identity(p.scenario), p.reference and identity(p.reference), dict(p.factors)) for p in self.policies
        ]
        text = repr((scenarios, self.first, [dict(each) for each in self.values]))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def runs(self) -> int:
        """Number of runs at one seed."""
        return len(self.values) * sum(policy.runs for policy in self.policies)


def point_at(policy: Point, number: int, values: Mapping[str, Any]) -> Point:
    """Return a policy at a sample; the reference keeps its own facilitation.

    Raises:
        InputError: a value is not allowed
    """
    reference_values = {name: value for name, value in values.items() if name != "backbone.facilitation"}
    reference = None if policy.reference is None else policy.reference.with_(reference_values)
    factors = {SAMPLE: number, **policy.factors, **values}
    return replace(policy, factors=factors, scenario=policy.scenario.with_(values), reference=reference)


def chunks(sample: Sample, policies: Sequence[Point]) -> list[Chunk]:
    """Return the whole design in chunks of whole groups of samples."""
    points_of_group = sample.group_size * len(policies)
    size = sample.group_size * max(1, -(-LEAST // points_of_group))
    parts = enumerate(batched(sample.values, size))
    return [Chunk(number * size, tuple(values), tuple(policies), number) for number, values in parts]
