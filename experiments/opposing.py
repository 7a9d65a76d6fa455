"""Rivals of the model: fitted to the same record in the same way, and weighed against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from omegaconf import DictConfig, OmegaConf

from sim import ensemble, scenario
from sim.analysis.effects import paired
from sim.analysis.fit import fit
from sim.catalogue import targets
from sim.configuration import given
from sim.errors import Mistake, suggestion
from sim.parameters import checked
from sim.results.files import bytes_of, writable, written

from .calibrating import Simulation, Stage, named
from .command_line.options import integer, overridden
from .studying import Study

if TYPE_CHECKING:
    from sim.runs.posterior import ParameterSets

    from .sampling import Found

ITSELF, ALL = "the model", "all"
"""What rivals are weighed against; every rival of the configuration."""

COUNTS, OUTCOME, UNTIL = "maths5_examinees", "examinees_2020", "2020-08"
"""The national counts; what a rival says of the backbone, and how far it is simulated for it."""

STRONG = 3.0
"""Log odds from which the record tells two models apart: twenty to one, "strong" by Kass and Raftery 1995."""


@dataclass(frozen=True)
class Rival:
    """A model that is fitted beside the model.

    Args:
        name: of it
        stage: of the calibration, with its scenarios
        held: parameters by which it differs, by dotted name
    """

    name: str
    stage: Stage
    held: Mapping[str, Any]


@dataclass(frozen=True)
class Opposing:
    """A study's last stage done again for each rival, from what the model itself has found.

    Args:
        study: whose rivals they are
        begin: parameter sets from which each begins, as scores
    """

    study: Study
    begin: ParameterSets

    @cached_property
    def rivals(self) -> list[Rival]:
        """The rivals that the configuration names."""
        return rivals_of(self.study)

    def rows(self, found: Found) -> pd.DataFrame:
        """A row a model: how probable the record is under it, how near it comes, what it says of the backbone.

        Args:
            found: what the study itself has found in its last stage
        """
        itself = Rival(ITSELF, self.study.measured[-1], {})
        rows = [self.row(itself, found), *(self.row(rival, self.fitted(rival)) for rival in self.rivals)]
        return weighed(pd.DataFrame(rows))

    def fitted(self, rival: Rival) -> Found:
        """What a rival's calibration finds."""
        from .sampling import Rounds

        effort = replace(self.study.effort, rounds=integer(self.study.cfg, "rival_rounds", 2))
        return Rounds(Simulation(rival.stage, self.study.folder), effort, self.folder(rival)).found(self.begin)

    def folder(self, rival: Rival) -> Path:
        """Where a rival's draws are kept."""
        return self.study.folder / "rivals" / rival.name.replace(" ", "_")

    def row(self, rival: Rival, found: Found) -> dict[str, Any]:
        """A model in figures."""
        last = found.log["evidence"].iloc[-2:]
        about = {"model": rival.name, "facts": len(rival.stage.measure.observed), "evidence": last.iloc[-1]}
        error = found.log["error"].iloc[-1]
        return {**about, "before": last.iloc[0], "error": error, **self.simulated(rival, found)}

    def simulated(self, rival: Rival, found: Found) -> dict[str, Any]:
        """How near a model's posterior comes to the record, and what it says of the backbone."""
        sets = [dict(zip(rival.stage.asked, map(float, row), strict=True)) for row in found.chain.scores]
        count = min(len(sets), integer(self.study.cfg, "shown", 1))
        table = self.study.table(self.study.completed(sets, count), rival.held)
        path = written(writable(self.folder(rival)) / "posterior.csv", bytes_of(table, "csv", "%.8g"))
        own = overridden(self.study.cfg) | {**rival.held, "setting.until": UNTIL}
        names = [case.name for case in rival.stage.cases]
        backbone = [name for name in ("historical_emergent", "no_backbone") if "historical_emergent" in names]
        cases = [scenario(name, set=own) for name in dict.fromkeys([*names, *backbone])]
        frame = ensemble(cases, list(range(count)), self.study.cfg.jobs, uncertainty=str(path)).frame
        return {**nearness(frame[frame["scenario"] == names[0]], self.study), **effect_of(frame, backbone)}


def nearness(frame: pd.DataFrame, study: Study) -> dict[str, Any]:
    """How far the national counts are from the record (root mean square of the log of medians), and the facts inside."""
    rows = fit(frame, targets(str(study.cfg.targets)))
    rows = rows[rows["n"] > 0]
    off = rows.loc[rows["pattern"] == COUNTS, "deviation"] / 100.0
    return {"counts_off": float(np.sqrt((off**2).mean())), "inside": float(rows["inside"].mean())}


def effect_of(frame: pd.DataFrame, arms: Sequence[str]) -> dict[str, float]:
    """What the first of two arms has more than the second, within pairs; not a number where there are no arms."""
    if not arms:
        return dict.fromkeys(("backbone", "low", "high"), np.nan)
    found = paired(frame, arms[1], [arms[0]], OUTCOME).iloc[0]
    return {"backbone": found["difference"], "low": found["low"], "high": found["high"]}


def weighed(rows: pd.DataFrame) -> pd.DataFrame:
    """Models with their log odds against the first that answers for as many facts, by the last round and the one before.

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


def sentences(rows: pd.DataFrame) -> list[str]:
    """What the record can and cannot tell, from the table of models; never more than both rounds say."""
    rivals = rows[rows["model"] != rows["against"]]
    low, high = (rivals[["log_odds", "odds_before"]].agg(kind, axis=1) for kind in ("min", "max"))
    parts = [
        ("The record speaks against: ", rivals[high < -STRONG]),
        ("The record speaks for: ", rivals[low > STRONG]),
        ("The record cannot tell from the model: ", rivals[(high >= -STRONG) & (low <= STRONG)]),
    ]
    told = [
        said + "; ".join(f"{row.model} (against {row.against})" for row in some.itertuples())
        for said, some in parts
        if len(some)
    ]
    return [*told, *of_the_backbone(rows, list(parts[-1][1]["model"]))]


def of_the_backbone(rows: pd.DataFrame, alike: Sequence[str]) -> list[str]:
    """What the backbone adds under the model and under those that the record cannot tell from it; none where none says.

    Args:
        rows: the table of models
        alike: models that the record cannot tell from the model
    """
    said = rows[rows["model"].isin([ITSELF, *alike])].dropna(subset=["backbone"]).sort_values("backbone")
    if len(said) < 2:
        return []
    least, most = said.iloc[0], said.iloc[-1]
    none = "; no effect at all cannot be excluded" if (said["low"] <= 0.0).any() else ""
    return [
        f"Among models that the record cannot tell apart the backbone adds from {least['backbone']:,.0f} ({least['model']}) "
        f"to {most['backbone']:,.0f} ({most['model']}) examinees of 2020{none}"
    ]


def rivals_of(study: Study) -> list[Rival]:
    """The rivals that a configuration asks for. Raises Mistake for one that there is not, or that makes no sense."""
    return [_rival(study, name, said) for name, said in rivals_asked(study.cfg).items()]


def rivals_asked(cfg: DictConfig) -> dict[str, Any]:
    """What is said of each rival that a configuration asks for. Raises Mistake as `rivals_of` does, before any run."""
    known = [str(name) for name in cfg.rival]
    wanted = known if cfg.rivals == ALL else named(cfg, "rivals")
    for name in wanted:
        if name not in known:
            raise Mistake(f"unknown rival `{name}`{suggestion(name, known)}")
    found: dict[str, Any] = {name: OmegaConf.to_container(cfg.rival[name], resolve=True) for name in wanted}
    for said in found.values():
        for name in said.get("scenarios") or ["historical"]:
            scenario(name, set=_held(said))
    return found


def _held(said: Any) -> dict[str, Any]:
    return {key: checked(key, value) for key, value in given(said.get("set", {}))}


def _rival(study: Study, name: str, said: Any) -> Rival:
    """A rival: its scenarios take the place of the stage's first ones, and it answers for their facts."""
    stage, held = study.measured[-1], _held(said)
    own = overridden(study.cfg) | held | {"setting.until": study.cfg.stage[stage.name].until}
    names = said.get("scenarios") or [case.name for case in stage.cases]
    cases, rows = tuple(scenario(each, set=own) for each in names), stage.rows[: len(names)]
    alike = tuple(figures[: sum(map(len, rows))] for figures in stage.alike)
    asked = tuple(each for each in stage.asked if each not in held)
    return Rival(name.replace("_", " "), replace(stage, cases=cases, rows=rows, alike=alike, asked=asked), held)
