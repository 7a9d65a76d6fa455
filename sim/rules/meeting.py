"""Meetings of forums, contacts of partners, and ties that dissolve."""

from __future__ import annotations

import math

import numpy as np

from sim.jit import elementwise, segment, step_of
from sim.rules.arrays import Flags, Floats, Ints


@elementwise
def meetings_held(alone: float, convened: float, hours: float, load: float, mandate: float) -> float:
    """Return the meetings of a forum: those without a convenor, and more where a trusted convenor has the hours.

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


@elementwise
def strength_of_forum(meetings: float, attending: float, trust: float) -> float:
    """Return the strength of a forum: it meets, enough organisations attend, and they trust each other.

    Args:
        meetings: this month; one is enough [meetings/month]
        attending: who attend [organisations]
        trust: mean trust among them [share]

    Holds for: non-negative numbers; half the strength with five who attend.
    Source: case

    >>> float(strength_of_forum(0.5, 5.0, 0.4))
    0.1
    """
    return min(meetings, 1.0) * attending / (attending + 5.0) * trust


@segment
def chance_of_contact(source: Ints, target: Ints, seats: Ints, missed: Floats, *, alone: float) -> Floats:
    """Return the chance that partners meet: by themselves, or in any forum that they share.

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
    out, chances = np.empty(source.size), np.full(1 << missed.size, -1.0)
    for tie in range(source.size):
        shared = seats[source[tie]] & seats[target[tie]]
        if chances[shared] < 0.0:
            total = 0.0
            for forum in range(missed.size):
                if (shared >> forum) & 1:
                    total += missed[forum]
            chances[shared] = 1.0 - (1.0 - alone) * math.exp(total)
        out[tie] = chances[shared]
    return out


@elementwise
def chance_of_dissolution(trust: float, *, rate: float) -> float:
    """Return the chance that a tie is dropped: high without trust, near zero with it.

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
def dissolved(luck: Floats, trust: Floats, target: Ints, grant: Floats, lasting: Flags, *, rate: float) -> Flags:
    """Return the ties that end for want of trust; money and office hold ties together.

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
