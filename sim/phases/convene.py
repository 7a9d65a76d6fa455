"""Hours of the backbone, membership and seats, shared measurement and the mandate."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from sim.agents.capabilities import capabilities
from sim.declare import parameter
from sim.draws import Stream, luck_of_each
from sim.jit import segment, step_of
from sim.phases.host import Model
from sim.rules import adopting, seating
from sim.rules.arrays import Flags, Floats, Ints, Keys
from sim.world import forums as f
from sim.world.organisations import BACKBONE, FOUNDATION, MINISTRY
from sim.world.state import NATIONAL, NEVER, PARTNER, Initiative, World
from sim.world.ties import mean_trust, means_by_source, trust_among

_steering, _attendance = step_of(seating.steering), step_of(seating.attendance)


@dataclass(frozen=True)
class NetworkParameters:
    """The initiative as a network: launch, membership, shared measurement."""

    launched: bool = parameter(False, unit="flag", about="the initiative has been launched", lever=True, source="case")
    joining: float = parameter(1.0, unit="ratio", about="factor on every kind's chance to join later", low=0, high=5)
    leaving_base: float = parameter(
        -4.5, unit="logit", about="intercept of leaving in a month, without any trust", low=-20, high=0
    )
    leaving_by_trust: float = parameter(4.0, unit="logit", about="weight of trust against leaving", low=0, high=20)
    seats: int = parameter(18, unit="seats", about="seats of the steering committee", low=0, high=200, source="case",
        evidence="measured")  # fmt: skip
    transparency_gain: float = parameter(
        0.2, unit="share/month", about="m_up, growth of shared measurement with all hours and full trust", low=0.02,
        high=0.4, uncertain=True,
    )  # fmt: skip
    transparency_loss: float = parameter(0.02, unit="share/month", about="m_down, loss of shared measurement without "
        "work", low=0,
        high=0.5)  # fmt: skip
    served: float = parameter(0.3, unit="members/hour", about="k, members that an hour of convening serves", low=0.05,
        high=5)  # fmt: skip
    mediation: float = parameter(
        0.8, unit="share", about="m_max, greatest effect of mediation on a pair", low=0, high=1
    )
    by_recruiting: float = parameter(2.0, unit="ratio", about="factor on joining later where all effort goes into "
        "recruiting", low=0,
        high=20)  # fmt: skip
    by_partners: float = parameter(3.0, unit="ratio", about="factor on joining later where all one's partners are members and "
        "trusted", low=0, high=20)  # fmt: skip
    group_strength: float = parameter(0.8, unit="ratio", about="greatest effect of a work group on its subject: yield "
        "of motivation, teachers from industry, weight of need, physics and computer science", low=0, high=2,
        source="case",
        evidence="expert")  # fmt: skip
    first_mandate: float = parameter(0.5, unit="share", about="trust in a new neutral backbone", low=0, high=1,
        source="case")  # fmt: skip
    mandate_of_player: float = parameter(0.4, unit="share", about="mandate left to a convenor who is a player in the field",
        low=0, high=1, source="case")  # fmt: skip


@dataclass(frozen=True)
class GovernanceParameters:
    """Convenor of the network: the backbone or an organisation in its place."""

    mode: str = parameter("backbone", unit="mode", about="who convenes the network", lever=True,
        choices=("backbone", "shared", "lead_ministry", "lead_foundation"), source="provan_kenis_2008")  # fmt: skip
    efficiency: float = parameter(0.5, unit="share", about="hours of another convenor, over those of a backbone",
        low=0, high=1, source="provan_kenis_2008")  # fmt: skip


@dataclass(frozen=True)
class ConditionsParameters:
    """The five conditions of collective impact, each a switch and a strength."""

    common_agenda: float = parameter(1.0, unit="share", about="motions are put and are binding", low=0, high=1,
        lever=True,
        source="kania_kramer_2011")  # fmt: skip
    shared_measurement: float = parameter(1.0, unit="share", about="data are shared", low=0, high=1, lever=True,
        source="kania_kramer_2011")  # fmt: skip
    mutually_reinforcing: float = parameter(1.0, unit="share", about="partners take each other's programmes into "
        "account", low=0,
        high=1, lever=True, source="kania_kramer_2011")  # fmt: skip
    continuous_communication: float = parameter(1.0, unit="share", about="plenum and online exchange go on", low=0, high=1,
        lever=True, source="kania_kramer_2011")  # fmt: skip
    backbone_support: float = parameter(1.0, unit="share", about="the backbone's hours count", low=0, high=1, lever=True,
        source="kania_kramer_2011")  # fmt: skip


USUAL_SALIENCE = 0.5
"""Salience half a year after a crisis, at which the chances to be there at the launch hold [share]."""


class MembershipColumns(NamedTuple):
    """Columns of organisations that decide on membership and seats, of the same names."""

    id: Ints
    kind: Ints
    founder: Flags
    eligible: Flags
    work_group: Ints
    member: Flags
    joined: Ints


_MEMBERSHIP_COLUMNS = attrgetter(*MembershipColumns._fields)


class SeatRules(NamedTuple):
    """Rules of this month for who may sit in which forum."""

    stage: int  # of the ministry [stage]
    attends_plenum: bool  # the ministry attends the plenum before it joins [flag]
    seats: int  # of the steering committee [seats]
    invited: float  # partners invited to the ministry's round table [share]
    forums: Ints  # of its sector that each organisation attends, shape (organisations,) [bits]


def convene(model: Model) -> World:
    """Update membership and seats, spend the convenor's hours, and share data."""
    world = model.world
    if world.initiative.launched == NEVER:
        return world
    world = with_members(model, world)
    return world.with_(initiative=with_hours(model, world))


def with_members(model: Model, world: World) -> World:
    """Return the world after joining, leaving and the seats that follow."""
    state, table = world.initiative, world.organisations
    trust = means_by_source(world.ties.trust, world.ties)
    chances, columns = (
        (joining(model, world), model.ask("chance_of_leaving", trust)),
        MembershipColumns(*_MEMBERSHIP_COLUMNS(table)),
    )
    keys = model.luck.keys(world.month), model.luck.keys(0)
    member, joined, changed = membership(keys, columns, chances, world.month, world.month == state.launched)
    if not changed and state.seated == world.ministry.stage:
        return world
    bits, attending = seats(keys[1], columns, member, seat_rules(model, world))
    state = state.with_(seated=world.ministry.stage, attending=attending)
    return world.with_(organisations=table.with_(member=member, joined=joined, forums=bits), initiative=state)


def joining(model: Model, world: World) -> Floats:
    """Return the chance of each to join this month [share]; founders join at the launch."""
    if world.month == world.initiative.launched:
        usual = world.organisations.trait(model.parameters.kinds, "joins_at_launch")
        urgent = model.parameters.calendar.urgency * (world.initiative.salience - USUAL_SALIENCE)
        return np.where(world.organisations.founder, 1.0, adopting.shifted_chance(usual, urgent))
    joined = trust_among(world.ties, world.organisations.member)
    answer: Floats = model.ask("chance_of_joining", joined)
    return answer


def seat_rules(model: Model, world: World) -> SeatRules:
    """Return the rules for who may sit where, by the ministry's stage and the open forums."""
    p = model.parameters
    return SeatRules(world.ministry.stage, p.ministry.attends_plenum, p.network.seats, p.forums.round_table.invited,
                    capabilities(model).forums[world.organisations.kind])  # fmt: skip


@segment
def membership(
    keys: Keys, table: MembershipColumns, chances: tuple[Floats, Floats], month: int, launch: bool
) -> tuple[Flags, Ints, bool]:
    """Return who takes part [flag], since when [month], and whether anybody moved, after joining and leaving.

    The ministry joins as a stage and the backbone is not a member; founders stay.

    Args:
        keys: of the random streams of the month, and of those drawn once
        table: columns of organisations
        chances: to join and to leave [share], shapes (organisations,)
        month: now [month]
        launch: whether it is the month of the launch
    """
    luck = luck_of_each(keys[1][Stream.LAUNCH] if launch else keys[0][Stream.JOINING], table.id)
    doubt = luck_of_each(keys[0][Stream.LEAVING], table.id)
    member, joined, changed = table.member.copy(), table.joined.copy(), launch
    for row in range(member.size):
        if table.member[row]:
            member[row] = table.founder[row] or not doubt[row] < chances[1][row]
        elif table.eligible[row] and luck[row] < chances[0][row]:
            member[row] = True
            if joined[row] == NEVER:
                joined[row] = month
        changed |= member[row] != table.member[row]
    return member, joined, changed


@segment
def seats(keys: Keys, table: MembershipColumns, member: Flags, rules: SeatRules) -> tuple[Ints, Floats]:
    """Return the forums that each organisation attends, one bit a forum [bits], and how many attend each [organisations].

    Args:
        keys: of the random streams drawn once
        table: columns of organisations
        member: whether it takes part [flag], shape (organisations,)
        rules: for seats this month
    """
    luck = luck_of_each(keys[Stream.SEAT], table.id)
    steers = _steering(luck, table.kind, member, table.founder, rules.seats)
    invited = luck_of_each(keys[Stream.GROUP], table.id) < rules.invited
    bits = np.zeros(member.size, np.int64)
    for row in range(bits.size):
        sector = rules.forums[row]
        if member[row]:
            bits[row] |= as_member(sector, table.work_group[row])
        if table.kind[row] == MINISTRY:
            bits[row] |= as_ministry(rules)
        if invited[row] and table.eligible[row] and sector >> f.ROUND_TABLE & 1 > 0:
            bits[row] |= 1 << f.ROUND_TABLE
        if steers[row]:
            bits[row] |= 1 << f.STEERING
        if rules.stage >= NATIONAL and (steers[row] or (member[row] and sector >> f.PUBLIC_FORUM & 1 > 0)):
            bits[row] |= 1 << f.PUBLIC_FORUM
    return bits, _attendance(bits, len(f.FORUMS))


@step_of
def as_member(sector: int, work_group: int) -> int:
    """Return the forums that a member attends, by those of its sector and its work group [bits].

    Args:
        sector: forums of its sector, one bit a forum [bits]
        work_group: that it would join [code]
    """
    bits = 1 << (f.MOTIVATION_GROUP + work_group) | 1 << f.PLENUM
    return bits | sector & ~(1 << f.ROUND_TABLE | 1 << f.PUBLIC_FORUM)


@step_of
def as_ministry(rules: SeatRules) -> int:
    """Return the forums that the ministry attends: always its round table, and more by stages [bits].

    Args:
        rules: for seats this month
    """
    bits = 1 << f.ROUND_TABLE
    if rules.stage >= PARTNER or rules.attends_plenum:
        bits |= 1 << f.PLENUM
    if rules.stage >= PARTNER:
        bits |= 1 << f.STEERING
    if rules.stage >= NATIONAL:
        bits |= 1 << f.PUBLIC_FORUM
    return bits


def with_hours(model: Model, world: World) -> Initiative:
    """Return the initiative after this month's hours: mandate, efforts and shared measurement."""
    p, state = model.parameters, world.initiative
    hours, own = model.kind("backbone").hours(), p.backbone
    mandate = mandate_of(model, world) if hours > 0.0 else 0.0

    def effort(part: float) -> float:
        return float(part * hours / (part * hours + own.half_effort)) if hours > 0.0 else 0.0

    publishing = effort(own.transparency) * p.conditions.shared_measurement
    gain = p.network.transparency_gain * publishing * mandate * (1.0 - state.transparency)
    transparency = min(state.transparency + gain - p.network.transparency_loss * state.transparency, 1.0)
    exchange = (hours > 0.0) * p.forums.plenum.open * p.conditions.continuous_communication
    return state.with_(
        mandate=mandate,
        convening=own.convene * hours,
        brokering=own.broker * hours * mandate,
        mediating=effort(own.mediate),
        coupling=effort(own.couple) * mandate,
        publishing=publishing,
        recruiting=effort(own.recruit) * mandate,
        transparency=transparency,
        communication=exchange * transparency,
    )


def mandate_of(model: Model, world: World) -> float:
    """Return the mean trust of members in the convenor, less the cost of partiality [share]."""
    p, ties, member = model.parameters, world.ties, world.organisations.member
    mode = p.governance.mode
    if mode == "shared":
        return mean_trust(ties, member, member)
    convenor = {"backbone": BACKBONE, "lead_ministry": MINISTRY, "lead_foundation": FOUNDATION}[mode]
    trust = mean_trust(
        ties, member, world.organisations.kind == convenor, p.network.first_mandate * (mode == "backbone")
    )
    impartial = mode == "backbone" and p.backbone.neutral and not p.backbone.placebo
    return trust if impartial else trust * p.network.mandate_of_player
