"""Organisations by kind, and the ledger of their money."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from sim.world.kinds import ACADEMIA, AUTHORITY, BACKBONE, BUSINESS, FOUNDATION, KINDS, MINISTRY, NGO
from sim.world.table import Table

__all__ = [
    "ACADEMIA", "AUTHORITY", "BACKBONE", "BUSINESS", "CHANNELS", "FOUNDATION", "FOUNDERS", "GRADES", "KINDS", "MINISTRY", "NGO",
    "OF_A_KIND", "SUBJECTS", "Ledger", "Organisations", "People", "first_founders", "no_money", "owner_rows", "people_of",
]  # fmt: skip

SUBJECTS = ("mathematics", "physics", "chemistry", "computer_science")
"""Subjects that a position weighs; the first four weights of a position."""

GRADES = ("primary", "junior_high", "senior_high")
"""Stages of schooling that a position weighs; the last three weights of a position."""

CHANNELS = ("teaching", "access", "motivation")
"""Channels by which support reaches a school."""

OF_A_KIND = 10000
"""Ids are the number of the kind times this, plus the number within the kind from 1."""


@dataclass(frozen=True)
class Organisations(Table):
    """One row an organisation, sorted by kind and id. Shapes: (n,), mix (n, 3), position and initial (n, 7)."""

    id: Any  # stable identity [id]
    kind: Any  # number of the kind [code]
    founder: Any  # founded the initiative [flag]
    eligible: Any  # may ever join [flag]
    member: Any  # takes part now [flag]
    joined: Any  # month of joining, -999 never [month]
    capacity: Any  # means [NIS million/year]
    openness: Any  # how far it follows others [share]
    power: Any  # standing in deliberation [ratio]
    threshold: Any  # expected share of means that it asks for before it pledges [share]
    autonomy: Any  # sense that the work is its own [share]
    preference: Any  # weight of need against convenience in placing, w [share]
    mix: Any  # channels of its programmes, summing to one [share]
    initial: Any  # first position: weights on subjects and on grades [share]
    position: Any  # position now [share]
    pledge: Any  # share of the means pledged [share]
    expected: Any  # share of all means it expects to be put in [share]
    forums: Any  # forums attended, one bit a forum [bits]
    work_group: Any  # which of the four work groups it would join [code]
    purse: Any  # own money set aside and not yet handed on [NIS million]
    delivery: Any  # delivered over promised, last school year [share]
    pressure: Any  # pressure by published local shares, when they were published [share]
    lapsed_until: Any  # month in which a pledge that was not renewed may begin anew, -999 never lapsed [month]

    def __len__(self) -> int:
        """Return the number of organisations."""
        return len(self.id)

    def rows_of(self, kind: int) -> slice:
        """Return the rows of one kind.

        Args:
            kind: of organisations [code]
        """
        return slice(self.first_of(kind), self.first_of(kind + 1))

    def first_of(self, kind: int) -> int:
        """Return the first row of a kind, or where it would be.

        Args:
            kind: of organisations [code]
        """
        return int(self.kind.searchsorted(kind))

    def trait(self, kinds: Any, name: str) -> Any:
        """Return a declared trait of kinds at every row.

        Args:
            kinds: parameters of every kind
            name: of the trait, for example ``joins_later``

        Returns:
            shape (organisations,)
        """
        return np.array([getattr(getattr(kinds, kind), name) for kind in KINDS])[self.kind]


def owner_rows(kind: Any) -> Any:
    """Return the rows of owners of schools, in order, which is the order of the codes of authorities.

    Args:
        kind: shape (n,) [code]

    Returns:
        shape (owners,) [row]
    """
    return KINDS.having("owns_schools")[kind].nonzero()[0]


class People(NamedTuple):
    """Columns of organisations for compiled steps, of the same names and shapes."""

    id: Any
    kind: Any
    member: Any
    founder: Any
    forums: Any
    mix: Any
    position: Any


_PEOPLE = attrgetter(*People._fields)


def people_of(table: Organisations) -> People:
    """Return the columns of organisations for compiled steps.

    Args:
        table: the organisations
    """
    return People(*_PEOPLE(table))


@dataclass(frozen=True)
class Ledger(Table):
    """Money by its source since the start, NIS million of 2015; shapes (n,).

    offered = delivered + overhead + unspent + in transit, source by source.
    """

    offered: Any  # set aside so far, volunteers valued [NIS million]
    delivered: Any  # arrived in schools [NIS million]
    overhead: Any  # spent on the way, the backbone's own cost included [NIS million]
    unspent: Any  # promised, and neither delivered nor overhead [NIS million]
    transit: Any  # in purses, or held as grants [NIS million]
    duplicated: Any  # part of delivered that repeated what another provider did there by the same channel [NIS million]
    refused: Any  # not let in by owners of schools: in part unspent, the rest delivered elsewhere [NIS million]


def no_money(size: int) -> Ledger:
    """Return a ledger before any money was offered.

    Args:
        size: number of organisations
    """
    zeros = np.zeros(size)
    return Ledger(zeros, zeros, zeros, zeros, zeros, zeros, zeros)


FOUNDERS = ((FOUNDATION, 2), (BUSINESS, 1))
"""Kinds of the founders where nobody says who founded the initiative, and how many of each."""


def first_founders(kind: Any) -> Any:
    """Return the default founders of the initiative: the first two foundations and the first business.

    Args:
        kind: shape (n,) [code]

    Returns:
        shape (n,) [flag]
    """
    founder = np.zeros(kind.size, dtype=bool)
    for code, number in FOUNDERS:
        founder[np.flatnonzero(kind == code)[:number]] = True
    return founder
