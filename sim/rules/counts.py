"""Counts of persons by the inverse transform of uniform draws."""

from __future__ import annotations

import math

import numpy as np

from sim.jit import elementwise, step_of
from sim.rules.arrays import Floats, Ints


@step_of
def _squared(term: float, power: float, left: int) -> tuple[float, float, int]:
    return (term * power if left & 1 else term), power * power, left >> 1


@step_of
def _nobody(number: float, chance: float) -> float:
    """Return the chance that nobody does, by squaring: much faster than by logarithms."""
    term, power, left = 1.0, 1.0 - chance, int(number)
    while left:
        term, power, left = _squared(term, power, left)
    return term


BLOCK = 64
"""Counts whose chances that nobody does are worked out together, in the processor's nearest memory."""


@step_of
def _nobody_of_each(number: Floats, chance: Floats) -> Floats:
    """Return the chance that nobody does for many counts in step: the compiler squares several at once."""
    term, power, left = np.ones(number.size), np.empty(BLOCK), np.empty(BLOCK, np.int64)
    for begin in range(0, number.size, BLOCK):
        numbers, chances, terms = (
            number[begin : begin + BLOCK],
            chance[begin : begin + BLOCK],
            term[begin : begin + BLOCK],
        )
        most = 1.0
        for item in range(numbers.size):
            power[item], left[item] = 1.0 - chances[item], int(numbers[item])
            most = max(most, numbers[item])
        for _ in range(int(math.log2(most)) + 1):
            for item in range(terms.size):
                terms[item], power[item], left[item] = _squared(terms[item], power[item], left[item])
    return term


@step_of
def _rarer(probability: float) -> float:
    return 1.0 - probability if probability > 0.5 else probability


@step_of
def _beyond(rest: float, number: float, count: float, term: float, odds: float) -> float:
    """Return the least count, from one in the upper tail on, above which at most the rest of the distribution lies."""
    above, following, last = 0.0, term, count
    while following > 1e-25 and last < number:
        following *= (number - last) / (last + 1.0) * odds
        last += 1.0
        above += following
    while above > rest and count < last:
        term *= (number - count) / (count + 1.0) * odds
        count += 1.0
        above -= term
    return count


@step_of
def _inverted(level: float, rest: float, number: float, chance: float, nobody: float) -> float:
    """Return the least count at which the binomial distribution reaches a level; chance at most one half."""
    odds, count, term = chance / (1.0 - chance), 0.0, nobody
    if term < 1e-280:
        log_term = number * math.log1p(-chance)
        while log_term < -640.0:
            log_term += math.log((number - count) / (count + 1.0) * odds)
            count += 1.0
        term = math.exp(log_term)
    # Rounding of a sum from below exceeds its upper tail, so the upper tail is summed separately.
    below, far = term, 1e-14 * (number + 10.0)
    reach = min(level, 1.0 - far)
    while below < reach and count < number:
        term *= (number - count) / (count + 1.0) * odds
        count += 1.0
        below += term
    return _beyond(rest, number, count, term, odds) if level > reach else count


@step_of
def _count_at_draw(luck: float, number: float, probability: float, nobody: float) -> float:
    if number <= 0.0 or probability <= 0.0:
        return 0.0
    if probability >= 1.0:
        return number
    if probability > 0.5:
        return number - _inverted(1.0 - luck, luck, number, 1.0 - probability, nobody)
    return _inverted(luck, 1.0 - luck, number, probability, nobody)


@elementwise
def count_of(luck: float, number: float, probability: float) -> float:
    """Return how many of a number do it, each with the same chance: the binomial count at a uniform draw.

    Args:
        luck: uniform number in (0, 1) [share]
        number: how many could [persons]
        probability: chance of each [share]

    Holds for: whole numbers; never falls when the chance rises for the same luck (inverse transform).
    Source: klein_2024

    >>> float(count_of(0.5, 10.0, 0.5)), float(count_of(0.5, 10.0, 0.0))
    (5.0, 0.0)
    """
    return _count_at_draw(luck, number, probability, _nobody(max(number, 0.0), _rarer(probability)))


@elementwise
def count_of_many(normal: float, number: float, probability: float) -> float:
    """Return how many of very many do it: the binomial count by its normal limit.

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
    """Round an expected number of persons to a whole number with the same mean.

    Args:
        expected: mean [persons]
        luck: uniform number [share]

    Holds for: expected >= 0.
    Source: assumed: rounding by luck

    >>> float(whole_number(2.0, 0.3))
    2.0
    """
    return math.floor(expected + luck)


@step_of
def total_of(values: Floats) -> float:
    """Return the sum of a few values."""
    total = 0.0
    for item in range(values.size):
        total += values[item]
    return total


@step_of
def total_at(school: int, students: Floats) -> float:
    """Return the students of all ability bands of a school, a row of a table, as a view of the row costs more than the sum."""
    total = 0.0
    for band in range(students.shape[1]):
        total += students[school, band]
    return total


@step_of
def _total_of_block(values: Floats) -> float:
    whole = values.size - values.size % 8
    if whole == 0:
        return total_of(values)
    parts = values[:8].copy()
    for item in range(8, whole, 8):
        for place in range(8):
            parts[place] += values[item + place]
    total = ((parts[0] + parts[1]) + (parts[2] + parts[3])) + ((parts[4] + parts[5]) + (parts[6] + parts[7]))
    for item in range(whole, values.size):
        total += values[item]
    return total


@step_of
def total_of_many(values: Floats) -> float:
    """Return the sum of many values, added by pairs of blocks in the order of NumPy's `sum`, so that both give the same."""
    if values.size <= 128:
        return _total_of_block(values)
    half = values.size // 2 - values.size // 2 % 8
    return total_of_many(values[:half]) + total_of_many(values[half:])


@step_of
def counts_of(rows: Ints, luck: Floats, students: Floats, chance: Floats) -> Floats:
    """Return how many of each band do it in the schools at some rows, as in `count_of`; luck at these rows, students of all."""
    out, number, rare, flat = np.empty(chance.shape), students[rows].ravel(), np.empty(chance.size), chance.ravel()
    for item in range(rare.size):
        rare[item] = _rarer(flat[item])
    nobody = _nobody_of_each(number, rare).reshape(chance.shape)
    for place in range(rows.size):
        for band in range(out.shape[1]):
            size = students[rows[place], band]
            out[place, band] = _count_at_draw(luck[place, band], size, chance[place, band], nobody[place, band])
    return out
