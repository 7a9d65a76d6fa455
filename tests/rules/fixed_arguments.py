"""Values of rules, random numbers and a few school years for fixed arguments: python -m tests.rules.fixed_arguments."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import numpy as np

from sim import configuration
from sim.dates import month_of
from sim.draws import Luck, Stream, luck_of_pair
from sim.jit import COMPILED
from sim.model import CollaborationModel
from sim.phases.site_choice import PlacingDraws, placed_in_turn
from sim.rules import agreeing, choosing, counts, enrolling, forming, meeting, persisting, placing, pledging, trust
from sim.rules.admitting import Admissions, admitted, chances_of_admission
from tests.rules.domains import drawn, rules, value_of_rule

SIZE = 24


def digest(value: Any) -> str:
    """Return a digest of the bits of numbers, arrays or tuples of them."""
    if isinstance(value, tuple):
        return digest(np.concatenate([np.asarray(part, dtype=float).ravel() for part in value]))
    return sha256(np.ascontiguousarray(value, dtype=float).tobytes()).hexdigest()[:16]


def of_one() -> Iterator[tuple[str, Any]]:
    for name, rule in rules().items():
        values = drawn(rule, 300, seed=5)
        yield name, value_of_rule(rule, values)
        alone = [float(value_of_rule(rule, {a: float(v[row]) for a, v in values.items()})) for row in range(100)]
        yield f"{name} of one", np.array(alone)


def along_ties() -> Iterator[tuple[str, Any]]:
    source = np.random.default_rng(7)
    flat = np.flatnonzero(source.random(SIZE * SIZE) < 0.2)
    one, other = np.divmod(flat[flat // SIZE != flat % SIZE], SIZE)
    offsets, weight = np.searchsorted(one, np.arange(SIZE + 1)), source.random(one.size)
    position = np.hstack([source.dirichlet(np.ones(4), SIZE), source.dirichlet(np.ones(3), SIZE)])
    share, capacity, met = source.random(SIZE), source.uniform(0, 5, SIZE), source.random(one.size) < 0.3
    seats, member = source.integers(0, 2**11, SIZE), source.random(SIZE) < 0.8
    luck, missed = source.random(one.size), np.log(source.uniform(0.2, 0.9, 11))
    yield "agreement", agreeing.agreement(one, other, position)
    yield "influence", agreeing.influence(position, share + 0.5, weight, other, offsets)
    yield "influence_within", agreeing.influence_within(position, weight, other, offsets, bound=0.3)
    yield "consensus", agreeing.consensus(position, share < 0.7)
    yield "grants", pledging.grants(capacity, share < 0.5, member, weight, other, offsets)
    yield "expectation", pledging.expectation(capacity, share, weight, other, offsets)
    yield "heard_of", trust.heard_of(weight, other, offsets, met)
    yield "chance_of_contact", meeting.chance_of_contact(one, other, seats, missed, alone=0.04)
    nothing = np.zeros(one.size)
    yield "dissolved", meeting.dissolved(luck, weight, other, nothing, ~member, rate=0.4)
    friend = forming.friend_of_friend(luck, other, offsets, member)
    introduced = forming.introduced_pairs(share, member, source.dirichlet(np.ones(3), SIZE), number=6)
    held = np.array([0, 3, 5])
    seated = forming.seated_beside(source.random((SIZE, 3)), seats, held)
    yield from (("friend_of_friend", friend), ("introduced_pairs", introduced), ("seated_beside", seated))
    pairs = forming.strangers(forming.Conversations(introduced, seated, friend), other, offsets)
    yield "strangers", tuple(pairs)
    reasons = forming.Reasons(-1.0, 0.4, 1.5, 1.5, 0.5, 1.5, 1.5, 40.0, 6)
    kind = np.sort(source.integers(0, 7, SIZE))
    yield "formed", forming.formed(source.random(pairs.source.size), pairs, kind, position, reasons=reasons)
    yield from in_schools(source, placing.TrustTies(other, weight, offsets))


def reasons_of_schools(source: np.random.Generator) -> Iterator[tuple[str, Any]]:
    column, effects, flags = (lambda: source.random(40)), (lambda: source.random((40, 3))), source.random(40) < 0.3
    programmes = enrolling.Programmes(column(), column(), column(), effects(), effects(), 2.0 * column())
    columns = enrolling.ChoiceColumns(column(), column(), column(), column(), column(), flags, column())
    for aspiration, national in ((0.0, float("nan")), (2.0, 0.3)):
        weights = enrolling.ChoiceWeights(0.9, 0.5, 0.4, 0.3, aspiration, 0.8, 0.7, national, 0.6, 0.4, 0.1, 1.2)
        yield f"choice_terms {aspiration}", enrolling.choice_terms(programmes, columns, weights)
        staying = enrolling.StayingWeights(0.9, 0.5, 0.4, 0.3, aspiration, 0.4, 1.2, 0.5, 0.6)
        yield f"staying_reasons {aspiration}", enrolling.staying_reasons(programmes, (column(), column()), staying)
        gain = enrolling.GainWeights(0.9, 0.5, 0.3, aspiration, 0.1, 0.2, 1.4, 0.47)
        yield f"gain_of_boys {aspiration}", enrolling.gain_of_boys(programmes, flags, 40.0 * column(), gain)
    many = source.random(5000)
    yield "total_of_many", np.array([counts.total_of_many(many[:size]) for size in (0, 5, 8, 130, 881, 5000)])


def in_schools(source: np.random.Generator, trust_ties: placing.TrustTies) -> Iterator[tuple[str, Any]]:
    shape = (40, 3)
    demand, four = (source.integers(0, 40, shape).astype(float) for _ in range(2))
    seats, luck = source.uniform(-5.0, 90.0, 40), tuple(source.random((3, *shape)))
    yield "allocated_seats", choosing.allocated_seats(demand, seats)
    rows, wanting, fourth = np.flatnonzero(seats >= 1.0), source.random(shape), source.random(shape)
    lots = luck[0], luck[1][rows], luck[2]
    yield "begun", choosing.begun(rows, lots, demand[:, 0], wanting, seats, fourth)
    five, fewer = np.stack((demand, demand // 2.0, demand // 3.0)), np.stack((four, four // 2.0, four // 3.0))
    reasons, adds = source.normal(size=(2, 2, 3)), source.normal(size=(40, 2))
    classes = tuple((np.arange(40), *lots) for lots in (luck[:2], luck[1:]))
    yield "moved", persisting.moved(classes, five, fewer, reasons, adds, 3.0 * seats)
    yield from reasons_of_schools(source)
    nowhere = np.full(SIZE, -1.0)
    providers = placing.Providers(
        source.uniform(0.01, 0.5, SIZE),
        source.random(SIZE),
        source.random(SIZE),
        nowhere,
        source.dirichlet([1] * 3, SIZE),
    )
    sites = placing.SchoolSites(
        0.5,
        source.random(40),
        source.random(40),
        source.uniform(5, 90, 40),
        np.zeros(40, np.int64),
        seats / 99,
        source.random(40) < 0.5,
        np.array([0.0, 1.0, 0.0]),
        0.5,
    )
    starts, owner = np.arange(SIZE + 1), np.zeros(SIZE, np.int64)
    admissions = Admissions(source.random(1), owner, source.random(SIZE), starts, 0.5)
    everyone = np.zeros(40, np.int64)
    yield "chances_of_admission", chances_of_admission(3, everyone, admissions)
    yield "admitted", admitted(3, np.arange(40), source.random(40), everyone, admissions)
    keys = Luck(11).key(Stream.CONVENIENCE, 0), Luck(11).key(Stream.ADMISSION, 9)
    draws = PlacingDraws(*keys, np.arange(SIZE), np.arange(40), -1)
    year, delivered, used = placed_in_turn(
        np.arange(SIZE), providers, sites, trust_ties, (admissions, draws), (0.04, 300.0)
    )
    yield "placed_in_turn", (*(column[:used] for column in year[:5]), delivered)


def by_luck() -> Iterator[tuple[str, Any]]:
    luck, ids = Luck(11), np.arange(0, 70_000, 977)
    yield "luck of each", luck(Stream.CONTACT, 95, ids)
    yield "luck of pairs", luck(Stream.CONTACT, 95, ids, ids[::-1].copy())
    yield "luck of a table", luck.table(Stream.SEATING, 3, ids, np.arange(5))
    rows = (np.arange(ids.size), np.roll(np.arange(ids.size), 3))
    yield "luck between", luck.between(Stream.TIE, 12, ids, rows)
    yield "luck between both", luck.between(Stream.TIE, 12, ids, rows, mutual=True)
    yield "luck of a pair", luck_of_pair(luck.key(Stream.CONTACT, 95), 977, 69_367)
    yield "luck once", luck.once(Stream.STAGE, 100, 2, 3)


def in_a_run() -> Iterator[tuple[str, Any]]:
    """Yield the columns of a run of fourteen months from the launch on, in which the ministry joins at once."""
    scenario = configuration.scenario(
        "historical", overrides={"setting.start": "2012-09", "setting.burn_in": 0, "setting.until": "2014-10"}
    )
    world = CollaborationModel(scenario, 3).run_until_month(month_of("2014-10")).world
    tables = {
        "organisations": world.organisations,
        "ties": world.ties,
        "schools": world.schools,
        "cohorts": world.cohorts,
    }
    for name, table in (tables | {"ledger": world.ledger}).items():
        yield f"{name} of a run", tuple(column for column in vars(table).values() if np.size(column))


def digests() -> dict[str, str]:
    """Return the digest of every value, by name."""
    return {n: digest(v) for part in (of_one, along_ties, by_luck, in_a_run) for n, v in part()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"compiled": COMPILED, "digests": digests()}))
