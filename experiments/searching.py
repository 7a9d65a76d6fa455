"""The search for decisions that nothing beats: NSGA-II of Optuna proposes, the model answers, both can be repeated."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.pareto import MAX, worth
from sim.commands import install
from sim.errors import Mistake
from sim.sweeps.cached_runs import Evaluations

from .allocating import Levers

if TYPE_CHECKING:
    from optuna import Study, Trial

NEEDS = install("analysis")
"""How what the search needs is installed."""


@dataclass(frozen=True)
class Search:
    """How hard is searched, and for what.

    Args:
        levers: what is decided
        goals: outcomes with their directions
        robust: what a decision is worth over replicates
        replicates: seeds of every decision
        population: decisions a generation
        generations: of the search
        seed: of the search
    """

    levers: Levers
    goals: dict[str, str]
    robust: str
    replicates: Sequence[int]
    population: int
    generations: int
    seed: int

    def run(self, evaluations: Evaluations) -> pd.DataFrame:
        """Search; what is on disk is not simulated again, and the same search goes the same way.

        Returns:
            a row a decision, as they were first proposed, what is as it is before them: generation, what is decided, and
            what each goal is worth

        Raises Mistake where Optuna is not installed, and where no decision has a value of every goal.
        """
        study = self.begun()
        rows = [{"generation": 0, **self.levers.as_is, **self.worths([self.levers.as_is], evaluations, "as it is")[0]}]
        for generation in range(1, self.generations + 1):
            trials = [study.ask() for _ in range(self.population)]
            decisions = [self.levers.suggested(trial) for trial in trials]
            worths = self.worths(decisions, evaluations, f"generation {generation} of {self.generations}")
            for trial, found in zip(trials, worths, strict=True):
                tell(study, trial, found)
            rows += [
                {"generation": generation, **decision, **found}
                for decision, found in zip(decisions, worths, strict=True)
            ]
        table = pd.DataFrame(rows).drop_duplicates(self.levers.names, ignore_index=True)
        if table[list(self.goals)].isna().any(axis=1).all():
            raise Mistake(f"no decision has a value of {', '.join(self.goals)}: there is nothing to search by")
        return table

    def begun(self) -> Study:
        """A search that begins with what is as it is. Raises Mistake where Optuna is not installed."""
        try:
            import optuna
        except ImportError:
            raise Mistake(f"the search is done by Optuna, which is not installed; {NEEDS}") from None
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        ways = ["maximize" if way == MAX else "minimize" for way in self.goals.values()]
        sampler = optuna.samplers.NSGAIISampler(population_size=self.population, seed=self.seed)
        study = optuna.create_study(directions=ways, sampler=sampler)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the ranges are known only when something is proposed
            study.enqueue_trial(self.levers.placed)
        return study

    def worths(
        self, decisions: Sequence[dict[str, Any]], evaluations: Evaluations, doing: str
    ) -> list[dict[str, float]]:
        """What decisions are worth by each goal; NaN where a run is missing, or where an outcome never has a value."""
        runs = evaluations.of([self.levers.point(decision) for decision in decisions], self.replicates, doing)
        found = []
        for place in range(len(decisions)):
            mine = runs[runs["decision"] == place]
            whole = len(mine) == len(self.replicates)
            found.append(
                {
                    name: worth(mine[name], way, self.robust) if whole else float("nan")
                    for name, way in self.goals.items()
                }
            )
        return found


def tell(study: Study, trial: Trial, found: dict[str, Any]) -> None:
    """Tell a search what a proposal is worth; one without a value has failed."""
    from optuna.trial import TrialState

    values = list(found.values())
    if any(value != value for value in values):
        study.tell(trial, state=TrialState.FAIL)
    else:
        study.tell(trial, values)
