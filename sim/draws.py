"""Common random numbers: uniform draws as a function of seed, stream, month and the identities concerned.

`Luck` is the name of such a draw in the rules. The same event has the same draw in every arm of a comparison. No state is
consumed, so the order of draws does not matter, and a run can be forked at any month.

The mixing function is the 64-bit finaliser of SplitMix, applied twice.

Source: klein_2024, steele_2014
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

import numpy as np

from sim.jit import COMPILED, step_of


class Stream(IntEnum):
    """Streams of random draws, one for each decision that needs them. Numbers are identities: append, never renumber."""

    CAPACITY = 1
    THRESHOLD = 2
    OPENNESS = 3
    PREFERENCE = 4
    POSITION = 5
    PRIOR_TIE = 6
    PRIOR_TRUST = 7
    LAUNCH = 8
    JOINING = 9
    LEAVING = 10
    WORK_GROUP = 11
    SEAT = 12
    SEATING = 13
    CONTACT = 14
    QUALITY = 15
    FRIEND = 16
    TIE = 17
    DISSOLUTION = 18
    INTRODUCTION = 19
    ACCEPTANCE = 20
    STAGE = 21
    COOLING = 22
    ORDER = 23
    CONVENIENCE = 24
    DELIVERY = 25
    APPLICATION = 26
    SIZE = 27
    TRACK = 28
    SHARE = 29
    PERIPHERY = 30
    AUTHORITY = 31
    OPENING = 32
    CLOSING = 33
    COHORT = 34
    CHOICE = 35
    FOUR = 36
    KEEPING = 37
    RISING = 38
    KEEPING_LAST = 39
    RISING_LAST = 40
    GENDER = 41
    SUBJECTS = 42
    GROUP = 46
    SPIRIT = 47
    COHORT_SIZE = 48
    PROPOSAL = 49
    PRIOR = 50
    PLACE = 51
    COMPLIANCE = 52
    RESERVES = 53
    RENEWAL = 54
    ADMISSION = 55
    FOLLOWING = 56
    SHUFFLE = 58


_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_SECOND = 0xD1B54A32D192ED03
_THIRD = 0x8CB92BA72F3D8DD7
_LUCKIEST = 1.0 - 2.0**-53  # the last of 2**53 draws would be rounded to 1


def _mixed(value: int) -> int:
    value &= _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


@lru_cache(maxsize=64)
def _streams(seed: int) -> Any:
    return np.array([_mixed(seed * _GOLDEN + stream) for stream in range(max(Stream) + 1)], dtype=np.uint64)


def _keyed(streams: Any, months: Any) -> Any:
    return _finished(streams + months * np.uint64(_THIRD))


def _finished(value: Any) -> Any:
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@lru_cache(maxsize=1024)
def _keys(seed: int, month: int) -> Any:
    keys = _keyed(_streams(seed), np.array([month + 4096], dtype=np.uint64))
    keys.flags.writeable = False
    return keys


def _uniform(value: Any) -> Any:
    for _ in range(2):
        value = _finished(value) + np.uint64(_THIRD)
    drawn = (np.float64(value >> np.uint64(11)) + 0.5) * (1.0 / 9007199254740992.0)
    return np.minimum(drawn, _LUCKIEST)


if COMPILED:
    _finished, _keyed = step_of(_finished), step_of(_keyed)
    _one = step_of(_uniform)

    @step_of
    def _of_each(key: Any, first: Any) -> Any:
        out = np.empty(first.size)
        for k in range(first.size):
            out[k] = _one(key + np.uint64(first[k]) * np.uint64(_GOLDEN))
        return out

    @step_of
    def _of_pair(key: Any, first: Any, second: Any) -> Any:
        return _one(key + np.uint64(first) * np.uint64(_GOLDEN) + np.uint64(second) * np.uint64(_SECOND))

    @step_of
    def _of_pairs(key: Any, first: Any, second: Any) -> Any:
        out = np.empty(first.size)
        for k in range(first.size):
            out[k] = _one(key + np.uint64(first[k]) * np.uint64(_GOLDEN) + np.uint64(second[k]) * np.uint64(_SECOND))
        return out

    @step_of
    def _of_table(key: Any, first: Any, second: Any) -> Any:
        out = np.empty((first.size, second.size))
        for row in range(first.size):
            start = key + np.uint64(first[row]) * np.uint64(_GOLDEN)
            for column in range(second.size):
                out[row, column] = _one(start + np.uint64(second[column]) * np.uint64(_SECOND))
        return out

    @step_of
    def _of_mixed(key: Any, mixed: Any) -> Any:
        out = np.empty(mixed.size)
        for k in range(mixed.size):
            out[k] = _one(key + mixed[k])
        return out

    @step_of
    def _mixed_pairs(ids: Any, source: Any, target: Any, mutual: bool) -> Any:
        # Gathering first and mixing after lets the compiler mix many at once.
        out, other = np.empty(source.size, np.uint64), np.empty(source.size, np.uint64)
        for k in range(source.size):
            out[k] = ids[source[k]]
        for k in range(source.size):
            other[k] = ids[target[k]]
        for k in range(source.size):
            one, two = out[k], other[k]
            if mutual:
                one, two = min(one, two), max(one, two)
            out[k] = one * np.uint64(_GOLDEN) + two * np.uint64(_SECOND)
        return out

else:

    def _of_mixed(key: Any, mixed: Any) -> Any:
        return _uniform(key + mixed)

    def _mixed_pairs(ids: Any, source: Any, target: Any, mutual: bool) -> Any:
        one, other = ids[source].astype(np.uint64), ids[target].astype(np.uint64)
        if mutual:
            one, other = np.minimum(one, other), np.maximum(one, other)
        return one * np.uint64(_GOLDEN) + other * np.uint64(_SECOND)

    def _of_pair(key: Any, first: Any, second: Any) -> Any:
        value = int(key) + int(first) * _GOLDEN + int(second) * _SECOND
        for _ in range(2):
            value = (_mixed(value) + _THIRD) & _MASK
        return min((float(value >> 11) + 0.5) * (1.0 / 9007199254740992.0), _LUCKIEST)

    def _of_each(key: Any, first: Any) -> Any:
        return _uniform(key + first.astype(np.uint64) * np.uint64(_GOLDEN))

    def _of_pairs(key: Any, first: Any, second: Any) -> Any:
        first, second = first.astype(np.uint64), second.astype(np.uint64)
        return _uniform(key + first * np.uint64(_GOLDEN) + second * np.uint64(_SECOND))

    def _of_table(key: Any, first: Any, second: Any) -> Any:
        start = key + first.astype(np.uint64) * np.uint64(_GOLDEN)
        return _uniform(start[:, None] + second.astype(np.uint64)[None, :] * np.uint64(_SECOND))


luck_of_each, luck_of_table, luck_of_pairs, mixed_pairs = _of_each, _of_table, _of_mixed, _mixed_pairs
luck_of_pair = _of_pair
"""Draws for compiled code: with the key of a stream in a month they return the same numbers as `Luck`.

`mixed_pairs` mixes the identities of pairs of rows once; many streams can then be drawn from its result.
"""


@dataclass(frozen=True)
class Luck:
    """Random draws of one run: a uniform number in (0, 1) for each seed, stream, month and identities concerned.

    Identities are stable non-negative integer ids, not row numbers.

    Attributes:
        seed: of the run
    """

    seed: int

    def keys(self, month: int) -> Any:
        """Return the key of every stream in a month, for compiled code that draws; shape (streams,)."""
        return _keys(self.seed, month)

    def key(self, stream: Stream, month: int) -> np.uint64:
        """Return the key of a stream in a month."""
        return _keys(self.seed, month)[stream]

    def once(self, stream: Stream, month: int, who: int = 0, whom: int = 0) -> float:
        """Return one uniform number."""
        return float(_of_pairs(self.key(stream, month), np.array([who]), np.array([whom]))[0])

    def __call__(self, stream: Stream, month: int, who: Any, whom: Any = None) -> Any:
        """Return a uniform number for each identity, or for each pair of identities; shape of `who`, (n,)."""
        if whom is None:
            return _of_each(self.key(stream, month), who)
        return _of_pairs(self.key(stream, month), who, whom)

    def between(self, stream: Stream, month: int, ids: Any, pairs: tuple[Any, Any], mutual: bool = False) -> Any:
        """Return a uniform number for each pair of rows of `ids`; the same both ways if mutual; shape of the rows, (n,)."""
        return _of_mixed(self.key(stream, month), _mixed_pairs(ids, pairs[0], pairs[1], mutual))

    def table(self, stream: Stream, month: int, who: Any, whom: Any) -> Any:
        """Return a uniform number for each identity of `who` with each of `whom`; shape (len(who), len(whom))."""
        return _of_table(self.key(stream, month), who, whom)
