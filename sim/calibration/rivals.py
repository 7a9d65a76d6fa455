"""Rivals of the model: other mechanisms, fitted to the same record and compared by evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.effects import paired
from sim.analysis.fit import fit
from sim.calibration.rounds import SamplingRounds, StageResult
from sim.calibration.stages import Draw, Stage
from sim.calibration.study import CalibrationStudy
from sim.catalogue import targets
from sim.configuration import scenario
from sim.design.mechanisms import Mechanism
from sim.findings.calibration import COUNTS, ITSELF
from sim.findings.numbers import readable_name
from sim.results.files import bytes_of, writable, written
from sim.runs.ensemble import ensemble
from sim.runs.posterior import ParameterSets

OUTCOME, UNTIL = "examinees_2020", "2020-08"
"""Outcome of the backbone's effect, and last month of the runs for it."""


@dataclass(frozen=True)
class Rival:
    """A rival of the model.

    Args:
        name: of the rival
        stage: of the calibration, with its scenarios
        held: parameters that it holds fixed, by dotted name
    """

    name: str
    stage: Stage
    held: Mapping[str, Any]


@dataclass(frozen=True)
class RivalFits:
    """The last stage of a calibration, repeated for each rival from the parameter sets of the model.

    Args:
        study: the calibration
        begin: parameter sets from which each rival begins, as scores
    """

    study: CalibrationStudy
    begin: ParameterSets

    @cached_property
    def rivals(self) -> list[Rival]:
        """The rivals of the options."""
        return [rival_of(self.study, mechanism) for mechanism in self.study.options.rivals]

    def rows(self, result: StageResult) -> pd.DataFrame:
        """Return the table of models: evidence, distance from the record, and effect of the backbone.

        Args:
            result: of the last stage of the model's calibration
        """
        itself = Rival(ITSELF, self.study.measured[-1], {})
        rows = [self.row(itself, result), *(self.row(rival, self.fitted(rival)) for rival in self.rivals)]
        return with_log_odds(pd.DataFrame(rows))

    def fitted(self, rival: Rival) -> StageResult:
        """Return the result of a rival's calibration."""
        budget = replace(self.study.budget, rounds=self.study.options.rival_rounds)
        return SamplingRounds(Draw(rival.stage, self.study.folder), budget, self.folder(rival)).result(self.begin)

    def folder(self, rival: Rival) -> Path:
        """Return the folder of a rival's draws."""
        return self.study.folder / "rivals" / rival.name.replace(" ", "_")

    def posterior(self, name: str) -> pd.DataFrame:
        """Return the parameter sets of a rival by the name of its mechanism; its row must have been made."""
        fitted = next(rival for rival in self.rivals if rival.name == readable_name(name))
        return pd.read_csv(self.folder(fitted) / "posterior.csv")

    def row(self, rival: Rival, result: StageResult) -> dict[str, Any]:
        """Return the row of a model."""
        last = result.log["evidence"].iloc[-2:]
        identity = {"model": rival.name, "facts": len(rival.stage.measure.observed), "evidence": last.iloc[-1]}
        error = result.log["error"].iloc[-1]
        return {**identity, "before": last.iloc[0], "error": error, **self.simulated(rival, result)}

    def simulated(self, rival: Rival, result: StageResult) -> dict[str, Any]:
        """Return the distance of a model's posterior from the record, and its effect of the backbone."""
        options = self.study.options
        sets = [dict(zip(rival.stage.parameters, map(float, row), strict=True)) for row in result.chain.scores]
        count = min(len(sets), options.shown)
        table = self.study.table(self.study.completed(sets, max(count, options.sets)), rival.held)
        path = written(writable(self.folder(rival)) / "posterior.csv", bytes_of(table, "csv", "%.8g"))
        own = {**options.overrides, **rival.held, "setting.until": UNTIL}
        names = [scenario.name for scenario in rival.stage.scenarios]
        arms = [name for name in ("historical_emergent", "no_backbone") if "historical_emergent" in names]
        scenarios = [scenario(name, overrides=own) for name in dict.fromkeys([*names, *arms])]
        runs = ensemble(scenarios, list(range(count)), options.jobs, uncertainty=str(path), progress=options.progress)
        nearest = runs.frame[runs.frame["scenario"] == names[0]]
        return {**nearness(nearest, options.targets), **effect_of(runs.frame, arms)}


def nearness(frame: pd.DataFrame, table: str) -> dict[str, Any]:
    """Return the distance of the national counts from the record, and the share of facts inside.

    Args:
        frame: runs of one scenario
        table: of targets

    Returns:
        `counts_off`, root mean square of the logs of medians over the record; `inside`, share of facts in the middle 90%.
    """
    rows = fit(frame, targets(table))
    rows = rows[rows["n"] > 0]
    off = rows.loc[rows["pattern"] == COUNTS, "deviation"] / 100.0
    return {"counts_off": float(np.sqrt((off**2).mean())), "inside": float(rows["inside"].mean())}


def effect_of(frame: pd.DataFrame, arms: Sequence[str]) -> dict[str, float]:
    """Return the first of two arms less the second, within pairs; NaN without arms."""
    if not arms:
        return dict.fromkeys(("backbone", "low", "high"), np.nan)
    pair = paired(frame, arms[1], [arms[0]], OUTCOME).iloc[0]
    return {"backbone": pair["difference"], "low": pair["low"], "high": pair["high"]}


def with_log_odds(rows: pd.DataFrame) -> pd.DataFrame:
    """Return models with their log odds against the first one with the same number of facts, by the last two rounds.

    Args:
        rows: columns model, facts, evidence and before [log density]
    """
    first = rows.groupby("facts")[["evidence", "before"]].transform("first")
    odds = pd.DataFrame(
        {"log_odds": rows["evidence"] - first["evidence"], "odds_before": rows["before"] - first["before"]}
    )
    against = rows.groupby("facts")["model"].transform("first")
    table = rows.drop(columns="before")
    return pd.concat([table.iloc[:, :3], odds, against.rename("against"), table.iloc[:, 3:]], axis=1)


def rival_of(study: CalibrationStudy, mechanism: Mechanism) -> Rival:
    """Return a mechanism as a rival; its scenarios replace the first ones of the last stage, with their facts.

    A rival with its own scenarios is not fitted to facts of pairs, which its scenario may lack.
    """
    last, held = study.measured[-1], mechanism.values
    stage = last.of_single_runs if mechanism.scenarios else last
    own = {**study.options.overrides, **held, "setting.until": study.options.stage[stage.name]["until"]}
    names = mechanism.scenarios or [scenario.name for scenario in stage.scenarios]
    scenarios, rows = tuple(scenario(each, overrides=own) for each in names), stage.facts[: len(names)]
    figures = tuple(each[: sum(map(len, rows))] for each in stage.default_figures)
    estimated = tuple(each for each in stage.parameters if each not in held)
    changed = replace(stage, scenarios=scenarios, facts=rows, default_figures=figures, parameters=estimated)
    return Rival(readable_name(mechanism.name), changed, held)
