"""The model: it builds a world and simulates it month by month."""

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
from sim.old_names import renamed_attribute
from sim.parameters import Parameters
from sim.phases import phases_after_calendar
from sim.phases.calendar import calendar
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
        scenario: that is simulated
        world: state at the beginning of the month `date`
        parameters: in force
        kinds: the class that decides for each kind
        schools: all schools as one agent

    Raises:
        InputError: the scenario, a kind or a class is unknown or wrong, both `seed` and `rng` are given, or a reporter fails
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
        """Scenario that is simulated."""
        return self._scenario

    @scenario.setter
    def scenario(self, scenario: object) -> None:
        """Refuse another scenario. Mesa's constructor sets one that holds only the seed; it is ignored."""
        if hasattr(self, "schedule"):
            raise InputError(
                "the scenario of a model cannot be changed; use `model.fork(scenario)` to go on under another one"
            )

    @property
    def seed(self) -> int:
        """Seed of the random draws of the run."""
        return self.luck.seed

    def step(self) -> None:
        """Simulate one month: each phase in turn replaces the world. In an idle month only those run that do not wait.

        Raises:
            InputError: the last month has been simulated
        """
        self._require_month(self.world.month)
        self.earlier, self.parameters = self.parameters, self.schedule.at(self.world.month)
        self.world = calendar(self)
        for phase in phases_after_calendar(self):
            self.world = phase(self)
        self._month_done()

    def run_until_month(self, month: int | str) -> CollaborationModel:
        """Simulate until a month is about to begin.

        Args:
            month: its number, or YYYY-MM

        Raises:
            InputError: the month is not a date, or the run does not reach it; nothing is simulated then
        """
        month = int(month) if isinstance(month, Integral) else month_of(str(month))
        self._require_month(month - 1)
        while self.world.month < month:
            self.step()
        return self

    def fork(self, scenario: str | Scenario) -> CollaborationModel:
        """Return a model that goes on from this world under another scenario, with the same random draws."""
        return CollaborationModel(scenario, self.seed, self.world, self.kinds)

    def kind(self, name: str) -> Any:
        """Return all organisations of a kind as one agent.

        Raises:
            InputError: the kind is unknown
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
        """Return the answers of all organisations to a decision, an array over organisations; zero for kinds without it.

        Kinds that decide in the same way are called together; an overridden kind is called with its own rows.

        Args:
            decision: name of the method
            circumstances: its arguments; arrays over organisations are cut to the rows of each call
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
    """Return the seed, given by either of its names; 1 if neither is given.

    Raises:
        InputError: both are given, or the seed is not a whole number
    """
    if seed is not None and rng is not None:
        raise InputError("`seed` and `rng` cannot be given together, since both are the seed; use one of them")
    number = rng if seed is None else seed
    return 1 if number is None else whole_number("a seed", number, 0, LAST_SEED)


@dataclass(frozen=True)
class History:
    """Record of one run, from which its decisions can be explained.

    Attributes:
        scenario: scenario that was simulated
        seed: of the random numbers
        world: the last world
        worlds: world at the end of each school year, by year
        kinds: classes that decided, by name of the kind; None for the registered ones
    """

    scenario: Scenario
    seed: int
    world: World
    worlds: dict[int, World]
    kinds: dict[str, type[Organisation]] | None = None
    case = renamed_attribute("run.case", "scenario")
