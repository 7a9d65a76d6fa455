"""Tracks and teachers: the opening and closing of classes of five units, and the teachers for them."""

from __future__ import annotations

import math

from sim.jit import elementwise


@elementwise
def viability(takers: float, minimum: float, *, width: float) -> float:
    """Return the viability of a class: log of the students who want it over those needed; waivers blur the line.

    Args:
        takers: students expected to begin five units [students]
        minimum: students asked for [students]
        width: blur of the line [log students]

    Holds for: positive numbers; 0 at the minimum, positive above it.
    Source: school_file

    >>> float(viability(15.0, 15.0, width=0.5))
    0.0
    """
    return (math.log(takers) - math.log(minimum)) / width


@elementwise
def hazard(logit: float, *, rate: float) -> float:
    """Return the chance a year that something is done: a rate, times how far there is reason for it.

    Args:
        logit: reason [logit]
        rate: chance where the reason is overwhelming [share/year]

    Holds for: rate in 0-1.
    Source: school_file

    >>> float(hazard(0.0, rate=0.5))
    0.25
    """
    return rate / (1.0 + math.exp(-logit))


@elementwise
def sought(now: float, last: float, before: float, *, training: float) -> float:
    """Return the teachers to hire: trained for the need of one or two years ago, and still needed now.

    Args:
        now: teachers missing this September [teachers]
        last: a year ago [teachers]
        before: two years ago [teachers]
        training: years from a need to a new teacher, 1 to 2 [years]

    Holds for: non-negative numbers; between one year and two the two are mixed.
    Source: assumed: training takes one to two years

    >>> float(sought(4.0, 2.0, 1.0, training=1.5)), float(sought(1.0, 2.0, 1.0, training=1.5))
    (1.5, 1.0)
    """
    return min(now, (2.0 - training) * last + (training - 1.0) * before)


@elementwise
def rationed(wanted: float, total_wanted: float, supply: float) -> float:
    """Return the teachers that a school gets, where fewer can be hired than are wanted.

    Args:
        wanted: by this school [teachers]
        total_wanted: by all [teachers]
        supply: that can be hired [teachers]

    Holds for: non-negative numbers.
    Source: assumed: no school goes first

    >>> float(rationed(2.0, 4.0, 2.0))
    1.0
    """
    if total_wanted <= supply:
        return wanted
    return wanted * supply / max(total_wanted, 1e-9)
