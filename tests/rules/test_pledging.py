"""Commitment by hand: what one expects of others, what one pledges, what one delivers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import pledging
from tests.offenders import each_of
from tests.rules.networks import Network, networks


def test_expectation_by_hand() -> None:
    # 0 has 1, pledges half; trusts 1 (means 3, all pledged) by 0.4; 2 has no means and no partners.
    net = Network.of(3, {(0, 1): 0.4})
    got = pledging.expectation(np.array([1.0, 3.0, 0.0]), np.array([0.5, 1.0, 1.0]), net.trust, net.target, net.offsets)
    assert got.tolist() == pytest.approx([(0.5 + 0.4 * 3.0) / 4.0, 1.0, 0.0])


@given(networks(), st.data())
def test_expectation_agrees_with_its_formula_and_is_a_share(net: Network, data: st.DataObject) -> None:
    def many(most: float) -> np.ndarray:
        return np.array(data.draw(st.lists(st.floats(0.0, most), min_size=net.size, max_size=net.size)))

    capacity, pledge = many(10.0), many(1.0)
    tied = (net.matrix > 0.0) | np.isin(
        np.arange(net.size**2).reshape(net.size, -1), net.source * net.size + net.target
    )
    put, means = capacity * pledge + net.matrix @ (capacity * pledge), capacity + tied @ capacity
    expected = np.divide(put, means, out=np.zeros(net.size), where=means > 0.0)
    got = pledging.expectation(capacity, pledge, net.trust, net.target, net.offsets)
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12)
    assert (got <= 1.0 + 1e-12).all()


@pytest.mark.parametrize(("expected", "surplus"), [(0.2, 0.0), (0.3, 1.0), (0.1, -1.0)])
def test_surplus_over_the_threshold(expected: float, surplus: float) -> None:
    assert pledging.surplus(expected, 0.2, width=0.1) == pytest.approx(surplus, abs=1e-12)


@pytest.mark.parametrize(("rate", "after"), [(0.0, 0.2), (0.25, 0.4), (1.0, 1.0)])
def test_pledges_move_at_their_rate(rate: float, after: float) -> None:
    assert pledging.pledge_after(0.2, 1.0, rate=rate) == pytest.approx(after)


def test_a_yearly_budget_is_nearly_reached_in_three_years() -> None:
    pledge = 0.0
    for _ in range(36):
        pledge = pledging.pledge_after(pledge, 1.0, rate=1.0 / 12.0)
    assert pledge == pytest.approx(1.0 - (11.0 / 12.0) ** 36)


@pytest.mark.parametrize(
    ("load", "delivered"), [(0.0, 1.0), (1.0, 0.5 ** (1 / 3)), (0.5, 1.125 ** (-1 / 3)), (2.0, 9.0 ** (-1 / 3))]
)
def test_delivery_falls_beyond_capacity(load: float, delivered: float) -> None:
    assert pledging.delivered_share(load, steepness=3.0) == pytest.approx(delivered)


@given(st.floats(0.0, 10.0), st.floats(0.0, 10.0), st.floats(1.0, 20.0))
def test_more_load_never_means_a_larger_share_delivered(one: float, other: float, steepness: float) -> None:
    low, high = sorted((one, other))
    assert pledging.delivered_share(low, steepness=steepness) >= pledging.delivered_share(high, steepness=steepness)


@given(st.floats(0.0, 10.0), st.floats(0.0, 10.0), st.floats(1.0, 20.0))
def test_more_load_never_means_less_delivered_and_never_more_than_can_be(
    one: float, other: float, steep: float
) -> None:
    low, high = sorted((one, other))
    less, more = (load * pledging.delivered_share(load, steepness=steep) for load in (low, high))
    assert less <= more + 1e-12
    assert more <= 1.0 + 1e-12


@pytest.mark.parametrize(("growth", "evidence"), [(0.9, 0.5), (0.1, 0.1), (-0.1, -0.1), (-0.9, -0.2)])
def test_evidence_is_clipped(growth: float, evidence: float) -> None:
    assert pledging.evidence(growth) == evidence


def test_members_leave_for_want_of_trust() -> None:
    assert pledging.logit_of_leaving(0.5, base=-4.0, by_trust=4.0) == -6.0
    assert pledging.logit_of_leaving(0.0, base=-4.0, by_trust=4.0) == -4.0


def test_autonomy_sinks_to_its_floor_and_not_below() -> None:
    assert pledging.autonomy_after(1.0, rate=0.1, floor=0.6) == pytest.approx(0.96)
    assert pledging.autonomy_after(0.6, rate=0.5, floor=0.6) == 0.6
    assert pledging.autonomy_after(0.3, rate=0.5, floor=0.6) == 0.3
    assert pledging.autonomy_after(0.9, rate=0.0, floor=0.6) == 0.9


@each_of(("logit", "bounded"), [(0.0, 0.0), (29.0, 29.0), (1e9, 30.0), (-1e9, -30.0), (-3.5, -3.5)])
def test_reasons_are_bounded(logit: float, bounded: float) -> None:
    assert pledging.bounded_logit(logit) == bounded


@pytest.mark.parametrize(("member", "target"), [(1.0, 0.5 * 0.8 * 0.6), (0.0, 0.1)])
def test_members_pledge_by_their_reasons_and_others_alone(member: float, target: float) -> None:
    got = pledging.pledge_target(0.0, 0.8, member, partners=0.6, independent=0.1)
    assert got == pytest.approx(target, abs=1e-15)


@given(networks(), st.integers(0, 2**32 - 1))
def test_grants_follow_trust_and_spend_the_purse_or_nothing(net: Network, seed: int) -> None:
    source = np.random.default_rng(seed)
    purse, gives, takes = source.random(net.size), source.random(net.size) < 0.6, source.random(net.size) < 0.6
    got = dict(zip(net.ties, pledging.grants(purse, gives, takes, net.trust, net.target, net.offsets), strict=True))
    for giver in range(net.size):
        trusted = {j: t for (i, j), t in net.ties.items() if i == giver and takes[j] and gives[giver]}
        total = sum(trusted.values())
        for (i, j), money in got.items():
            if i == giver:
                expected = purse[giver] * trusted[j] / total if j in trusted and total > 0.0 else 0.0
                assert money == pytest.approx(expected, abs=1e-12)
