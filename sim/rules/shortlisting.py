"""The best schools for a provider, found without a look at every school.

Schools lie in cells of like convenience and like need. A provider goes from cell to cell, the most promising first, and stops
where no cell left can hold a school that beats those on its shortlist: the result is that of a comparison of all schools.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.jit import elementwise, step_of
from sim.rules.arrays import Flags, Floats, Ints
from sim.rules.placing import Providers, SchoolSites


class Cells(NamedTuple):
    """Schools in cells, so that a provider looks at those only that may be among its best; shapes (cells,)."""

    schools: Ints  # cell by cell, in the order of rows within a cell [row], shape (schools,)
    starts: Ints  # where each cell begins [position], shape (cells + 1,)
    easy: Floats  # the most that size and strength add to convenience in the cell [share]
    need: Floats  # the greatest need in the cell [share]


class View(NamedTuple):
    """Schools as the provider whose turn it is sees them."""

    seen: Floats  # what its partners placed by channel [NIS million], last a flag that any did, shape (schools, channels + 1)
    chosen: Flags  # schools that it has chosen already [flag], shape (schools,)
    scale: float  # amount a pupil at which another's programme counts by half [NIS/pupil]


@elementwise
def score_of_site(near: float, easy: float, need: float, *, inclination: float) -> float:
    """Return the score of a school for a provider that knows of no other: convenience against need.

    Args:
        near: what nearness adds to convenience [share]
        easy: what size and strength add to it [share]
        need: of the school, ranked 0-1 [share]
        inclination: weight of need against convenience [share]

    Holds for: all in 0-1; never falls when one of the first three rises.
    Source: assumed: a weighted mean of two aims

    >>> float(score_of_site(0.25, 0.25, 1.0, inclination=0.5))
    0.75
    """
    return (1.0 - inclination) * (near + easy) + inclination * need


_score_of_site = step_of(score_of_site)


@step_of
def sites_in_cells(cell: Ints, number: int, sites: SchoolSites) -> Cells:
    """Return schools sorted by the number of their cell, with the bounds of each cell.

    Args:
        cell: of each school, below the number of cells [code], shape (schools,)
        number: of cells
        sites: where programmes may go, SchoolSites
    """
    starts, schools = np.zeros(number + 1, np.int64), np.empty(cell.size, np.uint32)
    easy, need = np.full(number, -np.inf), np.full(number, -np.inf)
    for school in range(cell.size):
        starts[cell[school] + 1] += 1
    starts = np.cumsum(starts)
    places = starts.copy()
    for school in range(cell.size):
        at = cell[school]
        schools[places[at]], places[at] = school, places[at] + 1
        easy[at], need[at] = max(easy[at], sites.easy[school]), max(need[at], sites.need[school])
    return Cells(schools, starts.astype(np.uint32), easy, need)


@step_of
def sites_by_owner(sites: SchoolSites) -> Cells:
    """Return schools in a cell for each owner.

    Args:
        sites: where programmes may go, SchoolSites
    """
    owners = sites.authority.max() + 1 if sites.authority.size > 0 else 0
    return sites_in_cells(sites.authority, owners, sites)


@step_of
def sites_by_merit(sites: SchoolSites) -> Cells:
    """Return schools in cells of like convenience and like need, some sixty to a cell and at most a thousand cells.

    Args:
        sites: where programmes may go, SchoolSites
    """
    schools, cell = sites.need.size, np.zeros(sites.need.size, np.int64)
    sides = min(max(int(math.sqrt(schools / 64.0)), 1), 32)
    for merit in (sites.easy, sites.need):
        low = merit.min() if schools > 0 else 0.0
        width = merit.max() - low if schools > 0 else 0.0
        for school in range(schools):
            part = (merit[school] - low) / width if width > 0.0 else 0.0
            cell[school] = cell[school] * sides + min(int(part * sides), sides - 1)
    return sites_in_cells(cell, sides * sides, sites)


@step_of
def most_in_cells(row: int, providers: Providers, nearness: float, cells: Cells) -> Floats:
    """Return a score that no school of a cell exceeds for a provider; shape (cells,) [share].

    It is exact: the score rises with each of its terms, in floating-point numbers too, and what a provider knows of others
    only lowers it.

    Args:
        row: of the provider [row]
        providers: who they are, Providers
        nearness: the most that nearness can add to convenience [share]
        cells: of schools, Cells
    """
    starts, easy, need, wish = cells.starts, cells.easy, cells.need, providers.inclination[row]
    out = np.zeros(easy.size)  # of an empty cell any number will do
    for cell in range(out.size):
        if starts[cell + 1] > starts[cell]:
            out[cell] = _score_of_site(nearness, easy[cell], need[cell], wish)
    return out


@step_of
def overlap(seen: Floats, school: int, mix: Floats, pupils: float, scale: float) -> float:
    """Return how far a provider would repeat at a school what it knows that others do there [share].

    Args:
        seen: placed by school and channel [NIS million], shape (schools, channels + 1)
        school: row of the school [row]
        mix: channels of the provider there [share], shape (channels,)
        pupils: eligible [pupils]
        scale: amount a pupil at which another's programme counts by half [NIS/pupil]
    """
    total, half = 0.0, scale * max(pupils, 1.0) / 1e6
    for channel in range(mix.size):
        if seen[school, channel] > 0.0:
            total += mix[channel] * seen[school, channel] / (seen[school, channel] + half)
    return total
