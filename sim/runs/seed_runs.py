"""The points of a design at one seed: every run is judged as it ends, and no world outlives its use."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sim.agents.organisation import Organisation
from sim.outcomes.network import StagePath
from sim.policy import Scenario
from sim.runs.shared_history import Histories, Told


@dataclass(frozen=True)
class Point:
    """A design point: its factors by name, its scenario, and the scenario whose dates it is also run with.

    `reference` None: no run with dates held. A point that is its own reference needs no second run. `dates` is what the
    second run goes by in the table.
    """

    factors: Mapping[str, Any]
    case: Scenario
    reference: Scenario | None = None
    dates: str = "held"

    def drawn(self, values: Mapping[str, float]) -> Point:
        """The same point at a parameter set of a posterior."""
        reference = None if self.reference is None else self.reference.drawn(values)
        return replace(self, case=self.case.drawn(values), reference=reference)

    def held(self, path: StagePath | None) -> Scenario:
        """The point's scenario with the dates of its reference run; the reference for a path None, since it failed."""
        assert self.reference is not None
        if path is None or self.reference == self.case:
            return self.reference
        return self.case.held(path) if path else self.case.with_({"ministry.mode": "never"})


@dataclass
class SeedResult:
    """All points of one seed: rows of the table, failures, and the time spent on their runs."""

    seed: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0  # simulating and judging [s]
    months: int = 0  # simulated [months]

    def note(self, point: Point, dates: str, told: Told) -> None:
        """Add a run: a row of outcomes, or a failure."""
        about = {**point.factors, "dates": dates, "seed": self.seed}
        if told.outcomes is None:
            self.failures.append({**about, "traceback": told.traceback})
        else:
            self.rows.append({"scenario": point.case.name, **about, **told.outcomes})


@dataclass
class Judging:
    """The runs of one seed, each done once and told when it has ended."""

    histories: Histories
    seconds: float = 0.0  # simulating and judging [s]
    _expected: set[Scenario] = field(default_factory=set)
    _told: dict[Scenario, Told] = field(default_factory=dict)

    def expect(self, cases: Iterable[Scenario]) -> None:
        """Say which cases are to be told, so that what they share is simulated once."""
        more = [case for case in dict.fromkeys(cases) if case not in self._expected]
        self._expected.update(more)
        self.histories.expect(more)

    def told(self, case: Scenario) -> Told:
        """What a case gives."""
        if case not in self._told:
            begin = time.perf_counter()
            self._told[case] = Told.of(self.histories.run(case))
            self.seconds += time.perf_counter() - begin
        return self._told[case]


def seed_result(
    points: Sequence[Point],
    seed: int,
    kinds: dict[str, type[Organisation]] | None = None,
    values: Mapping[str, float] | None = None,
) -> SeedResult:
    """Every point of a design for one seed, at one parameter set; what points share is simulated once."""
    points = [point.drawn(values or {}) for point in points]
    runs, result = Judging(Histories(seed, kinds)), SeedResult(seed)
    references = [(point, point.reference) for point in points if point.reference is not None]
    runs.expect([*(reference for _, reference in references), *(point.case for point in points)])
    # References come first: what happens in them decides which runs with dates held there are to be.
    paths = [(point, runs.told(reference).path) for point, reference in references]
    runs.expect(point.held(path) for point, path in paths)
    for point in points:
        result.note(point, "emergent", runs.told(point.case))
    for point, path in paths:
        result.note(point, point.dates, runs.told(point.held(path)))
    result.seconds, result.months = runs.seconds, runs.histories.months
    return result
