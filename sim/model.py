"""The model speaks of the month: build, step through MONTH, fork."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mesa
import numpy as np

from sim.agents import classes_with
from sim.agents.organisation import Organisation
from sim.agents.school import School
from sim.draws import Luck, Stream
from sim.errors import LAST_SEED, Mistake, shown, whole_number
from sim.parameters import Parameters
from sim.phases import MONTH
from sim.policy import Scenario, Schedule
from sim.rules.forming import Reasons
from sim.world.build import built, reference_trust
from sim.world.facts import cohort
from sim.world.forums import FORUMS, ONLINE
from sim.world.organisations import AUTHORITY, BACKBONE, KINDS
from sim.world.schools import BANDS, band_ids
from sim.world.state import NATIONAL, World
from sim.world.ties import Norms


class CollaborationModel(mesa.Model):  # type: ignore[misc]
    """Organisations, ties, schools and students of one run, a month a step.

    Args:
        scenario: parameters, policy and files
        seed: of the luck
        world: the world to go on from, instead of a new one (a fork)
        kinds: classes that decide in place of the kinds' own, by name of the kind
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int = 1,
        world: World | None = None,
        kinds: dict[str, type[Organisation]] | None = None,
    ) -> None:
        super().__init__(rng=whole_number("a seed", seed, 0, LAST_SEED))
        if not isinstance(scenario, Scenario):
            raise Mistake(f"what is simulated is a scenario, as `sim.scenario` gives it; got {shown(scenario)}")
        self.case = scenario
        self.luck = Luck(int(seed))
        self.schedule: Schedule = scenario.schedule()
        self.kinds = classes_with(kinds)
        self.world: World = world or built(self.schedule.values[0], self.luck, scenario.files)
        self.parameters: Parameters = self.schedule.at(self.world.month - 1)
        self.earlier: Parameters = self.parameters
        self.schools: School = School.everyone(self)
        self._views: dict[Any, Any] = {}
        self._asked: dict[str, list[tuple[Any, slice]]] = {}
        self._traits: dict[str, tuple[Any, Any]] = {}
        self._rates: tuple[Parameters, Any] | None = None
        self._flags: dict[int, Any] = {}
        self._rows: dict[int, slice] = {}
        self._bands: Any = None
        self._grown: tuple[Any, int, float] = (None, 0, 1.0)
        self._reasons: tuple[Any, Reasons] | None = None
        self._norms: tuple[Any, Any, Norms] | None = None
        self._near: tuple[float, Any] | None = None
        self._peopled = False

    def step(self) -> None:
        """One month: every phase in order replaces the world."""
        self.earlier, self.parameters = self.parameters, self.schedule.at(self.world.month)
        for phase, _ in MONTH:
            self.world = phase(self)

    def run_until_month(self, month: int) -> CollaborationModel:
        """Step until this month is about to begin."""
        while self.world.month < month:
            self.step()
        return self

    def fork(self, scenario: Scenario) -> CollaborationModel:
        """Another model that goes on from this world under another scenario, with the same luck."""
        return CollaborationModel(scenario, self.luck.seed, self.world, self.kinds)

    @property
    def agents_by_type(self) -> Any:
        """Mesa's agents by class, made when first looked at: every organisation and school, a view of its row."""
        self._people()
        return super().agents_by_type

    @property
    def agents(self) -> Any:
        """Mesa's agents, made when first looked at."""
        self._people()
        return super().agents

    def _people(self) -> None:
        if not getattr(self, "_peopled", True):
            self._peopled = True
            for row, kind in enumerate(self.world.organisations.kind):
                self.kinds[KINDS[kind]](self, row)
            for row in range(len(self.world.schools)):
                School(self, row)

    def role(self, kind: str) -> Any:
        """Everyone of a kind, seen as one."""
        if kind not in self._views:
            rows = self.world.organisations.rows_of(KINDS.index(kind))
            self._views[kind] = self.kinds[kind].everyone(self, rows)
        return self._views[kind]

    def view(self, row: int) -> Any:
        """The organisation at a row, not registered with Mesa."""
        return self.kinds[KINDS[self.world.organisations.kind[row]]].everyone(self, row)  # type: ignore[arg-type]

    def ask(self, decision: str, *circumstances: Any) -> Any:
        """Everyone's answer to a decision, an array over rows; zero for kinds that have none.

        Kinds that decide in the same way are asked together; an overridden kind is asked on its own rows.
        Circumstances that are arrays over organisations are cut to the rows asked.
        """
        if decision not in self._asked:
            self._asked[decision] = self._deciders(decision)
        size, asked = len(self.world.organisations.id), self._asked[decision]
        if len(asked) == 1 and asked[0][1] == slice(0, size):
            return asked[0][0](*circumstances)
        answer = np.zeros(size)
        for decide, rows in asked:
            given = decide(*[c[rows] if isinstance(c, np.ndarray) and len(c) == size else c for c in circumstances])
            if given.ndim != answer.ndim:
                answer = np.zeros((size, *given.shape[1:]))
            answer[rows] = given
        return answer

    def _deciders(self, decision: str) -> list[tuple[Any, slice]]:
        groups: list[tuple[Any, Any, slice]] = []
        for code, kind in enumerate(KINDS):
            decider, rows = self.kinds[kind], self.world.organisations.rows_of(code)
            method = getattr(decider, decision, None)
            if method is None or rows.start == rows.stop:
                continue
            own = decider.__module__.startswith("sim.agents.")  # a user's class may override what it calls
            if own and groups and groups[-1][0] is method and groups[-1][2].stop == rows.start:
                groups[-1] = (method, groups[-1][1], slice(groups[-1][2].start, rows.stop))
            else:
                groups.append((method if own else None, decider, rows))
        return [(getattr(decider.everyone(self, rows), decision), rows) for _, decider, rows in groups]

    def by_kind(self, field: str) -> Any:
        """A declared trait of kinds at every row; shape (organisations,)."""
        if field not in self._traits or self._traits[field][0] is not self.parameters.kinds:
            values = np.array([getattr(getattr(self.parameters.kinds, kind), field) for kind in KINDS])
            self._traits[field] = (self.parameters.kinds, values[self.world.organisations.kind])
        return self._traits[field][1]

    def forum_rates(self) -> Any:
        """Meetings alone, meetings convened and log chance of missing each other in one; shape (3, forums)."""
        if self._rates is None or self._rates[0] is not self.parameters:
            p = self.parameters.forums
            forums = [getattr(p, name) for name in FORUMS]
            rates = np.array([[f.alone * f.open, f.convened * f.open, f.contact] for f in forums]).T
            rates[1, ONLINE] *= self.parameters.conditions.continuous_communication
            rates = np.array((rates[0], rates[1], np.log1p(-np.minimum(rates[2], 1.0 - 1e-12))))
            self._rates = (self.parameters, rates)
        return self._rates[1]

    def of_kind(self, kind: int) -> Any:
        """Whether each organisation is of a kind [flag]; shape (organisations,)."""
        if kind not in self._flags:
            self._flags[kind] = self.world.organisations.kind == kind
        return self._flags[kind]

    def rows_of(self, kind: int) -> slice:
        """The rows of one kind."""
        if kind not in self._rows:
            self._rows[kind] = self.world.organisations.rows_of(kind)
        return self._rows[kind]

    def reasons(self) -> Reasons:
        """What counts for those who might form a tie, and how much."""
        p = self.parameters.meeting
        if self._reasons is None or self._reasons[0] is not p:
            weights = p.base, p.same, p.agree, p.reciprocal, p.closing, p.introduced, p.degree, p.cap
            self._reasons = (p, Reasons(*weights, always=BACKBONE))
        return self._reasons[1]

    def norms(self) -> Norms:
        """How strangers of each kind stand to each other, the backbone included."""
        trust, network = self.parameters.trust, self.parameters.network
        if self._norms is None or self._norms[0] is not trust or self._norms[1] is not network:
            one, other = np.divmod(np.arange(len(KINDS) ** 2), len(KINDS))
            between = reference_trust(np.arange(len(KINDS)), one, other, trust)
            between[(one == BACKBONE) | (other == BACKBONE)] = network.first_mandate
            table = between.reshape(len(KINDS), len(KINDS))
            norms = Norms(self.world.organisations.kind, table, trust.prior_weight)
            self._norms = (trust, network, norms)
        return self._norms[2]

    def luck_of_bands(self, stream: Stream, rows: Any = slice(None)) -> Any:
        """This month's luck of every ability band of the schools at some rows; shape (rows, bands)."""
        if self._bands is None:
            self._bands = band_ids(self.world.schools.id).reshape(-1, BANDS)
        return self.luck(stream, self.world.month, self._bands[rows].ravel()).reshape(-1, BANDS)

    def nearness(self) -> Any:
        """What nearness adds to the convenience of every school for everyone; shape (organisations, schools)."""
        weight = 1.0 - self.parameters.placing.ease
        if self._near is None or self._near[0] != weight:
            drawn = self.luck.table(Stream.CONVENIENCE, 0, self.world.organisations.id, self.world.schools.id)
            self._near = (weight, weight * drawn)
        return self._near[1]

    @property
    def authorities_from(self) -> int:
        """The first row of the local authorities."""
        return self.world.organisations.rows_of(AUTHORITY).start

    @property
    def taking(self) -> float:
        """Maths takers among students of grade 12 [share]."""
        return float(self.parameters.setting.taking)

    @property
    def reference_share(self) -> float:
        """Share of the grade at five units in the reference year, from which other subjects move [share]."""
        return self.world.reference_share

    def growth(self) -> float:
        """Size of the cohort that now enters grade 10, over that of the reference year [ratio]."""
        setting, year = self.parameters.setting, self.world.month // 12 + 2006 + 2
        if self.parameters.school.steady:
            return 1.0
        if self._grown[:2] != (setting, year):
            self._grown = (setting, year, cohort(year, setting.cohorts) / cohort(setting.year, setting.cohorts))
        return self._grown[2]

    def package(self) -> dict[str, float]:
        """The levers of the national programme that are in force this month, and the class minimum."""
        p, ministry = self.parameters.package, self.world.ministry
        national = ministry.stage >= NATIONAL
        since = self.world.month - ministry.since if national else -1.0
        lowered = national and p.lower_minimum
        staffing = self.parameters.staffing
        return {
            "bonus": p.bonus * (national and since >= p.bonus_delay),
            "safety_net": p.safety_net * (national and since >= p.safety_net_delay),
            "campaign": p.campaign * (national and since >= p.campaign_delay),
            "minimum": staffing.minimum_lowered if lowered else staffing.minimum,
        }

    def reports_this_month(self) -> float:
        """What a ministry report on the state of mathematics adds to shared measurement this month [share]."""
        ministry, package = self.world.ministry, self.parameters.package
        after = (package.first_report, package.second_report)
        due = ministry.stage >= NATIONAL and self.world.month - ministry.since in after
        return package.reports if due else 0.0


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
