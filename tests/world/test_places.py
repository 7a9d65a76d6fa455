"""Drawn schools lie in places: districts, towns and the authorities that own them, as far as a table knows."""

from __future__ import annotations

import numpy as np
import pytest

from sim.configuration import scenario
from sim.errors import InputError
from sim.model import CollaborationModel
from sim.outcomes import all_outcomes
from sim.world.facts import cells, data_path, places, taking_over_reference, taking_points
from sim.world.schools import STREAMS
from sim.world.state import entries
from tests.comparing import differing, flat, world_at
from tests.offenders import each_of
from tests.world.files import SCHOOLS, scenario_with

PLACES = data_path("school_places_2013.csv").read_text()
TAKING = data_path("maths_taking.csv").read_text()
SEEDS = range(1, 21)
SHORT = {"setting.until": "2009-08", "setting.burn_in": 0}


def drawn(seed: int, **values):
    return CollaborationModel(
        scenario("historical", overrides={k.replace("__", "."): v for k, v in values.items()}), seed
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_every_authority_has_as_many_schools(seed):
    model = drawn(seed)
    owned = np.bincount(model.world.schools.authority, minlength=model.parameters.kinds.local_authority.number)
    assert owned.max() - owned.min() <= 1
    assert owned.sum() == len(model.world.schools)


def test_schools_of_a_place_are_together():
    """Places are runs in the order of authorities: an authority that is not at an edge owns schools of one place only."""
    for seed in (1, 2, 3):
        schools = drawn(seed).world.schools
        kinds = {(bool(p), repr(float(level))) for p, level in zip(schools.periphery, schools.locality, strict=True)}
        shared = [
            {
                (bool(p), repr(float(level)))
                for p, level in zip(schools.periphery[of], schools.locality[of], strict=True)
            }
            for of in (schools.authority == number for number in np.unique(schools.authority))
        ]
        assert len(kinds) == 8  # periphery or not, three levels of towns or none known
        assert np.mean([len(one) == 1 for one in shared]) > 0.2
        scattered = [
            {
                (bool(p), repr(float(level)))
                for p, level in zip(schools.periphery[of], schools.locality[of], strict=True)
            }
            for of in np.array_split(np.random.default_rng(seed).permutation(len(schools)), len(shared))
        ]
        assert np.mean([len(one) for one in shared]) < 0.5 * np.mean([len(one) for one in scattered])


def test_without_a_table_of_places_schools_are_dealt_out_and_nothing_is_known_of_towns():
    schools = drawn(1, setting__places="").world.schools
    owned = np.bincount(schools.authority)
    assert owned.max() - owned.min() <= 1
    assert np.isnan(schools.locality).all()
    assert (schools.level[schools.quintile == 0] == 0.0).all()
    assert 0.3 < schools.periphery.mean() < 0.7


@pytest.mark.heavy
def test_draws_have_the_periphery_and_the_towns_of_the_table():
    table = places("school_places_2013.csv")
    total = table["schools"].sum()
    published = {level: table["schools"][at].sum() / total for level, at in (
        (-1.0, table["cluster"] == 2.0), (0.0, table["cluster"] == 5.0), (1.0, table["cluster"] == 8.5))}  # fmt: skip
    edge = (table["periphery"] * table["schools"]).sum() / total
    worlds = [drawn(seed).world.schools for seed in SEEDS]
    assert np.mean([one.periphery.mean() for one in worlds]) == pytest.approx(edge, abs=0.015)
    for level, share in published.items():
        assert np.mean([(one.locality == level).mean() for one in worlds]) == pytest.approx(share, abs=0.015)


def test_more_or_fewer_organisations_leave_schools_where_they_lie():
    one, other = (drawn(1, kinds__local_authority__number=n).world.schools for n in (30, 7))
    assert differing(one.with_(authority=0, id=0), other.with_(authority=0, id=0)) == []
    assert np.bincount(other.authority).tolist() == pytest.approx([881 / 7] * 7, abs=1)


@pytest.mark.simulates
def test_a_run_without_authorities_and_without_places_goes_on():
    world = world_at(
        scenario("historical", overrides=SHORT | {"kinds.local_authority.number": 0, "setting.places": ""}), 1
    )
    assert world.published.examinees[-1] > 0


@pytest.mark.simulates
@pytest.mark.parametrize("cell", ["1", "unknown"])
def test_cells_that_the_table_of_places_lacks_run_without_a_place(write, cell):
    head, *rows = PLACES.splitlines()
    remaining = [row for row in rows if row.split(",")[3] != cell]
    path = write("places.csv", "\n".join([head, *remaining]) + "\n")
    schools = drawn(1, setting__places=path).world.schools
    code = 0 if cell == "unknown" else int(cell)
    assert np.isnan(schools.locality[schools.quintile == code]).all()
    assert not np.isnan(schools.locality[schools.quintile == 2]).all()
    world = world_at(scenario("historical", overrides=SHORT | {"setting.places": path}), 1)
    assert world.published.examinees[-1] > 0


@pytest.mark.simulates
def test_own_schools_without_quintile_or_place_run_and_count_as_the_middle(write):
    bare = "school_id,year,sector,supervision,nurture_quintile,maths_takers,maths_5unit_takers\n" + "".join(
        f"{number},2013,jewish,state,,{60 + number},{10 if number % 2 else 0}\n" for number in range(1, 9)
    )
    model = CollaborationModel(scenario_with(write("schools.csv", bare), **{"setting.until": "2016-08"}), 1)
    schools = model.world.schools
    assert (schools.level == 0.0).all()
    assert (schools.ability == 0.0).all()
    assert np.isnan(schools.locality).all()
    world = model.run_until_month(model.scenario.last_month + 1).world
    assert world.published.examinees[-1] > 0
    assert all(np.isfinite(value) for name, value in flat(world.schools).items() if name == "share" for value in value)


def test_the_level_of_a_school_is_its_quintile_or_else_its_town(write):
    schools = CollaborationModel(scenario_with(write("schools.csv", SCHOOLS)), 1).world.schools
    assert schools.quintile.tolist() == [5, 1, 0, 2, 0]
    assert schools.level.tolist() == [-1.0, 1.0, -1.0, 0.5, 0.0]


def test_the_strongest_quintile_is_abler_than_the_weakest_by_the_gap():
    schools = drawn(1, school__ability_gap=1.2).world.schools
    means = [schools.ability[schools.quintile == quintile] for quintile in range(6)]
    assert [one.min() == one.max() for one in means] == [True] * 6
    assert [one[0] for one in means] == pytest.approx([0.0, 0.6, 0.3, 0.0, -0.3, -0.6])


@pytest.mark.heavy
def test_a_share_of_schools_complies_and_a_number_of_those_with_a_track_are_in_the_reserves():
    worlds = [drawn(seed, staffing__compliance=0.3, school__reserves_schools=100).world for seed in SEEDS]
    assert np.mean([one.schools.complies.mean() for one in worlds]) == pytest.approx(0.3, abs=0.02)
    assert {int(one.schools.reserves.sum()) for one in worlds} == {100}
    none, every = (drawn(1, staffing__compliance=share).world.schools.complies for share in (0.0, 1.0))
    assert (none.any(), every.all()) == (False, True)
    assert drawn(1, school__reserves_schools=1000).world.schools.reserves.sum() < 881


def test_more_compliance_adds_schools_that_comply_and_takes_none_away():
    few, many = (drawn(1, staffing__compliance=share).world.schools.complies for share in (0.2, 0.6))
    assert (few <= many).all()
    assert few.sum() < many.sum()


# Taking


def test_taking_is_interpolated_and_constant_outside():
    name = "maths_taking.csv"
    assert taking_over_reference(2013, 2013, name) == 1.0
    assert taking_over_reference(2011, 2013, name) == pytest.approx(0.68 / 0.736)
    assert taking_over_reference(1990, 2013, name) == pytest.approx(0.68 / 0.736)
    assert taking_over_reference(2030, 2013, name) == pytest.approx(0.75 / 0.736)
    assert taking_over_reference(2012, 2013, name) == pytest.approx(0.708 / 0.736)
    assert taking_over_reference(2011, 2013, "") == 1.0


@pytest.fixture(scope="module")
def with_and_without():
    name = "historical"
    return [world_at(scenario(name, overrides=more), 1) for more in ({}, {"setting.taking_by_year": ""})]


@pytest.mark.simulates
def test_taking_by_year_changes_figures_of_takers_and_nothing_else(with_and_without):
    different = differing(*with_and_without)
    assert different
    assert {name.rsplit(".", 1)[-1] for name in different} == {"takers"}
    assert all(name.startswith("journal.") for name in different)


@pytest.mark.simulates
def test_fewer_took_mathematics_in_2011_and_more_in_2014(with_and_without):
    by_year, steady = (
        {line.fields["year"]: line.fields["takers"] for line in entries(world, "examination")}
        for world in with_and_without
    )
    assert by_year[2011].sum() / steady[2011].sum() == pytest.approx(0.68 / 0.736, abs=0.002)
    assert by_year[2014].sum() / steady[2014].sum() == pytest.approx(0.75 / 0.736, abs=0.002)
    np.testing.assert_array_equal(by_year[2013], steady[2013])


@pytest.mark.simulates
def test_nobody_is_examined_who_does_not_take_mathematics_however_few_do(write):
    few = write("taking.csv", "year,share\n2005,0.9\n2013,0.9\n2014,0.02\n")
    world = world_at(scenario("historical", overrides={"setting.taking_by_year": few, "setting.until": "2016-08"}), 1)
    for line in entries(world, "examination"):
        assert (line.fields["takers"] >= line.fields["examinees"]).all()
    shares = [value for name, value in all_outcomes(world).items() if name.startswith("share_") and not np.isnan(value)]
    assert len(shares) > 10
    assert all(0.0 <= share <= 1.0 for share in shares)


BAD = {
    "no such district": (places, PLACES.replace("centre,1-3,haredi,2,", "center_,1-3,haredi,2,"), "'center_' is not known"),
    "no such clusters": (places, PLACES.replace("centre,1-3,haredi,2,", "centre,1-4,haredi,2,"), "'1-4' is not known"),
    "a place twice": (places, PLACES + PLACES.splitlines()[1] + "\n", "is already in line 2"),
    "fewer than none": (places, PLACES.replace("haredi,2,2,", "haredi,2,-2,"), "column `schools`: -2"),
    "no column": (places, PLACES.replace("locality_clusters", "cluster"), "there is no column `locality_clusters`"),
    "nobody takes": (taking_points, TAKING.replace("0.68", "0"), "column `share`: 0 must lie between"),
    "more than all": (taking_points, TAKING.replace("0.68", "68"), "column `share`: 68 must lie between"),
    "years back": (taking_points, TAKING.replace("2013", "2001"), "column `year`: the years must rise"),
    "another table": (taking_points, PLACES, "there are no columns `year`, `share`"),
    "empty": (taking_points, "", "is empty"),
}  # fmt: skip


@each_of(("read", "text", "sentence"), BAD.values(), ids=list(BAD))
def test_a_bad_table_of_places_or_taking_ends_in_one_sentence(write, read, text, sentence):
    path = write("table.csv", text)
    key = "setting.places" if read is places else "setting.taking_by_year"
    with pytest.raises(InputError) as mistake:
        scenario_with(**{key: path})
    assert str(mistake.value).startswith("table.csv")
    assert sentence in str(mistake.value)
    assert "\n" not in str(mistake.value)


def test_the_table_of_places_covers_every_cell_of_the_population():
    table, population = places("school_places_2013.csv"), cells("school_population_2013.csv")
    of = set(zip(table["stream"].tolist(), table["nurture_quintile"].tolist(), strict=True))
    assert set(table["stream"]) <= set(STREAMS)
    assert set(zip(population["stream"].tolist(), population["nurture_quintile"].tolist(), strict=True)) <= of
    assert table["schools"].sum() == population["schools"].sum() == 881
