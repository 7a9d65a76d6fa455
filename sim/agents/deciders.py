"""Classes that take a decision; those that take it in the same way are asked together."""

from __future__ import annotations

from collections.abc import Mapping
from types import MethodType
from typing import Protocol

from sim.agents.host import Host
from sim.agents.organisation import Organisation
from sim.agents.validation import ANSWERS, is_builtin
from sim.errors import InputError, nearest, shown
from sim.world.organisations import KINDS

type Decider = tuple[MethodType, slice]
"""A decision of a class, and the rows for which it decides."""


class Deciding(Host, Protocol):
    """A model with a class that decides for each kind."""

    kinds: Mapping[str, type[Organisation]]


def deciders(model: Deciding, decision: str) -> list[Decider]:
    """Return who takes a decision, in the order of rows.

    Args:
        model: whose classes decide
        decision: name of the decision

    Raises:
        InputError: no class takes the decision
    """
    if decision not in ANSWERS and not any(hasattr(decider, decision) for decider in model.kinds.values()):
        raise InputError(f"{shown(decision)} is not a decision of any class{nearest(str(decision), sorted(ANSWERS))}")
    groups: list[tuple[object, type[Organisation], slice]] = []
    for code, kind in enumerate(KINDS):
        decider, rows = model.kinds.get(kind, Organisation), model.world.organisations.rows_of(code)
        method = getattr(decider, decision, None)
        if method is None or rows.start == rows.stop:
            continue
        builtin = is_builtin(decider)  # a user's class may override what it calls
        if builtin and groups and groups[-1][0] is method and groups[-1][2].stop == rows.start:
            groups[-1] = (method, groups[-1][1], slice(groups[-1][2].start, rows.stop))
        else:
            groups.append((method if builtin else None, decider, rows))
    return [(getattr(decider.everyone(model, rows), decision), rows) for _, decider, rows in groups]
