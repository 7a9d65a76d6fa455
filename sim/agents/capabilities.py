"""Capabilities of the kinds as arrays over kinds, so that a phase asks for a capability and not for a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sim.agents.host import Host
from sim.agents.organisation import Organisation
from sim.rules.arrays import Flags, Ints
from sim.world.forums import FORUMS
from sim.world.organisations import KINDS


class Capabilities(NamedTuple):
    """Capabilities of the kinds of a model, each an array over kinds, made from what their classes declare."""

    gives: Flags  # hands its money to others as grants [flag]
    owns: Flags  # schools belong to it [flag]
    forums: Ints  # forums of its sector that it attends, one bit a forum [bits]
    funded: Flags  # rows: who gives; columns: who receives grants from it; shape (kinds, kinds) [flag]


def capabilities(model: Host) -> Capabilities:
    """Return the capabilities of the kinds of a model, made once.

    Args:
        model: whose classes declare them
    """
    return model.memo.get("capabilities", (), lambda: capabilities_of(model.kinds))


def capabilities_of(kinds: Mapping[str, type[Organisation]]) -> Capabilities:
    """Return what classes declare as arrays over kinds.

    Args:
        kinds: the class of every kind, by name
    """
    classes = [kinds.get(name, Organisation) for name in KINDS]  # one registered later has nobody
    return Capabilities(
        gives=np.array([each.gives_grants for each in classes]),
        owns=np.array([each.owns_schools for each in classes]),
        forums=np.array([forum_bits(each.attends) for each in classes], dtype=np.int64),
        funded=np.array([[giver in each.funded_by for each in classes] for giver in KINDS]),
    )


def forum_bits(names: tuple[str, ...]) -> int:
    """Return forums as bits.

    Args:
        names: of forums

    >>> forum_bits(("steering_committee", "retraining_group"))
    5
    """
    return sum(1 << FORUMS.index(name) for name in set(names))
