"""One run: its tables, its explanations, its network, and their files."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import sim
from sim.configuration import scenario
from sim.dates import date_of
from sim.declare import OUTCOMES
from sim.errors import InputError
from sim.explain.ministry import DECISIONS
from sim.outcomes import all_outcomes
from sim.runs.run import simulate
from sim.world.organisations import KINDS
from sim.world.ties import ORIGINS
from tests.offenders import each_of

pytestmark = pytest.mark.simulates

TABLES = ["outcomes", "years", "months", "events", "organisations", "ties", "schools", "placements"]


@pytest.fixture(scope="module")
def run(run_of):
    """Simulate a run in which the ministry decides for a programme."""
    run = run_of("historical_emergent", 2)
    assert run.world.ministry.stage == 3
    return run


@pytest.fixture(scope="module")
def quiet(run_of):
    """Simulate a run without an initiative."""
    return run_of("no_initiative", 1)


def test_every_table_is_there(run, quiet):
    for one in (run, quiet):
        assert list(one.tables()) == TABLES
        assert all(isinstance(table, pd.DataFrame) for table in one.tables().values())


def test_outcomes_are_those_that_are_declared_and_each_year(run):
    assert list(run.outcomes.index[: len(OUTCOMES)]) == list(OUTCOMES)
    assert run.outcomes.to_dict() == pytest.approx(all_outcomes(run.world), nan_ok=True, abs=0)
    assert run.outcomes.name == "historical_emergent"


def test_years_are_those_of_the_run_and_agree_with_the_outcomes(run):
    assert run.years["year"].tolist() == list(range(2006, 2021))
    by_year = run.years.set_index("year")
    for year in range(2006, 2021):
        assert by_year.loc[year, "examinees"] == run.outcomes[f"examinees_{year}"]
        assert by_year.loc[year, "share"] == run.outcomes[f"share_{year}"]
    assert by_year.loc[2020, "teachers"] == run.outcomes["teachers_2020"]
    assert by_year.loc[2017, "tracks"] == run.outcomes["tracks_2017"]
    assert by_year.loc[2020, "quintile_1"] - by_year.loc[2020, "quintile_5"] == run.outcomes["gap_quintiles_2020"]


def test_months_begin_with_the_launch_and_go_by_quarters(run, quiet):
    dates = run.months["date"].tolist()
    assert dates[:3] == ["2013-07", "2013-09", "2013-12"]
    assert dates[-1] == "2020-06"
    assert run.months["stage"].between(0, 3).all()
    assert quiet.months.empty
    assert list(quiet.months) == list(run.months)


@each_of("name", ["enrolment", "trust", "readiness", "who_gains", "money", "events", "network", "networks"])
def test_a_run_without_an_initiative_has_every_figure_too(quiet, name):
    import matplotlib.pyplot as plt

    shown = getattr(quiet.plot, name)()
    if name in ("trust", "readiness"):
        assert "no initiative was launched" in shown.texts[0].get_text().replace("\n", " ")
    plt.close(shown.figure)


def test_events_are_dated_and_in_order(run, quiet):
    dates = run.events.set_index("event")["date"]
    assert dates["launch"] == "2013-07"
    assert dates["ministry becomes national"] == date_of(run.world.ministry.national)
    assert run.events["month"].is_monotonic_increasing
    assert not (quiet.events["event"] == "launch").any()


def test_organisations_have_one_row_each_and_a_name_of_their_own(run):
    table = run.organisations
    assert len(table) == len(run.world.organisations)
    assert table["name"].is_unique
    assert table["kind"].value_counts().to_dict() == dict(
        zip(KINDS, np.bincount(run.world.organisations.kind), strict=True)
    )
    assert table["money_offered"].sum() == pytest.approx(run.outcomes["offered"])


def test_ties_have_names_of_organisations(run):
    table, names = run.ties, set(run.organisations["name"])
    assert len(table) == len(run.world.ties)
    assert set(table["source"]) | set(table["target"]) <= names
    assert set(table["origin"]) <= set(ORIGINS)
    assert not table.duplicated(["source", "target"]).any()
    assert not (table["source"] == table["target"]).any()
    assert table["trust"].between(0, 1).all()


def test_schools_have_one_row_each(run):
    assert len(run.schools) == 881
    assert {"support_teaching", "support_access", "support_motivation", "stream", "quintile"} <= set(run.schools)


def test_placements_are_those_of_every_year_since_the_launch(run):
    table = run.placements
    assert sorted(table["year"].unique()) == list(range(2014, 2021))
    delivered = table[["delivered_teaching", "delivered_access", "delivered_motivation"]].sum(axis=1)
    assert (delivered <= table["promised"] + 1e-9).all()
    partners = (
        run.outcomes["delivered"]
        - run.organisations.loc[run.organisations["kind"] == "ministry", "money_delivered"].sum()
    )
    assert delivered.sum() == pytest.approx(partners)
    assert set(table["provider"]) <= set(run.organisations["name"])
    assert set(table["school"]) <= set(run.schools["id"])


# Why


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_is_explained_month_by_month_until_it_was_taken(run, decision):
    terms = run.why(decision)
    assert terms["taken"].tolist() == [False] * (len(terms) - 1) + [True]
    assert terms["chance"].between(0, 1).all()
    assert terms["date"].is_monotonic_increasing
    ministry = run.world.ministry
    month = {"ministry_joins": ministry.joined, "pilot": ministry.pilot, "national": ministry.national}[decision]
    assert terms["date"].iloc[-1] == date_of(month)
    assert (terms["taken"] == (terms["draw"] < terms["chance"])).all()
    reasons = terms.drop(columns=["date", "chance", "draw", "opened", "taken"])
    streams = ["problem", "readiness of the network", "policy entrepreneurship"]
    assert list(reasons) == ["base of this stage", *streams, "mathematics first"]
    logistic = 1.0 / (1.0 + np.exp(-reasons.sum(axis=1).astype(float)))
    np.testing.assert_allclose(terms["chance"], terms["opened"] * logistic, rtol=1e-12)


def test_a_decision_that_was_never_taken_is_explained_to_the_end(run_of):
    run = run_of("no_backbone", 3)
    assert run.world.ministry.national < 0
    terms = run.why("ministry_joins")
    assert not terms["taken"].any() or terms["taken"].iloc[-1]
    assert len(terms) > 10


def test_there_is_nothing_to_explain_where_dates_were_given(run_of):
    with pytest.raises(
        InputError, match=r"in `historical` the ministry's dates are recorded, not decided .*historical_emergent"
    ):
        run_of("historical", 1).why("national")
    with pytest.raises(InputError, match="in `no_initiative` the ministry never acts"):
        run_of("no_initiative", 1).why("national")


def test_a_scenario_is_simulated_by_its_name_too() -> None:
    pd.testing.assert_series_equal(simulate("no_initiative").outcomes, simulate(scenario("no_initiative")).outcomes)


def test_a_run_may_be_asked_for_with_parameters_that_differ() -> None:
    values = {"setting.until": "2006-08", "school.fall": -0.05}
    query, made = (
        simulate("no_initiative", 2, overrides=values),
        simulate(scenario("no_initiative", overrides=values), 2),
    )
    assert query.scenario == made.scenario
    assert query.outcomes.to_dict() == pytest.approx(made.outcomes.to_dict(), nan_ok=True, abs=0)


@pytest.mark.parametrize("decision", ["minister_joins", "", "nationaal", None])
def test_an_unknown_decision_is_refused(run, decision):
    with pytest.raises(
        InputError,
        match=r"^`decision` must be one of ministry_joins, pilot, national, joining, pledge, .*, motion, track; got",
    ):
        run.why(decision)


# The network


@pytest.mark.parametrize("year", [None, 2006, 2014, 2020])
def test_the_network_of_a_year_is_a_graph_of_that_years_ties(run, year):
    graph = run.network(year)
    world = run.world if year is None else run.worlds[year]
    assert isinstance(graph, nx.DiGraph)
    assert graph.number_of_nodes() == len(world.organisations)
    assert graph.number_of_edges() == len(world.ties)
    trust = [data["trust"] for _, _, data in graph.edges(data=True)]
    assert sum(trust) == pytest.approx(world.ties.trust.sum())
    assert graph.graph["year"] == (2020 if year is None else year)


def test_density_and_reciprocity_are_those_of_networkx(run):
    graph = run.network()
    assert nx.overall_reciprocity(graph) == pytest.approx(run.outcomes["reciprocity"])
    graph.remove_nodes_from([node for node, data in graph.nodes(data=True) if data["kind"] == "backbone"])
    assert nx.density(graph) == pytest.approx(run.outcomes["density"])
    assert nx.number_weakly_connected_components(run.network()) == run.outcomes["components"]


@pytest.mark.parametrize("year", [2005, 2021, 1, -2014])
def test_a_year_that_was_not_simulated_is_refused(run, year):
    with pytest.raises(InputError, match=f"^the run has no school year {year}; it has 2006 to 2020$"):
        run.network(year)


# Files


def test_tables_as_parquet_come_back_as_they_were(run, tmp_path):
    assert run.to_parquet(tmp_path / "deep" / "down") == tmp_path / "deep" / "down"
    for name, table in run.tables().items():
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "deep" / "down" / f"{name}.parquet"), table)


def test_tables_as_csv_come_back_with_the_same_numbers(run, tmp_path):
    run.to_csv(tmp_path)
    for name, table in run.tables().items():
        again = pd.read_csv(tmp_path / f"{name}.csv", keep_default_na=True)
        assert list(again) == list(table)
        assert len(again) == len(table)
        for column in table.select_dtypes("number"):
            np.testing.assert_array_equal(again[column].to_numpy(dtype=float), table[column].to_numpy(dtype=float))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tables_of_a_run_in_which_nothing_happened_can_be_written(quiet, tmp_path, form):
    getattr(quiet, f"to_{form}")(tmp_path)
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(TABLES)


@pytest.mark.parametrize("year", [None, 2014])
def test_the_network_as_graphml_comes_back_as_it_was(run, tmp_path, year):
    path = run.to_graphml(tmp_path / "graphs" / "network.graphml", year)
    again, graph = nx.read_graphml(path), run.network(year)
    assert dict(again.nodes(data=True)) == dict(graph.nodes(data=True))
    assert {(a, b): data for a, b, data in again.edges(data=True)} == {
        (a, b): data for a, b, data in graph.edges(data=True)
    }


def same_network(again, graph) -> bool:
    """Return whether a network that was read back has the same organisations and ties, with the same attributes."""

    def bare(data):
        return {key: value for key, value in data.items() if key not in ("id", "label")}  # which GEXF adds

    return {n: bare(d) for n, d in again.nodes.data()} == dict(graph.nodes.data()) and {
        (a, b): bare(d) for a, b, d in again.edges.data()
    } == {(a, b): d for a, b, d in graph.edges.data()}


@pytest.mark.parametrize("year", [None, 2014])
@pytest.mark.parametrize(("name", "read"), [("net.graphml", nx.read_graphml), ("net.GEXF", nx.read_gexf)])
def test_the_network_comes_back_by_the_ending_of_its_file(run, tmp_path, name, read, year):
    (path,) = run.export(tmp_path / "graphs" / name, year)
    assert path == tmp_path / "graphs" / name
    assert same_network(read(path), run.network(year))


@pytest.mark.parametrize(("ending", "read"), [("csv", pd.read_csv), ("parquet", pd.read_parquet)])
def test_the_network_as_tables_has_every_organisation_and_tie(run, tmp_path, ending, read):
    ties, organisations = map(read, run.export(tmp_path / f"net.{ending}", 2014))
    graph = run.network(2014)
    rows = zip(ties["source"], ties["target"], ties["trust"], ties["origin"], strict=True)
    assert {(a, b): {"trust": t, "origin": o} for a, b, t, o in rows} == {(a, b): d for a, b, d in graph.edges.data()}
    rebuilt = organisations.drop(columns="year").set_index("name").to_dict("index")
    assert rebuilt == dict(graph.nodes.data())
    assert {*ties["year"], *organisations["year"]} == {2014}


def test_the_network_over_time_has_the_value_of_each_year_in_its_spells(run, tmp_path):
    (path,) = run.export(tmp_path / "net.gexf", over_time=True)
    again = nx.read_gexf(path)
    assert again.graph["mode"] == "dynamic"
    for year in (2006, 2014, 2020):
        day, graph = f"{year}-03-01", run.network(year)
        second = {
            (a, b): [value for value, first, last in data["trust"] if first <= day <= last]
            for a, b, data in again.edges.data()
            if any(first <= day <= last for first, last in data["spells"])
        }
        assert second == {(a, b): [data["trust"]] for a, b, data in graph.edges.data()}
    assert path.read_bytes() == run.export(tmp_path / "again.gexf", over_time=True)[0].read_bytes()


def test_the_network_over_time_as_a_table_has_every_year(run, tmp_path):
    ties, _ = map(pd.read_csv, run.export(tmp_path / "net.csv", over_time=True))
    assert ties.groupby("year").size().to_dict() == {year: len(run.network(year).edges) for year in run.worlds}


@each_of(
    ("wrong", "message"),
    [
        ({"path": "net.txt"}, r"^the file of a network must end with .graphml, .gexf, .csv, .parquet; got 'net.txt'$"),
        ({"path": ".csv"}, "^the file of a network must end with "),
        ({"path": 3}, "^the place for results must be a path; got 3$"),
        ({"path": "net.gexf", "year": 1990}, "^the run has no school year 1990; it has 2006 to 2020$"),
        ({"path": "net.gexf", "year": 2014, "over_time": True}, "^`year` and `over_time` cannot be given together"),
        ({"path": "net.graphml", "over_time": True}, "^GraphML cannot hold several years; "),
    ],
)
def test_a_network_that_cannot_be_written_so_is_refused_and_nothing_is_written(
    run, tmp_path, monkeypatch, wrong, message
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=message):
        run.export(**wrong)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("write", ["to_csv", "to_parquet", "to_graphml"])
def test_a_place_that_cannot_be_written_is_refused_in_one_sentence(run, tmp_path, write):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match=r"^the folder .* cannot be written: [\w, ]+$") as caught:
        getattr(run, write)(tmp_path / "file" / "below")
    assert "\n" not in str(caught.value)


# What made it


def test_a_run_says_what_made_it(run):
    provenance = run.provenance
    assert (provenance["scenario"], provenance["seed"]) == ("historical_emergent", "2")
    assert set(provenance) == {"scenario", "seed", "model", "python", "numpy"}
    assert len(repr(run)) < 2000


@each_of("seed", [-1, 1.5, "1", None, True])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises(InputError, match=r"^a seed must be a whole number from 0; got "):
        simulate(scenario("historical"), seed)


def test_the_worlds_of_a_run_are_those_at_the_end_of_each_school_year(run):
    assert list(run.worlds) == list(range(2006, 2021))
    assert [world.month for world in run.worlds.values()] == [12 * (year - 2005) for year in run.worlds]
    assert run.worlds[2020] is run.world


def test_the_public_face_gives_the_same(run):
    assert sim.simulate is simulate
    assert sim.simulate(sim.scenario("historical_emergent"), seed=2).outcomes.equals(run.outcomes)
