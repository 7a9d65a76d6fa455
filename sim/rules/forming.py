"""New ties between strangers: who comes to talk with whom, and which of these pairs form a tie."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.jit import segment, step_of
from sim.rules.agreeing import agreement_of_two, in_order
from sim.rules.arrays import Flags, Floats, Ints
from sim.rules.logit import chance

_chance = step_of(chance)


@segment
def friend_of_friend(luck: Floats, target: Ints, offsets: Ints, active: Flags) -> Ints:
    """Return one friend of a friend for each organisation: a partner of the partner that it conversations with this month.

    Args:
        luck: luck of each tie this month; the luckiest is the partner of the moment [share], shape (ties,)
        target: row of each tie's target, sorted by source [row], shape (ties,)
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)
        active: whether it seeks [flag], shape (organisations,)

    Returns: row of the friend's friend or -1, shape (organisations,).
    Holds for: any network; ties among strangers do not matter.
    Source: assumed: who is met through a partner is one of the partner's partners

    >>> friend_of_friend(np.array([0.1, 0.9]), np.array([1, 2]), np.array([0, 1, 2, 2]), np.ones(3)).tolist()
    [2, -1, -1]
    """
    rows = offsets.size - 1
    friends, first, second = np.full(rows, -1), np.full(rows, -1), np.full(rows, -1)
    for row in range(rows):
        best, next_best = -1.0, -1.0
        for tie in range(offsets[row], offsets[row + 1]):
            if luck[tie] > next_best:
                if luck[tie] > best:
                    best, next_best, first[row], second[row] = luck[tie], best, target[tie], first[row]
                else:
                    next_best, second[row] = luck[tie], target[tie]
    for row in range(rows):
        if active[row] and first[row] >= 0:
            between = first[row]
            friends[row] = first[between] if first[between] != row else second[between]
    return friends


@segment
def introduced_pairs(luck: Floats, member: Flags, mix: Floats, *, number: int) -> tuple[Ints, Ints]:
    """Draw pairs of members and return those whose activities complete each other most, for a broker to introduce.

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
    order = members[in_order(luck[members])]
    alike = np.zeros(order.size)
    for place in range(order.size):
        for channel in range(mix.shape[1]):
            alike[place] += mix[order[place], channel] * mix[order[place - 1], channel]
    chosen = in_order(alike)[:number]
    return order[chosen], order[chosen - 1]


@segment
def seated_beside(luck: Floats, seats: Ints, held: Ints) -> tuple[Ints, Ints]:
    """Seat those who attend a meeting by twos, in an order drawn anew for each forum.

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
        order = present[in_order(luck[present, meeting])]
        for place in range(0, order.size - 1, 2):
            one[couples], other[couples] = order[place], order[place + 1]
            couples += 1
    return one[:couples], other[:couples]


class Conversations(NamedTuple):
    """Pairs that come to talk this month, as rows: two arrays each, and the friend of a friend or -1."""

    introduced: tuple[Ints, Ints]  # the ones and the others, introduced by a broker [row]
    seated: tuple[Ints, Ints]  # the ones and the others, side by side at a meeting [row]
    friend: Ints  # whom each hears of through a friend, shape (organisations,) [row]


class Strangers(NamedTuple):
    """Pairs without a tie, sorted by source and target; shapes (pairs,)."""

    source: Ints  # row of the one [row]
    target: Ints  # row of the other [row]
    introduced: Flags  # whether they were introduced [flag]
    back: Flags  # whether the other is tied to the one already [flag]
    shared: Floats  # partners that both are tied to [count]
    ties: Floats  # ties that the one has [count]


@step_of
def _listed(conversations: Conversations, source: Ints, target: Ints) -> None:
    at, friend = 0, conversations.friend
    for one, other in (conversations.introduced, conversations.seated):
        for pair in range(one.size):
            source[at], target[at], source[at + 1], target[at + 1] = one[pair], other[pair], other[pair], one[pair]
            at += 2
    for row in range(friend.size):
        if friend[row] >= 0:
            source[at], target[at] = row, friend[row]
            at += 1


@step_of
def _by_source(source: Ints, rows: int) -> tuple[Ints, Ints]:
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
def _by_target(order: Ints, target: Ints, begin: int, end: int) -> None:
    for at in range(begin + 1, end):
        pair, place = order[at], at
        while place > begin and target[order[place - 1]] > target[pair]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = pair


@step_of
def _in_common_with_many(row: int, theirs: Ints, own: Ints) -> tuple[int, bool]:
    shared = 0
    for partner in own:  # one with very many partners is searched for those of the other
        at = np.searchsorted(theirs, partner)
        shared += at < theirs.size and theirs[at] == partner
    at = np.searchsorted(theirs, row)
    return shared, bool(at < theirs.size and theirs[at] == row)


@step_of
def _in_common(row: int, other: int, partner_of: Ints, target: Ints, offsets: Ints) -> tuple[int, bool]:
    shared, back, first, last = 0, False, offsets[other], offsets[other + 1]
    if last - first <= 16 * (offsets[row + 1] - offsets[row] + 1):
        for tie in range(first, last):
            shared += partner_of[target[tie]] == row
            back |= target[tie] == row
    else:
        shared, back = _in_common_with_many(row, target[first:last], target[offsets[row] : offsets[row + 1]])
    return shared, back


@segment
def strangers(conversations: Conversations, target: Ints, offsets: Ints) -> Strangers:
    """Return the pairs that come to talk and have no tie, each once, with what the two have in common.

    Args:
        conversations: who comes to talk, Conversations; all but friends of friends in both directions
        target: row of each tie's target, sorted within its source [row], shape (ties,)
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)

    Returns: Strangers, sorted by source and target; of a pair that is there twice the introduced one counts.
    Holds for: ties sorted by source and target.
    Source: assumed: nothing, a list of pairs

    >>> one, other, nobody = np.array([0]), np.array([1]), np.array([-1, -1, -1])
    >>> pairs = strangers(Conversations((one, other), (one, other + 1), nobody), np.array([2, 2]), np.array([0, 1, 2, 2]))
    >>> [column.tolist() for column in pairs[:5]]
    [[0, 1, 2], [1, 0, 0], [True, True, False], [False, False, True], [1.0, 1.0, 0.0]]
    """
    rows, number, introduced = offsets.size - 1, 0, 2 * conversations.introduced[0].size
    size = introduced + 2 * conversations.seated[0].size + np.count_nonzero(conversations.friend >= 0)
    one, other = np.empty(size, np.int64), np.empty(size, np.int64)
    _listed(conversations, one, other)
    order, start = _by_source(one, rows)
    flags, counts = np.zeros((2, size), np.bool_), np.zeros((2, size))
    out, partner_of = np.empty((2, size), np.int64), np.full(rows, -1)
    for row in range(rows):
        begin, end = start[row], start[row + 1]
        if begin < end:
            for tie in range(offsets[row], offsets[row + 1]):
                partner_of[target[tie]] = row
            _by_target(order, other, begin, end)
        for at in range(begin, end):
            whom = other[order[at]]
            if partner_of[whom] != row and (at == begin or whom != other[order[at - 1]]):
                out[0, number], out[1, number] = row, whom
                flags[0, number] = order[at] < introduced
                counts[0, number], flags[1, number] = _in_common(row, whom, partner_of, target, offsets)
                counts[1, number] = offsets[row + 1] - offsets[row]
                number += 1
    return Strangers(out[0, :number], out[1, :number], flags[0, :number], flags[1, :number],
                     counts[0, :number], counts[1, :number])  # fmt: skip


class Reasons(NamedTuple):
    """Weights of the reasons to form a tie [logit], and the kind of organisation that is tied at once."""

    base: float
    same: float  # same sector
    agree: float  # agreement
    reciprocal: float  # the other is tied already
    closing: float  # shared partners (log)
    introduced: float  # introduced by a broker
    degree: float  # having as many partners as one can look after
    cap: float  # partners that one can look after [ties]
    always: int  # kind that everyone forms a tie with at once [code]


@step_of
def _closing(shared: Floats, weight: float) -> Floats:
    most = 0.0
    for pair in range(shared.size):
        most = max(most, shared[pair])
    out = np.empty(int(most) + 1)
    for count in range(out.size):
        out[count] = weight * math.log1p(count)
    return out


@segment
def formed(luck: Floats, pairs: Strangers, kind: Ints, position: Floats, *, reasons: Reasons) -> Ints:
    """Return the pairs of strangers that form a tie: likelier where they agree, share partners or were introduced.

    Args:
        luck: of each pair [share], shape (pairs,)
        pairs: Strangers
        kind: sector of each organisation [code], shape (organisations,)
        position: weights on subjects and on grades [share], shape (organisations, weights)
        reasons: what counts and how much, Reasons

    Returns: positions of the pairs that form a tie [position].
    Holds for: reasons add up on the logit scale.
    Source: assumed: likeness, being trusted and partners in common draw together

    >>> pair = Strangers(*[np.array([value]) for value in (0, 1, False, False, 3.0, 2.0)])
    >>> reasons = Reasons(-3.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 40.0, 6)
    >>> formed(np.array([0.4]), pair, np.array([1, 2]), np.ones((2, 3)), reasons=reasons).tolist()
    [0]
    """
    source, target, introduced, back, shared, ties = pairs
    positions, count, closing = np.empty(luck.size, np.int64), 0, _closing(shared, reasons.closing)
    for pair in range(luck.size):
        one, other = source[pair], target[pair]
        logit = reasons.base + reasons.same * (kind[one] == kind[other])
        logit += reasons.agree * agreement_of_two(position, one, position, other)
        logit += reasons.reciprocal * back[pair] + closing[int(shared[pair])]
        logit += reasons.introduced * introduced[pair] - reasons.degree * ties[pair] / reasons.cap
        if luck[pair] < _chance(logit) or kind[one] == reasons.always or kind[other] == reasons.always:
            positions[count] = pair
            count += 1
    return positions[:count]
