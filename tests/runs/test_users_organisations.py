"""Runs of a user's own organisations: a single one, none with ties, and the user's identities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.configuration import scenario
from sim.dates import month_of
from sim.declare import OUTCOMES
from sim.errors import InputError
from sim.outcomes import all_outcomes
from sim.runs.run import simulate
from sim.world.files.check import problems
from sim.world.organisations import AUTHORITY, KINDS, MINISTRY
from sim.world.setting import SettingParameters
from tests.comparing import differing, world_at

pytestmark = pytest.mark.simulates


@pytest.fixture
def scenario_with(tmp_path):
    """Return a scenario with the user's own organisations, and ties if they are given."""

    def scenario_with(organisations: str, ties: str = "", name: str = "historical", **values):
        (tmp_path / "organisations.csv").write_text(organisations)
        files = {"setting.organisations": str(tmp_path / "organisations.csv")}
        if ties:
            (tmp_path / "ties.csv").write_text(ties)
            files["setting.ties"] = str(tmp_path / "ties.csv")
        return scenario(name, overrides=files | values)

    return scenario_with


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["historical", "governance_shared", "no_initiative"])
def test_one_organisation_is_enough_for_a_whole_run(scenario_with, kind, name):
    world = world_at(scenario_with(f"name,kind,capacity\nOnly,{kind},1\n", "source,target,trust\n", name), 1)
    values = all_outcomes(world)
    assert len(world.published.examinees) == 15 + SettingParameters().burn_in
    assert all(not np.isinf(value) for value in values.values())
    assert np.isfinite(values["examinees_2020"])


def test_organisations_without_any_tie_make_a_whole_run(scenario_with):
    rows = "\n".join(f"N{k},ngo,0.5" for k in range(8)) + "\nF,foundation,5\nB,business,1\nT,local_authority,1\n"
    run = simulate(scenario_with(f"name,kind,capacity\n{rows}", "source,target,trust\n"))
    assert run.world.organisations.member.sum() >= 2
    assert len(run.ties) > 0, "those who sit together may become partners"
    assert set(run.tables())
    assert not run.organisations.empty
    assert set(OUTCOMES) <= set(run.outcomes.index)


def test_nobody_pays_where_nobody_has_means(scenario_with):
    world = world_at(
        scenario_with(
            "name,kind,capacity\nN,ngo,0\nF,foundation,0\nT,local_authority,0\n",
            name="ministry_never_joins",
            **{"backbone.facilitation": 0.0},
        ),
        1,
    )
    ministry = world.organisations.kind == MINISTRY
    assert world.ledger.offered[~ministry].sum() == 0.0
    assert world.schools.delivered.sum() == 0.0


IDS = "name,kind,capacity,id\nN,ngo,1,7\nM,ngo,1,10007\nK,ngo,1,20007\nF,foundation,5,3\n"


def test_organisations_of_the_user_keep_names_that_tell_them_apart(scenario_with):
    run = simulate(scenario_with(IDS, **{"setting.until": "2014-12"}))
    assert run.organisations["name"].is_unique
    assert run.network().number_of_nodes() == len(run.world.organisations)
    assert run.network().number_of_edges() == len(run.world.ties)


def test_organisations_of_the_user_are_called_as_the_user_calls_them(scenario_with):
    run = simulate(
        scenario_with("name,kind,capacity\nTrump,foundation,9\nIntel,business,3\n", **{"setting.until": "2014-12"})
    )
    assert {"Trump", "Intel"} <= set(run.organisations["name"])


def begun_again(first, tmp_path, **values):
    """Return a run from the schools of 2013 in the files of an earlier run, and the world before its first month."""
    first.panel.to_csv(tmp_path / "panel.csv", index=False)
    assert problems(tmp_path / "panel.csv") == []
    values = {"setting.schools": str(tmp_path / "panel.csv"), "setting.until": "2013-08"} | values
    return simulate(scenario("historical", overrides=values))


def agree(first, again) -> None:
    """Check that the schools in a file of 2013 are in a run from it, with the same place and figures."""
    listed = first.panel.query("year == 2013")
    one, two = first.schools.set_index("id").loc[listed["school_id"]], again.schools.set_index("id")
    columns = ["stream", "quintile", "periphery", "authority", "locality", "level"]
    pd.testing.assert_frame_equal(one[columns].sort_index(), two[columns].sort_index())


@pytest.mark.parametrize("seed", [1, 2])
def test_the_schools_of_a_run_are_a_school_file_to_begin_another_from(tmp_path, seed):
    first = simulate(scenario("historical", overrides={"setting.until": "2013-08"}), seed)
    agree(first, begun_again(first, tmp_path))


def test_the_schools_of_a_run_keep_the_users_own_authorities(scenario_with, tmp_path):
    first = simulate(scenario_with(AUTHORITIES.format(7, 300), **{"setting.until": "2013-08"}))
    assert set(first.panel["authority"]) == {"Town", "City"}
    agree(first, begun_again(first, tmp_path, **{"setting.organisations": str(tmp_path / "organisations.csv")}))


AUTHORITIES = "name,kind,capacity,id\nTown,local_authority,5,{}\nCity,local_authority,5,{}\nF,foundation,5,3\n"


@pytest.mark.parametrize("ids", [(50001, 50002), (7, 300), (50002, 50001), (9, 10009)], ids=str)
def test_authorities_of_the_user_serve_their_own_schools(scenario_with, ids):
    values = {"network.joining": 0.0, "kinds.local_authority.joins_at_launch": 1.0, "setting.until": "2016-12"}
    world = world_at(scenario_with(AUTHORITIES.format(*ids), **values), 1)
    rows = np.flatnonzero(world.organisations.kind == AUTHORITY)
    placed = world.placements
    for place, row in enumerate(rows):
        served = placed.school[placed.provider == row]
        assert len(served) > 0, f"the authority in place {place} serves no school"
        assert (world.schools.authority[served] == place).all()


def test_an_organisation_without_an_id_goes_by_its_name(scenario_with):
    plain = "name,kind,capacity\n" + "".join(f"N{k},ngo,0.5\n" for k in range(5)) + "F,foundation,5\n"
    numbered = "name,kind,capacity,id\n" + "".join(f"N{k},ngo,0.5,N{k}\n" for k in range(5)) + "F,foundation,5,\n"
    one, other = (world_at(scenario_with(text, **{"setting.until": "2016-12"}), 1) for text in (plain, numbered))
    pd.testing.assert_series_equal(pd.Series(all_outcomes(one)), pd.Series(all_outcomes(other)))


def test_the_ministry_of_the_user_may_have_means_and_a_name(scenario_with):
    text = "name,kind,capacity\nOffice of schools,ministry,3\nN,ngo,1\nF,foundation,5\n"
    world = world_at(scenario_with(text), 1, month_of("2017-01"))
    assert world.ministry.stage == 3
    assert (world.organisations.kind == 0).sum() == 1


# Files of one's own from a run

SHORT = {"setting.until": "2014-08", "setting.burn_in": 1}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return a run of a made-up region, and its schools, organisations and ties as files."""
    run = simulate("us_region", overrides=SHORT)
    return run, run.to_files(tmp_path_factory.mktemp("files"))


def test_a_run_from_the_organisations_and_ties_that_another_wrote_is_that_run_bit_for_bit(written):
    run, folder = written
    files = {f"setting.{name}": str(folder / f"{name}.csv") for name in ("organisations", "ties")}
    again = simulate("us_region", overrides=SHORT | files)
    assert differing(run.outcomes.to_dict(), again.outcomes.to_dict()) == []
    assert differing(run.world.ties, again.world.ties) == []
    other = simulate("us_region", overrides=SHORT | files | {"setting.ties": ""}, seed=2)
    assert differing(run.outcomes.to_dict(), other.outcomes.to_dict()) != [], "the test could not fail"


def test_the_three_files_of_a_run_fit_one_another_and_come_back_as_they_were(written, tmp_path):
    _, folder = written
    names = ("schools", "organisations", "ties")
    files = {name: str(folder / f"{name}.csv") for name in names}
    assert [problems(files[name], name, None, files["organisations"]) for name in names] == [[], [], []]
    own = simulate("us_region", overrides=SHORT | {f"setting.{name}": file for name, file in files.items()})
    own.to_files(tmp_path)
    for name in names[1:]:
        assert (tmp_path / f"{name}.csv").read_bytes() == (folder / f"{name}.csv").read_bytes()
    schools = pd.read_csv(folder / "schools.csv", keep_default_na=False)
    towns = schools.drop_duplicates("school_id").set_index("school_id")["authority"]
    assert towns.isin(pd.read_csv(files["organisations"])["name"]).all()
    later = own.panel.drop_duplicates("school_id").set_index("school_id")["authority"]
    assert (later == towns.loc[later.index]).all()


def test_who_there_was_before_the_launch_is_not_told_by_a_run_that_begins_after_it(tmp_path):
    run = simulate(
        "us_region", overrides={"setting.start": "2012-09", "setting.until": "2014-08", "setting.burn_in": 0}
    )
    with pytest.raises(
        InputError, match=r"^the run has no school year that ends before the launch of \d{4}-\d\d, so its files"
    ):
        run.to_files(tmp_path / "files")
    assert not (tmp_path / "files").exists()
