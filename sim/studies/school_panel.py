"""Comparison of a school file of several years with runs that begin from its schools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import pandas as pd

from sim.analysis.school_panels import agreement, panel_beside_runs
from sim.commands import page
from sim.dates import date_of, month_of
from sim.errors import InputError, flag, listed, shown, whole_number
from sim.figures.export import render
from sim.figures.panels import panel_page
from sim.findings.school_panel import headline
from sim.policy import Scenario
from sim.reports.blocks import Chapter
from sim.reports.chapters.school_panel import panel_blocks, panel_drawing
from sim.reports.study import StudyResult
from sim.reports.text import text
from sim.results.files import bytes_of
from sim.results.result_folder import ResultFolder
from sim.runs.engines.current import EngineOption, on_engine
from sim.runs.parallel import map_tasks, processes
from sim.runs.posterior import POINT, ParameterSets, parameter_sets, set_of
from sim.runs.run import simulate
from sim.studies.setup import overrides_in, record_of, scenario_named, seed_range
from sim.world.files.load import school_file
from sim.world.files.schools import Authorities, SchoolRows
from sim.world.schools import NO_QUINTILE

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def checked_rows(schools: object) -> SchoolRows:
    """Return the rows of a school file after a check.

    Raises:
        InputError: no file is named, or the file cannot be used
    """
    if not schools or not isinstance(schools, str | Path):
        raise InputError(f"`schools` names no school file; use `schools=FILE`, whose form {page('files.md')} describes")
    return school_file(str(schools), Authorities(1))


def years_compared(years: object, rows: SchoolRows, begun: int) -> list[int]:
    """Return the years to be compared.

    Args:
        years: one or several; None for all years of the file after the first year of the runs
        rows: of the school file
        begun: year from whose schools the runs begin

    Raises:
        InputError: the value is not a list of years, or the file does not have a year
    """
    rows.of(begun)
    if years is None:
        later = [year for year in rows.years if year > begun]
        if not later:
            raise InputError(f"{rows.file} has no year after {begun} to compare with; it has {listed(rows.years)}")
    else:
        each = list(years) if isinstance(years, Sequence) and not isinstance(years, str) else [years]
        later = sorted({whole_number("a year of `years`", year, begun + 1) for year in each})
        if len(later) < max(len(each), 1):
            raise InputError(f"`years` must list each year once; got {shown(years)}")
    for year in later:
        rows.of(year)
    return later


def published_panel(rows: SchoolRows, counted_from: int) -> pd.DataFrame:
    """Return a school file in the columns of runs; small groups are not counted, as in runs.

    Args:
        rows: of the school file
        counted_from: smallest group that is counted [students]
    """
    return pd.DataFrame({
        "school_id": rows.identity,
        "year": rows.year,
        "nurture_quintile": np.where(rows.quintile == NO_QUINTILE, np.nan, rows.quintile),
        "maths_takers": rows.takers,
        "maths_5unit_takers": np.where(rows.five >= counted_from, rows.five, 0.0),
    })  # fmt: skip


def panel_of(seed: int, scenario: Scenario, sets: ParameterSets) -> pd.DataFrame:
    """Return the school file of one run at its own parameter set, with ids as text.

    Args:
        seed: of the run
        scenario: to be simulated
        sets: parameter sets; empty for parameters at their values
    """
    panel = simulate(scenario.drawn(set_of(sets, seed)), seed).panel
    return panel.assign(school_id=panel["school_id"].astype(str))


def scenario_until(name: Any, timing: Any, overrides: Mapping[str, Any], last: int) -> Scenario:
    """Return a scenario that ends with the last year to be compared, unless `setting.until` is set.

    Args:
        name: of the scenario, or path of its file
        timing: months by which the policy windows come later, or `never`
        overrides: parameters that differ, by dotted name
        last: year

    Raises:
        InputError: the scenario ends before that year
    """
    scenario = scenario_named(name, timing, {"setting.until": f"{last}-08", **overrides})
    if scenario.last_month < month_of(f"{last}-08"):
        raise InputError(
            f"the run ends ({date_of(scenario.last_month)}) before the school year {last}; set a later `setting.until`"
        )
    return scenario


@on_engine
def school_panel(
    schools: str | Path,
    scenario: str = "historical",
    *,
    years: Sequence[int] | int | None = None,
    timing: int | str | None = None,
    seeds: int = 40,
    first_seed: int = 1,
    overrides: Mapping[str, Any] | None = None,
    uncertainty: str | Path = POINT,
    jobs: int | None = None,
    engine: EngineOption = None,
    progress: bool = True,
) -> SchoolPanelComparison:
    """Begin runs from the schools of one year of a file, and compare them with the later years of the file.

    Args:
        schools: path of the school file, which `sim.check` checks; runs begin from its year `setting.year`
        scenario: name of the scenario, or path of its file
        years: to be compared; None for all years of the file after the first one
        timing: months by which the policy windows come later, or `never`; None: as the scenario has it
        seeds: number of runs
        first_seed: first of the seeds
        overrides: parameters that differ, by dotted name
        uncertainty: `point`, `posterior` (each seed its own parameter set), `structures` (of the models, by weight), or a path
        jobs: processes; None for all cores
        engine: where runs are simulated: dask, ray, slurm, a joblib backend, or a client; None for this machine
        progress: show a bar

    Returns:
        The published and the simulated figures, also school by school, with summary, figures and chapter.

    Raises:
        InputError: the file cannot be used or compared, a name is unknown, or a value is wrong

    Example:
        >>> import sim
        >>> sim.school_panel("schools.csv", seeds=100).summary()  # doctest: +SKIP
    """
    options = dict(locals())
    flag("progress", progress)
    values = overrides_in(overrides)
    file = values.get("setting.schools") or schools
    rows, sets, chosen = checked_rows(file), parameter_sets(uncertainty), seed_range(seeds, first_seed)
    processes(jobs)
    values["setting.schools"] = str(file)
    setting = scenario_named(scenario, timing, values).parameters.setting
    compared = years_compared(years, rows, setting.year)
    full = scenario_until(scenario, timing, values, compared[-1])
    published = published_panel(rows, setting.counted_from)
    task = partial(panel_of, scenario=full, sets=sets)
    runs = pd.concat(map_tasks(task, [(seed,) for seed in chosen], jobs, full, "simulating" if progress else None))
    record = record_of("sim.school_panel", options, full, sets) | {
        "file": str(rows.file),
        "year": setting.year,
        "years": compared,
        "seeds": len(chosen),
        "notes": list(full.files.notes),
    }
    table = panel_beside_runs(published, runs, compared)
    return SchoolPanelComparison(record, table, agreement(published, runs, compared, setting.year))


@dataclass(frozen=True, repr=False)
class SchoolPanelComparison(StudyResult):
    """Comparison of a published school file with runs that began from its schools.

    Args:
        record: how it was made
        figures: a row a figure and year: observed, median, low_50, high_50, low_90, high_90 of runs, inside
        by_school: a row a figure of single schools and year: agreement of runs and of simple forecasts
    """

    kind: ClassVar[str] = "comparison with a school file"

    record: Mapping[str, Any]
    figures: pd.DataFrame
    by_school: pd.DataFrame

    @property
    def plot(self) -> SchoolPanelPlots:
        """Figures: page()."""
        return SchoolPanelPlots(self)

    def summary(self) -> str:
        """Return the place of the file among the runs as text."""
        return text(Chapter("panel", self._title, panel_blocks(self.record, self.figures, self.by_school)))

    def chapter(self, title: str | None = None) -> Chapter:
        """Return the comparison as a chapter of a report.

        Args:
            title: of the chapter; None for its own
        """
        svg = next(iter(render(self.plot.page(), "panel", ("svg",)).values()))
        blocks = [*panel_blocks(self.record, self.figures, self.by_school), panel_drawing(svg)]
        return Chapter("panel", title or self._title, blocks)

    @property
    def _title(self) -> str:
        return f"The schools of {self.record['file']} beside runs"

    def contents(self) -> dict[str, bytes]:
        """Return the files of a folder of the comparison: tables, the page in three forms, and summary.txt."""
        tables = {"beside.csv": bytes_of(self.figures, "csv"), "by_school.csv": bytes_of(self.by_school, "csv")}
        pages = {path.name: content for path, content in render(self.plot.page(), "panel").items()}
        return tables | pages | {"summary.txt": self.summary().encode()}

    @classmethod
    def read(cls, folder: ResultFolder) -> Self:
        """Return the comparison in a folder.

        Raises:
            InputError: a file is missing, broken or changed
        """
        figures = folder.table("beside.csv", ["figure", "year", "observed", "median", "inside"])
        return cls(folder.manifest, figures, folder.table("by_school.csv", ["figure", "year", "median", "expected"]))


@dataclass(frozen=True)
class SchoolPanelPlots:
    """Figures of a comparison with a school file.

    Args:
        result: that is drawn
    """

    result: SchoolPanelComparison

    def page(self) -> Figure:
        """Return the page with all figures, and both figures of single schools."""
        result = self.result
        return panel_page(result.figures, result.by_school, headline(result.record), result.record["command"])
