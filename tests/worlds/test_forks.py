"""A history is simulated once and forked: a fork equals a straight run, bit for bit."""

from __future__ import annotations

from functools import cache

import pytest

from sim.configuration import scenario
from sim.dates import date_of, month_of
from sim.design.points import Point
from sim.model import CollaborationModel
from sim.outcomes import all_outcomes
from sim.policy import Scenario
from sim.runs.shared_history import Histories
from sim.world.state import World, path_of
from tests.comparing import differing, lines, world_at

pytestmark = pytest.mark.simulates

SCENARIO = scenario("historical_emergent")


@cache
def straight(scenario: Scenario, seed: int) -> World:
    return world_at(scenario, seed)


@pytest.mark.parametrize(
    "date",
    ["2001-09", "2005-09", "2013-06", "2013-07", "2013-08", "2013-11", "2014-09", "2015-06", "2016-08", "2020-08"],
)
def test_a_fork_equals_a_straight_run(date):
    model = CollaborationModel(SCENARIO, seed=1).run_until_month(month_of(date))
    forked = model.fork(SCENARIO).run_until_month(SCENARIO.last_month + 1)
    assert differing(forked.world, straight(SCENARIO, 1)) == []


def test_a_fork_leaves_the_model_it_came_from_alone():
    model = CollaborationModel(SCENARIO, seed=1).run_until_month(month_of("2014-01"))
    before = model.world
    model.fork(scenario("no_backbone")).run_until_month(month_of("2016-01"))
    assert model.world is before
    assert differing(model.run_until_month(SCENARIO.last_month + 1).world, straight(SCENARIO, 1)) == []


def test_forks_of_forks_equal_a_straight_run():
    model = CollaborationModel(SCENARIO, seed=1)
    for date in ("2012-01", "2013-10", "2014-12", "2017-03"):
        model = model.run_until_month(month_of(date)).fork(SCENARIO)
    assert differing(model.run_until_month(SCENARIO.last_month + 1).world, straight(SCENARIO, 1)) == []


NAMES = ["historical_emergent", "no_initiative", "ministry_never_joins", "network_only", "no_backbone", "placebo_backbone",
         "policy_early", "policy_late", "governance_shared", "governance_lead_ministry", "programme_ends_2017",
         "money_only", "policy_only", "many_subjects"]  # fmt: skip


@cache
def mixed() -> list[Scenario]:
    """Return named scenarios, timings by facilitations, never, other schools, a repetition, and dates that are held."""
    scenarios = [scenario(name) for name in ("historical", *NAMES)]
    for timing in (-18, 0, 36, "never"):
        for facilitation in (0.0, 0.4, 1.0):
            scenarios.append(scenario("historical_emergent", timing, {"backbone.facilitation": facilitation}))
    scenarios += [
        scenario("no_backbone").held([(104, 1), (108, 2), (120, 3)]),
        scenario("historical_emergent").held([]),
    ]
    scenarios += [scenario("weak_backbone").held([(100, 1), (110, 2), (130, 0)])]
    for values in ({"school.fall": -0.1}, {"diversity.prior_ties": 5.0}, {"commitment.independent": 0.2}):
        scenarios.append(scenario("historical_emergent").with_(values))
    return [*scenarios, scenario("historical_emergent"), scenario("no_backbone"), scenario("strong_backbone")]


@pytest.mark.parametrize("turned", [False, True], ids=["in order", "in reverse"])
def test_histories_equal_straight_runs(turned):
    scenarios = mixed()[::-1] if turned else mixed()
    worlds = Histories(1).worlds(scenarios)
    wrong = {f"{scenario.name} #{k}": differing(world, straight(scenario, 1))[:4]
             for k, (scenario, world) in enumerate(zip(scenarios, worlds, strict=True))}  # fmt: skip
    assert {name: differences for name, differences in wrong.items() if differences} == {}


def test_histories_simulate_what_is_shared_once():
    scenarios = [scenario("historical_emergent", timing) for timing in (0, 12, 24)]
    histories = Histories(1)
    histories.worlds(scenarios)
    begins = SCENARIO.first_month - 12 * SCENARIO.parameters["setting.burn_in"]
    whole = SCENARIO.last_month + 1 - begins
    until_first_window = month_of("2013-11") - begins
    assert histories.months <= 3 * whole - 2 * until_first_window


def held_like(scenario: Scenario, seed: int) -> tuple[World, World]:
    """Return a scenario's own run, and its run with the ministry's dates held as they came."""
    world = straight(scenario, seed)
    held = Point({}, scenario.with_({"backbone.facilitation": 0.123}), scenario).held(path_of(world))
    facilitation = scenario.parameters["backbone.facilitation"]
    return world, straight(held.with_({"backbone.facilitation": facilitation}), seed)


def came_and_went(world: World) -> list[str]:
    events = [line for line in lines(world.journal) if line["kind"] == "event" and "ministry" in line["event"]]
    return [f"{date_of(event['month'])} {event['event']}" for event in events]


@pytest.mark.parametrize("seed", range(1, 25))
def test_held_dates_of_the_reference_equal_its_emergent_run(seed):
    world, held = held_like(SCENARIO, seed)
    assert differing(all_outcomes(held), all_outcomes(world)) == [], came_and_went(world)
    columns = ("organisations", "ties", "schools", "cohorts", "ledger", "placements", "published")
    assert [name for name in columns if differing(getattr(held, name), getattr(world, name))] == []


def test_a_case_without_the_ministry_is_held_without_it():
    world, held = held_like(scenario("historical_emergent", "never"), 1)
    assert differing(all_outcomes(held), all_outcomes(world)) == []
