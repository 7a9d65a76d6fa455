"""Contacts between partners, new ties, and ties that dissolve."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.declare import parameter
from sim.draws import Stream
from sim.rules import forming, meeting
from sim.world import forums as f
from sim.world.organisations import BACKBONE, MINISTRY
from sim.world.state import NEVER, World
from sim.world.ties import INTRODUCED, MET, Fresh, revised

_MEETINGS = np.arange(1000, 1000 + len(f.FORUMS))
_NOBODY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class ForumParameters:
    """One forum: whether it is open, how often it meets, and how surely two who attend really talk."""

    open: bool = parameter(True, unit="flag", about="whether it exists", lever=True, source="case")
    alone: float = parameter(0.0, unit="meetings/month", about="meetings without a convenor", low=0, high=31)
    convened: float = parameter(0.0, unit="meetings/month", about="further meetings with a convenor", low=0, high=31)
    contact: float = parameter(0.1, unit="share/meeting", about="chance that two who attend really talk", low=0, high=1)
    invited: float = parameter(0.0, unit="share", about="part of the partners invited, where it invites", low=0, high=1)


def _forum(alone: float, convened: float, contact: float, invited: float = 0.0) -> Any:
    return field(default=ForumParameters(alone=alone, convened=convened, contact=contact, invited=invited))


@dataclass(frozen=True)
class ForumsParameters:
    """Every forum by name."""

    steering_committee: ForumParameters = _forum(0.25, 1.0, 0.25)
    motivation_group: ForumParameters = _forum(0.0, 1.0, 0.2)
    retraining_group: ForumParameters = _forum(0.0, 1.0, 0.2)
    periphery_group: ForumParameters = _forum(0.0, 1.0, 0.2)
    technology_group: ForumParameters = _forum(0.0, 1.0, 0.2)
    plenum: ForumParameters = _forum(0.04, 0.1, 0.08)
    online_exchange: ForumParameters = _forum(0.0, 4.0, 0.012)
    business_coalition: ForumParameters = _forum(0.0, 0.5, 0.15)
    third_sector_forum: ForumParameters = _forum(0.0, 0.5, 0.15)
    round_table: ForumParameters = _forum(0.33, 0.0, 0.2, 0.2)
    public_forum: ForumParameters = _forum(0.33, 0.0, 0.15)


@dataclass(frozen=True)
class MeetingParameters:
    """How partners meet and new ties come about."""

    alone: float = parameter(0.04, unit="share/month", about="c0, contact without any forum", low=0, high=0.2,
        uncertain=True)  # fmt: skip
    base: float = parameter(-2.4, unit="logit", about="b0, forming a tie at a first talk", low=-10, high=5)
    same: float = parameter(0.4, unit="logit", about="b_same, same sector", low=-3, high=3)
    agree: float = parameter(1.5, unit="logit", about="b_agree, agreement", low=0, high=10)
    reciprocal: float = parameter(1.5, unit="logit", about="b_rec, the other trusts already", low=0, high=10)
    closing: float = parameter(0.5, unit="logit", about="b_tri, shared partners (log)", low=0, high=5)
    introduced: float = parameter(1.5, unit="logit", about="b_intro, introduced by the backbone", low=0, high=10)
    degree: float = parameter(1.5, unit="logit", about="b_deg, having as many partners as one can look after", low=0,
        high=10)  # fmt: skip
    cap: float = parameter(40.0, unit="ties", about="partners that an organisation can look after", low=1, high=1000)
    hours: float = parameter(3.0, unit="hours", about="hours of brokering an introduction takes", low=0.1, high=100)
    dissolving: float = parameter(0.02, unit="share/month", about="d0, chance that a tie without trust dissolves", low=0,
        high=0.5, source="bmj_open_2025")  # fmt: skip


def meet(model: Any) -> World:
    """Partners meet or miss each other; strangers who sit together or are introduced may become partners."""
    world = model.world
    if world.initiative.launched == NEVER:
        return world
    ties = world.ties.with_(met=contacts(model, world))
    ends, fresh = dissolving(model, world), new_ties(model, world)
    return world.with_(ties=revised(ties, ends, fresh, model.norms(), world.month))


def contacts(model: Any, world: World) -> Any:
    """Who of each tie met this month [flag]: the two of a pair share their luck; shape (ties,)."""
    ties, table = world.ties, world.organisations
    likely = meeting.chance_of_contact(
        ties.source, ties.target, table.forums, log_missed(model, world), alone=model.parameters.meeting.alone
    )
    return model.luck.between(Stream.CONTACT, world.month, table.id, ties.pairs, mutual=True) < likely


def log_missed(model: Any, world: World) -> Any:
    """Log chance that two who attend a forum miss each other in it this month; shape (forums,)."""
    state, rates = world.initiative, model.forum_rates()
    load = state.attending / model.parameters.network.served
    held = meeting.meetings_held(rates[0], rates[1], state.convening, load, state.mandate)
    return held * np.log1p(-np.minimum(rates[2], 1.0 - 1e-12))


def dissolving(model: Any, world: World) -> Any:
    """Ties that end this month [flag]; none that holds money or leads to the ministry or the backbone."""
    table, ties = world.organisations, world.ties
    luck = model.luck.between(Stream.DISSOLUTION, world.month, table.id, ties.pairs)
    lasting = model.of_kind(MINISTRY) | model.of_kind(BACKBONE)
    rate = model.parameters.meeting.dissolving
    return meeting.dissolved(luck, ties.trust, ties.target, ties.grant, lasting, rate=rate)


def new_ties(model: Any, world: World) -> Fresh:
    """Ties formed this month among candidates: neighbours at the table, friends of friends, the introduced."""
    table, ties, p = world.organisations, world.ties, model.parameters.meeting
    pairs = forming.strangers(talks(model, world), ties.target, ties.offsets)
    luck = model.luck.between(Stream.TIE, world.month, table.id, pairs[:2])
    reasons = forming.Reasons(
        p.base, p.same, p.agree, p.reciprocal, p.closing, p.introduced, p.degree, p.cap, always=BACKBONE
    )
    found = forming.formed(luck, pairs, table.kind, table.position, reasons=reasons)
    origin = np.where(pairs.introduced[found], INTRODUCED, MET)
    return Fresh(pairs.source[found], pairs.target[found], origin)


def talks(model: Any, world: World) -> forming.Talks:
    """Who comes to talk this month: those introduced, neighbours at the table, friends of friends."""
    ties, table = world.ties, world.organisations
    luck = model.luck.between(Stream.FRIEND, world.month, table.id, ties.pairs)
    friend = forming.friend_of_friend(luck, ties.target, ties.offsets, table.member)
    return forming.Talks(introductions(model, world), neighbours(model, world), friend)


def neighbours(model: Any, world: World) -> tuple[Any, Any]:
    """Who sat beside whom in the forums that met this month: by twos, in a new seating order in each."""
    table, rates, month = world.organisations, model.forum_rates(), world.month
    meets = rates[0] + rates[1] * world.initiative.mandate * (world.initiative.convening > 0.0)
    held = np.flatnonzero(model.luck(Stream.SEATING, month, _MEETINGS) < meets)
    luck = model.luck.table(Stream.SEATING, month, table.id, held)
    pairs = forming.seated_beside(luck, table.forums, held)
    hub = backbone_pairs(model, world)
    return (np.concatenate((pairs[0], hub[0])), np.concatenate((pairs[1], hub[1]))) if len(hub[0]) else pairs


def introductions(model: Any, world: World) -> tuple[Any, Any]:
    """Pairs that the backbone introduces: of those drawn, the most complementary; their number follows hours."""
    table = world.organisations
    number = int(world.initiative.brokering / model.parameters.meeting.hours)
    luck = model.luck(Stream.INTRODUCTION, world.month, table.id)
    return forming.introduced_pairs(luck, table.member, table.mix, number=number)


def backbone_pairs(model: Any, world: World) -> tuple[Any, Any]:
    """The backbone and those it serves, members and the ministry at the table: tied as soon as it has hours."""
    table, state = world.organisations, world.initiative
    hub = model.rows_of(BACKBONE).start
    idle = hub == len(table) or state.convening <= 0.0 or model.parameters.governance.mode != "backbone"
    if idle or world.ties.number[hub] >= state.attending[f.PLENUM]:
        return _NOBODY, _NOBODY
    served = np.flatnonzero(((table.forums >> f.PLENUM) & 1) > 0)
    return np.full(served.size, hub), served
