"""Search for a Pareto front: NSGA-II of Optuna proposes decisions, the model evaluates them; it can be repeated."""

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
    """Goals by which decisions are judged.

    Args:
        directions: `max` or `min` by outcome
        robust: how the value of a decision is taken over seeds: `mean` or `worst_quarter`
        doubling: that is counted
    """

    directions: Mapping[str, str]
    robust: str
    doubling: Doubling


@dataclass(frozen=True)
class ParetoSearch:
    """A search for decisions that no other one beats.

    Args:
        space: the decisions that may be taken
        goals: outcomes with their directions
        replicates: seeds of every decision
        population: decisions a generation
        generations: of the search
        seed: of the search
        progress: show bars
    """

    space: DecisionSpace
    goals: Goals
    replicates: Sequence[int]
    population: int
    generations: int
    seed: int
    progress: bool = True

    def run(self, evaluations: Evaluations) -> pd.DataFrame:
        """Search; what is on disk is not simulated again, and the same search goes the same way.

        Args:
            evaluations: that simulate decisions and keep their runs

        Returns:
            One row per decision in the order of the first proposals, the scenario's own first: generation, the decision's values,
            and its value by each goal.

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
            raise InputError(f"no decision has a value of {', '.join(names)}: there is nothing to search by")
        return table

    def begin(self) -> Study:
        """Return a new search of Optuna's that begins with the scenario's own decision.

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
            warnings.simplefilter("ignore")  # the ranges are known only when something is proposed
            study.enqueue_trial(self.space.first_trial)
        return study

    def objectives(
        self, decisions: Sequence[dict[str, Any]], evaluations: Evaluations, label: str
    ) -> list[dict[str, float]]:
        """Return the value of decisions by each goal; NaN where a run is missing, or an outcome never has a value.

        Args:
            decisions: values by column
            evaluations: that simulate decisions and keep their runs
            label: of the bar
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
        InputError: it is not
    """
    if find_spec("optuna") is None:
        raise InputError(f"the search is done by Optuna, which is not installed; {NEEDS_ANALYSIS}")


def record_trial(study: Study, trial: Trial, values: Mapping[str, float]) -> None:
    """Record the values of a proposal in a search; one without a value has failed."""
    from optuna.trial import TrialState

    if any(value != value for value in values.values()):
        study.tell(trial, state=TrialState.FAIL)
    else:
        study.tell(trial, list(values.values()))
