"""End of the month: write the journal and move to the next month."""

from __future__ import annotations

import numpy as np

from sim.agents import KIND_CLASSES
from sim.agents.capabilities import Capabilities, capabilities, capabilities_of
from sim.dates import month_of_year
from sim.jit import segment
from sim.phases.host import Model
from sim.rules.arrays import Flags, Floats
from sim.world.forums import ROUND_TABLE
from sim.world.organisations import MINISTRY, People, people_of
from sim.world.state import NEVER, NO_FORUMS, World
from sim.world.ties import Columns, columns_of


def record(model: Model) -> World:
    """Write the journal: the network every third month, and the year's placements in September; then move the month on."""
    world = model.world
    state = world.initiative
    if state.launched != NEVER and (month_of_year(world.month) % 3 == 0 or world.month == state.launched):
        world = world.noting("network", **network(world, capabilities(model)))
    if month_of_year(world.month) == 9 and (len(world.placements.school) or world.ministry.stage > 1):
        world = world.noting("placements", placements=world.placements, ledger=world.ledger)
    return world.with_(month=world.month + 1)


def network(world: World, kinds: Capabilities | None = None) -> dict[str, float]:
    """Return the state of the network in numbers; `kinds` are those registered if None.

    Args:
        world: as it is now
        kinds: capabilities of the kinds, None for those registered
    """
    invited = (kinds or capabilities_of(KIND_CLASSES)).forums >> ROUND_TABLE & 1 > 0
    state, ties, table = world.initiative, world.ties, world.organisations
    among, across, ministry = levels(columns_of(ties), people_of(table), invited).tolist()
    return {
        "members": int(np.count_nonzero(table.member)),
        "attendance": float(np.dot(state.meetings, NO_FORUMS if state.attending is None else state.attending)),
        "ties": len(ties),
        "trust": among,
        "trust_across": across,
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
def levels(ties: Columns, people: People, invited: Flags) -> Floats:
    """Return mean trust among members, among members of different sectors, and between the ministry and partners [share].

    Its partners are of the kinds that it invites to its round table; `invited` is an array over kinds.

    Args:
        ties: columns of ties
        people: columns of organisations
        invited: whether a kind is invited to the round table [flag], shape (kinds,)
    """
    total, count = np.zeros(3), np.zeros(3)
    for tie in range(ties.source.size):
        one, other = ties.source[tie], ties.target[tie]
        kinds, within = (people.kind[one], people.kind[other]), people.member[one] and people.member[other]
        partner = invited[max(kinds)]
        for level, counts in enumerate((within, within and kinds[0] != kinds[1], min(kinds) == MINISTRY and partner)):
            total[level] += ties.trust[tie] * counts
            count[level] += counts
    for level in range(total.size):
        total[level] = total[level] / count[level] if count[level] > 0.0 else np.nan
    return total
