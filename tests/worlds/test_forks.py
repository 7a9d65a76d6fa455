"""A history is simulated once and forked: a fork equals a straight run, bit for bit."""

from __future__ import annotations

from functools import cache

import pytest

from sim.configuration import scenario
from sim.dates import date_of, month_of
from sim.design.points import Point
from sim.model import CollaborationModel
from sim.outcomes import all_outcomes
from sim.outcomes.network import path_of
from sim.policy import Scenario
from sim.runs.shared_history import Histories
from sim.world.state import World
from tests.comparing import differing, lines, world_at

pytestmark = pytest.mark.simulates

CASE = scenario("historical_emergent")


@cache
def straight(case: Scenario, seed: int) -> World:
    return world_at(case, seed)


@pytest.mark.parametrize(
    "date",
    ["2001-09", "2005-09", "2013-06", "2013-07", "2013-08", "2013-11", "2014-09", "2015-06", "2016-08", "2020-08"],
)
def test_a_fork_equals_a_straight_run(date):
    model = CollaborationModel(CASE, seed=1).run_until_month(month_of(date))
    forked = model.fork(CASE).run_until_month(CASE.last_month + 1)
    assert differing(forked.world, straight(CASE, 1)) == []


def test_a_fork_leaves_the_model_it_came_from_alone():
    model = CollaborationModel(CASE, seed=1).run_until_month(month_of("2014-01"))
    before = model.world
    model.fork(scenario("no_backbone")).run_until_month(month_of("2016-01"))
    assert model.world is before
    assert differing(model.run_until_month(CASE.last_month + 1).world, straight(CASE, 1)) == []


def test_forks_of_forks_equal_a_straight_run():
    model = CollaborationModel(CASE, seed=1)
    for date in ("2012-01", "2013-10", "2014-12", "2017-03"):
        model = model.run_until_month(month_of(date)).fork(CASE)
    assert differing(model.run_until_month(CASE.last_month + 1).world, straight(CASE, 1)) == []


NAMES = ["historical_emergent", "no_initiative", "ministry_never_joins", "network_only", "no_backbone", "placebo_backbone",
         "policy_early", "policy_late", "governance_shared", "governance_lead_ministry", "programme_ends_2017",
         "money_only", "policy_only", "many_subjects"]  # fmt: skip


@cache
def mixed() -> list[Scenario]:
    """Return named scenarios, timings by facilitations, never, other schools, a repetition, and dates that are held."""
    cases = [scenario(name) for name in ("historical", *NAMES)]
    for timing in (-18, 0, 36, "never"):
        for facilitation in (0.0, 0.4, 1.0):
            cases.append(scenario("historical_emergent", timing, {"backbone.facilitation": facilitation}))
    cases += [scenario("no_backbone").held([(104, 1), (108, 2), (120, 3)]), scenario("historical_emergent").held([])]
    cases += [scenario("weak_backbone").held([(100, 1), (110, 2), (130, 0)])]
    for values in ({"school.fall": -0.1}, {"diversity.prior_ties": 5.0}, {"commitment.independent": 0.2}):
        cases.append(scenario("historical_emergent").with_(values))
    return [*cases, scenario("historical_emergent"), scenario("no_backbone"), scenario("strong_backbone")]


@pytest.mark.parametrize("turned", [False, True], ids=["in order", "in reverse"])
def test_histories_equal_straight_runs(turned):
    cases = mixed()[::-1] if turned else mixed()
    worlds = Histories(1).worlds(cases)
    wrong = {f"{case.name} #{k}": differing(world, straight(case, 1))[:4]
             for k, (case, world) in enumerate(zip(cases, worlds, strict=True))}  # fmt: skip
    assert {name: differences for name, differences in wrong.items() if differences} == {}


def test_histories_simulate_what_is_shared_once():
    cases = [scenario("historical_emergent", timing) for timing in (0, 12, 24)]
    histories = Histories(1)
    histories.worlds(cases)
    begins = CASE.first_month - 12 * CASE.parameters["setting.burn_in"]
    whole = CASE.last_month + 1 - begins
    until_first_window = month_of("2013-11") - begins
    assert histories.months <= 3 * whole - 2 * until_first_window


def held_like(case: Scenario, seed: int) -> tuple[World, World]:
    """Return a scenario's own run, and its run with the ministry's dates held as they came."""
    world = straight(case, seed)
    held = Point({}, case.with_({"backbone.facilitation": 0.123}), case).held(path_of(world))
    facilitation = case.parameters["backbone.facilitation"]
    return world, straight(held.with_({"backbone.facilitation": facilitation}), seed)


def came_and_went(world: World) -> list[str]:
    events = [line for line in lines(world.journal) if line["kind"] == "event" and "ministry" in line["event"]]
    return [f"{date_of(event['month'])} {event['event']}" for event in events]


@pytest.mark.parametrize("seed", range(1, 25))
def test_held_dates_of_the_reference_equal_its_emergent_run(seed):
    world, held = held_like(CASE, seed)
    assert differing(all_outcomes(held), all_outcomes(world)) == [], came_and_went(world)
    columns = ("organisations", "ties", "schools", "cohorts", "ledger", "placements", "published")
    assert [name for name in columns if differing(getattr(held, name), getattr(world, name))] == []


def test_a_case_without_the_ministry_is_held_without_it():
    world, held = held_like(scenario("historical_emergent", "never"), 1)
    assert differing(all_outcomes(held), all_outcomes(world)) == []
