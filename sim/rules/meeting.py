"""Who meets whom: meetings held, contact between partners, new ties and ties that dissolve."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from sim.compiling import elementwise, segment, step_of


@elementwise
def meetings_held(alone: float, convened: float, hours: float, load: float, mandate: float) -> float:
    """A forum meets as often as it does by itself, and more when somebody trusted has the hours to convene it.

    Args:
        alone: meetings without a convenor [meetings/month]
        convened: further meetings with all the hours needed [meetings/month]
        hours: convening hours [hours/month]
        load: hours at which half of them are held, growing with the members served [hours/month]
        mandate: mean trust of members in the convenor [share]

    Holds for: non-negative numbers; no hours, no further meetings.
    Source: provan_kenis_2008

    >>> float(meetings_held(0.25, 1.0, 60.0, 60.0, 0.5))
    0.5
    """
    if hours <= 0.0:
        return alone
    return alone + convened * mandate * hours / (hours + load)


@segment
def chance_of_contact(source: Any, target: Any, seats: Any, missed: Any, *, alone: float) -> Any:
    """Partners meet by themselves now and then, and whenever a forum that they share brings them together.

    Args:
        source: row of the one [row], shape (ties,)
        target: row of the other [row], shape (ties,)
        seats: forums attended, one bit a forum [bits], shape (organisations,)
        missed: log chance of missing each other in this month's meetings [log], shape (forums,)
        alone: chance of a contact without any forum [share/month]

    Returns: chance of a contact this month [share], shape (ties,).
    Holds for: at most 20 forums; those who share forums miss each other only if they do so in every one.
    Source: assumed: meetings are independent

    >>> missed = np.log(np.array([0.5, 0.5]))
    >>> chance_of_contact(np.array([0, 0]), np.array([1, 2]), np.array([3, 2, 0]), missed, alone=0.0).tolist()
    [0.5, 0.0]
    """
    out, known = np.empty(source.size), np.full(1 << missed.size, -1.0)
    for tie in range(source.size):
        shared = seats[source[tie]] & seats[target[tie]]
        if known[shared] < 0.0:
            total = 0.0
            for forum in range(missed.size):
                if (shared >> forum) & 1:
                    total += missed[forum]
            known[shared] = 1.0 - (1.0 - alone) * math.exp(total)
        out[tie] = known[shared]
    return out


@elementwise
def chance_of_dissolution(trust: float, *, rate: float) -> float:
    """Ties without trust are dropped; trusted ones hardly ever.

    Args:
        trust: trust along the tie [share]
        rate: chance at no trust [share/month]

    Holds for: trust in 0-1.
    Source: bmj_open_2025

    >>> float(chance_of_dissolution(0.5, rate=0.04))
    0.01
    """
    return rate * (1.0 - trust) ** 2


_chance_of_dissolution = step_of(chance_of_dissolution)


@segment
def dissolved(luck: Any, trust: Any, target: Any, grant: Any, lasting: Any, *, rate: float) -> Any:
    """Partners part for want of trust, unless money or office holds them together.

    Args:
        luck: of each tie this month [share], shape (ties,)
        trust: trust along each tie [share], shape (ties,)
        target: row of each tie's target [row], shape (ties,)
        grant: money of the one held by the other [NIS million], shape (ties,)
        lasting: organisations that nobody drops [flag], shape (organisations,)
        rate: chance at no trust [share/month]

    Returns: whether the tie ends [flag], shape (ties,).
    Holds for: trust in 0-1.
    Source: bmj_open_2025

    >>> one = np.array([0.1, 0.1])
    >>> dissolved(one, 0.0 * one, np.array([0, 1]), 0.0 * one, np.array([True, False]), rate=0.2).tolist()
    [False, True]
    """
    ends = np.zeros(luck.size, np.bool_)
    for tie in range(luck.size):
        if luck[tie] < rate and luck[tie] < _chance_of_dissolution(trust[tie], rate):
            ends[tie] = not (lasting[target[tie]] or grant[tie] > 0.0)
    return ends


@segment
def friend_of_friend(luck: Any, target: Any, offsets: Any, active: Any) -> Any:
    """Each organisation hears of one friend of a friend a month: the partner of the moment, and that one's own.

    Args:
        luck: luck of each tie this month; the luckiest is the partner of the moment [share], shape (ties,)
        target: row of each tie's target, sorted by source [row], shape (ties,)
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)
        active: whether it seeks [flag], shape (organisations,)

    Returns: row of the friend's friend or -1, shape (organisations,).
    Holds for: any network; ties among strangers do not matter.
    Source: pmc8186521

    >>> friend_of_friend(np.array([0.1, 0.9]), np.array([1, 2]), np.array([0, 1, 2, 2]), np.ones(3)).tolist()
    [2, -1, -1]
    """
    rows = offsets.size - 1
    found, first, second = np.full(rows, -1), np.full(rows, -1), np.full(rows, -1)
    for row in range(rows):
        best, next_best = -1.0, -1.0
        for tie in range(offsets[row], offsets[row + 1]):
            if luck[tie] > best:
                best, next_best, first[row], second[row] = luck[tie], best, target[tie], first[row]
            elif luck[tie] > next_best:
                next_best, second[row] = luck[tie], target[tie]
    for row in range(rows):
        if active[row] and first[row] >= 0:
            between = first[row]
            found[row] = first[between] if first[between] != row else second[between]
    return found


@segment
def introduced_pairs(luck: Any, member: Any, mix: Any, *, number: int) -> Any:
    """A broker draws pairs of members by luck and introduces those whose activities complete each other most.

    Args:
        luck: of each organisation this month [share], shape (organisations,)
        member: whether it takes part [flag], shape (organisations,)
        mix: channels of its programmes [share], shape (organisations, channels)
        number: introductions that the hours allow [pairs]

    Returns: rows of the ones and of the others, two arrays of shape (pairs,).
    Holds for: any number of members; fewer than three are not introduced.
    Source: assumed: brokers look for partners who lack what the other has

    >>> lucky, mix = np.array([0.1, 0.2, 0.3]), np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> [pair.tolist() for pair in introduced_pairs(lucky, np.ones(3) > 0, mix, number=1)]
    [[0], [2]]
    """
    members = np.flatnonzero(member)
    if number <= 0 or members.size < 3:
        return members[:0], members[:0]
    order = members[np.argsort(luck[members], kind="mergesort")]
    alike = np.zeros(order.size)
    for place in range(order.size):
        for channel in range(mix.shape[1]):
            alike[place] += mix[order[place], channel] * mix[order[place - 1], channel]
    chosen = np.argsort(alike, kind="mergesort")[:number]
    return order[chosen], order[chosen - 1]


@segment
def seated_beside(luck: Any, seats: Any, held: Any) -> Any:
    """Whoever attends a meeting sits by twos, in an order drawn afresh for each forum.

    Args:
        luck: of each organisation in each meeting [share], shape (organisations, meetings)
        seats: forums attended, one bit a forum [bits], shape (organisations,)
        held: forums that meet this month [code], shape (meetings,)

    Returns: rows of the ones and of their neighbours, two arrays of shape (couples,).
    Holds for: any number of meetings; an odd one out sits alone.
    Source: assumed: seating is by chance

    >>> luck = np.array([[0.3], [0.1], [0.2]])
    >>> [row.tolist() for row in seated_beside(luck, np.ones(3, np.int64), np.array([0]))]
    [[1], [2]]
    """
    one = np.empty(seats.size * held.size // 2 + 1, np.int64)
    other, couples = one.copy(), 0
    for meeting in range(held.size):
        present = np.flatnonzero((seats >> held[meeting]) & 1)
        order = present[np.argsort(luck[present, meeting])]
        for place in range(0, order.size - 1, 2):
            one[couples], other[couples] = order[place], order[place + 1]
            couples += 1
    return one[:couples], other[:couples]


@segment
def tied_already(source: Any, target: Any, tie_target: Any, offsets: Any) -> Any:
    """Whether a tie from one organisation to another is there.

    Args:
        source: rows asked about [row], shape (pairs,)
        target: rows of the others [row], shape (pairs,)
        tie_target: row of each tie's target, sorted within its source [row], shape (ties,)
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)

    Returns: position of the tie or -1, shape (pairs,).
    Holds for: ties sorted by source and target.
    Source: assumed: nothing, a look-up

    >>> tied_already(np.array([0, 0]), np.array([1, 2]), np.array([1]), np.array([0, 1, 1, 1])).tolist()
    [0, -1]
    """
    out = np.full(source.size, -1)
    for pair in range(source.size):
        low, high = offsets[source[pair]], offsets[source[pair] + 1]
        while low < high:
            middle = (low + high) // 2
            if tie_target[middle] < target[pair]:
                low = middle + 1
            else:
                high = middle
        if low < offsets[source[pair] + 1] and tie_target[low] == target[pair]:
            out[pair] = low
    return out


class Strangers(NamedTuple):
    """Pairs without a tie, sorted by source and target; shapes (pairs,)."""

    source: Any  # row of the one [row]
    target: Any  # row of the other [row]
    introduced: Any  # whether they were introduced [flag]
    back: Any  # whether the other is tied to the one already [flag]
    shared: Any  # partners that both are tied to [count]


@step_of
def _by_source(source: Any, rows: int) -> Any:
    start = np.zeros(rows + 2, np.int64)
    for pair in range(source.size):
        start[source[pair] + 2] += 1
    for row in range(rows):
        start[row + 2] += start[row + 1]
    order = np.empty(source.size, np.int64)
    for pair in range(source.size):
        order[start[source[pair] + 1]] = pair
        start[source[pair] + 1] += 1
    return order, start


@step_of
def _by_target(order: Any, target: Any, begin: int, end: int) -> None:
    for at in range(begin + 1, end):
        pair, place = order[at], at
        while place > begin and target[order[place - 1]] > target[pair]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = pair


@segment
def strangers(source: Any, target: Any, introduced: Any, tie_target: Any, offsets: Any) -> Any:
    """Of pairs that come to talk, those without a tie, each once, and what they have in common.

    Args:
        source: rows of the one [row], shape (pairs,)
        target: rows of the other [row], shape (pairs,)
        introduced: whether they were introduced; of a pair that is there twice the first counts [flag], shape (pairs,)
        tie_target: row of each tie's target, sorted within its source [row], shape (ties,)
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)

    Returns: Strangers, sorted by source and target.
    Holds for: ties sorted by source and target.
    Source: pmc8186521

    >>> found = strangers(np.array([0, 0, 0]), np.array([1, 2, 1]), np.array([True, False, False]),
    ...                   np.array([2, 2]), np.array([0, 1, 2, 2]))
    >>> [column.tolist() for column in found]
    [[0], [1], [True], [False], [1.0]]
    """
    rows, size, found = offsets.size - 1, source.size, 0
    order, start = _by_source(source, rows)
    out = Strangers(np.empty(size, np.int64), np.empty(size, np.int64), np.zeros(size, np.bool_),
                    np.zeros(size, np.bool_), np.zeros(size))  # fmt: skip
    known = np.full(rows, -1)
    for row in range(rows):
        begin, end = start[row], start[row + 1]
        if begin == end:
            continue
        for tie in range(offsets[row], offsets[row + 1]):
            known[tie_target[tie]] = row
        _by_target(order, target, begin, end)
        for at in range(begin, end):
            other = target[order[at]]
            if known[other] == row or (at > begin and other == target[order[at - 1]]):
                continue
            out.source[found], out.target[found], out.introduced[found] = row, other, introduced[order[at]]
            for tie in range(offsets[other], offsets[other + 1]):
                out.shared[found] += known[tie_target[tie]] == row
                out.back[found] |= tie_target[tie] == row
            found += 1
    return Strangers(out.source[:found], out.target[:found], out.introduced[:found], out.back[:found], out.shared[:found])
