"""August: publication of results, and reactions to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.dates import month_of_year, next_september, school_year
from sim.declare import parameter
from sim.phases.host import Model
from sim.rules.arrays import Floats
from sim.world.organisations import owner_rows
from sim.world.schools import TWELVE
from sim.world.state import NATIONAL, PILOT, World


@dataclass(frozen=True)
class ReportingParameters:
    """Publication of results, and the salience that it gives."""

    proof_after: int = parameter(6, unit="months", about="time from a pilot's first September until its results show",
        low=0, high=60, source="case", evidence="estimated")  # fmt: skip
    loudness: float = parameter(1.0, unit="share", about="salience that the yearly figures give to the problem", low=0,
        high=1, lever=True, source="kingdon_1984")  # fmt: skip


def report(model: Model) -> World:
    """Publish the figures of the year; a national programme also publishes each authority's share."""
    world = model.world
    world = with_pilot_proof(model, world)
    if month_of_year(world.month) != 8:
        return world
    state, cohorts, published = world.initiative, world.cohorts, world.published
    count = float(cohorts.examinees.sum())
    grade = max(float(cohorts.takers[TWELVE].sum()) / model.parameters.setting.taking, 1.0)
    world = world.with_(
        published=published.with_(
            years=(*published.years, school_year(world.month)),
            examinees=(*published.examinees, count),
            shares=(*published.shares, count / grade),
        ),
        initiative=state.with_(salience=max(state.salience, model.parameters.reporting.loudness)),
    )
    return with_local_reports(model, world)


def with_pilot_proof(model: Model, world: World) -> World:
    """Return the world in which a pilot has shown, by the spring of its first year, whether it delivers."""
    state, schooling = world.initiative, world.month - next_september(world.ministry.since)
    early = schooling < model.parameters.reporting.proof_after
    if world.ministry.stage != PILOT or not world.schools.pilot.any() or early:
        return world
    promised = model.parameters.ministry.pilot_budget
    delivered = float(world.schools.delivered_policy.sum())
    partners = state.delivery if state.delivery > 0.0 else 1.0
    return world.with_(initiative=state.with_(pilot_proof=min(delivered / max(promised, 1e-9), 1.0) * partners))


def with_local_reports(model: Model, world: World) -> World:
    """Return the world after local shares are published in August; owners of schools behind their peers are pressed."""
    package, state, table = model.parameters.package, world.initiative, world.organisations
    since = world.month - world.ministry.since
    due = world.ministry.stage >= NATIONAL and since >= package.publication_delay
    owners = owner_rows(table.kind)
    if not due or package.publication == 0.0 or not owners.size:
        return world
    pressure = np.zeros(len(table))
    pressure[owners] = package.publication * behind_peers(world, owners.size)
    world = world.noting("event", event="local shares published")
    return world.with_(organisations=table.with_(pressure=pressure), initiative=state.with_(local_reports=world.month))


def behind_peers(world: World, owners: int) -> Floats:
    """Return the distance of each owner of schools below the median of its peers; shape (owners,) [share of the median].

    Peers own schools in towns of the same socio-economic level.

    Args:
        world: as it is now
        owners: number of owners of schools
    """
    schools = world.schools
    takers = np.bincount(schools.authority, weights=schools.size, minlength=owners)[:owners]
    share = np.bincount(schools.authority, weights=schools.size * schools.share, minlength=owners)[:owners]
    level = np.bincount(schools.authority, weights=schools.size * np.nan_to_num(schools.locality), minlength=owners)[
        :owners
    ]
    share, band = share / np.maximum(takers, 1e-9), np.rint(level / np.maximum(takers, 1e-9))
    behind = np.zeros(owners)
    for level_of_peers in np.unique(band):
        peers = (band == level_of_peers) & (takers > 0.0)
        median = float(np.median(share[peers])) if peers.any() else 0.0
        if median > 0.0:
            behind[peers] = np.maximum(1.0 - share[peers] / median, 0.0)
    return behind
