"""A policy from a month on leaves every month before as it was."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sim.configuration import scenario
from sim.dates import month_of
from sim.model import CollaborationModel
from sim.policy import Schedule
from tests.comparing import differing, same, world_at
from tests.levers import LEVERS, in_force, pulled, turned

pytestmark = pytest.mark.simulates

SCENARIO = scenario("historical_emergent")
MONTH = month_of("2014-09")


@pytest.fixture(scope="module")
def history():
    """Return the world at the beginning of each month, up to the month of the policy."""
    model = CollaborationModel(SCENARIO, seed=3)
    worlds = [model.world]
    while model.world.month < MONTH:
        model.step()
        worlds.append(model.world)
    return worlds


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_pulled_in_a_month_changes_nothing_before(history, lever):
    value = turned(lever, in_force(SCENARIO, lever, MONTH))[0]
    scenario = pulled(SCENARIO, lever, value, MONTH)
    assert same(in_force(scenario, lever, MONTH), value)
    assert same(in_force(scenario, lever, MONTH - 1), in_force(SCENARIO, lever, MONTH - 1))
    assert differing(world_at(scenario, 3, MONTH), history[-1]) == []


def test_the_months_before_are_the_same_one_by_one(history):
    model = CollaborationModel(pulled(SCENARIO, "network.launched", False, MONTH), seed=3)
    for world in history:
        assert differing(model.world, world) == []
        model.step()
    scenario = pulled(SCENARIO, "commitment.partners", 0.0, MONTH)
    assert differing(world_at(scenario, 3, MONTH + 1), world_at(SCENARIO, 3, MONTH + 1)) != []


def test_windows_moved_later_leave_what_lies_before_the_first_of_them():
    first = month_of("2013-11")
    on_time, late = (world_at(scenario("historical_emergent", timing), 3, first) for timing in (0, 24))
    assert differing(late, on_time) == []


def test_policies_apart_from_each_other_share_the_months_before_the_first_difference():
    scenarios = [pulled(SCENARIO, "package.bonus", 2.0, month_of(date)) for date in ("2016-01", "2017-01", "2018-01")]
    for (one, date), (other, _) in pairwise(zip(scenarios, ("2016-01", "2017-01", "2018-01"), strict=True)):
        assert differing(world_at(one, 3, month_of(date)), world_at(other, 3, month_of(date))) == []


class Watched(Schedule):
    """A schedule that refuses a month that has not begun."""

    def at(self, month):
        assert month <= self.model.world.month, "a later month was read"
        return super().at(month)


def test_no_phase_reads_a_later_month():
    model = CollaborationModel(SCENARIO, seed=3)
    watched = Watched(model.schedule.starts, model.schedule.values)
    object.__setattr__(watched, "model", model)
    model.schedule = watched
    model.run_until_month(SCENARIO.last_month + 1)
    with pytest.raises(AssertionError, match="a later month was read"):
        watched.at(model.world.month + 1)
