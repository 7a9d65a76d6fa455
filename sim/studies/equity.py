"""Equity: gains of groups of students, gaps in points and as ratios, and costs, within pairs of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from sim.analysis.clusters import sharing_note
from sim.analysis.costs import costs
from sim.analysis.equity import gains, gaps, groups, mean_curve
from sim.analysis.paired_differences import differences
from sim.configuration import arm_over
from sim.dates import date_of, month_of
from sim.errors import InputError, flag, shown, whole_number
from sim.figures.equity import EquityTables, equity_page
from sim.figures.export import render
from sim.outcomes.groups import YEARS
from sim.policy import Scenario
from sim.reports.blocks import Chapter
from sim.reports.chapters import equity as chapters
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.result_folder import ResultFolder
from sim.runs.compare import FEWEST
from sim.runs.compare import compare as compare_pairs
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.pairs import Pairs
from sim.runs.parallel import processes
from sim.runs.posterior import POINT, POSTERIOR, parameter_sets
from sim.studies.arms import ArmsOption, named_arms, scenarios_with
from sim.studies.records import foot, scenarios_in_words, seeds_text, study_record
from sim.sweeps.provenance import study_inputs

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ARMS = ("no_backbone", "policy_only", "network_only", "money_only", "periphery_first")
"""Default arms."""

WASTED = ("offered", "delivered", "unspent", "duplicated")
"""Outcomes of money in which arms are compared with the baseline."""


@dataclass(frozen=True, repr=False, kw_only=True)
class Equity(StudyResult):
    """Gains, gaps and costs in a baseline and its arms, compared with a reference.

    Args:
        frame: a row a run
        gains: of groups of students: baseline and arms against the reference, arms against the baseline
        gaps: between groups: the same, and the reference alone
        costs: money by scenario and source, and additional examinees for it
        record: how the study was made
        key: of its chapter in a report
        svg: page read from a folder; None: it is drawn
    """

    kind: ClassVar[str] = "study of equity"

    frame: pd.DataFrame
    gains: pd.DataFrame
    gaps: pd.DataFrame
    costs: pd.DataFrame
    record: Mapping[str, Any]
    key: str = "equity"
    svg: bytes | None = None

    @property
    def reference(self) -> str:
        """Name of the scenario that the others are compared with."""
        return str(self.record["reference"])

    @property
    def scenarios(self) -> list[str]:
        """Names of the baseline, the arms, and the reference last."""
        return list(dict.fromkeys(self.costs["arm"]))

    @cached_property
    def wasted(self) -> pd.DataFrame:
        """Differences in money between the arms and the baseline."""
        baseline, *arms = (name for name in self.scenarios if name != self.reference)
        return differences(self.frame, baseline, arms, WASTED)

    @property
    def drawing(self) -> bytes:
        """Page of figures as SVG."""
        return self.svg or render(self.plot.page(), "equity", ("svg",))[Path("equity.svg")]

    def summary(self) -> str:
        """Return the findings as text."""
        return text(self.chapter())

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the study as a chapter of a report."""
        return chapters.chapter(self, title or "Who gains, and at what cost")

    def contents(self) -> dict[str, bytes]:
        """Return the files of a folder of the study: content by file name."""
        tables = {"equity": self.gains, "gaps": self.gaps, "costs": self.costs}
        return {
            "table.parquet": bytes_of(self.frame, "parquet"),
            "equity.txt": self.summary().encode(),
            **{f"{name}.csv": bytes_of(table, "csv") for name, table in tables.items()},
            **{path.name: page for path, page in render(self.plot.page(), "equity").items()},
        }

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the study in a folder.

        Raises:
            InputError: a file is missing, broken or changed
        """
        costs_needed = ["arm", "source", "offered", "caused", "per_caused", "extra_per_caused"]
        gaps_needed = ["arm", "against", "gap", "measure", "level", "difference", "low", "high"]
        return cls(
            gains=folder.table("equity.csv", ["arm", "against", "group", "share", "points", "additional"]),
            gaps=folder.table("gaps.csv", gaps_needed),
            costs=folder.table("costs.csv", costs_needed),
            frame=folder.runs("table.parquet"),
            record=dict(folder.manifest),
            svg=folder.drawing("equity.svg"),
        )

    @property
    def plot(self) -> EquityPlots:
        """Figures: page()."""
        return EquityPlots(self)


class EquityPlots:
    """Figures of a study of equity."""

    def __init__(self, study: Equity) -> None:
        self.study = study

    def page(self) -> Figure:
        """Return the page: gains, concentration, gaps by both measures, and costs."""
        study, reference = self.study, self.study.reference
        year = int(study.record["year"])
        quintiles = any(group.startswith("quintile") for group in groups(study.frame, year))
        curves = [mean_curve(study.frame, name, year) for name in study.scenarios if quintiles]
        tables = EquityTables(
            study.gains[study.gains["against"] == reference],
            study.gaps[study.gaps["against"] == reference],
            pd.concat(curves) if curves else pd.DataFrame(),
            study.costs,
            reference,
        )
        made = foot(study.record, sharing_note(study.frame, "pairs"))
        return equity_page(tables, study.record["uncertainty"] != POINT, made)


@on_engine
def equity(
    baseline: str | Scenario = "historical_emergent",
    arms: ArmsOption = ARMS,
    *,
    reference: str | Scenario = "no_initiative",
    year: int = 2020,
    seeds: int = 100,
    first_seed: int = 1,
    uncertainty: str | Path = POSTERIOR,
    overrides: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    engine: EngineOption = None,
    progress: bool = True,
) -> Equity:
    """Study gains of groups, gaps between groups and costs in a baseline and its arms, compared with a reference.

    Args:
        baseline: name of a scenario, or a scenario
        arms: one, several, the name of a set or the path of a file of one; `+no_backbone` is laid over the baseline
        reference: scenario without the programme; examinees beyond those of its runs count as caused
        year: of the examination by which groups are compared: 2013, 2017 or 2020
        seeds: pairs of runs of each scenario
        first_seed: first of the seeds
        uncertainty: `point`, `posterior` (each seed its own parameter set), `structures` (of the models, by weight), or a path
        overrides: parameters that differ in all scenarios, by dotted name
        jobs: processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        progress: show a bar

    Returns:
        The study: `gains`, `gaps`, `costs`, `summary()`, `plot.page()`, `chapter()`, `save(folder)`.

    Raises:
        InputError: a scenario or parameter is unknown, scenarios cannot be compared, or an option is wrong

    Example:
        sim.equity(arms=["no_backbone", "periphery_first"], year=2017, seeds=200).summary()
    """
    options = dict(locals())
    flag("progress", progress)
    names, last = scenario_names(baseline, arms, reference)
    scenarios = scenarios_with(baseline, names, overrides)
    beside = scenarios[1 + names.index(last)].name
    require_examination(year, scenarios)
    start, count = whole_number("`first_seed`", first_seed, 0), whole_number("`seeds`", seeds, FEWEST)
    sets, _ = parameter_sets(uncertainty), processes(jobs)
    try:
        pairs = compare_pairs(
            scenarios[0], scenarios[1:], range(start, start + count), jobs, uncertainty=uncertainty, progress=progress
        )
    except KeyboardInterrupt as stop:
        raise type(stop)("nothing is stored: a study of equity is written when it is complete") from None
    gained, apart, paid = tables_of(pairs, beside, year)
    labels = [name if isinstance(name, str) else name.name for name in (baseline, *names)]
    made_with = study_inputs(labels[0], scenarios[0], overrides or {}, uncertainty, sets) | {
        "arms": [scenario.name for scenario in scenarios[1:]],
        "asks": f"Who gains, and at what cost, beside {beside}",
        "cases": scenarios_in_words(scenarios, [baseline, *names]),
        "reference": beside,
        "year": year,
        "pairs": int(pairs.frame["seed"].nunique()),
        "seeds": seeds_text(pairs.frame["seed"].unique().tolist()),
        "sharing": pairs.sharing,
        "failures": len(pairs.failures),
    }
    made_with |= {"failed_runs": list(pairs.failures)} if pairs.failures else {}
    record = study_record(equity, options, **made_with)
    return Equity(frame=pairs.frame, gains=gained, gaps=apart, costs=paid, record=record)


def scenario_names(
    baseline: str | Scenario, arms: ArmsOption, reference: str | Scenario
) -> tuple[list[str | Scenario], str | Scenario]:
    """Return the arms including the reference, and the reference.

    Args:
        baseline: name of a scenario, or a scenario
        arms: one, several, or the name of a set
        reference: name of a scenario, or a scenario

    Raises:
        InputError: there is no arm, or nothing to compare with the reference
    """
    names, last = named_arms(arms).over(baseline), arm_over(baseline, reference)
    if not isinstance(last, str | Scenario):
        raise InputError(f"`reference` must be a scenario; got {shown(last)}")
    if last == baseline:
        label = baseline if isinstance(baseline, str) else baseline.name
        raise InputError(
            f"`reference` cannot be the baseline `{label}`, which is compared with it; name another scenario"
        )
    if names == [last]:
        label = last if isinstance(last, str) else last.name
        raise InputError(
            f"there is nothing to compare, since the only arm is the reference `{label}`; name another arm"
        )
    return [*names, *([last] * (last not in names))], last


def require_examination(year: int, scenarios: Sequence[Scenario]) -> None:
    """Check that all runs have figures of groups in a year.

    Args:
        year: of an examination
        scenarios: scenarios

    Raises:
        InputError: groups are not counted in the year, or runs do not have its examination
    """
    if isinstance(year, bool) or year not in YEARS:
        years = ", ".join(str(each) for each in YEARS)
        raise InputError(f"`year` must be one of {years}, in which groups are counted; got {shown(year)}")
    for scenario in scenarios:
        if not scenario.first_month <= month_of(f"{year}-06") <= scenario.last_month:
            ends = f"{date_of(scenario.first_month)} to {date_of(scenario.last_month)}"
            raise InputError(
                f"the runs of `{scenario.name}` ({ends}) have no examination of `year` {year}; choose another year"
            )


def tables_of(pairs: Pairs, reference: str, year: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the tables of gains, gaps and costs.

    Args:
        pairs: runs of the baseline, the arms and the reference
        reference: name of the reference
        year: of an examination
    """
    scenarios = [pairs.baseline, *(arm for arm in pairs.arms if arm != reference)]
    both = [(arm, reference) for arm in scenarios] + list(product(scenarios[1:], [pairs.baseline]))
    gained = pd.concat([gains(pairs.frame, *two, year) for two in both], ignore_index=True)
    apart = pd.concat([gaps(pairs.frame, *two, year) for two in [*both, (reference, reference)]], ignore_index=True)
    return gained, apart, costs(pairs.frame, [*scenarios, reference], reference)
