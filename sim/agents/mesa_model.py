"""The parts of a Mesa model besides its month: agents, collected data, an end."""

from __future__ import annotations

import warnings
from typing import Any

from sim.agents.light_mesa import mesa
from sim.agents.organisation import Organisation
from sim.agents.reporters import REPORTERS, Reporters, collect, collector
from sim.agents.school import School
from sim.agents.view import View
from sim.dates import date_of
from sim.errors import InputError, whole_number
from sim.world.organisations import KINDS
from sim.world.state import World


class MesaModel(mesa.Model):  # type: ignore[misc]
    """A Mesa model whose agents are rows of a world.

    Attributes:
        running: whether there is a month left to simulate
        world: everything that is the case when the month `date` is about to begin
        last_month: after which nothing is simulated [month]
        kinds: the class that decides for each kind
    """

    world: World
    running: bool
    last_month: int
    kinds: dict[str, type[Organisation]]
    _organisations: list[Organisation] | None = None
    _making: bool = False
    _collector: mesa.DataCollector | None = None
    _collects: bool = False

    @property
    def date(self) -> str:
        """The month that is about to begin, as YYYY-MM; once the run has ended, the month after the last one."""
        return date_of(self.world.month)

    @property
    def datacollector(self) -> mesa.DataCollector:
        """Data of the reporters; without reporters, a few figures of the network from the first access on."""
        if self._collector is None:
            self._collect_monthly(REPORTERS)
        return self._collector

    @datacollector.setter
    def datacollector(self, own: mesa.DataCollector) -> None:
        """Take a collector. Who sets one collects it, as in other Mesa models."""
        self._collector, self._collects = own, False

    def _collect_monthly(self, reporters: Reporters) -> None:
        self._collector, self._collects = collector(reporters), True
        collect(self._collector, self)

    def _month_done(self) -> None:
        self.running = self.running and self.world.month <= self.last_month
        if self._collects and self._collector is not None:
            collect(self._collector, self)

    def _wrapped_step(self) -> None:  # Mesa's: it moves the clock before it calls `step`
        self._require_month(self.world.month)
        if not self._step_alone():
            super()._wrapped_step()

    def _step_alone(self) -> bool:
        """Step and move the clock as Mesa does where the month is all that is scheduled; return whether it was.

        Mesa makes a new event for each step; here the one event of the model's own step moves on by a month.
        """
        events, schedule = self._event_list, self._default_schedule
        now = float(self.time) + 1.0  # type: ignore[has-type]
        event = schedule._current_event
        if event is None or event.CANCELED or event.time != now or events._events != [event]:
            return False
        events._events.clear()
        self.time = now
        self._do_step()
        schedule._execution_count += 1
        if events._events or event.CANCELED:  # the step scheduled events of its own, or stopped its schedule
            schedule._schedule_next(now + 1)
        else:
            event.time = now + 1
            events.add_event(event)
        return True

    def _require_month(self, month: int) -> None:
        if month > self.last_month:
            raise InputError(
                f"`{self.scenario.name}` ends with {date_of(self.last_month)}, so {date_of(month)} cannot be simulated; "
                "set `setting.until` to a later month"
            )

    @property
    def agents(self) -> Any:
        """Mesa's agents, made when first looked at: organisations in the order of rows, then schools."""
        self._make_agents()
        return super().agents

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], Any]:
        """Mesa's agents by class, made when first looked at: every organisation and school, a view of its row."""
        self._make_agents()
        return dict(super().agents_by_type)

    @property
    def agent_types(self) -> list[type[mesa.Agent]]:
        """Classes of Mesa's agents."""
        return list(self.agents_by_type)

    def organisation(self, row: int) -> Organisation:
        """Return the Mesa agent of the organisation at a row.

        Args:
            row: of the organisation [row]

        Raises:
            InputError: the row does not exist
        """
        agents = self._make_agents()
        return agents[whole_number("a row of organisations", row, 0, len(agents) - 1)]

    def register_agent(self, agent: mesa.Agent) -> None:
        """Register an agent.

        Args:
            agent: the agent

        Raises:
            InputError: the agent is an organisation or a school, which must be a row of the world
        """
        if isinstance(agent, View) and not self._making:
            raise InputError(
                f"an agent cannot be added to the model: {type(agent).__name__} shows a row of the world; "
                "look at `model.agents`, or at `model.organisation(row)`"
            )
        super().register_agent(agent)

    def _make_agents(self) -> list[Organisation]:
        if self._organisations is None:
            codes, self._making = self.world.organisations.kind, True
            self._organisations = [self.kinds[KINDS[code]](self, row) for row, code in enumerate(codes)]
            for row in range(len(self.world.schools)):
                School(self, row)
            self._making = False
        return self._organisations

    @property
    def case(self) -> Any:
        """Old name of `scenario`."""
        warnings.warn("`model.case` is now `model.scenario`", DeprecationWarning, stacklevel=2)
        return self.scenario

    def role(self, kind: str) -> Any:
        """Return everyone of a kind; old name of `kind`."""
        warnings.warn("`model.role(...)` is now `model.kind(...)`", DeprecationWarning, stacklevel=2)
        return self.kind(kind)
