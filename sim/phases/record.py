"""The month ends: what is to be remembered is written down, and the next month begins."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.dates import month_of_year
from sim.world.organisations import BUSINESS, FOUNDATION, MINISTRY, NGO
from sim.world.state import NEVER, World


def record(model: Any) -> World:
    """A line in the journal for the network, every third month, and for the year's placements in September."""
    world = model.world
    state = world.initiative
    if state.launched != NEVER and (month_of_year(world.month) % 3 == 0 or world.month == state.launched):
        world = world.noting("network", **network(world))
    if month_of_year(world.month) == 9 and (len(world.placements.school) or world.ministry.stage > 1):
        world = world.noting("placements", placements=world.placements, ledger=world.ledger)
    return world.with_(month=world.month + 1)


def network(world: World) -> dict[str, Any]:
    """The state of the network in numbers."""
    state, ties, table = world.initiative, world.ties, world.organisations
    source, target = table.kind[ties.source], table.kind[ties.target]
    with_ministry = (source == MINISTRY) | (target == MINISTRY)
    third = with_ministry & ((source == NGO) | (target == NGO) | (source == FOUNDATION) | (target == FOUNDATION))
    third |= with_ministry & ((source == BUSINESS) | (target == BUSINESS))
    members = table.member[ties.source] & table.member[ties.target]
    return {
        "members": int(table.member.sum()),
        "ties": len(ties),
        "trust": mean_where(ties.trust, members),
        "trust_across": mean_where(ties.trust, members & (ties.crossing > 0.0)),
        "trust_ministry": mean_where(ties.trust, third),
        "pledged": float(table.pledge @ table.capacity),
        "consensus": state.consensus,
        "transparency": state.transparency,
        "problem": state.problem,
        "salience": state.salience,
        "readiness": state.readiness,
        "entrepreneurship": state.entrepreneurship,
        "mandate": state.mandate,
        "evidence": state.evidence,
        "joint": state.joint_decisions / max(state.decisions, 1),
        "stage": world.ministry.stage,
    }


def mean_where(values: Any, flags: Any) -> float:
    """Mean of the flagged values, not a number where none is."""
    count = np.count_nonzero(flags)
    return float(values @ flags / count) if count else float("nan")
