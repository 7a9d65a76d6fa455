"""The points of a design at one seed: every run is judged as it ends, and no world outlives its use."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.agents.organisation import Organisation
from sim.design.points import Point
from sim.policy import Scenario
from sim.runs.run_end import Told
from sim.runs.shared_history import Histories


@dataclass
class SeedResult:
    """Design points at one seed: rows of the table and failures by the number of their point, and what their runs took.

    A row has the scenario, the point's factors, `dates`, `seed` and the outcomes of a run; a failure has factors, `dates`,
    `seed` and `traceback`.
    """

    seed: int
    rows: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    failures: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    seconds: float = 0.0  # simulating and judging [s]
    months: int = 0  # simulated [months]

    def add(self, number: int, point: Point, dates: str, told: Told) -> None:
        """Add a run of a point: a row of outcomes, or a failure."""
        about = {**point.factors, "dates": dates, "seed": self.seed}
        if told.outcomes is None:
            self.failures.setdefault(number, []).append({**about, "traceback": told.traceback})
        else:
            row = {"scenario": point.case.name, **about, **told.outcomes}
            self.rows.setdefault(number, []).append(row)

    @property
    def complete(self) -> int:
        """Runs that ended with outcomes."""
        return sum(map(len, self.rows.values()))

    @property
    def runs(self) -> int:
        """Runs, failed ones too."""
        return self.complete + sum(map(len, self.failures.values()))

    def unbroken(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the rows of points of which no run failed, each with the number of its point, in order of the numbers."""
        return ((n, row) for n in sorted(self.rows) if n not in self.failures for row in self.rows[n])


def rows_of(results: Iterable[SeedResult]) -> list[dict[str, Any]]:
    """Return the rows of some results, point by point."""
    return [row for result in results for number in sorted(result.rows) for row in result.rows[number]]


def failures_in(results: Iterable[SeedResult]) -> list[dict[str, Any]]:
    """Return the failures of some results, point by point."""
    return [each for result in results for number in sorted(result.failures) for each in result.failures[number]]


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
    points: Mapping[int, Point] | Sequence[Point],
    seed: int,
    kinds: dict[str, type[Organisation]] | None = None,
    values: Mapping[str, float] | None = None,
) -> SeedResult:
    """Simulate points of a design with one seed, at one parameter set; what points share is simulated once.

    Args:
        points: by their numbers; those of a sequence are numbered from 0
        seed: of the luck
        kinds: classes that decide in place of the kinds' own, by name of the kind
        values: the parameter set

    Returns:
        Rows and failures, by number of the point.
    """
    numbered = points if isinstance(points, Mapping) else dict(enumerate(points))
    drawn = {number: point.drawn(values or {}) for number, point in numbered.items()}
    runs, result = Judging(Histories(seed, kinds)), SeedResult(seed)
    references = [(n, point, point.reference) for n, point in drawn.items() if point.reference is not None]
    runs.expect([*(reference for _, _, reference in references), *(point.case for point in drawn.values())])
    # References come first: what happens in them decides which runs with dates held there are to be.
    paths = [(number, point, runs.told(reference).path) for number, point, reference in references]
    runs.expect(point.held(path) for _, point, path in paths)
    for number, point in drawn.items():
        result.add(number, point, "emergent", runs.told(point.case))
    for number, point, path in paths:
        result.add(number, point, point.dates, runs.told(point.held(path)))
    result.seconds, result.months = runs.seconds, runs.histories.months
    return result
