"""Recovery: whether a calibration finds known parameters again, and the backbone's effect that follows from them.

A set of the posterior is simulated, its figures are added to the record as a second one, and the posterior of both is
asked where the set lies, and where what it says of the backbone. Had every step of a calibration no error, the middle half
would hold half of them.

Source: saeilynoja_2025
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from sim.analysis.posterior_summary import place
from sim.calibration.emulator import Emulator, chain
from sim.calibration.stages import Draw, Stage
from sim.configuration import scenario
from sim.declare import Fact
from sim.draws import Luck, Stream
from sim.findings.calibration import EFFECT
from sim.runs.parallel import map_tasks

BANDS = {"within_50": (0.25, 0.75), "within_90": (0.05, 0.95)}
"""Quantiles of the posterior by the column that says how many truths lie between them."""

SETS, EFFECTS, ENOUGH = 500, 60, 15.0
"""Sets of each posterior; those of them whose effect is simulated; steps of its chain over those in which it forgets."""


ARMS = ("historical_emergent", "no_backbone")
"""With a backbone and without."""


@dataclass(frozen=True)
class KnownTruth:
    """Known parameters, and what their run adds to the record.

    Args:
        scores: of the parameters [normal scores], shape (parameters,)
        observed: its figures as a record of the same tolerances would give them, on its scale, shape (facts,)
        said: what it says where the record says yes, shape (yeses,)
    """

    scores: Any
    observed: Any
    said: Any


@dataclass(frozen=True)
class Recovery:
    """How truths are made and found again.

    Args:
        names: of the parameters
        emulator: by which they are found
        figures: of a run, from scores by name; shape (facts,)
        effect: of a run, from scores by name; none: no effect is predicted
        seed: of the chance of it all
        sets: of each posterior
    """

    names: tuple[str, ...]
    emulator: Emulator
    figures: Callable[[dict[str, float]], Any]
    effect: Callable[[dict[str, float]], float] | None
    seed: int
    sets: int = SETS

    def named(self, scores: Any) -> dict[str, float]:
        """Scores by the name of their parameter."""
        return dict(zip(self.names, map(float, scores), strict=True))

    def truth(self, number: int, scores: Any) -> KnownTruth:
        """Return a set with its run; each published figure of it is off by its tolerance."""
        measure, figures = self.emulator.measure, self.figures(self.named(scores))
        luck = Luck(self.seed).table(Stream.PRIOR, 1, np.array([number]), np.arange(len(figures)))[0]
        said = self.emulator.lucky.said(figures[None])[0]
        return KnownTruth(scores, measure.scaled(figures) + measure.tolerance * ndtri(luck), said)

    def places(self, number: int, scores: Any) -> Any:
        """Where a set lies in the posterior of record and run [share below]; each parameter, then the effect if any."""
        run = self.truth(number, scores)
        more = partial(self.emulator.log_likelihood, observed=run.observed, said=run.said)
        sets = chain(self.emulator, self.sets, self.seed + number, more, ENOUGH).scores
        own = [place(column, value) for column, value in zip(sets.T, scores, strict=True)]
        return np.array([*own, *self._effects(sets, scores)])

    def _effects(self, sets: Any, scores: Any) -> list[float]:
        if self.effect is None:
            return []
        others = np.array([self.effect(self.named(each)) for each in sets[:EFFECTS]])
        return [place(others, self.effect(self.named(scores)))]

    def rows(self, truths: Any, jobs: int, progress: bool = True) -> pd.DataFrame:
        """Return a row a parameter, and one of the effect: the shares of truths within the middle 50% and 90%.

        Args:
            truths: sets of the posterior, shape (truths, parameters)
            jobs: processes
            progress: whether a bar is shown
        """
        assert self.emulator.surfaces  # taught once, not in every process
        assert self.emulator.chances is not None
        bar = "finding known parameters" if progress else None
        places = np.array(map_tasks(self.places, list(enumerate(truths, 1)), jobs, label=bar, unit="set"))
        within = {name: ((places > low) & (places < high)).mean(axis=0) for name, (low, high) in BANDS.items()}
        names = [*self.names, *([EFFECT] if self.effect is not None else [])]
        return pd.DataFrame({"name": names, "truths": len(places), **within})


@dataclass(frozen=True)
class Effect:
    """What a run has with a backbone and would not have without one, with the same seed.

    Args:
        draw: of both arms
    """

    draw: Draw

    @staticmethod
    def of(parameters: tuple[str, ...], fixed: Mapping[str, Any]) -> Effect:
        """Return the effect as a function of some parameters, others as they are fixed."""
        own = {**fixed, "setting.until": "2020-08"}
        fact = pd.DataFrame([Fact("maths5_examinees", 2020, "national")], columns=list(Fact._fields))
        arms = tuple(scenario(name, set=own) for name in ARMS)
        return Effect(Draw(Stage("effect", arms, parameters, (fact, fact))))

    def __call__(self, scores: dict[str, float]) -> float:
        """Return the examinees of 2020 that the backbone adds."""
        with_backbone, without = self.draw(scores)
        return float(with_backbone - without)
