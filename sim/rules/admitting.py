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
    """Schools that are open to providers: ties of owners sorted by the provider; shapes (ties,)."""

    usual: Floats  # chance that each owner admits a stranger [share], shape (owners,)
    owner: Ints  # whose tie it is [code]
    chance: Floats  # that this owner admits this provider [share]
    starts: Ints  # where each provider's ties begin [position], shape (organisations + 1,)
    luck: Floats  # of those who place at each school [share], shape (providers, schools)
    place: Ints  # of each organisation among those who place [position], shape (organisations,)
    lost: float  # part of what is refused that cannot be placed elsewhere [share]


@segment
def admitted(row: int, chosen: Ints, authority: Ints, admissions: Admissions) -> Ints:
    """Return the schools, of those that a provider chose, whose owner lets it in.

    Args:
        row: of the provider [row]
        chosen: schools [row], shape (chosen,)
        authority: owner of each school [code], shape (schools,)
        admissions: whom owners let in, Admissions

    Returns: schools that let it in, in the same order [row].
    Holds for: a stranger is let in with the owner's usual chance.
    Source: case

    >>> one, luck = np.array([0]), np.array([[0.4, 0.6]])
    >>> admissions = Admissions(np.zeros(1), one, np.array([0.5]), np.array([0, 1]), luck, one, 0.5)
    >>> admitted(0, np.array([0, 1]), np.zeros(2, np.int64), admissions).tolist()
    [0]
    """
    likely = admissions.usual.copy()
    for tie in range(admissions.starts[row], admissions.starts[row + 1]):
        likely[admissions.owner[tie]] = admissions.chance[tie]
    inside, count = np.empty(chosen.size, np.int64), 0
    for place in range(chosen.size):
        if admissions.luck[admissions.place[row], chosen[place]] < likely[authority[chosen[place]]]:
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
