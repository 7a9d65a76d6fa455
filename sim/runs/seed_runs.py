"""Runs of the points of a design with one seed. Outcomes are computed when a run ends, and its world is then dropped."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.agents.organisation import Organisation
from sim.design.points import Point
from sim.policy import Scenario
from sim.runs.keep import EncodedRun, MemoryTables
from sim.runs.run_end import RunEnd
from sim.runs.shared_history import Histories


@dataclass
class SeedResult:
    """Results of design points at one seed.

    Attributes:
        seed: of the runs
        rows: by number of the point: scenario, factors, `dates`, `seed` and outcomes of each run
        failures: by number of the point: factors, `dates`, `seed` and `traceback` of each run that failed
        tables: by number of the point: tables that are kept of each run, encoded
        seconds: time of simulation and outcomes [s]
        months: that were simulated [months]
    """

    seed: int
    rows: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    failures: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    tables: dict[int, list[EncodedRun]] = field(default_factory=dict)
    seconds: float = 0.0
    months: int = 0

    def add(self, number: int, point: Point, dates: str, end: RunEnd) -> None:
        """Add the end of a run as a row of outcomes, or as a failure.

        Args:
            number: of the point
            point: of the design
            dates: whose dates the ministry followed
            end: of the run
        """
        keys = {**point.factors, "dates": dates, "seed": self.seed}
        if end.outcomes is None:
            self.failures.setdefault(number, []).append({**keys, "traceback": end.traceback})
        else:
            row = {"scenario": point.scenario.name, **keys, **end.outcomes}
            self.rows.setdefault(number, []).append(row)
            if end.tables:
                run = EncodedRun({"scenario": point.scenario.name, **keys}, end.tables)
                self.tables.setdefault(number, []).append(run)

    @property
    def complete(self) -> int:
        """Number of runs that ended with outcomes."""
        return sum(map(len, self.rows.values()))

    @property
    def runs(self) -> int:
        """Number of runs, failed ones included."""
        return self.complete + sum(map(len, self.failures.values()))

    def unbroken(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Return the rows of points without a failed run, each with the number of its point, in order of the numbers."""
        return ((n, row) for n in sorted(self.rows) if n not in self.failures for row in self.rows[n])

    def unbroken_tables(self) -> Iterator[tuple[int, EncodedRun]]:
        """Return the kept tables of points without a failed run, each with the number of its point."""
        return ((n, run) for n in sorted(self.tables) if n not in self.failures for run in self.tables[n])


def rows_of(results: Iterable[SeedResult]) -> list[dict[str, Any]]:
    """Return the rows of some results, point by point."""
    return [row for result in results for number in sorted(result.rows) for row in result.rows[number]]


def failures_in(results: Iterable[SeedResult]) -> list[dict[str, Any]]:
    """Return the failures of some results, point by point."""
    return [each for result in results for number in sorted(result.failures) for each in result.failures[number]]


@dataclass
class SeedRuns:
    """Runs of one seed, each of which is simulated once.

    Args:
        histories: that simulate them
        keep: names of the tables that are kept of each run
        seconds: time of simulation and outcomes so far [s]
    """

    histories: Histories
    keep: Sequence[str] = ()
    seconds: float = 0.0
    _expected: set[Scenario] = field(default_factory=set)
    _ends: dict[Scenario, RunEnd] = field(default_factory=dict)

    def expect(self, scenarios: Iterable[Scenario]) -> None:
        """Announce scenarios whose ends will be needed, so that histories they share are simulated once."""
        new = [scenario for scenario in dict.fromkeys(scenarios) if scenario not in self._expected]
        self._expected.update(new)
        self.histories.expect(new)

    def end_of(self, scenario: Scenario) -> RunEnd:
        """Return the end of the run of a scenario."""
        if scenario not in self._ends:
            begin = time.perf_counter()
            self._ends[scenario] = RunEnd.of(self.histories.run(scenario), scenario, self.histories.seed, self.keep)
            self.seconds += time.perf_counter() - begin
        return self._ends[scenario]


def seed_result(
    points: Mapping[int, Point] | Sequence[Point],
    seed: int,
    kinds: dict[str, type[Organisation]] | None = None,
    values: Mapping[str, float] | None = None,
    keep: Sequence[str] = (),
) -> SeedResult:
    """Simulate points of a design with one seed, at one parameter set; histories that points share are simulated once.

    Args:
        points: by their numbers; those of a sequence are numbered from 0
        seed: of the random draws
        kinds: classes that decide in place of the kinds' own, by name of the kind
        values: the parameter set
        keep: names of the tables that are kept of each run

    Returns:
        Rows, failures and kept tables, by number of the point.
    """
    numbered = points if isinstance(points, Mapping) else dict(enumerate(points))
    drawn = {number: point.drawn(values or {}) for number, point in numbered.items()}
    runs, result = SeedRuns(Histories(seed, kinds), keep), SeedResult(seed)
    references = [(n, point, point.reference) for n, point in drawn.items() if point.reference is not None]
    runs.expect([*(reference for _, _, reference in references), *(point.scenario for point in drawn.values())])
    # References come first, since the ministry's path in them defines the runs with the dates held.
    paths = [(number, point, runs.end_of(reference).path) for number, point, reference in references]
    runs.expect(point.held(path) for _, point, path in paths)
    for number, point in drawn.items():
        result.add(number, point, "emergent", runs.end_of(point.scenario))
    for number, point, path in paths:
        result.add(number, point, point.dates, runs.end_of(point.held(path)))
    result.seconds, result.months = runs.seconds, runs.histories.months
    return result


def tables_in(seed_results: Sequence[SeedResult], keep: Sequence[str]) -> MemoryTables | None:
    """Return the tables that some results have; None if no table is kept.

    Args:
        seed_results: of the seeds
        keep: names of the tables
    """
    runs = [(n, run) for result in seed_results for n in sorted(result.tables) for run in result.tables[n]]
    return MemoryTables(tuple(keep), runs) if keep else None
