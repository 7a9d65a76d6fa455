"""Samples crossed with policies: which points that makes, in chunks that share history."""

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
        number: of the chunk in its design, from 0
    """

    first: int
    values: tuple[Mapping[str, Any], ...]
    policies: tuple[Point, ...]
    number: int = 0

    @property
    def points(self) -> list[Point]:
        """Sample by sample, every policy.

        Raises:
            InputError: values that no scenario can have together
        """
        return [point_at(p, self.first + k, values) for k, values in enumerate(self.values) for p in self.policies]

    @property
    def numbered(self) -> dict[int, Point]:
        """Its points by their numbers in the whole design.

        Raises:
            InputError: as `points` does
        """
        return dict(enumerate(self.points, self.first * len(self.policies)))

    @cached_property
    def name(self) -> str:
        """Identity by content: the policies, what they are called, the samples and their numbers."""
        cases = [(identity(p.case), p.reference and identity(p.reference), dict(p.factors)) for p in self.policies]
        text = repr((cases, self.first, [dict(each) for each in self.values]))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def runs(self) -> int:
        """Runs at one seed."""
        return len(self.values) * sum(policy.runs for policy in self.policies)


def point_at(policy: Point, number: int, values: Mapping[str, Any]) -> Point:
    """Return a policy at a sample. The reference keeps its own facilitation.

    Raises:
        InputError: values that may not be
    """
    kept = {name: value for name, value in values.items() if name != "backbone.facilitation"}
    reference = None if policy.reference is None else policy.reference.with_(kept)
    factors = {SAMPLE: number, **policy.factors, **values}
    return replace(policy, factors=factors, case=policy.case.with_(values), reference=reference)


def chunks(sample: Sample, policies: Sequence[Point]) -> list[Chunk]:
    """Return the whole design in chunks of samples that belong together."""
    each = sample.group_size * len(policies)
    size = sample.group_size * max(1, -(-LEAST // each))
    parts = enumerate(batched(sample.values, size))
    return [Chunk(number * size, tuple(values), tuple(policies), number) for number, values in parts]
