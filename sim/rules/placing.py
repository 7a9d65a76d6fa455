"""Where programmes go: need, convenience, and what providers know of each other."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiling import elementwise, segment


def ranked(values: Any) -> Any:
    """Standing among all, 0 for the lowest and 1 for the highest.

    Args:
        values: anything that can be ordered [any], shape (schools,)

    Holds for: at least one value; ties in the order of rows.
    Source: assumed: ranks make unlike scores comparable

    >>> ranked(np.array([10.0, 30.0, 20.0])).tolist()
    [0.0, 1.0, 0.5]
    """
    standing = np.empty(values.size)
    standing[np.argsort(values, kind="stable")] = np.arange(values.size)
    return standing / max(values.size - 1, 1)


@elementwise
def knowledge(transparency: float, trust: float) -> float:
    """A provider knows what others do where data are shared and where it trusts them.

    Args:
        transparency: shared measurement M [share]
        trust: mean trust in partners [share]

    Holds for: all in 0-1.
    Source: kania_kramer_2011

    >>> float(knowledge(0.5, 0.5))
    0.25
    """
    return transparency * trust


@segment
def programmes_seen(partner: Any, trust: Any, begin: Any, end: Any, school: Any, amount: Any, seen: Any) -> Any:
    """What a provider sees of its partners' programmes this year, school by school and channel by channel.

    Args:
        partner: rows of its partners [row], shape (partners,)
        trust: trust in each partner [share], shape (partners,)
        begin: where each organisation's placements begin [position], shape (organisations,)
        end: where they end [position], shape (organisations,)
        school: row of the school of each placement so far [row], shape (placements,)
        amount: by channel [NIS million], shape (placements, channels)
        seen: zeros to fill [NIS million], shape (schools, channels)

    Returns: amounts seen [NIS million], shape (schools, channels).
    Holds for: what is not trusted is not seen.
    Source: kania_kramer_2011

    >>> one = np.array([0])
    >>> programmes_seen(one, np.array([0.5]), one, one + 1, one, np.ones((1, 1)), np.zeros((2, 1))).tolist()
    [[0.5], [0.0]]
    """
    for row in range(partner.size):
        for placement in range(begin[partner[row]], end[partner[row]]):
            for channel in range(amount.shape[1]):
                seen[school[placement], channel] += trust[row] * amount[placement, channel]
    return seen


@segment
def placement_scores(standing: Any, seen: Any, mix: Any, pupils: Any, *, knowledge: float, scale: float) -> Any:
    """A provider likes what is convenient or needed, and, as far as it knows, what completes and does not repeat.

    Args:
        standing: convenience and need weighed by the provider's preference, ranked 0-1 [share], shape (schools,)
        seen: others' programmes seen [NIS million], shape (schools, channels)
        mix: the provider's own channels, summing to one [share], shape (channels,)
        pupils: eligible pupils [pupils], shape (schools,)
        knowledge: how much it knows of others and heeds it [share]
        scale: amount a pupil at which a programme counts as there by half [NIS/pupil]

    Returns: score [share], shape (schools,).
    Holds for: complement and overlap each in 0-1.
    Source: kania_kramer_2011

    >>> seen = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> s = placement_scores(np.zeros(2), seen, np.array([1.0, 0.0]), np.ones(2), knowledge=1.0, scale=1e6)
    >>> s.tolist()
    [-0.5, 0.5]
    """
    out = np.empty(standing.size)
    channels = mix.size
    for school in range(standing.size):
        overlap, complement = 0.0, 0.0
        for channel in range(channels):
            there = seen[school, channel] * 1e6 / max(pupils[school], 1.0)
            present = there / (there + scale)
            overlap += mix[channel] * present
            complement += (1.0 - mix[channel]) * present / max(channels - 1, 1)
        out[school] = standing[school] + knowledge * (complement - overlap)
    return out


@elementwise
def absorbed(offered: float, room: float) -> float:
    """A school takes in what it has room for; the rest stays unspent.

    Args:
        offered: brought to the school [NIS million]
        room: what it can still take this year [NIS million]

    Holds for: non-negative amounts.
    Source: comptroller_2014

    >>> float(absorbed(3.0, 2.0))
    2.0
    """
    return min(offered, max(room, 0.0))
