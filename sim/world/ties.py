"""Directed ties as an edge list sorted by source and target: trust of the source in the target."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

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


_COLUMNS = tuple(item.name for item in fields(Ties) if item.name != "offsets")


def sorted_ties(organisations: int, **columns: Any) -> Ties:
    """Ties from unsorted columns of equal length, sorted by source and target."""
    order = np.argsort(columns["source"] * np.int64(organisations) + columns["target"], kind="stable")
    placed = {name: np.ascontiguousarray(columns[name][order]) for name in _COLUMNS}
    return Ties(offsets=offsets_of(placed["source"], organisations), **placed)


def offsets_of(source: Any, organisations: int) -> Any:
    """Where each organisation's ties begin, for sources sorted by row; shape (organisations + 1,)."""
    return np.searchsorted(source, np.arange(organisations + 1))


def without(ties: Ties, dropped: Any) -> Ties:
    """The ties but for those flagged; shape of dropped (ties,)."""
    kept = ~dropped
    columns = {name: getattr(ties, name)[kept] for name in _COLUMNS}
    return Ties(offsets=offsets_of(columns["source"], len(ties.offsets) - 1), **columns)


def with_new(ties: Ties, new: Ties) -> Ties:
    """Old and new ties together; the new ones must not be among the old."""
    columns = {name: np.concatenate((getattr(ties, name), getattr(new, name))) for name in _COLUMNS}
    return sorted_ties(len(ties.offsets) - 1, **columns)


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
