"""One run followed month by month, and many runs one after another, until somebody says stop."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator, Sequence
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
"""Weakest trust that is kept month by month [share]."""

BEFORE = 12
"""Months that are kept before the launch [months]."""

FAN = (4, 10, 20, 30)
"""After how many runs a fan is shown; the last is all of it."""

TURN = threading.Lock()
"""One run behind the pictures at a time, whoever's it is, so that a slider is answered at once."""


class StoppedError(Exception):
    """Nobody waits for this any more."""


@dataclass(frozen=True)
class Month:
    """The network in one month: ties of trust LEAST or more, and who is a member.

    Attributes:
        month: of the model
        source: row of who trusts; shape (ties,)
        target: row of who is trusted; shape (ties,)
        trust: of one in the other [percent]; shape (ties,)
        member: whether each organisation is one [flag]; shape (organisations,)
        stage: of the ministry
        convened: whether anybody convenes the network [flag]
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
        """What is kept of a world."""
        ties = world.ties
        kept = ties.trust >= LEAST
        small = ties.source[kept].astype(np.int16), ties.target[kept].astype(np.int16)
        percent = np.floor(ties.trust[kept] * 100).astype(np.int16)
        member, stage = world.organisations.member.astype(bool), STAGES[int(world.ministry.stage)]
        return Month(month, *small, percent, member, stage, world.initiative.convening > 0.0)


@dataclass(frozen=True, eq=False)
class Followed:
    """A run and its network, month by month."""

    run: Run
    months: tuple[Month, ...]

    @property
    def who(self) -> list[str]:
        """Names of the organisations."""
        return names(self.run.world, self.run.case.files)

    @property
    def kinds(self) -> list[str]:
        """Kind of each organisation."""
        return [KINDS[kind] for kind in self.run.world.organisations.kind]

    def graph(self, place: int = -1) -> nx.DiGraph:
        """Return the network of one of the months kept, as a networkx graph with `kind`, `member` and `trust`."""
        import networkx as nx

        month, who = self.months[place], self.who
        graph = nx.DiGraph(stage=month.stage, convened=month.convened)
        for name, kind, member in zip(who, self.kinds, month.member, strict=True):
            graph.add_node(name, kind=kind, member=bool(member))
        for source, target, trust in zip(month.source, month.target, month.trust, strict=True):
            graph.add_edge(who[source], who[target], trust=float(trust) / 100)
        return graph


def followed(case: Scenario, seed: int, stop: threading.Event | None = None) -> Followed:
    """One run, month by month. Raises StoppedError when it is told to stop, and InputError as `sim.simulate` does."""
    model, months = CollaborationModel(case, seed), []
    launch = min((c.month for c in case.policy.changes if c.key == "network.launched"), default=case.first_month + 84)
    for month in range(case.first_month, case.last_month + 1):
        if stop is not None and stop.is_set():
            raise StoppedError
        model.run_until_month(month + 1)
        if month >= launch - BEFORE:
            months.append(Month.of(model.world, month))
    run = Run(case, seed, model.world, {school_year(case.last_month): model.world}, model.kinds)
    return Followed(run, tuple(months))


def fanned(case: Scenario, seeds: Sequence[int], stop: threading.Event) -> Iterator[pd.DataFrame]:
    """Yield the school years of many runs, a row a run and year, time and again as more runs are there.

    Ends early when it is told to stop.

    Raises:
        InputError: as `sim.simulate` does
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for number, seed in enumerate(seeds, 1):
        with TURN:
            if stop.is_set():
                break
            rows += [{**row, "seed": seed} for row in yearly(_last(case, seed), case.first_month)]
        if number in FAN or number == len(seeds):
            gc.collect(1)
            yield pd.DataFrame(rows)
    gc.collect()


def _last(case: Scenario, seed: int) -> World:
    return CollaborationModel(case, seed).run_until_month(case.last_month + 1).world
