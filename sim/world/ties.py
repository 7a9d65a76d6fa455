"""Directed ties as an edge list sorted by source and target: trust of the source in the target."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from sim.jit import step_of
from sim.world.table import Table

ORIGINS = ("prior", "introduced", "met")
"""Origins of a tie; the number of an origin is its place here."""

PRIOR, INTRODUCED, MET = range(len(ORIGINS))


@dataclass(frozen=True)
class Ties(Table):
    """One row a tie, sorted by (source, target); shapes (ties,), offsets (organisations + 1,)."""

    source: Any  # row of the organisation that trusts [row]
    target: Any  # row of the organisation that is trusted [row]
    offsets: Any  # where each source's ties begin [position]
    trust: Any  # trust of the source in the target [share]
    reference: Any  # trust between such sectors without history [share]
    weight: Any  # experience that trust rests on, for the reputation rival [contacts]
    origin: Any  # how it came about [code]
    formed: Any  # month in which it was formed [month]
    met: Any  # whether the two met this month [flag]
    grant: Any  # money of the source held by the target, in transit [NIS million]

    def __len__(self) -> int:
        """Return the number of ties."""
        return len(self.source)

    @property
    def pairs(self) -> tuple[Any, Any]:
        """Rows of the two of each tie."""
        return self.source, self.target

    def crossing(self, kind: Any) -> Any:
        """Return which ties join two kinds [flag], by the kind of each organisation; shape (ties,)."""
        return kind[self.source] != kind[self.target]

    @property
    def number(self) -> Any:
        """Number of ties of each organisation; shape (organisations,)."""
        return self.offsets[1:] - self.offsets[:-1]


class Columns(NamedTuple):
    """The columns of ties in the order of the table, without offsets."""

    source: Any
    target: Any
    trust: Any
    reference: Any
    weight: Any
    origin: Any
    formed: Any
    met: Any
    grant: Any


_COLUMNS = attrgetter(*Columns._fields)


def columns_of(ties: Ties) -> Columns:
    """Return the columns of ties, for compiled rules."""
    return Columns(*_COLUMNS(ties))


def with_columns(ties: Ties, columns: Any, offsets: Any) -> Ties:
    """Return the ties with all their columns replaced, in the order of the table."""
    return ties.with_(offsets=offsets, **dict(zip(Columns._fields, columns, strict=True)))


@step_of
def with_met(ties: Any, met: Any) -> Any:
    """Return the columns of ties with who met this month [flag], shape (ties,)."""
    return Columns(
        ties.source, ties.target, ties.trust, ties.reference, ties.weight, ties.origin, ties.formed, met, ties.grant
    )


def sorted_ties(organisations: int, columns: Columns) -> Ties:
    """Return ties from unsorted columns of equal length, sorted by source and target."""
    order = np.argsort(columns.source * np.int64(organisations) + columns.target, kind="stable")
    placed = Columns(*(column[order] for column in columns))
    return Ties(offsets=offsets_of(placed.source, organisations), **placed._asdict())


def offsets_of(source: Any, organisations: int) -> Any:
    """Return where each organisation's ties begin, for sources sorted by row; shape (organisations + 1,)."""
    return np.searchsorted(source, np.arange(organisations + 1)).astype(np.uint32)


class NewTies(NamedTuple):
    """Ties about to be formed, sorted by source and target; shapes (ties,)."""

    source: Any  # row of the one [row]
    target: Any  # row of the other [row]
    origin: Any  # how it comes about [code]


class Norms(NamedTuple):
    """Trust between strangers of each pair of kinds."""

    kind: Any  # kind of each organisation [code]
    trust: Any  # trust between kinds without history [share], shape (kinds, kinds)
    weight: float  # experience that first trust is worth [contacts]


@step_of
def _runs(old: Any, offsets: Any, gone: Any, fresh: Any) -> Any:
    source, target, ties = fresh.source, fresh.target, old.target
    runs, places = np.empty((gone.size + source.size + 1, 3), np.int64), np.empty(source.size, np.int64)
    row, at, new, drop = 0, 0, 0, 0
    for run in range(runs.shape[0]):
        stop, place = ties.size, ties.size + 1
        if drop < gone.size:
            stop = gone[drop]
        if new < source.size:
            begin, end = offsets[source[new]], offsets[source[new] + 1]
            place = begin + np.searchsorted(ties[begin:end], target[new])
        until = min(stop, place)
        runs[run] = (row, until, at)
        row, at = until, at + until - row
        if place == until:
            places[new] = at
            new, at = new + 1, at + 1
        else:
            row, drop = row + 1, drop + 1
    return runs, places


@step_of
def _spliced(column: Any, runs: Any, size: int) -> Any:
    out = np.empty(size, column.dtype)
    for run in range(runs.shape[0]):  # without a sign no index counts from the end, so several are copied at once
        first, place = np.uint64(runs[run, 0]), np.uint64(runs[run, 2])
        for k in range(np.uint64(runs[run, 1]) - first):
            out[place + k] = column[first + k]
    return out


@step_of
def revised_ties(old: Any, offsets: Any, dropped: Any, fresh: Any, norms: Any, month: int) -> Any:
    """Return the columns of ties and their offsets without flagged ties, and with new ones, which are not among them."""
    gone = np.flatnonzero(dropped)
    runs, places = _runs(old, offsets, gone, fresh)
    size = old.source.size - gone.size + places.size
    columns = (  # returning plain tuples takes half the time
        _spliced(old.source, runs, size), _spliced(old.target, runs, size), _spliced(old.trust, runs, size),
        _spliced(old.reference, runs, size), _spliced(old.weight, runs, size), _spliced(old.origin, runs, size),
        _spliced(old.formed, runs, size), _spliced(old.met, runs, size), _spliced(old.grant, runs, size),
    )  # fmt: skip
    source, target, trust, reference, weight, origin, formed, met, grant = columns
    (ones, others, origins), kind, between = fresh, norms.kind, norms.trust
    number, sources = np.zeros(offsets.size, np.int64), old.source
    for row in range(offsets.size - 1):
        number[row + 1] = np.int64(offsets[row + 1]) - np.int64(offsets[row])
    for tie in gone:
        number[sources[tie] + 1] -= 1
    for k in range(places.size):
        at, one, other = places[k], ones[k], others[k]
        source[at], target[at], origin[at], formed[at] = one, other, origins[k], month
        trust[at] = reference[at] = between[kind[one], kind[other]]
        weight[at], met[at], grant[at] = norms.weight, False, 0.0
        number[one + 1] += 1
    starts = np.zeros(offsets.size, np.uint32)
    for row in range(1, starts.size):
        number[row] += number[row - 1]
        starts[row] = number[row]
    return columns, starts


@step_of
def _means(values: Any, offsets: Any, otherwise: float) -> Any:
    out = np.full(offsets.size - 1, otherwise)
    for row in range(out.size):
        total = 0.0
        for tie in range(offsets[row], offsets[row + 1]):
            total += values[tie]
        if offsets[row + 1] > offsets[row]:
            out[row] = total / (offsets[row + 1] - offsets[row])
    return out


def means_by_source(values: Any, ties: Ties, otherwise: float = 0.0) -> Any:
    """Return the mean over each organisation's ties; shape (organisations,); `otherwise` where it has none."""
    return _means(values, ties.offsets, otherwise)


@step_of
def _means_among(trust: Any, target: Any, offsets: Any, whom: Any) -> Any:
    out = np.zeros(offsets.size - 1)
    for row in range(out.size):
        total = 0.0
        for tie in range(offsets[row], offsets[row + 1]):
            total += trust[tie] * whom[target[tie]]
        if offsets[row + 1] > offsets[row]:
            out[row] = total / (offsets[row + 1] - offsets[row])
    return out


def trust_among(ties: Ties, whom: Any) -> Any:
    """Return each organisation's trust in flagged partners, as a mean over all its ties; 0 without any tie.

    Args:
        ties: all ties
        whom: who is trusted [flag], shape (organisations,)

    Returns:
        shape (organisations,) [share]
    """
    return _means_among(ties.trust, ties.target, ties.offsets, whom)


@step_of
def total_along(trust: Any, target: Any, offsets: Any, who: Any, whom: Any) -> Any:
    """Return the sum of trust of flagged organisations in flagged ones, and the number of these ties."""
    total, count = 0.0, 0
    for row in range(who.size):
        if who[row]:
            for tie in range(offsets[row], offsets[row + 1]):
                if whom[target[tie]]:
                    total, count = total + trust[tie], count + 1
    return total, count


@step_of
def mean_along(trust: Any, target: Any, offsets: Any, who: Any, whom: Any, otherwise: float) -> float:
    """Return mean trust of flagged organisations in flagged ones, `otherwise` without any tie."""
    total, count = total_along(trust, target, offsets, who, whom)
    return total / count if count > 0 else otherwise


def total_trust(ties: Ties, who: Any, whom: Any) -> tuple[float, int]:
    """Return the sum of trust of flagged organisations in flagged ones, and the number of these ties."""
    return total_along(ties.trust, ties.target, ties.offsets, who, whom)


def mean_trust(ties: Ties, who: Any, whom: Any, otherwise: float = 0.0) -> float:
    """Return mean trust of flagged organisations in flagged ones, `otherwise` without any tie; shapes (organisations,)."""
    return mean_along(ties.trust, ties.target, ties.offsets, who, whom, otherwise)


@step_of
def trust_in(row: int, trust: Any, target: Any, offsets: Any) -> Any:
    """Return trust of each organisation in the one at a row, 0 without a tie; shape (organisations,)."""
    out = np.zeros(offsets.size - 1)
    for source in range(out.size):
        begin, end = offsets[source], offsets[source + 1]
        tie = begin + np.searchsorted(target[begin:end], row)
        if tie < end and target[tie] == row:
            out[source] = trust[tie]
    return out


def mean_where(values: Any, flags: Any) -> float:
    """Return the mean of the flagged values, nan where none is flagged."""
    count = np.count_nonzero(flags)
    return float(values.sum(where=flags) / count) if count else float("nan")
