"""Draw the schools of 2013 from the published table of cells: sizes, tracks and shares at five units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from sim.declare import parameter
from sim.draws import Luck, Stream
from sim.rules.logit import chance
from sim.world.facts import cells, places, places_of_cells
from sim.world.schools import HAREDI, NO_QUINTILE, NON_JEWISH, STATE_RELIGIOUS, STREAMS, level_of_cluster
from sim.world.setting import of_the_country
from sim.world.table import Table

_KNOTS = np.array([0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0])
_QUANTILES = ("takers_p5", "takers_p25", "takers_p50", "takers_p75", "takers_p95", "takers_max")


def _fitted_on_school_file(default: float, unit: str, about: str, low: float = -10.0, high: float = 10.0) -> Any:
    return parameter(default, unit=unit, about=about, low=low, high=high, source="school_file", evidence="estimated")


@dataclass(frozen=True)
class DrawingParameters:
    """Tracks and shares of drawn schools: own fit on the school file of 2013."""

    track: float = _fitted_on_school_file(
        -11.84, "logit", "a track with one taker in the middle quintile, before the table's number is met", -50, 50
    )
    track_by_size: float = _fitted_on_school_file(2.95, "logit/log students", "how size decides on a track")
    track_by_quintile: float = _fitted_on_school_file(-0.53, "logit/quintile", "a track, towards the weak quintiles")
    track_non_jewish: float = _fitted_on_school_file(0.45, "logit", "a track in non-Jewish schools")
    track_haredi: float = _fitted_on_school_file(-2.12, "logit", "a track in Haredi schools")
    track_religious: float = _fitted_on_school_file(0.36, "logit", "a track in state-religious schools")
    share: float = _fitted_on_school_file(-2.006, "logit", "share at five units with a track, middle quintile")
    share_by_quintile: float = _fitted_on_school_file(
        -0.251, "logit/quintile", "share at five units, towards the weak quintiles"
    )
    share_non_jewish: float = _fitted_on_school_file(0.265, "logit", "share at five units in non-Jewish schools")
    share_religious: float = _fitted_on_school_file(0.110, "logit", "share at five units in state-religious schools")
    share_spread: float = _fitted_on_school_file(
        0.58, "logit", "spread of shares among schools of one kind, by the quantiles 7.0, 13.2, 25.0% of 2013", 0, 5
    )


_NO_TRACK = 1.0 - 1e-9


@dataclass(frozen=True)
class Population(Table):
    """Schools of the reference year; shapes (schools,)."""

    id: Any  # stable identity [id]
    stream: Any  # [code]
    quintile: Any  # 1-5, 0 not published [code]
    periphery: Any  # [flag]
    authority: Any  # [code]
    locality: Any  # socio-economic level of its town, not a number where unknown [level]
    takers: Any  # maths takers [students]
    track: Any  # has a track [flag]
    share: Any  # share at five units if it has a track [share]
    luck: Any  # of its track, uniform [share]
    track_chance: Any  # of having a track: 0 or 1 where it is known [share]


def drawn_population(setting: Any, drawing: DrawingParameters, luck: Luck, authorities: int) -> Population:
    """Return schools drawn from a table of cells: sizes to each cell's total, shares and tracks to the table's.

    Args:
        setting: the section of that name
        drawing: the section of that name
        luck: random numbers of the run
        authorities: number of owners of schools
    """
    table, scale = cells(setting.population), setting.scale
    count = (table["schools"] * scale).astype(np.int64)
    cell = np.repeat(np.arange(count.size), count)
    identity = np.arange(1, cell.size + 1)
    takers = _sizes(table, cell, luck(Stream.SIZE, 0, identity), scale)
    stream = np.array([STREAMS.index(s) for s in table["stream"]])[cell]
    quintile = np.array([NO_QUINTILE if q == "unknown" else int(q) for q in table["nurture_quintile"]])[cell]
    logit = track_logit(takers, stream, quintile, drawing)
    logit = logit + _shift(lambda x: chance(logit + x).sum(), table["schools_with_track"].sum() * scale)
    likely, fortune = chance(logit), luck(Stream.TRACK, 0, identity)
    share = share_logit(stream, quintile, drawing) + drawing.share_spread * ndtri(luck(Stream.SHARE, 0, identity))
    share = share + _shifts(share, likely * takers, quintile, table["five_unit_takers"] * scale, cell)
    place, periphery, cluster = _drawn_places(setting, table, cell, identity, luck)
    return Population(
        id=identity,
        stream=stream,
        quintile=quintile,
        periphery=periphery,
        authority=_owners(place, luck(Stream.AUTHORITY, 0, identity), authorities),
        locality=level_of_cluster(cluster),
        takers=takers,
        track=fortune < likely,
        share=chance(share),
        luck=fortune,
        track_chance=likely,
    )


def _drawn_places(setting: Any, table: dict[str, Any], cell: Any, identity: Any, luck: Luck) -> tuple[Any, Any, Any]:
    """Return number of the place, periphery and cluster of each school; shapes (schools,).

    Without a table of places, and for a cell that it does not have, only the share of the periphery is known.
    """
    fortune, everywhere = luck(Stream.PLACE, 0, identity), np.zeros(cell.size, dtype=np.int64)
    periphery = luck(Stream.PERIPHERY, 0, identity) < table["periphery_share"][cell]
    cluster = np.full(cell.size, np.nan)
    table_of_places = of_the_country(setting, "places")
    if not table_of_places:
        return everywhere, periphery, cluster
    places_table, place = places(table_of_places), everywhere
    numbers = places_table["district"] * 10 + places_table["locality_clusters"] + 1
    for code, (rows, upto) in places_of_cells(setting.population, table_of_places).items():
        of = np.flatnonzero(cell == code)
        row = rows[np.minimum(np.searchsorted(upto, fortune[of] * upto[-1], side="right"), rows.size - 1)]
        place[of], periphery[of], cluster[of] = (
            numbers[row],
            places_table["periphery"][row],
            places_table["cluster"][row],
        )
    return place, periphery, cluster


def _owners(place: Any, luck: Any, authorities: int) -> Any:
    """Return the authority of each school, as many schools to each, those of a place together; shape (schools,) [code]."""
    order = np.lexsort((luck, place))
    rank = np.empty(order.size, dtype=np.int64)
    rank[order] = np.arange(order.size)
    return rank * max(authorities, 1) // max(order.size, 1)


def _sizes(table: dict[str, Any], cell: Any, luck: Any, scale: int) -> Any:
    values = np.stack([np.full(cell.max() + 1, 5.0)] + [table[q] for q in _QUANTILES], axis=1)
    values[:, 0] = np.minimum(values[:, 0], values[:, 1])
    upper = np.clip(np.searchsorted(_KNOTS, luck), 1, len(_KNOTS) - 1)
    within = (luck - _KNOTS[upper - 1]) / (_KNOTS[upper] - _KNOTS[upper - 1])
    size = values[cell, upper - 1] + within * (values[cell, upper] - values[cell, upper - 1])
    total = np.bincount(cell, weights=size)
    return size * (table["takers_total"] * scale / total)[cell]


def track_logit(takers: Any, stream: Any, quintile: Any, p: DrawingParameters) -> Any:
    """Return the logit of a track in 2013 for schools of such size, stream and quintile; shape (schools,) [logit].

    Args:
        takers: maths takers [students], shape (schools,)
        stream: of each school [code], shape (schools,)
        quintile: 1 strongest to 5 weakest, 0 not published [code], shape (schools,)
        p: the section drawing
    """
    level = np.where(quintile == NO_QUINTILE, 0, quintile - 3)
    of_stream = p.track_non_jewish * (stream == NON_JEWISH) + p.track_haredi * (stream == HAREDI)
    of_stream = of_stream + p.track_religious * (stream == STATE_RELIGIOUS)
    return p.track + p.track_by_size * np.log(takers) + p.track_by_quintile * level + of_stream


def fitted_track_chance(
    takers: Any, stream: Any, quintile: Any, track: Any, observed: Any, p: DrawingParameters
) -> Any:
    """Return the chance that schools have a track, fitted to the number of tracks among observed schools.

    Args:
        takers: shape (schools,) [students]
        stream: shape (schools,) [code]
        quintile: shape (schools,) [code]
        track: whether there is one, where that is known; shape (schools,) [flag]
        observed: whether that is known; shape (schools,) [flag]
        p: the section of that name
    """
    logit = track_logit(np.maximum(takers, 1.0), stream, quintile, p)
    shift = _shift(lambda x: chance(logit[observed] + x).sum(), float(track[observed].sum())) if observed.any() else 0.0
    return chance(logit + shift)


def with_unknown_drawn(population: Population, luck: Luck) -> Population:
    """Return the schools with tracks drawn where a user's file does not say.

    Once drawn, a school is as one whose count is published: it had a track from the first year on, or never.

    Args:
        population: schools of the user's file
        luck: random numbers of the run
    """
    unknown = np.isnan(population.luck)
    if not unknown.any():
        return population
    drawn = luck(Stream.TRACK, 0, population.id) < population.track_chance
    track = np.where(unknown, drawn, population.track)
    return replace(population, luck=np.where(unknown, luck_of(track), population.luck), track=track)


def luck_of(track: Any) -> Any:
    """Return the draw of schools whose track is observed, so that they had it from the first year, or never; shape of track.

    Args:
        track: whether a school has one [flag]
    """
    return np.where(track, 0.0, _NO_TRACK)


def share_logit(stream: Any, quintile: Any, p: DrawingParameters) -> Any:
    """Return the logit of the share at five units of such schools with a track in 2013; shape (schools,) [logit].

    Args:
        stream: of each school [code], shape (schools,)
        quintile: 1 strongest to 5 weakest, 0 not published [code], shape (schools,)
        p: the section drawing
    """
    level = np.where(quintile == NO_QUINTILE, 0, quintile - 3)
    middle = p.share + p.share_by_quintile * level
    return middle + p.share_non_jewish * (stream == NON_JEWISH) + p.share_religious * (stream == STATE_RELIGIOUS)


def _shifts(share: Any, weight: Any, quintile: Any, five: Any, cell: Any) -> Any:
    """Return the shift that brings takers at five units of each quintile to the table's; shape (schools,) [logit]."""
    shifts = np.zeros(len(share))
    for code in np.unique(quintile):
        of = quintile == code
        total, among, logit = five[np.unique(cell[of])].sum(), weight[of], share[of]
        shifts[of] = _shift(lambda x, among=among, logit=logit: (among * chance(logit + x)).sum(), total)
    return shifts


def _shift(total: Any, wanted: float) -> float:
    low, high = -4.0, 4.0
    for _ in range(20):
        middle = (low + high) / 2.0
        low, high = (middle, high) if total(middle) < wanted else (low, middle)
    return (low + high) / 2.0
