"""Pledges move, money is set aside, grants are paid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.agents.capabilities import capabilities
from sim.dates import month_of_year
from sim.declare import parameter
from sim.draws import Stream
from sim.jit import step_of
from sim.phases.host import Model, hub_of
from sim.rules import pledging
from sim.rules.arrays import Flags, Floats, Ints
from sim.rules.logit import chance
from sim.world.organisations import KINDS, Organisations
from sim.world.state import NATIONAL, NEVER, World
from sim.world.table import replaced


@dataclass(frozen=True)
class CommitmentParameters:
    """Reasons of organisations to pledge, and the terms of pledges."""

    partners: float = parameter(1.0, unit="share", about="factor on members' pledges", low=0, high=1, lever=True)
    independent: float = parameter(0.0, unit="share", about="part of their means that non-members put in by themselves",
        low=0, high=1, lever=True)  # fmt: skip
    by_expectation: float = parameter(1.0, unit="logit", about="b_r, weight of what others put in", low=0, high=10,
        source="granovetter_1978")  # fmt: skip
    width: float = parameter(0.12, unit="share", about="w, how gradually actors react to others", low=0.000001, high=1,
        source="granovetter_1978")  # fmt: skip
    by_fit: float = parameter(2.5, unit="logit", about="b_fit, weight of agreement with the agenda", low=0, high=20)
    by_lead: float = parameter(
        0.6, unit="logit", about="b_lead, weight of the ministry's lead", low=0, high=2, uncertain=True
    )
    by_evidence: float = parameter(1.5, unit="logit", about="b_ev, weight of published results", low=0, high=20)
    cost: float = parameter(0.8, unit="logit", about="b_cost, cost of committing", low=0, high=10)
    by_shortage: float = parameter(0.8, unit="logit", about="weight of a shortage of engineers, for those who need "
        "them", low=0, high=10,
        source="case")  # fmt: skip
    by_loss: float = parameter(
        1.0,
        unit="logit",
        about="weight of an agenda with another first subject than its own",
        low=0,
        high=5,
        source="case",
    )
    loss_half_life: float = parameter(
        18.0, unit="months", about="half-life of the regret about the first subject of the agenda", low=1, high=120
    )
    term: int = parameter(36, unit="months", about="term after which a pledge expires unless it is renewed", low=6,
        high=240,
        evidence="assumed")  # fmt: skip
    renewing: float = parameter(
        1.5, unit="logit", about="intercept of renewing a pledge, without any published results", low=-5, high=10
    )
    founder_leaves: bool = parameter(False, unit="flag", about="the founding foundation for mathematics has turned to other "
        "schools", lever=True, source="trump_foundation_roadmap", evidence="measured")  # fmt: skip
    rate: float = parameter(1.0 / 12.0, unit="share/month", about="speed of pledges: a yearly budget", low=0.001,
        high=1)  # fmt: skip
    cooptation: float = parameter(0.01, unit="share/month", about="autonomy lost while the ministry decides", low=0,
        high=0.1, source="emerson_2012", uncertain=True)  # fmt: skip
    autonomy_left: float = parameter(0.6, unit="share", about="autonomy that is never lost", low=0, high=1)


def expect(model: Model) -> World:
    """Update what everyone expects, from what was published and what others put in."""
    world = model.world
    if nobody_pledges(model):
        return world
    shown = world.initiative.with_(evidence=evidence(world))
    expects = outlook(model, world) if shown.launched != NEVER else world.organisations
    return world.with_(organisations=expects, initiative=shown)


def commit(model: Model) -> World:
    """Move everyone's pledge and set money aside; in August grants are paid."""
    world = model.world
    if nobody_pledges(model):
        return world
    world = with_renewals(model, world)
    world = set_aside(model, world, pledges_in_force(model, world, model.ask("next_pledge")))
    return granted(model, world) if month_of_year(world.month) == 8 else world


def with_renewals(model: Model, world: World) -> World:
    """Return the world after pledges whose term ends are renewed, by published results; the others lapse for a term."""
    p, table, month = model.parameters.commitment, world.organisations, world.month
    due = due_in(table.joined, table.member, month, p.term)
    if not due.size:
        return world
    renews = float(chance(p.renewing + p.by_evidence * world.initiative.evidence))
    lapses = due[model.luck(Stream.RENEWAL, month, table.id[due]) >= renews]
    if not lapses.size:
        return world
    return world.with_(organisations=table.with_(lapsed_until=replaced(table.lapsed_until, lapses, month + p.term)))


@step_of
def due_in(joined: Ints, member: Flags, month: int, term: int) -> Ints:
    """Return the members whose pledge is due for renewal, a whole number of terms after they joined [row].

    Args:
        joined: month of joining [month], shape (organisations,)
        member: whether it takes part [flag], shape (organisations,)
        month: now [month]
        term: of a pledge [months]
    """
    rows, count = np.empty(joined.size, np.int64), 0
    for row in range(joined.size):
        if member[row] and month > joined[row] and (month - joined[row]) % term == 0:
            rows[count] = row
            count += 1
    return rows[:count]


def pledges_in_force(model: Model, world: World, pledge: Floats) -> Floats:
    """Return the pledges, 0 for those that lapsed or left [share]; shape (organisations,).

    Args:
        model: whose month it is
        world: as it is now
        pledge: of each [share], shape (organisations,)
    """
    return in_force(pledge, world.organisations.lapsed_until, world.month, departed_founder(model))


@step_of
def in_force(pledge: Floats, lapsed_until: Ints, month: int, leaver: int) -> Floats:
    """Return the pledges, 0 for those that lapsed and for the one that left, if any [share]; shape (organisations,).

    Args:
        pledge: of each [share], shape (organisations,)
        lapsed_until: month in which a lapsed pledge may begin anew [month], shape (organisations,)
        month: now [month]
        leaver: founder that left, -1 without one [row]
    """
    out = pledge.copy()
    for row in range(out.size):
        if lapsed_until[row] > month or row == leaver:
            out[row] = 0.0
    return out


def departed_founder(model: Model) -> int:
    """Return the row of the founding foundation for mathematics once it turned to other schools; -1 before, or without one."""
    if not model.parameters.commitment.founder_leaves:
        return -1
    table = model.world.organisations
    founders = np.flatnonzero(table.founder & capabilities(model).gives[table.kind])
    return int(founders[0]) if founders.size else -1


def nobody_pledges(model: Model) -> bool:
    """Return whether there is no initiative yet and no organisation puts in money by itself."""
    return model.world.initiative.launched == NEVER and model.parameters.commitment.independent == 0.0


def evidence(world: World) -> float:
    """Return the evidence of published counts: growth over two years, clipped [share]."""
    counts = world.published.examinees
    return float(pledging.evidence(counts[-1] / counts[-3] - 1.0)) if len(counts) > 2 and counts[-3] > 0 else 0.0


def outlook(model: Model, world: World) -> Organisations:
    """Return organisations with the share of all means that each expects to be put in, and their autonomy."""
    p, table, ties = model.parameters, world.organisations, world.ties
    expected = pledging.expectation(table.capacity, table.pledge, ties.trust, ties.target, ties.offsets)
    if world.ministry.stage < NATIONAL or not p.deliberation.ministry_decides:
        return table.with_(expected=expected)
    lost = pledging.autonomy_after(table.autonomy, rate=p.commitment.cooptation, floor=p.commitment.autonomy_left)
    return table.with_(expected=expected, autonomy=np.where(table.member, lost, table.autonomy))


def set_aside(model: Model, world: World, pledge: Floats) -> World:
    """Add a month's share of every pledge to the purse; the backbone's cost is spent, or given to schools.

    Args:
        model: whose month it is
        world: as it is now
        pledge: of each [share], shape (organisations,)
    """
    table, ledger, p = world.organisations, world.ledger, model.parameters
    cost = model.kind("backbone").annual_cost() / 12.0 * (world.initiative.launched != NEVER)
    to_schools = cost * p.backbone.placebo
    spent = cost * (p.governance.mode == "backbone" and not p.backbone.placebo)
    books, hub = (table.purse, ledger.offered, ledger.overhead, ledger.transit), hub_of(model)
    purse, offered, overhead, transit = accounts_after_pledges(pledge, table.capacity, books, hub, to_schools, spent)
    ledger = ledger.with_(offered=offered, overhead=overhead, transit=transit)
    return world.with_(organisations=table.with_(pledge=pledge, purse=purse), ledger=ledger)


@step_of
def accounts_after_pledges(
    pledge: Floats,
    capacity: Floats,
    books: tuple[Floats, Floats, Floats, Floats],
    hub: int,
    to_schools: float,
    spent: float,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return purses, money offered, overhead and money in transit after a month's pledges and the hub's cost [NIS million].

    Args:
        pledge: of each [share], shape (organisations,)
        capacity: means [NIS million/year], shape (organisations,)
        books: purse, offered, overhead and transit before [NIS million], shapes (organisations,)
        hub: the backbone, or the number of organisations without one [row]
        to_schools: cost of a placebo, given to schools [NIS million]
        spent: cost of the backbone [NIS million]
    """
    purse, offered, overhead, transit = books
    money, running = pledge * capacity / 12.0, np.zeros(pledge.size)
    if hub < money.size:
        money[hub] += to_schools
        running[hub] = spent
    return purse + money, offered + money + running, overhead + running, transit + money


def granted(model: Model, world: World) -> World:
    """Hand the purses of grant makers to those they trust; the money of a grant maker without ties stays unspent."""
    table, ties, ledger = world.organisations, world.ties, world.ledger
    able = capabilities(model).gives
    grants, gives = np.zeros(len(ties)), able[table.kind]
    for code in np.flatnonzero(able).tolist():
        grants = grants + model.kind(KINDS[code]).grants(ties)
    spent = np.bincount(ties.source, weights=grants, minlength=len(table))
    left = np.where(gives, np.maximum(table.purse - spent, 0.0), 0.0)
    return world.with_(
        organisations=table.with_(purse=np.where(gives, 0.0, table.purse)),
        ties=ties.with_(grant=ties.grant + grants),
        ledger=ledger.with_(unspent=ledger.unspent + left, transit=ledger.transit - left),
    )
