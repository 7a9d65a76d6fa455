"""The taste for five units falls, comes back, and ends at the level before the fall; by socio-economic level."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import configuration
from sim.agents.school_parameters import SchoolParameters
from sim.model import CollaborationModel
from sim.world.first_schools import before_the_fall, preference_of
from tests.comparing import differing, world_at

LEVELS = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
DEFAULTS = SchoolParameters()


def taste(**values):
    return SimpleNamespace(**(vars(DEFAULTS) | values))


@pytest.mark.parametrize("form", ["damped", "steady"])
@settings(deadline=None)  # the first call compiles
@given(
    year=st.floats(1990.0, 2200.0), fall=st.floats(-0.35, 0.0), turn=st.floats(2008.0, 2014.0), rise=st.floats(0.0, 1.2),
    damping=st.floats(0.4, 0.95), by_level=st.floats(0.0, 0.7),
)  # fmt: skip
def test_taste_is_nowhere_above_the_level_before_the_fall(form, year, fall, turn, rise, damping, by_level):
    p = taste(taste=form, fall=fall, turn=turn, rise=rise, damping=damping, taste_by_level=by_level)
    assert (preference_of(year, p, LEVELS) <= 1e-9).all()


@pytest.mark.parametrize("form", ["damped", "steady"])
def test_taste_in_the_end_is_what_it_was_where_all_comes_back(form):
    p = taste(taste=form, rise=1.2, fall=-0.05, taste_by_level=0.2)
    np.testing.assert_allclose(preference_of(2500.0, p, LEVELS), 0.0, atol=1e-9)


def test_taste_fell_less_and_comes_back_more_where_the_level_is_high():
    p = taste(taste_by_level=0.4)
    low_point, later = preference_of(p.turn, p, LEVELS), preference_of(p.turn + 2.0, p, LEVELS)
    assert (np.diff(low_point) > 0.0).all()
    np.testing.assert_allclose(low_point, p.fall * (p.turn - p.fall_from) * (1.0 - 0.4 * LEVELS), rtol=1e-12)
    gains = (later - low_point)[:-1]  # the highest level is bounded by what it lost
    np.testing.assert_allclose(gains, p.rise * (1.0 - p.damping**2.0) * (1.0 + 0.4 * LEVELS[:-1]), rtol=1e-9)
    same = preference_of(2016.0, taste(taste_by_level=0.0), LEVELS)
    assert same.min() == same.max()


def test_a_damped_taste_gains_less_each_year_and_a_steady_one_as_much_until_it_is_back():
    years = np.arange(2010.0, 2030.0)
    damped, steady = (
        np.diff([float(preference_of(year, taste(taste=form), np.zeros(1))[0]) for year in years])
        for form in ("damped", "steady")
    )
    assert (np.diff(damped) < 0.0).all()
    np.testing.assert_allclose(damped[1:] / damped[:-1], DEFAULTS.damping, rtol=1e-9)
    moving = steady > 1e-12
    np.testing.assert_allclose(steady[:5], steady[0], rtol=1e-9)
    assert moving[:5].all()
    assert not moving[-1]


def test_taste_counts_as_nothing_in_the_reference_year_and_not_at_all_where_all_is_steady():
    p = taste(reference=2012.0)
    np.testing.assert_allclose(before_the_fall(p, LEVELS), -preference_of(2012.0, p, LEVELS), rtol=1e-12)
    assert (before_the_fall(taste(steady=True), LEVELS) == 0.0).all()
    model = CollaborationModel(configuration.scenario("historical", overrides={"school.reference": 2012.0}), 1)
    np.testing.assert_allclose(model.schools.preference(2012), 0.0, atol=1e-12)
    assert (np.diff([model.schools.preference(year)[0] for year in range(2013, 2040)]) >= 0.0).all()


# What schools aspire to


SHORT = {"setting.until": "2017-08"}


@pytest.mark.simulates
def test_without_an_aspiration_a_run_is_to_the_last_bit_that_of_a_model_without_one(monkeypatch):
    scenario = configuration.scenario("historical", overrides=SHORT | {"school.aspiration": 0.0})
    before = world_at(scenario, 1)
    monkeypatch.setattr("sim.agents.school.School.push", lambda self: np.ones(np.shape(self.share)))
    monkeypatch.setattr("sim.rules.choosing.pushed", None)
    assert differing(world_at(scenario, 1), before) == []


@pytest.mark.simulates
def test_an_aspiration_lowers_what_programmes_do_and_ends_it_where_it_is_reached():
    free, bound = (
        CollaborationModel(configuration.scenario("historical", overrides=SHORT | {"school.aspiration": value}), 1)
        for value in (0.0, 2.0)
    )
    for model in (free, bound):
        model.run_until_month(model.scenario.last_month + 1)
    schools = bound.schools
    push = schools.push()
    assert free.schools.push() == 1.0
    assert push.min() >= 0.0
    assert push.max() <= 1.0
    reached = schools.share >= 2.0 * schools.usual
    assert reached.any()
    assert (push[reached] == 0.0).all()
    assert (schools.choice_terms()["policy"].ravel()[reached] == 0.0).all()
    assert (schools.choice_terms()["support"].ravel()[reached] == 0.0).all()
    assert bound.world.published.examinees[-1] < free.world.published.examinees[-1]


@pytest.mark.simulates
@pytest.mark.parametrize("name", ["teachers_limit", "aspiration"])
def test_rival_structures_bound_growth_with_a_taste_that_is_steady(name):
    from sim.design.mechanisms import mechanism

    values = mechanism(name).values
    assert values["school.taste"] == "steady"
    world = world_at(configuration.scenario("historical", overrides=SHORT | values), 1)
    without = world_at(configuration.scenario("historical", overrides=SHORT | {"school.taste": "steady"}), 1)
    assert world.published.examinees[-1] < without.published.examinees[-1]
