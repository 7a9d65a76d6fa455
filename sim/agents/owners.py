"""Owners of schools, as far as phases ask about all of them."""

from __future__ import annotations

import numpy as np

from sim.agents.host import Host
from sim.rules.arrays import Floats
from sim.world.organisations import AUTHORITY, MINISTRY
from sim.world.state import World


def trust_in_ministry(model: Host, world: World) -> Floats:
    """Trust of each owner of schools in the ministry, that between strangers without a tie; shape (owners,) [share]."""
    table, ties = world.organisations, world.ties
    trusted = np.full(len(table), model.parameters.trust.reference_ministry)
    to = table.kind[ties.target] == MINISTRY
    trusted[ties.source[to]] = ties.trust[to]
    return trusted[table.rows_of(AUTHORITY)]
