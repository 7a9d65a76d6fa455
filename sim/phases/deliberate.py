"""Influence on positions, and motions that are put, accepted or refused."""

from __future__ import annotations

from dataclasses import dataclass

from sim.dates import month_of
from sim.declare import parameter
from sim.phases.host import Model
from sim.phases.motions import put_motion
from sim.rules import agreeing
from sim.rules.arrays import Floats
from sim.world.organisations import MINISTRY
from sim.world.state import (
    MOTIONS,
    NATIONAL,
    NEVER,
    OBSERVER,
    PERIPHERY_AND_JUNIOR_HIGH,
    World,
)


@dataclass(frozen=True)
class DeliberationParameters:
    """Influence of organisations on one another, and their joint decisions."""

    rule: str = parameter("influence", unit="rule", about="Friedkin-Johnsen influence, or bounded confidence",
        choices=("influence", "bounded"), source="friedkin_johnsen_1990")  # fmt: skip
    bound: float = parameter(0.25, unit="share", about="rival: greatest distance at which a partner is heard", low=0,
        high=1,
        source="hegselmann_krause_2002")  # fmt: skip
    opened_by_mediation: float = parameter(0.6, unit="share", about="how far mediation opens minds", low=0, high=1)
    most_open: float = parameter(0.95, unit="share", about="greatest openness", low=0, high=1)
    tolerance: float = parameter(0.17, unit="share", about="distance to a motion that a member tolerates", low=0.05,
        high=0.5, uncertain=True)  # fmt: skip
    by_distance: float = parameter(10.0, unit="logit", about="b_tol, weight of distance", low=0, high=50)
    by_trust: float = parameter(1.5, unit="logit", about="b_trust, weight of trust in the proposer", low=0, high=20)
    by_win: float = parameter(
        2.0, unit="logit", about="b_win, weight of winning the ministry by passing a motion", low=0, high=10
    )
    quorum: float = parameter(
        0.75, unit="share", about="part of the votes that a motion needs", low=0, high=1, lever=True
    )
    concession: float = parameter(0.35, unit="share", about="how far those who accept a motion move towards it", low=0,
        high=1, source="case")  # fmt: skip
    agenda_after: int = parameter(2, unit="months", about="time from the launch to the first vote on an agenda",
        low=0, high=120,
        source="case", evidence="measured")  # fmt: skip
    mathematics_first: bool = parameter(True, unit="flag", about="the ministry asks for mathematics first", lever=True,
        source="case")  # fmt: skip
    mathematics_after: int = parameter(4, unit="months", about="time from a window to the ministry's motion", low=0,
        high=120,
        source="case", evidence="estimated")  # fmt: skip
    steering: float = parameter(0.5, unit="share", about="how far members' money moves to the agenda's weight on "
        "mathematics", low=0, high=1, source="case")  # fmt: skip
    periphery_motion: bool = parameter(True, unit="flag", about="a motion for the periphery and junior high school is "
        "put", lever=True,
        source="case")  # fmt: skip
    periphery_shift: float = parameter(0.3, unit="share", about="how far those who accept it, and the ministry where "
        "it follows, turn "
        "from convenience to need", low=0, high=1, source="case")  # fmt: skip
    periphery_from: str = parameter("2016-09", unit="date", about="month of the motion for the periphery and junior "
        "high school",
        source="case", evidence="measured")  # fmt: skip
    mathematics_weight: float = parameter(0.55, unit="share", about="weight on mathematics in the motion mathematics "
        "first", low=0,
        high=1)  # fmt: skip
    junior_shift: float = parameter(0.25, unit="share", about="part of senior high school's weight that the motion "
        "for periphery and junior high gives to junior high school", low=0, high=1)  # fmt: skip
    retry: int = parameter(1, unit="months", about="time before a refused motion is put again", low=1, high=60)
    ministry_decides: bool = parameter(True, unit="flag", about="under the national programme the ministry decides",
        lever=True, source="case")  # fmt: skip


def deliberate(model: Model) -> World:
    """Move positions by influence, and put the motions whose time has come to the members."""
    world = model.world
    if world.initiative.launched == NEVER:
        return world
    table = world.organisations
    position = model.ask("next_position", mean_heard(model, world), world.initiative.mediating)
    world = world.with_(organisations=table.with_(position=position))
    if model.parameters.conditions.common_agenda > 0.0:
        for motion in due_motions(model, world):
            world = put_motion(model, world, motion)
    jointly = world.ministry.stage < NATIONAL or not model.parameters.deliberation.ministry_decides
    state = world.initiative
    joint = state.joint_decisions + int(jointly)
    agreed = state.with_(decisions=state.decisions + 1, joint_decisions=joint, consensus=consensus(model, world))
    return world.with_(initiative=agreed)


def mean_heard(model: Model, world: World) -> Floats:
    """Return the mean position that each organisation hears; shape (organisations, weights)."""
    p, table, ties = model.parameters.deliberation, world.organisations, world.ties
    if p.rule == "bounded":
        return agreeing.influence_within(table.position, ties.trust, ties.target, ties.offsets, bound=p.bound)
    return agreeing.influence(table.position, table.power, ties.trust, ties.target, ties.offsets)


def consensus(model: Model, world: World) -> float:
    """Return the mean agreement of pairs of members, with the ministry once it has joined [share]."""
    table = world.organisations
    decides = table.member | (table.kind == MINISTRY) if world.ministry.stage > OBSERVER else table.member
    return float(agreeing.consensus(table.position, decides))


def due_motions(model: Model, world: World) -> list[int]:
    """Return the motions whose time has come and that have not passed."""
    state, month = world.initiative, world.month
    waiting = [m for m in range(len(MOTIONS)) if state.passed[m] == NEVER and month >= state.retry[m]]
    return [m for m in waiting if is_due(model, world, m)]


def is_due(model: Model, world: World, motion: int) -> bool:
    """Return whether the time of a motion has come.

    Args:
        model: whose month it is
        world: as it is now
        motion: number of the motion [code]
    """
    p, state, ministry, month = model.parameters.deliberation, world.initiative, world.ministry, world.month
    if motion == 0:
        return bool(month >= state.launched + p.agenda_after)
    if state.agenda is None:
        return False
    if motion == PERIPHERY_AND_JUNIOR_HIGH:
        return bool(p.periphery_motion) and month >= month_of(p.periphery_from)
    opened = ministry.window_until - round(model.parameters.ministry.window)
    since = ministry.window_until != NEVER and month >= opened + p.mathematics_after
    return bool(p.mathematics_first and (since or ministry.stage > OBSERVER))
