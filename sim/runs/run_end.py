"""Ends of runs: outcomes and the ministry's path, or the traceback of a failure."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from sim.outcomes import all_outcomes
from sim.outcomes.network import StagePath, path_of
from sim.world.state import World


@dataclass(frozen=True)
class Failure:
    """A run that failed.

    Attributes:
        scenario: name of its scenario
        seed: of the run
        traceback: as text
    """

    scenario: str
    seed: int
    traceback: str


@dataclass(frozen=True)
class RunEnd:
    """End of a run.

    Attributes:
        outcomes: by name; None if the run or an outcome failed
        path: of the ministry; None if the run failed
        traceback: of the failure; empty if there was none
    """

    outcomes: Mapping[str, float] | None = None
    path: StagePath | None = None
    traceback: str = ""

    @staticmethod
    def of(world: World | Failure) -> RunEnd:
        """Return the end of a run from its last world or its failure."""
        if isinstance(world, Failure):
            return RunEnd(traceback=world.traceback)
        path = path_of(world)
        try:
            return RunEnd(all_outcomes(world), path)
        except Exception:
            return RunEnd(None, path, traceback.format_exc())
