"""A run once more, from any of its worlds, with somebody listening: what was asked, and what everyone answered.

A run is a function of its case, its seed and its classes alone, and it can go on from any world of its own. So nothing of
the reasons has to be kept while it is simulated: to look at a month is to simulate it again. Listening changes nothing,
which a test holds to the last bit.
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
"""Decisions that answer with named reasons or one number, and that other decisions ask for."""

type Said = dict[str, dict[str, Any]]
"""Reasons by the method that gave them and by their name, each an array over organisations, not a number without one."""


class Heard(NamedTuple):
    """A decision that a phase asked everyone for."""

    world: World  # in which it was asked
    circumstances: tuple[Any, ...]  # told to everyone
    answer: Any  # of everyone, shape (organisations,) or what the decision has
    said: Said  # reasons that were given meanwhile


class Listening(CollaborationModel):
    """The model of a run about to begin a month; it goes on as the run did.

    Attributes:
        asked: decisions that phases asked for in the last month, by name, each time that they were asked for
    """

    def __init__(self, run: History, month: int) -> None:
        super().__init__(run.case, run.seed, run.worlds.get(school_year(month) - 1), run.kinds)
        self.asked: dict[str, list[Heard]] = {}
        self._said: Said = {}
        self.run_until_month(month)

    @property
    def heard(self) -> dict[str, Heard]:
        """Decisions that phases asked for in the last month, by name, as each was asked for last."""
        return {name: every[-1] for name, every in self.asked.items()}

    def step(self) -> None:
        """One month, of which everything is heard anew."""
        self.asked = {}
        super().step()

    def ask(self, decision: str, *circumstances: Any) -> Any:
        """Everyone's answer to a decision, noted."""
        world, before, self._said = self.world, self._said, {}
        answer = super().ask(decision, *circumstances)
        self.asked.setdefault(decision, []).append(Heard(world, circumstances, answer, self._said))
        self._said = before
        return answer

    def _deciders(self, decision: str) -> list[Decider]:
        found = super()._deciders(decision)
        for method, rows in found:
            for name in TERMS:
                view = method.__self__
                if hasattr(view, name):  # on the view alone: classes, and who is asked together, stay as they are
                    setattr(view, name, self._noting(name, getattr(view, name), rows))
        return found

    def _noting(self, name: str, method: Callable[..., Any], rows: slice) -> Callable[..., Any]:
        def noting(*circumstances: Any, **named: Any) -> Any:
            answer = method(*circumstances, **named)
            terms = self._said.setdefault(name, {})
            for term, value in (answer if isinstance(answer, dict) else {name: answer}).items():
                terms.setdefault(term, np.full(len(self.world.organisations), np.nan))[rows] = value
            return answer

        return noting


def listened(run: History, months: Iterable[int]) -> Iterator[Listening]:
    """Yield the model after each of some months, in their order; what lies between them is simulated from a world of the run."""
    model: Listening | None = None
    for month in months:
        if model is None or school_year(month) > school_year(model.world.month):
            model = Listening(run, month)
        model.run_until_month(month)
        model.step()
        yield model


def septembers(
    run: History, years: list[int], phase: Callable[[Any], World]
) -> Iterator[tuple[int, CollaborationModel]]:
    """School years, each with the model in its September when a phase is about to begin."""
    for year in years:
        model = Listening(run, september(year))
        if model.world.month != september(year):
            continue
        model.earlier, model.parameters = model.parameters, model.schedule.at(model.world.month)
        for each, _ in MONTH:
            if each is phase:
                yield year, model
                break
            model.world = each(model)
