"""In a month without an initiative and without a school date only the calendar and the record run, and no number changes."""

from __future__ import annotations

import pytest

from sim import configuration
from sim.model import CollaborationModel
from sim.phases import MONTH, is_idle, phases_after_calendar
from tests.comparing import differing

pytestmark = pytest.mark.simulates

SCENARIOS = {
    "historical": {"setting.until": "2014-08"},
    "historical_emergent": {"setting.until": "2014-08"},
    "policy_only": {"setting.until": "2016-08"},
    "no_initiative": {"setting.until": "2016-08"},
    "no_backbone": {"setting.until": "2013-12"},
}


def phase_by_phase(model: CollaborationModel) -> list[str]:
    """Simulate a month with all its phases; return the names of those that changed the world."""
    model.earlier, model.parameters, changed = model.parameters, model.schedule.at(model.world.month), []
    for phase, _ in MONTH:
        before, model.world = model.world, phase(model)
        if model.world is not before:
            changed.append(phase.__name__)
    return changed


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_run_is_the_same_as_one_with_every_phase_of_every_month(name):
    scenario, idle = configuration.scenario(name, overrides=SCENARIOS[name]), 0
    one, other = CollaborationModel(scenario, 1), CollaborationModel(scenario, 1)
    while one.world.month <= scenario.last_month:
        one.step()
        changed = phase_by_phase(other)
        if len(phases_after_calendar(other)) < len(MONTH) - 1 and is_idle(one):
            idle += set(changed) <= {"calendar", "record"}
    assert differing(one.world, other.world) == []
    assert idle > 30


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_phase_that_waits_has_anything_to_do_in_an_idle_month(name):
    scenario, idle = configuration.scenario(name, overrides=SCENARIOS[name]), 0
    model = CollaborationModel(scenario, 1)
    while model.world.month <= scenario.last_month:
        model.earlier, model.parameters = model.parameters, model.schedule.at(model.world.month)
        model.world = MONTH[0][0](model)
        rest = is_idle(model)
        idle += rest
        for phase, _ in MONTH[1:]:
            before, model.world = model.world, phase(model)
            assert not rest or model.world is before or phase.__name__ == "record", (phase.__name__, model.date)
    assert idle > 30


def test_a_month_is_not_idle_once_there_is_an_initiative_or_a_pilot_or_money_of_those_who_act_alone():
    model = CollaborationModel("historical_emergent", 1).run_until_month("2013-06")
    assert not is_idle(model)  # June: examinations
    model.step()
    model.parameters = model.schedule.at(model.world.month)
    alone = configuration.scenario(
        "no_initiative", overrides={"commitment.independent": 0.3, "setting.until": "2006-08"}
    )
    assert not is_idle(CollaborationModel(alone, 1))
    model.step()
    assert not is_idle(model)  # launched in July
