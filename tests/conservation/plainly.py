"""A month of five organisations in plain loops and dictionaries, as the specification describes it, without vectors.

Written from the specification alone and for reading: who meets, how trust moves, who listens to whom, what is pledged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from sim.draws import Luck, Stream

Pair = tuple[str, str]

GROUPS = (("mathematics", "physics", "chemistry", "computer_science"), ("primary", "junior_high", "senior_high"))
WEIGHTS = [weight for group in GROUPS for weight in group]


@dataclass
class Someone:
    """One organisation."""

    id: int
    kind: str
    member: bool
    capacity: float
    power: float
    openness: float
    threshold: float
    autonomy: float
    pledge: float
    joined: int
    lapsed_until: int
    founder: bool
    pressure: float
    forums: list[str]
    position: dict[str, float]
    initial: dict[str, float]


@dataclass
class Network:
    """State of the month, by name."""

    month: int
    people: dict[str, Someone]
    trust: dict[Pair, float]
    reference: dict[Pair, float]
    state: dict[str, float]
    attending: dict[str, float]
    agenda: dict[str, float] | None
    stage: int
    published: list[float]
    shares: list[float]
    decided: int
    local_reports: int
    met: dict[Pair, bool] = field(default_factory=dict)

    def partners(self, name: str) -> list[str]:
        return [other for one, other in self.trust if one == name]


def logistic(reasons: float) -> float:
    return 1.0 / (1.0 + math.exp(-reasons))


def agreement(one: dict[str, float], other: dict[str, float]) -> float:
    distance = 0.0
    for weight in WEIGHTS:
        distance += abs(one[weight] - other[weight])
    return 1.0 - distance / 4.0


def missed_in(forum: str, net: Network, p: Any) -> float:
    """Return the chance that two who attend a forum miss each other in all its meetings this month."""
    section = getattr(p.forums, forum)
    if not section.open:
        return 1.0
    meetings, hours = section.alone, net.state["convening"]
    if hours > 0.0:
        convened = section.convened
        if forum == "plenum":
            convened *= p.conditions.continuous_communication
        overload = net.attending[forum] / p.network.served
        meetings += convened * net.state["mandate"] * hours / (hours + overload)
    return (1.0 - section.contact) ** meetings


def contacts(net: Network, p: Any, luck: Luck) -> dict[Pair, bool]:
    """Return who meets whom: in a forum that they share, or by themselves; both ways at once."""
    met = {}
    for one, other in net.trust:
        missed = 1.0 - p.meeting.alone
        for forum in net.people[one].forums:
            if forum in net.people[other].forums:
                missed *= missed_in(forum, net, p)
        ids = sorted((net.people[one].id, net.people[other].id))
        met[one, other] = luck.once(Stream.CONTACT, net.month, *ids) < 1.0 - missed
    return met


def mediation(one: str, other: str, net: Network, p: Any) -> float:
    trusted = []
    for name in (one, other):
        in_backbone = [
            net.trust[pair] for pair in net.trust if pair[0] == name and net.people[pair[1]].kind == "backbone"
        ]
        trusted.append(in_backbone[0] if in_backbone else 0.0)
    return p.network.mediation * net.state["mediating"] * min(trusted)


def trust_after_contacts(net: Network, p: Any, luck: Luck) -> dict[Pair, float]:
    """Return trust after contacts that went well or not; it falls faster than it rises."""
    after = {}
    for (one, other), before in net.trust.items():
        now = before
        if net.met[one, other]:
            reasons = p.trust.quality - p.trust.by_noise * (1.0 - net.state["transparency"])
            reasons += p.trust.by_agreement * (agreement(net.people[one].position, net.people[other].position) - 0.5)
            if net.people[one].kind != net.people[other].kind:
                reasons -= p.trust.by_crossing * (1.0 - mediation(one, other, net, p))
            lucky = luck.once(Stream.QUALITY, net.month, net.people[one].id, net.people[other].id)
            if lucky < logistic(reasons):
                now = before + p.trust.gain * (1.0 - before)
            else:
                now = before + min(p.trust.gain * p.trust.ratio, 1.0) * (0.0 - before)
        after[one, other] = now
    return after


def trust_after_hearsay(trust: dict[Pair, float], net: Network, p: Any) -> dict[Pair, float]:
    """Return trust after reports of those met this month on third parties, weighted by trust in them."""
    after = {}
    for (one, other), own in trust.items():
        reported = weight = 0.0
        for teller in net.partners(one):
            if net.met[one, teller] and (teller, other) in trust:
                reported += trust[one, teller] * trust[teller, other]
                weight += trust[one, teller]
        after[one, other] = own + p.trust.hearsay * (reported / weight - own) if weight > 0.0 else own
    return after


def trust_after_fading(trust: dict[Pair, float], net: Network, p: Any) -> dict[Pair, float]:
    rate = p.trust.fading * (1.0 - p.trust.slowed * net.state["communication"])
    return {pair: own + rate * (net.reference[pair] - own) for pair, own in trust.items()}


def positions(net: Network, p: Any) -> dict[str, dict[str, float]]:
    """Return the positions after everyone has heard partners by trust and power and moved as far as it is open."""
    after = {}
    for name, member in net.people.items():
        opened = p.deliberation.opened_by_mediation * net.state["mediating"]
        openness = member.openness + opened * (p.deliberation.most_open - member.openness)
        after[name] = {}
        for weight in WEIGHTS:
            heard, total = member.power * member.position[weight], member.power
            for partner in net.partners(name):
                voice = net.trust[name, partner] * net.people[partner].power
                heard += voice * net.people[partner].position[weight]
                total += voice
            after[name][weight] = openness * heard / total + (1.0 - openness) * member.initial[weight]
    return after


def consensus(net: Network) -> float:
    """Return the mean agreement of every pair of members; of the ministry too once it has come."""
    here = [who.position for who in net.people.values() if who.member or (who.kind == "ministry" and net.stage > 0)]
    pairs = [agreement(here[k], here[m]) for k in range(len(here)) for m in range(k)]
    return sum(pairs) / len(pairs) if pairs else 0.0


def first_subject(position: dict[str, float]) -> str:
    return max(GROUPS[0], key=lambda subject: position[subject])


def evidence(net: Network) -> float:
    counts = net.published
    if len(counts) < 3 or counts[-3] <= 0.0:
        return 0.0
    return min(max(counts[-1] / counts[-3] - 1.0, -0.2), 0.5)


def expectations(net: Network) -> dict[str, float]:
    """Return the share of all means that everyone expects to be put in."""
    expected = {}
    for name, member in net.people.items():
        put, means = member.capacity * member.pledge, member.capacity
        for partner in net.partners(name):
            other = net.people[partner]
            put += net.trust[name, partner] * other.capacity * other.pledge
            means += other.capacity
        expected[name] = put / means if means > 0.0 else 0.0
    return expected


def autonomies(net: Network, p: Any) -> dict[str, float]:
    """Return autonomy; members lose some while the ministry decides."""
    autonomy = {}
    for name, member in net.people.items():
        autonomy[name] = member.autonomy
        if member.member and net.stage >= 3 and p.deliberation.ministry_decides:
            autonomy[name] -= p.commitment.cooptation * max(0.0, member.autonomy - p.commitment.autonomy_left)
    return autonomy


def lapses(net: Network, p: Any, luck: Luck) -> dict[str, int]:
    """Return the month until which each pledge is void: a pledge that is not renewed lapses for one more term."""
    renews, until = logistic(p.commitment.renewing + p.commitment.by_evidence * evidence(net)), {}
    for name, member in net.people.items():
        until[name] = member.lapsed_until
        months = net.month - member.joined
        due = member.member and months > 0 and months % p.commitment.term == 0
        if due and luck.once(Stream.RENEWAL, net.month, member.id) >= renews:
            until[name] = net.month + p.commitment.term
    return until


def gone(net: Network, p: Any) -> list[str]:
    """Return the foundation that founded the network, once it has turned to other schools."""
    founders = [name for name, member in net.people.items() if member.kind == "foundation" and member.founder]
    return founders[:1] if p.commitment.founder_leaves else []


def pledges(net: Network, p: Any, luck: Luck) -> dict[str, float]:
    """Return the pledges after a step towards their targets; a void pledge is 0."""
    c, expected, autonomy, pledged = p.commitment, expectations(net), autonomies(net, p), {}
    until, absent = lapses(net, p, luck), gone(net, p)
    for name, member in net.people.items():
        if member.kind in ("ministry", "backbone") or until[name] > net.month or name in absent:
            pledged[name] = 0.0
            continue
        reasons = c.by_expectation * (expected[name] - member.threshold) / c.width
        fits = 0.0 if net.agenda is None else agreement(member.position, net.agenda)
        reasons += c.by_fit * (fits - 0.5)
        reasons += c.by_lead if net.stage >= 1 else 0.0
        reasons += c.by_evidence * evidence(net) - c.cost
        reasons += p.calendar.urgency * net.state["salience"]
        if member.kind == "business" and net.shares:
            reasons += c.by_shortage * max(0.0, 1.0 - net.shares[-1] / p.ministry.target)
        if net.agenda is not None and first_subject(member.initial) != first_subject(net.agenda):
            reasons -= c.by_loss / 2.0 ** ((net.month - net.decided) / c.loss_half_life)
        wanted = logistic(max(-30.0, min(30.0, reasons))) * autonomy[name]
        target = wanted * c.partners if member.member else c.independent
        if net.local_reports >= 0:
            pressure = member.pressure / 2.0 ** ((net.month - net.local_reports) / p.package.publication_half_life)
            target = 1.0 - (1.0 - target) * (1.0 - pressure)
        pledged[name] = member.pledge + c.rate * (target - member.pledge)
    return pledged
