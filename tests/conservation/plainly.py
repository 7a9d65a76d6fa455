"""A month of five organisations in plain loops and dictionaries: what the specification says, without any vector.

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
    """Everything that the month needs to know, by name."""

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
    """Chance that two who attend a forum miss each other in all its meetings this month."""
    said = getattr(p.forums, forum)
    if not said.open:
        return 1.0
    meetings, hours = said.alone, net.state["convening"]
    if hours > 0.0:
        convened = said.convened
        if forum == "plenum":
            convened *= p.conditions.continuous_communication
        overload = net.attending[forum] / p.network.served
        meetings += convened * net.state["mandate"] * hours / (hours + overload)
    return (1.0 - said.contact) ** meetings


def contacts(net: Network, p: Any, luck: Luck) -> dict[Pair, bool]:
    """Who meets whom: in a forum that they share, or by themselves; both ways at once."""
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
    """A contact goes well or not, and trust follows, faster down than up."""
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
    """Those met this month tell what they think of third parties; it counts as far as they are trusted."""
    after = {}
    for (one, other), own in trust.items():
        said = weight = 0.0
        for teller in net.partners(one):
            if net.met[one, teller] and (teller, other) in trust:
                said += trust[one, teller] * trust[teller, other]
                weight += trust[one, teller]
        after[one, other] = own + p.trust.hearsay * (said / weight - own) if weight > 0.0 else own
    return after


def trust_after_fading(trust: dict[Pair, float], net: Network, p: Any) -> dict[Pair, float]:
    rate = p.trust.fading * (1.0 - p.trust.slowed * net.state["communication"])
    return {pair: own + rate * (net.reference[pair] - own) for pair, own in trust.items()}


def positions(net: Network, p: Any) -> dict[str, dict[str, float]]:
    """Everyone hears partners by trust and power, moves as far as they are open, and stays tied to where they began."""
    after = {}
    for name, mine in net.people.items():
        opened = p.deliberation.opened_by_mediation * net.state["mediating"]
        openness = mine.openness + opened * (p.deliberation.most_open - mine.openness)
        after[name] = {}
        for weight in WEIGHTS:
            heard, total = mine.power * mine.position[weight], mine.power
            for partner in net.partners(name):
                voice = net.trust[name, partner] * net.people[partner].power
                heard += voice * net.people[partner].position[weight]
                total += voice
            after[name][weight] = openness * heard / total + (1.0 - openness) * mine.initial[weight]
    return after


def consensus(net: Network) -> float:
    """Mean agreement of every pair of members; of the ministry too once it has come."""
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
    """What share of all means everyone expects to be put in."""
    found = {}
    for name, mine in net.people.items():
        put, means = mine.capacity * mine.pledge, mine.capacity
        for partner in net.partners(name):
            other = net.people[partner]
            put += net.trust[name, partner] * other.capacity * other.pledge
            means += other.capacity
        found[name] = put / means if means > 0.0 else 0.0
    return found


def autonomies(net: Network, p: Any) -> dict[str, float]:
    """Members lose some autonomy while the ministry decides."""
    found = {}
    for name, mine in net.people.items():
        found[name] = mine.autonomy
        if mine.member and net.stage >= 3 and p.deliberation.ministry_decides:
            found[name] -= p.commitment.cooptation * max(0.0, mine.autonomy - p.commitment.autonomy_left)
    return found


def lapses(net: Network, p: Any, luck: Luck) -> dict[str, int]:
    """Until when pledges are void: a term ends every so many months, and who does not renew is out for one more."""
    renews, found = logistic(p.commitment.renewing + p.commitment.by_evidence * evidence(net)), {}
    for name, mine in net.people.items():
        found[name] = mine.lapsed_until
        months = net.month - mine.joined
        due = mine.member and months > 0 and months % p.commitment.term == 0
        if due and luck.once(Stream.RENEWAL, net.month, mine.id) >= renews:
            found[name] = net.month + p.commitment.term
    return found


def gone(net: Network, p: Any) -> list[str]:
    """The foundation that founded the network, once it has turned to other schools."""
    founders = [name for name, mine in net.people.items() if mine.kind == "foundation" and mine.founder]
    return founders[:1] if p.commitment.founder_leaves else []


def pledges(net: Network, p: Any, luck: Luck) -> dict[str, float]:
    """Everyone with means moves its pledge a step towards what it would pledge; a void pledge is none."""
    c, expected, autonomy, found = p.commitment, expectations(net), autonomies(net, p), {}
    until, absent = lapses(net, p, luck), gone(net, p)
    for name, mine in net.people.items():
        if mine.kind in ("ministry", "backbone") or until[name] > net.month or name in absent:
            found[name] = 0.0
            continue
        reasons = c.by_expectation * (expected[name] - mine.threshold) / c.width
        fits = 0.0 if net.agenda is None else agreement(mine.position, net.agenda)
        reasons += c.by_fit * (fits - 0.5)
        reasons += c.by_lead if net.stage >= 1 else 0.0
        reasons += c.by_evidence * evidence(net) - c.cost
        reasons += p.calendar.urgency * net.state["salience"]
        if mine.kind == "business" and net.shares:
            reasons += c.by_shortage * max(0.0, 1.0 - net.shares[-1] / p.ministry.target)
        if net.agenda is not None and first_subject(mine.initial) != first_subject(net.agenda):
            reasons -= c.by_loss / 2.0 ** ((net.month - net.decided) / c.loss_half_life)
        wanted = logistic(max(-30.0, min(30.0, reasons))) * autonomy[name]
        target = wanted * c.partners if mine.member else c.independent
        if net.local_reports >= 0:
            pressure = mine.pressure / 2.0 ** ((net.month - net.local_reports) / p.package.publication_half_life)
            target = 1.0 - (1.0 - target) * (1.0 - pressure)
        found[name] = mine.pledge + c.rate * (target - mine.pledge)
    return found
