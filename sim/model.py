"""The model: build a world, simulate it month by month, ask who decides, fork."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from sim.agents import classes_with
from sim.agents.deciders import Decider, deciders
from sim.agents.mesa_model import MesaModel
from sim.agents.organisation import Organisation
from sim.agents.reporters import Reporters
from sim.agents.school import School
from sim.configuration import scenario_of
from sim.dates import month_of
from sim.draws import Luck
from sim.errors import LAST_SEED, InputError, is_one_of, shown, whole_number
from sim.memo import Memo
from sim.parameters import Parameters
from sim.phases import MONTH
from sim.policy import Scenario, Schedule
from sim.rules.arrays import Floats
from sim.world.build import first_world
from sim.world.organisations import KINDS
from sim.world.state import World


class CollaborationModel(MesaModel):
    """Organisations, ties, schools and students of one run, a month a step.

    Args:
        scenario: name of a scenario, or one made by `sim.scenario`
        seed: of the random draws; another name for `rng`
        world: the world to go on from, instead of a new one (a fork)
        kinds: classes that decide in place of the kinds' own, by name of the kind
        rng: seed of the random draws, a whole number; 1 without it
        reporters: functions of the model by name, or a Mesa DataCollector; collected at the start and after every month

    Attributes:
        running: whether there is a month left to simulate
        scenario: what is simulated
        world: everything that is the case when the month `date` is about to begin
        parameters: those in force
        kinds: the class that decides for each kind
        schools: all schools, seen as one

    Raises:
        InputError: unknown scenario, wrong seed, both `seed` and `rng`, unknown kind, wrong class, a reporter that fails
    """

    def __init__(
        self,
        scenario: str | Scenario = "historical_emergent",
        seed: int | None = None,
        world: World | None = None,
        kinds: dict[str, type[Organisation]] | None = None,
        rng: int | None = None,
        reporters: Reporters | None = None,
    ) -> None:
        self._scenario = scenario if isinstance(scenario, Scenario) else scenario_of(scenario)
        self.luck = Luck(seed_of(seed, rng))
        super().__init__(rng=self.luck.seed)
        self.schedule: Schedule = self._scenario.schedule()
        self.last_month: int = self._scenario.last_month
        self.part: float = 1.0 if self._scenario.national else min(self._scenario.part, 1.0)
        self.kinds = classes_with(kinds)
        self.world: World = world or first_world(self.schedule.values[0], self.luck, self._scenario.files)
        self.parameters: Parameters = self.schedule.at(self.world.month - 1)
        self.earlier: Parameters = self.parameters
        self.schools: School = School.everyone(self)
        self.memo = Memo()
        self.running = self.world.month <= self.last_month
        if reporters is not None:
            self._collect_monthly(reporters)

    @property
    def scenario(self) -> Scenario:
        """What is simulated."""
        return self._scenario

    @scenario.setter
    def scenario(self, scenario: object) -> None:
        """Refuse another one. Mesa's own constructor sets one, which holds the seed only and is left aside."""
        if hasattr(self, "schedule"):
            raise InputError("a model keeps its scenario; `model.fork(scenario)` goes on under another one")

    @property
    def seed(self) -> int:
        """Seed of the random draws."""
        return self.luck.seed

    def step(self) -> None:
        """Simulate one month: each phase in turn replaces the world.

        Raises:
            InputError: after the last month
        """
        self._require_month(self.world.month)
        self.earlier, self.parameters = self.parameters, self.schedule.at(self.world.month)
        for phase, _ in MONTH:
            self.world = phase(self)
        self._month_done()

    def run_until_month(self, month: int | str) -> CollaborationModel:
        """Step until a month is about to begin, given as its number or as YYYY-MM.

        Raises:
            InputError: before any step, for what is no month and for one that the run does not reach
        """
        month = int(month) if isinstance(month, Integral) else month_of(str(month))
        self._require_month(month - 1)
        while self.world.month < month:
            self.step()
        return self

    def fork(self, scenario: str | Scenario) -> CollaborationModel:
        """Return another model that goes on from this world under another scenario, with the same random draws."""
        return CollaborationModel(scenario, self.seed, self.world, self.kinds)

    def kind(self, name: str) -> Any:
        """Return everyone of a kind, seen as one.

        Raises:
            InputError: an unknown kind
        """
        return (
            self.memo.get(("kind", name), (), lambda: self._everyone(name))
            if type(name) is str
            else self._everyone(name)
        )

    def _everyone(self, name: str) -> Organisation:
        if not is_one_of(name, self.kinds):
            raise InputError(f"unknown kind {shown(name)}; there are {', '.join(KINDS)}")
        return self.kinds[name].everyone(self, self.world.organisations.rows_of(KINDS.index(name)))

    def ask(self, decision: str, *circumstances: Any) -> Any:
        """Return everyone's answer to a decision, an array over organisations; zero for kinds that have none.

        Kinds that decide in the same way are asked together; an overridden kind is asked on its own rows.
        Circumstances that are arrays over organisations are cut to the rows asked.
        """
        takers: list[Decider] = self.memo.get(decision, (), lambda: self._deciders(decision))
        size = len(self.world.organisations)
        if len(takers) == 1 and takers[0][1] == slice(0, size):
            return takers[0][0](*circumstances)
        answer: Floats = np.zeros(size)
        for decide, rows in takers:
            part = decide(*[c[rows] if isinstance(c, np.ndarray) and len(c) == size else c for c in circumstances])
            if part.ndim != answer.ndim:
                answer = np.zeros((size, *part.shape[1:]))
            answer[rows] = part
        return answer

    def _deciders(self, decision: str) -> list[Decider]:
        return deciders(self, decision)


def seed_of(seed: int | None, rng: int | None) -> int:
    """Return the seed by either of its names, 1 by neither.

    Raises:
        InputError: both, and for no whole number
    """
    if seed is not None and rng is not None:
        raise InputError("`seed` and `rng` are two names of one thing: give one of them")
    number = rng if seed is None else seed
    return 1 if number is None else whole_number("a seed", number, 0, LAST_SEED)


@dataclass(frozen=True)
class History:
    """What one run left: all that an explanation needs.

    Attributes:
        case: scenario simulated
        seed: of the random numbers
        world: the last world
        worlds: the world at the end of each school year, by year
        kinds: classes that decided, by name of the kind; those registered if None
    """

    case: Scenario
    seed: int
    world: World
    worlds: dict[int, World]
    kinds: dict[str, type[Organisation]] | None = None
