"""Design points: scenario, factors, and the reference scenario whose dates it also runs with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim import configuration
from sim.configuration import NEVER
from sim.declare import problem_with
from sim.errors import InputError
from sim.parameters import declared
from sim.policy import Scenario
from sim.world.state import StagePath

FACILITATION, TIMING = "backbone.facilitation", "timing"
"""The two factors of every point."""


@dataclass(frozen=True)
class Point:
    """A design point.

    Args:
        factors: levels by name
        scenario: its scenario
        reference: scenario whose dates it also runs with; None for no such run
        dates: value of the column `dates` for the second run
    """

    factors: Mapping[str, Any]
    scenario: Scenario
    reference: Scenario | None = None
    dates: str = "held"

    @property
    def runs(self) -> int:
        """Number of runs of the point at one seed."""
        return 1 if self.reference is None else 2

    def drawn(self, values: Mapping[str, float]) -> Point:
        """Return the same point at a parameter set of a posterior."""
        reference = None if self.reference is None else self.reference.drawn(values)
        return replace(self, scenario=self.scenario.drawn(values), reference=reference)

    def held(self, path: StagePath | None) -> Scenario:
        """Return the point's scenario with the dates of its reference run; the reference if its run failed (path None)."""
        assert self.reference is not None
        if path is None or self.reference == self.scenario:
            return self.reference
        return self.scenario.held(path) if path else self.scenario.with_({"ministry.mode": "never"})


def point_of(
    scenario: str | Scenario,
    timing: Any,
    values: Mapping[str, Any],
    factors: Mapping[str, Any],
    reference_facilitation: float | None,
) -> Point:
    """Return a design point.

    Args:
        scenario: name of a scenario, or a scenario
        timing: months by which its policy windows come later, or `never`; None for the scenario's own
        values: parameters to change, by dotted name
        factors: levels besides facilitation and timing
        reference_facilitation: facilitation whose dates the ministry also follows; None for no such run

    Raises:
        InputError: a name is unknown, a value is not allowed, or a scenario object gets a timing
    """
    if not isinstance(scenario, Scenario):
        ready = configuration.scenario(scenario, timing, overrides=values)
    elif timing is None:
        ready = scenario.with_(values)
    else:
        raise InputError(
            f"`{scenario.name}` is a scenario object, which has its own timing; give its name to change the timing"
        )
    own = {FACILITATION: ready.parameters[FACILITATION], TIMING: timing_text(ready, timing)}
    return Point(
        own | {k: v for k, v in factors.items() if k not in own}, ready, reference_of(ready, reference_facilitation)
    )


def timing_text(ready: Scenario, timing: Any) -> str:
    """Return a point's timing for tables: the option, or that of its scenario."""
    if timing is not None:
        return str(timing)
    return NEVER if ready.parameters["ministry.mode"] == NEVER else str(ready.timing)


def reference_of(ready: Scenario, reference_facilitation: float | None) -> Scenario | None:
    """Return the reference scenario whose dates a point also runs with; None for no such run.

    Raises:
        InputError: `reference_facilitation` is not a facilitation
    """
    if reference_facilitation is None:
        return None
    problem = problem_with("reference_facilitation", reference_facilitation, *declared(FACILITATION))
    if problem:
        raise InputError(problem)
    return ready.with_({FACILITATION: float(reference_facilitation)})


def require_distinct(points: Sequence[Point], names: Sequence[str]) -> None:
    """Check that no two points of a design have the same runs.

    Args:
        points: of the design
        names: identity of each, by content

    Raises:
        InputError: two points are the same
    """
    first: dict[str, Point] = {}
    for point, name in zip(points, names, strict=True):
        earlier = first.setdefault(name, point)
        if earlier is not point:
            first_text, second_text = (", ".join(f"{k}={v}" for k, v in p.factors.items()) for p in (earlier, point))
            raise InputError(f"two points of the design are the same: {first_text}; and {second_text}; remove one")
