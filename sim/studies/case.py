"""Cases without a backbone: predictions beside published facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from sim.analysis.cases import (
    added_within_pairs,
    changes_between,
    figures_beside_runs,
    quantiles,
    simple_forecasts,
    totals,
)
from sim.analysis.fit import COUNT, SHARE
from sim.analysis.validation import Measurement
from sim.calibration.national import TOLERANCE
from sim.errors import InputError, flag, is_one_of, shown, suggestion, whole_number
from sim.figures.cases import ireland_page, plan_page
from sim.figures.export import render
from sim.reports.blocks import Chapter
from sim.reports.chapters.cases import case_drawing, ireland_blocks, plan_blocks
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.result_folder import ResultFolder
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.parallel import processes
from sim.runs.posterior import POSTERIOR, parameter_sets
from sim.studies.case_runs import (
    BOTH,
    CARRIED,
    HALF,
    NO_BONUS,
    NO_PLAN,
    PLAN,
    PLAN_ENDS,
    READY,
    TRAINED_ARM,
    irish_arms,
    irish_priors,
    irish_shares,
    plan_arms,
    plan_counts,
    run_arms,
    setting_of,
)
from sim.studies.setup import overrides_in, record_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.policy import Scenario
    from sim.runs.posterior import ParameterSets

IRELAND, PLAN_2009 = "ireland", "plan_2009"
"""Names of cases: a bonus for higher-level mathematics in Ireland, and Israel's plan of 2009-2012."""

TABLES = {
    IRELAND: ("beside", "totals", "fitted", "added"),
    PLAN_2009: ("beside", "changes", "added"),
}
"""Tables of each case."""

TITLES = {
    IRELAND: "Ireland: a bonus without a backbone",
    PLAN_2009: "The plan of 2009-2012: money without a backbone",
}
"""Cases in words."""

COUNT_ERROR = 0.02
"""Measurement error of a national count [log]."""


def case_name(name: object) -> str:
    """Return the name of a case.

    Raises:
        InputError: the case is unknown
    """
    if not is_one_of(name, TABLES):
        hint = suggestion(name, list(TABLES)) if isinstance(name, str) else ""
        raise InputError(f"unknown case {shown(name)}; there are {' and '.join(TABLES)}{hint}")
    return str(name)


@on_engine
def case(
    case: str = IRELAND,
    *,
    sets: int = 40,
    uncertainty: str | Path = POSTERIOR,
    overrides: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    engine: EngineOption = None,
    progress: bool = True,
) -> CaseStudy:
    """Simulate a case that had no backbone, and compare the runs with the published figures.

    Args:
        case: `ireland`, trained on the shares up to 2014 and scored on the later ones beside simple forecasts; or `plan_2009`,
            Israel's plan of 2009-2012 with and without its money
        sets: number of parameter sets of the posterior, each simulated once in every arm
        uncertainty: `posterior`, `structures`, or the path of a table of parameter sets
        overrides: parameters that differ in all arms, by dotted name; they are not fitted
        jobs: processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        progress: show bars

    Returns:
        The figures of the runs beside the published ones, with summary, figure and chapter.

    Raises:
        InputError: the case is unknown, a value is wrong, there are too few sets, no run reaches a year, or the setting does
            not have its own cohort table

    Example:
        >>> import sim
        >>> sim.case("ireland").summary()  # doctest: +SKIP
    """
    options = dict(locals())
    run = _ireland if case_name(case) == IRELAND else _plan
    flag("progress", progress)
    posterior, values = parameter_sets(uncertainty), overrides_in(overrides)
    if not posterior:
        raise InputError(
            "a case needs parameter sets; `uncertainty` must be posterior, structures, or the path of a table"
        )
    if whole_number("`sets`", sets, 2) > len(posterior):
        raise InputError(f"`sets` must be at most {len(posterior)}, the number of sets in the table; got {sets}")
    processes(jobs)
    scenario, tables, frame, about = run(posterior[:sets], values, jobs, progress)
    record = record_of("sim.case", options, scenario, posterior) | {"case": case, "sets": sets} | about
    return CaseStudy(record, tables, frame)


type _CaseResults = tuple[Scenario, dict[str, pd.DataFrame], pd.DataFrame, dict[str, Any]]
"""Scenario, tables, runs, and further keys of the record."""


def _ireland(sets: ParameterSets, overrides: Mapping[str, Any], jobs: int | None, progress: bool) -> _CaseResults:
    """Train on the shares up to 2014, simulate all arms, and score the later shares."""
    facts = irish_shares()
    scenario, priors = setting_of(IRELAND, overrides, facts["year"].tolist()), irish_priors(overrides)
    arms = irish_arms(scenario, sets, priors, jobs=jobs, progress=progress)
    frame = run_arms(arms, jobs, progress)
    measurement = Measurement("higher-level maths share", SHARE, TOLERANCE)
    predicted = figures_beside_runs(frame[frame["arm"] != NO_BONUS], facts, "share", measurement)
    figures = pd.concat([predicted, simple_forecasts(facts, measurement)], ignore_index=True)
    fitted = [
        {
            "parameter": prior.name,
            "prior_middle": prior.middle,
            "prior_spread": prior.spread,
            **quantiles([each[prior.name] for each in arms[0].sets]),
            "israel": quantiles([each[prior.name] for each in sets])["median"],
        }
        for prior in priors
    ]
    tables = {
        "beside": figures,
        "totals": totals(figures),
        **({"fitted": pd.DataFrame(fitted)} if fitted else {}),
        "added": added_within_pairs(frame[frame["arm"].isin([TRAINED_ARM, NO_BONUS])], NO_BONUS, "share"),
    }
    arms_by_role = {"trained": TRAINED_ARM, "carried": CARRIED}
    about = {"tolerance": TOLERANCE, "arms": arms_by_role, "fitted": [prior.name for prior in priors]}
    return scenario, tables, frame, about


def _plan(sets: ParameterSets, overrides: Mapping[str, Any], jobs: int | None, progress: bool) -> _CaseResults:
    """Simulate the years up to 2013 with and without the plan."""
    facts = plan_counts()
    values = {"setting.until": f"{PLAN_ENDS}-08", **overrides}
    scenario = setting_of("historical", values, facts["year"].tolist())
    frame = run_arms(plan_arms(scenario, sets), jobs, progress)
    figures = figures_beside_runs(frame, facts, "examinees", Measurement("maths5_examinees", COUNT, COUNT_ERROR))
    columns = ("examinees", "share", "four")
    moved = [changes_between(frame, name, year, 2012).assign(figure=name) for name in columns for year in (2009, 2010)]
    effects = [added_within_pairs(frame, NO_PLAN, name).assign(figure=name) for name in columns]
    tables = {
        "beside": figures,
        "changes": pd.concat(moved, ignore_index=True),
        "added": pd.concat(effects, ignore_index=True),
    }
    arms = {"plan": PLAN, "none": NO_PLAN, "ready": READY, "half": HALF, "both": BOTH}
    return scenario, tables, frame, {"arms": arms}


@dataclass(frozen=True, repr=False)
class CaseStudy(StudyResult):
    """Runs of a case beside the published figures.

    Args:
        record: how it was made
        tables: by name, those of TABLES
        frame: a row a run and year
    """

    kind: ClassVar[str] = "case"

    record: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    frame: pd.DataFrame

    @property
    def plot(self) -> CasePlots:
        """Figures: page()."""
        return CasePlots(self)

    def summary(self) -> str:
        """Return the predictions and the published facts as text."""
        return text(Chapter("case", self._title, self._blocks()))

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the case as a chapter of a report.

        Args:
            title: of the chapter; None for its own
        """
        svg = next(iter(render(self.plot.page(), "case", ("svg",)).values()))
        return Chapter("case", title or self._title, [*self._blocks(), case_drawing(self.record["case"], svg)])

    @property
    def _title(self) -> str:
        return TITLES[self.record["case"]]

    def _blocks(self) -> list[Any]:
        blocks = ireland_blocks if self.record["case"] == IRELAND else plan_blocks
        return blocks(self.record, self.tables)

    def contents(self) -> dict[str, bytes]:
        """Return the files of a folder of the case: tables, runs, figure in three forms, and summary.txt."""
        tables = {f"{name}.csv": bytes_of(table, "csv") for name, table in self.tables.items()}
        pages = {path.name: content for path, content in render(self.plot.page(), "case").items()}
        runs = {"table.parquet": bytes_of(self.frame, "parquet")}
        return tables | runs | pages | {"summary.txt": self.summary().encode()}

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the case in a folder.

        Raises:
            InputError: a file is missing, broken or changed
        """
        names = [name for name in TABLES[folder.manifest["case"]] if name != "fitted" or folder.manifest["fitted"]]
        tables = {name: folder.table(f"{name}.csv", []) for name in names}
        return cls(folder.manifest, tables, folder.runs("table.parquet", ["arm", "seed", "year"]))


@dataclass(frozen=True)
class CasePlots:
    """Figures of a case.

    Args:
        result: that is drawn
    """

    result: CaseStudy

    def page(self) -> Figure:
        """Return the page with the runs beside the published figures, and the effects of arms or scores of forecasts."""
        result = self.result
        page = ireland_page if result.record["case"] == IRELAND else plan_page
        record = result.record
        return page(result.frame, result.tables, f"{record['command']}; model {record['environment']['model']}")
