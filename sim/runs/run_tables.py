"""Tables of one run: outcomes, years, months, events, organisations, ties, schools and placements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import date_of, school_year
from sim.errors import InputError, shown
from sim.model import History
from sim.outcomes import all_outcomes, listed_schools
from sim.phases.record import network
from sim.runs.tables import tie_frame, trust_graph, yearly
from sim.world.names import authority_names, names, organisation_ids, school_ids, school_places
from sim.world.organisations import CHANNELS, KINDS
from sim.world.schools import STREAMS
from sim.world.state import entries

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


@dataclass(frozen=True, repr=False)
class RunTables(History):
    """Tables of one run. Its attributes are those of a `History`."""

    @cached_property
    def outcomes(self) -> pd.Series:
        """Values of all declared outcomes by name, examinees and share of the grade by year, and the simulated record."""
        import pandas as pd

        return pd.Series(all_outcomes(self.world), name=self.scenario.name)

    @cached_property
    def years(self) -> pd.DataFrame:
        """A row a school year: examinees, sitters, starters, tracks, teachers, shares by quintile and stream."""
        import pandas as pd

        rows = list(yearly(self.world, self.scenario.first_month))
        return pd.DataFrame(rows).assign(scenario=self.scenario.name, seed=self.seed)

    @cached_property
    def months(self) -> pd.DataFrame:
        """A row a quarter since the launch: members, ties, trust, consensus, shared measurement, readiness, stage."""
        import pandas as pd

        rows = [{"month": e.month, "date": date_of(e.month), **e.fields} for e in entries(self.world, "network")]
        columns = ["month", "date", *network(self.world)]
        return pd.DataFrame(rows, columns=columns).assign(scenario=self.scenario.name, seed=self.seed)

    @cached_property
    def events(self) -> pd.DataFrame:
        """Events of the run: columns month, date, event."""
        import pandas as pd

        rows = [(e.month, date_of(e.month), e.fields["event"]) for e in entries(self.world, "event")]
        return pd.DataFrame(rows, columns=["month", "date", "event"])

    @cached_property
    def organisations(self) -> pd.DataFrame:
        """A row an organisation at the end: kind, membership, means, pledge, position, money by source."""
        import pandas as pd

        table, ledger = self.world.organisations, self.world.ledger
        simple = {n: v for n, v in vars(table).items() if v.ndim == 1} | {
            "id": organisation_ids(self.world, self.scenario.files)
        }
        frame = pd.DataFrame(simple | {f"money_{n}": v for n, v in vars(ledger).items()})
        frame.insert(0, "name", names(self.world, self.scenario.files))
        return frame.assign(kind=[KINDS[k] for k in table.kind])

    @cached_property
    def ties(self) -> pd.DataFrame:
        """A row a tie at the end: names of source and target, trust, origin, date formed."""
        return tie_frame(self.world, self.scenario)

    @cached_property
    def schools(self) -> pd.DataFrame:
        """A row a school at the end: stream, quintile, size, track, teachers present and missing, share, support by channel."""
        import pandas as pd

        columns: dict[str, Any] = {}
        for name, value in vars(self.world.schools).items():
            parts = CHANNELS if name != "missing" else ("now", "last_year")
            split = {f"{name}_{c}": value[:, k] for k, c in enumerate(parts)} if value.ndim > 1 else {}
            columns |= split or {name: value}
        columns |= {
            "id": school_ids(self.world, self.scenario.files),
            "authority": authority_names(self.world, self.scenario.files),
        }
        return pd.DataFrame(columns).assign(stream=[STREAMS[s] for s in self.world.schools.stream])

    @cached_property
    def panel(self) -> pd.DataFrame:
        """A row a school and examination: a school file in the form of the published one, from which a run can begin."""
        import pandas as pd

        figures, schools = pd.DataFrame(listed_schools(self.world)), self.world.schools
        places = pd.DataFrame(school_places(self.world, self.scenario.files), index=schools.id).loc[
            figures["school_id"]
        ]
        rows = pd.concat([figures, places.reset_index(drop=True)], axis=1)
        own = dict(zip(schools.id.tolist(), school_ids(self.world, self.scenario.files), strict=True))
        rows["school_id"] = rows["school_id"].map(own)
        return rows[[*figures.columns[:2], *places, *figures.columns[2:]]].assign(seed=self.seed)

    @cached_property
    def placements(self) -> pd.DataFrame:
        """A row a provider, school and school year: promised, delivered and repeated, NIS million."""
        import pandas as pd

        who, schools = np.array(names(self.world, self.scenario.files)), school_ids(self.world, self.scenario.files)
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
        """Return the network of trust at the end of a school year as a networkx graph.

        Args:
            year: school year; None for the end of the run

        Raises:
            InputError: the year was not simulated
        """
        if year is not None and not (isinstance(year, Integral) and year in self.worlds):
            raise InputError(
                f"the run has no school year {shown(year)}; it has {min(self.worlds)} to {max(self.worlds)}"
            )
        year = max(self.worlds) if year is None else int(year)
        return trust_graph(self.worlds[year], self.scenario, seed=self.seed, year=year)
