"""Admission to schools, and grants between partners, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import admitting, adopting, choosing, meeting, pledging

SHARE = st.floats(0.0, 1.0)


@pytest.mark.parametrize(("trust", "logit"), [(0.25, 0.0), (0.5, 1.0), (0.0, -1.0), (1.0, 3.0)])
def test_trust_counts_from_that_in_a_stranger_on(trust: float, logit: float) -> None:
    assert admitting.logit_of_trust(trust, by_trust=4.0, stranger=0.25) == pytest.approx(logit)


def test_the_less_trusting_of_two_decides_what_a_grant_brings() -> None:
    assert admitting.effective_part_of_grant(0.2, 0.9, distrust=0.5) == pytest.approx(0.6)
    assert admitting.effective_part_of_grant(0.9, 0.2, distrust=0.5) == pytest.approx(0.6)
    assert admitting.effective_part_of_grant(0.1, 0.1, distrust=0.0) == 1.0


@given(SHARE, SHARE, SHARE, SHARE)
def test_each_of_three_things_prepares_a_school_and_none_takes_from_it(
    one: float, two: float, three: float, w: float
) -> None:
    ready = choosing.readiness_of_school(one, two, three, weight=w)
    assert 0.0 <= ready <= 1.0
    assert ready >= w * max(one, two, three) - 1e-12


def test_a_school_is_wholly_prepared_by_one_whole_thing_of_full_weight() -> None:
    assert choosing.readiness_of_school(0.0, 1.0, 0.0, weight=1.0) == 1.0
    assert choosing.readiness_of_school(1.0, 1.0, 1.0, weight=0.0) == 0.0


def test_a_network_lacks_readiness_where_one_of_three_is_missing() -> None:
    assert adopting.readiness(0.8, 0.0, 0.5) == 0.0
    assert adopting.readiness(0.8, 0.5, 0.4) == pytest.approx(0.16 ** (1 / 3))


def test_half_strength_with_five_who_attend_each_month_and_trust_wholly() -> None:
    assert meeting.strength_of_forum(1.0, 5.0, 1.0) == 0.5
    assert meeting.strength_of_forum(3.0, 5.0, 1.0) == 0.5
    assert meeting.strength_of_forum(0.0, 50.0, 1.0) == 0.0


def test_who_is_approached_and_knows_members_joins_sooner() -> None:
    chance = pledging.chance_of_joining(0.02, np.array([0.0, 0.5]), 0.25, by_recruiting=2.0, by_partners=2.0)
    assert chance.tolist() == pytest.approx([0.01, 0.03])
    assert pledging.chance_of_joining(1.0, 1.0, 1.0, by_recruiting=2.0, by_partners=2.0) == 1.0


def test_pressure_closes_part_of_the_way_to_all_means() -> None:
    assert pledging.pressed(0.4, 0.5) == pytest.approx(0.7)
    assert pledging.pressed(0.4, 0.0) == pytest.approx(0.4)
    assert pledging.pressed(1.0, 0.5) == 1.0


def test_a_reason_moves_a_chance_but_not_certainty() -> None:
    assert adopting.shifted_chance(0.5, -1.0) == pytest.approx(1 / (1 + np.e))
    assert (adopting.shifted_chance(1.0, -3.0), adopting.shifted_chance(0.0, 3.0)) == (1.0, 0.0)
