"""Commitment of organisations: what they expect of others, and what they pledge."""

from __future__ import annotations

import math

import numpy as np

from sim.jit import elementwise, segment, step_of
from sim.rules.arrays import Flags, Floats, Ints
from sim.rules.logit import chance


@elementwise
def bounded_logit(logit: float) -> float:
    """Keep a logit within +-30: no reason is stronger than certainty.

    Args:
        logit: any [logit]

    Holds for: any number; avoids overflow for all-or-nothing actors.
    Source: assumed: exp(-30) is as good as never

    >>> float(bounded_logit(1e9))
    30.0
    """
    return math.copysign(min(abs(logit), 30.0), logit)


_bounded_logit, _chance = step_of(bounded_logit), step_of(chance)


@segment
def expectation(capacity: Floats, pledge: Floats, trust: Floats, target: Ints, offsets: Ints) -> Floats:
    """Return the share of all means expected to be put in: an organisation's own, and its partners' as far as trusted.

    Args:
        capacity: means [NIS million/year], shape (organisations,)
        pledge: share of the means pledged [share], shape (organisations,)
        trust: trust along each tie [share], shape (ties,)
        target: row of each tie's target, sorted by source [row], shape (ties,)
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)

    Returns: expected share [share], shape (organisations,).
    Holds for: non-negative capacities; 0 where nobody has any.
    Source: granovetter_1978, oliver_1985

    >>> expectation(np.ones(2), np.array([0.0, 1.0]), np.array([0.5]), np.array([1]), np.array([0, 1, 1])).tolist()
    [0.25, 1.0]
    """
    out = np.zeros(offsets.size - 1)
    for row in range(out.size):
        put, means = capacity[row] * pledge[row], capacity[row]
        for tie in range(offsets[row], offsets[row + 1]):
            other = target[tie]
            put += trust[tie] * capacity[other] * pledge[other]
            means += capacity[other]
        if means > 0.0:
            out[row] = put / means
    return out


@segment
def grants(purse: Floats, gives: Flags, takes: Flags, trust: Floats, target: Ints, offsets: Ints) -> Floats:
    """Divide the purse of each grant maker among those it may give to, in proportion to trust.

    Args:
        purse: money at hand [NIS million], shape (organisations,)
        gives: who hands money on [flag], shape (organisations,)
        takes: who may receive it [flag], shape (organisations,)
        trust: trust along each tie [share], shape (ties,)
        target: row of each tie's target, sorted by source [row], shape (ties,)
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)

    Returns: what each tie receives [NIS million], shape (ties,).
    Holds for: non-negative purses; whoever trusts nobody keeps its own.
    Source: case

    >>> two, flags = np.array([0.25, 0.75]), np.array([True, False, False])
    >>> grants(np.array([4.0, 0.0, 0.0]), flags, ~flags, two, np.array([1, 2]), np.array([0, 2, 2, 2])).tolist()
    [1.0, 3.0]
    """
    out = np.zeros(trust.size)
    for row in range(gives.size):
        total = 0.0
        for tie in range(offsets[row], offsets[row + 1]):
            if gives[row] and takes[target[tie]]:
                out[tie] = trust[tie]
                total += trust[tie]
        for tie in range(offsets[row], offsets[row + 1]):
            out[tie] *= purse[row] / total if total > 0.0 else 0.0
    return out


@elementwise
def surplus(expected: float, threshold: float, *, width: float) -> float:
    """Return how far the expected share passes the share that an organisation asks for before it joins in.

    Args:
        expected: share of all means expected to be put in [share]
        threshold: share it asks for [share]
        width: how gradually it reacts [share]

    Holds for: width > 0; near zero width gives Granovetter's all-or-nothing actors.
    Source: granovetter_1978

    >>> round(float(surplus(0.3, 0.2, width=0.1)), 6)
    1.0
    """
    return (expected - threshold) / width


@elementwise
def pledge_target(logit: float, autonomy: float, member: float, *, partners: float, independent: float) -> float:
    """Return the pledge aimed at: a member's by its reasons and its sense of ownership, others' a fixed share.

    Args:
        logit: sum of its reasons [logit]
        autonomy: sense that the work is its own [share]
        member: 1 for those who take part, 0 for others [share]
        partners: factor on members' pledges [share]
        independent: what non-members put in [share]

    Holds for: shares in 0-1; reasons count up to certainty.
    Source: emerson_2012

    >>> float(pledge_target(0.0, 0.5, 1.0, partners=0.8, independent=0.1))
    0.2
    """
    if member > 0.0:
        return _chance(_bounded_logit(logit)) * autonomy * partners
    return independent


@elementwise
def pledge_after(pledge: float, target: float, *, rate: float) -> float:
    """Move a pledge slowly towards its target: budgets are made once a year.

    Args:
        pledge: before [share]
        target: what the organisation would pledge [share]
        rate: share of the distance covered [share/month]

    Holds for: all in 0-1.
    Source: assumed: one twelfth a month, a yearly budget

    >>> float(pledge_after(0.0, 1.0, rate=0.25))
    0.25
    """
    return pledge + rate * (target - pledge)


@elementwise
def pressed(target: float, pressure: float) -> float:
    """Raise a pledge aimed at towards all means, by pressure from outside.

    Args:
        target: what it would pledge by its own reasons [share]
        pressure: from outside [share]

    Holds for: all in 0-1.
    Source: case

    >>> float(pressed(0.5, 0.2))
    0.6
    """
    return 1.0 - (1.0 - target) * (1.0 - pressure)


@elementwise
def delivered_share(load: float, *, steepness: float) -> float:
    """Return the delivered part of a promise: less, the more is promised beyond the capacity to deliver.

    Args:
        load: promised over capacity to deliver [ratio]
        steepness: how sharply delivery bends at capacity [ratio]

    Holds for: load >= 0; load x share rises towards 1 with the load, and nearly all is delivered well below capacity.
    Source: assumed: a smooth ceiling

    >>> round(float(delivered_share(1.0, steepness=1.0)), 3)
    0.5
    """
    return 1.0 / (1.0 + load**steepness) ** (1.0 / steepness)


@elementwise
def evidence(growth: float) -> float:
    """Return the evidence of published figures: growth over two years, clipped in both directions.

    Args:
        growth: of the published count over two years [share]

    Holds for: any number.
    Source: assumed: clipped to -0.2 ... 0.5

    >>> float(evidence(0.9))
    0.5
    """
    return min(max(growth, -0.2), 0.5)


@elementwise
def chance_of_joining(
    usual: float, recruiting: float, joined: float, *, by_recruiting: float, by_partners: float
) -> float:
    """Return the chance to join: by being approached, and by trusted partners who have joined.

    Args:
        usual: of its kind [share/month]
        recruiting: effort of whoever approaches it [share]
        joined: mean over its partners of the trust in those who are members [share]
        by_recruiting: factor on the usual chance with all effort [ratio]
        by_partners: factor where all partners are members and wholly trusted [ratio]

    Holds for: all non-negative.
    Source: case

    >>> round(float(chance_of_joining(0.02, 0.5, 0.25, by_recruiting=2.0, by_partners=4.0)), 3)
    0.04
    """
    return min(usual * (by_recruiting * recruiting + by_partners * joined), 1.0)


@elementwise
def logit_of_leaving(trust: float, *, base: float, by_trust: float) -> float:
    """Return the logit of leaving: members without trust leave, those with trust stay.

    Args:
        trust: mean trust in all its partners, members or not [share]
        base: at no trust [logit]
        by_trust: weight of trust [logit]

    Holds for: trust in 0-1.
    Source: assumed: few left in the case

    >>> float(logit_of_leaving(0.5, base=-4.0, by_trust=4.0))
    -6.0
    """
    return base - by_trust * trust


@elementwise
def autonomy_after(autonomy: float, *, rate: float, floor: float) -> float:
    """Lower the sense that the work is one's own, month by month, while others decide (co-optation).

    Args:
        autonomy: before [share]
        rate: part of what can be lost, lost each month [share/month]
        floor: what is left in the end [share]

    Holds for: all in 0-1; rate 0 is no co-optation.
    Source: emerson_2012

    >>> round(float(autonomy_after(1.0, rate=0.1, floor=0.5)), 3)
    0.95
    """
    return autonomy - rate * max(0.0, autonomy - floor)
