"""Exports of a run whose organisations have difficult but legal names: other programs read back the same."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest

from sim.configuration import scenario
from sim.runs.run import Run, simulate
from sim.tables.identity import identity_of
from sim.tables.spreadsheet import escaped, needs_apostrophe, unescaped

WRITTEN = [
    "עמותת קידום",
    "أكاديمية",
    'say "it"',
    "it's",
    "'quoted'",
    "''",
    "<b>&amp;</b>",
    "]]>",
    "a, b; c",
    "=1+1",
    "+x",
    "-x",
    "@x",
    "'=x",
    "''-y",
    "=",
    "-",
    "-inf",
    "-18",
    "+5",
    "1",
    "007",
    "1.0",
    "nan",
    "NaN",
    "NA",
    "N/A",
    "None",
    "NULL",
    "null",
    "true",
    "False",
    "ngo",
    "ministry",
    "school",
    "\U0001f469\u200d\U0001f3eb",
    "e\u0301cole",
    "école",
    "\u202eleft\u202c",
    "a  b",
    "\\n",
    "%d {x}",
    "#1",
    "name",
    "id",
    "0x10",
    "1e5",
    "inf",
    "2014-09-01",
    "a" * 200,
]
"""Names that a file may hold, as users write them."""

NAMES = list(dict.fromkeys(map(identity_of, WRITTEN)))
"""Names of organisations that a file may hold."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Simulate a short run of organisations with these names, tied in a ring."""
    folder = tmp_path_factory.mktemp("names")
    kinds = ("ngo", "foundation", "business", "academia", "local_authority")
    kind = [kinds[k % len(kinds)] for k in range(len(NAMES))]
    pd.DataFrame({"name": NAMES, "kind": kind, "capacity": 1.0}).to_parquet(folder / "organisations.parquet")
    ring = {"source": NAMES, "target": NAMES[1:] + NAMES[:1], "trust": 0.5}
    pd.DataFrame(ring).to_parquet(folder / "ties.parquet")  # whose cells are as they are: only CSV has apostrophes
    files = {f"setting.{name}": str(folder / f"{name}.parquet") for name in ("organisations", "ties")}
    files |= {"setting.until": "2007-08", "setting.burn_in": 0}
    return simulate(scenario("historical", overrides=files))


def read_text(path: Path) -> pd.DataFrame:
    """Read a CSV file with pandas without type inference; apostrophes against formulas are removed."""
    table = pd.read_csv(path, keep_default_na=False, dtype=str)
    return table.rename(columns=unescaped).map(unescaped)


def bare(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in ("id", "label")}


def same_network(again: nx.DiGraph, graph: nx.DiGraph) -> bool:
    nodes = {name: bare(data) for name, data in again.nodes.data()} == dict(graph.nodes.data())
    ties = {(a, b): bare(data) for a, b, data in again.edges.data()} == {(a, b): d for a, b, d in graph.edges.data()}
    return nodes and ties


def test_every_name_is_in_the_network(run):
    assert set(NAMES) <= set(run.network().nodes)
    assert set(pairwise(NAMES)) & set(run.network().edges)


@pytest.mark.parametrize(("name", "read"), [("net.graphml", nx.read_graphml), ("net.gexf", nx.read_gexf)])
def test_networks_for_other_programs_have_the_same_names_nodes_and_edges(run, tmp_path, name, read):
    (path,) = run.export(tmp_path / name)
    assert same_network(read(path), run.network())
    again = tmp_path / "again.graphml"
    run.to_graphml(again)
    assert same_network(nx.read_graphml(again), run.network())


@pytest.mark.parametrize("name", ["net.graphml", "net.gexf"])
def test_a_plain_xml_parser_finds_every_name(run, tmp_path, name):
    (path,) = run.export(tmp_path / name)
    nodes = [each for each in ElementTree.parse(path).iter() if each.tag.rpartition("}")[2] == "node"]
    assert {each.get("id") for each in nodes} == set(run.network().nodes)
    if name.endswith("gexf"):
        assert {each.get("label") for each in nodes} == set(run.network().nodes)


def test_the_network_over_time_in_gexf_has_every_name_and_tie(run, tmp_path):
    (path,) = run.export(tmp_path / "net.gexf", over_time=True)
    again = nx.read_gexf(path)
    graphs = [run.network(year) for year in run.worlds]
    assert set(again.nodes) == {name for graph in graphs for name in graph.nodes}
    assert set(again.edges) == {tie for graph in graphs for tie in graph.edges}
    for name, data in again.nodes.data():
        assert data["kind"] == run.network().nodes[name]["kind"]


@pytest.mark.parametrize("over_time", [False, True])
@pytest.mark.parametrize(("ending", "read"), [("csv", read_text), ("parquet", pd.read_parquet)])
def test_the_network_as_tables_has_the_same_names_nodes_and_edges(run, tmp_path, ending, read, over_time):
    ties, organisations = map(read, run.export(tmp_path / f"net.{ending}", over_time=over_time))
    for year in run.worlds if over_time else [max(run.worlds)]:
        graph = run.network(year)
        rows = organisations[organisations["year"].astype(int) == year]
        assert dict(zip(rows["name"], rows["kind"], strict=True)) == dict(graph.nodes.data("kind"))
        rows = ties[ties["year"].astype(int) == year]
        values = {(a, b): float(t) for a, b, t in zip(rows["source"], rows["target"], rows["trust"], strict=True)}
        assert values == {(a, b): trust for a, b, trust in graph.edges.data("trust")}


@pytest.mark.parametrize(("write", "read"), [("to_csv", read_text), ("to_parquet", pd.read_parquet)])
def test_every_text_of_every_table_comes_back(run, tmp_path, write: str, read: Callable[[Path], pd.DataFrame]):
    getattr(run, write)(tmp_path)
    for name, table in run.tables().items():
        again = read(tmp_path / f"{name}.{write.removeprefix('to_')}")
        assert list(again) == list(table)
        for column in table.select_dtypes(["object", "string"]):
            right = ["" if cell is None or cell != cell else cell for cell in table[column]]
            assert [str(cell) for cell in again[column].fillna("")] == [str(cell) for cell in right], (name, column)


def test_the_files_of_a_run_hold_the_names_and_fit_one_another(run, tmp_path):
    run.to_files(tmp_path)
    organisations, ties, schools = (
        read_text(tmp_path / f"{name}.csv") for name in ("organisations", "ties", "schools")
    )
    assert set(NAMES) <= set(organisations["name"])
    assert set(ties["source"]) | set(ties["target"]) <= set(organisations["name"])
    assert set(schools["authority"]) <= set(organisations["name"])


def test_no_cell_of_any_file_begins_a_formula(run, tmp_path):
    for write in (run.to_csv, run.to_files):
        write(tmp_path / write.__name__)
    run.export(tmp_path / "net.csv", over_time=True)
    cells = set()
    for path in tmp_path.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells |= {cell for row in csv.reader(file) for cell in row}
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@") and needs_apostrophe(cell)]
    assert {escaped(name) for name in NAMES} <= cells
