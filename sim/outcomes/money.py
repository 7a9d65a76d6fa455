"""Outcomes of money: offered, delivered, unspent, duplicated, and cost."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.declare import outcome
from sim.outcomes.schools import examinations
from sim.world.organisations import KINDS, MINISTRY
from sim.world.state import World

FATES = ("offered", "delivered", "overhead", "transit", "unspent", "duplicated", "refused")
"""Columns of the ledger that outcomes give by the source of the money."""


@outcome("NIS million", better=0)
def offered(world: World) -> float:
    """Money and work offered by everybody since the start."""
    return float(math.fsum(world.ledger.offered))


@outcome("NIS million", better=1)
def delivered(world: World) -> float:
    """Money and work delivered in schools since the start."""
    return float(math.fsum(world.ledger.delivered))


@outcome("NIS million", better=-1)
def unspent(world: World) -> float:
    """Money offered and neither delivered, nor overhead, nor still in transit."""
    return float(math.fsum(world.ledger.unspent))


@outcome("NIS million", better=-1)
def duplicated(world: World) -> float:
    """Delivered where another provider already delivered by the same channel that year."""
    return float(math.fsum(world.ledger.duplicated))


@outcome("NIS million", better=-1)
def refused(world: World) -> float:
    """Programmes that owners of schools did not let in; part of it was delivered elsewhere, the rest is unspent."""
    return float(math.fsum(world.ledger.refused))


def _of_partners(world: World, fate: Any) -> float:
    return float(math.fsum(fate[world.organisations.kind != MINISTRY]))


@outcome("NIS million", better=0)
def offered_partners(world: World) -> float:
    """Money and work offered by everybody but the ministry since the start."""
    return _of_partners(world, world.ledger.offered)


@outcome("NIS million", better=1)
def delivered_partners(world: World) -> float:
    """Money and work of partners, the ministry's left out, delivered in schools since the start."""
    return _of_partners(world, world.ledger.delivered)


@outcome("share", better=1)
def delivered_periphery(world: World) -> float:
    """Part of all money delivered in schools that went to the periphery."""
    received = world.schools.received
    return float(received[world.schools.periphery].sum() / received.sum()) if received.sum() > 0.0 else float("nan")


@outcome("share", better=0)
def money_on_mathematics(world: World) -> float:
    """Part of what partners delivered that was for mathematics, by the weights of those who deliver."""
    partners = delivered_partners(world)
    return float(world.initiative.on_mathematics / partners) if partners > 0.0 else float("nan")


@outcome("share", better=1)
def coverage(world: World) -> float:
    """Schools reached by partners' programmes in the last school year."""
    return float((world.schools.delivered.sum(axis=1) > 0).mean())


@outcome("students", better=1)
def additional_2020(world: World) -> float:
    """Examinees of 2014-2020 beyond the level of 2013, summed over the years."""
    figures = examinations(world)
    if 2020 not in figures or 2013 not in figures:
        return float("nan")
    base = figures[2013]["examinees"].sum()
    return float(sum(figures[year]["examinees"].sum() - base for year in range(2014, 2021)))


@outcome("NIS thousand", better=-1)
def cost_per_additional(world: World) -> float:
    """Money offered for each examinee of 2014-2020 beyond the level of 2013 (all growth counted, not only that caused)."""
    more = additional_2020(world)
    return float(1000.0 * math.fsum(world.ledger.offered) / more) if more > 0 else float("nan")


def source_columns() -> list[str]:
    """Return the columns of money by its source.

    >>> source_columns()[:2], len(source_columns())
    (['offered/ministry', 'offered/foundation'], 49)
    """
    return [f"{fate}/{kind}" for fate in FATES for kind in KINDS]


def by_source(world: World) -> dict[str, float]:
    """Return the use of money since the start, by the kind of organisation that offered it [NIS million].

    offered = delivered + overhead + transit + unspent; duplicated is a part of delivered.
    """
    kind, ledger = world.organisations.kind, world.ledger
    sums = [np.bincount(kind, weights=getattr(ledger, fate), minlength=len(KINDS)) for fate in FATES]
    return dict(zip(source_columns(), np.concatenate(sums).tolist(), strict=True))
