"""A run once more, from any of its worlds, with somebody listening: what was asked, and what everyone answered.

A run is a function of its case, its seed and its classes alone, and it can go on from any world of its own. So nothing of
the reasons has to be kept while it is simulated: to look at a month is to simulate it again. Listening changes nothing,
which a test holds to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.agents.deciders import Decider
from sim.dates import school_year, september
from sim.model import CollaborationModel
from sim.phases import MONTH
from sim.world.state import World

if TYPE_CHECKING:
    from sim.model import History

TERMS = ("pledge_terms",)
"""Decisions that answer with named reasons, and that other decisions ask for."""


class Heard(NamedTuple):
    """A decision that a phase asked everyone for."""

    world: World  # in which it was asked
    circumstances: tuple[Any, ...]  # told to everyone
    answer: Any  # of everyone, shape (organisations,) or what the decision has


class Listening(CollaborationModel):
    """The model of a run about to begin a month; it goes on as the run did.

    Attributes:
        heard: decisions that phases asked for in the last month, by name
        said: reasons that were given in it, each an array over organisations, not a number for kinds that gave none
    """

    def __init__(self, run: History, month: int) -> None:
        super().__init__(run.case, run.seed, run.worlds.get(school_year(month) - 1), run.kinds)
        self.heard: dict[str, Heard] = {}
        self.said: dict[str, Any] = {}
        self.run_until_month(month)

    def step(self) -> None:
        """One month, of which everything is heard anew."""
        self.heard, self.said = {}, {}
        super().step()

    def ask(self, decision: str, *circumstances: Any) -> Any:
        """Everyone's answer to a decision, noted."""
        world, answer = self.world, super().ask(decision, *circumstances)
        self.heard[decision] = Heard(world, circumstances, answer)
        return answer

    def _deciders(self, decision: str) -> list[Decider]:
        found = super()._deciders(decision)
        for method, rows in found:
            for name in TERMS:
                view = method.__self__
                if hasattr(view, name):  # on the view alone: classes, and who is asked together, stay as they are
                    setattr(view, name, self._noting(getattr(view, name), rows))
        return found

    def _noting(self, method: Callable[[], dict[str, Any]], rows: slice) -> Callable[[], dict[str, Any]]:
        def noting() -> dict[str, Any]:
            terms = method()
            for name, value in terms.items():
                if name not in self.said:
                    self.said[name] = np.full(len(self.world.organisations), np.nan)
                self.said[name][rows] = value
            return terms

        return noting


def listened(run: History, months: range) -> Iterator[Listening]:
    """The model after each of some months that follow one another."""
    model = Listening(run, months.start)
    for _ in months:
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
