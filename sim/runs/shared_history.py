"""Many futures of one history: what runs share is simulated once and forked."""

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
"""A month up to which a history goes, and the signature of what can have mattered until then."""


@dataclass
class Histories:
    """The runs of one seed. Equal histories are simulated once: a fork equals a straight run, bit for bit.

    A world in which ways part is kept while a run that is expected still needs it, and no longer.

    Args:
        seed: of the luck
        kinds: classes that decide in place of the kinds' own, by name of the kind
    """

    seed: int
    kinds: dict[str, type[Organisation]] | None = None
    months: int = 0  # months simulated [months]
    _starts: set[int] = field(default_factory=set)
    _plans: defaultdict[Scenario, list[list[Step]]] = field(default_factory=lambda: defaultdict(list))
    _wanted: Counter[Step] = field(default_factory=Counter)
    _known: dict[Step, World] = field(default_factory=dict)

    def worlds(self, cases: Sequence[Scenario]) -> list[World | Failure]:
        """Return the last world of each case, in the order given; a case that fails gives its Failure and stops no other."""
        self.expect(cases)
        return [self.run(case) for case in cases]

    def expect(self, cases: Iterable[Scenario]) -> None:
        """Say which cases are to be run, each as often as it is named: what they share is then kept for them."""
        cases = list(cases)
        self._starts.update(start for case in cases for start in case.schedule().starts)
        for case in cases:
            plan = self._plan(case)
            self._plans[case].append(plan)
            self._wanted.update(plan)

    def run(self, case: Scenario) -> World | Failure:
        """Return the last world of a case, or its Failure."""
        if not self._plans[case]:
            self.expect([case])
        plan = self._plans[case].pop()
        try:
            with undisturbed():
                return self._simulated(case, plan)
        except Exception as error:
            if was_interrupted(error):
                raise KeyboardInterrupt from None
            return Failure(case.name, self.seed, traceback.format_exc())
        finally:
            self._release(plan)

    def _plan(self, case: Scenario) -> list[Step]:
        schedule, end = case.schedule(), case.last_month + 1
        months = [start for start in sorted(self._starts) if case.first_month < start < end]
        files = hash(id(case.files.schools) if case.files.schools is not None else None)
        marks = schedule.signature(end)  # that of an earlier month is its beginning
        return [(month, (files, *marks[: bisect_left(schedule.starts, month)])) for month in (*months, end)]

    def _simulated(self, case: Scenario, plan: list[Step]) -> World:
        known = [step for step in plan if step in self._known]
        model = CollaborationModel(case, self.seed, self._known[known[-1]] if known else None, self.kinds)
        begun = plan.index(known[-1]) + 1 if known else 0
        for step, after in zip(plan[begun:], [*plan[begun + 1 :], None], strict=False):
            before = model.world.month
            model.run_until_month(step[0])
            self.months += step[0] - before
            if self._wanted[step] > (self._wanted[after] if after else 1):  # here ways part
                self._known[step] = model.world
        return model.world

    def _release(self, plan: list[Step]) -> None:
        self._wanted.subtract(plan)
        for step in plan:
            if not self._wanted[step]:
                del self._wanted[step]
                self._known.pop(step, None)
