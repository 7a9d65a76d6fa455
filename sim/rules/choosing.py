"""How students choose and persist: support, reasons, seats, and counts by the inverse transform."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiling import elementwise, segment, step_of


@step_of
def _nobody(number: float, chance: float) -> float:
    """The chance that nobody does, by squaring: much faster than by logarithms."""
    term, power, left = 1.0, 1.0 - chance, int(number)
    while left:
        if left & 1:
            term *= power
        power, left = power * power, left >> 1
    return term


@step_of
def _inverted(level: float, number: float, chance: float) -> float:
    """The least count at which the binomial distribution reaches a level; chance at most one half."""
    odds, count, term = chance / (1.0 - chance), 0.0, _nobody(number, chance)
    if term < 1e-280:
        log_term = number * math.log1p(-chance)
        while log_term < -640.0:
            log_term += math.log((number - count) / (count + 1.0) * odds)
            count += 1.0
        term = math.exp(log_term)
    below = term
    while below < level and count < number:
        term *= (number - count) / (count + 1.0) * odds
        count += 1.0
        below += term
    return count


@elementwise
def count_of(luck: float, number: float, probability: float) -> float:
    """How many of a number do it, each with the same chance: the binomial count of given luck.

    Args:
        luck: uniform number in (0, 1) [share]
        number: how many could [persons]
        probability: chance of each [share]

    Holds for: whole numbers; never falls when the chance rises for the same luck (inverse transform).
    Source: klein_2024

    >>> float(count_of(0.5, 10.0, 0.5)), float(count_of(0.5, 10.0, 0.0))
    (5.0, 0.0)
    """
    if number <= 0.0 or probability <= 0.0:
        return 0.0
    if probability >= 1.0:
        return number
    if probability > 0.5:
        return number - _inverted(1.0 - luck, number, 1.0 - probability)
    return _inverted(luck, number, probability)


@elementwise
def count_of_many(normal: float, number: float, probability: float) -> float:
    """How many of very many do it, for given luck: the binomial count by its normal limit.

    Args:
        normal: luck as a standard normal number [sd]
        number: how many could, thousands [persons]
        probability: chance of each [share]

    Holds for: number x probability above some hundreds; never falls when the chance rises up to one half.
    Source: klein_2024

    >>> float(count_of_many(0.0, 10000.0, 0.1))
    1000.0
    """
    mean = number * probability
    return min(max(math.floor(mean + normal * math.sqrt(mean * (1.0 - probability)) + 0.5), 0.0), number)


@elementwise
def whole_number(expected: float, luck: float) -> float:
    """A whole number of persons whose mean is the number expected.

    Args:
        expected: mean [persons]
        luck: uniform number [share]

    Holds for: expected >= 0.
    Source: assumed: rounding by luck

    >>> float(whole_number(2.0, 0.3))
    2.0
    """
    return math.floor(expected + luck)


@elementwise
def size_of_cohort(expected: float, normal: float, *, spread: float) -> float:
    """A school's cohorts differ in size from year to year, small schools' relatively more than large ones'.

    Args:
        expected: mean size [students]
        normal: luck as a standard normal number [sd]
        spread: of the size, over the square root of its mean; 1 as if students came by themselves [ratio]

    Holds for: expected >= 0, spread up to about 1.5; the mean is as expected but for the smallest schools.
    Source: school_file

    >>> float(size_of_cohort(100.0, 1.0, spread=1.5))
    115.0
    """
    return max(expected + spread * math.sqrt(expected) * normal, 0.0)


@elementwise
def support_after(stock: float, delivered: float, pupils: float, *, kept: float) -> float:
    """Support lasts: part of last year's is still there when this year's arrives.

    Args:
        stock: support so far [NIS/pupil]
        delivered: this year [NIS million]
        pupils: eligible pupils [pupils]
        kept: part that lasts a year [share]

    Holds for: pupils > 0; doubling money and pupils together changes nothing.
    Source: assumed: programmes wear off within a few years

    >>> float(support_after(100.0, 0.001, 10.0, kept=0.5))
    150.0
    """
    return kept * stock + delivered * 1e6 / max(pupils, 1.0)


@elementwise
def channel_effect(stock: float, *, half: float) -> float:
    """Support helps, with diminishing returns.

    Args:
        stock: support [NIS/pupil]
        half: support at which 63% of the whole effect is there [NIS/pupil]

    Holds for: stock >= 0, half > 0; result in 0-1.
    Source: oliver_1985

    >>> round(float(channel_effect(1000.0, half=1000.0)), 3)
    0.632
    """
    return 1.0 - math.exp(-stock / half)


@elementwise
def completed(first: float, second: float, third: float, *, complementarity: float) -> float:
    """Activities that complete one another are worth more than their sum.

    Args:
        first: effect of one channel [share]
        second: effect of another [share]
        third: effect of the third [share]
        complementarity: strength y; 0 none [ratio]

    Holds for: effects in 0-1; the factor by which each channel's effect is multiplied.
    Source: kania_kramer_2011

    >>> float(completed(1.0, 1.0, 1.0, complementarity=0.5))
    1.5
    """
    return 1.0 + complementarity * (first * second + first * third + second * third) / 3.0


@elementwise
def strength_of_policy(readiness: float, *, irrelevance: float) -> float:
    """A policy works at a school as far as the ground is prepared, or anyway.

    Args:
        readiness: local readiness R [share]
        irrelevance: strength where nothing is prepared, i0; 1 makes readiness irrelevant [share]

    Holds for: all in 0-1.
    Source: case

    >>> float(strength_of_policy(0.5, irrelevance=0.5))
    0.75
    """
    return irrelevance + (1.0 - irrelevance) * readiness


_count_of = step_of(count_of)


@step_of
def _given(demand: Any, seats: float, out: Any) -> None:
    total, free, upto, given = demand.sum(), math.floor(max(seats, 0.0)), 0.0, 0.0
    for band in range(demand.size):
        upto += demand[band]
        until = math.floor(upto * free / total + 1e-9) if total > free else upto
        out[band] = until - given
        given = until


@segment
def seats_given(demand: Any, seats: Any) -> Any:
    """Where seats are fewer than those who want them, each band gets its share of them.

    Args:
        demand: who want a seat, by band [students], shape (schools, bands)
        seats: free seats [students], shape (schools,)

    Returns: who get one [students], shape (schools, bands).
    Holds for: whole numbers; the sum is the smaller of demand and seats.
    Source: assumed: no band goes first

    >>> seats_given(np.array([[4.0, 4.0]]), np.array([4.0])).tolist()
    [[2.0, 2.0]]
    """
    out = np.empty(demand.shape)
    for school in range(demand.shape[0]):
        _given(demand[school], seats[school], out[school])
    return out


@segment
def moved(luck: Any, five: Any, four: Any, keeping: Any, rising: Any, seats: Any) -> Any:
    """In a year some leave five units for four, and some rise from four to five as far as there are seats.

    Args:
        luck: of staying and of rising [share], two arrays of shape (schools, bands)
        five: at five units [students], shape (schools, bands)
        four: at four units [students], shape (schools, bands)
        keeping: chance to stay [share], shape (schools, bands)
        rising: chance to rise [share], shape (schools, bands)
        seats: seats that other grades leave [students], shape (schools,)

    Returns: those at five and at four units afterwards [students], two arrays of shape (schools, bands).
    Holds for: whole numbers; nobody is lost.
    Source: assumed: who stays keeps the seat, who rises needs a free one

    >>> one = np.array([[10.0]])
    >>> luck = one / 20, one / 20
    >>> [int(level[0, 0]) for level in moved(luck, one, one, one / 10, one / 10, np.array([14.0]))]
    [14, 6]
    """
    new_five, new_four = np.empty(five.shape), np.empty(five.shape)
    stay, up, risen = np.empty(five.shape[1]), np.empty(five.shape[1]), np.empty(five.shape[1])
    for school in range(five.shape[0]):
        for band in range(stay.size):
            stay[band] = _count_of(luck[0][school, band], five[school, band], keeping[school, band])
            up[band] = _count_of(luck[1][school, band], four[school, band], rising[school, band])
        _given(up, seats[school] - stay.sum(), risen)
        for band in range(stay.size):
            new_five[school, band] = stay[band] + risen[band]
            new_four[school, band] = four[school, band] - risen[band] + (five[school, band] - stay[band])
    return new_five, new_four


@elementwise
def mean_field(magnetisation: float, *, by_peers: float, private: float) -> float:
    """The mean choice, -1 to 1, among like students who each look at the mean choice of the others.

    Args:
        magnetisation: mean choice of the others [-1 to 1]
        by_peers: weight of peers, beta J [logit/2]
        private: private reason, beta h [logit/2]

    Holds for: one large group; twice these weights are the model's logits. Above by_peers = 1 two outcomes can last.
    Source: brock_durlauf_2001

    >>> float(mean_field(0.0, by_peers=1.5, private=0.0))
    0.0
    """
    return 2.0 / (1.0 + math.exp(-2.0 * (private + by_peers * magnetisation))) - 1.0


@elementwise
def preference(year: float, *, start: float, turn: float, until: float, fall: float, rise: float) -> float:
    """Five units went out of fashion for years, and came back for some, without any programme.

    Args:
        year: in which a cohort chooses, before grade 10 [year]
        start: first year of the fall [year]
        turn: year in which the fall ends [year]
        until: year from which nothing changes any more [year]
        fall: slope from start to turn [logit/year]
        rise: slope from turn to until, of either sign [logit/year]

    Holds for: start <= turn <= until; constant before the start, where it is 0, and from until on.
    Source: majar, school_file

    >>> round(float(preference(2012.0, start=2003.0, turn=2010.0, until=2011.0, fall=-0.1, rise=0.05)), 3)
    -0.65
    """
    return fall * (min(max(year, start), turn) - start) + rise * max(0.0, min(year, until) - turn)
