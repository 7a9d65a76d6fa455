"""September in all schools as one compiled function: choices, tracks, support, teachers, and the new grade 10."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.draws import Stream, luck_of_each
from sim.jit import segment, step_of
from sim.rules import choosing, enrolling, staffing
from sim.rules.arrays import Flags, Floats, Ints, Keys
from sim.rules.counts import total_at, total_of, total_of_many
from sim.rules.enrolling import ChoiceColumns, ChoiceWeights, Programmes, write_choice_terms
from sim.rules.logit import chance
from sim.world.schools import BAND_SCORES, BANDS

_chance, _ability_term = step_of(chance), step_of(enrolling.ability_term)
_viability, _hazard = step_of(staffing.viability), step_of(staffing.hazard)
_sought, _rationed, _begun = step_of(staffing.sought), step_of(staffing.rationed), step_of(choosing.begun)
_support_after, _channel_effect = step_of(choosing.support_after), step_of(choosing.channel_effect)
_readiness, _size_of_cohort = step_of(choosing.readiness_of_school), step_of(choosing.size_of_cohort)
_strength = step_of(choosing.strength_of_policy)


class Sites(NamedTuple):
    """Columns of schools when a school year begins; shapes (schools,), missing (schools, 2)."""

    id: Ints  # stable identity [id]
    size: Floats  # maths takers of a grade in the reference year [students]
    track: Flags  # has a class of five units [flag]
    opened: Ints  # school year of the last opening or closing, 0 never [school year]
    teachers: Floats  # of five units [teachers]
    missing: Floats  # in the last two Septembers, the latest first [teachers]
    hours: Floats  # of the ministry this year [hours]
    virtual: Floats  # seats in virtual classes [students]
    minimum: Floats  # students asked for to open a class [students]
    easing: Floats  # factor on the students expected, by circumstances and access support [ratio]
    normal: Floats  # luck of the size of the new cohort [sd]


class SchoolSupport(NamedTuple):
    """Support of schools before this year's has arrived; shapes (schools, channels), owners (owners,)."""

    support: Floats  # partners' stock [NIS/pupil]
    policy_support: Floats  # the ministry's stock [NIS/pupil]
    arriving: Floats  # of partners this year [NIS million]
    delivered_policy: Floats  # of the ministry this year [NIS million]
    virtual_money: Floats  # of partners for virtual classes this year [NIS million], shape (schools,)
    owner: Ints  # of each school [code], shape (schools,)
    trusts: Floats  # of owners in the ministry [share]
    agrees: Floats  # agreement of owners with the agenda, 0 of one that is not a member [share]


class Rates(NamedTuple):
    """Numbers of this September."""

    year: int  # [school year]
    idle: bool  # no school has or gets any support
    growth: float  # size of the cohort, over that of the reference year [ratio]
    near: float  # pupils whom support reaches, over maths takers of a grade [ratio]
    lasting: float  # part of support that lasts a year [share]
    half: float  # support at which 63% of its effect is there [NIS/pupil]
    preparing: float  # how far trust, agreement or support can prepare a school alone [share]
    junior: float  # weight of junior high school in the agenda [share]
    junior_lag: float  # until capability of grades 7-9 reaches grade 10 [years]
    virtual_price: float  # of a seat in a virtual class [NIS million/year]
    width: float  # blur of the class minimum [log students]
    rate: float  # greatest chance to open or close a class [share/year]
    retiring: float  # teachers who leave [share/year]
    hiring: float  # part of the gap filled in a year [share/year]
    training: float  # from a need to a new teacher [years]
    students: float  # per teacher [students]
    seats: float  # per teacher [students]
    seats_per_hour: float  # [seats/annual weekly hour]
    supply: float  # teachers that can be hired this year [teachers]
    size_spread: float  # of cohorts [ratio]


CHANGED = (
    "track", "opened", "support", "policy_support", "effect", "policy_effect", "earlier_motivation", "readiness", "junior",
    "virtual", "teachers", "missing",
)  # fmt: skip
"""Columns of schools that a September changes, in the order of `september`."""


@step_of
def wanting_five(
    programmes: Programmes, columns: ChoiceColumns, weights: ChoiceWeights, size: Floats, growth: float
) -> tuple[Floats, Floats]:
    """Return the chance to want five units, shape (schools, bands) [share], and the takers there would be [students].

    Args:
        programmes: at schools
        columns: further circumstances in the choice
        weights: of the reasons
        size: maths takers of a grade in the reference year [students], shape (schools,)
        growth: of the cohort [ratio]
    """
    terms, chances, takers, ability = np.empty(9), np.empty((size.size, BANDS)), np.empty(size.size), columns.ability
    for school in range(size.size):
        write_choice_terms(school, programmes, columns, weights, terms)
        logit = total_of(terms)
        for band in range(BANDS):
            chances[school, band] = _chance(logit + _ability_term(ability[school], BAND_SCORES[band], weights.ability))
        takers[school] = max(size[school] * growth * (total_at(school, chances) / BANDS), 0.01)
    return chances, takers


@step_of
def in_grades(five: Floats) -> Floats:
    """Return the students at five units of each school and grade; shape (schools, grades) [students]."""
    grades, schools, bands = five.shape
    out = np.zeros((schools, grades))
    for grade in range(grades):
        for school in range(schools):
            for band in range(bands):
                out[school, grade] += five[grade, school, band]
    return out


@step_of
def part_at_hand(sites: Sites, students: Floats, rates: Rates) -> float:
    """Return the part of the teachers wanted that can be hired this year [share]; students by school and grade."""
    gap, teachers = np.empty(sites.teachers.size), sites.teachers
    for school in range(gap.size):
        need = (students[school, 0] + students[school, 1] + students[school, 2]) / rates.students
        gap[school] = max(need - teachers[school] * (1.0 - rates.retiring), 0.0)
    wanted = rates.hiring * total_of_many(gap)
    return min(1.0, rates.supply / wanted) if wanted > 0.0 else 1.0


@step_of
def tracks(keys: Keys, sites: Sites, expected: Floats, at_hand: float, rates: Rates) -> tuple[Flags, Ints]:
    """Return which schools have a class of five units after openings and closings [flag], and since when [school year]."""
    opening = luck_of_each(keys[Stream.OPENING], sites.id)
    closing = luck_of_each(keys[Stream.CLOSING], sites.id)
    before, easing, minimum = sites.track, sites.easing, sites.minimum
    track, opened = before.copy(), sites.opened.copy()
    for school in range(track.size):
        viable = _viability(expected[school] * easing[school], minimum[school], rates.width)
        if before[school]:
            track[school] = not closing[school] < _hazard(-viable, rates.rate)
        else:
            track[school] = opening[school] < _hazard(viable, rates.rate) * at_hand
        if track[school] != before[school]:
            opened[school] = rates.year
    return track, opened


@step_of
def effects(stock: Floats, added: Floats, sites: Sites, rates: Rates) -> tuple[Floats, Floats]:
    """Return a stock of support after a year [NIS/pupil] and its effect [share]; two arrays (schools, channels)."""
    after, effect, size = np.empty(stock.shape), np.empty(stock.shape), sites.size
    for school in range(stock.shape[0]):
        pupils = rates.near * size[school] * rates.growth
        for channel in range(stock.shape[1]):
            after[school, channel] = _support_after(
                stock[school, channel], added[school, channel], pupils, rates.lasting
            )
            effect[school, channel] = _channel_effect(after[school, channel], rates.half)
    return after, effect


@step_of
def prepared(
    stocks: SchoolSupport, programmes: Programmes, columns: ChoiceColumns, effect: Floats, rates: Rates, weight: float
) -> tuple[Floats, Floats, Floats]:
    """Return motivation that choosers met in grade 9 [share], readiness [share] and capability of grades 7-9 [share]."""
    motivation, readiness, junior = np.empty(effect.shape[0]), np.empty(effect.shape[0]), np.empty(effect.shape[0])
    local, partners, policy, before = programmes.readiness, programmes.effect, programmes.policy_effect, columns.junior
    owners, trusts, agrees = stocks.owner, stocks.trusts, stocks.agrees
    for school in range(effect.shape[0]):
        strength, owner = _strength(local[school], weight), owners[school]
        mean = total_at(school, effect) / effect.shape[1]
        motivation[school] = partners[school, 2] + strength * policy[school, 2]
        readiness[school] = _readiness(trusts[owner], agrees[owner], mean, rates.preparing)
        junior[school] = before[school] + (mean * rates.junior - before[school]) / rates.junior_lag
    return motivation, readiness, junior


@step_of
def without_track(track: Flags, money: Floats, price: float) -> Floats:
    """Return the seats in virtual classes, at schools without a class of their own; shape (schools,) [students]."""
    seats = np.zeros(track.size)
    for school in range(track.size):
        if not track[school]:
            seats[school] = money[school] / price
    return seats


@step_of
def staffed(sites: Sites, track: Flags, expected: Floats, students: Floats, rates: Rates) -> tuple[Floats, Floats]:
    """Return teachers after retirement and hiring [teachers], and those missing in two Septembers, shape (schools, 2)."""
    teachers, wanted, missing = np.empty(track.size), np.empty(track.size), np.empty((track.size, 2))
    before, lacking = sites.teachers, sites.missing
    for school in range(track.size):
        teachers[school] = before[school] * (1.0 - rates.retiring)
        come = students[school, 0] + students[school, 1] + (expected[school] if track[school] else 0.0)
        need = max(come / rates.students - teachers[school], 0.0)
        missing[school, 0], missing[school, 1] = need, lacking[school, 0]
        if teachers[school] > 0.0:  # otherwise a class opens where a teacher is at hand
            need = _sought(need, lacking[school, 0], lacking[school, 1], rates.training)
        wanted[school] = rates.hiring * need
    total = total_of_many(wanted)
    for school in range(track.size):
        teachers[school] += _rationed(wanted[school], total, rates.supply)
    return teachers, missing


@step_of
def new_grade(
    keys: Keys, sites: Sites, free: Floats, wanting: Floats, fourth: Floats, rates: Rates
) -> tuple[Floats, Floats, Floats]:
    """Return maths takers, those at five and those at four units of the new grade 10; three arrays (schools, bands)."""
    expected, bands = np.empty(free.size), np.empty(free.size * BANDS, np.int64)
    usual, normal, ids = sites.size, sites.normal, sites.id
    for school in range(free.size):
        expected[school] = _size_of_cohort(usual[school] * rates.growth, normal[school], rates.size_spread) / BANDS
        for band in range(BANDS):
            bands[school * BANDS + band] = ids[school] * BANDS + band
    rows = np.flatnonzero(free >= 1.0)
    shape = (free.size, BANDS)
    luck = (
        luck_of_each(keys[Stream.COHORT], bands).reshape(shape),
        luck_of_each(keys[Stream.CHOICE], bands).reshape(shape)[rows],
        luck_of_each(keys[Stream.FOUR], bands).reshape(shape),
    )
    return _begun(rows, luck, expected, wanting, free, fourth)


@step_of
def promoted(new: Floats, old: Floats) -> Floats:
    """Return students of all grades a year later, by the new grade and the old ones; shape (grades, schools, bands)."""
    out, entered, earlier = np.empty(old.shape), new.ravel(), old.ravel()
    after = out.reshape(out.size)
    for item in range(entered.size):
        after[item] = entered[item]
    entrants = np.uint64(entered.size)
    for item in range(np.uint64(after.size) - entrants):
        after[entrants + item] = earlier[item]
    return out


@segment
def september(
    keys: Keys,
    choice: tuple[Programmes, ChoiceColumns, ChoiceWeights],
    sites: Sites,
    stocks: SchoolSupport,
    grades: tuple[Floats, Floats, Floats, Floats],
    rates: Rates,
) -> tuple[float, tuple[Floats, ...], tuple[Floats, Floats, Floats]]:
    """Begin the school year: choices and tracks follow last year's support, before this year's arrives.

    Args:
        keys: of the random streams of the month
        choice: programmes, circumstances and weights of the choice
        sites: columns of schools
        stocks: support of schools
        grades: maths takers, those at five and at four units [students], shapes (grades, schools, bands); and the chance of
            four units for those not at five [share], shape (schools, bands)
        rates: numbers of this September
    """
    programmes, columns, weights = choice
    takers, five, four, fourth = grades
    wanting, expected = wanting_five(programmes, columns, weights, sites.size, rates.growth)
    students = in_grades(five)
    at_hand = part_at_hand(sites, students, rates)
    track, opened = tracks(keys, sites, expected, at_hand, rates)
    support, policy, virtual = stocks.support, stocks.policy_support, sites.virtual
    effect, policy_effect = programmes.effect, programmes.policy_effect
    motivation, readiness, junior = columns.motivation, programmes.readiness, columns.junior
    if not rates.idle:
        support, effect = effects(support, stocks.arriving, sites, rates)
        policy, policy_effect = effects(policy, stocks.delivered_policy, sites, rates)
        motivation, readiness, junior = prepared(stocks, programmes, columns, effect, rates, weights.irrelevance)
        virtual = without_track(track, stocks.virtual_money, rates.virtual_price)
    teachers, missing = staffed(sites, track, expected, students, rates)
    free, hours = np.empty(track.size), sites.hours
    for school in range(track.size):
        seats = teachers[school] * rates.seats + hours[school] * rates.seats_per_hour + virtual[school]
        free[school] = (seats if track[school] else virtual[school]) - (students[school, 0] + students[school, 1])
    new = new_grade(keys, sites, free, wanting, fourth, rates)
    changed = (  # in the order of CHANGED
        track, opened, support, policy, effect, policy_effect, motivation, readiness, junior, virtual, teachers, missing,
    )  # fmt: skip
    return at_hand, changed, (promoted(new[0], takers), promoted(new[1], five), promoted(new[2], four))
