"""Trust between partners: it grows, falls, travels and fades."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.jit import elementwise, segment, step_of
from sim.rules.agreeing import agreement_of_two
from sim.rules.arrays import Flags, Floats, Ints
from sim.rules.logit import chance


@elementwise
def trust_after(trust: float, experience: float, *, gain: float, loss: float) -> float:
    """Move trust towards an experience, faster where the experience disappoints.

    Args:
        trust: trust before [share]
        experience: 1 a contact that went well, 0 one that did not, between for part of a promise kept [share]
        gain: how far trust rises towards a better experience [share]
        loss: how far it falls towards a worse one [share]

    Holds for: all arguments in 0-1; the result stays in 0-1. gain == loss is the symmetric case.
    Source: slovic_1993, poortinga_pidgeon_2004

    >>> round(float(trust_after(0.5, 1.0, gain=0.1, loss=0.2)), 3)
    0.55
    """
    if experience > trust:
        return trust + gain * (experience - trust)
    return trust + loss * (experience - trust)


_trust_after, _chance = step_of(trust_after), step_of(chance)


class Quality(NamedTuple):
    """Weights of what makes a contact go well [logit], and the effect of mediation where both trust the mediator [share]."""

    base: float
    agreement: float
    crossing: float  # different sectors
    mediation: float


@segment
def went_well(
    luck: Floats, pairs: tuple[Ints, Ints], kind: Ints, position: Floats, trusted: Floats, *, reasons: Quality
) -> Floats:
    """Decide which contacts go well: likelier in agreement, in one sector, or with a mediator whom both trust.

    Args:
        luck: of each contact [share], shape (contacts,)
        pairs: rows of the ones and of the others [row], two arrays of shape (contacts,)
        kind: sector of each organisation [code], shape (organisations,)
        position: weights on subjects and on grades [share], shape (organisations, weights)
        trusted: trust in the mediator [share], shape (organisations,)
        reasons: what counts and how much, a Quality [logit]

    Returns: 1 where it went well, 0 where it did not, shape (contacts,).
    Holds for: reasons add up on the logit scale.
    Source: lee_2012

    >>> rows, flat = (np.array([0]), np.array([1])), np.ones((2, 2))
    >>> well = went_well(np.array([0.6]), rows, np.array([1, 2]), flat, np.ones(2), reasons=Quality(1.0, 0.0, 1.0, 1.0))
    >>> well.tolist()
    [1.0]
    """
    out, (ones, others) = np.zeros(luck.size), pairs
    for contact in range(luck.size):
        one, other = ones[contact], others[contact]
        logit = reasons.base + reasons.agreement * (agreement_of_two(position, one, position, other) - 0.5)
        if kind[one] != kind[other]:
            logit -= reasons.crossing * (1.0 - reasons.mediation * min(trusted[one], trusted[other]))
        out[contact] = luck[contact] < _chance(logit)
    return out


@segment
def trust_after_contacts(
    trust: Floats, source: Ints, contacts: Ints, experience: Floats, *, gain: Floats, loss: Floats
) -> Floats:
    """Return trust along every tie after some of the partners have met, each as in `trust_after`.

    Args:
        trust: trust before [share], shape (ties,)
        source: row of who trusts along each tie [row], shape (ties,)
        contacts: ties whose partners met [position], shape (contacts,)
        experience: what each experienced [share], shape (contacts,)
        gain: how far trust of each organisation rises towards a better experience [share], shape (organisations,)
        loss: how far it falls towards a worse one [share], shape (organisations,)

    Returns: trust after [share], shape (ties,).
    Holds for: all in 0-1.
    Source: slovic_1993, poortinga_pidgeon_2004

    >>> ties, shares = np.array([0.5, 0.5]), np.array([0.1, 0.5])
    >>> trust_after_contacts(ties, np.array([0, 1]), np.array([1]), np.array([1.0]), gain=shares, loss=shares).tolist()
    [0.5, 0.75]
    """
    out = trust.copy()
    for contact in range(contacts.size):
        tie = contacts[contact]
        out[tie] = _trust_after(trust[tie], experience[contact], gain[source[tie]], loss[source[tie]])
    return out


@elementwise
def reputation_after(trust: float, weight: float, experience: float, *, memory: float) -> float:
    """Return trust in the rival rule: the record of experience so far, old experience counting less.

    Args:
        trust: trust before [share]
        weight: how much experience it rests on [contacts]
        experience: what was experienced [share]
        memory: weight that a contact keeps at the next [share]

    Holds for: weight > 0; the mean of a Beta reputation with forgetting.
    Source: josang_ismail_2002

    >>> round(float(reputation_after(0.5, 1.0, 1.0, memory=1.0)), 3)
    0.75
    """
    return (memory * weight * trust + experience) / (memory * weight + 1.0)


@elementwise
def trust_faded(trust: float, reference: float, *, rate: float) -> float:
    """Move trust without contact back to what strangers of these sectors have.

    Args:
        trust: trust before [share]
        reference: trust between such sectors without any history [share]
        rate: share of the distance lost [share/month]

    Holds for: rate in 0-1.
    Source: tumaco_model

    >>> round(float(trust_faded(0.5, 0.3, rate=0.1)), 3)
    0.48
    """
    return trust + rate * (reference - trust)


@step_of
def _report(tie: int, row: int, ties: tuple[Floats, Ints, Ints], reported: Floats, weight: Floats) -> None:
    trust, target, offsets = ties
    trusted, first, last = trust[tie], offsets[target[tie]], offsets[target[tie] + 1]
    if last - first <= 16 * (offsets[row + 1] - offsets[row]):
        for other in range(first, last):
            reported[target[other]] += trusted * trust[other]
            weight[target[other]] += trusted
        return
    at = first  # of one that knows very many, only those that the listener knows too are looked up
    for own in range(offsets[row], offsets[row + 1]):
        partner = target[own]
        at += np.searchsorted(target[at:last], partner)
        if at < last and target[at] == partner:
            reported[partner] += trusted * trust[at]
            weight[partner] += trusted


@segment
def heard_of(trust: Floats, target: Ints, offsets: Ints, met: Flags) -> Floats:
    """Return what the partners met this month report of those both know: their trust, weighted by trust in them.

    Args:
        trust: trust along each tie [share], shape (ties,)
        target: row of each tie's target, sorted by source [row], shape (ties,)
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)
        met: whether the tie's partners met this month [flag], shape (ties,)

    Returns: the trust heard of along each tie, or its own trust where nothing was heard, shape (ties,).
    Holds for: any network. One hears when one meets: an opinion travels no faster than contact.
    Source: lambright_2010

    >>> heard_of(np.array([1.0, 0.2, 0.8]), np.array([1, 2, 2]), np.array([0, 2, 3, 3]), np.ones(3)).tolist()
    [1.0, 0.8, 0.8]
    """
    rows, ties, out = offsets.size - 1, (trust, target, offsets), trust.copy()
    reported, weight = np.zeros(rows), np.zeros(rows)
    for row in range(rows):
        begin, end, listened = offsets[row], offsets[row + 1], False
        for tie in range(begin, end):
            if met[tie]:
                if not listened:
                    listened = True
                    for own in range(begin, end):  # those that it does not know are never looked up
                        reported[target[own]], weight[target[own]] = 0.0, 0.0
                _report(tie, row, ties, reported, weight)
        if listened:
            for tie in range(begin, end):
                if weight[target[tie]] > 0.0:
                    out[tie] = reported[target[tie]] / weight[target[tie]]
    return out


@elementwise
def trust_after_talk(trust: float, heard: float, reference: float, *, hearsay: float, fading: float) -> float:
    """Move trust a little towards what partners report, and back to what strangers of these sectors have.

    Args:
        trust: trust before [share]
        heard: trust heard of [share]
        reference: trust between such sectors without any history [share]
        hearsay: how far one follows what is heard [share]
        fading: share of the distance to the reference lost [share/month]

    Holds for: all in 0-1; what is heard is followed first.
    Source: lambright_2010, tumaco_model

    >>> round(float(trust_after_talk(0.5, 0.7, 0.3, hearsay=0.5, fading=0.1)), 3)
    0.57
    """
    followed = trust + hearsay * (heard - trust)
    return followed + fading * (reference - followed)


@elementwise
def break_even(reference: float, *, ratio: float) -> float:
    """Return the chance of a good contact at which meeting neither raises nor lowers trust.

    Args:
        reference: trust without history [share]
        ratio: loss over gain [ratio]

    Holds for: reference in 0-1, ratio > 0.
    Source: slovic_1993

    >>> round(float(break_even(0.25, ratio=2.0)), 3)
    0.4
    """
    return ratio * reference / (ratio * reference + 1.0 - reference)


@elementwise
def reset_upwards(trust: float, level: float, *, share: float) -> float:
    """Raise trust towards what a trusted new leader brings; it never falls.

    Args:
        trust: trust before [share]
        level: trust that the person brings [share]
        share: part of the distance covered at once [share]

    Holds for: all in 0-1.
    Source: case

    >>> round(float(reset_upwards(0.2, 0.6, share=0.5)), 3)
    0.4
    """
    if level > trust:
        return trust + share * (level - trust)
    return trust
