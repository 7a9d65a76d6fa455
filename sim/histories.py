"""Many futures of one history: what runs share is simulated once and forked."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.agents.organisation import Organisation
from sim.model import CollaborationModel
from sim.policy import Scenario, Schedule
from sim.world.state import World

type Step = tuple[int, tuple[int, ...]]
"""A month up to which a history goes, and the signature of what can have mattered until then."""


@dataclass(frozen=True)
class Failure:
    """A run that failed: which case, which seed, and the traceback as text."""

    case: str
    seed: int
    traceback: str


@dataclass
class Histories:
    """The runs of one seed. Equal histories are simulated once: a fork equals a straight run, bit for bit.

    Args:
        seed: of the luck
        kinds: classes that decide in place of the kinds' own, by name of the kind
    """

    seed: int
    kinds: dict[str, type[Organisation]] | None = None
    seconds: float = 0.0  # time spent simulating [s]
    months: int = 0  # months simulated [months]
    _known: dict[Step, World] = field(default_factory=dict)

    def worlds(self, cases: Sequence[Scenario]) -> list[World | Failure]:
        """The last world of each case, in the order given; a case that fails gives its Failure and stops no other."""
        schedules = [case.schedule() for case in cases]
        starts = sorted({start for schedule in schedules for start in schedule.starts})
        plans = [self._plan(case, schedule, starts) for case, schedule in zip(cases, schedules, strict=True)]
        wanted = Counter(step for plan in plans for step in plan)
        return [self._run(case, plan, wanted) for case, plan in zip(cases, plans, strict=True)]

    def _plan(self, case: Scenario, schedule: Schedule, starts: Sequence[int]) -> list[Step]:
        end = case.last_month + 1
        months = [start for start in starts if case.first_month < start < end]
        files = hash(id(case.files.schools) if case.files.schools is not None else None)
        return [(month, (files, *schedule.signature(month))) for month in (*months, end)]

    def _run(self, case: Scenario, plan: list[Step], wanted: Counter[Step]) -> World | Failure:
        begin = time.perf_counter()
        try:
            known = [step for step in plan if step in self._known]
            model = CollaborationModel(case, self.seed, self._known[known[-1]] if known else None, self.kinds)
            begun = plan.index(known[-1]) + 1 if known else 0
            for step, after in zip(plan[begun:], [*plan[begun + 1 :], None], strict=False):
                before = model.world.month
                model.run_until_month(step[0])
                self.months += step[0] - before
                if wanted[step] > (wanted[after] if after else 1):  # here ways part
                    self._known[step] = model.world
            return model.world
        except Exception:
            return Failure(case.name, self.seed, traceback.format_exc())
        finally:
            self.seconds += time.perf_counter() - begin
