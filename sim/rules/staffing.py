"""Tracks and teachers: when a school opens or closes five units, and who teaches them."""

from __future__ import annotations

import math

from sim.jit import elementwise


@elementwise
def viability(takers: float, minimum: float, *, width: float) -> float:
    """Return a class is viable when enough students want it; waivers and joint classes blur the line.

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
    """What may be done once a year is done at a rate, as far as there is reason for it.

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
    """Who was trained for a need of one or two years ago is hired now, as far as the need is still there.

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
    """When fewer teachers are to be had than wanted, each school gets its share.

    Args:
        wanted: by this school [teachers]
        total_wanted: by all [teachers]
        supply: to be had [teachers]

    Holds for: non-negative numbers.
    Source: assumed: no school goes first

    >>> float(rationed(2.0, 4.0, 2.0))
    1.0
    """
    if total_wanted <= supply:
        return wanted
    return wanted * supply / max(total_wanted, 1e-9)
