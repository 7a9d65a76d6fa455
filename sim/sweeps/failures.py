"""Failures on record: which point each is of, and what of a result they leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.runs.seed_runs import SeedResult

OF_A_FAILURE = ("dates", "seed", "traceback")
"""What a record of a failure says besides the factors of its point."""


def unbroken(result: SeedResult) -> Iterator[dict[str, Any]]:
    """The rows of a result, but for those of points of which a run failed there."""
    broken = [factors_at(failure) for failure in result.failures]
    return (row for row in result.rows if not any(factors.items() <= row.items() for factors in broken))


def factors_at(failure: Mapping[str, Any]) -> dict[str, Any]:
    """The factors of the point that a failure is of."""
    return {key: value for key, value in failure.items() if key not in OF_A_FAILURE}


def texts(factors: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Factors of a point as they read in a record of failures."""
    return {(name, str(value)) for name, value in factors.items()}
