"""Who meets whom: meetings held, contact between partners, new ties and ties that dissolve."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiling import elementwise, segment


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
    Holds for: at most 63 forums; those who share forums miss each other only if they do so in every one.
    Source: assumed: meetings are independent

    >>> missed = np.log(np.array([0.5, 0.5]))
    >>> chance_of_contact(np.array([0, 0]), np.array([1, 2]), np.array([3, 2, 0]), missed, alone=0.0).tolist()
    [0.5, 0.0]
    """
    out = np.empty(source.size)
    for tie in range(source.size):
        shared = seats[source[tie]] & seats[target[tie]]
        total, forum = 0.0, 0
        while shared:
            if shared & 1:
                total += missed[forum]
            shared >>= 1
            forum += 1
        out[tie] = 1.0 - (1.0 - alone) * math.exp(total)
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
    found = np.full(offsets.size - 1, -1)
    for row in range(found.size):
        if active[row]:
            between = row
            for _ in range(2):
                best, pick = -1.0, -1
                for tie in range(offsets[between], offsets[between + 1]):
                    if target[tie] != row and luck[tie] > best:
                        best, pick = luck[tie], target[tie]
                between = pick
                if pick < 0:
                    break
            found[row] = between
    return found


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


@segment
def shared_partners(source: Any, target: Any, tie_target: Any, offsets: Any) -> Any:
    """How many partners two organisations have in common.

    Args:
        source: rows of the one [row], shape (pairs,)
        target: rows of the other [row], shape (pairs,)
        tie_target: row of each tie's target, sorted within its source [row], shape (ties,)
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)

    Returns: number of shared partners, shape (pairs,).
    Holds for: ties sorted by source and target.
    Source: pmc8186521

    >>> shared_partners(np.array([0]), np.array([1]), np.array([2, 2]), np.array([0, 1, 2, 2])).tolist()
    [1.0]
    """
    out = np.zeros(source.size)
    for pair in range(source.size):
        left, right = offsets[source[pair]], offsets[target[pair]]
        while left < offsets[source[pair] + 1] and right < offsets[target[pair] + 1]:
            if tie_target[left] == tie_target[right]:
                out[pair] += 1.0
                left += 1
                right += 1
            elif tie_target[left] < tie_target[right]:
                left += 1
            else:
                right += 1
    return out
