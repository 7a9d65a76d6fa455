"""Agreement and influence by hand, and beside their textbook forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import agreeing
from tests.rules.networks import Network, networks, positions

MATHS = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]
EVEN = [0.25, 0.25, 0.25, 0.25, 0.0, 0.5, 0.5]
OTHER = [0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [(MATHS, MATHS, 1.0), (MATHS, OTHER, 0.0), (MATHS, EVEN, 1.0 - (0.75 + 0.75 + 1.0) / 4.0)],
)
def test_agreement_by_hand(one: list[float], other: list[float], agreement: float) -> None:
    got = agreeing.agreement(np.array([0, 1]), np.array([1, 0]), np.array([one, other]))
    assert got.tolist() == pytest.approx([agreement, agreement], abs=1e-15)


@given(positions(4))
def test_agreement_is_mutual_between_0_and_1_and_whole_with_oneself(position: np.ndarray) -> None:
    one, other = np.divmod(np.arange(16), 4)
    got = agreeing.agreement(one, other, position).reshape(4, 4)
    assert (got == got.T).all()
    assert got.diagonal() == pytest.approx(np.ones(4))
    assert got.min() >= -1e-12
    assert got.max() <= 1.0 + 1e-12


def test_influence_by_hand() -> None:
    # 0 hears itself (power 1) and 1 (trust 0.5 x power 2) alike; nobody else hears anybody.
    net = Network.of(3, {(0, 1): 0.5})
    position = np.array([[1.0, 0.0], [0.0, 1.0], [0.3, 0.7]])
    got = agreeing.influence(position, np.array([1.0, 2.0, 1.0]), net.trust, net.target, net.offsets)
    assert got.tolist() == [[0.5, 0.5], [0.0, 1.0], [0.3, 0.7]]


@st.composite
def influences(draw: st.DrawFn) -> tuple[Network, np.ndarray, np.ndarray]:
    net = draw(networks())
    power = np.array(draw(st.lists(st.floats(0.1, 5.0), min_size=net.size, max_size=net.size)))
    return net, power, draw(positions(net.size))


@given(influences())
def test_influence_is_a_row_normalised_matrix_of_trust_and_power(case: tuple) -> None:
    net, power, position = case
    weight = (net.matrix + np.eye(net.size)) * power[None, :]
    expected = weight / weight.sum(axis=1, keepdims=True) @ position
    got = agreeing.influence(position, power, net.trust, net.target, net.offsets)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


@given(influences())
def test_nobody_hears_anything_outside_what_is_said(case: tuple) -> None:
    net, power, position = case
    got = agreeing.influence(position, power, net.trust, net.target, net.offsets)
    assert (got >= position.min(axis=0) - 1e-12).all()
    assert (got <= position.max(axis=0) + 1e-12).all()
    assert got[:, :4].sum(axis=1) == pytest.approx(np.ones(net.size))


@given(influences(), st.floats(0.0, 1.0))
def test_bounded_confidence_hears_those_who_are_near(case: tuple, bound: float) -> None:
    net, _, position = case
    distance = np.abs(position[:, None] - position[None]).sum(axis=2)
    if (np.abs(distance - 4.0 * bound) < 1e-9).any():
        return  # on the line, rounding decides
    weight = net.matrix * (distance <= 4.0 * bound) + np.eye(net.size)
    expected = weight / weight.sum(axis=1, keepdims=True) @ position
    got = agreeing.influence_within(position, net.trust, net.target, net.offsets, bound=bound)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


@given(influences())
def test_within_the_widest_bound_bounded_confidence_is_influence_among_equals(case: tuple) -> None:
    net, _, position = case
    wide = agreeing.influence_within(position, net.trust, net.target, net.offsets, bound=1.0)
    equal = agreeing.influence(position, np.ones(net.size), net.trust, net.target, net.offsets)
    np.testing.assert_allclose(wide, equal, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("openness", "after"), [(0.0, 0.2), (0.5, 0.5), (1.0, 0.8)])
def test_position_after_listening(openness: float, after: float) -> None:
    assert agreeing.position_after(0.8, 0.2, openness) == pytest.approx(after)


@pytest.mark.parametrize(
    ("distance", "trust", "logit"), [(0.3, 0.0, 0.0), (0.2, 0.5, 2.0), (0.5, 0.0, -2.0), (0.0, 1.0, 5.0)]
)
def test_reasons_to_accept_a_motion(distance: float, trust: float, logit: float) -> None:
    got = agreeing.logit_of_acceptance(distance, trust, tolerance=0.3, by_distance=10.0, by_trust=2.0)
    assert got == pytest.approx(logit, abs=1e-12)


# Consensus


@given(st.integers(2, 8).flatmap(positions), st.integers(0, 2**32 - 1))
def test_consensus_is_the_mean_agreement_of_those_who_decide(position: np.ndarray, seed: int) -> None:
    decides = np.random.default_rng(seed).random(len(position)) < 0.8
    deciders = position[decides]
    pairs = [1.0 - np.abs(deciders[i] - deciders[j]).sum() / 4.0 for i in range(len(deciders)) for j in range(i)]
    expected = np.mean(pairs) if pairs else 0.0
    assert agreeing.consensus(position, decides) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.floats(-2.0, 2.0), max_size=40))
def test_values_are_put_in_order(values: list[float]) -> None:
    column = np.array(values)
    assert column[agreeing.in_order(column)].tolist() == sorted(values)


@pytest.mark.parametrize(("effect", "after"), [(0.0, 0.75), (0.5, 0.65), (1.0, 0.55)])
def test_an_opened_mind_moves_further_to_what_it_hears(effect: float, after: float) -> None:
    got = agreeing.position_after_listening(0.5, 1.0, 0.5, effect=effect, most=0.9)
    assert got == pytest.approx(after, abs=1e-15)
