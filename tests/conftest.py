"""Fixtures of all tests: runs that are simulated once."""

from __future__ import annotations

import sys
from functools import cache

import pytest

from sim.configuration import scenario
from sim.runs.run import Run, simulate


@cache
def _run(name: str, seed: int) -> Run:
    return simulate(scenario(name), seed)


@pytest.fixture(scope="session")
def run_of():
    """Return a function for the run of a named scenario, simulated once a session."""
    return _run


@pytest.fixture(autouse=True)
def _no_figure_stays_open():
    """Close all figures after a test; pyplot warns from the 21st open figure on."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
