"""Students by hand: counts of given luck, support, seats, preference."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from sim.rules import choosing, persisting
from sim.rules import counts as counting
from sim.rules.logit import chance
from sim.world.schools import BANDS
from tests.offenders import each_of

SHARE = st.floats(0.0, 1.0)
LUCK = st.floats(1e-9, 1.0 - 1e-9)


# Counts


@each_of(
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
    assert counting.count_of(luck, number, probability) == count


def cases(size: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw luck, numbers up to 3,000 and chances of all sizes, many near 0 and near 1."""
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
    got, expected = counting.count_of(luck, number, probability), binom.ppf(luck, number, probability)
    step = np.minimum(*[np.abs(binom.cdf(expected - k, number, probability) - luck) for k in (0, 1)])
    differ = got != expected
    assert (step[differ] < 1e-11).all()  # luck on a step of the distribution: rounding decides, by one
    assert np.abs(got - expected).max() <= 1.0
    assert differ.mean() < 1e-3


@pytest.mark.heavy
def test_a_count_has_the_mean_and_the_spread_of_the_binomial() -> None:
    luck = (np.arange(20_000) + 0.5) / 20_000
    for number, probability in ((30.0, 0.13), (250.0, 0.5), (3000.0, 0.02), (3000.0, 0.98), (1500.0, 0.4)):
        count = counting.count_of(luck, number, probability)
        assert count.mean() == pytest.approx(number * probability, abs=0.01)
        assert count.std() == pytest.approx(math.sqrt(number * probability * (1.0 - probability)), rel=0.01)


@given(LUCK, st.integers(0, 3000), SHARE, SHARE)
def test_a_better_chance_never_means_fewer(luck: float, number: int, one: float, other: float) -> None:
    low, high = (counting.count_of(luck, float(number), p) for p in sorted((one, other)))
    assert 0.0 <= low <= high <= number


def test_a_better_chance_never_means_fewer_for_any_small_step() -> None:
    luck, number, probability = cases(20_000, seed=12)
    more = np.minimum(probability + 10.0 ** np.random.default_rng(1).uniform(-12, -1, probability.size), 1.0)
    assert (counting.count_of(luck, number, more) >= counting.count_of(luck, number, probability)).all()


@given(LUCK, LUCK, st.integers(0, 3000), SHARE)
def test_better_luck_never_means_fewer(one: float, other: float, number: int, probability: float) -> None:
    low, high = (counting.count_of(luck, float(number), probability) for luck in sorted((one, other)))
    assert low <= high


@given(LUCK, st.integers(0, 2999), SHARE)
def test_one_more_who_could_adds_one_at_most(luck: float, number: int, probability: float) -> None:
    more = counting.count_of(luck, number + 1.0, probability) - counting.count_of(luck, float(number), probability)
    assert more in (0.0, 1.0)


@each_of("number", [12.0, 300.0, 3000.0, 30_000.0])
@each_of("end", [2.0**-53, 1e-15, 1e-13, 1e-11])
def test_extreme_luck_means_a_tail_and_not_everyone_or_nobody(end: float, number: float) -> None:
    for probability in (1e-6, 0.001, 0.3, 0.5):
        luckiest = binom.isf(1.0 - (1.0 - end), number, probability)
        assert counting.count_of(1.0 - end, number, probability) == luckiest
        assert counting.count_of(1.0 - (1.0 - end), number, 1.0 - probability) == number - luckiest


def test_the_least_luck_there_is_means_a_tail_too() -> None:
    assert 1862 < counting.count_of(2.0**-54, 3000.0, 0.7) <= binom.ppf(2.0**-54, 3000.0, 0.7)


@pytest.mark.heavy
def test_luck_and_chance_count_in_the_tails_as_everywhere() -> None:
    tail = np.sort(10.0 ** np.random.default_rng(2).uniform(-16, -12, 20_000))
    for probability in (1e-6, 0.05, 0.4, 0.6, 0.95):
        for luck in (tail, (1.0 - tail)[::-1]):
            count = counting.count_of(luck, 700.0, probability)
            assert (np.diff(count) >= 0.0).all()
            assert (counting.count_of(luck, 700.0, probability + 1e-9) >= count).all()


def test_a_count_of_many_is_near_the_count_of_the_same_luck() -> None:
    luck = np.linspace(0.001, 0.999, 999)
    from scipy.special import ndtri

    many = counting.count_of_many(ndtri(luck), 60_000.0, 0.1)
    assert np.abs(many - binom.ppf(luck, 60_000, 0.1)).max() <= 12.0  # a sixth of a standard deviation
    assert counting.count_of_many(-50.0, 1000.0, 0.1) == 0.0
    assert counting.count_of_many(50.0, 1000.0, 0.9) == 1000.0


@given(st.floats(-4.0, 4.0), st.integers(1000, 200_000), st.floats(0.05, 0.5), st.floats(0.05, 0.5))
def test_a_better_chance_never_means_fewer_of_many(normal: float, number: int, one: float, other: float) -> None:
    low, high = (counting.count_of_many(normal, float(number), p) for p in sorted((one, other)))
    assert low <= high


@pytest.mark.parametrize(
    ("expected", "luck", "number"), [(2.3, 0.69, 2.0), (2.3, 0.71, 3.0), (2.0, 0.99, 2.0), (0.0, 0.5, 0.0)]
)
def test_a_whole_number_by_luck(expected: float, luck: float, number: float) -> None:
    assert counting.whole_number(expected, luck) == number


@given(st.floats(0.0, 400.0))
def test_whole_numbers_have_the_mean_expected(expected: float) -> None:
    luck = (np.arange(1000) + 0.5) / 1000
    assert counting.whole_number(expected, luck).mean() == pytest.approx(expected, abs=0.001)


# Support


def test_support_wears_off_and_is_renewed() -> None:
    assert choosing.support_after(1000.0, 0.0, 50.0, lasting=0.6) == pytest.approx(600.0)
    assert choosing.support_after(1000.0, 0.05, 50.0, lasting=0.6) == pytest.approx(1600.0)
    assert choosing.support_after(1000.0, 0.05, 0.0, lasting=0.6) == pytest.approx(50_600.0)


@given(st.floats(0.0, 9000.0), st.floats(0.0, 20.0), st.floats(1.0, 2000.0), SHARE)
def test_twice_the_money_for_twice_the_pupils_changes_nothing(
    stock: float, money: float, pupils: float, lasting: float
) -> None:
    once = choosing.support_after(stock, money, pupils, lasting=lasting)
    assert choosing.support_after(stock, 2.0 * money, 2.0 * pupils, lasting=lasting) == pytest.approx(once, rel=1e-12)


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


@each_of(
    ("demand", "seats", "allocated"),
    [
        ([4.0, 4.0], 4.0, [2.0, 2.0]),
        ([4.0, 4.0], 9.0, [4.0, 4.0]),
        ([4.0, 4.0], 0.0, [0.0, 0.0]),
        ([4.0, 4.0], -3.0, [0.0, 0.0]),
        ([1.0, 2.0, 3.0], 3.9, [0.0, 1.0, 2.0]),
        ([0.0, 0.0, 0.0], 2.0, [0.0, 0.0, 0.0]),
    ],
)
def test_seats_by_hand(demand: list[float], seats: float, allocated: list[float]) -> None:
    assert choosing.allocated_seats(np.array([demand]), np.array([seats])).tolist() == [allocated]


SCHOOL = st.tuples(st.lists(st.integers(0, 300), min_size=BANDS, max_size=BANDS), st.floats(-10.0, 600.0))


@given(st.lists(SCHOOL, min_size=1, max_size=8))
def test_seats_are_conserved_and_shared_by_demand(schools: list) -> None:
    demand = np.array([bands for bands, _ in schools], dtype=float)
    seats = np.array([free for _, free in schools])
    got = choosing.allocated_seats(demand, seats)
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
    assert choosing.allocated_seats(demand, seats + more).sum() >= choosing.allocated_seats(demand, seats).sum()


# Moves between levels


Moves = tuple[Any, Any, Any, Any, Any, Any]


def a_year(schools: int, seed: int) -> Moves:
    """Draw luck, those at five and at four units, reasons, effects of schools and seats, of three grades and all bands."""
    source = np.random.default_rng(seed)
    shape = (schools, BANDS)
    five, four = (source.integers(0, 60, (3, *shape)) * (source.random((3, schools, 1)) < 0.8) * 1.0 for _ in range(2))
    luck = tuple((source.random(shape), source.random(shape)) for _ in range(2))
    reasons, adds = source.normal(size=(2, 2, BANDS)), source.normal(size=(schools, 2))
    return luck, five, four, reasons, adds, source.uniform(0.0, 450.0, schools)


def counted(year: Moves, grade: int, move: int) -> Any:
    """Return the number who would stay (0) or rise (1) in a grade, by the rule for one number."""
    luck, *levels, reasons, adds, _ = year
    likely = chance(reasons[grade - 1, move] + adds[:, [move]])
    return counting.count_of(luck[grade - 1][move], levels[move][grade], likely)


def classes_of(year: Moves) -> Any:
    """Return schools with a class in each grade but the first, and their luck."""
    rows = [np.flatnonzero(five.sum(axis=1) > 0.0) for five in year[1][1:]]
    return tuple((at, staying[at], rising[at]) for at, (staying, rising) in zip(rows, year[0], strict=True))


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_moves_lose_nobody_and_keep_to_the_seats(schools: int, seed: int) -> None:
    year = a_year(schools, seed)
    _, five, four, *_, seats = year
    new_five, new_four = persisting.moved(classes_of(year), *year[1:])
    assert (new_five + new_four == five + four).all()
    assert (new_five[0] == five[0]).all()  # the first grade has just chosen
    staying = five.sum(axis=(0, 2))
    for grade in (1, 2):
        stay, up = counted(year, grade, 0), counted(year, grade, 1)
        has_class = five[grade].any(axis=1)
        assert (new_five[grade][~has_class] == 0.0).all()  # without a class nobody rises
        assert (new_five[grade] >= stay).all()  # who stays keeps the seat
        assert (new_five[grade] <= stay + up).all()
        others = staying - five[grade].sum(axis=1)
        at_most = np.maximum(stay.sum(axis=1), seats - others)
        assert (new_five[grade].sum(axis=1)[has_class] <= at_most[has_class]).all()
        staying = others + new_five[grade].sum(axis=1)


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_with_seats_for_everyone_those_move_who_would(schools: int, seed: int) -> None:
    year = a_year(schools, seed)
    five, _ = persisting.moved(classes_of(year), *year[1:5], np.full(schools, 1e6))
    for grade in (1, 2):
        has_class = year[1][grade].any(axis=1)
        assert (five[grade][has_class] == (counted(year, grade, 0) + counted(year, grade, 1))[has_class]).all()


# A new grade


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_a_new_grade_is_counted_as_one_by_one_and_keeps_to_the_seats(schools: int, seed: int) -> None:
    source = np.random.default_rng(seed)
    shape = (schools, BANDS)
    luck = tuple(source.random((3, *shape)))
    expected, wanting, fourth = source.uniform(0.0, 200.0, schools), source.random(shape), source.random(shape)
    seats = source.uniform(-20.0, 300.0, schools)
    rows = np.flatnonzero(seats >= 1.0)
    lots = luck[0], luck[1][rows], luck[2]
    takers, five, four = choosing.begun(rows, lots, expected, wanting, seats, fourth)
    assert (takers == counting.whole_number(expected[:, None], luck[0])).all()
    want = counting.count_of(luck[1], takers, wanting) * (seats >= 1.0)[:, None]
    assert (five == choosing.allocated_seats(want, seats)).all()
    others = takers - five
    assert (four == np.minimum(counting.whole_number(others * fourth, luck[2]), others)).all()


# Peers and preference


def test_mean_field_is_a_hyperbolic_tangent() -> None:
    m = np.linspace(-1.0, 1.0, 41)
    np.testing.assert_allclose(choosing.mean_field(m, by_peers=1.5, private=-0.2), np.tanh(1.5 * m - 0.2), atol=1e-15)


FALL = {"start": 2003.0, "turn": 2009.0, "fall": -0.15}


@each_of(("year", "logit"), [(1990.0, 0.0), (2003.0, 0.0), (2006.0, -0.45), (2009.0, -0.9), (2030.0, -0.9)])
def test_preference_falls_from_the_start_to_the_turn_and_no_further(year: float, logit: float) -> None:
    assert choosing.fallen(year, **FALL) == pytest.approx(logit, abs=1e-12)


@given(st.floats(1990.0, 2040.0), st.floats(0.0, 1.0))
def test_the_fall_is_never_steeper_than_its_slope_and_never_turns(year: float, later: float) -> None:
    step = choosing.fallen(year + later, **FALL) - choosing.fallen(year, **FALL)
    assert -0.15 * later - 1e-9 <= step <= 1e-9


BACK = {"turn": 2009.0, "rise": 0.4, "damping": 0.5, "most": 0.9}


@each_of(
    ("year", "damped", "steady"),
    [(2000.0, 0.0, 0.0), (2009.0, 0.0, 0.0), (2010.0, 0.2, 0.2), (2011.0, 0.3, 0.4), (2012.0, 0.35, 0.6),
     (2014.0, 0.3875, 0.9), (2500.0, 0.4, 0.9)],
)  # fmt: skip
def test_taste_comes_back_by_ever_less_or_steadily_with_the_same_first_year(
    year: float, damped: float, steady: float
) -> None:
    assert choosing.recovered(year, **BACK) == pytest.approx(damped, abs=1e-12)
    assert choosing.recovered_steadily(year, **BACK) == pytest.approx(steady, abs=1e-12)


TASTES = {"rise": st.floats(0.0, 1.2), "damping": st.floats(0.4, 0.95), "most": st.floats(0.0, 3.0)}


@pytest.mark.parametrize("form", [choosing.recovered, choosing.recovered_steadily])
@given(year=st.floats(1990.0, 2100.0), later=st.floats(0.0, 30.0), **TASTES)
def test_taste_never_rises_above_the_level_before_the_fall(
    form: Any, year: float, later: float, rise: float, damping: float, most: float
) -> None:
    parameters = {"turn": 2009.0, "rise": rise, "damping": damping, "most": most}
    now, then = form(year, **parameters), form(year + later, **parameters)
    assert 0.0 <= now <= then <= most + 1e-12


@given(year=st.floats(2009.0, 2100.0), **TASTES)
def test_a_damped_taste_comes_back_by_no_more_than_its_rise(
    year: float, rise: float, damping: float, most: float
) -> None:
    parameters = {"turn": 2009.0, "rise": rise, "damping": damping, "most": most}
    assert choosing.recovered(year, **parameters) <= min(rise, most) + 1e-12
    first = choosing.recovered(2010.0, **parameters)
    assert choosing.recovered(year + 1.0, **parameters) - choosing.recovered(year, **parameters) <= first + 1e-12


@each_of(
    ("share", "usual", "aspiration", "push"),
    [(0.1, 0.1, 3.0, 2.0 / 3.0), (0.3, 0.1, 3.0, 0.0), (0.5, 0.1, 3.0, 0.0), (0.0, 0.1, 3.0, 1.0), (0.9, 0.1, 0.0, 1.0),
     (0.0, 0.0, 3.0, 1.0), (0.1, 0.0, 3.0, 0.0)],
)  # fmt: skip
def test_programmes_push_less_the_nearer_a_school_is_to_what_it_aspires_to(
    share: float, usual: float, aspiration: float, push: float
) -> None:
    assert choosing.pushed(share, usual, aspiration=aspiration) == pytest.approx(push)


@given(SHARE, SHARE, st.floats(0.001, 1.0), st.floats(0.1, 10.0))
def test_a_school_that_has_more_is_never_pushed_more(one: float, other: float, usual: float, aspiration: float) -> None:
    low, high = sorted((one, other))
    assert (
        0.0 <= choosing.pushed(high, usual, aspiration=aspiration) <= choosing.pushed(low, usual, aspiration=aspiration)
    )
