"""One run: its tables, its figures, explanations of its decisions, and files of it."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import explain
from sim.agents.organisation import Organisation
from sim.configuration import scenario_of
from sim.dates import school_year, september
from sim.errors import LAST_SEED, InputError, whole_number
from sim.jit.first_compilation import compile_with_bar
from sim.model import CollaborationModel
from sim.old_names import renamed_keywords
from sim.policy import Scenario
from sim.runs.run_tables import RunTables
from sim.runs.tables import own_files

if TYPE_CHECKING:
    import pandas as pd

    from sim.figures.run_plots import RunPlots


@dataclass(frozen=True, repr=False)
class Run(RunTables):
    """One simulated run. Its attributes are those of a `History`."""

    def __repr__(self) -> str:
        """Return a line for notebooks."""
        return f"<Run of {self.scenario.name}, seed {self.seed}: school years {min(self.worlds)} to {max(self.worlds)}>"

    def why(
        self,
        decision: str,
        who: str | None = None,
        school: int | str | None = None,
        year: int | None = None,
        date: str | None = None,
        *,
        motion: str | None = None,
    ) -> pd.DataFrame:
        """Return the reasons of a decision as a table: terms on the logit scale that add up, or criteria.

        Args:
            decision: of the ministry, ministry_joins, pilot or national; or joining, pledge, placement, admission, motion,
                track
            who: name of an organisation, for joining, pledge, placement, admission and motion
            school: id of a school, for placement, admission and track
            year: school year, named by the year in which it ends; None for the whole run
            date: month as YYYY-MM, for joining, pledge and motion, instead of the year
            motion: common_agenda, mathematics_first or periphery_and_junior_high, for motion

        Returns:
            For the ministry, a row a month until it decided: date, chance, draw, opened, each term, taken. The decision is
            taken if the draw lies below the chance. The three streams are a weight times the logarithm of a level with a
            floor (`ministry.floor`): at a weight of 1, -2.996, log 0.05, means none at all. `opened` is not a term but
            multiplies the chance: 1 in an open window, `ministry.openness_outside_window` outside one.

            For the others (`sim.explain` describes their columns): joining, a row a month, and without `who` a row for each
            organisation that joined or left; pledge, a row a month; placement, a row a year, provider and school, without
            one of them only those that were chosen; admission, the same for schools that the provider chose; motion, a row a
            vote and member; track, a row a year, without `school` only tracks that opened or closed.

        Raises:
            InputError: the decision, organisation, school or time is unknown, or the ministry's dates were given
        """
        return explain.why(self, decision, who=who, school=school, year=year, date=date, motion=motion)

    def because(
        self,
        decision: str,
        who: str | None = None,
        school: int | str | None = None,
        year: int | None = None,
        date: str | None = None,
        *,
        motion: str | None = None,
    ) -> str:
        """Return a decision in a sentence or two: its time, chance and draw, and the strongest reasons for and against it.

        The arguments are those of `why`, for one organisation or school. Without a time, all times of joining and leaving are
        described; of the other decisions the last one: the pledge of the last month, the last placement or track that came
        about, the last admission or motion that was decided.

        Raises:
            InputError: as `why` does, or no organisation or school is named
        """
        return explain.because(self, decision, who=who, school=school, year=year, date=date, motion=motion)

    @cached_property
    def headlines(self) -> pd.DataFrame:
        """Headline outcomes: columns outcome, value and unit; `outcomes` has all."""
        from sim.analysis.headline_table import headline_values

        return headline_values(self.outcomes)

    def summary(self) -> str:
        """Return the headline outcomes as text."""
        from sim.findings.headlines import run_summary_text

        return run_summary_text(self.headlines, f"{self.scenario.name}, seed {self.seed}")

    @cached_property
    def plot(self) -> RunPlots:
        """Figures: enrolment(), trust(), readiness(), who_gains(), money(), events(), network(s), sectors(), page()."""
        from sim.catalogue import published
        from sim.figures.run_plots import RunPlots

        return RunPlots(self, published())

    @property
    def provenance(self) -> dict[str, str]:
        """Scenario, seed and versions that made the run."""
        from sim.results.identity import sources_hash

        return {
            "scenario": self.scenario.name,
            "seed": str(self.seed),
            "model": sources_hash(),
            "python": platform.python_version(),
            "numpy": np.__version__,
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table of the run by name."""
        outcomes = self.outcomes.rename("value").rename_axis("outcome").reset_index()
        frames = {"outcomes": outcomes, "years": self.years, "months": self.months, "events": self.events}
        return frames | {n: getattr(self, n) for n in ("organisations", "ties", "schools", "placements")}

    def to_csv(self, folder: str | Path) -> Path:
        """Write every table as CSV into a folder.

        Raises:
            InputError: a file cannot be written
        """
        return self._write(folder, "csv", self.tables())

    def to_parquet(self, folder: str | Path) -> Path:
        """Write every table as Parquet into a folder.

        Raises:
            InputError: a file cannot be written
        """
        return self._write(folder, "parquet", self.tables())

    def _write(self, folder: str | Path, ending: str, tables: Mapping[str, pd.DataFrame]) -> Path:
        from sim.runs.export import to_folder

        return to_folder(folder, ending, tables)

    def to_files(self, folder: str | Path) -> Path:
        """Write schools.csv, organisations.csv and ties.csv, files from which another run can begin.

        Organisations and ties are those before the initiative.

        Raises:
            InputError: the first school year of the run ends after the launch, or a file cannot be written
        """
        return self._write(folder, "csv", own_files(self.worlds[min(self.worlds)], self.scenario, self.panel))

    def to_graphml(self, path: str | Path, year: int | None = None) -> Path:
        """Write the network of trust as GraphML.

        Args:
            path: of the file
            year: school year at whose end; None for the end of the run

        Raises:
            InputError: the year was not simulated, or the file cannot be written
        """
        from sim.results.files import path_of, writable, written
        from sim.runs.export import graphml

        graph, target = self.network(year), path_of(path)
        return written(writable(target.parent) / target.name, graphml(graph))

    def export(self, path: str | Path, year: int | None = None, over_time: bool = False) -> list[Path]:
        """Write the network of trust in the format of the file name's ending: .graphml, .gexf, .csv or .parquet.

        Args:
            path: of the file; CSV and Parquet are two files, NAME_edges and NAME_nodes
            year: school year at whose end; None for the end of the run
            over_time: write every school year instead, in GEXF by spells, in tables by their column `year`

        Returns:
            The files that were written.

        Raises:
            InputError: the ending is not one of these, the year was not simulated, `year` and `over_time` are both given,
                several years are to be written as GraphML, or a file cannot be written
        """
        from sim.runs.export import network_to

        if over_time and year is not None:
            raise InputError("`year` and `over_time` cannot be given together; use one of them")
        years = list(self.worlds) if over_time else [max(self.worlds) if year is None else year]
        return network_to(path, {each: self.network(each) for each in years})


@renamed_keywords(case="scenario", set="overrides")
def simulate(
    scenario: str | Scenario,
    seed: int = 1,
    kinds: dict[str, type[Organisation]] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Run:
    """Simulate one run.

    Args:
        scenario: name of a scenario, or a scenario
        seed: of its random draws
        kinds: classes that decide in place of the kinds' own, by name of the kind
        overrides: parameters that differ, by dotted name

    Returns:
        The run, with `outcomes`, further tables, `why(decision)`, `because(decision)` and `plot`.

    Raises:
        InputError: the seed, the scenario, a value or a kind is unknown or wrong, or a class decides for another kind
    """
    scenario, seed = scenario_of(scenario, overrides), whole_number("a seed", seed, 0, LAST_SEED)
    compile_with_bar()
    model, worlds = CollaborationModel(scenario, seed, kinds=kinds), {}
    for year in range(school_year(scenario.first_month), school_year(model.last_month) + 1):
        model.run_until_month(min(september(year + 1), model.last_month + 1))
        worlds[year] = model.world
    return Run(scenario, seed, model.world, worlds, model.kinds)
