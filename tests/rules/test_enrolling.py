"""Reasons at schools: what explanations show adds up to what September and June decide by."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model import CollaborationModel
from sim.phases.examine import june_of
from sim.phases.school_year import school_year_begun
from sim.phases.september import wanting_five
from sim.rules.counts import total_of_many
from sim.rules.enrolling import CHOICE_TERMS, beyond_girls
from sim.rules.logit import chance, logit_of


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 127, 128, 129, 881, 5000])
def test_a_sum_of_many_is_numpys_to_the_last_bit(size):
    values = np.random.default_rng(size).normal(size=size) * 10.0 ** np.arange(size) ** 0.1
    assert total_of_many(values) == values.sum()


def test_the_gain_of_boys_is_all_of_the_gain_where_girls_gain_nothing():
    assert beyond_girls(0.3, by_girls=1.0, girls=0.4) == 0.0
    boys = float(beyond_girls(0.3, by_girls=0.0, girls=0.4))
    assert 0.6 * boys == pytest.approx(0.3)
    assert beyond_girls(0.3, by_girls=0.0, girls=1.0) == 0.0


@pytest.fixture(scope="module")
def september():
    return CollaborationModel("historical", 1).run_until_month("2017-09")


@pytest.mark.simulates
def test_the_terms_that_are_shown_are_those_by_which_students_choose(september):
    view = september.schools
    terms = view.choice_terms()
    assert list(terms) == [*CHOICE_TERMS, "ability"]
    assert float(np.ptp(terms["policy"])) > 0.0
    assert float(np.ptp(terms["support"])) > 0.0
    reasons = view.programmes(), view.choice_columns(), view.choice_weights()
    wanting, expected = wanting_five(*reasons, september.world.schools.size, view.growth())
    np.testing.assert_array_equal(chance(logit_of(terms)), wanting)
    np.testing.assert_array_equal(view.expected_takers(view.chance_of_five()), expected)


@pytest.mark.simulates
def test_one_school_has_the_terms_that_it_has_among_all(september):
    every, one = september.schools.choice_terms(), september.agents_by_type[type(september.schools)].to_list()[17]
    for name, term in one.choice_terms().items():
        np.testing.assert_array_equal(
            np.ravel(term), np.ravel(np.broadcast_to(every[name], (len(every["support"]), term.size))[17])
        )
    np.testing.assert_array_equal(one.persisting(), september.schools.persisting()[17])


@pytest.mark.simulates
def test_a_september_and_a_june_change_nothing_of_the_world_they_are_asked_about(september):
    before = {name: column.copy() for name, column in vars(september.world.schools).items()}
    at_hand, columns, cohorts = school_year_begun(september)
    june_of(september)
    assert 0.0 <= at_hand <= 1.0
    assert len(columns) == 12
    assert all(cohort.shape == september.world.cohorts.five.shape for cohort in cohorts)
    for name, column in vars(september.world.schools).items():
        np.testing.assert_array_equal(column, before[name])
