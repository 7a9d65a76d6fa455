"""Choice and persistence of students: support, reasons, seats, and counts by the inverse transform."""

from __future__ import annotations

import math

import numpy as np

from sim.jit import elementwise, segment, step_of
from sim.rules.arrays import Floats, Ints
from sim.rules.counts import counts_of, total_at, whole_number


@elementwise
def size_of_cohort(expected: float, normal: float, *, spread: float) -> float:
    """Return the size of a school's cohort; cohorts of small schools vary relatively more than those of large ones.

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
def support_after(stock: float, delivered: float, pupils: float, *, lasting: float) -> float:
    """Return the stock of support: part of last year's lasts, and this year's is added.

    Args:
        stock: support so far [NIS/pupil]
        delivered: this year [NIS million]
        pupils: eligible pupils [pupils]
        lasting: part that lasts a year [share]

    Holds for: pupils > 0; doubling money and pupils together changes nothing.
    Source: assumed: programmes wear off within a few years

    >>> float(support_after(100.0, 0.001, 10.0, lasting=0.5))
    150.0
    """
    return lasting * stock + delivered * 1e6 / max(pupils, 1.0)


@elementwise
def channel_effect(stock: float, *, half: float) -> float:
    """Return the effect of support, with diminishing returns.

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
    """Return the factor by which channels that complete one another are worth more than their sum.

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
    """Return the strength of a policy at a school: as far as the school is prepared, and at least a given part.

    Args:
        readiness: local readiness R [share]
        irrelevance: strength where nothing is prepared, i0; 1 makes readiness irrelevant [share]

    Holds for: all in 0-1.
    Source: case

    >>> float(strength_of_policy(0.5, irrelevance=0.5))
    0.75
    """
    return irrelevance + (1.0 - irrelevance) * readiness


@elementwise
def readiness_of_school(trust: float, agrees: float, effect: float, *, weight: float) -> float:
    """Return how far a school is prepared for policy, by its owner's trust, by its part in the network or by support.

    Args:
        trust: of its owner in the ministry [share]
        agrees: agreement of its owner with the agenda, 0 where it is not a member [share]
        effect: mean effect of partners' support over channels [share]
        weight: w, how far each of the three can prepare a school by itself [share]

    Holds for: all in 0-1; 1 where the weight is 1 and one of the three is whole.
    Source: case

    >>> float(readiness_of_school(0.5, 0.5, 0.0, weight=1.0))
    0.75
    """
    return 1.0 - (1.0 - weight * trust) * (1.0 - weight * agrees) * (1.0 - weight * effect)


_whole_number = step_of(whole_number)


@step_of
def share_seats(place: int, demand: Floats, seats: float, school: int, out: Floats) -> None:
    """Write the seats that each band of a school gets, as in `allocated_seats`: from a row of one table to one of another."""
    total, free, upto, previous = total_at(place, demand), math.floor(max(seats, 0.0)), 0.0, 0.0
    if total <= free:
        for band in range(demand.shape[1]):
            out[school, band] = demand[place, band]
    else:
        for band in range(demand.shape[1]):
            upto += demand[place, band]
            until = math.floor(upto * free / total + 1e-9)
            out[school, band] = until - previous
            previous = until


@segment
def allocated_seats(demand: Floats, seats: Floats) -> Floats:
    """Share seats among ability bands in proportion to demand, where fewer are free than wanted.

    Args:
        demand: who want a seat, by band [students], shape (schools, bands)
        seats: free seats [students], shape (schools,)

    Returns: who get one [students], shape (schools, bands).
    Holds for: whole numbers; the sum is the smaller of demand and seats.
    Source: assumed: no band goes first

    >>> allocated_seats(np.array([[4.0, 4.0]]), np.array([4.0])).tolist()
    [[2.0, 2.0]]
    """
    out = np.empty(demand.shape)
    for school in range(demand.shape[0]):
        share_seats(school, demand, seats[school], school, out)
    return out


@segment
def begun(
    rows: Ints, luck: tuple[Floats, Floats, Floats], expected: Floats, wanting: Floats, seats: Floats, fourth: Floats
) -> tuple[Floats, Floats, Floats]:
    """Begin a new grade: draw how many want five units, and give them seats as far as there are any.

    Args:
        rows: schools with a free seat [row], shape (open,)
        luck: of being there, of wanting five units and of taking four [share], arrays of shape (schools, bands), the
            second (open, bands)
        expected: maths takers of each band [students], shape (schools,)
        wanting: chance to want five units [share], shape (schools, bands)
        seats: free seats [students], shape (schools,)
        fourth: share of the others who take four units [share], shape (schools, bands)

    Returns: maths takers, those at five and those at four units [students], three arrays of shape (schools, bands).
    Holds for: whole numbers; nobody is asked where no seat is free.
    Source: assumed: no band goes first

    >>> half = np.full((1, 1), 0.5)
    >>> [int(level[0, 0]) for level in begun(np.array([0]), (half, half, half), half[0] * 16, half, half[0] * 6, half)]
    [8, 3, 3]
    """
    takers, five, four = np.empty(wanting.shape), np.zeros(wanting.shape), np.empty(wanting.shape)
    present, of_five, of_four = luck
    for school in range(seats.size):
        for band in range(fourth.shape[1]):
            takers[school, band] = _whole_number(expected[school], present[school, band])
    want = counts_of(rows, of_five, takers, wanting[rows])
    for place in range(rows.size):
        share_seats(place, want, seats[rows[place]], rows[place], five)
    for school in range(seats.size):
        for band in range(fourth.shape[1]):
            others = takers[school, band] - five[school, band]
            four[school, band] = min(_whole_number(others * fourth[school, band], of_four[school, band]), others)
    return takers, five, four


@elementwise
def mean_field(magnetisation: float, *, by_peers: float, private: float) -> float:
    """Return the mean choice, -1 to 1, among like students who each look at the mean choice of the others.

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
def fallen(year: float, *, start: float, turn: float, fall: float) -> float:
    """Return how far the preference for five units has fallen: by a constant slope from a first year to a turn.

    Args:
        year: in which a cohort chooses, before grade 10 [year]
        start: first year of the fall [year]
        turn: year in which the fall ends [year]
        fall: slope from start to turn [logit/year]

    Holds for: start <= turn; 0 before the start, constant from the turn on.
    Source: majar

    >>> round(float(fallen(2012.0, start=2003.0, turn=2010.0, fall=-0.1)), 3)
    -0.7
    """
    return fall * (min(max(year, start), turn) - start)


@elementwise
def recovered(year: float, *, turn: float, rise: float, damping: float, most: float) -> float:
    """Return how far the preference has come back without any programme: each year by a smaller part of the rest.

    Args:
        year: in which a cohort chooses [year]
        turn: year in which the fall ended [year]
        rise: all that comes back in the end [logit]
        damping: phi, part of what is left that is still left a year later [share]
        most: the level before the fall, over that at the turn [logit]

    Holds for: damping in 0-1; never above the level before the fall.
    Source: school_file

    >>> round(float(recovered(2012.0, turn=2010.0, rise=0.4, damping=0.5, most=1.0)), 3)
    0.3
    """
    return min(rise, most) * (1.0 - damping ** max(year - turn, 0.0))


@elementwise
def recovered_steadily(year: float, *, turn: float, rise: float, damping: float, most: float) -> float:
    """Return the recovery of the rival rule: as in its first year, until the level before the fall is reached.

    Args:
        year: in which a cohort chooses [year]
        turn: year in which the fall ended [year]
        rise: as in `recovered`, for the same slope in the first year [logit]
        damping: as in `recovered` [share]
        most: the level before the fall, over that at the turn [logit]

    Holds for: damping in 0-1; never above the level before the fall.
    Source: assumed: the rival to a damped taste

    >>> round(float(recovered_steadily(2012.0, turn=2010.0, rise=0.4, damping=0.5, most=1.0)), 3)
    0.4
    """
    return min(rise * (1.0 - damping) * max(year - turn, 0.0), most)


@elementwise
def pushed(share: float, usual: float, *, aspiration: float) -> float:
    """Return the push of programmes: less, the nearer a school is to the share that it aspires to.

    Args:
        share: at five units now [share]
        usual: that of the reference year [share]
        aspiration: what is aspired to, over the usual share; 0 is without limit [ratio]

    Holds for: positive shares; 0 at the aspiration and above it.
    Source: assumed: a rival reason for growth to end

    >>> float(pushed(0.125, 0.25, aspiration=2.0)), float(pushed(0.125, 0.25, aspiration=0.0))
    (0.75, 1.0)
    """
    if aspiration <= 0.0:
        return 1.0
    return max(0.0, 1.0 - share / max(aspiration * usual, 1e-9))
