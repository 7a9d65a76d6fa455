"""Ends of runs: outcomes and the ministry's path, or the traceback of a failure."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.errors import OutcomeError
from sim.outcomes import all_outcomes
from sim.policy import Scenario
from sim.runs.keep import encoded_tables
from sim.world.state import StagePath, World, path_of


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
        outcomes: by name; None if the run or an outcome of the model failed
        path: of the ministry; None if the run failed
        traceback: of the failure; empty if there was none
        tables: that are kept of the run, encoded, by name
    """

    outcomes: Mapping[str, float] | None = None
    path: StagePath | None = None
    traceback: str = ""
    tables: Mapping[str, bytes] = field(default_factory=dict)

    @staticmethod
    def of(world: World | Failure, scenario: Scenario, seed: int, keep: Sequence[str] = ()) -> RunEnd:
        """Return the end of a run from its last world or its failure.

        Args:
            world: after the last month, or the failure
            scenario: of the run
            seed: of its random draws
            keep: names of its tables that are kept

        Raises:
            OutcomeError: an outcome of the user's own failed
        """
        if isinstance(world, Failure):
            return RunEnd(traceback=world.traceback)
        path = path_of(world)
        try:
            return RunEnd(all_outcomes(world), path, tables=encoded_tables(world, scenario, seed, keep))
        except OutcomeError:
            raise
        except Exception:
            return RunEnd(None, path, traceback.format_exc())
