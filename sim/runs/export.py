"""Export of a run: its tables, and its network of trust in the format of the file name's ending."""

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
"""Formats of a network, which are the endings of file names."""

VARYING = {"member", "pledge", "trust"}
"""Attributes of organisations and ties that differ from year to year."""


def to_folder(folder: str | Path, ending: str, tables: Mapping[str, pd.DataFrame]) -> Path:
    """Write tables as files to a folder, and return the folder.

    Args:
        folder: its path
        ending: "csv" or "parquet"
        tables: by name

    Raises:
        InputError: a file cannot be written
    """
    path = writable(folder)
    all_written({path / f"{name}.{ending}": bytes_of(frame, ending) for name, frame in tables.items()})
    return path


def network_to(path: str | Path, graphs: Mapping[int, nx.DiGraph]) -> list[Path]:
    """Write the network of one school year, or of several, in the format of the file name's ending.

    Args:
        path: ends with .graphml, .gexf, .csv or .parquet; CSV and Parquet are two files, NAME_edges and NAME_nodes
        graphs: networks by school year; several are a network over time: in GEXF by spells, in tables by a column `year`

    Returns:
        The files that were written.

    Raises:
        InputError: the ending is not one of these, several years are to be written as GraphML, which has no time, or a file
            cannot be written
    """
    target = path_of(path)
    ending = target.suffix[1:].lower()
    if not is_one_of(ending, ENDINGS) or not target.stem:
        raise InputError(
            f"the file of a network must end with {', '.join(f'.{e}' for e in ENDINGS)}; got {shown(str(path))}"
        )
    if ending == "graphml" and len(graphs) > 1:
        raise InputError(
            "GraphML cannot hold several years; write .gexf, .csv or .parquet, or choose one year with `year`"
        )
    contents = contents_of(target.stem, ending, graphs)
    folder = writable(target.parent)
    files = {folder / (name or target.name): content for name, content in contents.items()}
    all_written(files)
    return list(files)


def contents_of(stem: str, ending: str, graphs: Mapping[int, nx.DiGraph]) -> dict[str, bytes]:
    """Return the content of each file by its name; the empty name stands for the name that the user gave.

    Args:
        stem: of the file name
        ending: of the file name
        graphs: networks by school year
    """
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
    """Return the networks of several school years as one network over time, in the form of GEXF.

    An organisation or a tie has spells of consecutive years. An attribute that varies has a list of its values at the ends
    of the years, each with first and last day.

    Args:
        graphs: networks by school year
    """
    import networkx as nx

    network = nx.DiGraph(mode="dynamic", timeformat="date")
    for year, graph in sorted(graphs.items()):
        for node, data in graph.nodes.data():
            network.add_node(node)
            _add_year(network.nodes[node], data, year)
        for a, b, data in graph.edges.data():
            network.add_edge(a, b)
            _add_year(network.edges[a, b], data, year)
    return network


def _add_year(attributes: dict[str, Any], data: Mapping[str, Any], year: int) -> None:
    """Add a year to the attributes of an organisation or a tie; spells of an unchanged value are extended."""
    first, last, before = f"{year - 1}-09-01", f"{year}-08-31", f"{year - 1}-08-31"
    spells = attributes.setdefault("spells", [])
    start = spells.pop()[0] if spells and spells[-1][1] == before else first
    spells.append((start, last))
    for name, value in data.items():
        if name not in VARYING:
            attributes[name] = value
            continue
        values = attributes.setdefault(name, [])
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
