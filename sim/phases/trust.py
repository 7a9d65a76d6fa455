"""Trust along every tie after a month of contact, hearsay and fading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.agents.validation import is_builtin
from sim.dates import month_of_year
from sim.declare import parameter
from sim.draws import Stream, luck_of_pairs, mixed_pairs
from sim.jit import segment, step_of
from sim.phases.host import Model, hub_of
from sim.rules import adopting, meeting, trust
from sim.rules.arrays import Floats, Ints
from sim.world.forums import FORUMS
from sim.world.organisations import BACKBONE, KINDS, MINISTRY, People, people_of
from sim.world.state import NEVER, World
from sim.world.ties import Columns, Ties, columns_of, mean_along, trust_in

_went_well, _heard_of = step_of(trust.went_well), step_of(trust.heard_of)
_trust_after_contacts, _trust_after_talk = step_of(trust.trust_after_contacts), step_of(trust.trust_after_talk)
_reputation_after = step_of(trust.reputation_after)


@dataclass(frozen=True)
class TrustParameters:
    """Growth, loss, hearsay and fading of trust."""

    rule: str = parameter("asymmetric", unit="rule", about="how contacts change trust",
        choices=("asymmetric", "reputation", "constant", "shuffled"), source="slovic_1993")  # fmt: skip
    gain: float = parameter(0.08, unit="share", about="a_plus, rise towards a better experience", low=0.02, high=0.2,
        source="slovic_1993", uncertain=True)  # fmt: skip
    ratio: float = parameter(2.0, unit="ratio", about="a_minus over a_plus; 1 is symmetric", low=1, high=4,
        source="slovic_1993", uncertain=True)  # fmt: skip
    hearsay: float = parameter(0.02, unit="share", about="t, how far one follows what partners say", low=0, high=0.1,
        source="lambright_2010", uncertain=True)  # fmt: skip
    fading: float = parameter(0.01, unit="share/month", about="f, drift back to trust between strangers", low=0,
        high=0.05,
        source="tumaco_model")  # fmt: skip
    slowed: float = parameter(0.8, unit="share", about="how far full communication stops fading", low=0, high=1)
    reference_same: float = parameter(0.40, unit="share", about="T0 within a sector", low=0, high=1)
    reference_cross: float = parameter(0.25, unit="share", about="T0 across sectors", low=0, high=1)
    reference_ministry: float = parameter(0.20, unit="share", about="T0 between the ministry and others", low=0.05,
        high=0.4, source="case", evidence="expert", uncertain=True)  # fmt: skip
    quality: float = parameter(1.2, unit="logit", about="q0, intercept of a contact that goes well among equals",
        low=-1, high=2,
        uncertain=True)  # fmt: skip
    by_agreement: float = parameter(2.0, unit="logit", about="q_agree, weight of agreement", low=0, high=10)
    by_crossing: float = parameter(0.6, unit="logit", about="q_cross, cost of different sectors", low=0, high=3)
    by_noise: float = parameter(0.9, unit="logit", about="q_noise, cost of not sharing data", low=0, high=3)
    memory: float = parameter(0.97, unit="share/contact", about="rival rule: weight an experience keeps", low=0, high=1,
        source="josang_ismail_2002")  # fmt: skip
    prior_weight: float = parameter(4.0, unit="contacts", about="rival rule: experience that first trust is worth", low=0.1,
        high=100, source="josang_ismail_2002")  # fmt: skip


FORUM_MONTHS = (6, 9)
"""Months in which the strength of forums is updated: before examinations, and before programmes of a school year."""


class TrustRates(NamedTuple):
    """Rates at which contacts change trust this month."""

    quality: trust.Quality  # what makes a contact go well
    hub: int  # who mediates [row], -1 all convenors
    mandate: float  # trust in all convenors [share]
    gain: Floats  # of each organisation [share]
    loss: Floats  # of each organisation [share]
    memory: float  # rival rule [share/contact]
    hearsay: float  # [share]
    fading: float  # [share/month]


def trust_phase(model: Model) -> World:
    """Update trust: contacts are judged, opinions travel, and trust without contact fades."""
    world = model.world
    if world.initiative.launched == NEVER:
        return world
    ties = world.ties if model.parameters.trust.rule == "constant" else after_talk(model, world)
    state = world.initiative.with_(entrepreneurship=entrepreneurship(model, world, ties))
    if month_of_year(world.month) in FORUM_MONTHS:
        among = mean_trust_at(columns_of(ties), people_of(world.organisations).forums, len(FORUMS))
        state = state.with_(levels=meeting.strength_of_forum(state.meetings, state.attending, among))
    return world.with_(ties=ties, initiative=state)


def after_talk(model: Model, world: World) -> Ties:
    """Return the ties after this month's contacts and talk."""
    ties, key, people = world.ties, model.luck.key(Stream.QUALITY, world.month), people_of(world.organisations)
    if model.parameters.trust.rule == "reputation":
        after = after_contacts_remembered(key, columns_of(ties), ties.offsets, people, trust_rates(model, world))
        return ties.with_(trust=after[0], weight=after[1])
    after = ties.with_(trust=after_contacts(key, columns_of(ties), ties.offsets, people, trust_rates(model, world)))
    return shuffled(model, world, after) if model.parameters.trust.rule == "shuffled" else after


def shuffled(model: Model, world: World, ties: Ties) -> Ties:
    """Return ties whose trust was dealt anew among ties of the same two sectors: levels stay, who trusts whom is random.

    Args:
        model: whose month it is
        world: as it is now
        ties: after this month's contacts
    """
    kind, ids = world.organisations.kind, world.organisations.id
    pair = kind[ties.source] * np.int64(len(KINDS)) + kind[ties.target]
    luck = model.luck.between(Stream.SHUFFLE, world.month, ids, (ties.source, ties.target))
    dealt = np.empty(len(ties))
    dealt[np.argsort(pair, kind="stable")] = ties.trust[np.lexsort((luck, pair))]
    return ties.with_(trust=dealt)


@segment
def mean_trust_at(ties: Columns, forums: Ints, number: int) -> Floats:
    """Return mean trust among those who attend each forum, 0 without any tie; shape (forums,) [share].

    Args:
        ties: columns of ties
        forums: attended, one bit a forum [bits], shape (organisations,)
        number: of forums
    """
    total, count = np.zeros(number), np.zeros(number)
    for tie in range(ties.source.size):
        shared, forum = forums[ties.source[tie]] & forums[ties.target[tie]], 0
        while shared:
            if shared & 1:
                total[forum] += ties.trust[tie]
                count[forum] += 1.0
            shared, forum = shared >> 1, forum + 1
    return total / np.maximum(count, 1.0)


def reactions(model: Model) -> tuple[Floats, Floats]:
    """Return the reactions of each to good and to bad contacts; two arrays (organisations,) [share].

    Classes of this package are asked once, since they read parameters only; a user's class is asked each month.
    """

    def ask_everyone() -> tuple[Floats, Floats]:
        return model.ask("trust_gain"), model.ask("trust_loss")

    def all_builtin() -> bool:
        methods = [getattr(kind, name, None) for kind in model.kinds.values() for name in ("trust_gain", "trust_loss")]
        return all(is_builtin(method) for method in methods if method is not None)

    if not model.memo.get("own reactions", (), all_builtin):
        return ask_everyone()
    return model.memo.get("reactions", (model.parameters.trust, model.world.organisations.kind), ask_everyone)


def trust_rates(model: Model, world: World) -> TrustRates:
    """Return this month's rates: shared data against noise, agreement, sectors and mediation; talk against fading."""
    p, network, state = model.parameters.trust, model.parameters.network, world.initiative
    gain, loss = reactions(model)
    base = p.quality - p.by_noise * (1.0 - state.transparency)
    return TrustRates(
        trust.Quality(base, p.by_agreement, p.by_crossing, network.mediation * state.mediating),
        hub=hub_of(model) if model.parameters.governance.mode == "backbone" else -1,
        mandate=state.mandate,
        gain=gain,
        loss=loss,
        memory=p.memory,
        hearsay=p.hearsay,
        fading=p.fading * (1.0 - p.slowed * state.communication),
    )


@step_of
def judged_contacts(
    key: np.uint64, ties: Columns, offsets: Ints, people: People, rates: TrustRates
) -> tuple[Ints, Floats]:
    """Return the ties whose partners met [position], and how each contact went for the one who trusts; two arrays.

    Args:
        key: of the random stream of the month
        ties: columns of ties
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)
        people: columns of organisations
        rates: of this month
    """
    met = np.flatnonzero(ties.met)
    pairs = ties.source[met], ties.target[met]
    luck = luck_of_pairs(key, mixed_pairs(people.id, pairs[0], pairs[1], False))
    trusted = np.full(people.id.size, rates.mandate)
    if rates.hub >= 0:  # the backbone mediates, otherwise all convenors as far as they have a mandate
        trusted = trust_in(rates.hub, ties.trust, ties.target, offsets)
    return met, _went_well(luck, pairs, people.kind, people.position, trusted, rates.quality)


@step_of
def talk(before: Floats, ties: Columns, offsets: Ints, rates: TrustRates) -> Floats:
    """Return trust after what partners say and after fading, from trust after contacts; shape (ties,).

    Args:
        before: trust after contacts [share], shape (ties,)
        ties: columns of ties
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)
        rates: of this month
    """
    out = _heard_of(before, ties.target, offsets, ties.met)
    for tie in range(out.size):
        out[tie] = _trust_after_talk(before[tie], out[tie], ties.reference[tie], rates.hearsay, rates.fading)
    return out


@segment
def after_contacts(key: np.uint64, ties: Columns, offsets: Ints, people: People, rates: TrustRates) -> Floats:
    """Return trust along every tie after this month's contacts and talk; shape (ties,).

    Args:
        key: of the random stream of the month
        ties: columns of ties
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)
        people: columns of organisations
        rates: of this month
    """
    met, well = judged_contacts(key, ties, offsets, people, rates)
    return talk(_trust_after_contacts(ties.trust, ties.source, met, well, rates.gain, rates.loss), ties, offsets, rates)


@segment
def after_contacts_remembered(
    key: np.uint64, ties: Columns, offsets: Ints, people: People, rates: TrustRates
) -> tuple[Floats, Floats]:
    """Return trust in the rival rule, the record of experience, and the experience it rests on; two arrays (ties,).

    Args:
        key: of the random stream of the month
        ties: columns of ties
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)
        people: columns of organisations
        rates: of this month
    """
    met, well = judged_contacts(key, ties, offsets, people, rates)
    before, weight = ties.trust.copy(), ties.weight.copy()
    for contact in range(met.size):
        tie = met[contact]
        before[tie] = _reputation_after(ties.trust[tie], ties.weight[tie], well[contact], rates.memory)
        weight[tie] = rates.memory * ties.weight[tie] + 1.0
    return talk(before, ties, offsets, rates), weight


def entrepreneurship(model: Model, world: World, ties: Ties) -> float:
    """Return the entrepreneurship that the ministry's trust in founders and convenors makes possible [share].

    Args:
        model: whose month it is
        world: as it is now
        ties: after this month
    """
    p, people = model.parameters, people_of(world.organisations)
    everyone, otherwise = p.governance.mode != "backbone", p.trust.reference_ministry
    trusted = trust_of_the_ministry(ties.trust, ties.target, ties.offsets, people, otherwise, everyone)
    coupling, reach = world.initiative.coupling, p.ministry.founders_reach
    return float(adopting.entrepreneurship(*trusted, coupling, founders_reach=reach))


@step_of
def trust_of_the_ministry(
    trust: Floats, target: Ints, offsets: Ints, people: People, otherwise: float, everyone: bool
) -> tuple[float, float]:
    """Return mean trust of the ministry in founders, or `otherwise`, and in the backbone, or in all convenors.

    Args:
        trust: along each tie [share], shape (ties,)
        target: row of each tie's target [row], shape (ties,)
        offsets: where each organisation's ties begin [position], shape (organisations + 1,)
        people: columns of organisations
        otherwise: trust in founders without a tie to one [share]
        everyone: whether all organisations convene
    """
    ministry, convenor = people.kind == MINISTRY, (people.kind == BACKBONE) | everyone
    in_founders = mean_along(trust, target, offsets, ministry, people.founder, otherwise)
    return in_founders, mean_along(trust, target, offsets, ministry, convenor, 0.0)
