"""The month ends: what is to be remembered is written down, and the next month begins."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiling import segment
from sim.dates import month_of_year
from sim.world.organisations import BUSINESS, FOUNDATION, MINISTRY, NGO, People, people_of
from sim.world.state import NEVER, World
from sim.world.ties import columns_of, mean_along, mean_where, total_along


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
    among, ministry, across = levels(columns_of(ties), ties.offsets, people_of(table))
    return {
        "members": int(np.count_nonzero(table.member)),
        "ties": len(ties),
        "trust": among,
        "trust_across": mean_where(ties.trust, across),
        "trust_ministry": ministry,
        "pledged": float((table.pledge * table.capacity)[table.capacity > 0.0].sum()),
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


@segment
def levels(ties: Any, offsets: Any, people: People) -> Any:
    """Mean trust among members, and of the ministry and partners in each other; ties of members across sectors [flag]."""
    ministry, partners = people.kind == MINISTRY, np.zeros(people.kind.size, np.bool_)
    for row in range(partners.size):
        partners[row] = people.kind[row] in (NGO, FOUNDATION, BUSINESS)
    among = mean_along(ties.trust, ties.target, offsets, people.member, people.member, np.nan)
    there, back = (
        total_along(ties.trust, ties.target, offsets, ministry, partners),
        total_along(ties.trust, ties.target, offsets, partners, ministry),
    )
    across = np.empty(ties.source.size, np.bool_)
    for tie in range(across.size):
        one, other = ties.source[tie], ties.target[tie]
        across[tie] = people.member[one] and people.member[other] and people.kind[one] != people.kind[other]
    count = there[1] + back[1]
    return among, (there[0] + back[0]) / count if count > 0 else np.nan, across
