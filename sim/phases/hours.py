"""Hours of the ministry in schools: a pilot in chosen schools, then all schools with a class or a chance of one."""

from __future__ import annotations

import numpy as np

from sim.agents.owners import trust_in_ministry
from sim.dates import month_of_year
from sim.draws import Stream
from sim.phases.host import Model
from sim.phases.place import need
from sim.rules import placing
from sim.rules.arrays import Flags, Floats
from sim.rules.logit import chance
from sim.world.organisations import KINDS, MINISTRY, owner_rows
from sim.world.schools import Schools
from sim.world.state import NATIONAL, PILOT, World


def place_hours(model: Model) -> World:
    """Turn the ministry's money into hours in schools in September, after partners have placed their programmes."""
    world = model.world
    return ministry_placed(model, world) if month_of_year(world.month) == 9 else world


def ministry_placed(model: Model, world: World) -> World:
    """Return the world after the ministry has placed its money: a pilot in chosen schools, or hours nation-wide."""
    ministry, schools = model.kind("ministry"), world.schools
    budget, stage = ministry.budget(), world.ministry.stage
    if stage == PILOT and not schools.pilot.any():
        schools = schools.with_(pilot=pilots(model, world))
    if budget == 0.0 or not len(model.kind("ministry").capacity):
        hours = np.zeros(len(schools))
        return world.with_(
            schools=schools.with_(delivered_policy=np.zeros((len(schools), 3)), hours=hours, pilot=schools.pilot)
        )
    matched = (
        model.parameters.ministry.matching * schools.delivered.sum(axis=1) + matched_in_periphery(model, world)
    ) * (stage >= PILOT)
    weight = schools.pilot.astype(float) if stage == PILOT else national_weight(model, world, schools)
    offered = budget * weight / max(weight.sum(), 1e-9) + matched
    taken = placing.absorbed(offered, model.parameters.placing.absorption * model.schools.pupils() / 1e6)
    mix = world.organisations.mix[world.organisations.kind == MINISTRY][0]
    hours = taken / model.parameters.staffing.hour_price
    schools = schools.with_(delivered_policy=taken[:, None] * mix, hours=hours, received=schools.received + taken)
    row = world.organisations.kind == MINISTRY
    ledger = world.ledger.with_(
        offered=world.ledger.offered + row * offered.sum(),
        delivered=world.ledger.delivered + row * taken.sum(),
        unspent=world.ledger.unspent + row * (offered - taken).sum(),
    )
    return world.with_(schools=schools, ledger=ledger)


def matched_in_periphery(model: Model, world: World) -> Floats:
    """Return the ministry's matching money for owners' programmes in the periphery; shape (schools,) [NIS million]."""
    share, placed, schools = model.parameters.package.periphery_matching, world.placements, world.schools
    owns = KINDS.having("owns_schools")[world.organisations.kind]
    own = owns[placed.provider] * placed.delivered.sum(axis=1)
    owners_money = np.bincount(placed.school, weights=own, minlength=len(schools)) * schools.periphery
    return share * world.ministry.periphery * owners_money


def national_weight(model: Model, world: World, schools: Schools) -> Floats:
    """Return the weight of each school in the national hours: by pupils and need, less without a track [ratio].

    Args:
        model: whose month it is
        world: as it is now
        schools: with the pilot, if any
    """
    p, advised = model.parameters.placing, model.parameters.deliberation.periphery_shift * world.ministry.periphery
    first = 1.0 - (1.0 - p.periphery_first) * (1.0 - advised)
    weight = model.schools.pupils() * np.where(schools.track, 1.0, p.without_track)
    return weight * (1.0 - first + 2.0 * first * need(schools, p)) if first > 0.0 else weight


def pilots(model: Model, world: World) -> Flags:
    """Return the schools of the pilot, chosen by criteria among those that apply [flag]."""
    p, schools = model.parameters, world.schools
    trusted = trust_in_ministry(model, world)[owner_rows(world.organisations.kind)]
    trust_in = trusted[schools.authority] if trusted.size else p.trust.reference_ministry
    wish = chance(p.placing.applying + p.placing.applying_by_trust * trust_in)
    applies = model.luck(Stream.APPLICATION, 0, schools.id) < wish
    score = model.kind("ministry").criteria(
        applies, schools.size * (p.placing.untried + schools.share), need(schools, p.placing)
    )
    chosen = np.zeros(len(schools), dtype=bool)
    chosen[np.argsort(-score, kind="stable")[: p.ministry.pilot_schools]] = True
    return chosen & (score >= 0.0) & (world.ministry.stage < NATIONAL)
