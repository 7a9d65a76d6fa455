"""Outcomes of the network: stages of the ministry, trust, agreement, the shape of ties."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.dates import september
from sim.declare import outcome
from sim.world.organisations import BACKBONE, BUSINESS, FOUNDATION, MINISTRY, NGO
from sim.world.state import COMMON_AGENDA, NEVER, World, entries
from sim.world.ties import mean_where


def _month(month: int) -> float:
    return float("nan") if month == NEVER else float(month)


@outcome("month, 0 = September 2005", better=-1)
def month_joined(world: World) -> float:
    """Month in which the ministry joined."""
    return _month(world.ministry.joined)


@outcome("month, 0 = September 2005", better=-1)
def month_pilot(world: World) -> float:
    """Month in which the pilot was decided."""
    return _month(world.ministry.pilot)


@outcome("month, 0 = September 2005", better=-1)
def month_national(world: World) -> float:
    """Month in which the national programme was decided."""
    return _month(world.ministry.national)


@outcome("stage", better=1)
def stage_reached(world: World) -> float:
    """Stage of the ministry at the end: 0 observer, 1 partner, 2 pilot, 3 national."""
    return float(world.ministry.stage)


@outcome("organisations", better=1)
def members(world: World) -> float:
    """Members of the initiative at the end."""
    return float(world.organisations.member.sum())


@outcome("organisations", better=1)
def members_2014(world: World) -> float:
    """Members of the initiative in September 2014, a year after its launch."""
    return _a_year_on(world, "members")


@outcome("months", better=-1)
def agenda_months(world: World) -> float:
    """Months from the launch to the common agenda."""
    state = world.initiative
    return float(state.passed[COMMON_AGENDA] - state.launched) if state.passed[COMMON_AGENDA] != NEVER else float("nan")


@outcome("share", better=1)
def trust_ministry_2014(world: World) -> float:
    """Mean trust between the ministry and its partners in September 2014, a school year after the launch."""
    return _a_year_on(world, "trust_ministry")


@outcome("seats a month", better=1)
def attendance(world: World) -> float:
    """Organisations in the meetings of a month, each as often as it attends; mean since the launch."""
    return _mean_since(world, "attendance")


@outcome("share", better=1)
def readiness_network(world: World) -> float:
    """Readiness of the network, mean since the launch."""
    return _mean_since(world, "readiness")


def _a_year_on(world: World, name: str) -> float:
    """Return a figure of the network in September 2014, nan where that month was not simulated."""
    counted = [line for line in entries(world, "network") if line.month <= september(2015)]
    return float(counted[-1].fields[name]) if counted and world.month > september(2015) else float("nan")


def _mean_since(world: World, name: str) -> float:
    values = [line.fields[name] for line in entries(world, "network")]
    return float(np.mean(values)) if values else float("nan")


@outcome("share", better=1)
def consensus(world: World) -> float:
    """Mean agreement of members at the end."""
    return float(world.initiative.consensus)


@outcome("share", better=1)
def transparency(world: World) -> float:
    """Shared measurement M at the end."""
    return float(world.initiative.transparency)


def trust_between(world: World, one: int, other: int) -> float:
    """Return mean trust along ties between two sectors, both ways [share].

    Args:
        world: as it is now
        one: a kind [code]
        other: another kind [code]
    """
    source, target = world.organisations.kind[world.ties.source], world.organisations.kind[world.ties.target]
    return mean_where(world.ties.trust, ((source == one) & (target == other)) | ((source == other) & (target == one)))


@outcome("share", better=1)
def trust_across(world: World) -> float:
    """Mean trust along ties between sectors at the end."""
    return mean_where(world.ties.trust, world.ties.crossing(world.organisations.kind))


@outcome("share", better=1)
def trust_ministry_third_sector(world: World) -> float:
    """Mean trust between the ministry and the third sector at the end."""
    return trust_between(world, MINISTRY, NGO)


@outcome("share", better=1)
def trust_ministry_business(world: World) -> float:
    """Mean trust between the ministry and businesses at the end."""
    return trust_between(world, MINISTRY, BUSINESS)


def _network(world: World, first: bool) -> dict[str, Any] | None:
    lines = list(entries(world, "network"))
    return (lines[0] if first else lines[-1]).fields if lines else None


@outcome("share", better=0)
def trust_ministry_launch(world: World) -> float:
    """Mean trust between the ministry and its partners at the launch."""
    line = _network(world, first=True)
    return float("nan") if line is None else float(line["trust_ministry"])


@outcome("share", better=1)
def trust_ministry_end(world: World) -> float:
    """Mean trust between the ministry and its partners at the end."""
    line = _network(world, first=False)
    return float("nan") if line is None else float(line["trust_ministry"])


@outcome("share", better=1)
def trust_foundation_third_sector(world: World) -> float:
    """Mean trust between foundations and the third sector at the end."""
    return trust_between(world, FOUNDATION, NGO)


@outcome("share", better=0)
def density(world: World) -> float:
    """Ties over possible ties, the backbone left out, at the end."""
    source, target = world.organisations.kind[world.ties.source], world.organisations.kind[world.ties.target]
    size = int((world.organisations.kind != BACKBONE).sum())
    ties = int(((source != BACKBONE) & (target != BACKBONE)).sum())
    return ties / (size * (size - 1)) if size > 1 else 0.0


@outcome("share", better=0)
def reciprocity(world: World) -> float:
    """Ties that are returned, at the end."""
    size = len(world.organisations)
    code = world.ties.source * size + world.ties.target
    back = world.ties.target * size + world.ties.source
    return float(np.isin(back, code).mean()) if len(code) else float("nan")


@outcome("components", better=-1)
def components(world: World) -> float:
    """Components of the network of ties at the end: parts without a tie between them."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = len(world.organisations)
    graph = coo_array((np.ones(len(world.ties)), (world.ties.source, world.ties.target)), shape=(size, size))
    return float(connected_components(graph, directed=False)[0])


@outcome("index", better=0)
def centralisation(world: World) -> float:
    """Degree centralisation (Freeman) of ties received, at the end."""
    size = len(world.organisations)
    degree = np.bincount(world.ties.target, minlength=size)
    return float((degree.max() - degree).sum() / ((size - 1) ** 2)) if size > 1 else 0.0


@outcome("index", better=1)
def collaboration(world: World) -> float:
    """Collaboration index at the end: mean of decisions taken jointly, trust across sectors, and shared measurement."""
    state = world.initiative
    joint = state.joint_decisions / state.decisions if state.decisions else 0.0
    across = trust_across(world) if len(world.ties) else 0.0
    return float((joint + across + state.transparency) / 3.0)
