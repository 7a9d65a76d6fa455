"""Trust along every tie after a month of contact, hearsay and fading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.declare import parameter
from sim.draws import Stream
from sim.rules import adopting, trust
from sim.world.organisations import BACKBONE, MINISTRY
from sim.world.state import NEVER, World
from sim.world.table import replaced
from sim.world.ties import Ties, mean_trust, trust_towards


@dataclass(frozen=True)
class TrustParameters:
    """How trust grows, falls, travels and fades."""

    rule: str = parameter("asymmetric", unit="rule", about="how contacts change trust",
        choices=("asymmetric", "reputation", "constant"), source="slovic_1993")  # fmt: skip
    gain: float = parameter(0.08, unit="share", about="a_plus, rise towards a better experience", low=0.02, high=0.2,
        source="slovic_1993", uncertain=True)  # fmt: skip
    ratio: float = parameter(2.0, unit="ratio", about="a_minus over a_plus; 1 is symmetric", low=1, high=4,
        source="slovic_1993", uncertain=True)  # fmt: skip
    hearsay: float = parameter(0.02, unit="share", about="t, how far one follows what partners say", low=0, high=0.1,
        source="lambright_2010", uncertain=True)  # fmt: skip
    fading: float = parameter(0.01, unit="share/month", about="f, drift back to where strangers stand", low=0, high=0.05,
        source="tumaco_model", uncertain=True)  # fmt: skip
    slowed: float = parameter(0.8, unit="share", about="how far full communication stops fading", low=0, high=1)
    reference_same: float = parameter(0.40, unit="share", about="T0 within a sector", low=0, high=1)
    reference_cross: float = parameter(0.25, unit="share", about="T0 across sectors", low=0, high=1)
    reference_ministry: float = parameter(0.20, unit="share", about="T0 between the ministry and others", low=0.05,
        high=0.4, source="case", evidence="expert", uncertain=True)  # fmt: skip
    quality: float = parameter(0.9, unit="logit", about="q0, a contact that goes well among equals", low=-1, high=2,
        uncertain=True)  # fmt: skip
    by_agreement: float = parameter(2.0, unit="logit", about="q_agree, weight of agreement", low=0, high=10)
    by_crossing: float = parameter(0.6, unit="logit", about="q_cross, cost of different sectors", low=0, high=3)
    by_noise: float = parameter(0.9, unit="logit", about="q_noise, cost of not sharing data", low=0, high=3)
    memory: float = parameter(0.97, unit="share/contact", about="rival rule: weight an experience keeps", low=0, high=1,
        source="josang_ismail_2002")  # fmt: skip
    prior_weight: float = parameter(4.0, unit="contacts", about="rival rule: experience that first trust is worth", low=0.1,
        high=100, source="josang_ismail_2002")  # fmt: skip


def trust_phase(model: Any) -> World:
    """Contacts are judged, opinions travel, and what is not renewed fades."""
    world, p = model.world, model.parameters.trust
    if world.initiative.launched == NEVER:
        return world
    if p.rule == "constant":
        return with_entrepreneurship(model, world)
    ties = judged(model, world)
    heard = trust.heard_of(ties.trust, ties.target, ties.offsets, ties.met)
    fading = p.fading * (1.0 - p.slowed * world.initiative.communication)
    after = trust.trust_after_talk(ties.trust, heard, ties.reference, hearsay=p.hearsay, fading=fading)
    return with_entrepreneurship(model, world.with_(ties=ties.with_(trust=after)))


def judged(model: Any, world: World) -> Ties:
    """Ties after this month's contacts, each judged by the one who trusts."""
    ties, p, met, table = world.ties, model.parameters.trust, np.flatnonzero(world.ties.met), world.organisations
    pairs = ties.source[met], ties.target[met]
    luck = model.luck.between(Stream.QUALITY, world.month, table.id, pairs)
    trusted, reasons = trust_in_mediator(model, world), quality(model, world)
    well = trust.went_well(luck, pairs, table.kind, table.position, trusted, reasons=reasons)
    if p.rule == "reputation":
        after = trust.reputation_after(ties.trust[met], ties.weight[met], well, memory=p.memory)
        experience = p.memory * ties.weight[met] + 1.0
        return ties.with_(trust=replaced(ties.trust, met, after), weight=replaced(ties.weight, met, experience))
    loss = min(p.gain * p.ratio, 1.0)
    return ties.with_(trust=trust.trust_after_contacts(ties.trust, met, well, gain=p.gain, loss=loss))


def quality(model: Any, world: World) -> trust.Quality:
    """What makes a contact go well this month: shared data against noise, agreement, sectors, mediation."""
    p, state = model.parameters.trust, world.initiative
    return trust.Quality(
        base=p.quality - p.by_noise * (1.0 - state.transparency),
        agreement=p.by_agreement,
        crossing=p.by_crossing,
        mediation=model.parameters.network.mediation * state.mediating,
    )


def trust_in_mediator(model: Any, world: World) -> Any:
    """Trust in whoever mediates: the backbone, or all convenors as far as they have a mandate; shape (organisations,)."""
    if model.parameters.governance.mode == "backbone":
        return trust_towards(model.rows_of(BACKBONE).start, world.ties)
    return np.full(len(world.organisations), world.initiative.mandate)


def with_entrepreneurship(model: Any, world: World) -> World:
    """The world with the entrepreneurship that the ministry's trust makes possible."""
    p, ties, state, ministry = model.parameters, world.ties, world.initiative, model.of_kind(MINISTRY)
    in_founders = mean_trust(ties, ministry, world.organisations.founder, p.trust.reference_ministry)
    convenors = model.of_kind(BACKBONE) if p.governance.mode == "backbone" else np.ones(len(ministry), dtype=bool)
    in_backbone = mean_trust(ties, ministry, convenors)
    reach = p.ministry.founders_reach
    level = float(adopting.entrepreneurship(in_founders, in_backbone, state.coupling, founders_reach=reach))
    return world.with_(initiative=state.with_(entrepreneurship=level))
