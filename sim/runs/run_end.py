"""The end of a run: its outcomes and the ministry's path, or the traceback of its failure."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from sim.outcomes import all_outcomes
from sim.outcomes.network import StagePath, path_of
from sim.world.state import World


@dataclass(frozen=True)
class Failure:
    """A run that failed: which case, which seed, and the traceback as text."""

    case: str
    seed: int
    traceback: str


@dataclass(frozen=True)
class Told:
    """What is kept of a run that has ended: its outcomes and the ministry's path, or why there are none."""

    outcomes: Mapping[str, float] | None = None
    path: StagePath | None = None
    traceback: str = ""

    @staticmethod
    def of(world: World | Failure) -> Told:
        """What is kept of a last world."""
        if isinstance(world, Failure):
            return Told(traceback=world.traceback)
        path = path_of(world)
        try:
            return Told(all_outcomes(world), path)
        except Exception:
            return Told(None, path, traceback.format_exc())
