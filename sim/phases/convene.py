"""The backbone's hours, membership and seats, shared measurement and the mandate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.declare import parameter
from sim.draws import Stream
from sim.rules import seating
from sim.world import forums as f
from sim.world.organisations import (
    AUTHORITY,
    BACKBONE,
    BUSINESS,
    FOUNDATION,
    MINISTRY,
    NGO,
    Organisations,
)
from sim.world.state import NATIONAL, NEVER, PARTNER, World
from sim.world.ties import mean_trust, means_by_source


@dataclass(frozen=True)
class NetworkParameters:
    """The initiative as a network: launch, membership, shared measurement."""

    launched: bool = parameter(False, unit="flag", about="the initiative has been launched", lever=True, source="case")
    joining: float = parameter(1.0, unit="ratio", about="factor on every kind's chance to join later", low=0, high=5)
    leaving_base: float = parameter(-4.5, unit="logit", about="leaving this month without any trust", low=-20, high=0)
    leaving_by_trust: float = parameter(4.0, unit="logit", about="how trust keeps members", low=0, high=20)
    seats: int = parameter(18, unit="seats", about="seats of the steering committee", low=0, high=200, source="case",
        evidence="measured")  # fmt: skip
    transparency_gain: float = parameter(
        0.2, unit="share/month", about="m_up, growth of shared measurement with all hours and full trust", low=0.02,
        high=0.4, uncertain=True,
    )  # fmt: skip
    transparency_loss: float = parameter(0.02, unit="share/month", about="m_down, what is lost without work", low=0,
        high=0.5)  # fmt: skip
    served: float = parameter(0.3, unit="members/hour", about="k, members that an hour of convening serves", low=0.05,
        high=5)  # fmt: skip
    mediation: float = parameter(
        0.8, unit="share", about="m_max, greatest effect of mediation on a pair", low=0, high=1
    )
    first_mandate: float = parameter(0.5, unit="share", about="trust in a new neutral backbone", low=0, high=1,
        source="case")  # fmt: skip
    partial: float = parameter(0.4, unit="share", about="mandate left to a convenor who is a player in the field", low=0,
        high=1, source="case")  # fmt: skip


@dataclass(frozen=True)
class GovernanceParameters:
    """Who convenes."""

    mode: str = parameter("backbone", unit="mode", about="who convenes the network", lever=True,
        choices=("backbone", "shared", "lead_ministry", "lead_foundation"), source="provan_kenis_2008")  # fmt: skip
    efficiency: float = parameter(0.5, unit="share", about="hours that others find, of what a backbone would have",
        low=0, high=1, source="provan_kenis_2008")  # fmt: skip


@dataclass(frozen=True)
class ConditionsParameters:
    """The five conditions of collective impact, each a switch and a strength."""

    common_agenda: float = parameter(1.0, unit="share", about="motions are put and bind", low=0, high=1, lever=True,
        source="kania_kramer_2011")  # fmt: skip
    shared_measurement: float = parameter(1.0, unit="share", about="data are shared", low=0, high=1, lever=True,
        source="kania_kramer_2011")  # fmt: skip
    mutually_reinforcing: float = parameter(1.0, unit="share", about="partners heed each other's programmes", low=0,
        high=1, lever=True, source="kania_kramer_2011")  # fmt: skip
    continuous_communication: float = parameter(1.0, unit="share", about="the online exchange goes on", low=0, high=1,
        lever=True, source="kania_kramer_2011")  # fmt: skip
    backbone_support: float = parameter(1.0, unit="share", about="the backbone's hours count", low=0, high=1, lever=True,
        source="kania_kramer_2011")  # fmt: skip


def convene(model: Any) -> World:
    """Members come and go, seats are filled, hours are spent and data shared."""
    world = model.world
    if world.initiative.launched == NEVER:
        return world
    world = with_members(model, world)
    return world.with_(initiative=with_hours(model, world))


def with_members(model: Any, world: World) -> World:
    """The world after joining, leaving and the seats that follow."""
    table = world.organisations
    joins, leaves = joining(model, world), leaving(model, world)
    changed = joins.any() or leaves.any() or world.month == world.initiative.launched
    if changed:
        member = (table.member | joins) & ~leaves
        joined = np.where(joins & (table.joined == NEVER), world.month, table.joined)
        table = table.with_(member=member, joined=joined)
    if not changed and world.initiative.seated == world.ministry.stage:
        return world
    bits = seats(model, world, table)
    attending = seating.attendance(bits, forums=len(f.FORUMS))
    seated = world.initiative.with_(seated=world.ministry.stage, attending=attending)
    return world.with_(organisations=table.with_(forums=bits), initiative=seated)


def joining(model: Any, world: World) -> Any:
    """Who joins this month [flag]; the ministry joins as a stage and the backbone is not a member."""
    table, p = world.organisations, model.parameters
    if world.month == world.initiative.launched:
        wish = np.where(table.founder, 1.0, model.by_kind("joins_at_launch"))
        return (model.luck(Stream.LAUNCH, 0, table.id) < wish) & table.eligible
    wish = model.by_kind("joins_later") * p.network.joining
    return (model.luck(Stream.JOINING, world.month, table.id) < wish) & table.eligible & ~table.member


def leaving(model: Any, world: World) -> Any:
    """Who leaves this month [flag]; founders stay."""
    table = world.organisations
    free = table.member & ~table.founder
    if not free.any():
        return free
    luck, trust = model.luck(Stream.LEAVING, world.month, table.id), means_by_source(world.ties.trust, world.ties)
    return (luck < model.ask("chance_of_leaving", trust)) & free


def seats(model: Any, world: World, table: Organisations) -> Any:
    """Forums that each organisation attends, one bit a forum [bits]; shape (organisations,)."""
    stage, ministry, p = world.ministry.stage, model.of_kind(MINISTRY), model.parameters
    luck = model.luck(Stream.SEAT, 0, table.id)
    steers = seating.steering(luck, table.kind, table.member, table.founder, seats=p.network.seats)
    bits = table.member * as_member(model, table) | round_table(model, table) << f.ROUND_TABLE
    if stage >= PARTNER:
        steers = steers | ministry
    if stage >= PARTNER or p.ministry.sits:
        bits |= ministry << f.PLENUM
    if stage >= NATIONAL:
        bits |= (steers | ministry | (table.member & model.of_kind(AUTHORITY))) << f.PUBLIC_FORUM
    return bits | steers << f.STEERING


def as_member(model: Any, table: Organisations) -> Any:
    """Forums that each organisation attends when it is a member, by its sector and its work group [bits]."""
    sectors = (model.of_kind(BUSINESS) << f.BUSINESS_COALITION) | (model.of_kind(NGO) << f.THIRD_SECTOR_FORUM)
    return sectors | 1 << (f.MOTIVATION_GROUP + table.work_group) | 1 << f.PLENUM | 1 << f.ONLINE


def round_table(model: Any, table: Organisations) -> Any:
    """The ministry's own cross-sector round table, with members or without the initiative [flag]."""
    partners = model.of_kind(FOUNDATION) | model.of_kind(NGO) | model.of_kind(BUSINESS)
    invited = model.luck(Stream.GROUP, 0, table.id) < model.parameters.forums.round_table.invited
    return (partners & invited & table.eligible) | model.of_kind(MINISTRY)


def with_hours(model: Any, world: World) -> Any:
    """The initiative after this month's hours: mandate, efforts and shared measurement."""
    p, state = model.parameters, world.initiative
    hours, own = model.role("backbone").hours(), p.backbone
    mandate = mandate_of(model, world) if hours > 0.0 else 0.0

    def effort(part: float) -> float:
        return float(part * hours / (part * hours + own.half_effort)) if hours > 0.0 else 0.0

    publishing = effort(own.transparency) * p.conditions.shared_measurement
    gain = p.network.transparency_gain * publishing * mandate * (1.0 - state.transparency)
    reports = model.reports_this_month() * p.conditions.shared_measurement
    transparency = state.transparency + gain - p.network.transparency_loss * state.transparency
    transparency = min(transparency + reports * (1.0 - transparency), 1.0)
    exchange = (hours > 0.0) * p.forums.online_exchange.open * p.conditions.continuous_communication
    return state.with_(
        mandate=mandate,
        convening=own.convene * hours,
        brokering=own.broker * hours * mandate,
        mediating=effort(own.mediate),
        coupling=effort(own.couple) * mandate,
        publishing=publishing,
        transparency=transparency,
        communication=exchange * transparency,
    )


def mandate_of(model: Any, world: World) -> float:
    """Mean trust of members in whoever convenes, less what partiality costs [share]."""
    p, ties, member = model.parameters, world.ties, world.organisations.member
    mode = p.governance.mode
    if mode == "shared":
        return mean_trust(ties, member, member)
    convenor = {"backbone": BACKBONE, "lead_ministry": MINISTRY, "lead_foundation": FOUNDATION}[mode]
    trust = mean_trust(ties, member, model.of_kind(convenor), p.network.first_mandate * (mode == "backbone"))
    impartial = mode == "backbone" and p.backbone.neutral and not p.backbone.placebo
    return trust if impartial else trust * p.network.partial
