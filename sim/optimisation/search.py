"""Search for a Pareto front: NSGA-II of Optuna suggests decisions, the model evaluates them; the result is reproducible."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.doubling import Doubling
from sim.analysis.pareto import MAX, objective
from sim.design.samples import NEEDS_ANALYSIS
from sim.errors import InputError
from sim.optimisation.decisions import DecisionSpace
from sim.sweeps.cached_runs import Evaluations

if TYPE_CHECKING:
    from optuna import Study, Trial


@dataclass(frozen=True)
class Goals:
    """The goals of an optimisation.

    Args:
        directions: `max` or `min` by outcome
        robust: aggregation over seeds: `mean` or `worst_quarter`
        doubling: definition of a doubling
    """

    directions: Mapping[str, str]
    robust: str
    doubling: Doubling


@dataclass(frozen=True)
class ParetoSearch:
    """A search for decisions on the Pareto front.

    Args:
        space: of decisions
        goals: outcomes with their directions
        replicates: seeds of every decision
        population: number of decisions per generation
        generations: number of generations
        seed: of the search
        progress: show progress bars
    """

    space: DecisionSpace
    goals: Goals
    replicates: Sequence[int]
    population: int
    generations: int
    seed: int
    progress: bool = True

    def run(self, evaluations: Evaluations) -> pd.DataFrame:
        """Run the search; runs on disk are not simulated again, and the same search gives the same result.

        Args:
            evaluations: simulate decisions and store their runs

        Returns:
            One row per decision in the order of suggestion, first the scenario as it is: generation, levels, and value by each
            goal.

        Raises:
            InputError: Optuna is not installed, or no decision has a value of every goal
        """
        study, names = self.begin(), list(self.goals.directions)
        as_is = self.space.as_is
        rows = [{"generation": 0, **as_is, **self.objectives([as_is], evaluations, "as it is")[0]}]
        for generation in range(1, self.generations + 1):
            trials = [study.ask() for _ in range(self.population)]
            decisions = [self.space.suggest(trial) for trial in trials]
            values = self.objectives(decisions, evaluations, f"generation {generation} of {self.generations}")
            for trial, value in zip(trials, values, strict=True):
                record_trial(study, trial, value)
            rows += [
                {"generation": generation, **decision, **value}
                for decision, value in zip(decisions, values, strict=True)
            ]
        table = pd.DataFrame(rows).drop_duplicates(self.space.names, ignore_index=True)
        if table[names].isna().any(axis=1).all():
            raise InputError(f"no decision has values of all of {', '.join(names)}; choose goals that runs have")
        return table

    def begin(self) -> Study:
        """Return a new study of Optuna that begins with the scenario as it is.

        Raises:
            InputError: Optuna is not installed
        """
        require_optuna()
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        ways: list[Any] = ["maximize" if way == MAX else "minimize" for way in self.goals.directions.values()]
        sampler = optuna.samplers.NSGAIISampler(population_size=self.population, seed=self.seed)
        study = optuna.create_study(directions=ways, sampler=sampler)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the ranges are known only when a decision is suggested
            study.enqueue_trial(self.space.first_trial)
        return study

    def objectives(
        self, decisions: Sequence[dict[str, Any]], evaluations: Evaluations, label: str
    ) -> list[dict[str, float]]:
        """Return the values of decisions by each goal; NaN if a run is missing or an outcome has no value.

        Args:
            decisions: levels by column
            evaluations: simulate decisions and store their runs
            label: of the progress bar
        """
        points = [self.space.point(decision) for decision in decisions]
        runs = evaluations.of(points, self.replicates, label if self.progress else None)
        by_decision = [runs[runs["decision"] == place] for place in range(len(decisions))]
        return [
            {
                name: objective(rows[name], way, self.goals.robust)
                if len(rows) == len(self.replicates)
                else float("nan")
                for name, way in self.goals.directions.items()
            }
            for rows in by_decision
        ]


def require_optuna() -> None:
    """Check that Optuna is installed.

    Raises:
        InputError: Optuna is not installed
    """
    if find_spec("optuna") is None:
        raise InputError(f"the search needs Optuna, which is not installed; {NEEDS_ANALYSIS}")


def record_trial(study: Study, trial: Trial, values: Mapping[str, float]) -> None:
    """Record the values of a trial in a study; a trial with NaN has failed."""
    from optuna.trial import TrialState

    if any(value != value for value in values.values()):
        study.tell(trial, state=TrialState.FAIL)
    else:
        study.tell(trial, list(values.values()))
