"""Tables of named scenarios, and tests of the hypotheses, each also at a parameter set at which it should fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd

from sim.analysis.doubling import Doubling, doubling_from, require_run_reaches
from sim.configuration import scenarios as named_scenarios
from sim.dates import month_of
from sim.errors import InputError, flag, shown
from sim.figures.export import render
from sim.figures.scenarios import scenarios_page
from sim.policy import Scenario, named_apart
from sim.reports.blocks import Chapter
from sim.reports.chapters.scenarios import scenario_blocks, scenario_drawing
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.result_folder import ResultFolder
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.parallel import processes
from sim.runs.posterior import POINT, parameter_sets
from sim.studies.hypotheses import failing_runs, hypothesis_runs
from sim.studies.setup import record_of, scenario_named, seed_range

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ALL = "all"
"""Value that stands for every scenario of the project."""

NEEDED = "2020-06"
"""Last examination of the table."""


def scenario_names(scenarios: object) -> list[str]:
    """Return the names of the scenarios to compare.

    Raises:
        InputError: no scenario is named, or one is listed twice
    """
    if scenarios == ALL:
        return named_scenarios()
    is_list = isinstance(scenarios, Sequence) and not isinstance(scenarios, str)
    names = [str(name) for name in scenarios] if is_list else []  # type: ignore[attr-defined]
    if not names or len(dict.fromkeys(names)) < len(names):
        raise InputError(f"`scenarios` must be all, or a list of different names; got {shown(scenarios)}")
    return names


def require_years(scenarios: Sequence[Scenario], doubling: Doubling) -> None:
    """Check that all scenarios reach the last examination of the table.

    Args:
        scenarios: of the table
        doubling: what counts as doubling

    Raises:
        InputError: a scenario ends before the year of doubling, or before the examination of 2020
    """
    for each in scenarios:
        require_run_reaches(doubling, each.last_month)
        if each.last_month < month_of(NEEDED):
            raise InputError(
                f"`setting.until` of {each.name} must be {NEEDED} or later, since the table has examinees of 2020"
            )


@on_engine
def scenario_table(
    scenarios: str | Sequence[str] = ALL,
    *,
    seeds: int = 100,
    first_seed: int = 1,
    overrides: Mapping[str, Any] | None = None,
    uncertainty: str | Path = POINT,
    doubling: Doubling | Mapping[str, Any] | None = None,
    jobs: int | None = None,
    engine: EngineOption = None,
    progress: bool = True,
) -> ScenarioTable:
    """Compare named scenarios with the same seeds, and test the hypotheses that need only these scenarios.

    Args:
        scenarios: `all` of the project, or a list of names; with `all`, each hypothesis is also tested at the parameter set
            at which it should fail
        seeds: number of runs of each scenario
        first_seed: first of the seeds
        overrides: parameters that differ in all of them, by dotted name
        uncertainty: `point`, `posterior` (each seed its own parameter set), `structures` (of the models, by weight), or a path
        doubling: what counts as doubling, by its keys base, factor, of, by; None: twice the count of 2012 by 2020
        jobs: processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        progress: show a bar

    Returns:
        The runs, with summary, figures and chapter.

    Raises:
        InputError: a name is unknown, a value is wrong, or the runs end too early

    Example:
        >>> import sim
        >>> sim.scenario_table(["historical", "no_backbone"], seeds=20).summary()  # doctest: +SKIP
    """
    options = dict(locals())
    flag("progress", progress)
    names, goal, _ = scenario_names(scenarios), doubling_from(doubling), processes(jobs)
    chosen, sets = seed_range(seeds, first_seed), parameter_sets(uncertainty)
    ready = named_apart([scenario_named(name, None, overrides) for name in names])
    require_years(ready, goal)
    frame = hypothesis_runs(ready, chosen, sets, jobs, progress)
    few = chosen[: max(len(chosen) // 4, 1)]
    failing = failing_runs(few, sets, jobs) if scenarios == ALL else None
    record = record_of("sim.scenario_table", options, ready[0], sets) | {
        "national": {each.name: each.national for each in ready},
        "doubling": asdict(goal),
        "seeds": len(chosen),
        "seeds_failing": len(few),
    }
    return ScenarioTable(record, frame, failing)


@dataclass(frozen=True, repr=False)
class ScenarioTable(StudyResult):
    """Table of scenarios, and tests of the hypotheses.

    Args:
        record: how it was made
        frame: a row a run
        failing: a row a hypothesis, at the parameter set at which it should fail; None if this was not tested
    """

    kind: ClassVar[str] = "comparison of scenarios"

    record: Mapping[str, Any]
    frame: pd.DataFrame
    failing: pd.DataFrame | None = None

    @property
    def plot(self) -> ScenarioPlots:
        """Figures: page()."""
        return ScenarioPlots(self)

    def summary(self) -> str:
        """Return the table of scenarios and the hypotheses as text."""
        return text(
            Chapter("scenarios", "Scenarios side by side", scenario_blocks(self.record, self.frame, self.failing))
        )

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the table as a chapter of a report.

        Args:
            title: of the chapter; None for its own
        """
        svg = next(iter(render(self.plot.page(), "scenarios", ("svg",)).values()))
        blocks = [*scenario_blocks(self.record, self.frame, self.failing), scenario_drawing(svg)]
        return Chapter("scenarios", title or "Scenarios side by side", blocks)

    def contents(self) -> dict[str, bytes]:
        """Return the files of a folder of the table: text, tables, and the page in three forms."""
        tables = {"table.parquet": bytes_of(self.frame, "parquet")}
        tables |= {} if self.failing is None else {"failing.csv": bytes_of(self.failing, "csv")}
        pages = {path.name: content for path, content in render(self.plot.page(), "scenarios").items()}
        return {"scenarios.txt": self.summary().encode()} | tables | pages

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the table in a folder.

        Raises:
            InputError: a file is missing, broken or changed
        """
        has = (folder.folder / "failing.csv").is_file()
        failing = folder.table("failing.csv", ["hypothesis", "estimate", "low", "high", "unit"]) if has else None
        return cls(folder.manifest, folder.runs("table.parquet", ["scenario", "seed", "trust_falls_faster"]), failing)


@dataclass(frozen=True)
class ScenarioPlots:
    """Figures of a table of scenarios.

    Args:
        result: that is drawn
    """

    result: ScenarioTable

    def page(self) -> Figure:
        """Return the page with examinees and gap of 2020, scenario by scenario."""
        return scenarios_page(self.result.frame, self.result.record["command"])
