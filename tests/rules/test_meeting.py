"""Meetings by hand, and beside a plain account of the same."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import meeting
from tests.offenders import each_of

LUCK = st.floats(0.0, 1.0, exclude_min=True, exclude_max=True)


@each_of(
    ("hours", "load", "mandate", "held"),
    [
        (60.0, 60.0, 0.5, 0.5),
        (0.0, 60.0, 1.0, 0.25),
        (60.0, 0.0, 1.0, 1.25),
        (60.0, 180.0, 1.0, 0.5),
        (60.0, 60.0, 0.0, 0.25),
    ],
)
def test_meetings_held_by_hand(hours: float, load: float, mandate: float, held: float) -> None:
    assert meeting.meetings_held(0.25, 1.0, hours, load, mandate) == pytest.approx(held)


def test_more_hours_mean_more_meetings_and_more_members_fewer() -> None:
    hours = np.linspace(1.0, 900.0, 50)
    assert (np.diff(meeting.meetings_held(0.25, 1.0, hours, 60.0, 0.7)) > 0.0).all()
    assert (np.diff(meeting.meetings_held(0.25, 1.0, 60.0, hours, 0.7)) < 0.0).all()


# Contact


def test_contact_by_hand() -> None:
    # 0 and 1 share two forums, 0 and 2 share one, 0 and 3 none.
    seats = np.array([0b011, 0b011, 0b110, 0b100])
    missed = np.log([0.5, 0.8, 0.1])
    got = meeting.chance_of_contact(np.zeros(3, np.int64), np.array([1, 2, 3]), seats, missed, alone=0.1)
    assert got.tolist() == pytest.approx([1 - 0.9 * 0.5 * 0.8, 1 - 0.9 * 0.8, 0.1])


@given(st.integers(1, 8), st.integers(1, 20), st.integers(0, 2**32 - 1), st.floats(0.0, 1.0))
def test_contact_agrees_with_its_formula(size: int, forums: int, seed: int, alone: float) -> None:
    source = np.random.default_rng(seed)
    seats, missing = source.integers(0, 2**forums, size), source.random(forums) * 0.9 + 0.05
    one, other = source.integers(0, size, 30), source.integers(0, size, 30)
    expected = []
    for i, j in zip(one, other, strict=True):
        shared = [f for f in range(forums) if (seats[i] >> f) & 1 and (seats[j] >> f) & 1]
        expected.append(1.0 - (1.0 - alone) * math.prod(missing[f] for f in shared))
    got = meeting.chance_of_contact(one, other, seats, np.log(missing), alone=alone)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


# Ties that end


@pytest.mark.parametrize(("trust", "likely"), [(0.0, 0.02), (0.5, 0.005), (1.0, 0.0)])
def test_ties_without_trust_are_dropped(trust: float, likely: float) -> None:
    assert meeting.chance_of_dissolution(trust, rate=0.02) == pytest.approx(likely)


def test_partners_part_unless_money_or_office_holds_them() -> None:
    luck, trust = np.array([0.1, 0.1, 0.1, 0.3, 0.1]), np.array([0.0, 0.0, 0.0, 0.0, 0.9])
    target, grant = np.array([0, 1, 0, 0, 0]), np.array([0.0, 0.0, 0.5, 0.0, 0.0])
    lasting = np.array([False, True])
    ends = meeting.dissolved(luck, trust, target, grant, lasting, rate=0.2)
    assert ends.tolist() == [True, False, False, False, False]


@given(st.lists(st.tuples(LUCK, st.floats(0.0, 1.0)), min_size=1, max_size=30), st.floats(0.0, 1.0))
def test_ties_end_by_their_chance(ties: list, rate: float) -> None:
    luck, trust = np.array(ties).T
    nobody = np.zeros(len(ties), np.int64)
    ends = meeting.dissolved(luck.copy(), trust.copy(), nobody, np.zeros(len(ties)), np.zeros(1, np.bool_), rate=rate)
    assert (ends == (luck < meeting.chance_of_dissolution(trust, rate=rate))).all()
