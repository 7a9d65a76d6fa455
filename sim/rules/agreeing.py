"""Agreement of organisations: distance of positions, influence, motions."""

from __future__ import annotations

import numpy as np

from sim.jit import elementwise, segment, step_of
from sim.rules.arrays import Flags, Floats, Ints


@step_of
def agreement_of_two(first: Floats, one: int, second: Floats, other: int) -> float:
    """Return the agreement of two positions, as in `agreement`, for compiled loops: a row of a table with one of another.

    Rows are given by number, as a view of a row costs more than its agreement.
    """
    distance = 0.0
    for weight in range(first.shape[1]):
        distance += abs(first[one, weight] - second[other, weight])
    return 1.0 - distance / 4.0


@step_of
def in_order(values: Floats) -> Ints:
    """Return the positions of values from the least to the greatest; fastest where values are spread evenly."""
    size, low = values.size, values.min() if values.size > 0 else 0.0
    width = values.max() - low if size > 0 else 0.0
    scale = (size - 0.5) / width if width > 0.0 else 0.0
    start, order = np.zeros(size + 2, np.int64), np.empty(size, np.int64)
    for item in range(size):
        start[int((values[item] - low) * scale) + 2] += 1
    for cell in range(size):
        start[cell + 2] += start[cell + 1]
    for item in range(size):
        cell = int((values[item] - low) * scale) + 1
        order[start[cell]] = item
        start[cell] += 1
    for at in range(1, size):
        item, place = order[at], at
        while place > 0 and values[order[place - 1]] > values[item]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = item
    return order


@segment
def agreement(source: Ints, target: Ints, position: Floats) -> Floats:
    """Return the agreement of pairs: the extent to which both put the same weights on subjects and on grades.

    Args:
        source: rows of the one [row], shape (pairs,)
        target: rows of the other [row], shape (pairs,)
        position: weights on subjects and on grades, each group summing to one [share], shape (organisations, weights)

    Returns: agreement, 0 nothing in common, 1 the same [share], shape (pairs,).
    Holds for: two groups of weights; 1 - (sum of absolute differences)/4.
    Source: friedkin_johnsen_1990

    >>> agreement(np.array([0]), np.array([1]), np.array([[1.0, 0.0, 1.0], [0.5, 0.5, 1.0]])).tolist()
    [0.75]
    """
    out = np.empty(source.size)
    for pair in range(source.size):
        out[pair] = agreement_of_two(position, source[pair], position, target[pair])
    return out


@segment
def agreement_with(position: Floats, text: Floats) -> Floats:
    """Return how far each organisation agrees with a text, such as the adopted agenda.

    Args:
        position: weights on subjects and on grades [share], shape (organisations, weights)
        text: the weights that the text gives them [share], shape (weights,)

    Returns: agreement, as between two organisations [share], shape (organisations,).
    Holds for: two groups of weights; one organisation or many.
    Source: friedkin_johnsen_1990

    >>> agreement_with(np.array([[1.0, 0.0, 1.0]]), np.array([0.5, 0.5, 1.0])).tolist()
    [0.75]
    """
    out, texts = np.empty(position.shape[0]), text.reshape((1, text.size))
    for row in range(position.shape[0]):
        out[row] = agreement_of_two(position, row, texts, 0)
    return out


@segment
def influence(position: Floats, power: Floats, trust: Floats, target: Ints, offsets: Ints) -> Floats:
    """Return the mean position that each organisation hears: its own and its partners', by trust and power.

    Args:
        position: weights [share], shape (organisations, weights)
        power: standing of each organisation [ratio], shape (organisations,)
        trust: trust along each tie [share], shape (ties,)
        target: row of each tie's target, sorted by source [row], shape (ties,)
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)

    Returns: the mean heard, rows of W x [share], shape (organisations, weights).
    Holds for: an organisation trusts itself fully (weight 1 x its power).
    Source: friedkin_johnsen_1990

    >>> one = np.array([[1.0], [0.0]])
    >>> influence(one, np.ones(2), np.array([1.0]), np.array([1]), np.array([0, 1, 1])).tolist()
    [[0.5], [0.0]]
    """
    out, mean = np.empty(position.shape), np.empty(position.shape[1])
    for row in range(position.shape[0]):
        total = power[row]
        for column in range(mean.size):
            mean[column] = power[row] * position[row, column]
        for tie in range(offsets[row], offsets[row + 1]):
            weight, other = trust[tie] * power[target[tie]], position[target[tie]]
            total += weight
            for column in range(mean.size):
                mean[column] += weight * other[column]
        for column in range(mean.size):
            out[row, column] = mean[column] / total if total > 0.0 else position[row, column]
    return out


@segment
def influence_within(position: Floats, trust: Floats, target: Ints, offsets: Ints, *, bound: float) -> Floats:
    """Return the mean position heard in the rival rule: only partners near enough are heard (bounded confidence).

    Args:
        position: weights [share], shape (organisations, weights)
        trust: trust along each tie [share], shape (ties,)
        target: row of each tie's target, sorted by source [row], shape (ties,)
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)
        bound: greatest distance at which a partner is heard, 0-1 [share]

    Returns: the mean heard [share], shape (organisations, weights).
    Holds for: two groups of weights.
    Source: hegselmann_krause_2002

    >>> far = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
    >>> influence_within(far, np.array([1.0]), np.array([1]), np.array([0, 1, 1]), bound=0.2)[0].tolist()
    [1.0, 0.0, 1.0]
    """
    out = position.copy()
    for row in range(position.shape[0]):
        total = 1.0
        for tie in range(offsets[row], offsets[row + 1]):
            distance = 0.0
            for column in range(position.shape[1]):
                distance += abs(position[row, column] - position[target[tie], column])
            if distance <= 4.0 * bound:
                total += trust[tie]
                for column in range(position.shape[1]):
                    out[row, column] += trust[tie] * position[target[tie], column]
        for column in range(position.shape[1]):
            out[row, column] /= total
    return out


@elementwise
def opened(openness: float, *, effect: float, most: float) -> float:
    """Raise openness towards its greatest value by mediation.

    Args:
        openness: how far it follows others by itself [share]
        effect: how far mediation opens minds now [share]
        most: greatest openness [share]

    Holds for: all in 0-1.
    Source: emerson_2012

    >>> float(opened(0.5, effect=0.5, most=1.0))
    0.75
    """
    return openness + effect * (most - openness)


@elementwise
def position_after(heard: float, initial: float, openness: float) -> float:
    """Move an organisation to what it hears, as far as it is open; it stays tied to where it began.

    Args:
        heard: mean position heard, its own included [share]
        initial: where it began [share]
        openness: how far it follows others, 0 not at all [share]

    Holds for: all in 0-1 (Friedkin-Johnsen: L W x + (1 - L) x0).
    Source: friedkin_johnsen_1990

    >>> float(position_after(0.5, 1.0, 0.5))
    0.75
    """
    return openness * heard + (1.0 - openness) * initial


_opened, _position_after = step_of(opened), step_of(position_after)


@elementwise
def position_after_listening(heard: float, initial: float, openness: float, *, effect: float, most: float) -> float:
    """Move an organisation to what it hears, as far as its openness after mediation allows.

    Args:
        heard: mean position heard, its own included [share]
        initial: where it began [share]
        openness: how far it follows others by itself [share]
        effect: how far mediation opens minds now [share]
        most: greatest openness [share]

    Holds for: all in 0-1.
    Source: friedkin_johnsen_1990, emerson_2012

    >>> float(position_after_listening(0.5, 1.0, 0.0, effect=0.5, most=1.0))
    0.75
    """
    return _position_after(heard, initial, _opened(openness, effect, most))


@segment
def consensus(position: Floats, decides: Flags) -> float:
    """Return the consensus: the mean agreement of all pairs of those who decide.

    Args:
        position: weights on subjects and on grades [share], shape (organisations, weights)
        decides: who decides [flag], shape (organisations,)

    Returns: mean agreement of pairs, 0 among fewer than two [share].
    Holds for: two groups of weights; 1 - (mean sum of absolute differences)/4.
    Source: friedkin_johnsen_1990

    >>> float(consensus(np.array([[1.0, 0.0, 1.0], [0.5, 0.5, 1.0], [0.0, 1.0, 1.0]]), np.array([True, True, False])))
    0.75
    """
    rows = np.flatnonzero(decides)
    if rows.size < 2:
        return 0.0
    distance, column = 0.0, np.empty(rows.size)
    for weight in range(position.shape[1]):
        for member in range(rows.size):
            column[member] = position[rows[member], weight]
        order = in_order(column)
        for place in range(rows.size):  # each lies above those before it and below those after it
            distance += column[order[place]] * (2.0 * place + 1.0 - rows.size)
    return 1.0 - distance * 2.0 / (rows.size * (rows.size - 1.0)) / 4.0


@elementwise
def logit_of_acceptance(
    distance: float, trust: float, *, tolerance: float, by_distance: float, by_trust: float
) -> float:
    """Return the reasons to accept a motion: it is near the member's own position, and its proposer is trusted.

    Args:
        distance: from its position to the motion, 0-1 [share]
        trust: in the proposer [share]
        tolerance: distance it puts up with [share]
        by_distance: weight of distance [logit]
        by_trust: weight of trust [logit]

    Holds for: all in 0-1.
    Source: emerson_2012

    >>> round(float(logit_of_acceptance(0.2, 0.5, tolerance=0.3, by_distance=10.0, by_trust=2.0)), 3)
    2.0
    """
    return by_distance * (tolerance - distance) + by_trust * trust
