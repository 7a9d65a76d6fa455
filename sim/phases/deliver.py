"""Results of placing: support from programmes, accounts by the source of money, and grants judged by their results."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.agents.capabilities import capabilities
from sim.jit import segment, step_of
from sim.phases.host import Model
from sim.phases.programmes import Offer, offer_of
from sim.rules import admitting, placing, trust
from sim.rules.arrays import Floats, Ints
from sim.rules.counts import total_of, total_of_many
from sim.world.forums import MOTIVATION_GROUP
from sim.world.programmes import ACCESS, MOTIVATION, TEACHING
from sim.world.schools import Placements
from sim.world.state import World
from sim.world.table import replaced
from sim.world.ties import Columns, Ties, columns_of


@step_of
def trust_back(ties: Columns, offsets: Ints, rows: Ints) -> Floats:
    """Return trust in the other direction of some ties, 0 without a tie back; shape (rows,) [share].

    Args:
        ties: columns of ties
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)
        rows: ties in question [position], shape (rows,)
    """
    back = np.zeros(rows.size)
    for place in range(rows.size):
        one, other = ties.source[rows[place]], ties.target[rows[place]]
        begin, end = offsets[other], offsets[other + 1]
        at = begin + np.searchsorted(ties.target[begin:end], one)
        if at < end and ties.target[at] == one:
            back[place] = ties.trust[at]
    return back


class Funds(NamedTuple):
    """Money of providers when the year begins."""

    money: Floats  # own and granted, shape (organisations,) [NIS million]
    worth: Floats  # part of it that mistrust between partners leaves, shape (organisations,) [NIS million]
    paid: Ints  # ties that carry a grant [position]
    effective: Floats  # part of each of these grants that mistrust leaves [share]


def funds_of(model: Model, world: World) -> Funds:
    """Return the money of each provider: its purse and its grants, worth less where giver and taker mistrust each other."""
    table, ties = world.organisations, world.ties
    own = table.purse * ~capabilities(model).gives[table.kind]
    paid = np.flatnonzero(ties.grant)
    if not paid.size:
        return Funds(own, own, paid, np.zeros(0))
    back = trust_back(columns_of(ties), ties.offsets, paid)
    effective = admitting.effective_part_of_grant(ties.trust[paid], back, distrust=model.parameters.placing.distrust)
    grant, taker, size = ties.grant[paid], ties.target[paid], len(table)
    money = own + np.bincount(taker, weights=grant, minlength=size)
    return Funds(money, own + np.bincount(taker, weights=grant * effective, minlength=size), paid, effective)


def with_accounts(model: Model, world: World, funds: Funds, year: placing.Year) -> World:
    """Return the world after the year's placements: accounts by source of money, support, and trust in grant takers.

    Args:
        model: whose month it is
        world: as it is now
        funds: of the providers before placing
        year: placements of the year
    """
    table, overhead, size = world.organisations, model.parameters.placing.overhead, len(world.organisations)
    giver, taker = world.ties.source[funds.paid], world.ties.target[funds.paid]
    grant = world.ties.grant[funds.paid]
    gives = capabilities(model).gives[table.kind]
    own = table.purse * ~gives

    def part(amount: Floats) -> Floats:
        return np.divide(amount, funds.worth, out=np.zeros(size), where=funds.worth > 0.0)

    def by_source(share: Floats, worth: Floats) -> Floats:
        return own * share + np.bincount(giver, weights=grant * worth * share[taker], minlength=size)

    delivered = np.bincount(year.provider, weights=year.taken, minlength=size)
    share, again = part(delivered), part(np.bincount(year.provider, weights=year.repeated, minlength=size))
    spent, gave = by_source(np.ones(size), np.ones(grant.size)), by_source(share, funds.effective)
    ledger = world.ledger
    ledger = ledger.with_(
        delivered=ledger.delivered + gave,
        overhead=ledger.overhead + overhead * spent,
        unspent=ledger.unspent + (1.0 - overhead) * spent - gave,
        transit=ledger.transit - spent,
        duplicated=ledger.duplicated + by_source(again, funds.effective),
        refused=ledger.refused + by_source(part(year.refused), funds.effective),
    )
    funded = funds.money > 0.0
    delivered_share = np.where(funded, np.minimum(part(delivered) / max(1.0 - overhead, 1e-9), 1.0), 1.0)
    world = with_support(model, world, year)
    return world.with_(
        ledger=ledger,
        organisations=table.with_(purse=np.where(gives, table.purse, 0.0), delivery=delivered_share),
        ties=ties_after_grants(model, world.ties, funds, delivered_share),
        initiative=world.initiative.with_(
            delivery=float(delivered[funded].sum() / max(funds.money[funded].sum() * (1.0 - overhead), 1e-9))
        ),
    )


def with_support(model: Model, world: World, year: placing.Year) -> World:
    """Return the world with a year's placements and the support that they bring, now and a year later."""
    schools, kind, offer = world.schools, world.organisations.kind, offer_of(model)
    strength = 1.0 + model.parameters.network.group_strength * world.initiative.levels[MOTIVATION_GROUP]
    arriving, coming, seats, received, taken, (certifying, on_subject) = support_of_year(
        year,
        kind,
        offer,
        on_mathematics(model, world),
        (float(model.parameters.school.undecided), float(strength)),
        (schools.coming, schools.received),
    )
    offered = year.offered[:, None] * year.mix
    state = world.initiative
    return world.with_(
        placements=Placements(year.provider, year.school, offered, taken, year.repeated),
        schools=schools.with_(arriving=arriving, coming=coming, virtual_money=seats, received=received),
        initiative=state.with_(certifying=float(certifying), on_mathematics=state.on_mathematics + float(on_subject)),
    )


@segment
def support_of_year(
    year: placing.Year,
    kind: Ints,
    offer: Offer,
    weight: Floats,
    rates: tuple[float, float],
    before: tuple[Floats, Floats],
) -> tuple[Floats, Floats, Floats, Floats, Floats, tuple[float, float]]:
    """Return the support that a year's placements bring to schools.

    Args:
        year: placements of the year
        kind: of each organisation [code], shape (organisations,)
        offer: programmes by kind
        weight: of mathematics in what each does [share], shape (organisations,)
        rates: weight of mathematics of one that is undecided [share]; strength of the group for motivation [ratio]
        before: support begun last year, shape (schools, channels), and all money received, shape (schools,) [NIS million]

    Returns: support of this year and support that works next year, shapes (schools, channels); money for virtual classes
    and all money received, shapes (schools,); delivered by channel, shape (placements, channels); money that certifies
    teachers, and money for mathematics [NIS million].
    """
    (undecided, strength), (begun, received) = rates, before
    size, channels = begun.shape
    arriving, coming, virtual = np.zeros(begun.shape), np.zeros(begun.shape), np.zeros(size)
    by_school, taken = np.zeros(begun.shape), np.empty(year.mix.shape)
    certifying, on_subject = np.empty(year.taken.size), np.empty(year.taken.size)
    for row in range(year.taken.size):
        school, provider = year.school[row], year.provider[row]
        of, part, total = kind[provider], weight[provider] / undecided, 0.0
        for channel in range(channels):
            money = year.taken[row] * year.mix[row, channel]
            taken[row, channel] = money
            arriving[school, channel] += money * part * offer.at_once[of, channel]
            coming[school, channel] += money * part * offer.later[of, channel]
            by_school[school, channel] += money
            total += money
        virtual[school] += taken[row, ACCESS] * offer.virtual[of]
        certifying[row], on_subject[row] = taken[row, TEACHING] * offer.certifying[of], total * weight[provider]
    after = received.copy()
    for school in range(size):
        arriving[school, MOTIVATION] *= strength
        for channel in range(channels):
            arriving[school, channel] += begun[school, channel]
        after[school] += total_of(by_school[school])
    return arriving, coming, virtual, after, taken, (total_of_many(certifying), total_of_many(on_subject))


def on_mathematics(model: Model, world: World) -> Floats:
    """Return the weight of mathematics in what each does, by its position and the agenda; shape (organisations,) [share]."""
    own, agenda, table = world.organisations.position[:, 0], world.initiative.agenda, world.organisations
    if agenda is None:
        return own
    steering = model.parameters.deliberation.steering * model.parameters.conditions.common_agenda
    return np.where(table.member, own + steering * (agenda[0] - own), own)


def ties_after_grants(model: Model, ties: Ties, funds: Funds, delivered_share: Floats) -> Ties:
    """Return the ties after grant makers have updated their trust by results; grants are no longer in transit.

    Args:
        model: whose month it is
        ties: before
        funds: of the providers before placing
        delivered_share: part of its promises that each delivered [share], shape (organisations,)
    """
    p = model.parameters.trust
    if p.rule == "constant":
        return ties.with_(grant=np.zeros(len(ties)))
    before, experience = ties.trust[funds.paid], delivered_share[ties.target[funds.paid]] * funds.effective
    if p.rule == "reputation":
        after = trust.reputation_after(before, ties.weight[funds.paid], experience, memory=p.memory)
    else:
        giver = ties.source[funds.paid]
        gain, loss = model.ask("trust_gain")[giver], model.ask("trust_loss")[giver]
        after = trust.trust_after(before, experience, gain=gain, loss=loss)
    return ties.with_(trust=replaced(ties.trust, funds.paid, after), grant=np.zeros(len(ties)))
