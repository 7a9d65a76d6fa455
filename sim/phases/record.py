"""The month ends: what is to be remembered is written down, and the next month begins."""

from __future__ import annotations

from typing import Any

from sim.dates import month_of_year
from sim.world.organisations import BUSINESS, FOUNDATION, MINISTRY, NGO
from sim.world.state import NEVER, World
from sim.world.ties import mean_trust, mean_where, total_trust


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
    kind, member = table.kind, table.member
    ministry, others = kind == MINISTRY, (kind == NGO) | (kind == FOUNDATION) | (kind == BUSINESS)
    there, back = total_trust(ties, ministry, others), total_trust(ties, others, ministry)
    within = member[ties.source] & member[ties.target]
    return {
        "members": int(table.member.sum()),
        "ties": len(ties),
        "trust": mean_trust(ties, member, member, float("nan")),
        "trust_across": mean_where(ties.trust, within & ties.crossing(kind)),
        "trust_ministry": (there[0] + back[0]) / (there[1] + back[1]) if there[1] + back[1] else float("nan"),
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
