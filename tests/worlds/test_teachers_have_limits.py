"""Teachers are a stock: they leave, and no more come than were trained, are wanted and can be hired."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from sim import configuration
from sim.dates import month_of_year
from sim.model import CollaborationModel
from sim.phases.school_year import supply
from sim.world.forums import RETRAINING_GROUP
from tests.comparing import world_at

SETTINGS = {
    "as it is": {},
    "a low cap": {"staffing.cap": 30.0},
    "much money, a cap": {"staffing.cap": 60.0, "staffing.supply": 10.0, "staffing.supply_per_million": 20.0},
    "none to be had": {"staffing.cap": 0.0},
    "none trained": {"staffing.supply": 0.0, "staffing.supply_per_million": 0.0},
    "long training": {"staffing.training": 2.0},
    "short training": {"staffing.training": 1.0},
}


@pytest.fixture(scope="module", params=list(SETTINGS))
def septembers(request):
    """Return the model, and schools before and after each September."""
    scenario = configuration.scenario("historical", overrides=SETTINGS[request.param])
    model, years = CollaborationModel(scenario, seed=1), []
    while model.world.month <= scenario.last_month:
        before = model.world
        model.step()
        if month_of_year(before.month) == 9:
            money = model.world.initiative.certifying + model.world.schools.delivered_policy[:, 0].sum()
            group = 1.0 + model.parameters.network.group_strength * model.world.initiative.levels[RETRAINING_GROUP]
            years.append((before.schools, model.world.schools, money, group))
    return scenario.parameters, years


def hired(p, before, after):
    return after.teachers - before.teachers * (1.0 - p.staffing.retiring)


@pytest.mark.simulates
def test_no_more_teachers_are_hired_in_a_year_than_the_cap(septembers):
    p, years = septembers
    for before, after, *_ in years:
        assert hired(p, before, after).sum() <= p.staffing.cap + 1e-9


@pytest.mark.simulates
def test_no_more_are_hired_than_come_by_themselves_and_for_money(septembers):
    p, years = septembers
    for before, after, money, group in years:  # money arrives before hiring
        come = p.staffing.supply * group + p.staffing.supply_per_million * money
        assert hired(p, before, after).sum() <= come + 1e-9


@pytest.mark.simulates
def test_nobody_is_dismissed_and_nobody_hired_beyond_what_is_missing(septembers):
    p, years = septembers
    for before, after, *_ in years:
        new = hired(p, before, after)
        assert (new >= -1e-9).all()
        assert (new <= p.staffing.hiring * after.missing[:, 0] + 1e-9).all()


@pytest.mark.simulates
def test_who_has_teachers_hires_for_needs_of_earlier_years_only(septembers):
    p, years = septembers
    late = p.staffing.training - 1.0
    for before, after, *_ in years:
        trained = (1.0 - late) * before.missing[:, 0] + late * before.missing[:, 1]
        had = before.teachers > 0.0
        assert (hired(p, before, after)[had] <= p.staffing.hiring * trained[had] + 1e-9).all()


@pytest.mark.simulates
def test_the_teachers_missing_of_a_september_are_remembered_for_two_years(septembers):
    _, years = septembers
    for (_, one, *_), (_, other, *_) in itertools.pairwise(years):
        np.testing.assert_array_equal(other.missing[:, 1], one.missing[:, 0])
    assert years[-1][1].missing.min() >= 0.0


@pytest.mark.simulates
def test_the_cap_binds_in_a_run_that_has_much_money():
    scenario = configuration.scenario("historical", overrides=SETTINGS["much money, a cap"])
    model = CollaborationModel(scenario, 1).run_until_month(scenario.last_month + 1)
    assert supply(model, model.world) == 60.0


@pytest.mark.simulates
def test_a_lower_cap_never_means_more_teachers_nor_more_examinees_in_the_end():
    worlds = [
        world_at(configuration.scenario("historical", overrides={"staffing.cap": cap}), 1)
        for cap in (20.0, 80.0, 250.0)
    ]
    teachers = [world.schools.teachers.sum() for world in worlds]
    assert teachers[0] < teachers[1] <= teachers[2]
    assert worlds[0].published.examinees[-1] < worlds[2].published.examinees[-1]


@pytest.mark.simulates
def test_where_teachers_run_out_the_run_goes_on_and_nobody_begins_who_has_no_seat():
    none = {"staffing.supply": 0.0, "staffing.supply_per_million": 0.0, "staffing.retiring": 0.5}
    scenario = configuration.scenario("no_initiative", overrides=none)
    scenario = replace(scenario, policy=scenario.policy.without("commitment.independent"))  # no virtual classes either
    world = world_at(scenario, 1)
    assert world.schools.teachers.sum() < 0.01
    assert world.published.examinees[-1] == 0.0
    assert world.published.shares[-1] == 0.0
    assert (world.cohorts.takers.sum(axis=(1, 2)) > 0.0).all()


@pytest.mark.simulates
def test_longer_training_means_later_teachers():
    quick, slow = (
        world_at(configuration.scenario("historical", overrides=SETTINGS[f"{name} training"]), 1)
        for name in ("short", "long")
    )
    assert slow.schools.teachers.sum() != quick.schools.teachers.sum()
