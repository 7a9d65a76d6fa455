"""A backbone without facilitation is no backbone: the same world, to the last bit."""

from __future__ import annotations

import pytest

from sim import configuration
from sim.outcomes import all_outcomes
from tests.comparing import differing, world_at

NO_BACKBONE = {
    name: configuration.scenario("no_backbone").parameters[name]
    for name in ["backbone.present", *(f"forums.{forum}.open" for forum in (
        "motivation_group", "retraining_group", "periphery_group", "technology_group",
        "business_coalition", "third_sector_forum"))]
}  # fmt: skip


def test_the_scenario_takes_away_the_backbone_and_the_forums_that_it_runs():
    assert not any(NO_BACKBONE.values())


@pytest.mark.simulates
@pytest.mark.parametrize("seed", [1, 2, 9])
def test_facilitation_zero_is_no_backbone(seed):
    idle = world_at(configuration.scenario("historical_emergent", overrides={"backbone.facilitation": 0.0}), seed)
    absent = world_at(configuration.scenario("no_backbone"), seed)
    assert differing(idle, absent) == []


@pytest.mark.simulates
@pytest.mark.parametrize("name", ["historical", "policy_late", "periphery_first"])
def test_facilitation_zero_is_no_backbone_whatever_the_ministry_does(name):
    ordered = configuration.scenario("historical").policy
    scenario = configuration.scenario(name)
    stages = [change for change in ordered.changes if change.key == "ministry.ordered"]
    policy = scenario.policy.without("ministry.ordered").also(stages)
    recorded = type(scenario)(
        scenario.name, scenario.parameters.with_({"ministry.mode": "recorded"}), policy, scenario.files
    )
    idle = world_at(recorded.with_({"backbone.facilitation": 0.0}), 1)
    absent = world_at(recorded.with_(NO_BACKBONE), 1)
    assert idle.ministry.national > 0
    assert differing(all_outcomes(idle), all_outcomes(absent)) == []
    assert differing(idle, absent) == []


@pytest.mark.simulates
@pytest.mark.parametrize("values", [{"backbone.staff": 0.0}, {"conditions.backbone_support": 0.0}])
def test_a_backbone_without_staff_or_support_works_as_little_as_none(values):
    none = world_at(configuration.scenario("no_backbone"), 1)
    idle = world_at(configuration.scenario("no_backbone", overrides={"backbone.present": True, **values}), 1)
    columns = ("ties", "initiative", "ministry", "organisations", "schools", "cohorts")
    assert [name for name in columns if differing(getattr(idle, name), getattr(none, name))] == []
