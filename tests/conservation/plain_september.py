"""A September of five schools in plain loops and dictionaries, as the specification describes it, without vectors.

Written from the specification alone and for reading: what students prefer, what programmes push with, what a class asks
for, who is hired.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tests.conservation.plainly import logistic

BANDS = (-1.39981, -0.53186, 0.0, 0.53186, 1.39981)
"""Mean ability of each fifth of students about the mean of their school [sd]."""


@dataclass
class Place:
    """One school."""

    quintile: int
    town: float | None
    stream: int
    appeal: float
    usual: float
    size: float
    share: float
    junior: float
    readiness: float
    motivation_before: float
    effect: list[float]
    policy_effect: list[float]
    complies: bool
    reserves: bool
    track: bool
    teachers: float
    missing: list[float]
    students: float
    going_up: float
    standing: float


@dataclass
class Times:
    """Circumstances of all schools this September."""

    month: int
    year: int
    since: int | None
    national: float
    supply: float
    growth: float
    part: float


def level(place: Place) -> float:
    """Return the socio-economic level of a school's students: by quintile, or else by the town."""
    if place.quintile:
        return (3 - place.quintile) / 2
    return place.town or 0.0


def ability(place: Place, p: Any) -> float:
    return 0.0 if place.quintile == 0 else p.school.ability_gap * (3 - place.quintile) / 4


def taste(year: float, height: float, p: Any) -> float:
    """Return the preference for five units: it falls less and comes back more where the level is high."""
    s = p.school
    slope, extra = s.fall * (1 - s.taste_by_level * height), 1 + s.taste_by_level * height
    if year <= s.fall_from:
        return 0.0
    if year <= s.turn:
        return slope * (year - s.fall_from)
    lost, since = -slope * (s.turn - s.fall_from), year - s.turn
    if s.taste == "steady":
        return -lost + min(lost, s.rise * extra * (1 - s.damping) * since)
    return -lost + min(lost, s.rise * extra) * (1 - s.damping**since)


def log_odds(share: float) -> float:
    return math.log(share / (1 - share))


def standings(usual: list[float], weight: list[float]) -> list[float]:
    """Return the logit of each usual share, less the mean over takers of schools with a track in the reference year."""
    logits = [log_odds(min(max(share, 0.005), 0.95)) for share in usual]
    mean = sum(w * logit for w, logit in zip(weight, logits, strict=True)) / sum(weight) if sum(weight) > 0 else 0.0
    return [logit - mean for logit in logits]


def push(place: Place, p: Any) -> float:
    aspired = p.school.aspiration * place.usual
    return 1.0 if p.school.aspiration == 0 else max(0.0, 1.0 - place.share / aspired)


def strength(place: Place, p: Any) -> float:
    return p.school.readiness_irrelevance + (1 - p.school.readiness_irrelevance) * place.readiness


def package(times: Times, p: Any) -> dict[str, float]:
    """Return the levers in force: none before the national decision; the campaign halves in each half-life."""
    levers = {"bonus": 0.0, "bonus_keeping": 0.0, "safety_net": 0.0, "campaign": 0.0}
    if times.since is None:
        return levers
    if times.since >= p.package.bonus_delay:
        levers |= {"bonus": p.package.bonus, "bonus_keeping": p.package.bonus_keeping}
    if times.since >= p.package.safety_net_delay:
        levers["safety_net"] = p.package.safety_net
    running = times.since - p.package.campaign_delay
    if running >= 0:
        levers["campaign"] = p.package.campaign / 2 ** (running / 12 / p.package.campaign_half_life)
    return levers


def by_policy(place: Place, p: Any) -> float:
    """Return the strength of the package at a school: more where many aim at five units, never negative."""
    return strength(place, p) * min(max(1 + p.package.by_standing * place.standing, 0.0), 2.0)


def supported(place: Place, teaching: float, access: float, p: Any) -> float:
    one, two, three = (
        own + strength(place, p) * state for own, state in zip(place.effect, place.policy_effect, strict=True)
    )
    together = 1 + p.school.complementarity * (one * two + one * three + two * three) / 3
    return (teaching * one + access * two) * together


def reasons(place: Place, spirit: float, times: Times, p: Any) -> list[float]:
    """Return the reasons to choose five units, by band."""
    s, levers = p.school, package(times, p)
    height = level(place)
    common = place.appeal + spirit
    common += taste(times.year - 1, height, p) - taste(s.reference, height, p)
    common += push(place, p) * supported(place, s.teaching, s.access, p)
    common += push(place, p) * s.motivation * place.motivation_before
    common += push(place, p) * by_policy(place, p) * (levers["campaign"] + levers["bonus"])
    common += s.peers * (place.share - times.national)
    common += s.junior * place.junior
    common += s.reserves * s.reserves_effect if place.reserves else 0.0
    return [common + s.by_ability * (ability(place, p) + band) for band in BANDS]


def lasting(place: Place, times: Times, p: Any) -> tuple[float, float]:
    """Return the effect of a school on staying at five units and on rising to them."""
    s, levers = p.school, package(times, p)
    policy = levers["safety_net"] + p.package.persisting * levers["campaign"] + levers["bonus_keeping"]
    helps = supported(place, s.teaching_keeping, s.access_keeping, p) + by_policy(place, p) * policy
    helps *= push(place, p)
    own = s.by_ability_keeping * ability(place, p) + s.keeping_by_standing * place.standing
    return own + helps, own + s.rising_by_persisting * helps


def four_units(place: Place, p: Any) -> list[float]:
    s = p.school
    own = s.four_units + s.keeping_by_standing * place.standing
    return [logistic(own + s.four_by_ability * (ability(place, p) + band)) for band in BANDS]


def minimum(place: Place, times: Times, p: Any) -> float:
    """Return the students that a school needs to open a class."""
    lowered = times.since is not None and p.package.lower_minimum
    official = p.staffing.minimum_lowered if lowered else p.staffing.minimum
    return official if place.complies else min(p.staffing.waiver, official)


def expected(place: Place, wanting: list[float], times: Times) -> float:
    return max(place.size * times.growth * sum(wanting) / len(wanting), 0.01)


def viability(place: Place, would: float, times: Times, p: Any) -> float:
    """Return the viability of a class: those who would begin, eased by access, over those needed."""
    eased = p.staffing.by_access * (place.effect[1] + strength(place, p) * place.policy_effect[1])
    eased += p.staffing.haredi if place.stream == 2 else 0.0
    return (math.log(would) + eased - math.log(minimum(place, times, p))) / p.staffing.width


def budget(times: Times, stage: int, p: Any) -> float:
    """Return the ministry's budget: it buys less each year after 2015; of a plan, the part for the upper grades counts."""
    worth = 1.0
    for _ in range(2015, times.year):
        worth /= 1 + p.ministry.inflation
    if p.ministry.plan_budget > 0:
        return p.ministry.plan_budget * p.ministry.plan_reached * times.part * worth
    if stage == 2:
        return p.ministry.pilot_budget * worth
    if stage == 3:
        return p.ministry.national_budget * worth * (p.package.optional_kept if p.package.optional else 1.0)
    return 0.0


def to_be_had(money_on_teaching: float, group: float, p: Any) -> float:
    """Return the new teachers of a year: more by a work group and by money for certification, up to a cap."""
    come = p.staffing.supply * (1 + p.network.group_strength * group)
    return min(come + p.staffing.supply_per_million * money_on_teaching, p.staffing.cap)


def opens(place: Place, would: float, fortune: float, part: float, times: Times, p: Any) -> bool:
    """Return whether a school has a class now: one may open if there are reasons and teachers, or close."""
    viable = viability(place, would, times, p)
    if place.track:
        return fortune >= p.staffing.rate * logistic(-viable)
    return fortune < p.staffing.rate * logistic(viable) * part


def part_at_hand(places: list[Place], times: Times, p: Any) -> float:
    """Return the part of the teachers wanted for today's students that can be hired."""
    wanted = 0.0
    for place in places:
        left = place.teachers * (1 - p.staffing.retiring)
        wanted += p.staffing.hiring * max(place.students / p.staffing.students_per_teacher - left, 0.0)
    return min(1.0, times.supply / wanted) if wanted > 0 else 1.0


def hired(places: list[Place], come: list[float], times: Times, p: Any) -> tuple[list[float], list[float]]:
    """Return the teachers after this September's hiring, and how many were missing before it."""
    present, missing, wanted = [], [], []
    for place, more in zip(places, come, strict=True):
        left = place.teachers * (1 - p.staffing.retiring)
        gap = max((place.going_up + more) / p.staffing.students_per_teacher - left, 0.0)
        last, before = place.missing
        late = p.staffing.training - 1
        trained = min(gap, (1 - late) * last + late * before)
        present.append(left)
        missing.append(gap)
        wanted.append(p.staffing.hiring * (trained if left > 0 else gap))
    part = min(1.0, times.supply / sum(wanted)) if sum(wanted) > 0 else 1.0
    return [left + part * more for left, more in zip(present, wanted, strict=True)], missing
