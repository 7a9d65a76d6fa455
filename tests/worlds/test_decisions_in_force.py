"""Delays count from the decision now in force, and a pilot's proof from its first month in schools."""

from __future__ import annotations

import pytest

from sim import configuration
from sim.dates import month_of
from sim.model import CollaborationModel
from sim.policy import Change, Scenario

pytestmark = pytest.mark.simulates


def ordering(stages: dict[str, int]) -> Scenario:
    """Return the recorded scenario with the ministry at a stage from each of some dates on."""
    scenario = configuration.scenario("historical")
    others = tuple(change for change in scenario.policy.changes if change.key != "ministry.ordered")
    changes = [Change(month_of(date), "ministry.ordered", stage) for date, stage in stages.items()]
    return Scenario(scenario.name, scenario.parameters, type(scenario.policy)(others).also(changes), scenario.files)


def test_a_programme_that_comes_again_brings_its_package_after_its_delays_again() -> None:
    model = CollaborationModel(ordering({"2014-05": 2, "2015-05": 3, "2016-10": 0, "2017-05": 3}), 1)
    bonus = {}
    for date in ("2016-09", "2016-11", "2017-06", "2017-11", "2018-01"):
        bonus[date] = model.run_until_month(month_of(date)).kind("ministry").package()["bonus"] > 0.0
    assert bonus == {"2016-09": True, "2016-11": False, "2017-06": False, "2017-11": False, "2018-01": True}
    assert model.world.ministry.national == month_of("2015-05")


@pytest.mark.parametrize(
    ("decided", "proved"),
    [("2014-05", "2015-03"), ("2014-07", "2015-03"), ("2013-09", "2014-03"), ("2013-10", "2015-03")],
)
def test_a_pilot_is_proved_by_the_spring_of_its_first_year_in_schools(decided: str, proved: str) -> None:
    model = CollaborationModel(ordering({decided: 2}), 1).run_until_month(month_of(proved))
    assert model.world.initiative.pilot_proof == 0.0
    model.step()
    assert model.world.initiative.pilot_proof > 0.0
