"""A user's files become the world they describe, read whole."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from experiments import check
from sim.errors import InputError
from sim.model import CollaborationModel
from sim.runs.run import simulate
from sim.tables.identity import key_of
from sim.world.organisations import AUTHORITY, BACKBONE, FOUNDATION, KINDS, MINISTRY
from sim.world.schools import HAREDI, NON_JEWISH, STATE, STATE_RELIGIOUS, UNKNOWN
from sim.world.synthetic_schools import Population
from tests.world.files import ORGANISATIONS, SCHOOLS, TIES, scenario_with

PUBLISHED = Path(__file__).parents[3] / "shared" / "data" / "schools_2013_2015.csv"


def two_years_of(read_scenario) -> CollaborationModel:
    model = CollaborationModel(read_scenario, seed=1)
    model.run_until_month(model.world.month + 24)
    assert np.isfinite(model.world.schools.share).all()
    assert np.isfinite(model.world.ties.trust).all()
    return model


def test_all_three_files_make_a_world_that_goes_on(write):
    files = write("schools.csv", SCHOOLS), write("organisations.csv", ORGANISATIONS), write("ties.csv", TIES)
    world = two_years_of(scenario_with(*files)).world
    assert len(world.schools) == 5
    assert len(world.organisations) == 7


@pytest.mark.simulates
def test_each_file_alone_makes_a_world_that_goes_on(write):
    assert len(two_years_of(scenario_with(write("schools.csv", SCHOOLS))).world.organisations) == 123
    assert len(two_years_of(scenario_with("", write("organisations.csv", ORGANISATIONS))).world.schools) == 881


@pytest.mark.simulates
def test_founders_of_the_users_file_launch_the_initiative(write):
    model = CollaborationModel(
        scenario_with("", write("organisations.csv", ORGANISATIONS), write("ties.csv", TIES)), seed=1
    )
    organisations = model.run_until_month(model.world.month + 12 * 8).world.organisations
    assert organisations.founder.sum() == 2
    assert organisations.member[organisations.founder].all()


def test_a_school_file_says_stream_quintile_periphery_and_size(write):
    schools = scenario_with(write("schools.csv", SCHOOLS)).files.schools
    assert set(schools) == set(Population.__dataclass_fields__)
    assert schools["id"].tolist() == [1, 2, 3, 4, 5]
    assert schools["stream"].tolist() == [NON_JEWISH, STATE, HAREDI, STATE_RELIGIOUS, UNKNOWN]
    assert schools["quintile"].tolist() == [5, 1, 0, 2, 0]
    assert schools["periphery"].tolist() == [True, False, True, False, False]
    assert schools["takers"].tolist() == [300, 187, 31, 60, 22]
    assert (schools["authority"] < 30).all()


def test_a_track_is_a_group_that_the_file_counts(write):
    path = write("schools.csv", SCHOOLS)
    read_scenario = scenario_with(path)
    assert read_scenario.files.schools["track"].tolist() == [True, True, False, True, False]
    assert read_scenario.files.schools["share"][:2] == pytest.approx([26 / 300, 34 / 187])
    assert CollaborationModel(read_scenario).world.schools.track.tolist() == [True, True, False, True, False]
    larger = scenario_with(path, **{"setting.counted_from": 10}).files.schools["track"]
    assert larger.tolist() == [True, True, False, False, False]


def test_the_year_is_that_of_the_setting(write):
    schools = scenario_with(write("schools.csv", SCHOOLS), **{"setting.year": 2014}).files.schools
    assert schools["takers"].tolist() == [282]


def test_optional_columns_say_periphery_and_authority(write):
    text = (
        "school_id,year,sector,supervision,nurture_quintile,maths_takers,maths_5unit_takers,authority,periphery,cluster\n"
        "a,2013,jewish,state,1,100,20,Town,false,3\n"
        "b,2013,jewish,state,1,100,20,City,true,3\n"
        "c,2013,jewish,state,1,100,20,,,3\n"
    ).replace("cluster", "locality_cluster")
    people = "name,kind,capacity\nTown,local_authority,1\nCity,local_authority,1\n"
    schools = scenario_with(write("schools.csv", text), write("people.csv", people)).files.schools
    assert schools["authority"][:2].tolist() == [1, 0]  # by the alphabet
    assert schools["authority"][2] < 2
    assert schools["periphery"].tolist() == [False, True, True]


def test_one_more_school_leaves_the_others_as_they_were(write):
    named = SCHOOLS.replace("\n1,", "\none,").replace("\n2,", "\ntwo,")
    fewer = scenario_with(write("fewer.csv", named)).files.schools
    more = scenario_with(write("more.csv", named + "7,2013,south,bedouin,state,1,5,80,6\n")).files.schools
    assert len(set(fewer["id"])) == 5
    for name, column in fewer.items():
        np.testing.assert_array_equal(column, more[name][:5], err_msg=name)


def test_csv_and_parquet_say_the_same(write, tmp_path):
    for name, text in {"schools": SCHOOLS, "organisations": ORGANISATIONS, "ties": TIES}.items():
        pd.read_csv(write(f"{name}.csv", text)).to_parquet(tmp_path / f"{name}.parquet")
    read = [
        scenario_with(*(str(tmp_path / f"{n}.{e}") for n in ("schools", "organisations", "ties")))
        for e in ("csv", "parquet")
    ]
    for table in ("schools", "organisations", "ties"):
        first, second = (getattr(each.files, table) for each in read)
        for name, column in first.items():
            np.testing.assert_array_equal(column, second[name], err_msg=name)


def test_organisations_are_sorted_by_kind_and_known_by_their_names(write):
    columns = scenario_with(
        "", write("organisations.csv", ORGANISATIONS + "Second,foundation,3,false\n")
    ).files.organisations
    assert [KINDS[code] for code in columns["kind"]] == [
        "ministry", "foundation", "foundation", "business", "ngo", "academia", "local_authority", "backbone"
    ]  # fmt: skip
    names = ["Ministry", "Fund", "Second", "Works", "Friends", "School of maths", "Town", "Centre"]
    assert columns["id"].tolist() == [key_of(name) for name in names]
    assert columns["capacity"].tolist() == [0, 8, 3, 2, 0.4, 1.5, 0.5, 0]
    assert columns["founder"].tolist() == [False, True, False, True, False, False, False, False]
    assert columns["eligible"].tolist() == [False, True, True, True, True, True, True, False]


def test_identities_may_be_given_and_stay(write):
    text = "name,kind,capacity,id\nB,ngo,1,7\nA,ngo,1,1\n"
    columns = scenario_with("", write("organisations.csv", text)).files.organisations
    assert columns["id"].tolist() == [2, 1, 7, 60001]


def test_who_never_joins_stays_outside(write):
    text = ORGANISATIONS.replace("founder\n", "founder,joins\n").replace("false\nCentre", "false,no\nCentre")
    text = "\n".join(line + "," if line.count(",") == 3 else line for line in text.splitlines())
    columns = scenario_with("", write("organisations.csv", text)).files.organisations
    assert columns["eligible"].tolist() == [False, True, True, False, True, True, False]


def test_without_a_founder_column_founders_are_the_worlds_own(write):
    model = CollaborationModel(scenario_with("", write("people.csv", "name,kind,capacity\nF,foundation,2\nN,ngo,1\n")))
    assert model.world.organisations.founder.tolist() == [False, True, False, False]


@pytest.mark.heavy
@pytest.mark.parametrize("kind", KINDS)
def test_one_organisation_of_any_kind_is_enough(write, kind):
    model = two_years_of(scenario_with("", write("one.csv", f"name,kind,capacity\nOnly,{kind},1\n")))
    kinds = set(model.world.organisations.kind.tolist())
    assert {MINISTRY, BACKBONE, KINDS.index(kind)} == kinds


def test_ties_lead_from_row_to_row_with_their_trust(write):
    files = scenario_with("", write("organisations.csv", ORGANISATIONS), write("ties.csv", TIES)).files
    rows = [FOUNDATION, 3, 2, AUTHORITY], [3, FOUNDATION, FOUNDATION, MINISTRY]
    assert (files.ties["source"].tolist(), files.ties["target"].tolist()) == rows
    assert files.ties["trust"].tolist() == [0.6, 0.7, 0.4, 1.0]


def test_an_edge_list_may_be_empty(write):
    read_scenario = scenario_with(
        "", write("organisations.csv", ORGANISATIONS), write("ties.csv", "source,target,trust\n")
    )
    assert len(CollaborationModel(read_scenario).world.ties) == 0
    two_years_of(read_scenario)


def test_blank_lines_byte_order_marks_and_breaks_in_columns_that_are_not_used_keep_line_numbers(write):
    text = "\ufeff" + 'name,kind,capacity,note\n\nFund,foundation,1,"of\nfunds"\n,,,\nB,ngo,-1,\n'
    with pytest.raises(InputError, match=re.escape("o.csv, line 6, column `capacity`: -1 must not be negative")):
        scenario_with("", write("o.csv", text))


def test_a_file_is_known_by_its_columns(write):
    assert sim.check(write("a.csv", SCHOOLS)).startswith("a.csv: a school file of 7 rows, years 2013, 2014\n")
    assert sim.check(write("b.csv", ORGANISATIONS)).startswith("b.csv: an organisation file of 7 organisations\n")
    assert sim.check(write("c.csv", TIES)).startswith("c.csv: an edge list of 4 ties\n")
    with pytest.raises(InputError, match="is not a school file, organisation file or edge list: its columns are a, b"):
        sim.check(write("d.csv", "a,b\n1,2\n"))
    with pytest.raises(InputError, match="unknown kind of file `school`"):
        sim.check(write("a.csv", SCHOOLS), kind="school")


def test_a_description_says_what_was_found(write):
    text = sim.check(write("schools.csv", SCHOOLS), year=2013)
    assert "2013: 5 schools, 600 maths takers, 68 at five units (11.3%), 3 tracks; 1 row without" in text
    assert "2014:" not in text
    assert "columns not used: colour" in sim.check(write("t.csv", "source,target,trust,colour\na,b,0.5,red\n"))
    assert "added without means: ministry, backbone" in sim.check(write("o.csv", "name,kind,capacity\nA,ngo,1\n"))


def test_the_command_describes_and_ends_well(write, capsys):
    files = [write("ties.csv", TIES), write("organisations.csv", ORGANISATIONS), write("schools.csv", SCHOOLS)]
    assert check.main([*files, "--year", "2013"]) == 0
    output = capsys.readouterr()
    assert "names found in organisations.csv" in output.out
    assert output.err == ""


def test_the_command_ends_with_the_mistake_and_two(write, capsys):
    assert check.main([write("ties.csv", TIES.replace("0.4", "4"))]) == 2
    assert capsys.readouterr().err == "error: ties.csv, line 4, column `trust`: 4 must lie between 0 and 1\n"
    assert check.main([write("schools.csv", SCHOOLS), "--year", "1999"]) == 2
    assert capsys.readouterr().err.startswith("error: schools.csv, column `year`: no row is of 1999")


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the published school file is not beside the checkout")
def test_the_published_school_file_is_what_its_readme_says(monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[2])
    read_scenario = scenario_with("../shared/data/schools_2013_2015.csv")
    schools = read_scenario.files.schools
    assert len(schools["id"]) == 881
    assert schools["takers"].sum() == 73641
    assert schools["track"].sum() == 452
    assert (schools["share"] * schools["takers"] * schools["track"]).sum() == pytest.approx(8872)
    counts = pd.read_csv("configs/data/school_population_2013.csv").groupby("stream")["schools"].sum()
    assert np.bincount(schools["stream"]).tolist() == [
        counts[name] for name in ("state", "state_religious", "haredi", "non_jewish", "unknown")
    ]
    two_years_of(read_scenario)


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the published school file is not beside the checkout")
def test_the_rule_for_the_periphery_is_that_of_the_default_table():
    schools = scenario_with(str(PUBLISHED)).files.schools
    table = pd.read_csv(Path(__file__).parents[2] / "configs" / "data" / "school_population_2013.csv")
    drawn = (table["schools"] * table["periphery_share"]).sum() / table["schools"].sum()
    assert schools["periphery"].mean() == pytest.approx(drawn, abs=0.005)


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the published school file is not beside the checkout")
def test_the_published_file_has_more_tracks_every_year():
    tracks = [
        scenario_with(str(PUBLISHED), **{"setting.year": year}).files.schools["track"].sum()
        for year in (2013, 2014, 2015)
    ]
    assert all(earlier < later for earlier, later in pairwise(tracks))


def test_the_reference_share_of_a_file_is_that_of_its_own_tracks(write):
    world = CollaborationModel(scenario_with(write("schools.csv", SCHOOLS), **{"setting.taking": 0.5}), 1).world
    assert world.reference_share == pytest.approx((26 + 34 + 8) / (300 + 187 + 31 + 60 + 22) * 0.5)


@pytest.mark.simulates
@pytest.mark.filterwarnings("error")
def test_a_country_of_one_student_has_a_share_every_year(write):
    header, first, *_ = SCHOOLS.splitlines()
    path = write("schools.csv", f"{header}\n{first.replace(',300,26', ',1,0')}\n")
    run = simulate(scenario_with(path, **{"setting.until": "2009-08", "school.steady": True}), 1)
    shares = [run.outcomes[f"share_{year}"] for year in (2006, 2007, 2008, 2009)]
    assert 0.0 in shares
    assert all(0.0 <= share <= 1.0 for share in shares)
    assert run.schools["id"].size == 1


def test_a_function_of_the_package_is_called_as_it_is_known():
    public = [name for name in sim.__all__ if callable(getattr(sim, name))]
    assert [name for name in public if getattr(sim, name).__name__ != name] == []
