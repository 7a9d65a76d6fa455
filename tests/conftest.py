"""What tests all over the house share: runs that are simulated once."""

from __future__ import annotations

from functools import cache

import pytest

from sim.configuration import scenario
from sim.runs.run import Run, simulate


@cache
def _run(name: str, seed: int) -> Run:
    return simulate(scenario(name), seed)


@pytest.fixture(scope="session")
def run_of():
    """A named scenario's run, simulated once a session."""
    return _run
