"""Surfaces and chain of a round on disk, so that a calibration that is repeated or resumed does not compute them again."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np

from sim.calibration.emulator import Chain, Draws
from sim.calibration.surfaces import Surfaces
from sim.results.files import written

CHAIN = ("scores", "effective", "walkers", "autocorrelation")
"""Fields of a chain."""

SURFACES = ("intercept", "slopes", "covariance")
"""Fields of surfaces that are arrays."""


def digest_of(draws: Draws, seed: int, sets: int) -> str:
    """Return a checksum of what decides about surfaces and chain of a round.

    Args:
        draws: of all rounds so far
        seed: of the chain
        sets: number of sets of the chain
    """
    contents = (np.ascontiguousarray(draws.scores), np.ascontiguousarray(draws.figures), np.array([seed, sets]))
    return hashlib.sha256(b"".join(each.tobytes() for each in contents)).hexdigest()


def write_fit(path: Path, digest: str, surfaces: Surfaces, chain: Chain) -> None:
    """Write surfaces and chain of a round.

    Raises:
        InputError: the file cannot be written
    """
    arrays: dict[str, Any] = {f"chain_{name}": getattr(chain, name) for name in CHAIN}
    arrays |= {f"surfaces_{name}": getattr(surfaces, name) for name in SURFACES}
    arrays |= {f"layer_{number}": each for number, each in enumerate(surfaces.layers)}
    buffer = io.BytesIO()
    np.savez(buffer, digest=np.array(digest), **arrays)
    written(path, buffer.getvalue())


def stored_fit(path: Path, digest: str) -> tuple[Surfaces, Chain] | None:
    """Return surfaces and chain of a round on disk; None if there are none, they are broken, or they are of other draws."""
    try:
        with np.load(io.BytesIO(path.read_bytes())) as file:
            arrays = dict(file)
        if str(arrays["digest"]) != digest:
            return None
        layers = tuple(arrays[f"layer_{number}"] for number in range(sum(name.startswith("layer_") for name in arrays)))
        intercept, slopes, covariance = (arrays[f"surfaces_{name}"] for name in SURFACES)
        scores, effective, walkers, autocorrelation = (arrays[f"chain_{name}"] for name in CHAIN)
    except Exception:  # broken or foreign: they are computed again
        return None
    return Surfaces(intercept, slopes, layers, covariance), Chain(scores, float(effective), walkers, autocorrelation)
