"""Stages of a calibration: estimated parameters, facts to fit, and a draw of a stage."""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim import configuration
from sim.analysis.distance import Measure
from sim.analysis.fit import FITTED_THROUGH, facts
from sim.calibration.options import CalibrationOptions, different_names
from sim.catalogue import targets
from sim.dates import month_of, school_year
from sim.declare import Fact
from sim.design.factors import prior_value
from sim.errors import InputError, listed, shown, suggestion
from sim.outcomes.paired import PAIRED, as_recorded_in_pairs, references_of
from sim.outcomes.reference import Reference
from sim.parameters import uncertain
from sim.policy import Scenario
from sim.results.store import Store
from sim.runs.engines.packing import in_program
from sim.runs.run_end import Failure
from sim.runs.shared_history import Histories
from sim.world.facts import fitted_facts
from sim.world.state import World

FREE = ("partners", "common_agenda_months", "ministry_joins", "ministry_pilots", "ministry_goes_national")
"""Patterns that a scenario with a free ministry is fitted to from the launch on; its counts repeat those of the held dates."""

LAUNCH, OF_NETWORK = 2013, "network"
"""School year of the launch; group of the facts about the network."""

SEEDS = 2**31
"""Number of different seeds."""

ALL = "all"
"""Name of all parameters."""

KEYS = ("scenarios", "until", "parameters", "later")
"""Keys of a stage."""


@dataclass(frozen=True)
class Stage:
    """A stage of a calibration.

    Args:
        name: of the stage
        scenarios: scenarios of a draw, with common random numbers
        parameters: dotted names of the estimated parameters
        facts: table of the facts to fit for each of the cases; for facts of pairs the case's references are simulated
            too, from their common history
        default_figures: figures of runs at the defaults, which differ only by random variation; empty to ignore it
    """

    name: str
    scenarios: tuple[Scenario, ...]
    parameters: tuple[str, ...]
    facts: tuple[pd.DataFrame, ...]
    default_figures: tuple[Any, ...] = ()

    @property
    def measure(self) -> Measure:
        """The published facts with their tolerances."""
        return Measure.of(pd.concat(self.facts, ignore_index=True))

    @property
    def noisy_measure(self) -> Measure:
        """The same with random variation added to the tolerances."""
        return (
            self.measure.with_random_variation(np.array(self.default_figures)) if self.default_figures else self.measure
        )

    @property
    def references(self) -> tuple[tuple[Reference, ...], ...]:
        """The references for facts of pairs, for each scenario."""
        return tuple(references_of(facts_of(rows)) for rows in self.facts)

    @property
    def of_pairs(self) -> Stage:
        """The stage with only its facts of pairs, and the scenarios that have them."""
        facts = [rows[rows["pattern"].isin(PAIRED)].reset_index(drop=True) for rows in self.facts]
        pairs = [(scenario, rows) for scenario, rows in zip(self.scenarios, facts, strict=True) if len(rows)]
        return replace(
            self,
            scenarios=tuple(scenario for scenario, _ in pairs),
            facts=tuple(rows for _, rows in pairs),
            default_figures=(),
        )

    @property
    def of_single_runs(self) -> Stage:
        """The stage without its facts of pairs."""
        single = [(~rows["pattern"].isin(PAIRED)).to_numpy() for rows in self.facts]
        figures = tuple(values[np.concatenate(single)] for values in self.default_figures)
        rows = (rows[flags].reset_index(drop=True) for rows, flags in zip(self.facts, single, strict=True))
        return replace(self, facts=tuple(rows), default_figures=figures)

    def figures(self, values: Mapping[str, float], seed: int, folder: Path | None = None) -> Any:
        """Return the figures of a run of each scenario, in the order of the facts; NaN if it failed.

        Args:
            values: of parameters, by dotted name
            seed: of the run
            folder: for the traceback of a failed run

        Raises:
            RuntimeError: the run failed and there is no folder
        """
        figures: list[float] = []
        for result, rows in zip(self._worlds(values, seed), self.facts, strict=True):
            if isinstance(result, Failure):
                if folder is None:
                    raise RuntimeError(result.traceback)
                failure = {**values, "seed": seed, "traceback": result.traceback}
                in_program(Store(folder).record_failures, str(seed), [failure])
                figures += [math.nan] * len(rows)
            else:
                figures += as_recorded_in_pairs(result[0], facts_of(rows), result[1]).values()
        return np.array(figures)

    def _worlds(self, values: Mapping[str, float], seed: int) -> list[tuple[World, dict[Reference, World]] | Failure]:
        """Return the last world of each scenario with those of its references, or the first failure among them."""
        scenarios, references = [scenario.drawn(values) for scenario in self.scenarios], self.references
        beside = [[each.beside(scenario) for each in own] for scenario, own in zip(scenarios, references, strict=True)]
        runs = [[scenario, *own] for scenario, own in zip(scenarios, beside, strict=True)]
        last = iter(Histories(seed).worlds([run for each in runs for run in each]))
        results: list[tuple[World, dict[Reference, World]] | Failure] = []
        for own in references:
            group = list(islice(last, 1 + len(own)))
            worlds = [each for each in group if not isinstance(each, Failure)]
            failures = [each for each in group if isinstance(each, Failure)]
            results.append(failures[0] if failures else (worlds[0], dict(zip(own, worlds[1:], strict=True))))
        return results


def facts_of(rows: pd.DataFrame) -> list[Fact]:
    """Return the facts of a table."""
    return [Fact(*row) for row in rows[list(Fact._fields)].itertuples(index=False, name=None)]


def planned_stages(options: CalibrationOptions) -> tuple[Stage, ...]:
    """Return the stages that the options name, in order.

    Raises:
        InputError: a stage is unknown or wrong, or the targets cannot be used
    """
    record = fitted_record(options.targets)
    for name in options.stages:
        if name not in options.stage:
            hint = suggestion(name, list(options.stage)) or f"; there are {listed(list(options.stage))}"
            raise InputError(f"unknown stage `{shown(name)[1:-1]}`{hint}")
    if not options.stages:
        raise InputError("`stages` is empty; name at least one stage")
    return tuple(_stage(name, options.stage[name], options.overrides, record) for name in options.stages)


def fitted_record(table: str) -> pd.DataFrame:
    """Return the facts to fit.

    Raises:
        InputError: the table of targets cannot be used
    """
    fitted_facts(table)  # its errors name file, row and column
    return facts(targets(table))


def _stage(name: str, content: Any, fixed: Mapping[str, Any], record: pd.DataFrame) -> Stage:
    if not re.fullmatch("[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name) or name in ("rivals", "failures", "parts"):
        raise InputError(
            f"the name of a stage must consist of letters, digits, `_` and `-`, and not be rivals, failures or parts; "
            f"got {shown(name)}"
        )
    if not isinstance(content, Mapping):
        raise InputError(
            f"stage `{name}` must be a mapping with `scenarios`, `until` and `parameters`; got {shown(content)}"
        )
    for key in content:
        if key not in KEYS:
            raise InputError(f"unknown key `{key}` in stage `{name}`{suggestion(key, list(KEYS))}")
    for key in KEYS[:3]:
        if content.get(key) is None:
            raise InputError(f"stage `{name}` has no `{key}`; add it")
    until = str(content["until"])
    own = {**fixed, "setting.until": until}
    scenarios = tuple(
        configuration.scenario(each, overrides=own) for each in different_names("scenarios", content["scenarios"])
    )
    last = min(school_year(month_of(until)), FITTED_THROUGH)
    rows = tuple(
        _facts_to_fit(record[record["year"] <= last], ministry_decides_freely(scenario)) for scenario in scenarios
    )
    estimated = tuple(each for each in _estimated(content) if each not in fixed)
    if not estimated or not sum(map(len, rows)):
        raise InputError(
            f"stage `{name}` has no {'facts to fit' if estimated else 'parameters to estimate'}; change its `scenarios`, "
            "`until` or `parameters`"
        )
    stage = Stage(name, scenarios, estimated, rows)
    for scenario, references in zip(scenarios, stage.references, strict=True):
        for reference in references:
            reference.beside(scenario)
    return stage


def ministry_decides_freely(scenario: Scenario) -> bool:
    """Return whether the ministry decides freely in a scenario."""
    return bool(scenario.parameters["ministry.mode"] == "emergent")


def _facts_to_fit(record: pd.DataFrame, ministry_free: bool) -> pd.DataFrame:
    """Return the facts to fit for a scenario."""
    free_facts = record["pattern"].isin(FREE) & (record["year"] >= LAUNCH)
    return record[free_facts if ministry_free else record["group"] != OF_NETWORK]


def _estimated(content: Mapping[str, Any]) -> list[str]:
    names = uncertain()
    all_parameters = isinstance(content["parameters"], str) and content["parameters"] == ALL
    parts = names if all_parameters else different_names("parameters", content["parameters"])
    later = different_names("later", content["later"]) if content.get("later") is not None else ()
    for part in [*parts, *later]:
        if not any(name == part or name.startswith(f"{part}.") for name in names):
            raise InputError(
                f"`{part}` is not an uncertain parameter or a section that has one{suggestion(part, list(names))}"
            )
    return [n for n in names if n not in later and any(n == part or n.startswith(f"{part}.") for part in parts)]


def value_of(name: str, score: float) -> float:
    """Return the value of an uncertain parameter at a standard normal score of its prior."""
    return float(prior_value(name, 0.5 * math.erfc(-score / math.sqrt(2.0))))


@dataclass(frozen=True)
class Draw:
    """A draw of a stage: a function from parameters as scores to the figures of its facts.

    The seed of a draw is derived from its scores, so every stored draw can be simulated again.

    Args:
        stage: of the draw
        folder: for the traceback of a failed draw
    """

    stage: Stage
    folder: Path | None = None

    def __call__(self, scores: Mapping[str, float]) -> Any:
        """Return the figures of a draw, in the order of the stage's facts; shape (facts,)."""
        values = {name: value_of(name, score) for name, score in scores.items()}
        return self.stage.figures(values, seed_of(scores), self.folder)


def seed_of(scores: Mapping[str, float]) -> int:
    """Return the seed of a draw: a checksum of its scores.

    >>> seed_of({"a": 0.5, "b": -1.0}) == seed_of({"b": -1.0, "a": 0.5}) != seed_of({"a": 0.5, "b": 1.0})
    True
    """
    return zlib.crc32(np.array([scores[name] for name in sorted(scores)], dtype=float).tobytes()) % SEEDS
