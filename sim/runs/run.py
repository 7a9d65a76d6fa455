"""One run and what can be asked of it."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import explain
from sim.agents.organisation import Organisation
from sim.configuration import scenario_of
from sim.dates import date_of, school_year, september
from sim.errors import LAST_SEED, InputError, shown, whole_number
from sim.jit import say_if_compiling
from sim.model import CollaborationModel, History
from sim.outcomes import all_outcomes, listed_schools
from sim.phases.record import network
from sim.phases.trust import talk
from sim.policy import Scenario
from sim.runs.tables import own_files, tie_frame, trust_graph, yearly
from sim.world.names import authority_names, names, organisation_ids, school_ids, school_places
from sim.world.organisations import CHANNELS, KINDS
from sim.world.schools import STREAMS
from sim.world.state import entries

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from sim.figures.run_plots import RunPlots


@dataclass(frozen=True, repr=False)
class Run(History):
    """One simulated run: its outcomes, its tables and its reasons. Its attributes are those of a `History`."""

    def __repr__(self) -> str:
        """Return a line for notebooks."""
        return f"<Run of {self.case.name}, seed {self.seed}: school years {min(self.worlds)} to {max(self.worlds)}>"

    @cached_property
    def outcomes(self) -> pd.Series:
        """Every declared outcome by name, examinees and share of the grade by year, and the record as simulated."""
        import pandas as pd

        return pd.Series(all_outcomes(self.world), name=self.case.name)

    @cached_property
    def years(self) -> pd.DataFrame:
        """One row a school year: examinees, sitters, starters, tracks, teachers, shares by quintile and stream."""
        import pandas as pd

        rows = list(yearly(self.world, self.case.first_month))
        return pd.DataFrame(rows).assign(scenario=self.case.name, seed=self.seed)

    @cached_property
    def months(self) -> pd.DataFrame:
        """One row a quarter since the launch, if any: members, ties, trust, consensus, shared measurement, readiness, stage."""
        import pandas as pd

        rows = [{"month": e.month, "date": date_of(e.month), **e.fields} for e in entries(self.world, "network")]
        columns = ["month", "date", *network(self.world)]
        return pd.DataFrame(rows, columns=columns).assign(scenario=self.case.name, seed=self.seed)

    @cached_property
    def events(self) -> pd.DataFrame:
        """What happened, dated: columns month, date, event."""
        import pandas as pd

        rows = [(e.month, date_of(e.month), e.fields["event"]) for e in entries(self.world, "event")]
        return pd.DataFrame(rows, columns=["month", "date", "event"])

    @cached_property
    def organisations(self) -> pd.DataFrame:
        """One row an organisation at the end: kind, membership, means, pledge, position, money by source."""
        import pandas as pd

        table, ledger = self.world.organisations, self.world.ledger
        simple = {n: v for n, v in vars(table).items() if v.ndim == 1} | {
            "id": organisation_ids(self.world, self.case.files)
        }
        frame = pd.DataFrame(simple | {f"money_{n}": v for n, v in vars(ledger).items()})
        frame.insert(0, "name", names(self.world, self.case.files))
        return frame.assign(kind=[KINDS[k] for k in table.kind])

    @cached_property
    def ties(self) -> pd.DataFrame:
        """One row a tie at the end: names of source and target, trust, origin, month formed."""
        return tie_frame(self.world, self.case)

    @cached_property
    def schools(self) -> pd.DataFrame:
        """One row a school at the end: stream, quintile, size, track, teachers and those missing, share, support by channel."""
        import pandas as pd

        columns: dict[str, Any] = {}
        for name, value in vars(self.world.schools).items():
            parts = CHANNELS if name != "missing" else ("now", "last_year")
            several = {f"{name}_{c}": value[:, k] for k, c in enumerate(parts)} if value.ndim > 1 else {}
            columns |= several or {name: value}
        columns |= {
            "id": school_ids(self.world, self.case.files),
            "authority": authority_names(self.world, self.case.files),
        }
        return pd.DataFrame(columns).assign(stream=[STREAMS[s] for s in self.world.schools.stream])

    @cached_property
    def panel(self) -> pd.DataFrame:
        """One row a school and examination: a school file by the rule of the published one, and fit to begin a run from."""
        import pandas as pd

        found, schools = pd.DataFrame(listed_schools(self.world)), self.world.schools
        places = pd.DataFrame(school_places(self.world, self.case.files), index=schools.id).loc[found["school_id"]]
        rows = pd.concat([found, places.reset_index(drop=True)], axis=1)
        own = dict(zip(schools.id.tolist(), school_ids(self.world, self.case.files), strict=True))
        rows["school_id"] = rows["school_id"].map(own)
        return rows[[*found.columns[:2], *places, *found.columns[2:]]].assign(seed=self.seed)

    @cached_property
    def placements(self) -> pd.DataFrame:
        """One row a provider, school and school year: promised, delivered and repeated, NIS million."""
        import pandas as pd

        who, schools = np.array(names(self.world, self.case.files)), school_ids(self.world, self.case.files)
        frames = []
        for entry in entries(self.world, "placements"):
            placed = entry.fields["placements"]
            columns = {"year": school_year(entry.month), "provider": who[placed.provider]}
            columns |= {"school": schools[placed.school]}
            columns |= {f"delivered_{c}": placed.delivered[:, k] for k, c in enumerate(CHANNELS)}
            columns |= {"promised": placed.promised.sum(axis=1), "repeated": placed.overlap}
            frames.append(pd.DataFrame(columns))
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["year", "provider", "school"])

    def network(self, year: int | None = None) -> nx.DiGraph:
        """Return the network of trust at the end of a school year, or of the run, as a networkx graph.

        Raises:
            InputError: a year that was not simulated
        """
        if year is not None and not (isinstance(year, Integral) and year in self.worlds):
            raise InputError(
                f"the run has no school year {shown(year)}; it has {min(self.worlds)} to {max(self.worlds)}"
            )
        year = max(self.worlds) if year is None else int(year)
        return trust_graph(self.worlds[year], self.case, seed=self.seed, year=year)

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
        """Return the terms of a decision: reasons on the logit scale that add up, or criteria; chances with the draw that decided.

        Args:
            decision: of the ministry, ministry_joins, pilot, national; or joining, pledge, placement, admission,
                motion, track
            who: name of an organisation, for joining, pledge, placement, admission and motion
            school: id of a school, for placement, admission and track
            year: school year, named by the year in which it ends; the whole run without
            date: month as YYYY-MM, for joining, pledge and motion, instead of the year
            motion: common_agenda, mathematics_first or periphery_and_junior_high, for motion

        Returns: of the ministry a row a month until it decided: date, chance, draw, opened, each term, taken. It was
            taken where the draw lies below the chance. The three streams are a weight times the logarithm of a level with
            a floor (`ministry.floor`): at a weight of 1, -2.996, log 0.05, means none at all. `opened` is no term: it
            multiplies the chance, 1 in an open window, `ministry.openness_outside_window` outside it. Of the others (`sim.explain` has their
            columns): joining, a row a month, and without `who` those that came or went; pledge, a row a month;
                placement, a
            row a year, provider and school, without one of them those chosen; admission, the same for schools that it
                chose;
            motion, a row a vote and member; track, a row a year, without `school` those that opened or closed.

        Raises:
            InputError: another decision, what there is not, or where the ministry's dates were given
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
        """Return a decision in a sentence or two: when, chance and draw, and the strongest reasons for it and against it.

        Asked as `why` is, of one organisation or school. Without a time, joining tells every coming and going, a pledge is that
        of the last month, a placement and a track the last that came about, an admission and a motion the last time that
        somebody was asked.

        Raises:
            InputError: as `why` does, and for nobody
        """
        return explain.because(self, decision, who=who, school=school, year=year, date=date, motion=motion)

    @cached_property
    def plot(self) -> RunPlots:
        """Figures: enrolment(), trust(), readiness(), who_gains(), money(), events(), network(s), sectors(), page()."""
        from sim.catalogue import published
        from sim.figures.run_plots import RunPlots

        return RunPlots(self, published())

    @property
    def provenance(self) -> dict[str, str]:
        """What made this run: scenario, seed, versions."""
        from sim.results.identity import sources_hash

        return {
            "scenario": self.case.name,
            "seed": str(self.seed),
            "model": sources_hash(),
            "python": platform.python_version(),
            "numpy": np.__version__,
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of the run by name."""
        outcomes = self.outcomes.rename("value").rename_axis("outcome").reset_index()
        found = {"outcomes": outcomes, "years": self.years, "months": self.months, "events": self.events}
        return found | {n: getattr(self, n) for n in ("organisations", "ties", "schools", "placements")}

    def to_csv(self, folder: str | Path) -> Path:
        """Write every table as CSV into a folder.

        Raises:
            InputError: it cannot be written
        """
        return self._write(folder, "csv", self.tables())

    def to_parquet(self, folder: str | Path) -> Path:
        """Write every table as Parquet into a folder.

        Raises:
            InputError: it cannot be written
        """
        return self._write(folder, "parquet", self.tables())

    def _write(self, folder: str | Path, ending: str, tables: Mapping[str, pd.DataFrame]) -> Path:
        from sim.runs.export import to_folder

        return to_folder(folder, ending, tables)

    def to_files(self, folder: str | Path) -> Path:
        """Write schools.csv, organisations.csv and ties.csv, files of one's own from which another run may begin.

        Organisations and ties are as they stood before the initiative.

        Raises:
            InputError: the first school year of the run ends after the launch, so that this is not known, and where
                they cannot be written
        """
        return self._write(folder, "csv", own_files(self.worlds[min(self.worlds)], self.case, self.panel))

    def to_graphml(self, path: str | Path, year: int | None = None) -> Path:
        """Write the network of trust as GraphML.

        Raises:
            InputError: it cannot be written
        """
        from sim.results.files import path_of, writable, written
        from sim.runs.export import graphml

        graph, target = self.network(year), path_of(path)
        return written(writable(target.parent) / target.name, graphml(graph))

    def export(self, path: str | Path, year: int | None = None, over_time: bool = False) -> list[Path]:
        """Write the network of trust in the form that the ending says: .graphml, .gexf, .csv or .parquet.

        Args:
            path: of the file; CSV and Parquet are two files, NAME_edges and NAME_nodes
            year: school year at whose end; the end of the run without
            over_time: every school year instead, in GEXF by spells, in tables by their column `year`

        Returns: the files written.

        Raises:
            InputError: another ending, a year that was not simulated, a year and all of them, time in GraphML, which
                knows none, and where it cannot be written
        """
        from sim.runs.export import network_to

        if over_time and year is not None:
            raise InputError("`year` is one school year and `over_time` is every one: give one of them")
        years = list(self.worlds) if over_time else [max(self.worlds) if year is None else year]
        return network_to(path, {each: self.network(each) for each in years})


def simulate(
    case: str | Scenario,
    seed: int = 1,
    kinds: dict[str, type[Organisation]] | None = None,
    set: Mapping[str, Any] | None = None,
) -> Run:
    """Simulate one run.

    Args:
        case: name of a scenario, or a scenario
        seed: of its luck
        kinds: classes that decide in place of the kinds' own, by name of the kind
        set: parameters that differ, by dotted name

    Raises InputError for a seed that is no whole number, no scenario, wrong values, an unknown kind, a class of another
    kind, or an end before the beginning.
    """
    case, seed = scenario_of(case, set), whole_number("a seed", seed, 0, LAST_SEED)
    say_if_compiling(talk)
    model, worlds = CollaborationModel(case, seed, kinds=kinds), {}
    for year in range(school_year(case.first_month), school_year(case.last_month) + 1):
        model.run_until_month(min(september(year + 1), case.last_month + 1))
        worlds[year] = model.world
    return Run(case, seed, model.world, worlds, model.kinds)
