"""Where programmes go: need, convenience, and what providers know of each other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.jit import elementwise, segment, step_of
from sim.rules.admitting import Doors, admitting
from sim.rules.arrays import Flags, Floats, Ints


def ranked(values: Floats) -> Floats:
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
    """Return a provider knows what others do where data are shared and where it trusts them.

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
    """Those who place programmes, by row; shapes (organisations,), mix (organisations, channels)."""

    means: Floats  # what each can deliver [NIS million]
    inclination: Floats  # weight of need against convenience [share]
    heed: Floats  # how much it knows of others and heeds it [share]
    territory: Floats  # the authority whose schools it serves, -1 anywhere [code]
    mix: Floats  # channels, summing to one [share]


class Ground(NamedTuple):
    """The schools they may go to; shapes (schools,), near (organisations, schools)."""

    near: Floats  # what nearness adds to convenience [share]
    easy: Floats  # what size and strength add to it [share]
    need: Floats  # ranked 0-1 [share]
    pupils: Floats  # eligible [pupils]
    authority: Ints  # owner [code]
    room: Floats  # what it can still take this year [NIS million]
    track: Flags  # has a track [flag]
    bare: Floats  # channels of whatever is done where there is no track, summing to one [share], shape (channels,)
    aside: float  # of its schools, part without a track over the part of those channels in its programmes [ratio]


class Circle(NamedTuple):
    """Whom each trusts: ties sorted by source; shapes (ties,), offsets (organisations + 1,)."""

    target: Ints  # row [row]
    trust: Floats  # [share]
    offsets: Ints  # where each source's ties begin [position]


class Year(NamedTuple):
    """A year's placements, one row a provider and school; shapes (placements,), spans (organisations, 2)."""

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
    row: int, circle: Circle, year: Year, brought: tuple[Floats, Flags, Floats], seen: Floats, touched: Ints
) -> int:
    # Here and below columns are named before the loops: in compiled code to reach into a bundle costs more than to add.
    target, trust, schools, taken, spans = circle.target, circle.trust, year.school, year.taken, year.spans
    (mixes, track, bare), count = brought, 0
    channels = bare.size
    for tie in range(circle.offsets[row], circle.offsets[row + 1]):
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
def _scored(row: int, providers: Providers, ground: Ground, seen: Floats, touched: Ints, scale: float) -> Floats:
    wish, heed, mix, home = (
        providers.inclination[row],
        providers.heed[row],
        providers.mix[row],
        providers.territory[row],
    )
    pupils, authority, track, bare = ground.pupils, ground.authority, ground.track, ground.bare
    score = (1.0 - wish) * (ground.near[row] + ground.easy) + wish * ground.need
    for school in touched:
        brought = mix if track[school] else bare
        score[school] -= heed * _overlap(seen[school], brought, pupils[school], scale)
        seen[school] = 0.0
    if home >= 0:
        for school in range(score.size):
            if authority[school] != home:
                score[school] = -np.inf
    return score


@step_of
def _best(score: Floats, number: int) -> Ints:
    found, worst, best, scores = 0, -np.inf, np.empty(number, np.int64), np.full(number, -np.inf)
    for school in range(score.size):
        if score[school] <= worst:
            continue
        found = min(found + 1, number)
        place = found - 1
        while place > 0 and scores[place - 1] < score[school]:
            scores[place], best[place] = scores[place - 1], best[place - 1]
            place -= 1
        scores[place], best[place] = score[school], school
        worst = scores[number - 1]
    return best[:found]


@step_of
def _chosen(score: Floats, number: int, aside: int, track: Flags) -> Ints:
    first = np.empty(0, np.int64)
    if aside > 0:
        first = _best(np.where(track, -np.inf, score), aside)
    for school in first:
        score[school] = -np.inf
    return np.concatenate((first, _best(score, number - first.size))) if first.size < number else first


@step_of
def _let_in(row: int, chosen: Ints, providers: Providers, ground: Ground, doors: Doors, year: Year) -> Ints:
    if providers.territory[row] >= 0 or doors.usual.size == 0:
        return chosen
    inside, asked, open_to_it = admitting(row, chosen, ground.authority, doors), 0.0, 0.0
    for school in chosen:
        asked += ground.pupils[school]
    for school in inside:
        open_to_it += ground.pupils[school]
    year.refused[row] = providers.means[row] * (1.0 - open_to_it / max(asked, 1e-9))
    return inside


@step_of
def _completing(mix: Floats, heed: float, there: Floats, half: float, out: Floats) -> None:
    total = 0.0
    for channel in range(mix.size):
        out[channel] = mix[channel] * (1.0 - heed * there[channel] / (there[channel] + half))
        total += out[channel]
    for channel in range(mix.size):
        out[channel] = out[channel] / total if total > 0.0 else mix[channel]


@step_of
def _taken(
    row: int,
    chosen: Ints,
    providers: Providers,
    ground: Ground,
    books: tuple[Floats, Year],
    at_hand: tuple[float, float],
) -> None:
    (there, year), own, heed = books, providers.mix[row], providers.heed[row]
    pupils, room, track, (means, scale) = ground.pupils, ground.room, ground.track, at_hand
    offered, taken, repeated, total, at = year.offered, year.taken, year.repeated, 0.0, year.spans[row, 0]
    for school in chosen:
        total += pupils[school]
    year.provider[at : at + chosen.size], year.school[at : at + chosen.size] = row, chosen
    for school in chosen:
        offered[at] = means * pupils[school] / max(total, 1e-9)
        taken[at] = min(offered[at], max(room[school], 0.0))
        room[school] -= taken[at]
        mix = year.mix[at]
        mix[:] = ground.bare
        if track[school]:
            _completing(own, heed, there[school], scale * max(pupils[school], 1.0) / 1e6, mix)
        for channel in range(mix.size):
            amount = taken[at] * mix[channel]
            repeated[at] += min(there[school, channel], amount)
            there[school, channel] += amount
        at += 1


@segment
def placed_in_turn(
    order: Ints, providers: Providers, ground: Ground, circle: Circle, doors: Doors, *, grain: float, scale: float
) -> tuple[Year, Floats, int]:
    """Providers choose schools one after another: convenience, need, and, as far as they know, where others are not.

    The owner of a school lets a provider in or refuses. Part of what is refused is lost; the rest goes to the schools that
    are open to it. Where others already work a provider does less of what they do, as far as it knows of them.

    Args:
        order: rows of the providers in the order of this year [row], shape (providers,)
        providers: who they are, a Providers
        ground: where they may go, a Ground; its room is used up
        circle: whom they trust, a Circle: what is not trusted is not seen
        doors: whom owners let in, Doors; without any owner every school is open
        grain: size of a programme, which says in how many schools the means are spent [NIS million]
        scale: amount a pupil at which another's programme counts as there by half [NIS/pupil]

    Returns: the year's placements, and what each school has by channel [NIS million], shape (schools, channels).
    Holds for: score = (1 - w) convenience + w need - heed x overlap; means shared by pupils; what is kept for
        schools without a track goes first; an owner serves its own schools without asking.
    Source: kania_kramer_2011

    >>> one, mix = np.zeros(1), np.array([[1.0, 0.0, 0.0]])
    >>> providers = Providers(one + 0.5, one, one, one - 1.0, mix)
    >>> near, two = np.array([[0.2, 0.9]]), np.ones(2)
    >>> ground = Ground(near, 0.0 * two, two, 10.0 * two, np.zeros(2, np.int64), two, two > 0.0, mix[0], 0.0)
    >>> circle = Circle(np.zeros(0, np.int64), np.zeros(0), np.zeros(2, np.int64))
    >>> order, nobody = np.array([0]), np.zeros(0, np.int64)
    >>> doors = Doors(np.ones(1), nobody, np.zeros(0), np.zeros(2, np.int64), np.zeros((1, 2)), order, 0.5)
    >>> placed_in_turn(order, providers, ground, circle, doors, grain=0.5, scale=300.0)[1].tolist()
    [[0.0, 0.0, 0.0], [0.5, 0.0, 0.0]]
    """
    schools, channels = ground.need.size, providers.mix.shape[1]
    most = 0
    for row in order:
        most += min(max(round(providers.means[row] / grain), 1), schools)
    rows, amounts, spans = np.zeros(most, np.int64), np.zeros(most), np.zeros((providers.means.size, 2), np.int64)
    refused, mixes = np.zeros(providers.means.size), np.zeros((most, channels))
    year = Year(rows, rows.copy(), amounts, amounts.copy(), amounts.copy(), mixes, refused, spans)
    there, seen, used = np.zeros((schools, channels)), np.zeros((schools, channels + 1)), 0
    brought = providers.mix, ground.track, ground.bare
    touched = np.empty(schools, np.int64)
    for row in order:
        number = min(max(round(providers.means[row] / grain), 1), schools)
        count = _seen(row, circle, year, brought, seen, touched) if providers.heed[row] > 0.0 else 0
        aside = round(number * ground.aside * (providers.mix[row] * ground.bare).sum())
        score = _scored(row, providers, ground, seen, touched[:count], scale)
        best = _let_in(row, _chosen(score, number, min(aside, number), ground.track), providers, ground, doors, year)
        spans[row, 0], spans[row, 1] = used, used + best.size
        means = providers.means[row] - doors.lost * year.refused[row]
        _taken(row, best, providers, ground, (there, year), (means, scale))
        used += best.size
    return year, there, used


@elementwise
def absorbed(offered: float, room: float) -> float:
    """Return a school takes in what it has room for; the rest stays unspent.

    Args:
        offered: brought to the school [NIS million]
        room: what it can still take this year [NIS million]

    Holds for: non-negative amounts.
    Source: comptroller_2014

    >>> float(absorbed(3.0, 2.0))
    2.0
    """
    return min(offered, max(room, 0.0))
