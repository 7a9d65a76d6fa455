"""A user's school file: one row a school and year, the columns of the ministry's published data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.errors import InputError, counted, listed, nearest
from sim.rules.logit import chance
from sim.tables.columns import BLANK_NUMBER, FLAG, IDENTITY, NUMBER, WHOLE, WORD, Column, Form, Rule
from sim.tables.identity import DIGESTS, key_of
from sim.tables.sheet import Sheet
from sim.world.facts import DISTRICTS, PERIPHERAL
from sim.world.schools import (
    HAREDI,
    NO_QUINTILE,
    NON_JEWISH,
    STATE,
    STATE_RELIGIOUS,
    STREAMS,
    UNKNOWN,
    level_of_cluster,
)
from sim.world.synthetic_schools import DrawingParameters, fitted_track_chance, luck_of, share_logit

SECTORS = {"jewish": 0, "arab": 1, "bedouin": 1, "druze": 1, "circassian": 1, "non_jewish": 1}
"""Words for a school's sector; 1 where the school is in the stream of non-Jewish schools."""

SUPERVISIONS = {"state": STATE, "state_religious": STATE_RELIGIOUS, "haredi": HAREDI}
"""Words for a school's supervision, which gives the stream of a Jewish school."""

MOST_TAKERS = 100_000
"""Limit of maths takers of a school; a larger number is in the wrong column."""

MOST_SCHOOLS, MOST_ROWS = 200_000, 1_000_000
"""Schools of the largest file, and its rows (a school and year each)."""

CLUSTERS_OF_PERIPHERY = 5
"""Highest socio-economic cluster of a town in the periphery, for a file without districts."""

BELOW, NOT_PUBLISHED = "below", "unknown"
"""Readings of a suppressed count, as `setting.suppressed` names them."""

_TAKERS, _FIVE = "maths_takers", "maths_5unit_takers"


def _takers_missing(values: Any) -> Any:
    return np.isnan(values[_TAKERS]) & ~np.isnan(values[_FIVE])


def _unused(name: str) -> Column:
    about = "column of the published file, checked and not used"
    return Column(name, NUMBER, about, needed=False, blank=BLANK_NUMBER, low=0, suppressed=True)


SCHOOLS = Form(
    "schools",
    "school file",
    (
        Column("school_id", IDENTITY, "name or number of the school, the same in every year",
               accepts="text or whole number, once a year"),
        Column("year", WHOLE, "school year of the examination", low=1900, high=2200),
        Column("sector", WORD, "all but the first make a school of the non-Jewish stream", blank=-1, words=SECTORS),
        Column("supervision", WORD, "stream of a Jewish school", blank=UNKNOWN, words=SUPERVISIONS),
        Column("nurture_quintile", WHOLE, "social standing of its students", blank=NO_QUINTILE, low=1, high=5,
               accepts="whole number, 1 (strongest) to 5 (weakest)"),
        Column(_TAKERS, WHOLE, "students of grade 12 who sit mathematics at any level; rows without are left out",
               blank=BLANK_NUMBER, low=0, high=MOST_TAKERS, suppressed=True),
        Column(_FIVE, WHOLE, "those at five units; blank or suppressed where too few", blank=BLANK_NUMBER, low=0,
               high=MOST_TAKERS, suppressed=True, accepts="whole number, 0 to `maths_takers`"),
        Column("district", WORD, "tells the periphery where `periphery` is blank", needed=False, blank=-1,
               words={name: int(name in PERIPHERAL) for name in DISTRICTS}),
        Column("locality_cluster", NUMBER, "socio-economic cluster of the town; 5 or less is periphery where nothing "
               "else tells", needed=False, blank=BLANK_NUMBER, low=1, high=10),
        Column("authority", IDENTITY, "local authority; with an organisation file, a name in it", needed=False, blank=""),
        Column("periphery", FLAG, "whether it counts as periphery", needed=False, blank=False,
               accepts="true, false (yes, no, 1, 0)"),
        *map(_unused, ("class_size", "regular_students", "english_takers", "english_5unit_takers")),
    ),
    rules=(
        Rule(_TAKERS, "takers at five units need a number of takers", _takers_missing,
             lambda values, row: f"the cell is empty, but {values[_FIVE][row]:g} took five units"),
        Rule(_FIVE, "no more at five units than takers", lambda values: values[_FIVE] > values[_TAKERS],
             lambda values, row: f"{values[_FIVE][row]:g} are more than {values[_TAKERS][row]:g} takers"),
    ),
    key=("school_id", "year"),
    key_text=lambda values, row: f"school {values['school_id'][row]} of {values['year'][row]:g}",
    most_rows=MOST_ROWS,
    rows="schools",
)  # fmt: skip
"""Form of a school file."""


@dataclass(frozen=True)
class Authorities:
    """Local authorities of a run: number, names, and whether the user gave the names."""

    number: int
    names: tuple[str, ...] = ()
    from_user: bool = False


@dataclass(frozen=True)
class SchoolRows:
    """The checked rows of a school file, of every year; shapes (rows,)."""

    file: str
    identity: Any  # the user's own, normalised [text]
    id: Any  # stable number of the identity [id]
    year: Any  # [year]
    stream: Any  # [code]
    quintile: Any  # 1-5, 0 not published [code]
    periphery: Any  # [flag]
    authority: Any  # [code]
    authority_name: Any  # the user's own, blank where there is none [text]
    locality: Any  # socio-economic level of the town, not a number where unknown [level]
    takers: Any  # maths takers, 0 where none are published [students]
    five: Any  # at five units, 0 where none are published [students]
    hidden_takers: Any  # the number of takers is suppressed or blank [flag]
    hidden_five: Any  # the number at five units is suppressed or blank [flag]
    bound: int = 0  # least count that suppressed cells say is published (`<5`: 5), 0 where none does [students]

    @property
    def years(self) -> list[int]:
        """Years of the file, in order."""
        return [int(year) for year in np.unique(self.year)]

    def of(self, year: int) -> Any:
        """Return the rows of the schools with maths takers of a year [flag].

        Raises:
            InputError: the file does not have the year, or no school with maths takers in it
        """
        if year not in self.years:
            raise InputError(f"{self.file}, column `year`: no row is of {year}; the file has {listed(self.years)}")
        rows = (self.year == year) & (self.takers > 0)
        if not rows.any():
            raise InputError(f"{self.file}, column `maths_takers`: no school has maths takers in {year}")
        return rows


def schools_of(rows: SchoolRows, setting: Any, drawing: DrawingParameters) -> dict[str, Any]:
    """Return the schools of the setting's year as columns of a population; arrays of shape (schools,).

    A school has a track where the file counts a group at five units. Without one, its share is what schools of its
    stream and quintile had: the share that a track would begin with. A suppressed count lies below the published
    minimum and is no track (`setting.suppressed=below`), or is not known (`unknown`): then whether there is a track is
    drawn in each run, by size, stream and quintile, so that such schools have tracks as often as those that are known.

    Args:
        rows: of the school file
        setting: section of that name
        drawing: section of that name

    Raises:
        InputError: the file does not have the year, has no school with maths takers in it, or suppresses counts that
            `setting.counted_from` counts
    """
    check_bound(rows, setting.counted_from)
    chosen = rows.of(setting.year)
    stream, quintile, takers, five = rows.stream[chosen], rows.quintile[chosen], rows.takers[chosen], rows.five[chosen]
    track = five >= setting.counted_from
    likely = share_logit(stream, quintile, drawing)
    drawn = rows.hidden_five[chosen] & (setting.suppressed == NOT_PUBLISHED)
    chances = np.where(
        drawn, fitted_track_chance(takers, stream, quintile, track, ~drawn, drawing), track.astype(float)
    )
    return {
        "id": rows.id[chosen],
        "stream": stream,
        "quintile": quintile,
        "periphery": rows.periphery[chosen],
        "authority": rows.authority[chosen],
        "locality": rows.locality[chosen],
        "takers": takers,
        "track": track,
        "share": np.where(track, five / takers, chance(likely)),
        "luck": np.where(drawn, np.nan, luck_of(track)),
        "track_chance": chances,
    }


def check_bound(rows: SchoolRows, counted_from: int) -> None:
    """Check that a file does not suppress counts that the setting would count as groups.

    Raises:
        InputError: the file suppresses them
    """
    if rows.bound > counted_from:
        raise InputError(
            f"{rows.file} suppresses counts below {rows.bound}, and `setting.counted_from` is {counted_from}; set "
            f"`setting.counted_from={rows.bound}`"
        )


def school_rows(sheet: Sheet, authorities: Authorities) -> SchoolRows:
    """Return every row of a school file, checked.

    Raises:
        InputError: a cell cannot be used
    """
    values = SCHOOLS.values(sheet)
    _refuse_too_many(sheet, values["school_id"])
    code = _authorities(sheet, values, authorities)
    sheet.settle()
    keys = {identity: key_of(identity) for identity in set(values["school_id"])}
    return SchoolRows(
        file=sheet.file,
        identity=values["school_id"],
        id=np.array([keys[identity] for identity in values["school_id"]], dtype=np.int64),
        year=values["year"].astype(np.int64),
        stream=_streams(values),
        quintile=values["nurture_quintile"].astype(np.int64),
        periphery=_periphery(sheet, values),
        authority=code,
        authority_name=values["authority"],
        locality=level_of_cluster(values["locality_cluster"]),
        takers=np.nan_to_num(values[_TAKERS]),
        five=np.nan_to_num(values[_FIVE]),
        hidden_takers=sheet.suppressed[_TAKERS],
        hidden_five=sheet.suppressed[_FIVE],
        bound=max(sheet.bounds[_TAKERS], sheet.bounds[_FIVE]),
    )


def _refuse_too_many(sheet: Sheet, identity: Any) -> None:
    schools = len(set(identity))
    if schools > MOST_SCHOOLS:
        raise InputError(f"{sheet.file} has {schools:,} schools; a school file may have at most {MOST_SCHOOLS:,}")


def school_lines(rows: SchoolRows, counted_from: int, year: int | None = None) -> list[str]:
    """Return the content of a school file by year, in lines of text.

    Raises:
        InputError: the file does not have the year
    """
    years = f"year{'s' * (len(rows.years) > 1)} {listed(rows.years)}"
    lines = [f"{rows.file}: a school file of {counted(len(rows.id), 'row')}, {years}"]
    for each in rows.years if year is None else [year]:
        chosen = rows.of(each)
        left, takers, five = int((rows.year == each).sum() - chosen.sum()), rows.takers[chosen].sum(), rows.five[chosen]
        streams = np.bincount(rows.stream[chosen], minlength=len(STREAMS))
        without = f"; {counted(left, 'row')} without maths takers left out" if left else ""
        lines += [
            f"{each}: {counted(int(chosen.sum()), 'school')}, {takers:,.0f} maths takers, {five.sum():,.0f} at five units "
            f"({five.sum() / takers:.1%}), {counted(int((five >= counted_from).sum()), 'track')}{without}",
            "  streams: " + listed([f"{name} {n:,}" for name, n in zip(STREAMS, streams, strict=True) if n]),
            f"  in the periphery: {rows.periphery[chosen].sum():,}; "
            f"quintile not published: {(rows.quintile[chosen] == NO_QUINTILE).sum():,}",
            *[f"  {line}" for line in suppressed_lines(rows, each)],
        ]
    return lines


def suppressed_lines(rows: SchoolRows, year: int) -> list[str]:
    """Return the number of suppressed or blank counts of a year, in a line; none where every count is published."""
    of_year = rows.year == year
    takers = int((rows.hidden_takers & of_year).sum())
    five = int((rows.hidden_five & ~rows.hidden_takers & of_year).sum())
    bound = f", suppressed below {rows.bound}" if rows.bound else ""
    parts = [f"{counted(five, 'school')} without a published count at five units"] * bool(five)
    parts += [f"{counted(takers, 'school')} without a published count of takers"] * bool(takers)
    return [f"blank or suppressed: {' and '.join(parts)}{bound}"] if parts else []


def _streams(values: Any) -> Any:
    sector, supervision = values["sector"], values["supervision"]
    return np.where(sector < 0, UNKNOWN, np.where(sector == SECTORS["arab"], NON_JEWISH, supervision))


def _periphery(sheet: Sheet, values: Any) -> Any:
    own, blank = values["periphery"], sheet.words("periphery", empty=True) == ""
    if "district" not in sheet.cells:
        return np.where(blank, values["locality_cluster"] <= CLUSTERS_OF_PERIPHERY, own)
    return np.where(blank, values["district"] == 1, own)


def _authorities(sheet: Sheet, values: Any, authorities: Authorities) -> Any:
    number, names, own = max(authorities.number, 1), list(authorities.names), values["authority"]
    codes = {name: code for code, name in enumerate(names)}
    if authorities.from_user:
        strange = np.array([word not in codes and word != "" for word in own], dtype=bool)
        unknown = "is not a local authority of the organisation file"
        sheet.refuse(strange, "authority", lambda row: f"{own[row]!r} {unknown}{nearest(own[row], names)}")
    # A place without an authority of its name gets one by its digest, so it is always the same one.
    places = zip(own, _places(sheet, values), strict=True)
    return np.array(
        [codes.get(word, key_of(word or place) % DIGESTS % number) for word, place in places], dtype=np.int64
    )


def _places(sheet: Sheet, values: Any) -> list[str]:
    """Return the place of each school, by district and cluster; its identity where the file gives neither."""
    district = [word.lower().replace(" ", "_").replace("-", "_") for word in sheet.words("district", empty=True)]
    cluster = ["" if np.isnan(level) else f"{level:g}" for level in values["locality_cluster"]]
    named = [f"{d}|{c}" for d, c in zip(district, cluster, strict=True)]
    return [place if place != "|" else identity for place, identity in zip(named, values["school_id"], strict=True)]
