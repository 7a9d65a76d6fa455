"""Motions put to the steering committee, and their effects."""

from __future__ import annotations

import numpy as np

from sim.draws import Stream
from sim.phases.host import Model
from sim.rules.arrays import Flags, Floats
from sim.world.forums import STEERING
from sim.world.organisations import BACKBONE, MINISTRY
from sim.world.state import (
    COMMON_AGENDA,
    MATHEMATICS_FIRST,
    MOTIONS,
    NATIONAL,
    OBSERVER,
    PERIPHERY_AND_JUNIOR_HIGH,
    World,
)
from sim.world.ties import mean_trust


def put_motion(model: Model, world: World, motion: int) -> World:
    """Put a motion to the steering committee.

    It passes at the quorum. Members then follow, and those who accept move towards it.

    Args:
        model: whose month it is
        world: as it is now
        motion: number of the motion [code]
    """
    p, table, state = model.parameters.deliberation, world.organisations, world.initiative
    text = motion_text(model, world, motion)
    distance = np.abs(table.position - text).sum(axis=1) / 4.0
    accepts, share = votes_on(model, world, motion, distance)
    world = world.noting("motion", motion=MOTIONS[motion], accepted=share)
    if share < p.quorum:
        retry = tuple(world.month + p.retry if m == motion else old for m, old in enumerate(state.retry))
        return world.with_(initiative=state.with_(retry=retry))
    step = p.concession * model.parameters.conditions.common_agenda
    initial = np.where(accepts[:, None], table.initial + step * (text - table.initial), table.initial)
    passed = tuple(world.month if m == motion else old for m, old in enumerate(state.passed))
    world = world.noting("event", event=f"{MOTIONS[motion]} passes")
    world = world.with_(organisations=table.with_(initial=initial), initiative=state.with_(agenda=text, passed=passed))
    return turned_to_periphery(model, world, accepts, distance) if motion == PERIPHERY_AND_JUNIOR_HIGH else world


def votes_on(model: Model, world: World, motion: int, distance: Floats) -> tuple[Flags, float]:
    """Return the members who accept a motion [flag], and the share of the votes for it.

    The committee votes, and other members follow by trust in the seats of their sector. Without a committee all
    members vote.

    Args:
        model: whose month it is
        world: as it is now
        motion: number of the motion [code]
        distance: from each position to the motion [share], shape (organisations,)
    """
    table, wins = world.organisations, motion == MATHEMATICS_FIRST and world.ministry.stage == OBSERVER
    number = np.full(len(table), motion)
    likely = model.ask("chance_of_accepting", distance, proposer_trust(world, motion), wins)
    votes = (model.luck(Stream.ACCEPTANCE, world.month, table.id, number) < likely) & table.member
    seated = seats(model, world)
    voters = seated if seated.any() else table.member
    share = float(votes[voters].mean()) if voters.any() else 0.0
    if not seated.any():
        return votes, share
    follow = model.ask("chance_of_following", distance, trust_in_seats(world, seated))
    follows = model.luck(Stream.FOLLOWING, world.month, table.id, number) < follow
    return np.where(seated, votes, follows & table.member), share


def seats(model: Model, world: World) -> Flags:
    """Return the members who sit in the steering committee, nobody where it is closed; shape (organisations,) [flag]."""
    table = world.organisations
    is_open = model.parameters.forums.steering_committee.open
    return (((table.forums >> STEERING) & 1) > 0) & table.member & is_open


def trust_in_seats(world: World, seated: Flags) -> Floats:
    """Return mean trust of each in those of its sector who sit in the committee, 0 without any; shape (organisations,).

    Args:
        world: as it is now
        seated: who sits in the committee [flag], shape (organisations,)
    """
    table, ties = world.organisations, world.ties
    own = seated[ties.target] & (table.kind[ties.source] == table.kind[ties.target])
    count = np.bincount(ties.source, weights=own, minlength=len(table))
    return np.bincount(ties.source, weights=own * ties.trust, minlength=len(table)) / np.maximum(count, 1.0)


def turned_to_periphery(model: Model, world: World, accepts: Flags, distance: Floats) -> World:
    """Return the world after those who accept have turned to need, and the ministry as far as it follows.

    Args:
        model: whose month it is
        world: as it is now
        accepts: who accepts the motion [flag], shape (organisations,)
        distance: from each position to the motion [share], shape (organisations,)
    """
    p, table = model.parameters.deliberation, world.organisations
    turned = table.preference + p.periphery_shift * (1.0 - table.preference)
    is_ministry = table.kind == MINISTRY
    follows = 1.0
    if world.ministry.stage >= NATIONAL and p.ministry_decides and is_ministry.any():
        trust = mean_trust(world.ties, is_ministry, seats(model, world) | table.founder)
        follows = model.kind("ministry").follows_advice(float(distance[is_ministry][0]), trust)
        world = world.noting("event", event=f"ministry follows the advice on the periphery by {follows:.2f}")
    return world.with_(
        organisations=table.with_(preference=np.where(accepts, turned, table.preference)),
        ministry=world.ministry.with_(periphery=follows),
    )


def motion_text(model: Model, world: World, motion: int) -> Floats:
    """Return the text of a motion as a position: weights on subjects and grades; shape (weights,).

    Args:
        model: whose month it is
        world: as it is now
        motion: number of the motion [code]
    """
    table, state, p = world.organisations, world.initiative, model.parameters.deliberation
    members = table.position[table.member]
    text = state.agenda
    if motion == COMMON_AGENDA:
        text = members.mean(axis=0) if len(members) else table.position.mean(axis=0)
    if motion == MATHEMATICS_FIRST:
        rest = text[1:4] * (1.0 - p.mathematics_weight) / max(text[1:4].sum(), 1e-9)
        return np.concatenate(([p.mathematics_weight], rest, text[4:]))
    if motion == PERIPHERY_AND_JUNIOR_HIGH:
        senior = np.array([text[4], text[5] + p.junior_shift * text[6], (1.0 - p.junior_shift) * text[6]])
        return np.concatenate((text[:4], senior))
    return text


def proposer_trust(world: World, motion: int) -> Floats:
    """Return trust of each organisation in the proposer: the ministry, or the backbone and founders; shape (n,).

    Args:
        world: as it is now
        motion: number of the motion [code]
    """
    table, ties = world.organisations, world.ties
    kind = table.kind[ties.target]
    proposer = (kind == MINISTRY) if motion == MATHEMATICS_FIRST else ((kind == BACKBONE) | table.founder[ties.target])
    count = np.bincount(ties.source, weights=proposer, minlength=len(table))
    total = np.bincount(ties.source, weights=proposer * ties.trust, minlength=len(table))
    return total / np.maximum(count, 1.0)
