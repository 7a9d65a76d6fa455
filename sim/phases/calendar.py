"""Dated events: the launch, crises, changes of leadership and what they do to windows, salience and trust."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.declare import parameter
from sim.draws import Stream
from sim.phases.host import Model
from sim.rules import adopting, trust
from sim.rules.logit import chance, logit_of
from sim.world.forums import ROUND_TABLE
from sim.world.organisations import MINISTRY
from sim.world.state import NEVER, OBSERVER, World


@dataclass(frozen=True)
class CalendarParameters:
    """Salience of the problem: crises, and the half-life of attention."""

    crisis: int = parameter(0, unit="count", about="crises proclaimed so far; each makes the problem salient", low=0,
        high=100, lever=True, source="case", evidence="measured")  # fmt: skip
    urgency: float = parameter(0.6, unit="logit", about="effect of the problem's salience on pledges, and on joining "
        "at the launch", low=0, high=5, source="kingdon_1984")  # fmt: skip
    half_life: float = parameter(6.0, unit="months", about="months in which salience halves", low=3, high=9,
        source="kingdon_1984", uncertain=True)  # fmt: skip


def calendar(model: Model) -> World:
    """Apply dated events: the launch, crises, changes of leadership, the end of the programme."""
    world, p = model.world, model.parameters
    state = world.initiative
    salience = float(adopting.salience_after(state.salience, half_life=p.calendar.half_life))
    if p.calendar.crisis > model.earlier.calendar.crisis:
        salience = 1.0
    if p.network.launched and state.launched == NEVER:
        world = world.noting("event", event="launch")
        state = state.with_(launched=world.month)
    if salience != state.salience or state is not world.initiative:
        world = world.with_(initiative=state.with_(salience=salience))
    if p.ministry.leadership > world.ministry.leadership:
        world = leaders_changed(model, world)
    if p.ministry.ends and world.ministry.stage > OBSERVER:
        world = left_by(world, "ended")
    if p.ministry.mode in ("recorded", "scheduled") and p.ministry.ordered < world.ministry.stage:
        world = left_by(world, "cooled")
    return world


def leaders_changed(model: Model, world: World) -> World:
    """Return the world after a change of leaders: a departure erases trust, the new leader may bring trust, a window opens."""
    p = model.parameters.ministry
    ties, ministry = world.ties, world.ministry
    state = (world.organisations.kind[ties.source] == MINISTRY) | (world.organisations.kind[ties.target] == MINISTRY)
    left = trust.trust_faded(ties.trust, ties.reference, rate=p.trust_erased_by_departure)
    brought = trust.reset_upwards(left, round_table_trust(world), share=p.trust_carried_over)
    if model.parameters.trust.rule == "constant":
        brought = ties.trust
    world = world.with_(
        ties=ties.with_(trust=np.where(state, brought, ties.trust)),
        ministry=ministry.with_(leadership=p.leadership, window_until=world.month + round(p.window)),
    ).noting("event", event="new leaders")
    if ministry.stage > OBSERVER and p.mode == "emergent":
        terms = model.kind("ministry").cooling_terms(float(brought[state].mean()) if state.any() else 0.0)
        if model.luck.once(Stream.COOLING, world.month) < float(chance(logit_of(terms))):
            return left_by(world, "cooled")
    return world


def round_table_trust(world: World) -> float:
    """Return mean trust among those around the ministry's round table, the level that a new leader may bring [share]."""
    around = (world.organisations.forums >> ROUND_TABLE) & 1 > 0
    ties = world.ties
    among = around[ties.source] & around[ties.target]
    return float(ties.trust[among].mean()) if among.any() else 0.0


def left_by(world: World, why: str) -> World:
    """Return the world after the ministry has fallen back to the sidelines.

    Args:
        world: as it is now
        why: reason, for the journal
    """
    ministry = world.ministry.with_(stage=OBSERVER, since=world.month)
    world = world.with_(ministry=ministry).noting("stage", stage=OBSERVER)
    return world.noting("event", event=f"ministry {why}")
