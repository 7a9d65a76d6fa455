"""Twice the schools and twice the organisations are twice the country: shares stay what they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim import configuration
from sim.outcomes import all_outcomes
from sim.policy import Policy
from sim.world.organisations import KINDS
from tests.comparing import world_at
from tests.offenders import each_of

pytestmark = pytest.mark.simulates

SEEDS = range(1, 9)
DEVIATIONS = 4.0
"""Standard errors of the mean difference allowed: a false alarm in some 300 (t of 7 degrees of freedom)."""

TWICE = {f"kinds.{kind}.number": 2 for kind in KINDS if kind not in ("ministry", "backbone")}
"""There is one state and one backbone; their means are doubled instead."""

MEANS = ("ministry.pilot_budget", "ministry.national_budget", "backbone.staff")

DATED = ("ministry.plan_budget",)
"""Means that policies change."""


def doubled(name: str):
    scenario = configuration.scenario(name, overrides={"setting.scale": 2})
    values = {key: factor * scenario.parameters[key] for key, factor in TWICE.items()}
    values |= {key: 2.0 * scenario.parameters[key] for key in MEANS}
    values |= {"ministry.pilot_schools": 200, "network.seats": 36}
    changes = (replace(one, value=2.0 * one.value) if one.key in DATED else one for one in scenario.policy.changes)
    return replace(scenario, policy=Policy.of(changes)).with_(values)


@pytest.fixture(scope="module", params=["no_initiative", "policy_only", "historical"])
def pairs(request):
    """Return outcomes of the country and of the country twice, seed by seed."""
    one, two = configuration.scenario(request.param), doubled(request.param)
    return [(all_outcomes(world_at(one, seed)), all_outcomes(world_at(two, seed))) for seed in SEEDS]


@each_of("name", ["share_2012", "share_2017", "share_2020"])
def test_the_national_share_stays(pairs, name):
    differences = np.array([two[name] - one[name] for one, two in pairs])
    error = differences.std(ddof=1) / np.sqrt(len(differences))
    assert abs(differences.mean()) <= DEVIATIONS * error
    assert error < 0.004


@each_of("name", ["examinees_2012", "tracks_2017", "teachers_2015", "teachers_2020", "offered", "delivered"])
def test_what_is_counted_doubles(pairs, name):
    ratio = np.array([two[name] / one[name] for one, two in pairs])
    error = ratio.std(ddof=1) / np.sqrt(len(ratio))
    assert abs(ratio.mean() - 2.0) <= DEVIATIONS * error
    assert error < 0.1
