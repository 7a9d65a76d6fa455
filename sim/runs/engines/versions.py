"""Versions that decide about the last digit of a result, compared between this program and the workers of an engine."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import metadata

from sim.errors import InputError
from sim.results.identity import sources_hash

LIBRARIES = ("mesa", "numba", "numpy", "scipy")
"""Libraries that compute within a run."""

PROCESSOR, INSTRUCTIONS = "processor", "instructions of numpy"
"""Names of the target of the compiler and of the instructions that numpy uses."""


def versions() -> dict[str, str]:
    """Return the versions of this process by name: Python, the libraries of a run, the model, and the processor."""
    return dict(_versions(_target()))


@lru_cache(maxsize=4)
def _versions(target: str) -> tuple[tuple[str, str], ...]:
    libraries = {name: metadata.version(name) for name in LIBRARIES}
    model = {"the model": sources_hash()}
    machine = {PROCESSOR: target, INSTRUCTIONS: _instructions()}
    return tuple(({"python": platform.python_version()} | libraries | model | machine).items())


def _target() -> str:
    """Return the processor that rules are compiled for, with a hash of its features; numba reads the same variables."""
    if os.environ.get("SIM_COMPILER") == "off":
        return "none: rules are not compiled"
    host, own = _host()
    name = os.environ.get("NUMBA_CPU_NAME") or host
    own = "" if name.lower() == "generic" else own
    features = os.environ.get("NUMBA_CPU_FEATURES", own)
    return f"{name} {hashlib.sha256(features.encode()).hexdigest()[:6]}" if features else name


@lru_cache(maxsize=1)
def _host() -> tuple[str, str]:
    """Return name and features of the processor of this machine."""
    import llvmlite.binding as llvm

    return str(llvm.get_host_cpu_name()), str(llvm.get_host_cpu_features().flatten())


def _instructions() -> str:
    """Return a hash of the instructions of the processor that numpy uses."""
    from numpy._core._multiarray_umath import __cpu_features__ as features  # type: ignore[import-not-found, unused-ignore]

    used = ",".join(sorted(name for name, use in features.items() if use))
    return hashlib.sha256(used.encode()).hexdigest()[:6]


def probe() -> Callable[[], Mapping[str, str]]:
    """Return a function for a worker that returns its versions, also if it has an older version of the model, or none.

    The function is nested, so that it is sent as code and not by the name of a module that a worker may not have.
    """

    def versions_of_worker() -> Mapping[str, str]:
        from importlib import import_module
        from importlib.metadata import PackageNotFoundError, version

        try:
            return dict(import_module("sim.runs.engines.versions").versions())
        except ImportError:
            try:
                return {"the model": f"{version('collective-impact-lab')}, of an older form"}
            except PackageNotFoundError:
                return {"the model": "not installed"}

    return versions_of_worker


def require_equal(worker: str, reported: Mapping[str, str], here: Mapping[str, str]) -> None:
    """Check that a worker gives the same bytes as this program.

    Args:
        worker: its address
        reported: versions of the worker; names that it does not have are not compared
        here: versions of the program

    Raises:
        InputError: a version or the processor differs

    >>> require_equal("w", {"numpy": "2.3"}, {"numpy": "2.3"})
    """
    differing = [name for name in here if reported.get(name, here[name]) != here[name]]
    software = [name for name in differing if name not in (PROCESSOR, INSTRUCTIONS)]
    if software:
        theirs, ours = (", ".join(f"{name} {each[name]}" for name in software) for each in (reported, here))
        raise InputError(
            f"the worker {worker} has {theirs}, and this program has {ours}; install the same versions on both"
        )
    if differing:
        theirs, ours = (", ".join(f"{name} {each[name]}" for name in differing) for each in (reported, here))
        raise InputError(
            f"the worker {worker} would give other last digits ({theirs}; here {ours}); use workers with equal processors, "
            "or start this program and every worker with NUMBA_CPU_NAME=generic and the same NPY_DISABLE_CPU_FEATURES"
        )
