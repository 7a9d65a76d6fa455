"""The fit of a national setting: known values are recovered from the shares that they make, and the rest stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.calibration.national import PRIORS, NationalPrior, national_sets, shares_of, with_free_parameters
from sim.parameters import declared
from sim.runs.posterior import parameter_sets

SETS = parameter_sets("posterior")[:3]
SHORT = {"setting.until": "2014-08", "setting.start": "2009-09", "setting.burn_in": 3}
BONUS = NationalPrior("package.bonus", 0.8, 0.6)


@pytest.fixture(scope="module")
def ireland():
    """Ireland up to the last year that trains."""
    return sim.scenario("ireland", overrides=SHORT)


def test_priors_lie_in_the_declared_ranges():
    for prior in PRIORS:
        _, about = declared(prior.name)
        assert about.low <= prior.middle <= about.high
        assert prior.spread > 0.0


@pytest.mark.simulates
def test_a_known_bonus_is_recovered_and_all_other_values_stay(ireland):
    truth = with_free_parameters(ireland, [BONUS.name]).drawn({**SETS[0], BONUS.name: 1.3})
    facts = dict(zip((2012, 2013, 2014), shares_of(truth, 9, (2012, 2013, 2014)), strict=True))
    sets = national_sets(ireland, SETS, facts, [BONUS], jobs=1, progress=False)
    bonus = [each[BONUS.name] for each in sets]
    assert np.abs(np.array(bonus) - 1.3).max() < 0.2
    assert len(set(bonus)) == 3
    for own, values in zip(sets, SETS, strict=True):
        assert {**own, BONUS.name: values[BONUS.name]} == dict(values)


@pytest.mark.simulates
def test_the_same_call_gives_the_same_sets_and_nothing_fitted_leaves_them(ireland):
    facts = {2014: 0.25}
    one, other = (national_sets(ireland, SETS[:1], facts, [BONUS], jobs=1, progress=False) for _ in range(2))
    assert one == other
    assert national_sets(ireland, SETS[:1], facts, [], jobs=1, progress=False) == [dict(SETS[0])]


def test_only_what_is_freed_gives_way_to_a_set(ireland):
    drawn = with_free_parameters(ireland, [BONUS.name]).drawn({BONUS.name: 0.4, "school.keeping": 0.0})
    assert (drawn.parameters["package.bonus"], drawn.parameters["school.keeping"]) == (0.4, 0.9)
    assert replace(drawn, parameters=ireland.parameters).explicit == ireland.explicit - {BONUS.name}
