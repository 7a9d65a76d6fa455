"""Trust in the ministry, as owners of schools and phases ask for it."""

from __future__ import annotations

import numpy as np

from sim.agents.host import Host
from sim.rules.arrays import Floats
from sim.world.organisations import MINISTRY
from sim.world.state import World


def trust_in_ministry(model: Host, world: World) -> Floats:
    """Trust of each organisation in the ministry, that between strangers without a tie; shape (organisations,) [share]."""
    table, ties = world.organisations, world.ties
    trusted = np.full(len(table), model.parameters.trust.reference_ministry)
    to = table.kind[ties.target] == MINISTRY
    trusted[ties.source[to]] = ties.trust[to]
    return trusted
