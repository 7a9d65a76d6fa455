"""A calibration in a folder: its record, its stages in order, and its final parameter sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.distance import fact_columns
from sim.calibration.options import CalibrationOptions
from sim.calibration.rounds import Budget, SamplingRounds, StageResult, prior_scores
from sim.calibration.stages import Draw, Stage, value_of
from sim.design.factors import prior_range
from sim.errors import InputError
from sim.parameters import uncertain
from sim.results.folder import begin_or_resume
from sim.results.identity import sources_hash
from sim.runs.parallel import map_tasks
from sim.runs.posterior import ParameterSets

KIND = "calibration"
"""Kind of a folder with a calibration."""

CHANGES = {
    "model": "another model version",
    "parameters": "other uncertain parameters or ranges",
    "targets": "other targets",
    "fixed": "other fixed parameters",
    "configuration": "another configuration",
}
"""Keys of the start record, with the words for a difference."""


@dataclass(frozen=True)
class CalibrationStudy:
    """A calibration in a folder.

    Args:
        options: of the calibration
        stages: in order
        folder: for its draws
    """

    options: CalibrationOptions
    stages: tuple[Stage, ...]
    folder: Path

    @property
    def budget(self) -> Budget:
        """The budget of the last stage; earlier stages have no additional rounds."""
        own = self.options
        return Budget(
            own.draws, own.rounds, own.sets, own.seed, own.jobs, own.progress, own.extra_rounds, own.largest_error
        )

    @property
    def start_record(self) -> dict[str, Any]:
        """The values that determine the posterior."""
        rows = [
            (scenario.name, each)
            for stage in self.stages
            for scenario, each in zip(stage.scenarios, stage.facts, strict=True)
        ]
        facts = [
            (f"{name}: {column}", [value, tolerance])
            for name, each in rows
            for column, value, tolerance in zip(
                fact_columns(each), each["value"], each["tolerance"].fillna(0), strict=True
            )
        ]
        return {
            "model": sources_hash(),
            "parameters": {name: prior_range(name) for name in uncertain()},
            "targets": dict(facts),
            "fixed": dict(self.options.overrides),
            "configuration": self.options.deciding,
        }

    def begin(self, command: str) -> None:
        """Write the start record, or check that an existing one is the same.

        Args:
            command: of the calibration

        Raises:
            InputError: the folder holds another calibration (the message names the difference) or other work
        """
        begin_or_resume(self.folder, KIND, self.start_record, CHANGES, command)

    @cached_property
    def measured(self) -> tuple[Stage, ...]:
        """The stages with random variation, from runs at the defaults.

        Raises:
            InputError: a count, share or part has no figure in any of these runs
        """
        seeds, jobs = range(self.options.repeats), self.options.jobs
        bar = "runs at the defaults" if self.options.progress else None
        runs = [map_tasks(stage.figures, [({}, seed) for seed in seeds], jobs, label=bar) for stage in self.stages]
        measured = tuple(
            replace(stage, default_figures=tuple(figures)) for stage, figures in zip(self.stages, runs, strict=True)
        )
        for stage in measured:
            _require_figures(stage)
        return measured

    def run(self) -> list[StageResult]:
        """Run the stages in order and return their results."""
        results = list[StageResult]()
        for stage in self.measured:
            begin = self.completed(self.scores_of(results), self.options.draws)
            last = stage is self.measured[-1]
            budget = self.budget if last else replace(self.budget, extra_rounds=0)
            rounds = SamplingRounds(Draw(stage, self.folder), budget, self.folder / stage.name)
            results.append(rounds.result(begin))
        return results

    def scores_of(self, results: Sequence[StageResult]) -> ParameterSets:
        """Return the parameter sets of the last finished stage as scores; empty if no stage has run."""
        if not results:
            return []
        names = self.stages[len(results) - 1].parameters
        return [dict(zip(names, map(float, row), strict=True)) for row in results[-1].chain.scores]

    def completed(self, sets: ParameterSets, n: int) -> list[Mapping[str, float]]:
        """Return n sets as scores; draw parameters that no stage has estimated yet from their prior."""
        estimated = [name for name in uncertain() if name not in self.options.overrides]
        missing = [name for name in estimated if not sets or name not in sets[0]]
        others = prior_scores(missing, n, self.options.seed)
        return [{**other, **each} for other, each in zip(others, repeated(sets, n) if sets else [{}] * n, strict=True)]

    def table(self, sets: ParameterSets, held: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Return parameter sets as values; parameters held by the options or a mechanism keep their value.

        Args:
            sets: as scores
            held: parameters that a mechanism holds fixed
        """
        fixed, names = {**self.options.overrides, **(held or {})}, uncertain()
        return pd.DataFrame(
            [{n: float(fixed[n]) if n in fixed else value_of(n, each[n]) for n in names} for each in sets],
            columns=names,
        )


def _require_figures(stage: Stage) -> None:
    """Check that the runs at the defaults have a figure for every count, share and part."""
    if not stage.default_figures:
        return
    missing = np.isnan(np.array(stage.default_figures)).all(axis=0) & stage.measure.smooth
    if missing.any():
        names = [
            f"{scenario.name}: {name}"
            for scenario, rows in zip(stage.scenarios, stage.facts, strict=True)
            for name in fact_columns(rows)
        ]
        raise InputError(
            f"stage `{stage.name}`: no run at the defaults has a figure for {names[int(missing.argmax())]}; remove this fact "
            "from the targets"
        )


def repeated(sets: ParameterSets, n: int) -> list[Mapping[str, float]]:
    """Return n parameter sets in order, repeating them if there are fewer.

    >>> repeated([{"n": 0.0}, {"n": 1.0}], 3)
    [{'n': 0.0}, {'n': 1.0}, {'n': 0.0}]
    """
    return [sets[k % len(sets)] for k in range(n)]
