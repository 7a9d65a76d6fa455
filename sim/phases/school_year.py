"""September in schools: promotion, support, tracks, teachers, and the new grade 10."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from sim.agents.owners import trust_in_ministry
from sim.dates import month_of_year, school_year
from sim.declare import parameter
from sim.draws import Stream
from sim.phases.host import Model
from sim.phases.september import CHANGED, Rates, SchoolSupport, Sites, september
from sim.rules import agreeing
from sim.rules.arrays import Floats, Ints
from sim.rules.enrolling import GainWeights, gain_of_boys
from sim.world.first_schools import chance_of_four_units
from sim.world.forums import RETRAINING_GROUP
from sim.world.organisations import owner_rows
from sim.world.schools import all_bands
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
    _, columns, (takers, five, four) = school_year_begun(model)
    schools, old = world.schools.with_(**dict(zip(CHANGED, columns, strict=True))), world.cohorts
    cohorts = old.with_(
        takers=takers,
        five=five,
        four=four,
        entered=np.concatenate(([five[0].sum()], old.entered[:2])),
        boys_gain=np.concatenate(([boys_gain(model, five[0])], old.boys_gain[:2])),
    )
    return world.with_(schools=schools, cohorts=cohorts)


def school_year_begun(model: Model) -> tuple[float, tuple[Floats, ...], tuple[Floats, Floats, Floats]]:
    """Return the September of all schools: part of the teachers wanted that is at hand, columns of schools, and cohorts.

    Columns of schools are in the order of `CHANGED`, cohorts are maths takers and those at five and at four units.
    """
    view, schools, cohorts, p = model.schools, model.world.schools, model.world.cohorts, model.parameters.school
    fourth = model.memo.get("fourth", (schools.ability, schools.standing, p), lambda: chance_of_four_units(p, schools))
    choice = view.programmes(), view.choice_columns(), view.choice_weights()
    idle = not any(
        amount.any() for amount in (schools.support, schools.arriving, schools.delivered_policy, schools.policy_support)
    )
    return september(
        model.luck.keys(model.world.month),
        choice,
        sites_of(model),
        support_of(model, idle),
        (cohorts.takers, cohorts.five, cohorts.four, fourth),
        rates_of(model, idle),
    )


def sites_of(model: Model) -> Sites:
    """Return the columns of schools when the school year begins."""
    view, s, month = model.schools, model.world.schools, model.world.month
    normal = ndtri(model.luck(Stream.COHORT_SIZE, month, s.id))
    columns = s.id, s.size, s.track, s.opened, s.teachers, s.missing, s.hours, s.virtual
    return Sites(*columns, view.class_minimum(), view.easing(), normal)


def support_of(model: Model, idle: bool) -> SchoolSupport:
    """Return the support of schools before this year's has arrived, and what its owners think of policy.

    Args:
        model: whose month it is
        idle: whether no school has or gets any support, so that owners do not matter
    """
    world, s = model.world, model.world.schools
    owner, trusts, agrees = s.authority, np.zeros(0), np.zeros(0)
    if not idle:
        owner, trusts, agrees = owners_of_schools(model, world)
    stocks = s.support, s.policy_support, s.arriving, s.delivered_policy, s.virtual_money
    return SchoolSupport(*stocks, owner, trusts, agrees)


def rates_of(model: Model, idle: bool) -> Rates:
    """Return the numbers of this September.

    Args:
        model: whose month it is
        idle: whether no school has or gets any support
    """
    world, p, staffing = model.world, model.parameters.school, model.parameters.staffing
    numbers = (
        model.schools.growth(), 3.0 * p.share_near_five_units, p.support_kept, p.half_support, p.preparing,
        0.0 if idle else junior_weight(world), p.junior_lag, staffing.virtual_price, staffing.width, staffing.rate,
        staffing.retiring, staffing.hiring, staffing.training, staffing.students_per_teacher, staffing.seats_per_teacher,
        staffing.seats_per_hour, supply(model, world), p.size_spread,
    )  # fmt: skip
    return Rates(school_year(world.month), idle, *map(float, numbers))


def supply(model: Model, world: World) -> float:
    """Return the new teachers of five units that can be hired this year, certified or retrained ones included [teachers]."""
    p, schools = model.parameters, world.schools
    money = world.initiative.certifying + schools.delivered_policy[:, 0].sum()
    from_industry = 1.0 + p.network.group_strength * world.initiative.levels[RETRAINING_GROUP]
    scale = p.setting.scale
    come = p.staffing.supply * scale * from_industry + p.staffing.supply_per_million * money
    return float(min(come, p.staffing.cap * scale))


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


def owners_of_schools(model: Model, world: World) -> tuple[Ints, Floats, Floats]:
    """Return the owner of each school [code], its trust in the ministry and its agreement with the agenda [share].

    Shapes (schools,), (owners,) and (owners,). Without owners all schools belong to one that trusts as strangers do.

    Args:
        model: whose month it is
        world: as it is now
    """
    table, agenda, owner = world.organisations, world.initiative.agenda, world.schools.authority
    owners = owner_rows(table.kind)
    if not owners.size:
        return np.zeros_like(owner), np.array([float(model.parameters.trust.reference_ministry)]), np.zeros(1)
    agrees = np.zeros(owners.size)
    if agenda is not None:
        agrees = table.member[owners] * agreeing.agreement_with(table.position[owners], agenda)
    return owner, trust_in_ministry(model, world)[owners], agrees


def boys_gain(model: Model, five: Floats) -> float:
    """Return the gain of boys beyond girls in choosing, from programmes, mean over those who begin five units [logit].

    Args:
        model: whose month it is
        five: students who begin five units [students], shape (schools, bands)
    """
    p, schools, girls = model.parameters.school, model.world.schools, model.parameters.examination
    reserves = p.reserves * p.reserves_effect
    if reserves == 0.0 and not schools.policy_effect.any():
        return 0.0
    weights = gain_weights(p, girls, (p.teaching, p.access), reserves)
    return float(gain_of_boys(model.schools.programmes(), schools.reserves, all_bands(five), weights))


def gain_weights(p: Any, girls: Any, full: tuple[float, float], reserves: float) -> GainWeights:
    """Return the weights of what programmes give boys beyond girls.

    Args:
        p: the section school
        girls: the section examination
        full: full effects of hours on teaching and of classes [logit]
        reserves: effect of the science reserves [logit]
    """
    policy = *full, p.readiness_irrelevance, p.aspiration
    return GainWeights(*map(float, (*policy, girls.girls_by_hours, reserves, girls.girls_by_reserves, girls.girls)))
