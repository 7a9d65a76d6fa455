"""Build the world of the first month: organisations, prior ties, schools and the cohorts in them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import ndtri

from sim.dates import month_of
from sim.draws import Luck, Stream
from sim.rules import choosing, staffing
from sim.rules import counts as counting
from sim.rules.logit import chance
from sim.world import schools as places
from sim.world.facts import cohort
from sim.world.organisations import (
    AUTHORITY,
    BACKBONE,
    KINDS,
    MINISTRY,
    OF_A_KIND,
    Organisations,
    first_founders,
    no_money,
)
from sim.world.schools import BAND_SCORES, BANDS, NO_QUINTILE, Cohorts, Schools, no_placements
from sim.world.setting import Files
from sim.world.state import NEVER, Initiative, Ministry, Published, World
from sim.world.synthetic_schools import Population, drawn_population, with_unknown_drawn
from sim.world.ties import PRIOR, Columns, Ties, sorted_ties

_LOGITS = np.linspace(-9.0, 6.0, 601)


def built(parameters: Any, luck: Luck, files: Files) -> World:
    """The world of the first month of the burn-in. `parameters` are the composed sections of a run."""
    setting = parameters.setting
    organisations = drawn_organisations(parameters, luck, files.organisations)
    authorities = int((organisations.kind == AUTHORITY).sum())
    if files.schools is None:
        population = drawn_population(setting, parameters.drawing, luck, authorities)
    else:
        population = with_unknown_drawn(Population(**files.schools), luck)
    schools = first_schools(parameters, population, luck)
    return World(
        month=month_of(setting.start) - 12 * setting.burn_in,
        organisations=organisations,
        ledger=no_money(len(organisations)),
        ties=prior_ties(parameters, organisations, luck, files.ties),
        schools=schools,
        cohorts=first_cohorts(parameters, schools, luck),
        placements=no_placements(),
        ministry=Ministry(),
        initiative=Initiative(),
        published=Published(),
        reference_share=reference_share(setting, population),
    )


def reference_share(setting: Any, population: Population) -> float:
    """Expected share of the grade at five units in the reference year [share]."""
    expected = population.track_chance * population.share * population.takers
    return float(expected.sum() / max(population.takers.sum(), 1.0) * setting.taking)


def drawn_organisations(parameters: Any, luck: Luck, given: dict[str, Any] | None) -> Organisations:
    """Organisations drawn by kind, or those of the user's file completed by drawing what it does not say."""
    if given is None:
        numbers = [getattr(parameters.kinds, name).number for name in KINDS]
        kind = np.repeat(np.arange(len(KINDS)), numbers)
        identity = np.concatenate([code * OF_A_KIND + 1 + np.arange(n) for code, n in enumerate(numbers)])
        given = {"id": identity, "kind": kind}
    kind, identity, size = given["kind"], given["id"], len(given["kind"])

    def of_kind(field: str) -> Any:
        return np.array([getattr(getattr(parameters.kinds, name), field) for name in KINDS])[kind]

    def normal(stream: Stream) -> Any:
        return ndtri(luck(stream, 0, identity))

    spread = parameters.diversity
    capacity = of_kind("capacity") * np.exp(spread.capacity * normal(Stream.CAPACITY) - spread.capacity**2 / 2.0)
    flags, zeros = np.zeros(size, dtype=bool), np.zeros(size)
    position = first_positions(of_kind, spread.position, identity, luck)
    return Organisations(
        id=identity,
        kind=kind,
        founder=given.get("founder", first_founders(kind)),
        eligible=given.get("eligible", (kind != MINISTRY) & (kind != BACKBONE)),
        member=flags,
        joined=np.full(size, NEVER),
        capacity=given.get("capacity", capacity),
        openness=np.clip(of_kind("openness") + spread.openness * normal(Stream.OPENNESS), 0.3, 0.95),
        power=of_kind("power"),
        threshold=np.clip(of_kind("threshold") + spread.threshold * normal(Stream.THRESHOLD), 0.0, 1.0),
        autonomy=np.ones(size),
        preference=np.clip(of_kind("preference") + spread.preference * normal(Stream.PREFERENCE), 0.0, 1.0),
        mix=np.stack([of_kind(c) for c in ("teaching", "access", "motivation")], axis=1),
        initial=position,
        position=position,
        pledge=zeros,
        expected=zeros,
        forums=np.zeros(size, dtype=np.int64),
        work_group=np.floor(luck(Stream.WORK_GROUP, 0, identity) * 4.0).astype(np.int64),
        purse=zeros,
        delivery=np.ones(size),
        lapsed_until=np.full(size, NEVER),
    )


def first_positions(of_kind: Any, spread: float, identity: Any, luck: Luck) -> Any:
    """Weights on subjects and on grades around the kind's mean, each group summing to one; shape (n, 7)."""
    maths, physics, computing = of_kind("mathematics"), of_kind("physics"), of_kind("computing")
    junior, senior = of_kind("junior"), of_kind("senior")
    chemistry = np.maximum(1.0 - maths - physics - computing, 0.02)
    mean = np.stack([maths, physics, chemistry, computing, np.maximum(1 - junior - senior, 0.02), junior, senior], 1)
    weights = mean * np.exp(spread * ndtri(luck.table(Stream.POSITION, 0, identity, np.arange(7))))
    weights[:, :4] /= weights[:, :4].sum(axis=1, keepdims=True)
    weights[:, 4:] /= weights[:, 4:].sum(axis=1, keepdims=True)
    return weights


def reference_trust(kind: Any, source: Any, target: Any, trust: Any) -> Any:
    """Trust between such sectors without any history; shape (ties,). `trust` is the section of that name."""
    same = kind[source] == kind[target]
    state = (kind[source] == MINISTRY) | (kind[target] == MINISTRY)
    return np.where(state, trust.reference_ministry, np.where(same, trust.reference_same, trust.reference_cross))


def prior_ties(parameters: Any, organisations: Organisations, luck: Luck, given: dict[str, Any] | None) -> Ties:
    """Ties from before the initiative: drawn, likelier within a kind, or those of the user's edge list."""
    kind, identity, size = organisations.kind, organisations.id, len(organisations)
    if given is None:
        source, target = np.divmod(np.arange(size * size), size)
        weight = np.where(kind[source] == kind[target], parameters.diversity.same_kind, 1.0)
        weight = weight * ((source != target) & (kind[source] != BACKBONE) & (kind[target] != BACKBONE))
        wanted = parameters.diversity.prior_ties * size / max(weight.sum(), 1.0)
        found = luck(Stream.PRIOR_TIE, 0, identity[source], identity[target]) < wanted * weight
        source, target = source[found], target[found]
    else:
        source, target = given["source"], given["target"]
    reference = reference_trust(kind, source, target, parameters.trust)
    noise = parameters.diversity.prior_trust * ndtri(luck(Stream.PRIOR_TRUST, 0, identity[source], identity[target]))
    drawn = np.clip(reference + noise, 0.01, 0.99)
    trust = drawn if given is None else given["trust"]
    return sorted_ties(size, first_columns((source, target), (trust, reference), parameters.trust.prior_weight))


def first_columns(pairs: tuple[Any, Any], trust: tuple[Any, Any], weight: float) -> Columns:
    """Columns of ties as they are when first made: pairs of rows, trust and reference trust; shapes (ties,)."""
    size = pairs[0].size
    return Columns(
        source=pairs[0].astype(np.uint32),
        target=pairs[1].astype(np.uint32),
        trust=trust[0],
        reference=trust[1],
        weight=np.full(size, weight),
        origin=np.full(size, PRIOR, dtype=np.int8),
        formed=np.full(size, NEVER, dtype=np.int16),
        met=np.zeros(size, dtype=bool),
        grant=np.zeros(size),
    )


def first_schools(parameters: Any, population: Population, luck: Luck) -> Schools:
    """Schools as they stood before the fall: appeal from the reference year, tracks from what then was viable."""
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
    zeros, three = np.zeros(size), np.zeros((size, 3))
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
        junior=zeros,
        support=three,
        policy_support=three,
        effect=three,
        policy_effect=three,
        earlier_motivation=zeros,
        virtual=zeros,
        hours=zeros,
        pilot=np.zeros(size, dtype=bool),
        delivered=three,
        delivered_policy=three,
        readiness=zeros,
        opened=np.zeros(size, dtype=np.int64),
    )


def mean_ability(quintile: Any, p: Any) -> Any:
    """Mean ability of the students of schools, by quintile; shape as the quintile's [sd]. `p` is the section school."""
    return np.where(quintile == NO_QUINTILE, 0.0, -p.ability_gap / 4.0 * (quintile - 3.0))


def standing_of(population: Population) -> Any:
    """Logit of each school's share in the reference year, less the mean over schools with a track; shape (schools,)."""
    share = np.clip(population.share, 0.005, 0.95)
    logit = np.log(share) - np.log1p(-share)
    weight = np.where(population.track, population.takers, 0.0)
    return logit - (float((weight * logit).sum() / weight.sum()) if weight.sum() > 0.0 else 0.0)


def in_reserves(population: Population, luck: Luck, wanted: float) -> Any:
    """Schools in the programme of science reserves, drawn among those with a track; shape (schools,) [flag]."""
    order = np.argsort(luck(Stream.RESERVES, 0, population.id) + ~population.track, kind="stable")
    chosen = np.zeros(len(population.id), dtype=bool)
    chosen[order[: round(wanted)]] = True
    return chosen & population.track


def before_the_fall(p: Any, level: Any) -> Any:
    """Preference for five units before the fall, against that of the reference year [logit]; shape as the level's.

    `p` is the section school.
    """
    return np.zeros(np.shape(level)) if p.steady else -preference_of(p.reference, p, level)


def preference_of(chosen: float, p: Any, level: Any) -> Any:
    """The preference of those who choose in a year, against that before the fall [logit]; shape as the level's.

    Where the socio-economic level is high it fell by less and comes back by more, but never above that before the fall.
    """
    back = choosing.recovered_steadily if p.taste == "steady" else choosing.recovered
    less, more = 1.0 - p.taste_by_level * level, 1.0 + p.taste_by_level * level
    most = -less * float(choosing.fallen(p.turn, start=p.fall_from, turn=p.turn, fall=p.fall))
    fell = float(choosing.fallen(chosen, start=p.fall_from, turn=p.turn, fall=p.fall))
    return fell * less + back(chosen, turn=p.turn, rise=p.rise * more, damping=p.damping, most=most)


def first_growth(parameters: Any) -> float:
    """Size of a grade in the first year over that of the reference year [ratio]."""
    setting = parameters.setting
    if parameters.school.steady:
        return 1.0
    return cohort(1990, setting.cohorts) / cohort(setting.year, setting.cohorts)


def first_viability(parameters: Any, starters: Any, easing: Any, complies: Any) -> Any:
    """How viable a track then was, by its expected starters; shape (schools,) [logit]."""
    p = parameters.staffing
    return staffing.viability(starters * np.exp(easing), minimum_in_force(p.minimum, complies, p.waiver), width=p.width)


def minimum_in_force(official: float, complies: Any, waiver: float) -> Any:
    """Students that a school asks for to open a class: the official minimum, or a waiver where that is less [students]."""
    return np.where(complies, official, min(waiver, official))


@lru_cache(maxsize=64)
def shares_of_logits(by_ability: float) -> Any:
    """Share of a grade, all bands together, that chooses five units at each of a grid of logits [share]."""
    return chance(_LOGITS[:, None] + by_ability * BAND_SCORES).mean(axis=1)


def logit_at(share: Any, by_ability: float) -> Any:
    """The logit at which a share of a grade chooses five units; shape as the share's [logit]."""
    return np.interp(np.clip(share, 0.0, 0.97), shares_of_logits(by_ability), _LOGITS)


def net_keeping(p: Any, ability: Any, standing: Any) -> Any:
    """Share of grade-10 starters at five units, late entrants included, who sit the examination, before any programme.

    Args:
        p: the section school
        ability: mean ability of a school's students; shape (schools,) [sd]
        standing: logit of its share less the mean; shape (schools,) [logit]
    """
    reason = p.by_ability_keeping * (BAND_SCORES[-2:].mean() + ability) + p.keeping_by_standing * standing
    return chance(p.keeping + reason) * chance(p.keeping_last + reason) + p.late_entrants


def first_cohorts(parameters: Any, schools: Schools, luck: Luck) -> Cohorts:
    """Cohorts of grades 10 to 12 at the level of the first year; shapes (3, schools, bands)."""
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
    kept = np.stack((np.ones(len(schools)), net * p.second_year, net))[..., None]
    five = counting.count_of(lot(Stream.CHOICE, -1), takers, np.minimum(by_band[None] * kept, 1.0))
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
    """Chance of four units for those who are not at five, by school and band; shape (schools, bands) [share]."""
    school = p.four_units + p.four_by_ability * schools.ability + p.keeping_by_standing * schools.standing
    return chance(school[:, None] + p.four_by_ability * BAND_SCORES)
