"""Every outcome is a number in every scenario, or not a number for a reason."""

from __future__ import annotations

import math

import pytest

from sim.configuration import scenario, scenarios
from sim.dates import school_year
from sim.declare import OUTCOMES
from sim.outcomes import all_outcomes, examinations
from sim.world.organisations import KINDS, MINISTRY
from sim.world.state import COMMON_AGENDA, NEVER, World, entries
from tests.comparing import world_at
from tests.offenders import each_of

MAY_FALL = {"additional_2020", "growth_2017_2020"}
"""Changes of counts: a count may fall."""

SHARES = {"share", "share of maths takers", "share of the grade"}


def never(month: str):
    return lambda world: getattr(world.ministry, month) == NEVER


def no_network(world: World) -> bool:
    return not list(entries(world, "network"))


def partners_delivered(world: World) -> bool:
    return bool((world.ledger.delivered[world.organisations.kind != MINISTRY] > 0.0).any())


def additional(world: World) -> float:
    figures = examinations(world)
    return sum(figures[year]["examinees"].sum() - figures[2013]["examinees"].sum() for year in range(2014, 2021))


def nobody_of(*kinds: str):
    """No organisation of one of these kinds, so that there is no tie between them."""
    return lambda world: not {KINDS.index(kind) for kind in kinds} <= set(world.organisations.kind.tolist())


REASONS = {
    "trust_across": nobody_of("ministry", "foundation"),
    "trust_ministry_third_sector": nobody_of("ministry", "ngo"),
    "trust_ministry_business": nobody_of("ministry", "business"),
    "trust_foundation_third_sector": nobody_of("foundation", "ngo"),
    "reciprocity": lambda world: not len(world.ties.trust),
    "gap_periphery_2020": lambda world: not world.schools.periphery.any(),
    "month_joined": never("joined"),
    "month_pilot": never("pilot"),
    "month_national": never("national"),
    "trust_ministry_launch": no_network,
    "trust_ministry_end": no_network,
    "trust_ministry_2014": no_network,
    "members_2014": no_network,
    "attendance": no_network,
    "readiness_network": no_network,
    "agenda_months": lambda world: world.initiative.passed[COMMON_AGENDA] == NEVER,
    "money_on_mathematics": lambda world: not (world.schools.received > 0.0).any() or not partners_delivered(world),
    "delivered_periphery": lambda world: not (world.schools.received > 0.0).any(),
    "cost_per_additional": lambda world: additional(world) <= 0,
    "gap_streams_2020": lambda world: not {0, 3} <= set(world.schools.stream.tolist()),
}
"""When an outcome is not a number; in no other case may it be."""


@pytest.fixture(scope="module", params=scenarios())
def world(request):
    """Return the last world of each named scenario."""
    return world_at(scenario(request.param), seed=1)


@pytest.mark.simulates
@each_of("name", OUTCOMES)
def test_an_outcome_is_a_number_or_has_a_reason(world, name):
    value = OUTCOMES[name].function(world)
    assert isinstance(value, float)
    assert not math.isinf(value)
    assert math.isnan(value) == REASONS.get(name, lambda world: False)(world)


@pytest.mark.simulates
@each_of("name", OUTCOMES)
def test_an_outcome_lies_where_its_unit_says(world, name):
    value, unit = OUTCOMES[name].function(world), OUTCOMES[name].unit
    if math.isnan(value):
        return
    if unit in SHARES or unit == "index":
        assert -1.0 <= value <= 1.0
        assert value >= 0.0 or name.startswith(("gap", "concentration"))
    if unit in ("students", "schools", "organisations", "stage", "components") and name not in MAY_FALL:
        assert value == int(value) >= 0
    if unit in ("teachers", "NIS million", "ratio"):
        assert value >= 0.0


@pytest.mark.simulates
def test_every_year_of_the_run_is_counted(world):
    values = all_outcomes(world)
    years = [int(name[10:]) for name in values if name.startswith("examinees_") and "/" not in name]
    assert years == list(range(2006, school_year(world.month - 1) + 1))
    for year in years:
        assert values[f"examinees_{year}"] == int(values[f"examinees_{year}"]) > 0
        assert 0.0 < values[f"share_{year}"] < 1.0


@each_of("name", OUTCOMES)
def test_an_outcome_says_what_it_is(name):
    outcome = OUTCOMES[name]
    assert outcome.name == name
    assert outcome.unit
    assert outcome.better in (-1, 0, 1)
    assert outcome.about.endswith(".")


@pytest.mark.simulates
def test_every_outcome_differs_between_scenarios():
    same = set(OUTCOMES)
    first = all_outcomes(world_at(scenario("historical"), 1))
    for each in ("no_initiative", "governance_shared", "policy_late"):
        other = all_outcomes(world_at(scenario(each), 1))
        same -= {name for name in same if other[name] != first[name]}
    assert same == {"gap_quintiles_2013", "english_2017"}, "what lies before, and the comparison series: only these"


@pytest.mark.simulates
@pytest.mark.parametrize("until", ["2006-09", "2013-08", "2016-12"])
def test_outcomes_of_a_run_that_ends_early_are_numbers_or_not_a_number(until):
    world = world_at(scenario("historical", overrides={"setting.until": until}), seed=1)
    values = all_outcomes(world)
    assert all(isinstance(value, float) and not math.isinf(value) for value in values.values())
    later = [name for name in OUTCOMES if name[-4:].isdigit() and int(name[-4:]) > int(until[:4])]
    assert later
    assert all(math.isnan(values[name]) for name in later)
