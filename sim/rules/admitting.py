"""Admission of providers to schools by trust, and what trust leaves of a grant."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.jit import elementwise, segment, step_of
from sim.rules.arrays import Floats, Ints


@elementwise
def logit_of_trust(trust: float, *, by_trust: float, stranger: float) -> float:
    """Return what trust adds for or against: by how far it lies above or below trust in a stranger.

    Args:
        trust: of the owner of a school [share]
        by_trust: weight of trust [logit]
        stranger: trust in a stranger [share]

    Holds for: trust in 0-1.
    Source: case

    >>> float(logit_of_trust(0.5, by_trust=4.0, stranger=0.25))
    1.0
    """
    return by_trust * (trust - stranger)


class Admissions(NamedTuple):
    """Schools that are open to providers: ties of owners sorted by the provider and the owner; shapes (ties,)."""

    usual: Floats  # chance that each owner admits a stranger [share], shape (owners,)
    owner: Ints  # whose tie it is [code]
    chance: Floats  # that this owner admits this provider [share]
    starts: Ints  # where each provider's ties begin [position], shape (organisations + 1,)
    lost: float  # part of what is refused that cannot be placed elsewhere [share]


@segment
def chances_of_admission(row: int, owners: Ints, admissions: Admissions) -> Floats:
    """Return the chance that each of some owners lets a provider into a school.

    Args:
        row: of the provider [row]
        owners: of the schools in question [code], shape (schools,)
        admissions: whom owners let in, Admissions

    Returns: chance of each [share], shape (schools,).
    Holds for: a stranger is let in with the owner's usual chance.
    Source: case

    >>> admissions = Admissions(np.array([0.2, 0.4]), np.array([1]), np.array([0.9]), np.array([0, 1]), 0.5)
    >>> chances_of_admission(0, np.array([0, 1, 1]), admissions).tolist()
    [0.2, 0.9, 0.9]
    """
    begin, end, out = admissions.starts[row], admissions.starts[row + 1], np.empty(owners.size)
    for place in range(owners.size):
        tie = begin + np.searchsorted(admissions.owner[begin:end], owners[place])
        has_tie = tie < end and admissions.owner[tie] == owners[place]
        out[place] = admissions.chance[tie] if has_tie else admissions.usual[owners[place]]
    return out


_chances_of_admission = step_of(chances_of_admission)


@segment
def admitted(row: int, chosen: Ints, luck: Floats, authority: Ints, admissions: Admissions) -> Ints:
    """Return the schools, of those that a provider chose, whose owner lets it in.

    Args:
        row: of the provider [row]
        chosen: schools [row], shape (chosen,)
        luck: of the provider at each of them [share], shape (chosen,)
        authority: owner of each school [code], shape (schools,)
        admissions: whom owners let in, Admissions

    Returns: schools that let it in, in the same order [row].
    Holds for: it is let in where the draw lies below the chance.
    Source: case

    >>> one, luck = np.array([0]), np.array([0.4, 0.6])
    >>> admissions = Admissions(np.zeros(1), one, np.array([0.5]), np.array([0, 1]), 0.5)
    >>> admitted(0, np.array([0, 1]), luck, np.zeros(2, np.int64), admissions).tolist()
    [0]
    """
    likely = _chances_of_admission(row, authority[chosen], admissions)
    inside, count = np.empty(chosen.size, np.int64), 0
    for place in range(chosen.size):
        if luck[place] < likely[place]:
            inside[count] = chosen[place]
            count += 1
    return inside[:count]


admitting = step_of(admitted)
"""`admitted`, for larger compiled rules."""


@elementwise
def effective_part_of_grant(trust: float, trusted: float, *, distrust: float) -> float:
    """Return the part of a grant that takes effect: less where giver and taker do not trust each other.

    Args:
        trust: of the giver in the taker [share]
        trusted: of the taker in the giver [share]
        distrust: part that is lost without any trust [share]

    Holds for: all in 0-1.
    Source: lee_2012

    >>> float(effective_part_of_grant(0.5, 0.75, distrust=0.4))
    0.8
    """
    return 1.0 - distrust * (1.0 - min(trust, trusted))
