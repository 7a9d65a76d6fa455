"""Read a user's school file: one row a school and year, the columns of the ministry's published data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from sim.declare import Mistake
from sim.rules.predicting import chance
from sim.world.drawing import DrawingParameters, share_logit
from sim.world.schools import HAREDI, NO_QUINTILE, NON_JEWISH, STATE, STATE_RELIGIOUS, STREAMS, UNKNOWN
from sim.world.sheet import Sheet, counted, listed, nearest

REQUIRED = ("school_id", "year", "sector", "supervision", "nurture_quintile", "maths_takers", "maths_5unit_takers")
"""Columns that a school file must have."""

PLACE = ("district", "locality_cluster", "authority", "periphery")
"""Columns that say where a school is; each may be missing or blank."""

UNUSED = ("class_size", "regular_students", "english_takers", "english_5unit_takers")
"""Columns of the published file that the model does not use; checked all the same."""

SECTORS = {"jewish": 0, "arab": 1, "bedouin": 1, "druze": 1, "circassian": 1, "non_jewish": 1}
"""Words for a school's sector; 1 where the school is in the stream of non-Jewish schools."""

SUPERVISIONS = {"state": STATE, "state_religious": STATE_RELIGIOUS, "haredi": HAREDI}
"""Words for a school's supervision, which tells the streams of Jewish schools apart."""

DISTRICTS = ("north", "haifa", "centre", "center", "tel_aviv", "jerusalem", "south", "judea_samaria")
"""Districts of the ministry of education."""

PERIPHERAL = ("north", "south", "jerusalem")
"""Districts that count as the periphery: the rule that reproduces `periphery_share` of the default table."""

MOST_TAKERS = 100_000
"""More maths takers than any school has: who counts so many has mistaken the column."""

CLUSTERS_OF_PERIPHERY = 5
"""Highest socio-economic cluster of a town in the periphery, for a file without districts."""

_NEVER_LUCKY = 1.0 - 1e-9


@dataclass(frozen=True)
class Authorities:
    """The local authorities of a run: how many there are, and their names where the user gave them."""

    number: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class SchoolRows:
    """The checked rows of a school file, of every year; shapes (rows,)."""

    file: str
    id: Any  # stable identity [id]
    year: Any  # [year]
    stream: Any  # [code]
    quintile: Any  # 1-5, 0 not published [code]
    periphery: Any  # [flag]
    authority: Any  # [code]
    takers: Any  # maths takers, 0 where none are published [students]
    five: Any  # at five units, 0 where fewer than the file counts [students]

    @property
    def years(self) -> list[int]:
        """Years of the file, in order."""
        return sorted({int(year) for year in self.year})

    def of(self, year: int) -> Any:
        """Rows of the schools with maths takers of a year [flag].

        Raises Mistake, with the years there are, for a year without any.
        """
        if year not in self.years:
            raise Mistake(f"{self.file}, column `year`: no row is of {year}; the file has {listed(self.years)}")
        kept = (self.year == year) & (self.takers > 0)
        if not kept.any():
            raise Mistake(f"{self.file}, column `maths_takers`: no school has maths takers in {year}")
        return kept


def schools_of(rows: SchoolRows, year: int, counted_from: int, drawing: DrawingParameters) -> dict[str, Any]:
    """The schools of one year as columns of a population; arrays of shape (schools,).

    A school has a track where the file counts a group at five units. Without one, its share is what schools of its
    stream and quintile had: the share that a track would begin with.

    Raises:
        Mistake: the file has no such year, or no school with maths takers in it
    """
    kept = rows.of(year)
    stream, quintile, takers, five = rows.stream[kept], rows.quintile[kept], rows.takers[kept], rows.five[kept]
    track = five >= counted_from
    return {
        "id": rows.id[kept],
        "stream": stream,
        "quintile": quintile,
        "periphery": rows.periphery[kept],
        "authority": rows.authority[kept],
        "takers": takers,
        "track": track,
        "share": np.where(track, five / takers, chance(share_logit(stream, quintile, drawing))),
        "luck": np.where(track, 0.0, _NEVER_LUCKY),
        "track_chance": track.astype(float),
    }


def school_rows(sheet: Sheet, authorities: Authorities) -> SchoolRows:
    """Every row of a school file, checked. Raises Mistake for the first cell that cannot be used."""
    sheet.require(REQUIRED)
    if not len(sheet):
        raise Mistake(f"{sheet.file} has no schools: there is no row under the columns")
    words = sheet.words("school_id")
    year = np.nan_to_num(sheet.numbers("year", 1900, 2200, whole=True)).astype(np.int64)
    identity = identities(words)
    sheet.once(list(zip(identity, year, strict=True)), "school_id", lambda row: f"school {words[row]} of {year[row]}")
    quintile = sheet.numbers("nurture_quintile", 1, 5, empty=True, whole=True)
    takers, five = _examined(sheet)
    for column in UNUSED:
        sheet.numbers(column, 0, empty=True)
    rows = SchoolRows(
        file=sheet.file,
        id=identity,
        year=year,
        stream=_streams(sheet),
        quintile=np.where(np.isnan(quintile), NO_QUINTILE, quintile).astype(np.int64),
        periphery=_periphery(sheet),
        authority=_authorities(sheet, authorities),
        takers=takers,
        five=five,
    )
    sheet.settle()
    return rows


def described_schools(rows: SchoolRows, counted_from: int, year: int | None = None) -> list[str]:
    """What a school file holds, by year, in lines of text. Raises Mistake for a year that it does not have."""
    years = f"year{'s' * (len(rows.years) > 1)} {listed(rows.years)}"
    lines = [f"{rows.file}: a school file of {counted(len(rows.id), 'row')}, {years}"]
    for each in rows.years if year is None else [year]:
        kept = rows.of(each)
        left, takers, five = int((rows.year == each).sum() - kept.sum()), rows.takers[kept].sum(), rows.five[kept]
        streams = np.bincount(rows.stream[kept], minlength=len(STREAMS))
        without = f"; {counted(left, 'row')} without maths takers left out" if left else ""
        lines += [
            f"{each}: {counted(int(kept.sum()), 'school')}, {takers:,.0f} maths takers, {five.sum():,.0f} at five units "
            f"({five.sum() / takers:.1%}), {counted(int((five >= counted_from).sum()), 'track')}{without}",
            "  streams: " + listed([f"{name} {n:,}" for name, n in zip(STREAMS, streams, strict=True) if n]),
            f"  in the periphery: {rows.periphery[kept].sum():,}; "
            f"quintile not published: {(rows.quintile[kept] == NO_QUINTILE).sum():,}",
        ]
    return lines


def identities(words: Sequence[str]) -> Any:
    """Stable whole numbers for the names of schools: their own if all are such, else a 48-bit digest; shape (n,)."""
    if all(word.isdecimal() and len(word) <= 15 for word in words):
        return np.array([int(word) for word in words], dtype=np.int64)
    return np.array([_digest(word) for word in words], dtype=np.int64)


def _digest(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=6).digest(), "big")


def _examined(sheet: Sheet) -> tuple[Any, Any]:
    columns = ("maths_takers", "maths_5unit_takers")
    takers, five = (sheet.numbers(column, 0, MOST_TAKERS, empty=True, whole=True) for column in columns)
    # The published file leaves both blank for a school with too few takers; one of the two alone is an oversight.
    alone = (sheet.words("maths_takers", empty=True) == "") & ~np.isnan(five)
    sheet.refuse(alone, "maths_takers", lambda row: f"the cell is empty, but {five[row]:g} took five units")
    sheet.refuse(five > takers, "maths_5unit_takers", lambda row: f"{five[row]:g} are more than {takers[row]:g} takers")
    return np.nan_to_num(takers), np.nan_to_num(five)


def _streams(sheet: Sheet) -> Any:
    sector, supervision = sheet.codes("sector", SECTORS, -1), sheet.codes("supervision", SUPERVISIONS, UNKNOWN)
    return np.where(sector < 0, UNKNOWN, np.where(sector == SECTORS["arab"], NON_JEWISH, supervision))


def _periphery(sheet: Sheet) -> Any:
    cluster = sheet.numbers("locality_cluster", 1, 10, empty=True)
    own, blank = sheet.flags("periphery", empty=False), sheet.words("periphery", empty=True) == ""
    if not blank.any():
        return own
    if "district" not in sheet.cells:
        return np.where(blank, cluster <= CLUSTERS_OF_PERIPHERY, own)
    codes = {name: int(name in PERIPHERAL) for name in DISTRICTS}
    return np.where(blank, sheet.codes("district", codes, 0) == 1, own)


def _authorities(sheet: Sheet, authorities: Authorities) -> Any:
    number, names = max(authorities.number, 1), list(authorities.names)
    own, where = sheet.words("authority", empty=True), _places(sheet)
    known = {name: code for code, name in enumerate(names)}
    strange = np.array([bool(names and word) and word not in known for word in own], dtype=bool)
    sheet.refuse(
        strange,
        "authority",
        lambda row: f"{own[row]!r} is no local authority of the organisation file{nearest(own[row], names)}",
    )
    # Without names, places are dealt to authorities by arithmetic: the same place always has the same authority.
    codes = [known.get(word, _dealt(word or place, number)) for word, place in zip(own, where, strict=True)]
    return np.array(codes, dtype=np.int64)


def _dealt(place: str, number: int) -> int:
    return (int(place) if place.isdecimal() else _digest(place)) % number


def _places(sheet: Sheet) -> list[str]:
    district, cluster = sheet.words("district", empty=True), sheet.words("locality_cluster", empty=True)
    named = [f"{d}|{c}" for d, c in zip(district, cluster, strict=True)]
    return [place if place != "|" else word for place, word in zip(named, sheet.words("school_id"), strict=True)]
