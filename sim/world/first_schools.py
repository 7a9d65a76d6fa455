"""Build the schools and cohorts of the first month: as before the fall of the preference, from the reference year."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import ndtri

from sim.draws import Luck, Stream
from sim.rules import choosing, staffing
from sim.rules import counts as counting
from sim.rules.logit import chance
from sim.world import schools as places
from sim.world.facts import cohort
from sim.world.schools import BAND_SCORES, BANDS, NO_QUINTILE, Cohorts, Schools
from sim.world.synthetic_schools import Population

_LOGITS = np.linspace(-9.0, 6.0, 601)


def first_schools(parameters: Any, population: Population, luck: Luck) -> Schools:
    """Return schools as before the fall: appeal from the reference year, and tracks that were viable then.

    Args:
        parameters: the composed sections of a run
        population: schools of the reference year
        luck: random numbers of the run
    """
    p, size, staffing_p = parameters.school, len(population.id), parameters.staffing
    level = places.level_of_school(population.locality, population.quintile)
    ability, standing = mean_ability(population.quintile, p), standing_of(population)
    net = net_keeping(p, ability, standing)
    appeal = logit_at(population.share / net, p.by_ability) - p.by_ability * ability + p.untried * ~population.track
    logit = appeal + p.by_ability * ability + before_the_fall(p, level)
    earlier = np.interp(logit, _LOGITS, shares_of_logits(p.by_ability)) * net
    easing = np.where(population.stream == places.HAREDI, staffing_p.haredi, 0.0)
    complies = luck(Stream.COMPLIANCE, 0, population.id) < staffing_p.compliance
    starters = population.takers * first_growth(parameters) * earlier / net
    track = population.luck < chance(first_viability(parameters, starters, easing, complies))
    students = starters * (1.0 + 2.0 * net)
    return Schools(
        id=population.id,
        stream=population.stream,
        quintile=population.quintile,
        periphery=population.periphery,
        authority=population.authority,
        locality=population.locality,
        level=level,
        ability=ability,
        usual=population.share,
        standing=standing,
        complies=complies,
        reserves=in_reserves(population, luck, p.reserves_schools * parameters.setting.scale),
        size=population.takers,
        appeal=appeal,
        track=track,
        teachers=track * students * staffing_p.staffed / staffing_p.students_per_teacher,
        missing=np.zeros((size, 2)),
        share=track * earlier,
        track_appeal=easing,
        **columns_without_programmes(size),
    )


def columns_without_programmes(size: int) -> dict[str, Any]:
    """Return the columns of schools without any programme so far; shapes (schools,) or (schools, 3 channels).

    Args:
        size: number of schools
    """
    zeros, three = np.zeros(size), np.zeros((size, 3))
    named = (
        "support",
        "policy_support",
        "effect",
        "policy_effect",
        "delivered",
        "delivered_policy",
        "arriving",
        "coming",
    )
    return dict.fromkeys(named, three) | {
        **dict.fromkeys(("junior", "earlier_motivation", "virtual", "hours", "readiness"), zeros),
        **dict.fromkeys(("virtual_money", "received"), zeros),
        "pilot": np.zeros(size, dtype=bool),
        "opened": np.zeros(size, dtype=np.int64),
    }


def mean_ability(quintile: Any, p: Any) -> Any:
    """Return mean ability of the students of schools, by quintile; shape of the quintile [sd]. `p` is the section school.

    Args:
        quintile: 1 strongest to 5 weakest, 0 not published [code], shape (schools,)
        p: the section school
    """
    return np.where(quintile == NO_QUINTILE, 0.0, -p.ability_gap / 4.0 * (quintile - 3.0))


def standing_of(population: Population) -> Any:
    """Return the logit of each school's share in the reference year, less the mean over tracks; shape (schools,).

    Args:
        population: schools of the reference year
    """
    share = np.clip(population.share, 0.005, 0.95)
    logit = np.log(share) - np.log1p(-share)
    weight = np.where(population.track, population.takers, 0.0)
    return logit - (float((weight * logit).sum() / weight.sum()) if weight.sum() > 0.0 else 0.0)


def in_reserves(population: Population, luck: Luck, wanted: float) -> Any:
    """Return the schools in the programme of science reserves, drawn among those with a track; shape (schools,) [flag].

    Args:
        population: schools of the reference year
        luck: random numbers of the run
        wanted: schools in the programme
    """
    order = np.argsort(luck(Stream.RESERVES, 0, population.id) + ~population.track, kind="stable")
    chosen = np.zeros(len(population.id), dtype=bool)
    chosen[order[: round(wanted)]] = True
    return chosen & population.track


def before_the_fall(p: Any, level: Any) -> Any:
    """Return the preference for five units before the fall, against the reference year [logit]; shape of the level.

    `p` is the section school.

    Args:
        p: the section school
        level: socio-economic level, -1 to 1 [level]
    """
    return np.zeros(np.shape(level)) if p.steady else -preference_of(p.reference, p, level)


def preference_of(chosen: float, p: Any, level: Any) -> Any:
    """Return the preference of those who choose in a year, against that before the fall [logit]; shape of the level.

    Where the socio-economic level is high it fell by less and comes back by more, but never above that before the fall.

    Args:
        chosen: year in which a cohort chooses [year]
        p: the section school
        level: socio-economic level, -1 to 1 [level]
    """
    back = choosing.recovered_steadily if p.taste == "steady" else choosing.recovered
    less, more = 1.0 - p.taste_by_level * level, 1.0 + p.taste_by_level * level
    most = -less * float(choosing.fallen(p.turn, start=p.fall_from, turn=p.turn, fall=p.fall))
    fell = float(choosing.fallen(chosen, start=p.fall_from, turn=p.turn, fall=p.fall))
    return fell * less + back(chosen, turn=p.turn, rise=p.rise * more, damping=p.damping, most=most)


def first_growth(parameters: Any) -> float:
    """Return the size of a grade in the first year over that of the reference year [ratio]."""
    setting = parameters.setting
    if parameters.school.steady:
        return 1.0
    return cohort(1990, setting.cohorts) / cohort(setting.year, setting.cohorts)


def first_viability(parameters: Any, starters: Any, easing: Any, complies: Any) -> Any:
    """Return the viability of a track in the first year, by its expected starters; shape (schools,) [logit].

    Args:
        parameters: the composed sections of a run
        starters: students who begin five units [students], shape (schools,)
        easing: fixed circumstances of the school [log students], shape (schools,)
        complies: whether it applies the official minimum [flag], shape (schools,)
    """
    p = parameters.staffing
    return staffing.viability(starters * np.exp(easing), minimum_in_force(p.minimum, complies, p.waiver), width=p.width)


def minimum_in_force(official: float, complies: Any, waiver: float) -> Any:
    """Return the students that a school needs to open a class: the official minimum, or a lower waiver [students].

    Args:
        official: minimum of the rule [students]
        complies: whether a school applies it [flag]
        waiver: minimum with a waiver [students]
    """
    return np.where(complies, official, min(waiver, official))


@lru_cache(maxsize=64)
def shares_of_logits(by_ability: float) -> Any:
    """Return the share of a grade, all bands together, that chooses five units at each of a grid of logits [share].

    Args:
        by_ability: weight of ability in the choice [logit/sd]
    """
    return chance(_LOGITS[:, None] + by_ability * BAND_SCORES).mean(axis=1)


def logit_at(share: Any, by_ability: float) -> Any:
    """Return the logit at which a share of a grade chooses five units; shape as the share's [logit].

    Args:
        share: of a grade at five units [share]
        by_ability: weight of ability in the choice [logit/sd]
    """
    return np.interp(np.clip(share, 0.0, 0.97), shares_of_logits(by_ability), _LOGITS)


def net_keeping(p: Any, ability: Any, standing: Any) -> Any:
    """Return the share of starters at five units who sit the examination, late entrants included, without programmes.

    Args:
        p: the section school
        ability: mean ability of a school's students; shape (schools,) [sd]
        standing: logit of its share less the mean; shape (schools,) [logit]
    """
    reason = p.by_ability_keeping * (BAND_SCORES[-2:].mean() + ability) + p.keeping_by_standing * standing
    return chance(p.keeping + reason) * chance(p.keeping_last + reason) + p.late_entrants


def first_cohorts(parameters: Any, schools: Schools, luck: Luck) -> Cohorts:
    """Return cohorts of grades 10 to 12 at the level of the first year; shapes (3, schools, bands).

    Args:
        parameters: the composed sections of a run
        schools: of the first month
        luck: random numbers of the run
    """
    p = parameters.school
    growth, net = first_growth(parameters), net_keeping(p, schools.ability, schools.standing)
    grades, shape = np.arange(3), (3, len(schools), BANDS)
    identity = (schools.id[:, None] * BANDS + np.arange(BANDS)).ravel()

    def lot(stream: Stream, month: int) -> Any:
        return luck.table(stream, month, grades, identity).reshape(shape)

    normal = ndtri(luck.table(Stream.COHORT_SIZE, 0, grades, schools.id))
    sizes = choosing.size_of_cohort(schools.size[None, :] * growth, normal, spread=p.size_spread)
    takers = counting.whole_number(sizes[..., None] / BANDS, lot(Stream.COHORT, 0))
    logit = np.where(schools.track, logit_at(schools.share / net, p.by_ability), -30.0)
    by_band = chance(logit[:, None] + p.by_ability * BAND_SCORES)
    part_left = np.stack((np.ones(len(schools)), net * p.second_year, net))[..., None]
    five = counting.count_of(lot(Stream.CHOICE, -1), takers, np.minimum(by_band[None] * part_left, 1.0))
    chance_of_four = chance_of_four_units(p, schools)[None]
    four = np.minimum(counting.whole_number((takers - five) * chance_of_four, lot(Stream.FOUR, -1)), takers - five)
    return Cohorts(
        takers=takers,
        five=five,
        four=four,
        examinees=five[2].sum(axis=1),
        sitters=five[1].sum(axis=1),
        starters=five[0].sum(),
        entered=np.array([five[0].sum()] * 3),
        boys_gain=np.zeros(3),
    )


def chance_of_four_units(p: Any, schools: Schools) -> Any:
    """Return the chance of four units for those not at five, by school and band; shape (schools, bands) [share].

    Args:
        p: the section school
        schools: the schools
    """
    school = p.four_units + p.four_by_ability * schools.ability + p.keeping_by_standing * schools.standing
    return chance(school[:, None] + p.four_by_ability * BAND_SCORES)
