"""Placement of programmes: need, convenience, and what providers know of each other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.jit import elementwise, step_of
from sim.rules.arrays import Flags, Floats, Ints


def ranked(values: Floats) -> Floats:
    """Return the rank of each value among all, 0 for the lowest and 1 for the highest.

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
    """Return what a provider knows of others' programmes: as far as data are shared and it trusts its partners.

    Args:
        transparency: shared measurement M [share]
        trust: mean trust in partners [share]

    Holds for: all in 0-1.
    Source: kania_kramer_2011

    >>> float(knowledge(0.5, 0.5))
    0.25
    """
    return transparency * trust


class Providers(NamedTuple):
    """Providers that place programmes, by row; shapes (organisations,), mix (organisations, channels)."""

    means: Floats  # what each can deliver [NIS million]
    inclination: Floats  # weight of need against convenience [share]
    awareness: Floats  # how much it knows of others' programmes and takes into account [share]
    territory: Floats  # the authority whose schools it serves, -1 anywhere [code]
    mix: Floats  # channels, summing to one [share]


class SchoolSites(NamedTuple):
    """Schools where programmes may be placed; shapes (schools,)."""

    nearness: float  # part of convenience that is nearness, drawn for a provider and a school when it is needed [share]
    easy: Floats  # what size and strength add to convenience [share]
    need: Floats  # ranked 0-1 [share]
    pupils: Floats  # eligible [pupils]
    authority: Ints  # owner [code]
    capacity: Floats  # what each can still take this year [NIS million]
    track: Flags  # has a track [flag]
    bare: Floats  # channels of whatever is done where there is no track, summing to one [share], shape (channels,)
    aside: float  # part of its schools without a track, over the part of those channels in its programmes [ratio]


class TrustTies(NamedTuple):
    """Trust of each provider in others: ties sorted by source; shapes (ties,), offsets (organisations + 1,)."""

    target: Ints  # row [row]
    trust: Floats  # [share]
    offsets: Ints  # where each source's ties begin [position]


class Year(NamedTuple):
    """Placements of a year, one row a provider and school; shapes (placements,), spans (organisations, 2)."""

    provider: Ints  # row [row]
    school: Ints  # row [row]
    offered: Floats  # [NIS million]
    taken: Floats  # [NIS million]
    repeated: Floats  # of what was taken, by a channel that another already served there [NIS million]
    mix: Floats  # channels of what was brought, shape (placements, channels) [share]
    refused: Floats  # what schools did not let in, by provider [NIS million], shape (organisations,)
    spans: Ints  # where each provider's rows begin and end [position]


@step_of
def seen_of_partners(
    row: int, trust_ties: TrustTies, year: Year, brought: tuple[Floats, Flags, Floats], seen: Floats, touched: Ints
) -> int:
    """Add up what a provider's partners placed this year, as far as it trusts them; return the number of their schools.

    Args:
        row: of the provider [row]
        trust_ties: whom providers trust, TrustTies
        year: placements so far, a Year
        brought: channels of each provider, schools with a track, channels where there is none
        seen: as in `View`, zero at first, changed in place
        touched: schools where partners are [row], changed in place
    """
    # Columns are named before the loops: in compiled code, reading a field of a named tuple costs more than an addition.
    target, trust, schools, taken, spans = trust_ties.target, trust_ties.trust, year.school, year.taken, year.spans
    (mixes, track, bare), count = brought, 0
    channels = bare.size
    for tie in range(trust_ties.offsets[row], trust_ties.offsets[row + 1]):
        partner = target[tie]
        for placement in range(spans[partner, 0], spans[partner, 1]):
            school, amount = schools[placement], trust[tie] * taken[placement]
            if seen[school, channels] == 0.0:
                seen[school, channels], touched[count], count = 1.0, school, count + 1
            mix = mixes[partner] if track[school] else bare
            for channel in range(channels):
                seen[school, channel] += amount * mix[channel]
    return count


@step_of
def _completing(mix: Floats, awareness: float, present: Floats, half: float, out: Floats) -> None:
    total = 0.0
    for channel in range(mix.size):
        out[channel] = mix[channel] * (1.0 - awareness * present[channel] / (present[channel] + half))
        total += out[channel]
    for channel in range(mix.size):
        out[channel] = out[channel] / total if total > 0.0 else mix[channel]


@step_of
def taken_in(
    row: int,
    chosen: Ints,
    providers: Providers,
    sites: SchoolSites,
    books: tuple[Floats, Year],
    at_hand: tuple[float, float],
) -> None:
    """Enter what the schools that a provider goes to take of its programmes: less of what others do there, as far as it knows.

    Args:
        row: of the provider [row]
        chosen: schools that let it in [row], shape (chosen,)
        providers: who they are, Providers
        sites: where programmes may go, SchoolSites; their capacity is used up
        books: what each school has by channel [NIS million], and the Year; both are changed in place
        at_hand: means of the provider [NIS million], and the amount a pupil that counts by half [NIS/pupil]
    """
    (present, year), own, awareness = books, providers.mix[row], providers.awareness[row]
    pupils, capacity, track, (means, scale) = sites.pupils, sites.capacity, sites.track, at_hand
    offered, taken, repeated, total, at = year.offered, year.taken, year.repeated, 0.0, year.spans[row, 0]
    for school in chosen:
        total += pupils[school]
    year.provider[at : at + chosen.size], year.school[at : at + chosen.size] = row, chosen
    for school in chosen:
        offered[at] = means * pupils[school] / max(total, 1e-9)
        taken[at] = min(offered[at], max(capacity[school], 0.0))
        capacity[school] -= taken[at]
        mix = year.mix[at]
        mix[:] = sites.bare
        if track[school]:
            _completing(own, awareness, present[school], scale * max(pupils[school], 1.0) / 1e6, mix)
        for channel in range(mix.size):
            amount = taken[at] * mix[channel]
            repeated[at] += min(present[school, channel], amount)
            present[school, channel] += amount
        at += 1


@elementwise
def absorbed(offered: float, capacity: float) -> float:
    """Return what a school takes of what is offered: as much as it can use; the rest stays unspent.

    Args:
        offered: brought to the school [NIS million]
        capacity: what the school can still take this year [NIS million]

    Holds for: non-negative amounts.
    Source: comptroller_2014

    >>> float(absorbed(3.0, 2.0))
    2.0
    """
    return min(offered, max(capacity, 0.0))
