"""Directed ties as an edge list sorted by source and target: trust of the source in the target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.compiling import segment, step_of
from sim.world.table import Table

ORIGINS = ("prior", "introduced", "joint programme", "met")
"""How a tie came about; the number of an origin is its place here."""

PRIOR, INTRODUCED, JOINT, MET = range(len(ORIGINS))


@dataclass(frozen=True)
class Ties(Table):
    """One row a tie, sorted by (source, target); shapes (ties,), offsets (organisations + 1,)."""

    source: Any  # row of the organisation that trusts [row]
    target: Any  # row of the organisation that is trusted [row]
    offsets: Any  # where each source's ties begin [position]
    trust: Any  # [share]
    reference: Any  # trust between such sectors without history [share]
    weight: Any  # experience that trust rests on, for the reputation rival [contacts]
    origin: Any  # how it came about [code]
    formed: Any  # month in which it was formed [month]
    met: Any  # whether the two met this month [flag]
    grant: Any  # money of the source held by the target, in transit [NIS million]
    crossing: Any  # 1 where the two are of different sectors [flag]

    def __len__(self) -> int:
        """Number of ties."""
        return len(self.source)

    @property
    def pairs(self) -> tuple[Any, Any]:
        """Rows of the two of each tie."""
        return self.source, self.target

    @property
    def number(self) -> Any:
        """How many ties each organisation has; shape (organisations,)."""
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
    crossing: Any


def columns_of(ties: Ties) -> Columns:
    """The columns of ties, for compiled rules."""
    return Columns(*(getattr(ties, name) for name in Columns._fields))


def sorted_ties(organisations: int, columns: Columns) -> Ties:
    """Ties from unsorted columns of equal length, sorted by source and target."""
    order = np.argsort(columns.source * np.int64(organisations) + columns.target, kind="stable")
    placed = Columns(*(column[order] for column in columns))
    return Ties(offsets=offsets_of(placed.source, organisations), **placed._asdict())


def offsets_of(source: Any, organisations: int) -> Any:
    """Where each organisation's ties begin, for sources sorted by row; shape (organisations + 1,)."""
    return np.searchsorted(source, np.arange(organisations + 1))


@step_of
def _put(out: Any, at: int, columns: Any, row: int) -> None:
    out.source[at], out.target[at] = columns.source[row], columns.target[row]
    out.trust[at], out.reference[at], out.weight[at] = columns.trust[row], columns.reference[row], columns.weight[row]
    out.origin[at], out.formed[at], out.met[at] = columns.origin[row], columns.formed[row], columns.met[row]
    out.grant[at], out.crossing[at] = columns.grant[row], columns.crossing[row]


@segment
def _merged(old: Any, dropped: Any, new: Any, out: Any, offsets: Any) -> int:
    at, row, fresh = 0, 0, 0
    while row < old.source.size or fresh < new.source.size:
        if row < old.source.size and dropped[row]:
            row += 1
            continue
        first = row < old.source.size
        if first and fresh < new.source.size:
            one, other = old.source[row], new.source[fresh]
            first = one < other or (one == other and old.target[row] < new.target[fresh])
        if first:
            _put(out, at, old, row)
            row += 1
        else:
            _put(out, at, new, fresh)
            fresh += 1
        offsets[out.source[at] + 1] += 1
        at += 1
    for organisation in range(1, offsets.size):
        offsets[organisation] += offsets[organisation - 1]
    return at


def revised(ties: Ties, dropped: Any, new: Ties) -> Ties:
    """The ties but for those flagged, and new ones, which must not be among the old; shape of dropped (ties,)."""
    old, fresh = columns_of(ties), columns_of(new)
    out = Columns(*(np.empty(len(ties) + len(new), column.dtype) for column in old))
    offsets = np.zeros_like(ties.offsets)
    size = _merged(old, dropped, fresh, out, offsets)
    return Ties(offsets=offsets, **Columns(*(column[:size] for column in out))._asdict())


def means_by_source(values: Any, ties: Ties, otherwise: float = 0.0) -> Any:
    """Mean over each organisation's ties; shape (organisations,); `otherwise` where it has none."""
    count = np.diff(ties.offsets)
    total = np.bincount(ties.source, weights=values, minlength=count.size)
    return np.where(count > 0, total / np.maximum(count, 1), otherwise)


def means_by_target(values: Any, ties: Ties, organisations: int, otherwise: float = 0.0) -> Any:
    """Mean over the ties that lead to each organisation; shape (organisations,)."""
    count = np.bincount(ties.target, minlength=organisations)
    total = np.bincount(ties.target, weights=values, minlength=organisations)
    return np.where(count > 0, total / np.maximum(count, 1), otherwise)


def trust_towards(row: int, ties: Ties) -> Any:
    """Trust of each organisation in the one at a row, 0 without a tie; shape (organisations,)."""
    trusted = np.zeros(len(ties.offsets) - 1)
    to = np.flatnonzero(ties.target == row)
    trusted[ties.source[to]] = ties.trust[to]
    return trusted
