"""A run simulated again from any of its worlds, with a record of each decision and everyone's answer.

A run depends on its scenario, seed and classes only, and can continue from any of its worlds. So reasons are not
stored while it is simulated: a month is simulated again to look at it. Recording changes nothing, which a test checks
to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.agents.deciders import Decider
from sim.dates import school_year, september
from sim.model import CollaborationModel
from sim.phases import MONTH
from sim.world.state import World

if TYPE_CHECKING:
    from sim.model import History

TERMS = ("pledge_terms", "acceptance_terms", "_pressure_now")
"""Methods that return named reasons or one number, and that decisions call."""

type Reasons = dict[str, dict[str, Any]]
"""Reasons by the method that gave them and by their name, each an array over organisations, not a number without one."""


class ReplayQuery(NamedTuple):
    """A decision that a phase asked of everyone."""

    world: World  # in which it was asked
    circumstances: tuple[Any, ...]  # the same for everyone
    answer: Any  # of everyone, shape (organisations,) or what the decision has
    reasons: Reasons  # reasons that classes gave for it


class ReplayModel(CollaborationModel):
    """The model of a run about to begin a month; it continues as the run did.

    Attributes:
        queries: decisions that phases asked for in the last month, by name, in order
    """

    def __init__(self, run: History, month: int) -> None:
        super().__init__(run.scenario, run.seed, run.worlds.get(school_year(month) - 1), run.kinds)
        self.queries: dict[str, list[ReplayQuery]] = {}
        self._reasons: Reasons = {}
        self.run_until_month(month)

    @property
    def last_queries(self) -> dict[str, ReplayQuery]:
        """The last query of each decision in the last month, by name."""
        return {name: every[-1] for name, every in self.queries.items()}

    def step(self) -> None:
        """Simulate one month and record its decisions anew."""
        self.queries = {}
        super().step()

    def ask(self, decision: str, *circumstances: Any) -> Any:
        """Return everyone's answer to a decision, and record it.

        Args:
            decision: name of the decision
            *circumstances: arguments of the decision
        """
        world, before, self._reasons = self.world, self._reasons, {}
        answer = super().ask(decision, *circumstances)
        self.queries.setdefault(decision, []).append(ReplayQuery(world, circumstances, answer, self._reasons))
        self._reasons = before
        return answer

    def _deciders(self, decision: str) -> list[Decider]:
        deciders = super()._deciders(decision)
        for method, rows in deciders:
            for name in TERMS:
                view = method.__self__
                if hasattr(view, name):  # on the view only: classes and groups of deciders stay as they are
                    setattr(view, name, self._noting(name, getattr(view, name), rows))
        return deciders

    def _noting(self, name: str, method: Callable[..., Any], rows: slice) -> Callable[..., Any]:
        def noting(*circumstances: Any, **named: Any) -> Any:
            answer = method(*circumstances, **named)
            terms = self._reasons.setdefault(name, {})
            for term, value in (answer if isinstance(answer, dict) else {name: answer}).items():
                terms.setdefault(term, np.full(len(self.world.organisations), np.nan))[rows] = value
            return answer

        return noting


def replayed(run: History, months: Iterable[int]) -> Iterator[ReplayModel]:
    """Yield the model after each of some months, in their order, simulated from the nearest earlier world of the run.

    Args:
        run: the run
        months: in their order [month]
    """
    model: ReplayModel | None = None
    for month in months:
        if model is None or school_year(month) > school_year(model.world.month):
            model = ReplayModel(run, month)
        model.run_until_month(month)
        model.step()
        yield model


def septembers(
    run: History, years: list[int], phase: Callable[[Any], World]
) -> Iterator[tuple[int, CollaborationModel]]:
    """Yield school years, each with the model in its September when a phase is about to begin.

    Args:
        run: the run
        years: school years
        phase: of MONTH
    """
    for year in years:
        model = ReplayModel(run, september(year))
        if model.world.month != september(year):
            continue
        model.earlier, model.parameters = model.parameters, model.schedule.at(model.world.month)
        for each, _ in MONTH:
            if each is phase:
                yield year, model
                break
            model.world = each(model)
