"""September in schools: promotion, support, tracks, teachers, and the new grade 10."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from sim.agents.owners import trust_in_ministry
from sim.agents.school import seats_of
from sim.dates import month_of_year, school_year
from sim.declare import parameter
from sim.draws import Stream
from sim.phases.host import Model
from sim.rules import agreeing, choosing, staffing
from sim.rules.arrays import Floats, Values
from sim.world.first_schools import chance_of_four_units
from sim.world.forums import RETRAINING_GROUP
from sim.world.organisations import owner_rows
from sim.world.schools import BANDS, Cohorts, Schools, all_bands
from sim.world.state import World


@dataclass(frozen=True)
class StaffingParameters:
    """Tracks and teachers."""

    minimum: float = parameter(15.0, unit="students", about="students needed to open a class in grade 10", low=1,
        high=100,
        source="haaretz_2015", evidence="measured", lever=True)  # fmt: skip
    minimum_lowered: float = parameter(6.0, unit="students", about="students needed under the national programme",
        low=1,
        high=100, source="haaretz_2015", evidence="measured", lever=True)  # fmt: skip
    haredi: float = parameter(-0.72, unit="log students", about="viability of classes in Haredi schools, besides what "
        "shares explain", low=-3,
        high=3, source="school_file", evidence="estimated")  # fmt: skip
    compliance: float = parameter(0.11, unit="share", about="part of schools that apply the official minimum; the "
        "others use waivers and joint classes", low=0, high=1, source="school_file", evidence="estimated",
        uncertain=True)  # fmt: skip
    waiver: float = parameter(4.3, unit="students", about="students needed at schools with waivers and joint classes",
        low=1,
        high=6, source="school_file", evidence="estimated")  # fmt: skip
    width: float = parameter(
        0.19, unit="log students", about="blur of the minimum: waivers and joint classes", low=0.1, high=1,
        source="school_file", evidence="estimated", uncertain=True,
    )  # fmt: skip
    rate: float = parameter(
        0.46, unit="share/year", about="greatest chance to open or close a class", low=0.05, high=1,
        source="school_file", evidence="estimated", uncertain=True,
    )  # fmt: skip
    by_access: float = parameter(0.5, unit="log students", about="full effect of access support on viability", low=0,
        high=3)  # fmt: skip
    staffed: float = parameter(0.95, unit="share", about="teachers at the start, over those needed: hiring balances retiring",
        low=0.1, high=2)  # fmt: skip
    retiring: float = parameter(0.05, unit="share/year", about="teachers who retire or leave", low=0, high=0.5)
    hiring: float = parameter(
        0.5, unit="share/year", about="part of the gap in teachers filled in a year", low=0, high=1
    )
    training: float = parameter(1.5, unit="years", about="L, time from a school's need to a new teacher: training and "
        "hiring",
        low=1, high=2, source="haaretz_2015")  # fmt: skip
    supply: float = parameter(79.0, unit="teachers/year", about="new teachers of five units that can be hired",
        low=0, high=300,
        source="haaretz_2015", uncertain=True)  # fmt: skip
    supply_per_million: float = parameter(
        3.0, unit="teachers/NIS million", about="teachers certified per million of partners' money for it, and of the "
        "ministry's on teaching",
        low=0, high=50,
        source="haaretz_2015", evidence="expert",
    )  # fmt: skip
    cap: float = parameter(250.0, unit="teachers/year", about="limit of new teachers of five units in a year, "
        "whatever is wanted or paid for: a few hundred", low=0, high=500, source="residency", evidence="estimated",
        uncertain=True)  # fmt: skip
    students_per_teacher: float = parameter(39.0, unit="students", about="students of the three grades per teacher",
        low=5, high=200, source="haaretz_2015", evidence="estimated")  # fmt: skip
    seats_per_teacher: float = parameter(63.0, unit="students", about="greatest number of students per teacher", low=30,
        high=120, uncertain=True)  # fmt: skip
    seats_per_hour: float = parameter(1.0, unit="seats/annual weekly hour", about="seats opened by an hour of the "
        "ministry",
        low=0, high=3, uncertain=True)  # fmt: skip
    hour_price: float = parameter(0.005, unit="NIS million", about="price of an annual weekly hour: NIS 75m over "
        "15,000",
        low=0.0001, high=1, source="case", evidence="measured")  # fmt: skip
    virtual_price: float = parameter(0.01, unit="NIS million/year", about="price of a seat in a virtual class",
        low=0.0001, high=1,
        source="virtual_high_school", evidence="estimated")  # fmt: skip


def school_year_phase(model: Model) -> World:
    """Begin the school year: choices and tracks follow last year's support, before this year's arrives."""
    world = model.world
    if month_of_year(world.month) != 9:
        return world
    wanting = model.schools.chance_of_five()
    expected = model.schools.expected_takers(wanting)
    tracks = with_tracks(model, world, expected)
    world = world.with_(schools=supported(model, tracks.schools, world))
    world = world.with_(schools=staffed(model, world, expected))
    return world.with_(cohorts=begun(model, world, wanting))


def with_tracks(model: Model, world: World, expected: Floats) -> World:
    """Return the world after schools have opened or closed their class of five units.

    Args:
        model: whose month it is
        world: as it is now
        expected: students who would begin five units [students], shape (schools,)
    """
    schools, luck, year = world.schools, model.luck, school_year(world.month)
    view, rate = model.schools, model.parameters.staffing.rate
    viable = view.viability(expected)
    opens = luck(Stream.OPENING, world.month, schools.id) < staffing.hazard(viable, rate=rate) * at_hand(model, world)
    closes = luck(Stream.CLOSING, world.month, schools.id) < staffing.hazard(-viable, rate=rate)
    track = np.where(schools.track, ~closes, opens)
    opened = np.where(track != schools.track, year, schools.opened)
    return world.with_(schools=schools.with_(track=track, opened=opened))


def at_hand(model: Model, world: World) -> float:
    """Return the part of the teachers wanted that can be hired this year [share]."""
    view, p = model.schools, model.parameters.staffing
    gap = view.needed_teachers(all_bands(world.cohorts.five.sum(axis=0))) - view.teachers * (1.0 - p.retiring)
    wanted = p.hiring * np.maximum(gap, 0.0).sum()
    return float(min(1.0, supply(model, world) / wanted)) if wanted > 0.0 else 1.0


def supply(model: Model, world: World) -> float:
    """Return the new teachers of five units that can be hired this year, certified or retrained ones included [teachers]."""
    p, schools = model.parameters, world.schools
    money = world.initiative.certifying + schools.delivered_policy[:, 0].sum()
    from_industry = 1.0 + p.network.group_strength * world.initiative.levels[RETRAINING_GROUP]
    scale = p.setting.scale
    come = p.staffing.supply * scale * from_industry + p.staffing.supply_per_million * money
    return float(min(come, p.staffing.cap * scale))


def supported(model: Model, schools: Schools, world: World) -> Schools:
    """Return the schools after this year's support has arrived: stocks, effects, readiness, seats.

    Args:
        model: whose month it is
        schools: after openings and closings
        world: before this year's support
    """
    p, pupils = model.parameters.school, model.schools.pupils()[:, None]
    idle = not (schools.support.any() or schools.arriving.any() or schools.delivered_policy.any())
    if idle and not schools.policy_support.any():
        return schools
    support = choosing.support_after(schools.support, schools.arriving, pupils, lasting=p.support_kept)
    policy = choosing.support_after(schools.policy_support, schools.delivered_policy, pupils, lasting=p.support_kept)
    effect = choosing.channel_effect(support, half=p.half_support)
    mean = effect.mean(axis=1)
    return schools.with_(
        support=support,
        policy_support=policy,
        effect=effect,
        policy_effect=choosing.channel_effect(policy, half=p.half_support),
        earlier_motivation=schools.effect[:, 2] + model.schools.strength() * schools.policy_effect[:, 2],
        readiness=prepared(model, world, mean),
        junior=schools.junior + (mean * junior_weight(world) - schools.junior) / p.junior_lag,
        virtual=~schools.track * schools.virtual_money / model.parameters.staffing.virtual_price,
    )


def junior_weight(world: World) -> float:
    """Weight of junior high school in the agenda [share]."""
    return agenda_weight(world, 5)


def agenda_weight(world: World, weight: int) -> float:
    """Return a weight of the agenda, or without one of the positions of those who have means, by their means [share].

    Args:
        world: as it is now
        weight: number of the weight
    """
    agenda, table = world.initiative.agenda, world.organisations
    if agenda is not None:
        return float(agenda[weight])
    able = np.flatnonzero(table.capacity > 0.0)
    means = table.capacity[able].sum()
    return float((table.capacity[able] * table.position[able, weight]).sum() / means) if means > 0.0 else 0.0


def prepared(model: Model, world: World, effect: Values) -> Values:
    """Return the readiness of each school for policy, by its owner, the agenda and support; shape (schools,) [share].

    Args:
        model: whose month it is
        world: as it is now
        effect: mean effect of partners' support over channels, shape (schools,) [share]
    """
    weight, table = model.parameters.school.preparing, world.organisations
    owners, agenda = owner_rows(table.kind), world.initiative.agenda
    if not owners.size:
        usual = model.parameters.trust.reference_ministry
        return choosing.readiness_of_school(usual, 0.0, effect, weight=weight)
    agrees = np.zeros(owners.size)
    if agenda is not None:
        agrees = table.member[owners] * agreeing.agreement_with(table.position[owners], agenda)
    owner = world.schools.authority
    trusts = trust_in_ministry(model, world)[owners][owner]
    return choosing.readiness_of_school(trusts, agrees[owner], effect, weight=weight)


def staffed(model: Model, world: World, expected: Floats) -> Schools:
    """Return the schools after retirement and hiring; a track that opens hires for those who would come.

    Args:
        model: whose month it is
        world: as it is now
        expected: students who would begin five units [students], shape (schools,)
    """
    schools, p, view = world.schools, model.parameters.staffing, model.schools
    present = schools.teachers * (1.0 - p.retiring)
    students = all_bands(world.cohorts.five[:2].sum(axis=0)) + schools.track * expected
    missing = np.maximum(view.needed_teachers(students) - present, 0.0)
    sought = staffing.sought(missing, *schools.missing.T, training=p.training)
    wanted = p.hiring * np.where(present > 0.0, sought, missing)  # a class opens where a teacher is at hand
    hired = staffing.rationed(wanted, float(wanted.sum()), supply(model, world))
    return schools.with_(teachers=present + hired, missing=np.stack((missing, schools.missing[:, 0]), axis=1))


def begun(model: Model, world: World, wanting: Floats) -> Cohorts:
    """Return the cohorts after promotion and the choices of the new grade 10.

    Args:
        model: whose month it is
        world: as it is now
        wanting: chance to want five units [share], shape (schools, bands)
    """
    old, schools, p, lot = world.cohorts, world.schools, model.parameters.school, model.schools.luck
    normal = ndtri(model.luck(Stream.COHORT_SIZE, world.month, schools.id))
    expected = choosing.size_of_cohort(schools.size * model.schools.growth(), normal, spread=p.size_spread) / BANDS
    seats = np.where(schools.track, seats_of(schools, model.parameters.staffing), schools.virtual)
    free = seats - all_bands(old.five[0] + old.five[1])
    parts = schools.ability, schools.standing, p
    fourth = model.memo.get("fourth", parts, lambda: chance_of_four_units(p, schools))
    rows = np.flatnonzero(free >= 1.0)
    luck = lot(Stream.COHORT), lot(Stream.CHOICE, rows), lot(Stream.FOUR)
    takers, five, four = choosing.begun(rows, luck, expected, wanting, free, fourth)
    return old.with_(
        takers=np.concatenate((takers[None], old.takers[:2])),
        five=np.concatenate((five[None], old.five[:2])),
        four=np.concatenate((four[None], old.four[:2])),
        entered=np.concatenate(([five.sum()], old.entered[:2])),
        boys_gain=np.concatenate(([boys_gain(model, five)], old.boys_gain[:2])),
    )


def boys_gain(model: Model, five: Floats) -> float:
    """Return the gain of boys beyond girls in choosing, from programmes, mean over those who begin five units [logit].

    Args:
        model: whose month it is
        five: students who begin five units [students], shape (schools, bands)
    """
    p, schools, takers = model.parameters, model.world.schools, all_bands(five)
    hours, reserves = p.examination.girls_by_hours, p.examination.girls_by_reserves
    gain: Values = np.zeros(len(takers))
    if schools.policy_effect.any():
        gain = beyond_girls(model.schools.by_hours(p.school.teaching, p.school.access), hours, p.examination.girls)
    if p.school.reserves > 0.0:
        effect = p.school.reserves * p.school.reserves_effect * schools.reserves
        gain = gain + beyond_girls(effect, reserves, p.examination.girls)
    return float((takers * gain).sum() / max(takers.sum(), 1.0))


def beyond_girls(gain: Values, by_girls: float, girls: float) -> Values:
    """Return the gain of boys less that of girls, where the mean gain is known [logit].

    Args:
        gain: mean over girls and boys [logit]
        by_girls: what girls gain, over what boys gain [ratio]
        girls: share of girls [share]

    >>> float(beyond_girls(np.array(0.1), by_girls=0.0, girls=0.5))
    0.2
    """
    mean = 1.0 - girls + girls * by_girls  # of both, over that of boys; 0 where all are girls and gain nothing
    return gain * (1.0 - by_girls) / mean if mean > 0.0 else 0.0 * gain
