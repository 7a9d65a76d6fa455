"""Shared histories: the months that several runs have in common are simulated once, and the runs are forked."""

from __future__ import annotations

import traceback
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sim.agents.organisation import Organisation
from sim.model import CollaborationModel
from sim.policy import Scenario
from sim.runs.interrupts import undisturbed, was_interrupted
from sim.runs.run_end import Failure
from sim.world.state import World

type Step = tuple[int, tuple[int, ...]]
"""Month up to which a history goes, and the signature of all that can have mattered until then."""


@dataclass
class Histories:
    """Runs of one seed. Equal histories are simulated once; a forked run equals a straight one, bit for bit.

    The world at a fork is stored as long as an expected run needs it.

    Args:
        seed: of the random draws
        kinds: classes that decide in place of the kinds' own, by name of the kind
        months: that were simulated so far [months]
    """

    seed: int
    kinds: dict[str, type[Organisation]] | None = None
    months: int = 0
    _starts: set[int] = field(default_factory=set)
    _plans: defaultdict[Scenario, list[list[Step]]] = field(default_factory=lambda: defaultdict(list))
    _wanted: Counter[Step] = field(default_factory=Counter)
    _stored: dict[Step, World] = field(default_factory=dict)

    def worlds(self, scenarios: Sequence[Scenario]) -> list[World | Failure]:
        """Return the last world of each scenario, in their order, or its failure; a failure does not stop the others."""
        self.expect(scenarios)
        return [self.run(scenario) for scenario in scenarios]

    def expect(self, scenarios: Iterable[Scenario]) -> None:
        """Announce scenarios that will be run, each as often as it is listed, so that shared worlds are stored for them."""
        scenarios = list(scenarios)
        self._starts.update(start for scenario in scenarios for start in scenario.schedule().starts)
        for scenario in scenarios:
            plan = self._plan(scenario)
            self._plans[scenario].append(plan)
            self._wanted.update(plan)

    def run(self, scenario: Scenario) -> World | Failure:
        """Return the last world of a scenario, or its failure."""
        if not self._plans[scenario]:
            self.expect([scenario])
        plan = self._plans[scenario].pop()
        try:
            with undisturbed():
                return self._simulated(scenario, plan)
        except Exception as error:
            if was_interrupted(error):
                raise KeyboardInterrupt from None
            return Failure(scenario.name, self.seed, traceback.format_exc())
        finally:
            self._release(plan)

    def _plan(self, scenario: Scenario) -> list[Step]:
        schedule, end = scenario.schedule(), scenario.last_month + 1
        months = [start for start in sorted(self._starts) if scenario.first_month < start < end]
        files = hash(id(scenario.files.schools) if scenario.files.schools is not None else None)
        marks = schedule.signature(end)  # the signature of an earlier month is the beginning of this one
        return [(month, (files, *marks[: bisect_left(schedule.starts, month)])) for month in (*months, end)]

    def _simulated(self, scenario: Scenario, plan: list[Step]) -> World:
        stored = [step for step in plan if step in self._stored]
        model = CollaborationModel(scenario, self.seed, self._stored[stored[-1]] if stored else None, self.kinds)
        start = plan.index(stored[-1]) + 1 if stored else 0
        for step, after in zip(plan[start:], [*plan[start + 1 :], None], strict=False):
            before = model.world.month
            model.run_until_month(step[0])
            self.months += step[0] - before
            if self._wanted[step] > (self._wanted[after] if after else 1):  # other runs fork here
                self._stored[step] = model.world
        return model.world

    def _release(self, plan: list[Step]) -> None:
        self._wanted.subtract(plan)
        for step in plan:
            if not self._wanted[step]:
                del self._wanted[step]
                self._stored.pop(step, None)
