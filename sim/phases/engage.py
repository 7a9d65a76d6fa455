"""Engagement of the ministry: it joins, begins a pilot, goes national, or stays outside."""

from __future__ import annotations

from sim.draws import Stream
from sim.phases.host import Model
from sim.rules import adopting
from sim.rules.logit import chance, logit_of
from sim.world.organisations import MINISTRY
from sim.world.state import NATIONAL, NEVER, PARTNER, PILOT, STAGES, Initiative, World
from sim.world.ties import mean_trust


def weigh(model: Model) -> World:
    """Update the problem stream and the readiness of the network."""
    world = model.world
    if world.initiative.launched == NEVER:
        return world
    return world.with_(initiative=with_streams(model, world))


def engage(model: Model) -> World:
    """Let the ministry take its next stage, likeliest in a window."""
    world, p = model.world, model.parameters.ministry
    if p.mode == "never" or p.ends:
        return world
    if p.mode != "emergent":
        return advanced(world, p.ordered) if p.ordered > world.ministry.stage else world
    if world.initiative.launched == NEVER or world.ministry.stage >= NATIONAL:
        return world
    terms = model.kind("ministry").adoption_terms()
    opened = 1.0 if world.month < world.ministry.window_until else p.openness_outside_window
    likely = opened * float(chance(logit_of(terms)))
    world = world.noting("adoption", towards=STAGES[world.ministry.stage + 1], chance=likely, opened=opened, **terms)
    if model.luck.once(Stream.STAGE, world.month, world.ministry.stage) < likely:
        return advanced(world, world.ministry.stage + 1)
    return world


def with_streams(model: Model, world: World) -> Initiative:
    """Return the initiative with this month's problem and readiness."""
    state, p = world.initiative, model.parameters.ministry
    share = world.published.shares[-1] if world.published.shares else p.target
    readiness = float(adopting.readiness(state.consensus, state.transparency, trust_of_ministry(model, world)))
    if world.ministry.stage == PILOT:
        readiness *= state.pilot_proof
    elif world.ministry.stage == NATIONAL:
        readiness *= state.delivery
    return state.with_(problem=float(adopting.problem(share, state.salience, target=p.target)), readiness=readiness)


def trust_of_ministry(model: Model, world: World) -> float:
    """Return mean trust of the ministry in members, that between strangers where it has no ties [share]."""
    table = world.organisations
    return mean_trust(world.ties, table.kind == MINISTRY, table.member, model.parameters.trust.reference_ministry)


def advanced(world: World, stage: int) -> World:
    """Return the ministry at a higher stage, dated.

    Args:
        world: as it is now
        stage: that it reaches [stage]
    """
    state, month = world.ministry, world.month
    ministry = state.with_(
        stage=stage,
        since=month,
        joined=month if state.joined == NEVER and stage >= PARTNER else state.joined,
        pilot=month if state.pilot == NEVER and stage >= PILOT else state.pilot,
        national=month if state.national == NEVER and stage >= NATIONAL else state.national,
    )
    world = world.with_(ministry=ministry).noting("stage", stage=stage)
    return world.noting("event", event=f"ministry becomes {STAGES[stage]}")
