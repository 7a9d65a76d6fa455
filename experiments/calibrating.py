"""The stages of a calibration: which parameters are asked, what of the record answers, and one draw of them."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from omegaconf import DictConfig, OmegaConf

from sim import scenario
from sim.analysis.distance import Measure
from sim.analysis.fit import facts
from sim.dates import month_of, school_year
from sim.declare import Fact
from sim.errors import Mistake, shown, suggestion
from sim.outcomes.record import as_recorded
from sim.parameters import declared, uncertain
from sim.policy import Scenario
from sim.results.store import Store
from sim.runs.shared_history import Failure, Histories
from sim.world.facts import fitted_facts

from .command_line.options import overridden

THROUGH = 2017
"""The last school year that may be fitted to; what came later is kept to judge predictions."""

FREE = ("partners", "common_agenda_months", "ministry_joins", "ministry_pilots", "ministry_goes_national")
"""Patterns for which a free ministry must answer, from the launch on; at dates near the record its counts are those of the
dates held."""

LAUNCH, OF_NETWORK = 2013, "network"
"""School year of the launch; group of the facts about the network."""

LUCKS = 2**31
"""As many seeds as there are."""

ALL = "all"
"""Parameters of a stage: every one."""


@dataclass(frozen=True)
class Stage:
    """A part of a calibration.

    Args:
        name: of the stage
        cases: scenarios that a draw simulates, with the same luck
        asked: dotted names of its parameters
        rows: the facts that each of the cases answers for
        alike: figures of runs of one point, which differ by luck alone; none: luck is not allowed for
    """

    name: str
    cases: tuple[Scenario, ...]
    asked: tuple[str, ...]
    rows: tuple[pd.DataFrame, ...]
    alike: tuple[Any, ...] = ()

    @property
    def measure(self) -> Measure:
        """What the figures of a draw are measured against."""
        return Measure.of(pd.concat(self.rows, ignore_index=True))

    @property
    def lucky(self) -> Measure:
        """The same with luck allowed for."""
        return self.measure.beside(np.array(self.alike)) if self.alike else self.measure

    def figures(self, values: Mapping[str, float], luck: int, folder: Path | None = None) -> Any:
        """The figures of a run of each case, in the order of the facts; not numbers where it failed.

        Raises RuntimeError where it failed and no folder is given.

        Args:
            values: of parameters, by dotted name
            luck: seed of it
            folder: where the traceback of a run that fails is kept
        """
        worlds = Histories(luck).worlds([case.drawn(values) for case in self.cases])
        figures: list[float] = []
        for world, rows in zip(worlds, self.rows, strict=True):
            if isinstance(world, Failure) and folder is None:
                raise RuntimeError(world.traceback)
            if isinstance(world, Failure):
                Store(folder).fail(str(luck), [{**values, "seed": luck, "traceback": world.traceback}])
                figures += [math.nan] * len(rows)
            else:
                asked = [Fact(*row) for row in rows[list(Fact._fields)].itertuples(index=False)]
                figures += as_recorded(world, asked).values()
        return np.array(figures)


def planned(cfg: DictConfig) -> list[Stage]:
    """The stages that a configuration asks for, in order. Raises Mistake for one that makes no sense."""
    record = record_of(cfg)
    fixed, stages = overridden(cfg), list[Stage]()
    for name in named(cfg, "stages"):
        if name not in cfg.stage:
            raise Mistake(f"unknown stage `{name}`{suggestion(name, list(cfg.stage))}")
        stages.append(_stage(cfg.stage[name], name, fixed, record))
    if not stages:
        raise Mistake("`stages` names no stage")
    return stages


def record_of(cfg: DictConfig) -> pd.DataFrame:
    """The facts that are fitted to. Raises Mistake for a table of targets that cannot be used."""
    from sim.catalogue import targets

    fitted_facts(str(cfg.targets))  # what is wrong with a cell is said with file, row and column
    return facts(targets(str(cfg.targets)))


def named(said: DictConfig, key: str) -> list[str]:
    """The names under a key. Raises Mistake where there is no list of them, or one is in it twice."""
    names = list(said[key]) if OmegaConf.is_list(said[key]) else [None]
    if not all(isinstance(name, str) for name in names) or len({*names}) < len(names):
        raise Mistake(f"`{key}` is a list of different names; got {shown(said[key])}")
    return names


def _stage(said: DictConfig, name: str, fixed: Mapping[str, Any], record: pd.DataFrame) -> Stage:
    own = fixed | {"setting.until": said.until}
    cases = tuple(scenario(case, set=own) for case in named(said, "scenarios"))
    last = min(school_year(month_of(str(said.until))), THROUGH)
    rows = tuple(_answered(record[record["year"] <= last], free(case)) for case in cases)
    asked = tuple(n for n in _asked(said) if n not in fixed)
    if not asked or not sum(map(len, rows)):
        raise Mistake(f"stage `{name}` has no {'fact' if asked else 'parameter'} of its own")
    return Stage(name, cases, asked, rows)


def free(case: Scenario) -> bool:
    """Whether the ministry decides by itself in a scenario."""
    return bool(case.parameters["ministry.mode"] == "emergent")


def _answered(record: pd.DataFrame, ministry_free: bool) -> pd.DataFrame:
    """The facts that a scenario answers for."""
    of_free = record["pattern"].isin(FREE) & (record["year"] >= LAUNCH)
    return record[of_free if ministry_free else record["group"] != OF_NETWORK]


def _asked(said: DictConfig) -> list[str]:
    known = uncertain()
    if isinstance(said.parameters, str) and said.parameters == ALL:
        return list(known)
    parts, later = named(said, "parameters"), named(said, "later") if said.get("later") is not None else []
    for part in [*parts, *later]:
        if not any(name == part or name.startswith(f"{part}.") for name in known):
            raise Mistake(f"`{part}` is no uncertain parameter, nor a section with one{suggestion(part, known)}")
    return [n for n in known if n not in later and any(n == part or n.startswith(f"{part}.") for part in parts)]


def value_of(name: str, score: float) -> float:
    """The value of an uncertain parameter at a standard normal score: its prior range is uniform."""
    low, high = range_of(name)
    return low + (high - low) * 0.5 * math.erfc(-score / math.sqrt(2.0))


def range_of(name: str) -> tuple[float, float]:
    """The prior range of an uncertain parameter."""
    _, declaration = declared(name)
    assert declaration.low is not None
    assert declaration.high is not None
    return float(declaration.low), float(declaration.high)


@dataclass(frozen=True)
class Simulation:
    """One draw of a stage: parameters as scores in, the figures of its facts out.

    A draw's luck follows from its scores, so that every draw on record can be simulated again.

    Args:
        stage: whose draw it is
        folder: where the traceback of a draw that fails is kept
    """

    stage: Stage
    folder: Path | None = None

    def __call__(self, scores: Mapping[str, float]) -> Any:
        """The figures of a draw, in the order of the stage's facts; shape (facts,)."""
        values = {name: value_of(name, score) for name, score in scores.items()}
        return self.stage.figures(values, number_of(scores), self.folder)


def number_of(scores: Mapping[str, float]) -> int:
    """The number of a draw, from which its luck comes: a checksum of its scores.

    >>> number_of({"a": 0.5, "b": -1.0}) == number_of({"b": -1.0, "a": 0.5}) != number_of({"a": 0.5, "b": 1.0})
    True
    """
    return zlib.crc32(np.array([scores[name] for name in sorted(scores)], dtype=float).tobytes()) % LUCKS


def settings(cfg: DictConfig) -> dict[str, Any]:
    """What of a configuration decides about a study; not how many processes it has or where its product goes."""
    kept = ("stages", "stage", "repeats", "draws", "rounds", "sets", "seed")
    said = OmegaConf.to_container(OmegaConf.masked_copy(cfg, list(kept)), resolve=True)
    assert isinstance(said, dict)
    return {str(key): value for key, value in said.items()}
