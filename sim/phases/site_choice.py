"""Choice of schools by providers, one after another; what is drawn for a provider and a school is drawn when it is needed.

No table of organisations x schools is made: memory grows with organisations and with schools, not with their product.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.draws import luck_of_pair, luck_of_table
from sim.jit import segment, step_of
from sim.rules import admitting, shortlisting
from sim.rules.admitting import Admissions
from sim.rules.agreeing import in_order
from sim.rules.arrays import Floats, Ints
from sim.rules.placing import Providers, SchoolSites, TrustTies, Year, seen_of_partners, taken_in
from sim.rules.shortlisting import most_in_cells, sites_by_merit, sites_by_owner

_admitted, _score_of_site = step_of(admitting.admitted), step_of(shortlisting.score_of_site)
_overlap = shortlisting.overlap


class PlacingDraws(NamedTuple):
    """Keys and identities from which nearness and admission are drawn."""

    nearness: np.uint64  # key of what is drawn once for a provider and a school
    admission: np.uint64  # key of this month
    provider: Ints  # identity of each organisation [id], shape (organisations,)
    school: Ints  # identity of each school [id], shape (schools,)
    welcome: int  # provider that every school admits, -1 nobody [row]


class Places(NamedTuple):
    """Schools in which programmes may be placed, in cells of like merit and by owner."""

    sites: SchoolSites
    by_merit: shortlisting.Cells
    by_owner: shortlisting.Cells


@step_of
def luck_at(key: np.uint64, row: int, schools: Ints, draws: PlacingDraws) -> Floats:
    """Return the draw of a provider at each of some schools; shape (schools,) [share].

    Args:
        key: of the stream and month
        row: of the provider [row]
        schools: in question [row], shape (schools,)
        draws: keys and identities
    """
    return luck_of_table(key, draws.provider[row : row + 1], draws.school[schools])[0]


@step_of
def cells_in_order(row: int, who: Providers, places: Places) -> tuple[shortlisting.Cells, Ints, Floats]:
    """Return the cells that a provider looks at, their order, the most promising first, and the most of each.

    Args:
        row: of the provider [row]
        who: providers
        places: where programmes may go
    """
    home, owned = who.territory[row], places.by_owner
    if home < 0:
        most = most_in_cells(row, who, places.sites.nearness, places.by_merit)
        return places.by_merit, in_order(-most), most
    has_schools = home == int(home) and home < owned.easy.size
    return owned, np.full(1 if has_schools else 0, int(home)), np.full(owned.easy.size, np.inf)


@step_of
def best_sites(
    row: int,
    number: int,
    only_bare: bool,
    market: tuple[Providers, Places],
    view: shortlisting.View,
    draws: PlacingDraws,
) -> Ints:
    """Return the schools of highest score for a provider, the best first; an owner looks at its own only [row].

    Of equal scores the first row leads. Nearness is drawn for schools that may be among the best.

    Args:
        row: of the provider [row]
        number: of schools that its means are for
        only_bare: whether only schools without a track count
        market: providers, and where programmes may go
        view: schools as the provider sees them
        draws: keys and identities
    """
    (who, places), best, scores, count = market, np.empty(number, np.int64), np.empty(number), 0
    if number == 0:
        return best
    # Columns are named before the loops, and no step takes an array in them: both cost more than a draw.
    sites, (cells, order, most), identity = places.sites, cells_in_order(row, who, places), draws.provider[row]
    wish, aware, mix, last = who.inclination[row], who.awareness[row], who.mix[row], number - 1
    nearness, easy, need, track, bare = sites.nearness, sites.easy, sites.need, sites.track, sites.bare
    schools, starts, chosen, seen, channels = cells.schools, cells.starts, view.chosen, view.seen, sites.bare.size
    identities, pupils, key, scale = draws.school, sites.pupils, draws.nearness, view.scale
    for cell in order:
        if count == number and most[cell] < scores[last]:
            break
        for at in range(starts[cell], starts[cell + 1]):
            school = schools[at]
            if chosen[school] or (only_bare and track[school]):
                continue
            if count == number and _score_of_site(nearness, easy[school], need[school], wish) < scores[last]:
                continue
            near = nearness * luck_of_pair(key, identity, identities[school])
            score = _score_of_site(near, easy[school], need[school], wish)
            if seen[school, channels] > 0.0:
                score -= aware * _overlap(seen, school, mix if track[school] else bare, pupils[school], scale)
            place = count
            if count == number:
                place = last
                if scores[place] > score or (scores[place] == score and best[place] < school):
                    continue
            while place > 0 and (
                scores[place - 1] < score or (scores[place - 1] == score and best[place - 1] > school)
            ):
                scores[place], best[place] = scores[place - 1], best[place - 1]
                place -= 1
            scores[place], best[place] = score, school
            count = min(count + 1, number)
    return best[:count]


@step_of
def chosen_sites(
    row: int, number: int, market: tuple[Providers, Places], view: shortlisting.View, draws: PlacingDraws
) -> Ints:
    """Return the schools that a provider chooses: first the best without a track, as its part in access asks, then the best.

    Args:
        row: of the provider [row]
        number: of schools that its means are for
        market: providers, and where programmes may go
        view: schools as the provider sees them
        draws: keys and identities
    """
    (who, places), chosen = market, view.chosen
    aside = round(number * places.sites.aside * (who.mix[row] * places.sites.bare).sum())
    out, count = np.empty(number, np.int64), 0
    for only_bare in (True, False):
        for school in best_sites(
            row, min(aside, number) if only_bare else number - count, only_bare, market, view, draws
        ):
            out[count], chosen[school] = school, True
            count += 1
    for school in out[:count]:
        chosen[school] = False
    return out[:count]


@step_of
def let_in(
    row: int,
    chosen: Ints,
    market: tuple[Providers, Places],
    admissions: Admissions,
    draws: PlacingDraws,
    refused: Floats,
) -> Ints:
    """Return the schools, of those that a provider chose, that let it in, and enter the money that was refused [row].

    Args:
        row: of the provider [row]
        chosen: schools [row], shape (chosen,)
        market: providers, and where programmes may go
        admissions: whom owners let in
        draws: keys and identities
        refused: by provider, changed in place [NIS million], shape (organisations,)
    """
    (who, places), pupils_chosen, open_to_it = market, 0.0, 0.0
    if who.territory[row] >= 0 or admissions.usual.size == 0:
        return chosen
    inside, pupils = chosen, places.sites.pupils
    if row != draws.welcome:
        luck = luck_at(draws.admission, row, chosen, draws)
        inside = _admitted(row, chosen, luck, places.sites.authority, admissions)
    for school in chosen:
        pupils_chosen += pupils[school]
    for school in inside:
        open_to_it += pupils[school]
    refused[row] = who.means[row] * (1.0 - open_to_it / max(pupils_chosen, 1e-9))
    return inside


@step_of
def empty_year(number: int, organisations: int, channels: int) -> Year:
    """Return a year with room for a number of placements.

    Args:
        number: of placements
        organisations: how many there are
        channels: of programmes
    """
    rows, amounts, spans = np.zeros(number, np.int64), np.zeros(number), np.zeros((organisations, 2), np.int64)
    refused, mixes = np.zeros(organisations), np.zeros((number, channels))
    return Year(rows, rows.copy(), amounts, amounts.copy(), amounts.copy(), mixes, refused, spans)


@segment
def placed_in_turn(
    order: Ints,
    who: Providers,
    sites: SchoolSites,
    trust_ties: TrustTies,
    admission: tuple[Admissions, PlacingDraws],
    sizes: tuple[float, float],
) -> tuple[Year, Floats, int]:
    """Place programmes, one provider after another: by convenience, by need, and away from programmes that it knows of.

    The owner of a school lets a provider in or refuses. Part of the refused money is lost; the rest goes to schools that
    let the provider in. Where others already work, a provider does less of what they do, as far as it knows of them. Means
    are shared by pupils. A provider looks at the schools that may be among its best, so the time grows more slowly than
    providers x schools.

    Args:
        order: rows of the providers in the order of this year [row], shape (providers,)
        who: providers, by row of organisations
        sites: where they may go; their capacity is used up
        trust_ties: whom they trust: what is not trusted is not seen
        admission: whom owners let in (without any owner every school is open), keys and identities
        sizes: cost of a programme in a school, which says in how many schools the means are spent [NIS million], and the
            amount a pupil at which another's programme counts by half [NIS/pupil]

    Returns:
        the year's placements, what each school has by channel [NIS million], shape (schools, channels), and the number of
        placements
    """
    (grain, scale), (admissions, draws), schools, channels = sizes, admission, sites.need.size, who.mix.shape[1]
    places = Places(sites, sites_by_merit(sites), sites_by_owner(sites))
    market, numbers = (who, places), np.zeros(order.size, np.int64)
    for turn in range(order.size):
        numbers[turn] = min(max(round(who.means[order[turn]] / grain), 1), schools)
    year = empty_year(numbers.sum(), who.means.size, channels)
    view = shortlisting.View(np.zeros((schools, channels + 1)), np.zeros(schools, np.bool_), scale)
    delivered, used, touched = np.zeros((schools, channels)), 0, np.empty(schools, np.int64)
    for turn in range(order.size):
        row, count = order[turn], 0
        if who.awareness[row] > 0.0:
            count = seen_of_partners(row, trust_ties, year, (who.mix, sites.track, sites.bare), view.seen, touched)
        chosen = chosen_sites(row, numbers[turn], market, view, draws)
        for school in touched[:count]:
            view.seen[school] = 0.0
        best = let_in(row, chosen, market, admissions, draws, year.refused)
        year.spans[row, 0], year.spans[row, 1] = used, used + best.size
        means = who.means[row] - admissions.lost * year.refused[row]
        taken_in(row, best, who, sites, (delivered, year), (means, scale))
        used += best.size
    return year, delivered, used
