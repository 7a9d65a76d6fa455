"""Adoption by the ministry: problem, readiness, entrepreneurship and the window."""

from __future__ import annotations

import math

from sim.jit import elementwise


@elementwise
def problem(share: float, salience: float, *, target: float) -> float:
    """Return the problem stream: a shortfall, as far as people talk about it.

    Args:
        share: published share of the grade at five units [share]
        salience: how much it is talked about [share]
        target: share that would satisfy [share]

    Holds for: non-negative shares.
    Source: kingdon_1984

    >>> float(problem(0.09, 1.0, target=0.18))
    0.5
    """
    return max(0.0, 1.0 - share / target) * salience


@elementwise
def readiness(consensus: float, measurement: float, trust: float) -> float:
    """Return the readiness of a network: the geometric mean of agreement, shared data and the ministry's trust.

    Args:
        consensus: mean agreement of members [share]
        measurement: shared measurement M [share]
        trust: mean trust of the ministry in members [share]

    Holds for: all in 0-1; 0 where one of the three is missing.
    Source: kingdon_1984

    >>> round(float(readiness(0.5, 0.5, 0.5)), 3), float(readiness(1.0, 0.0, 1.0))
    (0.5, 0.0)
    """
    return (consensus * measurement * trust) ** (1.0 / 3.0)


@elementwise
def shifted_chance(chance: float, logit: float) -> float:
    """Shift a chance by one more reason on the logit scale.

    Args:
        chance: without the reason [share]
        logit: the reason [logit]

    Holds for: chances in 0-1; 0 and 1 stay as they are.
    Source: kingdon_1984

    >>> round(float(shifted_chance(0.5, 1.0)), 3), float(shifted_chance(0.0, 1.0))
    (0.731, 0.0)
    """
    return chance / (chance + (1.0 - chance) * math.exp(-logit)) if chance > 0.0 else 0.0


@elementwise
def salience_after(salience: float, *, half_life: float) -> float:
    """Return the salience a month later; it halves in a given number of months.

    Args:
        salience: before [share]
        half_life: months in which it halves [months]

    Holds for: half_life > 0.
    Source: kingdon_1984

    >>> round(float(salience_after(1.0, half_life=1.0)), 3)
    0.5
    """
    return salience * 0.5 ** (1.0 / half_life)


@elementwise
def entrepreneurship(in_founders: float, in_backbone: float, coupling: float, *, founders_reach: float) -> float:
    """Return the policy entrepreneurship of founders and backbone: either is enough, both are better.

    Args:
        in_founders: trust of the ministry in the founders [share]
        in_backbone: trust of the ministry in the backbone [share]
        coupling: effort of the backbone on coupling problems, policies and politics [share]
        founders_reach: how much founders achieve alone [share]

    Holds for: all in 0-1; without a backbone only the founders count.
    Source: kingdon_1984

    >>> round(float(entrepreneurship(0.5, 0.5, 1.0, founders_reach=0.4)), 3)
    0.6
    """
    return 1.0 - (1.0 - founders_reach * in_founders) * (1.0 - coupling * in_backbone)


@elementwise
def stream_term(level: float, weight: float, *, floor: float) -> float:
    """Return the term of one stream of the window on the logit scale; a stream near zero blocks the window.

    Args:
        level: of the stream, 0-1 [share]
        weight: how much the stream matters; 0 not at all [logit]
        floor: what remains where the stream is dead [share]

    Holds for: floor > 0.
    Source: kingdon_1984

    >>> round(float(stream_term(0.95, 1.0, floor=0.05)), 3)
    0.0
    """
    return weight * math.log(floor + level)


@elementwise
def stream_term_additive(level: float, weight: float) -> float:
    """Return the term of one stream in the rival form: streams add up, and one can stand in for another.

    Args:
        level: of the stream, 0-1 [share]
        weight: how much the stream matters [logit]

    Holds for: levels in 0-1; centred at one third so that both forms can share their intercepts.
    Source: assumed: the dull rival of the multiplicative window

    >>> round(float(stream_term_additive(1.0, 1.5)), 3)
    3.0
    """
    return 3.0 * weight * (level - 1.0 / 3.0)
