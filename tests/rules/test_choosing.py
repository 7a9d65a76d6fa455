"""Students by hand: counts of given luck, support, seats, preference."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from sim.rules import choosing

SHARE = st.floats(0.0, 1.0)
LUCK = st.floats(1e-9, 1.0 - 1e-9)


# Counts


@pytest.mark.parametrize(
    ("luck", "number", "probability", "count"),
    [
        (0.5, 10.0, 0.5, 5.0),
        (0.24, 2.0, 0.5, 0.0),
        (0.26, 2.0, 0.5, 1.0),
        (0.74, 2.0, 0.5, 1.0),
        (0.76, 2.0, 0.5, 2.0),
        (0.39, 1.0, 0.6, 0.0),
        (0.41, 1.0, 0.6, 1.0),
        (0.5, 0.0, 0.7, 0.0),
        (0.999, 7.0, 0.0, 0.0),
        (0.001, 7.0, 1.0, 7.0),
    ],
)
def test_counts_by_hand(luck: float, number: float, probability: float, count: float) -> None:
    assert choosing.count_of(luck, number, probability) == count


def cases(size: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Luck, numbers up to 3,000 and chances of all sizes, many near 0 and near 1."""
    source = np.random.default_rng(seed)
    number = np.where(source.random(size) < 0.5, source.integers(0, 60, size), source.integers(0, 3001, size))
    near = 10.0 ** source.uniform(-9.0, -0.3, size)
    probability = np.where(source.random(size) < 0.5, source.random(size), near)
    probability = np.where(source.random(size) < 0.4, 1.0 - probability, probability)
    edge = 10.0 ** source.uniform(-9.0, -0.3, size)
    luck = np.where(source.random(size) < 0.7, source.random(size), edge)
    luck = np.clip(np.where(source.random(size) < 0.2, 1.0 - luck, luck), 1e-9, 1.0 - 1e-9)
    return luck, number.astype(float), probability


def test_a_count_is_the_quantile_of_the_binomial() -> None:
    luck, number, probability = cases(60_000, seed=11)
    got, expected = choosing.count_of(luck, number, probability), binom.ppf(luck, number, probability)
    step = np.minimum(*[np.abs(binom.cdf(expected - k, number, probability) - luck) for k in (0, 1)])
    differ = got != expected
    assert (step[differ] < 1e-11).all()  # luck on a step of the distribution: rounding decides, by one
    assert np.abs(got - expected).max() <= 1.0
    assert differ.mean() < 1e-3


def test_a_count_has_the_mean_and_the_spread_of_the_binomial() -> None:
    luck = (np.arange(20_000) + 0.5) / 20_000
    for number, probability in ((30.0, 0.13), (250.0, 0.5), (3000.0, 0.02), (3000.0, 0.98), (1500.0, 0.4)):
        count = choosing.count_of(luck, number, probability)
        assert count.mean() == pytest.approx(number * probability, abs=0.01)
        assert count.std() == pytest.approx(math.sqrt(number * probability * (1.0 - probability)), rel=0.01)


@given(LUCK, st.integers(0, 3000), SHARE, SHARE)
def test_a_better_chance_never_means_fewer(luck: float, number: int, one: float, other: float) -> None:
    low, high = (choosing.count_of(luck, float(number), p) for p in sorted((one, other)))
    assert 0.0 <= low <= high <= number


def test_a_better_chance_never_means_fewer_for_any_small_step() -> None:
    luck, number, probability = cases(20_000, seed=12)
    more = np.minimum(probability + 10.0 ** np.random.default_rng(1).uniform(-12, -1, probability.size), 1.0)
    assert (choosing.count_of(luck, number, more) >= choosing.count_of(luck, number, probability)).all()


@given(LUCK, LUCK, st.integers(0, 3000), SHARE)
def test_better_luck_never_means_fewer(one: float, other: float, number: int, probability: float) -> None:
    low, high = (choosing.count_of(luck, float(number), probability) for luck in sorted((one, other)))
    assert low <= high


@given(LUCK, st.integers(0, 2999), SHARE)
def test_one_more_who_could_adds_one_at_most(luck: float, number: int, probability: float) -> None:
    more = choosing.count_of(luck, number + 1.0, probability) - choosing.count_of(luck, float(number), probability)
    assert more in (0.0, 1.0)


@pytest.mark.xfail(strict=True, reason="count_of sums from one end, so rounding leaves luck beyond 1 - 1e-13 unreached")
@pytest.mark.parametrize("luck", [1.0 - 2.0**-53, 2.0**-53])
def test_extreme_luck_means_a_tail_and_not_everyone_or_nobody(luck: float) -> None:
    few, many = binom.ppf([1e-20, 1.0 - 1e-15], 3000.0, 0.3 if luck > 0.5 else 0.7)
    assert few <= choosing.count_of(luck, 3000.0, 0.3 if luck > 0.5 else 0.7) <= many


def test_a_count_of_many_is_near_the_count_of_the_same_luck() -> None:
    luck = np.linspace(0.001, 0.999, 999)
    from scipy.special import ndtri

    many = choosing.count_of_many(ndtri(luck), 60_000.0, 0.1)
    assert np.abs(many - binom.ppf(luck, 60_000, 0.1)).max() <= 12.0  # a sixth of a standard deviation
    assert choosing.count_of_many(-50.0, 1000.0, 0.1) == 0.0
    assert choosing.count_of_many(50.0, 1000.0, 0.9) == 1000.0


@given(st.floats(-4.0, 4.0), st.integers(1000, 200_000), st.floats(0.05, 0.5), st.floats(0.05, 0.5))
def test_a_better_chance_never_means_fewer_of_many(normal: float, number: int, one: float, other: float) -> None:
    low, high = (choosing.count_of_many(normal, float(number), p) for p in sorted((one, other)))
    assert low <= high


@pytest.mark.parametrize(
    ("expected", "luck", "number"), [(2.3, 0.69, 2.0), (2.3, 0.71, 3.0), (2.0, 0.99, 2.0), (0.0, 0.5, 0.0)]
)
def test_a_whole_number_by_luck(expected: float, luck: float, number: float) -> None:
    assert choosing.whole_number(expected, luck) == number


@given(st.floats(0.0, 400.0))
def test_whole_numbers_have_the_mean_expected(expected: float) -> None:
    luck = (np.arange(1000) + 0.5) / 1000
    assert choosing.whole_number(expected, luck).mean() == pytest.approx(expected, abs=0.001)


# Support


def test_support_wears_off_and_is_renewed() -> None:
    assert choosing.support_after(1000.0, 0.0, 50.0, kept=0.6) == pytest.approx(600.0)
    assert choosing.support_after(1000.0, 0.05, 50.0, kept=0.6) == pytest.approx(1600.0)
    assert choosing.support_after(1000.0, 0.05, 0.0, kept=0.6) == pytest.approx(50_600.0)


@given(st.floats(0.0, 9000.0), st.floats(0.0, 20.0), st.floats(1.0, 2000.0), SHARE)
def test_twice_the_money_for_twice_the_pupils_changes_nothing(
    stock: float, money: float, pupils: float, kept: float
) -> None:
    once = choosing.support_after(stock, money, pupils, kept=kept)
    assert choosing.support_after(stock, 2.0 * money, 2.0 * pupils, kept=kept) == pytest.approx(once, rel=1e-12)


@pytest.mark.parametrize(
    ("stock", "effect"), [(0.0, 0.0), (1500.0, 1.0 - math.exp(-1.0)), (3000.0, 1.0 - math.exp(-2.0))]
)
def test_support_helps_with_diminishing_returns(stock: float, effect: float) -> None:
    assert choosing.channel_effect(stock, half=1500.0) == pytest.approx(effect)


@pytest.mark.parametrize(
    ("expected", "normal", "spread", "size"),
    [(100.0, 0.0, 1.5, 100.0), (100.0, -2.0, 1.5, 70.0), (4.0, 1.0, 0.0, 4.0), (4.0, -3.0, 1.0, 0.0)],
)
def test_cohorts_differ_in_size_by_the_root_of_it(expected: float, normal: float, spread: float, size: float) -> None:
    assert float(choosing.size_of_cohort(expected, normal, spread=spread)) == pytest.approx(size)


@pytest.mark.parametrize(
    ("effects", "factor"), [((1.0, 1.0, 1.0), 1.5), ((1.0, 0.0, 0.0), 1.0), ((0.5, 0.5, 0.0), 1.0 + 0.5 * 0.25 / 3.0)]
)
def test_channels_complete_one_another(effects: tuple[float, float, float], factor: float) -> None:
    assert choosing.completed(*effects, complementarity=0.5) == pytest.approx(factor)
    assert choosing.completed(*effects, complementarity=0.0) == 1.0


@pytest.mark.parametrize(
    ("readiness", "irrelevance", "strength"), [(0.0, 0.4, 0.4), (1.0, 0.4, 1.0), (0.5, 0.4, 0.7), (0.0, 1.0, 1.0)]
)
def test_policy_works_where_the_ground_is_prepared(readiness: float, irrelevance: float, strength: float) -> None:
    assert choosing.strength_of_policy(readiness, irrelevance=irrelevance) == pytest.approx(strength)


# Seats


@pytest.mark.parametrize(
    ("demand", "seats", "given_"),
    [
        ([4.0, 4.0], 4.0, [2.0, 2.0]),
        ([4.0, 4.0], 9.0, [4.0, 4.0]),
        ([4.0, 4.0], 0.0, [0.0, 0.0]),
        ([4.0, 4.0], -3.0, [0.0, 0.0]),
        ([1.0, 2.0, 3.0], 3.9, [0.0, 1.0, 2.0]),
        ([0.0, 0.0, 0.0], 2.0, [0.0, 0.0, 0.0]),
    ],
)
def test_seats_by_hand(demand: list[float], seats: float, given_: list[float]) -> None:
    assert choosing.seats_given(np.array([demand]), np.array([seats])).tolist() == [given_]


SCHOOL = st.tuples(st.lists(st.integers(0, 300), min_size=3, max_size=3), st.floats(-10.0, 600.0))


@given(st.lists(SCHOOL, min_size=1, max_size=8))
def test_seats_are_conserved_and_shared_by_demand(schools: list) -> None:
    demand = np.array([bands for bands, _ in schools], dtype=float)
    seats = np.array([free for _, free in schools])
    got = choosing.seats_given(demand, seats)
    assert (got == np.floor(got)).all()
    assert (got >= 0.0).all()
    assert (got <= demand).all()
    assert got.sum(axis=1).tolist() == np.minimum(demand.sum(axis=1), np.floor(np.maximum(seats, 0.0))).tolist()
    total = np.maximum(demand.sum(axis=1), 1.0)
    fair = demand * (np.minimum(total, np.floor(np.maximum(seats, 0.0))) / total)[:, None]
    assert np.abs(got - fair).max() < 1.0 + 1e-9


@given(SCHOOL, st.floats(0.0, 50.0))
def test_more_seats_never_mean_fewer_students_in_all(school: tuple, more: float) -> None:
    # In all: a band may lose one student to another by rounding ([2, 1, 2] of 2 seats and of 3).
    demand, seats = np.array([school[0]], dtype=float), np.array([school[1]])
    assert choosing.seats_given(demand, seats + more).sum() >= choosing.seats_given(demand, seats).sum()


# Moves between levels


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_moves_lose_nobody_and_keep_to_the_seats(schools: int, seed: int) -> None:
    source = np.random.default_rng(seed)
    shape = (schools, 3)
    five, four = (source.integers(0, 60, shape).astype(float) for _ in range(2))
    luck, keeping, rising = source.random((2, *shape)), source.random(shape), source.random(shape)
    seats = source.uniform(0.0, 150.0, schools)
    new_five, new_four = choosing.moved(luck, five, four, keeping, rising, seats)
    stay, up = choosing.count_of(luck[0], five, keeping), choosing.count_of(luck[1], four, rising)
    assert (new_five + new_four == five + four).all()
    assert (new_five >= stay).all()  # who stays keeps the seat
    assert (new_five <= stay + up).all()
    assert (new_five.sum(axis=1) <= np.maximum(stay.sum(axis=1), seats)).all()
    open_to_all = choosing.moved(luck, five, four, keeping, rising, np.full(schools, 1e6))
    assert (open_to_all[0] == stay + up).all()


# Peers and preference


def test_mean_field_is_a_hyperbolic_tangent() -> None:
    m = np.linspace(-1.0, 1.0, 41)
    np.testing.assert_allclose(choosing.mean_field(m, by_peers=1.5, private=-0.2), np.tanh(1.5 * m - 0.2), atol=1e-15)


PREFERENCE = {"start": 2003.0, "turn": 2009.0, "until": 2014.0, "fall": -0.15, "rise": 0.09}


@pytest.mark.parametrize(
    ("year", "logit"),
    [(1990.0, 0.0), (2003.0, 0.0), (2006.0, -0.45), (2009.0, -0.9), (2012.0, -0.63), (2014.0, -0.45), (2030.0, -0.45)],
)
def test_preference_falls_to_the_turn_goes_its_own_way_and_stays(year: float, logit: float) -> None:
    assert choosing.preference(year, **PREFERENCE) == pytest.approx(logit, abs=1e-12)


@given(st.floats(1990.0, 2040.0), st.floats(0.0, 1.0))
def test_preference_never_jumps(year: float, later: float) -> None:
    step = choosing.preference(year + later, **PREFERENCE) - choosing.preference(year, **PREFERENCE)
    assert -0.15 * later - 1e-9 <= step <= 0.09 * later + 1e-9
