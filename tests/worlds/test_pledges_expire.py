"""Pledges have a term: without renewal they are void for one more term, and nobody else's draws change."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim import configuration
from sim.dates import month_of
from sim.model import CollaborationModel
from sim.world.organisations import FOUNDATION
from sim.world.state import NEVER
from tests.comparing import differing, world_at

pytestmark = pytest.mark.simulates

TERM = 12


@pytest.fixture(scope="module")
def months():
    """Return the organisations at the end of each month from the launch on, with pledges renewed by chance."""
    scenario = configuration.scenario(
        "historical", overrides={"commitment.term": TERM, "commitment.renewing": 0.0, "setting.until": "2017-12"}
    )
    model, tables = CollaborationModel(scenario, 1).run_until_month(month_of("2013-07")), []
    while model.world.month <= scenario.last_month:
        month = model.world.month
        model.step()
        tables.append((month, model.world.organisations))
    return tables


def test_a_pledge_that_was_not_renewed_is_nothing_for_a_term(months):
    lapsed = 0
    for month, table in months:
        idle = table.lapsed_until > month
        assert not table.pledge[idle].any()
        assert (table.lapsed_until[idle] <= month + TERM).all()
        lapsed += idle.sum()
    assert lapsed > 100


def test_pledges_lapse_only_when_a_term_ends(months):
    for (_, before), (month, after) in itertools.pairwise(months):
        new = after.lapsed_until != before.lapsed_until
        served = month - after.joined
        assert (served[new] % TERM == 0).all()
        assert (served[new] > 0).all()
        assert after.lapsed_until[new].tolist() == [month + TERM] * int(new.sum())


def test_about_as_many_are_renewed_as_the_chance_says(months):
    due = lapsed = 0
    for (_, before), (month, after) in itertools.pairwise(months):
        served = month - after.joined
        ends = after.member & before.member & (served > 0) & (served % TERM == 0) & (before.capacity > 0.0)
        due += int(ends.sum())
        lapsed += int((after.lapsed_until != before.lapsed_until)[ends].sum())
    assert due > 100
    # Half, without results; published growth makes it fewer.
    assert 0.2 < lapsed / due < 0.6


def test_a_pledge_begins_anew_after_its_time():
    scenario = configuration.scenario(
        "historical", overrides={"commitment.term": 6, "commitment.renewing": 0.0, "setting.until": "2017-12"}
    )
    table = world_at(scenario, 1).organisations
    back = (
        (table.lapsed_until != NEVER)
        & (table.lapsed_until < scenario.last_month)
        & table.member
        & (table.capacity > 0.0)
    )
    assert back.any()
    assert (table.pledge[back] > 0.0).all()


def test_pledges_that_everyone_renews_are_those_without_a_term():
    short, long = (
        world_at(
            configuration.scenario("historical", overrides={"commitment.term": term, "commitment.renewing": 10.0}), 1
        )
        for term in (12, 240)
    )
    assert (short.organisations.lapsed_until == NEVER).mean() > 0.99
    assert (long.organisations.lapsed_until == NEVER).all()


def test_less_is_offered_where_fewer_renew():
    offered = [
        world_at(configuration.scenario("historical", overrides={"commitment.renewing": value}), 1).ledger.offered.sum()
        for value in (-5.0, 1.5, 10.0)
    ]
    assert offered[0] < offered[1] < offered[2]


def test_before_a_first_term_ends_a_term_is_of_no_consequence():
    scenarios = [
        configuration.scenario("historical", overrides={"commitment.term": term, "commitment.renewing": -5.0})
        for term in (12, 36)
    ]
    first = month_of("2014-07")
    one, other = (world_at(scenario, 1, first) for scenario in scenarios)
    assert differing(one, other) == []


def test_when_the_founder_leaves_one_foundation_pledges_nothing_from_that_month_on():
    scenario = configuration.scenario("historical")
    model = CollaborationModel(scenario, 1).run_until_month(month_of("2019-01"))
    table = model.world.organisations
    first = int(np.flatnonzero(table.founder & (table.kind == FOUNDATION))[0])
    assert table.pledge[first] > 0.0
    for _ in range(12):
        model.step()
        assert model.world.organisations.pledge[first] == 0.0
    assert (model.world.organisations.pledge > 0.0).sum() > 20
