"""Reasons of students to choose five units, and to stay at them or rise to them, at every school."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.jit import elementwise, segment, step_of
from sim.rules.arrays import Flags, Floats
from sim.rules.choosing import completed, pushed, strength_of_policy
from sim.rules.counts import total_of_many

_strength, _completed, _pushed = step_of(strength_of_policy), step_of(completed), step_of(pushed)

CHOICE_TERMS = (
    "appeal of the school",
    "preference of the times",
    "support",
    "spirit of the cohort",
    "motivation in grade 9",
    "peers",
    "junior high school",
    "policy",
    "science reserves",
)
"""Reasons of a school to choose five units that all its students share, in the order of `choice_terms`."""


class Programmes(NamedTuple):
    """Circumstances of schools on which programmes act; shapes (schools,), effects (schools, channels)."""

    share: Floats  # at five units, last examination [share]
    usual: Floats  # at five units in the reference year [share]
    readiness: Floats  # local readiness R [share]
    effect: Floats  # of partners' support [share]
    policy_effect: Floats  # of the ministry's support [share]
    standing: Floats  # factor on the package, more where many aim at five units [ratio]


class ChoiceColumns(NamedTuple):
    """Further circumstances of schools in the choice; shapes (schools,)."""

    appeal: Floats  # before any programme [logit]
    preference: Floats  # of the times [logit]
    spirit: Floats  # of this year's cohort [logit]
    motivation: Floats  # effect of motivation a year before [share]
    junior: Floats  # capability built in grades 7-9 [share]
    reserves: Flags  # in the programme of science reserves [flag]
    ability: Floats  # mean ability of its students [sd]


class ChoiceWeights(NamedTuple):
    """Weights of the reasons to choose five units."""

    teaching: float  # full effect of teaching support [logit]
    access: float  # full effect of access support [logit]
    complementarity: float  # y [ratio]
    irrelevance: float  # i0, strength of policy where nothing is prepared [share]
    aspiration: float  # share that is aspired to, over the usual one; 0 is without limit [ratio]
    motivation: float  # of motivation in grade 9 [logit]
    peers: float  # of the share of the school above the national one [logit]
    national: float  # share of maths takers at five units, not a number before the first publication [share]
    junior: float  # of capability built in grades 7-9 [logit]
    package: float  # campaign and bonus in force [logit]
    reserves: float  # of science reserves [logit]
    ability: float  # of ability [logit/sd]


class StayingWeights(NamedTuple):
    """Weights of the reasons to stay at five units and to rise to them."""

    teaching: float  # full effect of teaching support [logit]
    access: float  # full effect of access support [logit]
    complementarity: float  # y [ratio]
    irrelevance: float  # i0, strength of policy where nothing is prepared [share]
    aspiration: float  # share that is aspired to, over the usual one; 0 is without limit [ratio]
    package: float  # safety net, campaign and bonus in force [logit]
    ability: float  # of ability [logit/sd]
    standing: float  # of the school's standing [logit/logit]
    rising: float  # effect on rising, over that on staying [ratio]


@step_of
def support_at(school: int, programmes: Programmes, strength: float, weights: tuple[float, float, float]) -> float:
    """Return the effect of support by partners and by the ministry at a school; channels complete one another [logit].

    Args:
        school: row of the school [row]
        programmes: at all schools
        strength: of policy at the school [share]
        weights: full effects of teaching and of access support [logit], and complementarity [ratio]
    """
    effect, policy, (teaching, access, complementarity) = programmes.effect, programmes.policy_effect, weights
    by_teaching = effect[school, 0] + strength * policy[school, 0]
    by_access = effect[school, 1] + strength * policy[school, 1]
    by_motivation = effect[school, 2] + strength * policy[school, 2]
    return (teaching * by_teaching + access * by_access) * _completed(
        by_teaching, by_access, by_motivation, complementarity
    )


@step_of
def write_choice_terms(
    school: int, programmes: Programmes, columns: ChoiceColumns, weights: ChoiceWeights, out: Floats
) -> None:
    """Write the reasons of a school to choose five units, in the order of `CHOICE_TERMS` [logit]."""
    strength = _strength(programmes.readiness[school], weights.irrelevance)
    push = _pushed(programmes.share[school], programmes.usual[school], weights.aspiration)
    share = programmes.share[school]
    of_channels = weights.teaching, weights.access, weights.complementarity
    out[0] = columns.appeal[school]
    out[1] = columns.preference[school]
    out[2] = push * support_at(school, programmes, strength, of_channels)
    out[3] = columns.spirit[school]
    out[4] = weights.motivation * (push * columns.motivation[school])
    out[5] = weights.peers * (share - (share if np.isnan(weights.national) else weights.national))
    out[6] = weights.junior * columns.junior[school]
    out[7] = push * (strength * programmes.standing[school]) * weights.package
    out[8] = weights.reserves if columns.reserves[school] else 0.0


@segment
def choice_terms(programmes: Programmes, columns: ChoiceColumns, weights: ChoiceWeights) -> Floats:
    """Return the reasons of every school to choose five units, ability apart.

    Args:
        programmes: at schools, Programmes
        columns: further circumstances, ChoiceColumns
        weights: of the reasons, ChoiceWeights

    Returns: terms in the order of `CHOICE_TERMS` [logit], shape (schools, terms).
    Holds for: any circumstances; without programmes only school, times, cohort and peers count.
    Source: brock_durlauf_2001

    >>> none, zero = np.zeros((1, 3)), np.zeros(1)
    >>> programmes = Programmes(zero + 0.2, zero + 0.2, zero, none, none, zero + 1.0)
    >>> columns = ChoiceColumns(zero - 1.0, zero, zero, zero, zero, zero > 0.0, zero)
    >>> weights = ChoiceWeights(1.0, 1.0, 0.0, 0.5, 0.0, 1.0, 2.0, 0.1, 1.0, 0.4, 0.0, 1.0)
    >>> choice_terms(programmes, columns, weights).tolist()
    [[-1.0, 0.0, 0.0, 0.0, 0.0, 0.2, 0.0, 0.2, 0.0]]
    """
    out = np.empty((columns.appeal.size, 9))
    for school in range(columns.appeal.size):
        write_choice_terms(school, programmes, columns, weights, out[school])
    return out


@elementwise
def ability_term(ability: float, score: float, *, weight: float) -> float:
    """Return the reason to choose five units by ability: the school's mean and the band's distance from it.

    Args:
        ability: mean of the school [sd]
        score: of the band, about the mean of its school [sd]
        weight: of ability [logit/sd]

    Holds for: any numbers.
    Source: school_file

    >>> float(ability_term(0.5, -1.0, weight=2.0))
    -1.0
    """
    return weight * (ability + score)


@step_of
def write_staying_reasons(
    school: int, programmes: Programmes, columns: tuple[Floats, Floats], weights: StayingWeights, out: Floats
) -> None:
    """Write what a school adds to staying at five units and to rising to them [logit], to its row of a table."""
    ability, standing = columns
    strength = _strength(programmes.readiness[school], weights.irrelevance)
    push = _pushed(programmes.share[school], programmes.usual[school], weights.aspiration)
    of_channels = weights.teaching, weights.access, weights.complementarity
    policy = strength * programmes.standing[school] * weights.package
    adds = push * (support_at(school, programmes, strength, of_channels) + policy)
    by_school = weights.ability * ability[school] + weights.standing * standing[school]
    out[school, 0] = by_school + adds
    out[school, 1] = by_school + weights.rising * adds


@segment
def staying_reasons(programmes: Programmes, columns: tuple[Floats, Floats], weights: StayingWeights) -> Floats:
    """Return what every school adds to staying at five units and to rising to them.

    Args:
        programmes: at schools, Programmes
        columns: mean ability [sd], and standing of each school [logit], two arrays of shape (schools,)
        weights: of the reasons, StayingWeights

    Returns: for staying and for rising [logit], shape (schools, 2).
    Holds for: any circumstances; programmes move rising by a part of what they do for staying.
    Source: school_file

    >>> none, zero = np.zeros((1, 3)), np.zeros(1)
    >>> programmes = Programmes(zero, zero + 0.2, zero, none, none, zero + 1.0)
    >>> weights = StayingWeights(1.0, 1.0, 0.0, 1.0, 0.0, 0.4, 2.0, 0.0, 0.5)
    >>> staying_reasons(programmes, (zero + 0.5, zero), weights).tolist()
    [[1.4, 1.2]]
    """
    out = np.empty((programmes.share.size, 2))
    for school in range(programmes.share.size):
        write_staying_reasons(school, programmes, columns, weights, out)
    return out


@elementwise
def beyond_girls(gain: float, *, by_girls: float, girls: float) -> float:
    """Return the gain of boys less that of girls, where the mean gain of both is known.

    Args:
        gain: mean over girls and boys [logit]
        by_girls: what girls gain, over what boys gain [ratio]
        girls: share of girls [share]

    Holds for: any gain; 0 where all are girls and girls gain nothing.
    Source: bank_of_israel

    >>> float(beyond_girls(0.1, by_girls=0.0, girls=0.5))
    0.2
    """
    mean = 1.0 - girls + girls * by_girls  # of both, over that of boys
    return gain * (1.0 - by_girls) / mean if mean > 0.0 else 0.0 * gain


_beyond_girls = step_of(beyond_girls)


class GainWeights(NamedTuple):
    """Weights of what programmes give boys beyond girls."""

    teaching: float  # full effect of the ministry's hours on teaching [logit]
    access: float  # full effect of its classes [logit]
    irrelevance: float  # i0, strength of policy where nothing is prepared [share]
    aspiration: float  # share that is aspired to, over the usual one; 0 is without limit [ratio]
    by_hours: float  # gain of girls by hours and classes, over that of boys [ratio]
    reserves: float  # effect of science reserves [logit]
    by_reserves: float  # gain of girls by the reserves, over that of boys [ratio]
    girls: float  # share of girls [share]


@segment
def gain_of_boys(programmes: Programmes, reserves: Flags, students: Floats, weights: GainWeights) -> float:
    """Return the gain of boys beyond girls from hours, classes and science reserves, mean over students.

    Args:
        programmes: at schools, Programmes
        reserves: in the programme of science reserves [flag], shape (schools,)
        students: over whom the mean is taken [students], shape (schools,)
        weights: of the gain, GainWeights

    Returns: mean gain [logit].
    Holds for: any circumstances; 0 without students.
    Source: bank_of_israel

    >>> none, one = np.zeros((1, 3)), np.ones(1)
    >>> programmes = Programmes(one, one, one, none, none + 0.1, one)
    >>> round(float(gain_of_boys(programmes, one > 1.0, one, GainWeights(1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.5))), 6)
    0.2
    """
    policy, gains = programmes.policy_effect, np.empty(students.size)
    for school in range(students.size):
        push = _pushed(programmes.share[school], programmes.usual[school], weights.aspiration)
        strength = _strength(programmes.readiness[school], weights.irrelevance)
        hours = push * strength * (weights.teaching * policy[school, 0] + weights.access * policy[school, 1])
        gain = _beyond_girls(hours, weights.by_hours, weights.girls)
        if reserves[school]:
            gain += _beyond_girls(weights.reserves, weights.by_reserves, weights.girls)
        gains[school] = students[school] * gain
    return total_of_many(gains) / max(total_of_many(students), 1.0)
