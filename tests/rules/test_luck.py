"""Luck: uniform, the same for the same event, and unrelated between streams, months, seeds and neighbours.

The seeds are fixed, so a test passes always or never; each was written to raise a false alarm once in ten thousand.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from sim.draws import Luck, Stream, luck_of_each, luck_of_pairs, mixed_pairs
from tests.offenders import each_of

ALARM = 1e-4
MANY = 40_000
IDS = np.arange(1, MANY + 1)
CELLS = 16


UNIFORM: dict[str, Callable[[], np.ndarray]] = {
    "over organisations and schools": lambda: Luck(1)(Stream.CONTACT, 100, IDS),
    "over ids far apart": lambda: Luck(1)(Stream.CONTACT, 100, 10_000 * (IDS % 7) + IDS // 7),
    "over months": lambda: np.array([Luck(1).once(Stream.STAGE, month) for month in range(-200, 4000)]),
    "over seeds": lambda: np.array([Luck(seed).once(Stream.STAGE, 100) for seed in range(5000)]),
    "over streams": lambda: np.array([Luck(seed).once(s, 0) for seed in range(100) for s in Stream]),
    "over pairs": lambda: Luck(2).table(Stream.PRIOR_TIE, 0, IDS[:200], IDS[:200]).ravel(),
    "over ties": lambda: Luck(2).between(Stream.TIE, 3, IDS, (IDS[:-9] - 1, IDS[:-9] + 8), mutual=True),
}


@each_of("over", UNIFORM)
def test_luck_is_uniform(over: str) -> None:
    luck = UNIFORM[over]()
    assert stats.kstest(luck, "uniform").pvalue > ALARM
    counts = np.histogram(luck, bins=200, range=(0.0, 1.0))[0]
    assert stats.chisquare(counts).pvalue > ALARM


def test_the_low_digits_of_luck_are_uniform_too() -> None:
    assert stats.kstest((UNIFORM["over organisations and schools"]() * 2.0**20) % 1.0, "uniform").pvalue > ALARM


def between(one: Luck, other: Luck, month: int = 0, stream: Stream = Stream.CONTACT) -> tuple[np.ndarray, np.ndarray]:
    return one(Stream.CONTACT, 100, IDS), other(stream, 100 + month, IDS)


UNRELATED: dict[str, Callable[[], tuple[np.ndarray, np.ndarray]]] = {
    "two streams": lambda: between(Luck(1), Luck(1), stream=Stream.QUALITY),
    "two streams in a row": lambda: (Luck(1)(Stream.CHOICE, 5, IDS), Luck(1)(Stream.FOUR, 5, IDS)),
    "one month and the next": lambda: between(Luck(1), Luck(1), month=1),
    "one September and the next": lambda: between(Luck(1), Luck(1), month=12),
    "one seed and the next": lambda: between(Luck(1), Luck(2)),
    "seeds far apart": lambda: between(Luck(1), Luck(2**31)),
    "one neighbour and the next": lambda: (Luck(1)(Stream.CONTACT, 100, IDS), Luck(1)(Stream.CONTACT, 100, IDS + 1)),
    "a school's bands": lambda: (Luck(1)(Stream.CHOICE, 0, 3 * IDS), Luck(1)(Stream.CHOICE, 0, 3 * IDS + 1)),
    "a pair and its reverse": lambda: (
        Luck(1)(Stream.TIE, 0, IDS, IDS + 7),
        Luck(1)(Stream.TIE, 0, IDS + 7, IDS),
    ),
    "a pair and its neighbour": lambda: (Luck(1)(Stream.TIE, 0, IDS, IDS), Luck(1)(Stream.TIE, 0, IDS, IDS + 1)),
    "a stream and the seed it might imitate": lambda: (
        Luck(1)(Stream.CAPACITY, 0, IDS),
        Luck(2)(Stream.THRESHOLD, 1, IDS),
    ),
}


@each_of("what", UNRELATED)
def test_luck_of_one_says_nothing_of_the_other(what: str) -> None:
    one, other = UNRELATED[what]()
    assert abs(np.corrcoef(one, other)[0, 1]) < stats.norm.isf(ALARM / 2) / math.sqrt(one.size)
    table = np.histogram2d(one, other, bins=CELLS, range=((0, 1), (0, 1)))[0]
    assert stats.chisquare(table.ravel()).pvalue > ALARM


def test_all_streams_are_unrelated() -> None:
    luck = np.array([Luck(3)(stream, 50, IDS[:4000]) for stream in Stream])
    pairs = np.corrcoef(luck)[np.triu_indices(len(luck), 1)]
    assert np.abs(pairs).max() < stats.norm.isf(ALARM / 2 / pairs.size) / math.sqrt(4000)


def test_months_in_a_row_do_not_wander() -> None:
    luck = np.array([Luck(3)(Stream.QUALITY, month, IDS[:100]) for month in range(400)]) - 0.5
    for lag in (1, 2, 3, 6, 12):
        product = (luck[lag:] * luck[:-lag]).ravel() * 12.0
        assert abs(product.mean()) < stats.norm.isf(ALARM / 2) / math.sqrt(product.size)


def test_no_two_pairs_share_their_luck() -> None:
    luck = Luck(4).table(Stream.TIE, 7, np.arange(1000), np.arange(1000))
    assert np.unique(luck).size == luck.size


# The same event, the same luck


def test_the_same_event_has_the_same_luck_whoever_else_is_asked() -> None:
    luck = Luck(5)
    everyone = luck(Stream.JOINING, 33, IDS)
    some = np.array([17, 3, 900])
    assert luck(Stream.JOINING, 33, IDS[some]).tolist() == everyone[some].tolist()
    assert Luck(5)(Stream.JOINING, 33, IDS).tolist() == everyone.tolist()
    assert luck(Stream.JOINING, 33, IDS[::-1].copy())[::-1].tolist() == everyone.tolist()


def test_steps_of_compiled_code_draw_the_same_luck() -> None:
    luck, ids, rows = Luck(6), IDS[5:45], (np.arange(40) // 2, np.arange(40)[::-1].copy())
    key = luck.keys(9)[Stream.CONTACT]
    assert key == luck.key(Stream.CONTACT, 9)
    assert luck_of_each(key, ids).tolist() == luck(Stream.CONTACT, 9, ids).tolist()
    pairs = mixed_pairs(ids, *rows, False)
    assert luck_of_pairs(key, pairs).tolist() == luck(Stream.CONTACT, 9, ids[rows[0]], ids[rows[1]]).tolist()
    mutual = mixed_pairs(ids, *rows, True)
    assert mutual.tolist() == mixed_pairs(ids, rows[1], rows[0], True).tolist()


def test_nothing_is_used_up_by_asking() -> None:
    luck = Luck(5)
    first = luck.once(Stream.STAGE, 4, 2)
    luck.table(Stream.STAGE, 4, IDS[:50], IDS[:50])
    assert luck.once(Stream.STAGE, 4, 2) == first


def test_all_ways_of_asking_give_the_same_luck() -> None:
    luck, who, whom = Luck(6), IDS[:40], IDS[100:130]
    table = luck.table(Stream.SEATING, 9, who, whom)
    one, other = np.repeat(who, whom.size), np.tile(whom, who.size)
    assert table.ravel().tolist() == luck(Stream.SEATING, 9, one, other).tolist()
    assert table[3, 4] == luck.once(Stream.SEATING, 9, int(who[3]), int(whom[4]))
    assert luck(Stream.SEATING, 9, who).tolist() == luck(Stream.SEATING, 9, who, 0 * who).tolist()
    rows = (np.array([0, 7, 39]), np.array([5, 2, 0]))
    pairs = luck(Stream.SEATING, 9, who[rows[0]], who[rows[1]])
    assert luck.between(Stream.SEATING, 9, who, rows).tolist() == pairs.tolist()


def test_the_two_of_a_pair_share_their_luck_when_it_is_mutual() -> None:
    luck, one, other = Luck(6), np.arange(50), np.arange(50)[::-1].copy()
    forth = luck.between(Stream.CONTACT, 9, IDS, (one, other), mutual=True)
    back = luck.between(Stream.CONTACT, 9, IDS, (other, one), mutual=True)
    assert forth.tolist() == back.tolist()
    assert luck.between(Stream.CONTACT, 9, IDS, (one, other)).tolist() != back.tolist()


@each_of("change", [{"seed": 8}, {"month": 10}, {"stream": Stream.TIE}, {"who": 4}, {"whom": 6}])
def test_whatever_differs_the_luck_differs(change: dict) -> None:
    arguments = {"seed": 7, "stream": Stream.CONTACT, "month": 9, "who": 3, "whom": 5}

    def luck(seed: int, **event: int) -> float:
        return Luck(seed).once(**event)

    assert luck(**arguments) != luck(**(arguments | change))


def test_every_decision_has_its_own_stream() -> None:
    assert len(Stream.__members__) == len(set(Stream))


def test_the_first_draws_are_those_of_the_day_the_streams_were_numbered() -> None:
    # A change of these numbers changes every run ever made.
    assert Luck(1).once(Stream.CAPACITY, 0, 1) == pytest.approx(0.9460539078, abs=1e-9)
    assert Luck(20).once(Stream.SPIRIT, 100, 3, 2) == pytest.approx(0.2306124605, abs=1e-9)


# The ends


def who_draws(value: int, luck: Luck) -> int:
    """Return an identity whose luck in the first month has these 64 bits: the inverse of the mixing function."""
    whole = 1 << 64
    for _ in range(2):
        value = (value - 0x8CB92BA72F3D8DD7) % whole
        value = unmixed(value, 31) * pow(0x94D049BB133111EB, -1, whole) % whole
        value = unmixed(value, 27) * pow(0xBF58476D1CE4E5B9, -1, whole) % whole
        value = unmixed(value, 30)
    return (value - int(luck.key(Stream.STAGE, 0))) * pow(0x9E3779B97F4A7C15, -1, whole) % whole


def unmixed(value: int, shift: int) -> int:
    """Return the number that gives this one when it is shifted and combined with itself."""
    original = value
    for _ in range(64 // shift + 1):
        original = value ^ (original >> shift)
    return original


def identities(top: int) -> list[int]:
    """Return identities, small enough for one, whose luck has the 53 leading bits given."""
    candidates = (who_draws((top << 11) + rest, Luck(1)) for rest in range(2048))
    return [who for who in candidates if who < 1 << 63]


def test_the_mixing_function_is_known_backwards() -> None:
    assert Luck(1).once(Stream.STAGE, 0, identities(1 << 52)[0]) == 0.5 + 2.0**-54


def test_the_least_luck_is_more_than_0() -> None:
    assert Luck(1).once(Stream.STAGE, 0, identities(0)[0]) == 2.0**-54


def test_the_most_luck_is_less_than_1() -> None:
    assert Luck(1).once(Stream.STAGE, 0, identities((1 << 53) - 1)[0]) < 1.0
