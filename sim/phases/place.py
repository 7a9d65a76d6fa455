"""Programmes go to schools: providers one after another, then the ministry. The one phase that loops over agents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.capabilities import capabilities
from sim.dates import month_of_year
from sim.declare import parameter
from sim.draws import Stream
from sim.phases.host import Model
from sim.rules import placing, pledging, trust
from sim.rules.arrays import Flags, Floats
from sim.rules.logit import chance
from sim.world.organisations import BACKBONE, CHANNELS, MINISTRY, owning
from sim.world.schools import Placements, Schools, no_placements
from sim.world.state import NATIONAL, PILOT, World
from sim.world.table import replaced
from sim.world.ties import Ties

ACCESS_ONLY = np.array([float(channel == "access") for channel in CHANNELS])
"""Where there is no track every programme is one of access: there is no class to teach, nor one to be moved to."""


@dataclass(frozen=True)
class PlacingParameters:
    """How providers choose schools and what schools can take."""

    periphery_first: float = parameter(0.0, unit="share", about="how far providers are moved to go where need is",
        low=0, high=1, lever=True, source="case")  # fmt: skip
    knowledge_fixed: float = parameter(-1.0, unit="share", about="rival: what providers know of others, if not negative",
        low=-1, high=1)  # fmt: skip
    ease: float = parameter(0.5, unit="share", about="part of convenience that is size and strength, not nearness",
        low=0, high=1)  # fmt: skip
    untried: float = parameter(0.02, unit="share", about="what size counts for in convenience without any at five units",
        low=0, high=1)  # fmt: skip
    need_of_periphery: float = parameter(1.5, unit="quintiles", about="need of the periphery", low=0, high=10)
    need_by_share: float = parameter(5.0, unit="quintiles", about="need that a share at five units takes away", low=0,
        high=50)  # fmt: skip
    for_access: float = parameter(2.0, unit="ratio", about="schools without a track that are served, over the part of access"
        " in a provider's programmes; they are small, so each takes less", low=0, high=10,
        source="virtual_high_school")  # fmt: skip
    without_track: float = parameter(0.3, unit="ratio", about="national hours for a pupil where there is no track, over those"
        " where there is one", low=0, high=5)  # fmt: skip
    visible_at: float = parameter(300.0, unit="NIS/pupil", about="programme that counts as there by half", low=1,
        high=100000)  # fmt: skip
    grain: float = parameter(0.04, unit="NIS million", about="a programme in a school for a year", low=0.001, high=10)
    overhead: float = parameter(0.1, unit="share", about="providers' overhead", low=0, high=1)
    steepness: float = parameter(3.0, unit="ratio", about="how sharply delivery bends at capacity", low=1, high=20)
    uncertainty: float = parameter(
        0.2, unit="share", about="yearly spread of what a provider can deliver", low=0, high=1
    )
    absorption: float = parameter(3000.0, unit="NIS/pupil/year", about="most that a school can use", low=100,
        high=100000)  # fmt: skip
    applying: float = parameter(-1.0, unit="logit", about="a school applies for the pilot", low=-10, high=10)
    applying_by_trust: float = parameter(3.0, unit="logit", about="weight of its authority's trust in the ministry", low=0,
        high=20)  # fmt: skip


def place(model: Model) -> World:
    """In September partners' money becomes programmes in schools."""
    world = model.world
    if month_of_year(world.month) != 9:
        return world
    held = world.organisations.purse * ~capabilities(model).gives[world.organisations.kind]
    held = held + np.bincount(world.ties.target, weights=world.ties.grant, minlength=len(held))
    zeros = np.zeros((len(world.schools), 3))
    if held.any():
        world = partners_placed(model, world, held)
    elif world.schools.delivered.any():
        world = world.with_(placements=no_placements(), schools=world.schools.with_(delivered=zeros))
    return world


def place_hours(model: Model) -> World:
    """In September the ministry's money becomes hours in schools, where partners have just placed theirs."""
    world = model.world
    return ministry_placed(model, world) if month_of_year(world.month) == 9 else world


def nearness(model: Model) -> Floats:
    """What nearness adds to the convenience of every school for everyone; shape (organisations, schools)."""
    weight, one, other = 1.0 - model.parameters.placing.ease, model.world.organisations.id, model.world.schools.id
    drawn = model.luck.table
    return model.memo.get(("nearness", weight), (one, other), lambda: weight * drawn(Stream.CONVENIENCE, 0, one, other))


def partners_placed(model: Model, world: World, held: Floats) -> World:
    """Partners' programmes of the year, placed one provider after another in an order drawn afresh."""
    p, table, schools, ties = model.parameters.placing, world.organisations, world.schools, world.ties
    means, pupils = delivering(model, world, held), model.schools.pupils()
    order = np.argsort(model.luck(Stream.ORDER, world.month, table.id))
    easy = placing.ranked(schools.size * (p.untried + schools.share))
    providers = placing.Providers(means, model.ask("inclination"), model.ask("heed"), model.ask("territory"), table.mix)
    room = p.absorption * pupils / 1e6
    ground = placing.Ground(
        nearness(model), p.ease * easy, need(schools, p), pupils, schools.authority, room, schools.track, ACCESS_ONLY,
        p.for_access,
    )  # fmt: skip
    circle = placing.Circle(ties.target, ties.trust, ties.offsets)
    year, there, used = placing.placed_in_turn(
        order[means[order] > 0.0], providers, ground, circle, grain=p.grain, scale=p.visible_at
    )
    kept = year._replace(**{name: getattr(year, name)[:used] for name in placing.Year._fields[:5]})
    return settled(model, world.with_(schools=schools.with_(delivered=there)), held, kept)


def need(schools: Schools, p: PlacingParameters) -> Floats:
    """Need of every school, ranked 0-1: weak, peripheral, and few at five units."""
    return placing.ranked(schools.weakness + p.need_of_periphery * schools.periphery - p.need_by_share * schools.share)


def delivering(model: Model, world: World, held: Floats) -> Floats:
    """What each provider can really deliver this year of what it holds [NIS million]; shape (organisations,)."""
    p, table = model.parameters.placing, world.organisations
    able = np.maximum(table.capacity, 0.01) * table.trait(model.parameters.kinds, "reach")
    luck = model.luck(Stream.DELIVERY, world.month, table.id)
    able = np.where(table.kind == BACKBONE, 2.0 * held, able)
    load = held / np.maximum(able, 1e-9) * (1.0 + p.uncertainty * (2.0 * luck - 1.0))
    return held * (1.0 - p.overhead) * pledging.delivered_share(load, steepness=p.steepness)


def settled(model: Model, world: World, held: Floats, year: placing.Year) -> World:
    """The year's accounts: by source delivered, overhead, unspent; grants judged by what they brought."""
    table, ties, overhead = world.organisations, world.ties, model.parameters.placing.overhead
    size, paid = len(table), np.flatnonzero(ties.grant)
    giver, taker, grant = ties.source[paid], ties.target[paid], ties.grant[paid]
    delivered = np.bincount(year.provider, weights=year.taken, minlength=size)
    repeated = np.bincount(year.provider, weights=year.repeated, minlength=size)
    share = np.divide(delivered, held, out=np.zeros(size), where=held > 0.0)
    again = np.divide(repeated, held, out=np.zeros(size), where=held > 0.0)
    gives = capabilities(model).gives[table.kind]
    own = table.purse * ~gives

    def by_source(part: Floats) -> Floats:
        return own * part + np.bincount(giver, weights=grant * part[taker], minlength=size)

    spent, gave, ledger = by_source(np.ones(size)), by_source(share), world.ledger
    ledger = ledger.with_(
        delivered=ledger.delivered + gave,
        overhead=ledger.overhead + overhead * spent,
        unspent=ledger.unspent + (1.0 - overhead) * spent - gave,
        transit=ledger.transit - spent,
        duplicated=ledger.duplicated + by_source(again),
    )
    kept = np.where(held > 0.0, np.minimum(share / max(1.0 - overhead, 1e-9), 1.0), 1.0)
    mix = np.where(world.schools.track[year.school, None], table.mix[year.provider], ACCESS_ONLY)
    placements = Placements(
        year.provider, year.school, year.offered[:, None] * mix, year.taken[:, None] * mix, year.repeated
    )
    return world.with_(
        ledger=ledger,
        placements=placements,
        organisations=table.with_(purse=np.where(gives, table.purse, 0.0), delivery=kept),
        ties=judged_grants(model, ties, kept),
        initiative=world.initiative.with_(
            delivery=float(delivered[held > 0.0].sum() / max(held[held > 0.0].sum() * (1.0 - overhead), 1e-9))
        ),
    )


def judged_grants(model: Model, ties: Ties, kept: Floats) -> Ties:
    """Who gave a grant trusts as the promise was kept; the money is no longer in transit."""
    p = model.parameters.trust
    if p.rule == "constant":
        return ties.with_(grant=np.zeros(len(ties)))
    joint = np.flatnonzero(ties.grant)
    giver = ties.source[joint]
    before, experience = ties.trust[joint], kept[ties.target[joint]]
    if p.rule == "reputation":
        after = trust.reputation_after(before, ties.weight[joint], experience, memory=p.memory)
    else:
        after = trust.trust_after(
            before, experience, gain=model.ask("trust_gain")[giver], loss=model.ask("trust_loss")[giver]
        )
    return ties.with_(trust=replaced(ties.trust, joint, after), grant=np.zeros(len(ties)))


def ministry_placed(model: Model, world: World) -> World:
    """The ministry's own money: a pilot in chosen schools, then hours wherever there are or could be classes."""
    ministry, schools = model.kind("ministry"), world.schools
    budget, stage = ministry.budget(), world.ministry.stage
    if stage == PILOT and not schools.pilot.any():
        schools = schools.with_(pilot=pilots(model, world))
    if budget == 0.0 or not len(model.kind("ministry").capacity):
        hours = np.zeros(len(schools))
        return world.with_(
            schools=schools.with_(delivered_policy=np.zeros((len(schools), 3)), hours=hours, pilot=schools.pilot)
        )
    matched = model.parameters.ministry.matching * schools.delivered.sum(axis=1) * (stage >= PILOT)
    weight = schools.pilot.astype(float) if stage == PILOT else national_weight(model, schools)
    offered = budget * weight / max(weight.sum(), 1e-9) + matched
    taken = placing.absorbed(offered, model.parameters.placing.absorption * model.schools.pupils() / 1e6)
    mix = world.organisations.mix[world.organisations.kind == MINISTRY][0]
    hours = taken / model.parameters.staffing.hour_price
    schools = schools.with_(delivered_policy=taken[:, None] * mix, hours=hours)
    row = world.organisations.kind == MINISTRY
    ledger = world.ledger.with_(
        offered=world.ledger.offered + row * offered.sum(),
        delivered=world.ledger.delivered + row * taken.sum(),
        unspent=world.ledger.unspent + row * (offered - taken).sum(),
    )
    return world.with_(schools=schools, ledger=ledger)


def national_weight(model: Model, schools: Schools) -> Floats:
    """How the national hours are shared out: by pupils where there is a track or could be one, more by need [ratio]."""
    p = model.parameters.placing
    first, weight = p.periphery_first, model.schools.pupils() * np.where(schools.track, 1.0, p.without_track)
    return weight * (1.0 - first + 2.0 * first * need(schools, p)) if first > 0.0 else weight


def pilots(model: Model, world: World) -> Flags:
    """Schools of the first programme: chosen by criteria among those that apply [flag]."""
    p, schools, table, ties = model.parameters, world.schools, world.organisations, world.ties
    authorities = owning(table.kind)
    trusted = np.full(len(table), p.trust.reference_ministry)
    to = table.kind[ties.target] == MINISTRY
    trusted[ties.source[to]] = ties.trust[to]
    trust_in = trusted[authorities][schools.authority] if authorities.size else p.trust.reference_ministry
    wish = chance(p.placing.applying + p.placing.applying_by_trust * trust_in)
    applies = model.luck(Stream.APPLICATION, 0, schools.id) < wish
    score = model.kind("ministry").criteria(
        applies, schools.size * (p.placing.untried + schools.share), need(schools, p.placing)
    )
    chosen = np.zeros(len(schools), dtype=bool)
    chosen[np.argsort(-score, kind="stable")[: p.ministry.pilot_schools]] = True
    return chosen & (score >= 0.0) & (world.ministry.stage < NATIONAL)
