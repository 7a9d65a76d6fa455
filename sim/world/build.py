"""Build the world of the first month: organisations, prior ties, schools and the cohorts in them."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtri

from sim.dates import month_of
from sim.draws import Luck, Stream
from sim.world.first_schools import first_cohorts, first_schools
from sim.world.organisations import (
    BACKBONE,
    KINDS,
    MINISTRY,
    OF_A_KIND,
    Organisations,
    first_founders,
    no_money,
    owner_rows,
)
from sim.world.schools import Schools, no_placements
from sim.world.setting import Files
from sim.world.state import NEVER, Initiative, Ministry, Published, World
from sim.world.synthetic_schools import Population, drawn_population, with_unknown_drawn
from sim.world.ties import PRIOR, Columns, Ties, sorted_ties

PAIRS_AT_ONCE = 1 << 16
"""Pairs of organisations in a block when prior ties are drawn."""


def first_world(parameters: Any, luck: Luck, files: Files) -> World:
    """Return the world of the first month of the burn-in.

    Args:
        parameters: the composed sections of a run
        luck: random numbers of the run
        files: tables of the user, None where drawn
    """
    setting = parameters.setting
    organisations = drawn_organisations(parameters, luck, files.organisations)
    authorities = owner_rows(organisations.kind).size
    if files.schools is None:
        population = drawn_population(setting, parameters.drawing, luck, authorities)
    else:
        population = with_unknown_drawn(Population(**files.schools), luck)
    schools = first_schools(parameters, population, luck)
    if files.organisations is None:
        organisations = with_wealth(organisations, schools, parameters.diversity.wealth)
    return World(
        month=month_of(setting.start) - 12 * setting.burn_in,
        organisations=organisations,
        ledger=no_money(len(organisations)),
        ties=prior_ties(parameters, organisations, luck, files.ties),
        schools=schools,
        cohorts=first_cohorts(parameters, schools, luck),
        placements=no_placements(),
        ministry=Ministry(),
        initiative=Initiative(),
        published=Published(),
        reference_share=reference_share(setting, population),
    )


def with_wealth(organisations: Organisations, schools: Schools, wealth: float) -> Organisations:
    """Return organisations whose owners of schools have means by the level of their towns, with the same total.

    Args:
        organisations: before
        schools: theirs
        wealth: log of the means at a high level over those at a middle one [log NIS]
    """
    owners = owner_rows(organisations.kind)
    number = owners.size
    if not number:
        return organisations
    level = np.bincount(schools.authority, weights=np.nan_to_num(schools.locality), minlength=number)[:number]
    level = level / np.maximum(np.bincount(schools.authority, minlength=number)[:number], 1)
    means = organisations.capacity.copy()
    richer = means[owners] * np.exp(wealth * level)
    means[owners] = richer * (means[owners].sum() / max(richer.sum(), 1e-12))
    return organisations.with_(capacity=means)


def reference_share(setting: Any, population: Population) -> float:
    """Return the expected share of the grade at five units in the reference year [share].

    Args:
        setting: the section of that name
        population: schools of the reference year
    """
    expected = population.track_chance * population.share * population.takers
    return float(expected.sum() / max(population.takers.sum(), 1.0) * setting.taking)


def drawn_organisations(parameters: Any, luck: Luck, columns: dict[str, Any] | None) -> Organisations:
    """Return organisations drawn by kind, or those of the user's file completed by drawing.

    Args:
        parameters: the composed sections of a run
        luck: random numbers of the run
        columns: of the user's file, None without one
    """
    if columns is None:
        numbers = [getattr(parameters.kinds, name).number for name in KINDS]
        kind = np.repeat(np.arange(len(KINDS)), numbers)
        identity = np.concatenate([code * OF_A_KIND + 1 + np.arange(n) for code, n in enumerate(numbers)])
        columns = {"id": identity, "kind": kind}
    kind, identity, size, spread = columns["kind"], columns["id"], len(columns["kind"]), parameters.diversity

    def of_kind(field: str) -> Any:
        return np.array([getattr(getattr(parameters.kinds, name), field) for name in KINDS])[kind]

    def normal(stream: Stream) -> Any:
        return ndtri(luck(stream, 0, identity))

    capacity = of_kind("capacity") * np.exp(spread.capacity * normal(Stream.CAPACITY) - spread.capacity**2 / 2.0)
    zeros, position = np.zeros(size), first_positions(of_kind, spread.position, identity, luck)
    return Organisations(
        id=identity,
        kind=kind,
        founder=columns.get("founder", first_founders(kind)),
        eligible=columns.get("eligible", KINDS.having("may_join")[kind]),
        member=np.zeros(size, dtype=bool),
        joined=np.full(size, NEVER),
        capacity=columns.get("capacity", capacity),
        openness=np.clip(of_kind("openness") + spread.openness * normal(Stream.OPENNESS), 0.3, 0.95),
        power=of_kind("power"),
        threshold=np.clip(of_kind("threshold") + spread.threshold * normal(Stream.THRESHOLD), 0.0, 1.0),
        autonomy=np.ones(size),
        preference=np.clip(of_kind("preference") + spread.preference * normal(Stream.PREFERENCE), 0.0, 1.0),
        mix=np.stack([of_kind(c) for c in ("teaching", "access", "motivation")], axis=1),
        initial=position,
        position=position,
        pledge=zeros,
        expected=zeros,
        forums=np.zeros(size, dtype=np.int64),
        work_group=np.floor(luck(Stream.WORK_GROUP, 0, identity) * 4.0).astype(np.int64),
        purse=zeros,
        delivery=np.ones(size),
        pressure=zeros,
        lapsed_until=np.full(size, NEVER),
    )


def first_positions(of_kind: Any, spread: float, identity: Any, luck: Luck) -> Any:
    """Return weights on subjects and on grades around the kind's mean, each group summing to one; shape (n, 7).

    Args:
        of_kind: gives a trait of every organisation's kind by name
        spread: of weights within a kind [log share]
        identity: of each organisation [id], shape (n,)
        luck: random numbers of the run
    """
    maths, physics, computing = of_kind("mathematics"), of_kind("physics"), of_kind("computing")
    junior, senior = of_kind("junior"), of_kind("senior")
    chemistry = np.maximum(1.0 - maths - physics - computing, 0.02)
    mean = np.stack([maths, physics, chemistry, computing, np.maximum(1 - junior - senior, 0.02), junior, senior], 1)
    weights = mean * np.exp(spread * ndtri(luck.table(Stream.POSITION, 0, identity, np.arange(7))))
    weights[:, :4] /= weights[:, :4].sum(axis=1, keepdims=True)
    weights[:, 4:] /= weights[:, 4:].sum(axis=1, keepdims=True)
    return weights


def reference_trust(kind: Any, source: Any, target: Any, trust: Any) -> Any:
    """Return trust between such sectors without any history; shape (ties,). `trust` is the section of that name.

    Args:
        kind: of each organisation [code], shape (organisations,)
        source: row of who trusts [row], shape (ties,)
        target: row of who is trusted [row], shape (ties,)
        trust: the section of that name
    """
    same = kind[source] == kind[target]
    state = (kind[source] == MINISTRY) | (kind[target] == MINISTRY)
    return np.where(state, trust.reference_ministry, np.where(same, trust.reference_same, trust.reference_cross))


def prior_ties(parameters: Any, organisations: Organisations, luck: Luck, columns: dict[str, Any] | None) -> Ties:
    """Return the ties from before the initiative: drawn, likelier within a kind, or those of the user's edge list.

    Args:
        parameters: the composed sections of a run
        organisations: the organisations
        luck: random numbers of the run
        columns: of the user's edge list, None without one
    """
    kind, identity, size = organisations.kind, organisations.id, len(organisations)
    if columns is None:
        source, target = drawn_pairs(parameters.diversity, organisations, luck)
    else:
        source, target = columns["source"], columns["target"]
    reference = reference_trust(kind, source, target, parameters.trust)
    noise = parameters.diversity.prior_trust * ndtri(luck(Stream.PRIOR_TRUST, 0, identity[source], identity[target]))
    drawn = np.clip(reference + noise, 0.01, 0.99)
    trust = drawn if columns is None else columns["trust"]
    return sorted_ties(size, first_columns((source, target), (trust, reference), parameters.trust.prior_weight))


def drawn_pairs(diversity: Any, organisations: Organisations, luck: Luck) -> tuple[Any, Any]:
    """Return the pairs that are tied before the initiative; two arrays, sorted by source and target, shapes (ties,) [row].

    Every pair has a draw of its own, so that all pairs are drawn: a few nanoseconds each, in blocks that are not kept. Memory
    grows with the ties.

    Args:
        diversity: the section of that name
        organisations: the organisations
        luck: random numbers of the run
    """
    kind, identity, size = organisations.kind, organisations.id, len(organisations)
    may, sources, targets = kind != BACKBONE, [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    numbers = np.bincount(kind[may], minlength=1)
    within = int((numbers * (numbers - 1)).sum())
    across = int(numbers.sum()) ** 2 - int((numbers**2).sum())
    wanted = diversity.prior_ties * size / max(diversity.same_kind * within + across, 1.0)
    rows = max(PAIRS_AT_ONCE // max(size, 1), 1)
    for begin in range(0, size, rows):
        block = np.arange(begin, min(begin + rows, size))
        weight = np.where(kind[block, None] == kind, diversity.same_kind, 1.0) * (may[block, None] & may)
        weight[block - begin, block] = 0.0
        source, target = np.nonzero(luck.table(Stream.PRIOR_TIE, 0, identity[block], identity) < wanted * weight)
        sources.append(source + begin)
        targets.append(target)
    return np.concatenate(sources), np.concatenate(targets)


def first_columns(pairs: tuple[Any, Any], trust: tuple[Any, Any], weight: float) -> Columns:
    """Return the columns of ties when first made: pairs of rows, trust and reference trust; shapes (ties,).

    Args:
        pairs: rows of the two of each tie [row], shapes (ties,)
        trust: first trust, and trust without history [share], shapes (ties,)
        weight: experience that first trust is worth [contacts]
    """
    size = pairs[0].size
    return Columns(
        source=pairs[0].astype(np.uint32),
        target=pairs[1].astype(np.uint32),
        trust=trust[0],
        reference=trust[1],
        weight=np.full(size, weight),
        origin=np.full(size, PRIOR, dtype=np.int8),
        formed=np.full(size, NEVER, dtype=np.int16),
        met=np.zeros(size, dtype=bool),
        grant=np.zeros(size),
    )
