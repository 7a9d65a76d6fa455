"""Seats of the steering committee, and attendance at each forum."""

from __future__ import annotations

import numpy as np

from sim.jit import segment
from sim.rules.agreeing import in_order
from sim.rules.arrays import Flags, Floats, Ints


@segment
def steering(luck: Floats, kind: Ints, member: Flags, founder: Flags, *, seats: int) -> Flags:
    """Fill the seats of the steering committee: founders first, the rest by turns from every sector, by draw within it.

    Args:
        luck: of each organisation [share], shape (organisations,)
        kind: sector of each [code], shape (organisations,)
        member: whether it takes part [flag], shape (organisations,)
        founder: whether it founded the initiative [flag], shape (organisations,)
        seats: seats of the committee [seats]

    Returns: flags of those with a seat [flag], shape (organisations,).
    Holds for: any number of sectors; founders first within their sector.
    Source: case

    >>> everyone, nobody = np.ones(3) > 0, np.zeros(3) > 0
    >>> steering(np.array([0.1, 0.2, 0.9]), np.array([1, 1, 2]), everyone, nobody, seats=2).tolist()
    [True, False, True]
    """
    order, turns = in_order(luck - 2.0 * founder), np.zeros(kind.max() + 1, np.int64)
    turn, seated, free = np.full(order.size, -1), np.zeros(luck.size, np.bool_), seats
    for place in range(order.size):
        if member[order[place]]:
            turn[place] = turns[kind[order[place]]]
            turns[kind[order[place]]] += 1
    for now in range(turns.max()):
        for place in range(order.size):
            if turn[place] == now and free > 0:
                seated[order[place]], free = True, free - 1
        if free == 0:
            break
    return seated


@segment
def attendance(seats: Ints, *, forums: int) -> Floats:
    """Count the organisations that attend each forum.

    Args:
        seats: forums attended, one bit a forum [bits], shape (organisations,)
        forums: how many there are [count]

    Returns: how many attend each [organisations], shape (forums,).
    Holds for: at most 63 forums.
    Source: assumed: nothing, a count

    >>> attendance(np.array([3, 2]), forums=2).tolist()
    [1.0, 2.0]
    """
    out = np.zeros(forums)
    for row in range(seats.size):
        for forum in range(forums):
            out[forum] += (seats[row] >> forum) & 1
    return out
