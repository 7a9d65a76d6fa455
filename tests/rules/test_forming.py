"""New ties between strangers, by hand and beside plain loops."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import forming
from tests.offenders import each_of
from tests.rules.networks import Network, hub_network, networks

LUCK = st.floats(0.0, 1.0, exclude_min=True, exclude_max=True)


# Friends of friends


@given(networks(), st.data())
def test_one_hears_of_the_luckiest_friend_of_the_luckiest_friend(net: Network, data: st.DataObject) -> None:
    size = len(net.ties)
    luck = np.array(data.draw(st.lists(LUCK, min_size=size, max_size=size, unique=True)))
    active = np.array(data.draw(st.lists(st.booleans(), min_size=net.size, max_size=net.size)))
    lucky = dict(zip(net.ties, luck.tolist(), strict=True))

    def luckiest(i: int, but: int) -> int:
        friends = [(lucky[i, j], j) for j in range(net.size) if (i, j) in lucky and j != but]
        return max(friends)[1] if friends else -1

    expected = []
    for i in range(net.size):
        between = luckiest(i, i) if active[i] else -1
        expected.append(luckiest(between, i) if between >= 0 else -1)
    assert forming.friend_of_friend(luck, net.target, net.offsets, active).tolist() == expected


# Introductions


MIX = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])


def test_a_broker_introduces_those_who_complete_each_other() -> None:
    # In the order of luck 0, 1, 2, 3 (in a ring) only 1-2 and 3-0 have nothing in common.
    luck, everyone = np.array([0.1, 0.2, 0.3, 0.4]), np.ones(4, dtype=bool)
    one, other = forming.introduced_pairs(luck, everyone, MIX, number=2)
    assert {frozenset(pair) for pair in zip(one.tolist(), other.tolist(), strict=True)} == {
        frozenset((1, 2)),
        frozenset((0, 3)),
    }


@pytest.mark.parametrize(("members", "number"), [([1, 1, 0, 0], 5), ([1, 1, 1, 1], 0), ([0, 0, 0, 0], 3)])
def test_too_few_members_or_hours_and_nobody_is_introduced(members: list[int], number: int) -> None:
    one, other = forming.introduced_pairs(np.linspace(0.1, 0.4, 4), np.array(members, dtype=bool), MIX, number=number)
    assert one.size == other.size == 0


@given(st.integers(3, 12), st.integers(0, 20), st.integers(0, 2**32 - 1))
def test_only_members_are_introduced_each_pair_once_and_at_most_so_many(size: int, number: int, seed: int) -> None:
    source = np.random.default_rng(seed)
    member = source.random(size) < 0.8
    one, other = forming.introduced_pairs(
        source.random(size), member, source.dirichlet(np.ones(3), size), number=number
    )
    assert one.size == other.size <= min(number, member.sum())
    assert member[one].all()
    assert member[other].all()
    assert (one != other).all()
    assert len(set(zip(one.tolist(), other.tolist(), strict=True))) == one.size


# Seats at the table


@given(st.integers(1, 15), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_those_present_sit_by_twos_and_nobody_sits_twice(size: int, forums: int, seed: int) -> None:
    source = np.random.default_rng(seed)
    seats = source.integers(0, 2**forums, size)
    held = np.flatnonzero(source.random(forums) < 0.7)
    luck = source.random((size, held.size))
    one, other = forming.seated_beside(luck, seats, held)
    place = 0
    for number, forum in enumerate(held):
        present = [row for row in range(size) if (seats[row] >> forum) & 1]
        order = sorted(present, key=lambda row: luck[row, number])
        couples = list(zip(order[::2], order[1::2], strict=False))
        got = list(
            zip(one[place : place + len(couples)].tolist(), other[place : place + len(couples)].tolist(), strict=True)
        )
        assert got == couples
        place += len(couples)
    assert place == one.size == other.size


# Strangers


def talks_of(source: np.random.Generator, size: int) -> forming.Conversations:
    def pairs(number: int) -> tuple[np.ndarray, np.ndarray]:
        return source.integers(0, size, number), source.integers(0, size, number)

    friend = np.where(source.random(size) < 0.5, source.integers(0, size, size), -1)
    return forming.Conversations(pairs(source.integers(0, 8)), pairs(source.integers(0, 8)), friend)


@given(networks(), st.integers(0, 2**32 - 1))
def test_strangers_are_those_without_a_tie_each_once(net: Network, seed: int) -> None:
    conversations = talks_of(np.random.default_rng(seed), net.size)
    check_strangers(net, conversations)


@pytest.mark.parametrize("seed", range(3))
def test_strangers_of_one_who_knows_everybody_are_compared_too(seed: int) -> None:
    net, nobody = hub_network(seed), (np.zeros(0, np.int64), np.zeros(0, np.int64))
    everyone = np.arange(1, net.size)
    check_strangers(
        net, forming.Conversations(nobody, (np.zeros(net.size - 1, np.int64), everyone), np.full(net.size, -1))
    )


def check_strangers(net: Network, conversations: forming.Conversations) -> None:
    flags: dict[tuple[int, int], bool] = {}
    for flag, (ones, others) in ((True, conversations.introduced), (False, conversations.seated)):
        for i, j in zip(ones.tolist(), others.tolist(), strict=True):
            for pair in ((i, j), (j, i)):
                flags.setdefault(pair, flag)
    for i, j in enumerate(conversations.friend.tolist()):
        if j >= 0:
            flags.setdefault((i, j), False)
    expected = []
    for (i, j), flag in sorted(flags.items()):
        if (i, j) not in net.ties:
            shared = sum((i, k) in net.ties and (j, k) in net.ties for k in range(net.size))
            own_ties = sum((i, k) in net.ties for k in range(net.size))
            expected.append((i, j, flag, (j, i) in net.ties, float(shared), float(own_ties)))
    got = forming.strangers(conversations, net.target, net.offsets)
    assert list(zip(*(column.tolist() for column in got), strict=True)) == expected


# Ties formed


def one_pair(**columns: Any) -> forming.Strangers:
    defaults = {"source": 0, "target": 1, "introduced": False, "back": False, "shared": 0.0, "ties": 0.0}
    return forming.Strangers(**{name: np.array([value]) for name, value in (defaults | columns).items()})


REASONS = forming.Reasons(
    base=-2.4, same=0.4, agree=1.5, reciprocal=1.5, closing=0.5, introduced=1.5, degree=1.5, cap=40.0, always=6
)
ALIKE = np.array([[1.0, 0.0, 1.0, 0.0]] * 2)
APART = np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]])


@each_of(
    ("pair", "kinds", "position", "logit"),
    [
        ({}, (1, 2), APART, -2.4),
        ({}, (1, 1), APART, -2.0),
        ({}, (1, 2), ALIKE, -0.9),
        ({"back": True}, (1, 2), APART, -0.9),
        ({"introduced": True}, (1, 2), APART, -0.9),
        ({"shared": 3.0}, (1, 2), APART, -2.4 + 0.5 * math.log(4.0)),
        ({"ties": 20.0}, (1, 2), APART, -3.15),
    ],
)
def test_each_reason_to_form_a_tie_counts_as_much_as_it_says(
    pair: dict, kinds: tuple[int, int], position: np.ndarray, logit: float
) -> None:
    likely = 1.0 / (1.0 + math.exp(-logit))
    for luck, forms in ((likely - 1e-9, 1), (likely + 1e-9, 0)):
        got = forming.formed(np.array([luck]), one_pair(**pair), np.array(kinds), position, reasons=REASONS)
        assert got.size == forms


@pytest.mark.parametrize("kinds", [(6, 1), (1, 6)])
def test_whoever_meets_the_backbone_is_tied_to_it(kinds: tuple[int, int]) -> None:
    got = forming.formed(np.array([0.999999]), one_pair(), np.array(kinds), APART, reasons=REASONS)
    assert got.tolist() == [0]
