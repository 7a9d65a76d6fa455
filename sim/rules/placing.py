"""Placement of programmes: need, convenience, and what providers know of each other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.jit import elementwise, segment, step_of
from sim.rules.admitting import Admissions, admitting
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
    """Schools where programmes may be placed; shapes (schools,), near (organisations, schools)."""

    near: Floats  # what nearness adds to convenience [share]
    easy: Floats  # what size and strength add to it [share]
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
def _seen(
    row: int, trust_ties: TrustTies, year: Year, brought: tuple[Floats, Flags, Floats], seen: Floats, touched: Ints
) -> int:
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
def _overlap(seen: Floats, mix: Floats, pupils: float, scale: float) -> float:
    total, half = 0.0, scale * max(pupils, 1.0) / 1e6
    for channel in range(mix.size):
        if seen[channel] > 0.0:
            total += mix[channel] * seen[channel] / (seen[channel] + half)
    return total


@step_of
def _scored(row: int, providers: Providers, sites: SchoolSites, seen: Floats, touched: Ints, scale: float) -> Floats:
    wish, awareness = providers.inclination[row], providers.awareness[row]
    mix, home = providers.mix[row], providers.territory[row]
    pupils, authority, track, bare = sites.pupils, sites.authority, sites.track, sites.bare
    score = (1.0 - wish) * (sites.near[row] + sites.easy) + wish * sites.need
    for school in touched:
        brought = mix if track[school] else bare
        score[school] -= awareness * _overlap(seen[school], brought, pupils[school], scale)
        seen[school] = 0.0
    if home >= 0:
        for school in range(score.size):
            if authority[school] != home:
                score[school] = -np.inf
    return score


@step_of
def _best(score: Floats, number: int) -> Ints:
    count, worst, best, scores = 0, -np.inf, np.empty(number, np.int64), np.full(number, -np.inf)
    for school in range(score.size):
        if score[school] <= worst:
            continue
        count = min(count + 1, number)
        place = count - 1
        while place > 0 and scores[place - 1] < score[school]:
            scores[place], best[place] = scores[place - 1], best[place - 1]
            place -= 1
        scores[place], best[place] = score[school], school
        worst = scores[number - 1]
    return best[:count]


@step_of
def _chosen(score: Floats, number: int, aside: int, track: Flags) -> Ints:
    first = np.empty(0, np.int64)
    if aside > 0:
        first = _best(np.where(track, -np.inf, score), aside)
    for school in first:
        score[school] = -np.inf
    return np.concatenate((first, _best(score, number - first.size))) if first.size < number else first


@step_of
def _let_in(
    row: int, chosen: Ints, providers: Providers, sites: SchoolSites, admissions: Admissions, year: Year
) -> Ints:
    if providers.territory[row] >= 0 or admissions.usual.size == 0:
        return chosen
    inside, pupils_chosen, open_to_it = admitting(row, chosen, sites.authority, admissions), 0.0, 0.0
    for school in chosen:
        pupils_chosen += sites.pupils[school]
    for school in inside:
        open_to_it += sites.pupils[school]
    year.refused[row] = providers.means[row] * (1.0 - open_to_it / max(pupils_chosen, 1e-9))
    return inside


@step_of
def _completing(mix: Floats, awareness: float, present: Floats, half: float, out: Floats) -> None:
    total = 0.0
    for channel in range(mix.size):
        out[channel] = mix[channel] * (1.0 - awareness * present[channel] / (present[channel] + half))
        total += out[channel]
    for channel in range(mix.size):
        out[channel] = out[channel] / total if total > 0.0 else mix[channel]


@step_of
def _taken(
    row: int,
    chosen: Ints,
    providers: Providers,
    sites: SchoolSites,
    books: tuple[Floats, Year],
    at_hand: tuple[float, float],
) -> None:
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


@segment
def placed_in_turn(
    order: Ints,
    providers: Providers,
    sites: SchoolSites,
    trust_ties: TrustTies,
    admissions: Admissions,
    *,
    grain: float,
    scale: float,
) -> tuple[Year, Floats, int]:
    """Place programmes, one provider after another: by convenience, by need, and away from programmes that it knows of.

    The owner of a school lets a provider in or refuses. Part of the refused money is lost; the rest goes to schools that
    let the provider in. Where others already work, a provider does less of what they do, as far as it knows of them.

    Args:
        order: rows of the providers in the order of this year [row], shape (providers,)
        providers: who they are, a Providers
        sites: where they may go, a SchoolSites; their capacity is used up
        trust_ties: whom they trust, a TrustTies: what is not trusted is not seen
        admissions: whom owners let in, Admissions; without any owner every school is open
        grain: size of a programme, which says in how many schools the means are spent [NIS million]
        scale: amount a pupil at which another's programme counts by half [NIS/pupil]

    Returns: the year's placements, and what each school has by channel [NIS million], shape (schools, channels).
    Holds for: score = (1 - w) convenience + w need - awareness x overlap; means shared by pupils; schools without a
        track are chosen first; an owner serves its own schools without asking.
    Source: kania_kramer_2011

    >>> one, mix = np.zeros(1), np.array([[1.0, 0.0, 0.0]])
    >>> providers = Providers(one + 0.5, one, one, one - 1.0, mix)
    >>> near, two = np.array([[0.2, 0.9]]), np.ones(2)
    >>> sites = SchoolSites(near, 0.0 * two, two, 10.0 * two, np.zeros(2, np.int64), two, two > 0.0, mix[0], 0.0)
    >>> trust_ties = TrustTies(np.zeros(0, np.int64), np.zeros(0), np.zeros(2, np.int64))
    >>> order, nobody = np.array([0]), np.zeros(0, np.int64)
    >>> admissions = Admissions(np.ones(1), nobody, np.zeros(0), np.zeros(2, np.int64), np.zeros((1, 2)), order, 0.5)
    >>> placed_in_turn(order, providers, sites, trust_ties, admissions, grain=0.5, scale=300.0)[1].tolist()
    [[0.0, 0.0, 0.0], [0.5, 0.0, 0.0]]
    """
    schools, channels = sites.need.size, providers.mix.shape[1]
    most = 0
    for row in order:
        most += min(max(round(providers.means[row] / grain), 1), schools)
    rows, amounts, spans = np.zeros(most, np.int64), np.zeros(most), np.zeros((providers.means.size, 2), np.int64)
    refused, mixes = np.zeros(providers.means.size), np.zeros((most, channels))
    year = Year(rows, rows.copy(), amounts, amounts.copy(), amounts.copy(), mixes, refused, spans)
    delivered, seen, used = np.zeros((schools, channels)), np.zeros((schools, channels + 1)), 0
    brought = providers.mix, sites.track, sites.bare
    touched = np.empty(schools, np.int64)
    for row in order:
        number = min(max(round(providers.means[row] / grain), 1), schools)
        count = _seen(row, trust_ties, year, brought, seen, touched) if providers.awareness[row] > 0.0 else 0
        aside = round(number * sites.aside * (providers.mix[row] * sites.bare).sum())
        score = _scored(row, providers, sites, seen, touched[:count], scale)
        best = _let_in(row, _chosen(score, number, min(aside, number), sites.track), providers, sites, admissions, year)
        spans[row, 0], spans[row, 1] = used, used + best.size
        means = providers.means[row] - admissions.lost * year.refused[row]
        _taken(row, best, providers, sites, (delivered, year), (means, scale))
        used += best.size
    return year, delivered, used


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
