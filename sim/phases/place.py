"""Placement of partners' programmes in schools, one provider after another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.dates import month_of_year
from sim.declare import parameter
from sim.draws import Stream
from sim.phases.deliver import Funds, funds_of, with_accounts
from sim.phases.host import Model
from sim.phases.programmes import ACCESS_ONLY, offered_mix
from sim.phases.site_choice import PlacingDraws, placed_in_turn
from sim.rules import placing, pledging
from sim.rules.admitting import Admissions
from sim.rules.arrays import Floats
from sim.rules.logit import chance
from sim.world.organisations import BACKBONE, KINDS, owner_rows
from sim.world.schools import Schools, no_placements
from sim.world.state import World


@dataclass(frozen=True)
class PlacingParameters:
    """Choice of schools by providers, and what schools can take."""

    periphery_first: float = parameter(0.0, unit="share", about="how far providers are moved to go to schools in need",
        low=0, high=1, lever=True, source="case")  # fmt: skip
    knowledge_fixed: float = parameter(-1.0, unit="share", about="rival: what providers know of others, if not negative",
        low=-1, high=1)  # fmt: skip
    weight_of_size: float = parameter(0.5, unit="share", about="part of convenience that is size and strength, not nearness",
        low=0, high=1)  # fmt: skip
    untried: float = parameter(0.02, unit="share", about="added to a school's share in the convenience of its size, "
        "so that schools without five units count",
        low=0, high=1)  # fmt: skip
    need_of_periphery: float = parameter(1.5, unit="quintiles", about="need of the periphery", low=0, high=10)
    need_by_share: float = parameter(5.0, unit="quintiles", about="reduction of need by a share at five units", low=0,
        high=50)  # fmt: skip
    for_access: float = parameter(2.5, unit="ratio", about="schools without a track that are served, over the part of access"
        " in a provider's programmes; they are small, so each takes less", low=0, high=10,
        source="virtual_high_school")  # fmt: skip
    without_track: float = parameter(0.3, unit="ratio", about="national hours for a pupil where there is no track, over those"
        " where there is one", low=0, high=5)  # fmt: skip
    visible_at: float = parameter(300.0, unit="NIS/pupil", about="size of a programme that counts by half", low=1,
        high=100000)  # fmt: skip
    grain: float = parameter(
        0.04, unit="NIS million", about="cost of a programme in a school for a year", low=0.001, high=10
    )
    overhead: float = parameter(0.1, unit="share", about="providers' overhead", low=0, high=1)
    steepness: float = parameter(3.0, unit="ratio", about="how sharply delivery bends at capacity", low=1, high=20)
    uncertainty: float = parameter(
        0.2, unit="share", about="yearly spread of what a provider can deliver", low=0, high=1
    )
    absorption: float = parameter(3000.0, unit="NIS/pupil/year", about="most that a school can use", low=100,
        high=100000)  # fmt: skip
    admitting: float = parameter(1.0, unit="logit", about="intercept of letting in a provider that an owner of "
        "schools does not know", low=-5,
        high=10)  # fmt: skip
    by_trust: float = parameter(5.0, unit="logit", about="weight of an owner's trust in letting a provider in", low=0, high=8,
        source="case", evidence="expert", uncertain=True)  # fmt: skip
    stranger: float = parameter(
        0.25, unit="share", about="trust in a provider that counts as trust in a stranger", low=0, high=1
    )
    lost: float = parameter(0.6, unit="share", about="part of refused money that is lost; the rest goes to schools "
        "that are open", low=0, high=1, uncertain=True)  # fmt: skip
    distrust: float = parameter(0.4, unit="share", about="d, part of a grant that is lost where giver and taker do "
        "not trust each "
        "other at all", low=0, high=0.5, source="lee_2012", uncertain=True)  # fmt: skip
    coordinated: float = parameter(0.9, unit="share", about="how far a coalition of businesses at its best moves them "
        "from near schools to schools in need", low=0, high=1, source="case")  # fmt: skip
    applying: float = parameter(-1.0, unit="logit", about="intercept of applying for the pilot", low=-10, high=10)
    applying_by_trust: float = parameter(3.0, unit="logit", about="weight of its authority's trust in the ministry", low=0,
        high=20)  # fmt: skip


def place(model: Model) -> World:
    """Place partners' programmes in schools in September."""
    world = model.world
    if month_of_year(world.month) != 9:
        return world
    funds = funds_of(model, world)
    if funds.money.any():
        world = partners_placed(model, world, funds)
    elif world.schools.delivered.any() or world.schools.arriving.any():
        world = nothing_placed(world)
    return world


def nothing_placed(world: World) -> World:
    """Return a September in which partners have no money: what was begun last year still arrives."""
    zeros, none = np.zeros((len(world.schools), 3)), np.zeros(len(world.schools))
    schools = world.schools.with_(delivered=zeros, arriving=world.schools.coming, coming=zeros, virtual_money=none)
    return world.with_(placements=no_placements(), schools=schools, initiative=world.initiative.with_(certifying=0.0))


def nearness(model: Model, row: int) -> Floats:
    """Return what nearness adds to the convenience of every school for a provider; shape (schools,) [share].

    Args:
        model: whose month it is
        row: of the provider [row]
    """
    identity = model.world.organisations.id[row : row + 1]
    weight = 1.0 - model.parameters.placing.weight_of_size
    return weight * model.luck.table(Stream.CONVENIENCE, 0, identity, model.world.schools.id)[0]


def placing_draws(model: Model, world: World, welcome: int = -1) -> PlacingDraws:
    """Return the keys and identities from which nearness and admission are drawn.

    Args:
        model: whose month it is
        world: as it is now
        welcome: provider that every school admits, -1 nobody [row]
    """
    keys = model.luck.key(Stream.CONVENIENCE, 0), model.luck.key(Stream.ADMISSION, world.month)
    return PlacingDraws(*keys, world.organisations.id, world.schools.id, welcome)


def sites_of(model: Model, world: World) -> placing.SchoolSites:
    """Return the schools as places for programmes.

    Args:
        model: whose month it is
        world: as it is now
    """
    p, schools, pupils = model.parameters.placing, world.schools, model.schools.pupils()
    easy = p.weight_of_size * placing.ranked(schools.size * (p.untried + schools.share))
    capacity = p.absorption * pupils / 1e6
    return placing.SchoolSites(
        1.0 - p.weight_of_size, easy, need(schools, p), pupils, schools.authority, capacity, schools.track, ACCESS_ONLY,
        p.for_access,
    )  # fmt: skip


def partners_placed(model: Model, world: World, funds: Funds, welcome: int = -1) -> World:
    """Return the world after partners placed their programmes, one after another in an order drawn anew each year.

    Args:
        model: whose month it is
        world: as it is now
        funds: money of the providers
        welcome: provider that every school admits, -1 nobody [row]
    """
    p, table, ties = model.parameters.placing, world.organisations, world.ties
    means = delivering(model, world, funds)
    order = np.argsort(model.luck(Stream.ORDER, world.month, table.id))
    order = order[means[order] > 0.0]
    providers = placing.Providers(
        means, model.ask("inclination"), model.ask("knowledge_of_others"), model.ask("territory"), offered_mix(model)[0]
    )
    trust_ties = placing.TrustTies(ties.target, ties.trust, ties.offsets)
    admission = admissions_of(model, world), placing_draws(model, world, welcome)
    year, delivered, used = placed_in_turn(
        order, providers, sites_of(model, world), trust_ties, admission, (p.grain, p.visible_at)
    )
    placements = year._replace(**{name: getattr(year, name)[:used] for name in placing.Year._fields[:6]})
    schools = world.schools.with_(delivered=delivered)
    return with_accounts(model, world.with_(schools=schools), funds, placements)


def admissions_of(model: Model, world: World) -> Admissions:
    """Return whom owners of schools let in this year: by trust in the provider, strangers by the usual chance.

    Args:
        model: whose month it is
        world: as it is now
    """
    p, table, ties = model.parameters.placing, world.organisations, world.ties
    rows = owner_rows(table.kind)
    usual = np.full(max(rows.size, int(world.schools.authority.max(initial=0)) + 1), float(chance(p.admitting)))
    tie_rows, likely = [np.zeros(0, np.int64)], [np.zeros(0)]
    for code in np.unique(table.kind[rows]).tolist():
        owners, of = model.kind(KINDS[code]), table.rows_of(code)
        first, every = int(np.searchsorted(rows, of.start)), np.arange(of.stop - of.start)
        usual[first : first + every.size] = owners.chance_of_admitting(every, np.full(every.size, p.stranger))
        own_ties = np.arange(ties.offsets[of.start], ties.offsets[of.stop])
        tie_rows.append(own_ties)
        likely.append(
            owners.chance_of_admitting(ties.source[own_ties].astype(np.int64) - of.start, ties.trust[own_ties])
        )
    of_owners, chances = np.concatenate(tie_rows), np.concatenate(likely)
    order = np.argsort(ties.target[of_owners], kind="stable")
    provider, owner = ties.target[of_owners][order], np.searchsorted(rows, ties.source[of_owners][order])
    starts = np.searchsorted(provider, np.arange(len(table) + 1))
    return Admissions(usual, owner, chances[order], starts, p.lost)


def need(schools: Schools, p: PlacingParameters) -> Floats:
    """Return the need of every school, ranked 0-1: weak, peripheral, and few at five units.

    Args:
        schools: the schools
        p: the section placing
    """
    return placing.ranked(schools.weakness + p.need_of_periphery * schools.periphery - p.need_by_share * schools.share)


def delivering(model: Model, world: World, funds: Funds) -> Floats:
    """Return what each provider can deliver this year of the money it holds [NIS million]; shape (organisations,).

    Args:
        model: whose month it is
        world: as it is now
        funds: money of the providers
    """
    p, table = model.parameters.placing, world.organisations
    able = np.maximum(table.capacity, 0.01) * table.trait(model.parameters.kinds, "reach")
    luck = model.luck(Stream.DELIVERY, world.month, table.id)
    able = np.where(table.kind == BACKBONE, 2.0 * funds.money, able)
    load = funds.money / np.maximum(able, 1e-9) * (1.0 + p.uncertainty * (2.0 * luck - 1.0))
    share = pledging.delivered_share(load, steepness=p.steepness)
    return funds.worth * (1.0 - p.overhead) * share * offered_mix(model)[1]
