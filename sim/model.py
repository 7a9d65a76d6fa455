"""The model: build a world, simulate it month by month, ask who decides, fork."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from types import MethodType
from typing import Any

import mesa
import numpy as np

from sim.agents import ANSWERS, classes_with
from sim.agents.organisation import Organisation
from sim.agents.school import School
from sim.agents.validation import own
from sim.arrays import Floats
from sim.configuration import scenario_of
from sim.dates import date_of
from sim.draws import Luck
from sim.errors import LAST_SEED, Mistake, nearest, shown, whole_number
from sim.memo import Memo
from sim.parameters import Parameters
from sim.phases import MONTH
from sim.policy import Scenario, Schedule
from sim.world.build import built
from sim.world.organisations import KINDS
from sim.world.state import World

type Reporter = Callable[[CollaborationModel], Any] | str
"""A function of the model, or the name of one of its attributes."""

type Decider = tuple[MethodType, slice]
"""A decision of a class, and the rows for which it decides."""


class CollaborationModel(mesa.Model):  # type: ignore[misc]
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
        Mistake: unknown scenario, wrong seed, both `seed` and `rng`, unknown kind, wrong class, a reporter that fails
    """

    def __init__(
        self,
        scenario: str | Scenario = "historical_emergent",
        seed: int | None = None,
        world: World | None = None,
        kinds: dict[str, type[Organisation]] | None = None,
        rng: int | None = None,
        reporters: Mapping[str, Reporter] | mesa.DataCollector | None = None,
    ) -> None:
        self._scenario = scenario if isinstance(scenario, Scenario) else scenario_of(scenario)
        self.luck = Luck(seed_of(seed, rng))
        super().__init__(rng=self.luck.seed)
        self.schedule: Schedule = self._scenario.schedule()
        self.last_month: int = self._scenario.last_month
        self.kinds = classes_with(kinds)
        self.world: World = world or built(self.schedule.values[0], self.luck, self._scenario.files)
        self.parameters: Parameters = self.schedule.at(self.world.month - 1)
        self.earlier: Parameters = self.parameters
        self.schools: School = School.everyone(self)
        self.memo = Memo()
        self.running = self.world.month <= self.last_month
        self._organisations: list[Organisation] | None = None
        self._collector = None if reporters is None else collector(self, reporters)
        self._collects = self._collector is not None
        self._collect()

    @property
    def scenario(self) -> Scenario:
        """What is simulated."""
        return self._scenario

    @scenario.setter
    def scenario(self, scenario: object) -> None:  # Mesa's own constructor sets one, which holds the seed only
        if hasattr(self, "schedule"):
            raise Mistake("a model keeps its scenario; `model.fork(scenario)` goes on under another one")

    @property
    def seed(self) -> int:
        """Seed of the random draws."""
        return self.luck.seed

    @property
    def date(self) -> str:
        """The month that is about to begin, as YYYY-MM; once the run has ended, the month after the last one."""
        return date_of(self.world.month)

    @property
    def datacollector(self) -> mesa.DataCollector:
        """What the reporters collected; without reporters, a few figures of the network from the first look on."""
        if self._collector is None:
            self._collector, self._collects = collector(self, REPORTERS), True
            self._collect()
        return self._collector

    @datacollector.setter
    def datacollector(self, own: mesa.DataCollector) -> None:  # who sets one collects it, as in other Mesa models
        self._collector, self._collects = own, False

    def step(self) -> None:
        """Simulate one month: each phase in turn replaces the world. Raises Mistake after the last month."""
        self._require_month(self.world.month)
        self.earlier, self.parameters = self.parameters, self.schedule.at(self.world.month)
        for phase, _ in MONTH:
            self.world = phase(self)
        self.running = self.running and self.world.month <= self.last_month
        self._collect()

    def _wrapped_step(self) -> None:  # Mesa's: it moves the clock before it calls `step`
        self._require_month(self.world.month)
        super()._wrapped_step()

    def _require_month(self, month: int) -> None:
        if month > self.last_month:
            raise Mistake(
                f"`{self.scenario.name}` ends with {date_of(self.last_month)}, so {date_of(month)} cannot be simulated; "
                "set `setting.until` to a later month"
            )

    def _collect(self) -> None:
        if self._collects and self._collector is not None:
            try:
                self._collector.collect(self)
            except RuntimeError as error:  # Mesa's, when it tries each reporter
                raise error.__cause__ if isinstance(error.__cause__, Mistake) else error from None

    def run_until_month(self, month: int) -> CollaborationModel:
        """Step until this month is about to begin. Raises Mistake, before any step, for one that the run does not reach."""
        self._require_month(month - 1)
        while self.world.month < month:
            self.step()
        return self

    def fork(self, scenario: str | Scenario) -> CollaborationModel:
        """Return another model that goes on from this world under another scenario, with the same random draws."""
        return CollaborationModel(scenario, self.seed, self.world, self.kinds)

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], Any]:
        """Mesa's agents by class, made when first looked at: every organisation and school, a view of its row."""
        self._make_agents()
        return dict(super().agents_by_type)

    @property
    def agent_types(self) -> list[type[mesa.Agent]]:
        """Classes of Mesa's agents."""
        return list(self.agents_by_type)

    @property
    def agents(self) -> Any:
        """Mesa's agents, made when first looked at: organisations in the order of rows, then schools."""
        self._make_agents()
        return super().agents

    def organisation(self, row: int) -> Organisation:
        """Return the Mesa agent of the organisation at a row."""
        return self._make_agents()[row]

    def _make_agents(self) -> list[Organisation]:
        if self._organisations is None:
            codes = self.world.organisations.kind
            self._organisations = [self.kinds[KINDS[code]](self, row) for row, code in enumerate(codes)]
            for row in range(len(self.world.schools)):
                School(self, row)
        return self._organisations

    def kind(self, name: str) -> Any:
        """Return everyone of a kind, seen as one. Raises Mistake for an unknown kind."""
        if name not in self.kinds:
            raise Mistake(f"unknown kind {shown(name)}; there are {', '.join(KINDS)}")
        rows = self.world.organisations.rows_of
        return self.memo.get(("kind", name), (), lambda: self.kinds[name].everyone(self, rows(KINDS.index(name))))

    def ask(self, decision: str, *circumstances: Any) -> Any:
        """Return everyone's answer to a decision, an array over organisations; zero for kinds that have none.

        Kinds that decide in the same way are asked together; an overridden kind is asked on its own rows.
        Circumstances that are arrays over organisations are cut to the rows asked.
        """
        deciders: list[Decider] = self.memo.get(("ask", decision), (), lambda: self._deciders(decision))
        size = len(self.world.organisations)
        if len(deciders) == 1 and deciders[0][1] == slice(0, size):
            return deciders[0][0](*circumstances)
        answer: Floats = np.zeros(size)
        for decide, rows in deciders:
            part = decide(*[c[rows] if isinstance(c, np.ndarray) and len(c) == size else c for c in circumstances])
            if part.ndim != answer.ndim:
                answer = np.zeros((size, *part.shape[1:]))
            answer[rows] = part
        return answer

    def _deciders(self, decision: str) -> list[Decider]:
        if decision not in ANSWERS and not any(hasattr(decider, decision) for decider in self.kinds.values()):
            raise Mistake(f"nobody takes the decision {shown(decision)}{nearest(str(decision), sorted(ANSWERS))}")
        groups: list[tuple[Any, type[Organisation], slice]] = []
        for code, kind in enumerate(KINDS):
            decider, rows = self.kinds[kind], self.world.organisations.rows_of(code)
            method = getattr(decider, decision, None)
            if method is None or rows.start == rows.stop:
                continue
            ours = own(decider)  # a user's class may override what it calls
            if ours and groups and groups[-1][0] is method and groups[-1][2].stop == rows.start:
                groups[-1] = (method, groups[-1][1], slice(groups[-1][2].start, rows.stop))
            else:
                groups.append((method if ours else None, decider, rows))
        return [(getattr(decider.everyone(self, rows), decision), rows) for _, decider, rows in groups]

    @property
    def case(self) -> Scenario:
        """Old name of `scenario`."""
        warnings.warn("`model.case` is now `model.scenario`", DeprecationWarning, stacklevel=2)
        return self.scenario

    def role(self, kind: str) -> Any:
        """Return everyone of a kind; old name of `kind`."""
        warnings.warn("`model.role(...)` is now `model.kind(...)`", DeprecationWarning, stacklevel=2)
        return self.kind(kind)


def seed_of(seed: int | None, rng: int | None) -> int:
    """Return the seed by either of its names, 1 by neither. Raises Mistake for both, and for no whole number."""
    if seed is not None and rng is not None:
        raise Mistake("`seed` and `rng` are two names of one thing: give one of them")
    number = rng if seed is None else seed
    return 1 if number is None else whole_number("a seed", number, 0, LAST_SEED)


def members(model: CollaborationModel) -> int:
    """Number of members of the initiative."""
    return int(model.world.organisations.member.sum())


def examinees(model: CollaborationModel) -> float:
    """Examinees at five units in the last published year, not a number before the first."""
    published = model.world.published.examinees
    return published[-1] if published else float("nan")


REPORTERS: dict[str, Reporter] = {
    "date": "date",
    "members": members,
    "readiness": "world.initiative.readiness",
    "stage": "world.ministry.stage",
    "examinees": examinees,
}
"""What is collected where nobody says what."""


def collector(model: CollaborationModel, reporters: Any) -> mesa.DataCollector:
    """Return a Mesa DataCollector for reporters. Raises Mistake for what cannot report."""
    if isinstance(reporters, mesa.DataCollector):
        return reporters
    if not isinstance(reporters, Mapping) or not all(isinstance(name, str) for name in reporters):
        raise Mistake(
            f"`reporters` holds functions of the model by name, or is a DataCollector; got {shown(reporters)}"
        )
    for name, reporter in reporters.items():
        if not callable(reporter) and not isinstance(reporter, str):
            raise Mistake(
                f"the reporter `{name}` must be a function of the model or the name of an attribute; got {shown(reporter)}"
            )
    return mesa.DataCollector(model_reporters={name: partial(reported, name, each) for name, each in reporters.items()})


def reported(name: str, reporter: Reporter, model: CollaborationModel) -> Any:
    """Return what a reporter says of a model. Raises Mistake where it fails."""
    try:
        return (attrgetter(reporter) if isinstance(reporter, str) else reporter)(model)
    except Exception as error:
        raise Mistake(f"the reporter `{name}` failed in {model.date}: {type(error).__name__}: {error}") from error


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
