"""Tables and graphs of a world: ties, the network of trust, school years, and files from which runs can begin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import date_of, september
from sim.errors import InputError
from sim.outcomes import examinations, share_of_grade, share_of_quintile, share_of_stream
from sim.policy import Scenario
from sim.world.names import names, organisation_ids, school_ids
from sim.world.organisations import KINDS, owner_rows
from sim.world.schools import STREAMS
from sim.world.state import NEVER, STAGES, World
from sim.world.ties import ORIGINS, PRIOR

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


def tie_frame(world: World, scenario: Scenario) -> pd.DataFrame:
    """Return the ties of a world, a row a tie: names of source and target, trust, origin, date formed."""
    import pandas as pd

    who, ties = np.array(names(world, scenario.files)), world.ties
    columns = {"source": who[ties.source], "target": who[ties.target], "trust": ties.trust, "met": ties.met}
    columns |= {"origin": [ORIGINS[o] for o in ties.origin], "grant": ties.grant}
    return pd.DataFrame(columns | {"formed": ["" if m == NEVER else date_of(m) for m in ties.formed]})


def trust_graph(world: World, scenario: Scenario, **attributes: Any) -> nx.DiGraph:
    """Return the network of trust of a world as a networkx graph.

    Nodes have kind, member and pledge [share of its means], and edges have trust [share] and origin. The graph has the name
    of the scenario, the stage of the ministry and whether the network is convened.

    Args:
        world: at the end of a month
        scenario: scenario of the run
        attributes: further attributes of the graph
    """
    import networkx as nx

    graph, table, ties = (
        nx.DiGraph(scenario=scenario.name, **attributes),
        world.organisations,
        tie_frame(world, scenario),
    )
    graph.graph["stage"], graph.graph["convened"] = STAGES[int(world.ministry.stage)], world.initiative.convening > 0.0
    for name, kind, member, pledge in zip(
        names(world, scenario.files), table.kind, table.member, table.pledge, strict=True
    ):
        graph.add_node(name, kind=KINDS[kind], member=bool(member), pledge=float(pledge))
    columns = (ties[c] for c in ("source", "target", "trust", "origin"))
    for source, target, trust, origin in zip(*columns, strict=True):
        graph.add_edge(source, target, trust=float(trust), origin=origin)
    return graph


def own_files(world: World, scenario: Scenario, panel: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return schools, organisations and ties before the initiative as tables of files that go together.

    Args:
        world: before the initiative
        scenario: scenario of the run
        panel: a row a school and examination, as `Run.panel` has it

    Raises:
        InputError: the initiative was launched before
    """
    import pandas as pd

    if world.initiative.launched != NEVER:
        raise InputError(f"the run has no school year that ends before the launch of {date_of(world.initiative.launched)}, so "
                      "its files cannot be written; set an earlier `setting.start`")  # fmt: skip
    table, ties = world.organisations, tie_frame(world, scenario)
    columns = {"name": names(world, scenario.files), "kind": [KINDS[k] for k in table.kind], "capacity": table.capacity}
    columns |= {"founder": table.founder.astype(bool), "joins": table.eligible.astype(bool)}
    columns["id"] = organisation_ids(world, scenario.files)
    prior = ties.loc[ties["origin"] == ORIGINS[PRIOR], ["source", "target", "trust"]]
    towns = np.array(names(world, scenario.files), dtype=object)[owner_rows(table.kind)]
    owner = dict(zip(school_ids(world, scenario.files), world.schools.authority, strict=True))
    authority = [towns[owner[school]] if len(towns) else "" for school in panel["school_id"]]
    schools = panel.drop(columns="seed").assign(authority=authority)
    return {"schools": schools, "organisations": pd.DataFrame(columns), "ties": prior}


def yearly(world: World, first_month: int) -> Iterator[dict[str, Any]]:
    """Yield the figures of the examination of each school year from the first month on."""
    for year, figure in examinations(world).items():
        if september(year) < first_month:
            continue
        total = float(figure["examinees"].sum())
        row = {"year": year, "examinees": total, "share": share_of_grade(figure), "sitters": figure["sitters"].sum()}
        row |= {name: figure[name] for name in ("starters", "grade", "girls", "physics", "chemistry", "computing")}
        row |= {"english": figure["english"], "teachers": figure["teachers"]}
        row["tracks"] = int((figure["examinees"] >= 5).sum())
        row |= {f"quintile_{q}": share_of_quintile(world, q, year) for q in range(1, 6)}
        yield row | {f"stream_{s}": share_of_stream(world, k, year) for k, s in enumerate(STREAMS)}
