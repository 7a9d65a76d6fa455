"""Groups of students and sources of money in the results table add up to the totals."""

from __future__ import annotations

import math

import pytest

from sim.configuration import scenario
from sim.outcomes import all_outcomes
from sim.outcomes.groups import BY_SCHOOL, GENDERS, OF_STREAMS, PLACES, QUINTILES, YEARS, group_columns
from sim.outcomes.money import FATES, source_columns
from sim.world.organisations import KINDS
from tests.comparing import world_at
from tests.offenders import each_of

DIVISIONS = {"quintiles": QUINTILES, "streams": OF_STREAMS, "places": PLACES, "genders": GENDERS}


@pytest.fixture(scope="module", params=["historical_emergent", "no_initiative", "money_only"])
def world(request):
    return world_at(scenario(request.param), seed=1)


@pytest.mark.simulates
@each_of("division", DIVISIONS)
@each_of("year", YEARS)
def test_examinees_of_the_groups_sum_to_the_national_count(world, division, year):
    values = all_outcomes(world)
    counts = [values[f"examinees_{year}/{group}"] for group in DIVISIONS[division]]
    assert sum(counts) == values[f"examinees_{year}"] > 0
    assert min(counts) >= 0.0


@pytest.mark.simulates
@each_of("year", YEARS)
def test_takers_of_the_groups_are_all_takers_and_at_least_the_examinees(world, year):
    values = all_outcomes(world)
    takers = {name: sum(values[f"takers_{year}/{g}"] for g in of) for name, of in DIVISIONS.items() if of != GENDERS}
    assert len(set(takers.values())) == 1
    assert all(values[f"examinees_{year}/{group}"] <= values[f"takers_{year}/{group}"] for group in BY_SCHOOL)


@pytest.mark.simulates
def test_shares_of_groups_are_those_that_the_gaps_are_made_of(world):
    values = all_outcomes(world)
    share = {group: values[f"examinees_2020/{group}"] / values[f"takers_2020/{group}"] for group in BY_SCHOOL}
    assert share["quintile 1"] - share["quintile 5"] == pytest.approx(values["gap_quintiles_2020"])
    assert share["centre"] - share["periphery"] == pytest.approx(values["gap_periphery_2020"])
    assert share["stream state"] - share["stream non_jewish"] == pytest.approx(values["gap_streams_2020"])
    assert values["examinees_2020/girls"] / values["examinees_2020"] == pytest.approx(values["girls_2020"])


@pytest.mark.simulates
@each_of("kind", KINDS)
def test_money_of_a_source_has_one_fate(world, kind):
    values = all_outcomes(world)
    fates = [values[f"{fate}/{kind}"] for fate in ("delivered", "overhead", "transit", "unspent")]
    assert sum(fates) == pytest.approx(values[f"offered/{kind}"], abs=1e-6)
    assert values[f"duplicated/{kind}"] <= values[f"delivered/{kind}"] + 1e-9


@pytest.mark.simulates
@each_of("fate", [fate for fate in FATES if fate not in ("overhead", "transit")])
def test_sources_sum_to_what_everybody_offered(world, fate):
    values = all_outcomes(world)
    assert sum(values[f"{fate}/{kind}"] for kind in KINDS) == pytest.approx(values[fate])


@pytest.mark.simulates
def test_a_year_that_was_not_simulated_is_no_number_and_the_columns_are_the_same(world):
    early = all_outcomes(world_at(scenario("historical", overrides={"setting.until": "2017-08"}), 1))
    assert set(group_columns() + source_columns()) <= set(early)
    assert all(math.isnan(early[name]) == name.split("/")[0].endswith("2020") for name in group_columns())
