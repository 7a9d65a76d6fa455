"""A run written to files: its tables, and its network of trust for other programs, by the ending of the name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, is_one_of, shown
from sim.results.files import all_written, bytes_of, path_of, writable

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

ENDINGS = ("graphml", "gexf", "csv", "parquet")
"""Forms in which a network can be written, which are the endings of file names."""

VARYING = {"member", "pledge", "trust"}
"""What of organisations and ties differs from year to year."""


def to_folder(folder: str | Path, ending: str, tables: Mapping[str, pd.DataFrame]) -> Path:
    """Tables as files of one form, "csv" or "parquet", in a folder.

    Raises:
        InputError: they cannot be written
    """
    path = writable(folder)
    all_written({path / f"{name}.{ending}": bytes_of(frame, ending) for name, frame in tables.items()})
    return path


def network_to(path: str | Path, graphs: Mapping[int, nx.DiGraph]) -> list[Path]:
    """Write the network of one school year, or of several in one file, in the form that the ending of the name says.

    Args:
        path: ends with .graphml, .gexf, .csv or .parquet; CSV and Parquet are two files, NAME_edges and NAME_nodes
        graphs: networks by school year; several have time in them: GEXF by spells, tables by a column `year`

    Returns: the files written.

    Raises:
        InputError: another ending, several years as GraphML, which knows no time, or where they cannot be written
    """
    target = path_of(path)
    ending = target.suffix[1:].lower()
    if not is_one_of(ending, ENDINGS) or not target.stem:
        raise InputError(f"a network is written as {', '.join(f'.{e}' for e in ENDINGS)}; got {shown(str(path))}")
    if ending == "graphml" and len(graphs) > 1:
        raise InputError("GraphML knows no time: write several years as .gexf, .csv or .parquet, or one with `year`")
    contents = contents_of(target.stem, ending, graphs)
    folder = writable(target.parent)
    files = {folder / (name or target.name): content for name, content in contents.items()}
    all_written(files)
    return list(files)


def contents_of(stem: str, ending: str, graphs: Mapping[int, nx.DiGraph]) -> dict[str, bytes]:
    """What is written, by name of the file; the empty name is that which was asked for."""
    last = graphs[max(graphs)]
    if ending == "graphml":
        return {"": graphml(last)}
    if ending == "gexf":
        return {"": gexf(over_time(graphs) if len(graphs) > 1 else last)}
    tables = {"edges": edges(graphs), "nodes": nodes(graphs)}
    return {f"{stem}_{name}.{ending}": bytes_of(frame, ending) for name, frame in tables.items()}


def edges(graphs: Mapping[int, nx.DiGraph]) -> pd.DataFrame:
    """Return a row a tie and school year: year, source, target, trust [share], origin."""
    import pandas as pd

    rows = [(year, a, b, data["trust"], data["origin"]) for year, g in graphs.items() for a, b, data in g.edges.data()]
    return pd.DataFrame(rows, columns=["year", "source", "target", "trust", "origin"])


def nodes(graphs: Mapping[int, nx.DiGraph]) -> pd.DataFrame:
    """Return a row an organisation and school year: year, name, kind, member, pledge [share of its means]."""
    import pandas as pd

    columns = ["kind", "member", "pledge"]
    rows = [(year, name, *(data[c] for c in columns)) for year, g in graphs.items() for name, data in g.nodes.data()]
    return pd.DataFrame(rows, columns=["year", "name", *columns])


def over_time(graphs: Mapping[int, nx.DiGraph]) -> nx.DiGraph:
    """Networks of several school years as one with time in it, as GEXF has it.

    An organisation or a tie is there in the spells of its years, one after the other joined; what varies has a value a
    year, that at the year's end: a list of value, first day and last day.
    """
    import networkx as nx

    found = nx.DiGraph(mode="dynamic", timeformat="date")
    for year, graph in sorted(graphs.items()):
        for node, data in graph.nodes.data():
            found.add_node(node)
            _went_on(found.nodes[node], data, year)
        for a, b, data in graph.edges.data():
            found.add_edge(a, b)
            _went_on(found.edges[a, b], data, year)
    return found


def _went_on(known: dict[str, Any], data: Mapping[str, Any], year: int) -> None:
    """One year more of what is known of an organisation or a tie; what stays the same goes on."""
    first, last, before = f"{year - 1}-09-01", f"{year}-08-31", f"{year - 1}-08-31"
    spells = known.setdefault("spells", [])
    begun = spells.pop()[0] if spells and spells[-1][1] == before else first
    spells.append((begun, last))
    for name, value in data.items():
        if name not in VARYING:
            known[name] = value
            continue
        values = known.setdefault(name, [])
        same = values and values[-1][0] == value and values[-1][2] == before
        values.append((value, values.pop()[1] if same else first, last))


def graphml(graph: nx.DiGraph) -> bytes:
    """Return a network as GraphML."""
    import networkx as nx

    return "\n".join(nx.generate_graphml(graph)).encode()


def gexf(graph: nx.DiGraph) -> bytes:
    """Return a network as GEXF, without the day on which it was written, so that the same network has the same bytes."""
    import networkx as nx

    return re.sub(r' lastmodifieddate="[^"]*"', "", "\n".join(nx.generate_gexf(graph))).encode()
