"""Money is conserved, source by source: offered = delivered + overhead + unspent + in transit."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim import configuration
from sim.configuration import scenarios
from sim.dates import month_of, month_of_year
from sim.model import CollaborationModel
from sim.world.organisations import ACADEMIA, BACKBONE, FOUNDATION, MINISTRY, NGO
from sim.world.state import NEVER, entries

pytestmark = pytest.mark.simulates

EXACTLY = 1e-9


@pytest.fixture(scope="module", params=[*scenarios(), "matching"])
def septembers(request):
    """Return the world before and after every September."""
    name = request.param
    more = {"ministry.matching": 1.0, "placing.absorption": 300.0} if name == "matching" else {}
    scenario = configuration.scenario("historical" if name == "matching" else name, overrides=more)
    model, worlds = CollaborationModel(scenario, seed=1), []
    while model.world.month <= scenario.last_month:
        before = model.world
        model.step()
        if month_of_year(before.month) == 9:
            worlds.append((before, model.world))
    return [*worlds, (model.world, model.world)]


def test_every_account_balances(septembers):
    for _, world in septembers:
        book = world.ledger
        spent = book.delivered + book.overhead + book.unspent + book.transit
        np.testing.assert_allclose(book.offered, spent, rtol=0.0, atol=EXACTLY)


def test_no_account_is_overdrawn(septembers):
    for _, world in septembers:
        for name, amounts in vars(world.ledger).items():
            assert amounts.min() >= -EXACTLY, name
        assert (world.ledger.duplicated <= world.ledger.delivered + EXACTLY).all()


def test_accounts_only_grow_but_for_what_is_in_transit(septembers):
    for (_, one), (_, other) in itertools.pairwise(septembers):
        for name in ("offered", "delivered", "overhead", "unspent", "duplicated"):
            assert (getattr(other.ledger, name) >= getattr(one.ledger, name) - EXACTLY).all(), name


def test_what_is_in_transit_is_in_purses_or_held_as_grants(septembers):
    for _, world in septembers:
        own = world.organisations.purse * (world.organisations.kind != MINISTRY)
        grants = np.bincount(world.ties.source, weights=world.ties.grant, minlength=len(own))
        np.testing.assert_allclose(world.ledger.transit, own + grants, rtol=0.0, atol=EXACTLY)


def test_what_schools_received_is_what_was_delivered(septembers):
    for before, after in septembers:
        delivered = after.ledger.delivered.sum() - before.ledger.delivered.sum()
        if after is not before:
            schools = after.schools.delivered.sum() + after.schools.delivered_policy.sum()
            assert delivered == pytest.approx(schools, abs=1e-8)


def test_partners_placements_are_what_their_schools_received(septembers):
    for _, world in septembers:
        placed = np.zeros_like(world.schools.delivered)
        np.add.at(placed, world.placements.school, world.placements.delivered)
        np.testing.assert_allclose(placed, world.schools.delivered, rtol=0.0, atol=EXACTLY)
        assert (world.placements.delivered <= world.placements.promised + EXACTLY).all()
        assert (world.placements.overlap <= world.placements.delivered.sum(axis=1) + EXACTLY).all()


def test_no_school_takes_more_than_it_can_absorb(septembers):
    for _, world in septembers:
        model = CollaborationModel(configuration.scenario("historical"), 1, world.with_(month=world.month - 1))
        room = 3000.0 * model.schools.pupils() / 1e6
        assert (world.schools.delivered.sum(axis=1) <= room + EXACTLY).all()
        assert (world.schools.delivered_policy.sum(axis=1) <= room + EXACTLY).all()


def test_who_offers_nothing_delivers_nothing(septembers):
    _, world = septembers[-1]
    idle = world.ledger.offered == 0.0
    assert (world.ledger.delivered[idle] == 0.0).all()
    hub = world.organisations.kind == BACKBONE
    assert not world.ledger.delivered[hub].any() or world.ledger.overhead[hub].any()


def test_foundations_place_nothing_themselves(septembers):
    for _, world in septembers:
        assert not (world.organisations.kind[world.placements.provider] == FOUNDATION).any()


def test_no_tie_that_holds_money_is_lost(septembers):
    for _, world in septembers:
        assert world.ties.grant.min(initial=0.0) >= 0.0
        if month_of_year(world.month) == 10:
            assert not world.ties.grant.any()


@pytest.mark.parametrize("name", ["no_initiative", "policy_only"])
def test_foundations_that_act_alone_spend_what_they_set_aside(name):
    scenario = configuration.scenario(name, overrides={"setting.until": "2021-09"})  # September is when grants arrive
    last = CollaborationModel(scenario, 1).run_until_month(month_of("2021-10")).world
    kind, book = last.organisations.kind, last.ledger
    trusted = np.bincount(last.ties.source, np.isin(kind[last.ties.target], (NGO, ACADEMIA)), len(kind)) > 0
    alone = (kind == FOUNDATION) & (last.initiative.launched == NEVER)
    assert (book.delivered[alone & trusted] > 0.3 * book.offered[alone & trusted]).all()
    assert (book.unspent[alone & ~trusted] > 0.9 * book.offered[alone & ~trusted]).all()
    assert last.ledger.transit.sum() < 0.02 * last.ledger.offered.sum()


def test_a_member_gives_to_members_and_who_is_none_to_whom_it_trusts():
    world = CollaborationModel(configuration.scenario("historical"), 1).run_until_month(month_of("2016-08")).world
    after = CollaborationModel(configuration.scenario("historical"), 1, world)
    after.step()
    ties, member = after.world.ties, after.world.organisations.member
    paid = ties.grant > 0.0
    assert member[ties.target[paid & member[ties.source]]].all()
    alone = paid & ~member[ties.source]
    assert alone.any()
    assert not member[ties.target[alone]].all()


def test_the_journal_keeps_the_books_of_every_year(septembers):
    _, world = septembers[-1]
    for line in entries(world, "placements"):
        book = line.fields["ledger"]
        spent = book.delivered + book.overhead + book.unspent + book.transit
        np.testing.assert_allclose(book.offered, spent, rtol=0.0, atol=EXACTLY)
