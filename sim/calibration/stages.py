"""The stages of a calibration: which parameters are estimated, which facts they answer for, and one draw of them."""

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

from sim.analysis.distance import Measure
from sim.analysis.fit import FITTED_THROUGH, facts
from sim.calibration.options import CalibrationOptions, different_names
from sim.catalogue import targets
from sim.configuration import scenario
from sim.dates import month_of, school_year
from sim.declare import Fact
from sim.design.factors import prior_value
from sim.errors import InputError, listed, shown, suggestion
from sim.outcomes.paired import PAIRED, as_recorded_in_pairs, references_of
from sim.outcomes.reference import Reference
from sim.parameters import uncertain
from sim.policy import Scenario
from sim.results.store import Store
from sim.runs.run_end import Failure
from sim.runs.shared_history import Histories
from sim.world.facts import fitted_facts
from sim.world.state import World

FREE = ("partners", "common_agenda_months", "ministry_joins", "ministry_pilots", "ministry_goes_national")
"""Patterns for which a free ministry must answer, from the launch on; at dates near the record its counts are those of the
dates held."""

LAUNCH, OF_NETWORK = 2013, "network"
"""School year of the launch; group of the facts about the network."""

SEEDS = 2**31
"""As many seeds as there are."""

ALL = "all"
"""Parameters of a stage: every one."""

KEYS = ("scenarios", "until", "parameters", "later")
"""What a stage consists of."""


@dataclass(frozen=True)
class Stage:
    """A part of a calibration.

    Args:
        name: of the stage
        cases: scenarios that a draw simulates, with the same random numbers
        parameters: dotted names of those that are estimated
        facts: a table of facts for each of the cases, for which it answers; for those of pairs the case's references are
            simulated too, from the history that they share
        default_figures: figures of runs at the defaults, which differ by random variation alone; none: it is not
            allowed for
    """

    name: str
    cases: tuple[Scenario, ...]
    parameters: tuple[str, ...]
    facts: tuple[pd.DataFrame, ...]
    default_figures: tuple[Any, ...] = ()

    @property
    def measure(self) -> Measure:
        """What the figures of a draw are measured against."""
        return Measure.of(pd.concat(self.facts, ignore_index=True))

    @property
    def lucky(self) -> Measure:
        """The same with random variation allowed for."""
        return self.measure.beside(np.array(self.default_figures)) if self.default_figures else self.measure

    @property
    def references(self) -> tuple[tuple[Reference, ...], ...]:
        """For each case the references that its facts of pairs need."""
        return tuple(references_of(facts_of(rows)) for rows in self.facts)

    @property
    def of_pairs(self) -> Stage:
        """The stage with its facts of pairs alone, and the cases that have any."""
        facts = [rows[rows["pattern"].isin(PAIRED)].reset_index(drop=True) for rows in self.facts]
        some = [(case, rows) for case, rows in zip(self.cases, facts, strict=True) if len(rows)]
        return replace(
            self, cases=tuple(case for case, _ in some), facts=tuple(rows for _, rows in some), default_figures=()
        )

    @property
    def of_single_runs(self) -> Stage:
        """The stage without its facts of pairs."""
        alone = [(~rows["pattern"].isin(PAIRED)).to_numpy() for rows in self.facts]
        figures = tuple(each[np.concatenate(alone)] for each in self.default_figures)
        rows = (rows[some].reset_index(drop=True) for rows, some in zip(self.facts, alone, strict=True))
        return replace(self, facts=tuple(rows), default_figures=figures)

    def figures(self, values: Mapping[str, float], seed: int, folder: Path | None = None) -> Any:
        """Return the figures of a run of each case, in the order of the facts; not numbers where it failed.

        Args:
            values: of parameters, by dotted name
            seed: of the run
            folder: where the traceback of a run that fails is kept

        Raises:
            RuntimeError: the run failed and no folder is given
        """
        figures: list[float] = []
        for result, rows in zip(self._worlds(values, seed), self.facts, strict=True):
            if isinstance(result, Failure):
                if folder is None:
                    raise RuntimeError(result.traceback)
                Store(folder).record_failures(str(seed), [{**values, "seed": seed, "traceback": result.traceback}])
                figures += [math.nan] * len(rows)
            else:
                figures += as_recorded_in_pairs(result[0], facts_of(rows), result[1]).values()
        return np.array(figures)

    def _worlds(self, values: Mapping[str, float], seed: int) -> list[tuple[World, dict[Reference, World]] | Failure]:
        """Return the last world of each case with those of its references, or what failed first among them."""
        cases, references = [case.drawn(values) for case in self.cases], self.references
        beside = [[each.beside(case) for each in own] for case, own in zip(cases, references, strict=True)]
        runs = [[case, *own] for case, own in zip(cases, beside, strict=True)]
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
        InputError: an unknown stage, a stage that has no meaning, or targets that cannot be used
    """
    record = fitted_record(options.targets)
    for name in options.stages:
        if name not in options.stage:
            hint = suggestion(name, list(options.stage)) or f"; there are {listed(list(options.stage))}"
            raise InputError(f"unknown stage `{shown(name)[1:-1]}`{hint}")
    if not options.stages:
        raise InputError("`stages` names no stage")
    return tuple(_stage(name, options.stage[name], options.overrides, record) for name in options.stages)


def fitted_record(table: str) -> pd.DataFrame:
    """Return the facts that are fitted to.

    Raises:
        InputError: the table of targets cannot be used
    """
    fitted_facts(table)  # its errors name file, row and column
    return facts(targets(table))


def _stage(name: str, content: Any, fixed: Mapping[str, Any], record: pd.DataFrame) -> Stage:
    if not re.fullmatch("[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name) or name in ("rivals", "failures", "parts"):
        raise InputError(
            f"a stage is named by letters, digits, `_` and `-`, and not rivals, failures or parts; got {shown(name)}"
        )
    if not isinstance(content, Mapping):
        raise InputError(f"stage `{name}` must hold `scenarios`, `until` and `parameters`; got {shown(content)}")
    for key in content:
        if key not in KEYS:
            raise InputError(f"unknown key `{key}` in stage `{name}`{suggestion(key, list(KEYS))}")
    for key in KEYS[:3]:
        if content.get(key) is None:
            raise InputError(f"stage `{name}` has no `{key}`")
    until = str(content["until"])
    own = {**fixed, "setting.until": until}
    cases = tuple(scenario(case, set=own) for case in different_names("scenarios", content["scenarios"]))
    last = min(school_year(month_of(until)), FITTED_THROUGH)
    rows = tuple(_answered(record[record["year"] <= last], free(case)) for case in cases)
    estimated = tuple(each for each in _estimated(content) if each not in fixed)
    if not estimated or not sum(map(len, rows)):
        raise InputError(f"stage `{name}` has no {'fact' if estimated else 'parameter'} of its own")
    stage = Stage(name, cases, estimated, rows)
    for case, references in zip(cases, stage.references, strict=True):
        for reference in references:
            reference.beside(case)
    return stage


def free(case: Scenario) -> bool:
    """Return whether the ministry decides by itself in a scenario."""
    return bool(case.parameters["ministry.mode"] == "emergent")


def _answered(record: pd.DataFrame, ministry_free: bool) -> pd.DataFrame:
    """Return the facts that a scenario answers for."""
    of_free = record["pattern"].isin(FREE) & (record["year"] >= LAUNCH)
    return record[of_free if ministry_free else record["group"] != OF_NETWORK]


def _estimated(content: Mapping[str, Any]) -> list[str]:
    names = uncertain()
    every = isinstance(content["parameters"], str) and content["parameters"] == ALL
    parts = names if every else different_names("parameters", content["parameters"])
    later = different_names("later", content["later"]) if content.get("later") is not None else ()
    for part in [*parts, *later]:
        if not any(name == part or name.startswith(f"{part}.") for name in names):
            raise InputError(
                f"`{part}` is not an uncertain parameter, nor a section with one{suggestion(part, list(names))}"
            )
    return [n for n in names if n not in later and any(n == part or n.startswith(f"{part}.") for part in parts)]


def value_of(name: str, score: float) -> float:
    """Return the value of an uncertain parameter at a standard normal score of its prior."""
    return float(prior_value(name, 0.5 * math.erfc(-score / math.sqrt(2.0))))


@dataclass(frozen=True)
class Draw:
    """One draw of a stage: from parameters as scores to the figures of its facts.

    The seed of a draw follows from its scores, so that every draw on record can be simulated again.

    Args:
        stage: whose draw it is
        folder: where the traceback of a draw that fails is kept
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
