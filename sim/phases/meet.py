"""Contacts between partners, new ties, and ties that dissolve."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sim.declare import parameter
from sim.draws import Stream, luck_of_each, luck_of_pairs, luck_of_table, mixed_pairs
from sim.jit import segment, step_of
from sim.phases.host import Model, hub_of
from sim.rules import forming, meeting
from sim.rules.arrays import Flags, Floats, Ints, Keys, Numbers
from sim.world import forums as f
from sim.world.build import reference_trust
from sim.world.organisations import BACKBONE, KINDS, MINISTRY, People, people_of
from sim.world.state import NEVER, World
from sim.world.ties import INTRODUCED, MET, Columns, NewTies, Norms, columns_of, revised_ties, with_columns, with_met

_MEETINGS = np.arange(1000, 1000 + len(f.FORUMS))

_chance_of_contact, _meetings_held = step_of(meeting.chance_of_contact), step_of(meeting.meetings_held)
_dissolved, _friend_of_friend = step_of(meeting.dissolved), step_of(forming.friend_of_friend)
_introduced_pairs, _seated_beside = step_of(forming.introduced_pairs), step_of(forming.seated_beside)
_strangers, _formed = step_of(forming.strangers), step_of(forming.formed)


@dataclass(frozen=True)
class ForumParameters:
    """One forum: whether it is open, how often it meets, and how likely two who attend talk."""

    open: bool = parameter(True, unit="flag", about="whether it exists", lever=True, source="case")
    alone: float = parameter(0.0, unit="meetings/month", about="meetings without a convenor", low=0, high=31)
    convened: float = parameter(0.0, unit="meetings/month", about="further meetings with a convenor", low=0, high=31)
    contact: float = parameter(0.1, unit="share/meeting", about="chance that two who attend really talk", low=0, high=1)
    invited: float = parameter(0.0, unit="share", about="part of the partners invited, where it invites", low=0, high=1)


def _forum(alone: float, convened: float, contact: float, invited: float = 0.0) -> ForumParameters:
    return field(default=ForumParameters(alone=alone, convened=convened, contact=contact, invited=invited))


@dataclass(frozen=True)
class ForumsParameters:
    """Every forum by name."""

    steering_committee: ForumParameters = _forum(0.25, 1.0, 0.25)
    motivation_group: ForumParameters = _forum(0.0, 1.0, 0.2)
    retraining_group: ForumParameters = _forum(0.0, 1.0, 0.2)
    periphery_group: ForumParameters = _forum(0.0, 1.0, 0.2)
    technology_group: ForumParameters = _forum(0.0, 1.0, 0.2)
    plenum: ForumParameters = _forum(0.04, 1.0, 0.06)
    business_coalition: ForumParameters = _forum(0.0, 1.0, 0.1)
    third_sector_forum: ForumParameters = _forum(0.0, 0.5, 0.15)
    round_table: ForumParameters = _forum(0.33, 0.0, 0.2, 0.35)
    public_forum: ForumParameters = _forum(0.33, 0.0, 0.15)


@dataclass(frozen=True)
class MeetingParameters:
    """Contacts of partners, and the formation of new ties."""

    alone: float = parameter(0.04, unit="share/month", about="c0, contact without any forum", low=0, high=0.2,
        uncertain=True)  # fmt: skip
    base: float = parameter(-2.4, unit="logit", about="b0, intercept of forming a tie at a first talk", low=-10, high=5)
    same: float = parameter(0.4, unit="logit", about="b_same, weight of the same sector", low=-3, high=3)
    agree: float = parameter(1.5, unit="logit", about="b_agree, weight of agreement", low=0, high=10)
    reciprocal: float = parameter(
        1.5, unit="logit", about="b_rec, weight of a tie from the other already", low=0, high=10
    )
    closing: float = parameter(0.5, unit="logit", about="b_tri, weight of shared partners (log)", low=0, high=5)
    introduced: float = parameter(
        1.5, unit="logit", about="b_intro, weight of an introduction by the backbone", low=0, high=10
    )
    degree: float = parameter(1.5, unit="logit", about="b_deg, cost of having as many partners as one can look after",
        low=0,
        high=10)  # fmt: skip
    cap: float = parameter(40.0, unit="ties", about="partners that an organisation can look after", low=1, high=1000)
    hours: float = parameter(3.0, unit="hours", about="hours of brokering for an introduction", low=0.1, high=100)
    dissolving: float = parameter(0.02, unit="share/month", about="d0, chance that a tie without trust dissolves", low=0,
        high=0.5, source="bmj_open_2025")  # fmt: skip


class Month(NamedTuple):
    """Conditions of this month for those who may meet."""

    number: int  # [month]
    rates: Floats  # meetings alone, meetings convened, log chance of missing each other in one, of each forum
    attending: Floats  # shape (forums,) [organisations]
    served: float  # organisations that an hour of convening serves [organisations/hour]
    convening: float  # [hours/month]
    mandate: float  # [share]
    alone: float  # chance of a contact without any forum [share/month]
    dissolving: float  # chance that a tie without trust dissolves [share/month]
    introductions: int  # that the backbone has the hours for [pairs]
    hub: int  # the backbone where it convenes, -1 where others do [row]


def meet(model: Model) -> World:
    """Draw contacts between partners, ties that dissolve, and new ties between strangers."""
    world = model.world
    if world.initiative.launched == NEVER:
        return world
    keys, rules = model.luck.keys(world.month), (month_of(model, world), tie_weights(model), norms(model))
    after = after_meeting(keys, columns_of(world.ties), world.ties.offsets, people_of(world.organisations), rules)
    held = world.initiative.with_(meetings=meetings(rules[0]))
    return world.with_(ties=with_columns(world.ties, *after), initiative=held)


def month_of(model: Model, world: World) -> Month:
    """Return the conditions of this month: meetings of the forums, and introductions that the backbone has hours for."""
    state, network, p = world.initiative, model.parameters.network, model.parameters.meeting
    introductions = int(state.brokering / p.hours)
    hub = hub_of(model) if model.parameters.governance.mode == "backbone" else -1
    load = state.attending, network.served, state.convening, state.mandate
    return Month(world.month, forum_rates(model), *load, p.alone, p.dissolving, introductions, hub)


def forum_rates(model: Model) -> Floats:
    """Return meetings alone, meetings convened and log chance of missing each other in one; shape (3, forums)."""
    p, online = model.parameters.forums, model.parameters.conditions.continuous_communication

    def rates() -> Floats:
        forums = [getattr(p, name) for name in f.FORUMS]
        out = np.array([[each.alone * each.open, each.convened * each.open, each.contact] for each in forums]).T
        out[1, f.PLENUM] *= online
        return np.array((out[0], out[1], np.log1p(-np.minimum(out[2], 1.0 - 1e-12))))

    return model.memo.get("forum rates", (model.parameters,), rates)


def tie_weights(model: Model) -> forming.Reasons:
    """Return the weights of the reasons to form a tie."""
    p = model.parameters.meeting
    weights = p.base, p.same, p.agree, p.reciprocal, p.closing, p.introduced, p.degree, p.cap
    return model.memo.get("tie weights", (p,), lambda: forming.Reasons(*weights, always=BACKBONE))


def norms(model: Model) -> Norms:
    """Return trust between strangers by kind, the backbone included."""
    trust, network, kind = model.parameters.trust, model.parameters.network, model.world.organisations.kind

    def made() -> Norms:
        one, other = np.divmod(np.arange(len(KINDS) ** 2), len(KINDS))
        between = reference_trust(np.arange(len(KINDS)), one, other, trust)
        between[(one == BACKBONE) | (other == BACKBONE)] = network.first_mandate
        return Norms(kind, between.reshape(len(KINDS), len(KINDS)), trust.prior_weight)

    return model.memo.get("norms", (trust, network, kind), made)


@step_of
def contacts(keys: Keys, ties: Columns, people: People, month: Month) -> Flags:
    """Return which ties had a contact this month [flag]; the two of a pair share one draw; shape (ties,).

    Args:
        keys: of the random streams of the month
        ties: columns of ties
        people: columns of organisations
        month: conditions of the month
    """
    likely = _chance_of_contact(ties.source, ties.target, people.forums, log_missed(month), month.alone)
    return luck_of_pairs(keys[Stream.CONTACT], mixed_pairs(people.id, ties.source, ties.target, True)) < likely


@step_of
def meetings(month: Month) -> Floats:
    """Return the meetings of each forum this month; shape (forums,) [meetings].

    Args:
        month: conditions of the month
    """
    attending, rates = month.attending, month.rates
    out = np.empty(attending.size)
    for forum in range(out.size):
        load = attending[forum] / month.served
        out[forum] = _meetings_held(rates[0, forum], rates[1, forum], month.convening, load, month.mandate)
    return out


@step_of
def log_missed(month: Month) -> Floats:
    """Return the log chance that two who attend a forum miss each other in it this month; shape (forums,).

    Args:
        month: conditions of the month
    """
    return meetings(month) * month.rates[2]


@step_of
def dissolving(luck: Floats, ties: Columns, people: People, month: Month) -> Flags:
    """Return the ties that end this month [flag]; ties with money, or to the ministry or the backbone, stay.

    Args:
        luck: of each tie [share], shape (ties,)
        ties: columns of ties
        people: columns of organisations
        month: conditions of the month
    """
    lasting = (people.kind == MINISTRY) | (people.kind == BACKBONE)
    return _dissolved(luck, ties.trust, ties.target, ties.grant, lasting, month.dissolving)


@step_of
def new_ties(keys: Keys, pairs: forming.Strangers, people: People, reasons: forming.Reasons) -> NewTies:
    """Return the ties formed this month among candidates: neighbours at meetings, friends of friends, the introduced.

    Args:
        keys: of the random streams of the month
        pairs: strangers who come to talk
        people: columns of organisations
        reasons: weights of the reasons to form a tie
    """
    luck = luck_of_pairs(keys[Stream.TIE], mixed_pairs(people.id, pairs.source, pairs.target, False))
    formed = _formed(luck, pairs, people.kind, people.position, reasons)
    fresh = NewTies(formed.copy(), formed.copy(), formed)
    for place in range(formed.size):
        pair = formed[place]
        fresh.source[place], fresh.target[place] = pairs.source[pair], pairs.target[pair]
        fresh.origin[place] = INTRODUCED if pairs.introduced[pair] else MET
    return fresh


@step_of
def neighbours(keys: Keys, offsets: Ints, people: People, month: Month) -> tuple[Ints, Ints]:
    """Return who sat beside whom in the forums of this month: by twos, in a new seating order in each.

    Args:
        keys: of the random streams of the month
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)
        people: columns of organisations
        month: conditions of the month
    """
    held = np.flatnonzero(luck_of_each(keys[Stream.SEATING], _MEETINGS) < meetings(month))
    luck = luck_of_table(keys[Stream.SEATING], people.id, held)
    one, other = _seated_beside(luck, people.forums, held)
    served = in_reach(offsets, people, month)
    return np.concatenate((one, np.full(served.size, month.hub))), np.concatenate((other, served))


@step_of
def in_reach(offsets: Ints, people: People, month: Month) -> Ints:
    """Return whom the backbone serves: members and the ministry at the plenum [row]; it needs hours and a mandate.

    Args:
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)
        people: columns of organisations
        month: conditions of the month
    """
    served = np.flatnonzero((people.forums >> f.PLENUM) & 1)
    if month.hub < 0 or month.hub == people.id.size or month.mandate <= 0.0:
        return served[:0]
    number = offsets[month.hub + 1] - offsets[month.hub]
    return served[:0] if number >= month.attending[f.PLENUM] else served


@step_of
def introductions(keys: Keys, people: People, month: Month) -> tuple[Ints, Ints]:
    """Return the pairs that the backbone introduces: of those drawn, the most complementary, as many as hours allow.

    Args:
        keys: of the random streams of the month
        people: columns of organisations
        month: conditions of the month
    """
    luck = luck_of_each(keys[Stream.INTRODUCTION], people.id)
    return _introduced_pairs(luck, people.member, people.mix, month.introductions)


@segment
def after_meeting(
    keys: Keys, ties: Columns, offsets: Ints, people: People, rules: tuple[Month, forming.Reasons, Norms]
) -> tuple[tuple[Numbers, ...], Ints]:
    """Return the columns of ties and their offsets after a month's contacts, dissolved ties and new ties.

    Args:
        keys: of the random streams of the month
        ties: columns of ties
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)
        people: columns of organisations
        rules: conditions of the month, weights of the reasons to form a tie, trust between strangers
    """
    month, reasons, norms = rules
    pairs = mixed_pairs(people.id, ties.source, ties.target, False)
    ends = dissolving(luck_of_pairs(keys[Stream.DISSOLUTION], pairs), ties, people, month)
    friend = _friend_of_friend(luck_of_pairs(keys[Stream.FRIEND], pairs), ties.target, offsets, people.member)
    conversations = forming.Conversations(
        introductions(keys, people, month), neighbours(keys, offsets, people, month), friend
    )
    fresh = new_ties(keys, _strangers(conversations, ties.target, offsets), people, reasons)
    return revised_ties(with_met(ties, contacts(keys, ties, people, month)), offsets, ends, fresh, norms, month.number)
