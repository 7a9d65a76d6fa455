"""A study on disk: what it was begun with, its stages one after another, and the parameter sets it ends with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from omegaconf import DictConfig

from sim.analysis.distance import columns
from sim.commands import origin
from sim.parameters import uncertain
from sim.results.folder import begin_or_resume
from sim.results.identity import sources_hash
from sim.runs.parallel import processes, tasks_of
from sim.runs.posterior import ParameterSets

from .calibrating import Stage, range_of, settings, value_of
from .command_line.options import integer, overridden

if TYPE_CHECKING:
    from .sampling import Effort, Found

SAID = {
    "model": "another model version",
    "parameters": "other uncertain parameters or ranges",
    "targets": "other targets",
    "fixed": "other fixed parameters",
    "configuration": "another configuration",
}
"""What a study is begun with, and what is said when it is no longer so."""


@dataclass(frozen=True)
class Study:
    """A calibration in a folder.

    Args:
        cfg: its configuration
        stages: in order
        folder: where it is kept
    """

    cfg: DictConfig
    stages: tuple[Stage, ...]
    folder: Path

    @property
    def effort(self) -> Effort:
        """How hard each stage is tried. Raises Mistake for numbers that make no sense."""
        from .sampling import Effort

        counts = [integer(self.cfg, key, least) for key, least in (("draws", 2), ("rounds", 1), ("sets", 1))]
        return Effort(*counts, integer(self.cfg, "seed"), processes(self.cfg.jobs))

    @property
    def begun_with(self) -> dict[str, Any]:
        """What decides about the study."""
        rows = [(case.name, each) for stage in self.stages for case, each in zip(stage.cases, stage.rows, strict=True)]
        kept = [
            (f"{name}: {column}", [value, tolerance])
            for name, each in rows
            for column, value, tolerance in zip(columns(each), each["value"], each["tolerance"].fillna(0), strict=True)
        ]
        return {
            "model": sources_hash(),
            "parameters": {name: range_of(name) for name in uncertain()},
            "targets": dict(kept),
            "fixed": overridden(self.cfg),
            "configuration": settings(self.cfg),
        }

    def begin(self) -> None:
        """Write what the study is begun with, or see that it still is. Raises Mistake, naming what changed."""
        begin_or_resume(self.folder, "study", self.begun_with, SAID, origin(""))

    @cached_property
    def measured(self) -> tuple[Stage, ...]:
        """The stages with luck allowed for: how far runs at the defaults differ."""
        from joblib import Parallel

        seeds, jobs = range(integer(self.cfg, "repeats")), processes(self.cfg.jobs)
        runs = [Parallel(n_jobs=jobs)(tasks_of(stage.figures, (({}, luck) for luck in seeds))) for stage in self.stages]
        return tuple(replace(stage, alike=tuple(alike)) for stage, alike in zip(self.stages, runs, strict=True))

    def run(self) -> list[Found]:
        """Every stage in order: what each has found."""
        from .calibrating import Simulation
        from .sampling import Rounds

        results = list[Any]()
        for stage in self.measured:
            begin = self.completed(self.known(results), self.effort.draws)
            results.append(Rounds(Simulation(stage, self.folder), self.effort, self.folder / stage.name).found(begin))
        return results

    def known(self, results: Sequence[Found]) -> ParameterSets:
        """The parameter sets that the last of some stages has found, as scores; none where no stage ran."""
        if not results:
            return []
        asked = self.stages[len(results) - 1].asked
        return [dict(zip(asked, map(float, row), strict=True)) for row in results[-1].chain.scores]

    def completed(self, known: ParameterSets, n: int) -> list[Mapping[str, float]]:
        """So many of the known sets; parameters that no stage asked yet keep their prior."""
        from .sampling import prior_scores

        asked = [name for name in uncertain() if name not in overridden(self.cfg)]
        missing = [name for name in asked if not known or name not in known[0]]
        others = prior_scores(missing, n, integer(self.cfg, "seed"))
        return [
            {**other, **each} for other, each in zip(others, spread_over(known, n) if known else [{}] * n, strict=True)
        ]

    def table(self, sets: ParameterSets, held: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Parameter sets as values; what was fixed on the command line, or is held, stays as it was."""
        fixed, names = overridden(self.cfg) | dict(held or {}), uncertain()
        return pd.DataFrame(
            [{n: float(fixed[n]) if n in fixed else value_of(n, each[n]) for n in names} for each in sets],
            columns=names,
        )


def spread_over(sets: ParameterSets, n: int) -> list[Mapping[str, float]]:
    """So many of some parameter sets, in their order; all again and again where there are fewer."""
    return [sets[k % len(sets)] for k in range(n)]
