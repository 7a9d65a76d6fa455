"""Trust by hand: it moves towards experience, faster downwards, travels by hearsay and fades."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import trust as t
from tests.offenders import each_of
from tests.rules.networks import Network, hub_network, networks

SHARE = st.floats(0.0, 1.0)


@each_of(
    ("before", "experience", "gain", "loss", "after"),
    [
        (0.5, 1.0, 0.08, 0.16, 0.54),
        (0.5, 0.0, 0.08, 0.16, 0.42),
        (0.5, 0.75, 0.08, 0.16, 0.52),
        (0.5, 0.5, 0.08, 0.16, 0.5),
        (0.0, 0.0, 0.2, 0.2, 0.0),
        (1.0, 1.0, 0.2, 0.2, 1.0),
        (0.3, 1.0, 1.0, 1.0, 1.0),
        (0.3, 0.0, 1.0, 1.0, 0.0),
    ],
)
def test_trust_after_a_contact(before: float, experience: float, gain: float, loss: float, after: float) -> None:
    assert t.trust_after(before, experience, gain=gain, loss=loss) == pytest.approx(after, abs=1e-15)


@given(SHARE, SHARE, SHARE, SHARE)
def test_trust_moves_towards_the_experience_and_not_past_it(
    before: float, experience: float, gain: float, loss: float
) -> None:
    after = t.trust_after(before, experience, gain=gain, loss=loss)
    assert min(before, experience) - 1e-15 <= after <= max(before, experience) + 1e-15
    assert 0.0 <= after <= 1.0


@given(SHARE, SHARE, st.floats(0.0, 0.25), st.floats(1.0, 4.0))
def test_a_disappointment_costs_more_than_a_success_brings(
    before: float, size: float, gain: float, ratio: float
) -> None:
    rise = t.trust_after(before, before + size * (1.0 - before), gain=gain, loss=gain * ratio) - before
    fall = before - t.trust_after(before, before - size * (1.0 - before), gain=gain, loss=gain * ratio)
    assert fall >= rise - 1e-12
    assert fall == pytest.approx(ratio * rise, abs=1e-12)


@given(SHARE, SHARE, SHARE, SHARE, SHARE)
def test_a_better_experience_never_leaves_less_trust(
    before: float, one: float, other: float, gain: float, loss: float
) -> None:
    low, high = sorted((one, other))
    assert t.trust_after(before, low, gain=gain, loss=loss) <= t.trust_after(before, high, gain=gain, loss=loss)


@pytest.mark.parametrize(("memory", "after"), [(1.0, (3 * 0.4 + 1) / 4), (0.5, (1.5 * 0.4 + 1) / 2.5), (0.0, 1.0)])
def test_reputation_is_the_mean_of_what_is_remembered(memory: float, after: float) -> None:
    assert t.reputation_after(0.4, 3.0, 1.0, memory=memory) == pytest.approx(after, abs=1e-15)


def test_reputation_without_forgetting_is_the_mean_of_all_experience() -> None:
    record, trust, weight = [1.0, 0.0, 0.0, 1.0, 1.0, 0.5], 0.25, 2.0
    for number, experience in enumerate(record):
        trust = t.reputation_after(trust, weight + number, experience, memory=1.0)
    assert trust == pytest.approx((2.0 * 0.25 + sum(record)) / (2.0 + len(record)), abs=1e-14)


@pytest.mark.parametrize(("rate", "after"), [(0.0, 0.9), (0.25, 0.75), (1.0, 0.3)])
def test_trust_fades_to_where_strangers_stand(rate: float, after: float) -> None:
    assert t.trust_faded(0.9, 0.3, rate=rate) == pytest.approx(after, abs=1e-15)
    assert t.trust_faded(0.3, 0.3, rate=rate) == 0.3


def test_talk_is_followed_first_and_fades_after() -> None:
    assert t.trust_after_talk(0.5, 0.7, 0.3, hearsay=0.5, fading=0.1) == pytest.approx(0.6 - 0.1 * 0.3, abs=1e-15)
    assert t.trust_after_talk(0.5, 0.7, 0.3, hearsay=0.0, fading=0.1) == t.trust_faded(0.5, 0.3, rate=0.1)
    assert t.trust_after_talk(0.5, 0.5, 0.3, hearsay=0.1, fading=0.0) == 0.5


@pytest.mark.parametrize(("ratio", "reference", "even"), [(1.0, 0.25, 0.25), (2.0, 0.25, 0.4), (4.0, 0.2, 0.5)])
def test_break_even_by_hand(ratio: float, reference: float, even: float) -> None:
    assert t.break_even(reference, ratio=ratio) == pytest.approx(even, abs=1e-15)


@given(st.floats(0.01, 0.99), st.floats(1.0, 4.0), st.floats(0.01, 0.2))
def test_at_break_even_a_contact_neither_raises_nor_lowers_trust(reference: float, ratio: float, gain: float) -> None:
    well = t.break_even(reference, ratio=ratio)
    up = t.trust_after(reference, 1.0, gain=gain, loss=gain * ratio) - reference
    down = t.trust_after(reference, 0.0, gain=gain, loss=gain * ratio) - reference
    assert well * up + (1.0 - well) * down == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("before", "level", "share", "after"), [(0.2, 0.6, 0.5, 0.4), (0.7, 0.6, 0.5, 0.7), (0.2, 0.6, 0, 0.2)]
)
def test_a_trusted_leader_raises_trust_and_never_lowers_it(
    before: float, level: float, share: float, after: float
) -> None:
    assert t.reset_upwards(before, level, share=share) == pytest.approx(after, abs=1e-15)


# Hearsay


def test_one_hears_of_a_common_partner_from_whom_one_met() -> None:
    # 0 trusts 1 (0.8), 2 (0.4) and 3 (0.1); 1 trusts 3 (0.9); 2 trusts 3 (0.3).
    net = Network.of(4, {(0, 1): 0.8, (0, 2): 0.4, (0, 3): 0.1, (1, 3): 0.9, (2, 3): 0.3})
    of_three = (0.8 * 0.9 + 0.4 * 0.3) / (0.8 + 0.4)
    assert heard(net, {(0, 1), (0, 2)}) == {
        (0, 1): 0.8,
        (0, 2): 0.4,
        (0, 3): pytest.approx(of_three),
        (1, 3): 0.9,
        (2, 3): 0.3,
    }
    assert heard(net, {(0, 1)})[0, 3] == pytest.approx(0.9)
    assert heard(net, {(0, 3), (1, 3)}) == net.ties


def heard(net: Network, meeting: set[tuple[int, int]]) -> dict[tuple[int, int], float]:
    met = np.array([pair in meeting for pair in net.ties])
    return dict(zip(net.ties, t.heard_of(net.trust, net.target, net.offsets, met).tolist(), strict=True))


@given(networks(), st.data())
def test_hearsay_agrees_with_a_plain_double_loop(net: Network, data: st.DataObject) -> None:
    met = np.array(data.draw(st.lists(st.booleans(), min_size=len(net.ties), max_size=len(net.ties))), dtype=bool)
    check_hearsay(net, met)


@pytest.mark.parametrize("seed", range(3))
def test_hearsay_from_one_who_knows_everybody_agrees_too(seed: int) -> None:
    net = hub_network(seed)
    check_hearsay(net, np.random.default_rng(seed).random(len(net.ties)) < 0.7)


def check_hearsay(net: Network, met: Any) -> None:
    meets = dict(zip(net.ties, met, strict=True))
    expected = []
    for (i, j), own in net.ties.items():
        reports = [
            (net.ties[i, k], net.ties[k, j]) for k in range(net.size) if meets.get((i, k)) and (k, j) in net.ties
        ]
        weight = sum(one for one, _ in reports)
        expected.append(sum(one * other for one, other in reports) / weight if weight > 0 else own)
    got = t.heard_of(net.trust, net.target, net.offsets, met)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


@given(networks())
def test_who_meets_nobody_hears_nothing(net: Network) -> None:
    got = t.heard_of(net.trust, net.target, net.offsets, np.zeros(len(net.ties), dtype=bool))
    assert got.tolist() == net.trust.tolist()


@given(networks(), st.integers(0, 2**31 - 1))
def test_each_organisation_reacts_to_contacts_by_its_own_shares(network: Network, seed: int) -> None:
    draw, source, trust = np.random.default_rng(seed), network.source, network.trust
    met = np.flatnonzero(draw.random(trust.size) < 0.5)
    well, gain, loss = draw.random(met.size), draw.random(network.size), draw.random(network.size)
    after = t.trust_after_contacts(trust, source, met, well, gain=gain, loss=loss)
    for tie, experience in zip(met, well, strict=True):
        who = source[tie]
        trust[tie] = t.trust_after(trust[tie], experience, gain=gain[who], loss=loss[who])
    np.testing.assert_array_equal(after, trust)
