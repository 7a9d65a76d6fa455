"""One run by month, and many runs one after another, until they are stopped."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import school_year
from sim.model import CollaborationModel
from sim.policy import Scenario
from sim.runs.run import Run
from sim.runs.tables import yearly
from sim.world.names import names
from sim.world.organisations import KINDS
from sim.world.state import STAGES, World

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

LEAST = 0.5
"""Weakest trust that is stored by month [share]."""

BEFORE = 12
"""Months that are stored before the launch [months]."""

FAN = (4, 10, 20, 30)
"""Numbers of runs after which a fan is shown; the last is the full fan."""


class StoppedError(Exception):
    """The result is no longer needed."""


@dataclass(frozen=True)
class Month:
    """The network in one month: ties with trust of at least LEAST, and members.

    Attributes:
        month: of the model
        source: row of the organisation that trusts; shape (ties,)
        target: row of the organisation that is trusted; shape (ties,)
        trust: of the source in the target [percent]; shape (ties,)
        member: true for members; shape (organisations,) [flag]
        stage: of the ministry
        convened: true if a backbone or another organisation convenes the network [flag]
    """

    month: int
    source: Any
    target: Any
    trust: Any
    member: Any
    stage: str
    convened: bool

    @staticmethod
    def of(world: World, month: int) -> Month:
        """Return the stored part of a world."""
        ties = world.ties
        strong = ties.trust >= LEAST
        rows = ties.source[strong].astype(np.int16), ties.target[strong].astype(np.int16)
        percent = np.floor(ties.trust[strong] * 100).astype(np.int16)
        member, stage = world.organisations.member.astype(bool), STAGES[int(world.ministry.stage)]
        return Month(month, *rows, percent, member, stage, world.initiative.convening > 0.0)


@dataclass(frozen=True, eq=False)
class LiveRun:
    """A run and its network by month."""

    run: Run
    months: tuple[Month, ...]

    @property
    def organisation_names(self) -> list[str]:
        """Names of the organisations."""
        return names(self.run.world, self.run.scenario.files)

    @property
    def kinds(self) -> list[str]:
        """Kind of each organisation."""
        return [KINDS[kind] for kind in self.run.world.organisations.kind]

    def graph(self, place: int = -1) -> nx.DiGraph:
        """Return the network of a stored month as a networkx graph with `kind`, `member` and `trust`."""
        import networkx as nx

        month, organisation_names = self.months[place], self.organisation_names
        graph = nx.DiGraph(stage=month.stage, convened=month.convened)
        for name, kind, member in zip(organisation_names, self.kinds, month.member, strict=True):
            graph.add_node(name, kind=kind, member=bool(member))
        for source, target, trust in zip(month.source, month.target, month.trust, strict=True):
            graph.add_edge(organisation_names[source], organisation_names[target], trust=float(trust) / 100)
        return graph


def simulate_live(scenario: Scenario, seed: int, stop: threading.Event | None = None) -> LiveRun:
    """Simulate one run month by month.

    Raises:
        StoppedError: `stop` was set
        InputError: as `sim.simulate` does
    """
    model, months = CollaborationModel(scenario, seed), []
    launch = min(
        (change.month for change in scenario.policy.changes if change.key == "network.launched"),
        default=scenario.first_month + 84,
    )
    for month in range(scenario.first_month, scenario.last_month + 1):
        if stop is not None and stop.is_set():
            raise StoppedError
        model.run_until_month(month + 1)
        if month >= launch - BEFORE:
            months.append(Month.of(model.world, month))
    run = Run(scenario, seed, model.world, {school_year(scenario.last_month): model.world}, model.kinds)
    return LiveRun(run, tuple(months))


Rows = list[dict[str, Any]]
"""School years of one run, a row each."""


def fan_years(
    scenario: Scenario,
    seeds: Sequence[int],
    stop: threading.Event,
    turn: Callable[[], AbstractContextManager[None]] = nullcontext,
    stored: dict[int, Rows] | None = None,
    simulate: Callable[[Scenario, int], Rows] | None = None,
) -> Iterator[pd.DataFrame]:
    """Yield the school years of more and more runs, a row for each run and year; end early if stopped.

    Args:
        scenario: to simulate
        seeds: of the runs
        stop: ends the fan when it is set
        turn: returns a context that waits for the turn of a run and holds it
        stored: school years of runs of this scenario by seed; runs are taken from it and added to it
        simulate: returns the school years of a run; None for `years_of_run` in this process

    Raises:
        InputError: as `sim.simulate` does
    """
    import pandas as pd

    rows: Rows = []
    simulate = simulate or years_of_run
    runs = {} if stored is None else stored
    for number, seed in enumerate(seeds, 1):
        if stop.is_set():
            break
        if seed not in runs:
            with turn():
                if seed not in runs:  # another visit may have simulated it meanwhile
                    runs[seed] = simulate(scenario, seed)
        rows += [{**row, "seed": seed} for row in runs[seed]]
        if number in FAN or number == len(seeds):
            gc.collect(1)
            yield pd.DataFrame(rows)
    gc.collect()


def years_of_run(scenario: Scenario, seed: int) -> Rows:
    """Return the school years of one run, a row each.

    Raises:
        InputError: as `sim.simulate` does
    """
    world = CollaborationModel(scenario, seed).run_until_month(scenario.last_month + 1).world
    return list(yearly(world, scenario.first_month))
