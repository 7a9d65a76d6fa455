"""Schools and the cohorts in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.world.table import Table

STREAMS = ("state", "state_religious", "haredi", "non_jewish", "unknown")
"""Streams of the school system; the number of a stream is its place here."""

STATE, STATE_RELIGIOUS, HAREDI, NON_JEWISH, UNKNOWN = range(len(STREAMS))

BAND_SCORES = np.array([-1.39981, -0.53186, 0.0, 0.53186, 1.39981])
"""Mean ability of each fifth of a normal population about its own mean [sd]; five bands of equal size."""

BANDS = len(BAND_SCORES)
TEN, ELEVEN, TWELVE = range(3)

NO_QUINTILE = 0
"""Code of a school whose quintile is not published."""


def level_of_cluster(cluster: Any) -> Any:
    """Return the socio-economic level of a town: -1 for clusters 1-3, 0 for 4-6, 1 for 7-10, nan where unknown.

    Args:
        cluster: socio-economic cluster, 1 to 10, nan where unknown
    """
    level = np.where(cluster <= 3.0, -1.0, np.where(cluster >= 7.0, 1.0, 0.0))
    return np.where(np.isnan(cluster), np.nan, level)


def cluster_of_level(level: Any) -> Any:
    """Return a cluster in the middle of a town's level: 2, 5 or 9, nan where unknown.

    Args:
        level: of the town, -1, 0 or 1, nan where unknown [level]

    >>> cluster_of_level(np.array([-1.0, 0.0, 1.0])).tolist()
    [2.0, 5.0, 9.0]
    """
    return np.where(np.isnan(level), np.nan, np.where(level < 0.0, 2.0, np.where(level > 0.0, 9.0, 5.0)))


def level_of_school(locality: Any, quintile: Any) -> Any:
    """Return the level of a school's students, -1 low to 1 high, 0 where unknown; shape (schools,).

    It follows the quintile, and the town where no quintile is published.

    Args:
        locality: level of its town, not a number where unknown; shape (schools,) [level]
        quintile: 1 strongest to 5 weakest, 0 where not published; shape (schools,) [code]

    >>> level_of_school(np.array([-1.0, 1.0, np.nan]), np.array([2, 0, 0])).tolist()
    [0.5, 1.0, 0.0]
    """
    return np.where(quintile == NO_QUINTILE, np.nan_to_num(locality), (3.0 - quintile) / 2.0)


def band_ids(schools: Any) -> Any:
    """Return identities of the ability bands of schools; shape (schools x bands,).

    Args:
        schools: identities of the schools [id], shape (schools,)
    """
    return (schools[:, None] * BANDS + np.arange(BANDS)).ravel()


def all_bands(students: Any) -> Any:
    """Return the sum over ability bands; shape without the last axis.

    Args:
        students: by band in the last axis [students]
    """
    return students[..., 0] + students[..., 1] + students[..., 2] + students[..., 3] + students[..., 4]


@dataclass(frozen=True)
class Schools(Table):
    """One row a school; shapes (schools,), support and effects (schools, 3 channels)."""

    id: Any  # stable identity [id]
    stream: Any  # number of the stream [code]
    quintile: Any  # 1 strongest to 5 weakest, 0 not published [code]
    periphery: Any  # in the geographic periphery [flag]
    authority: Any  # number of the owning authority among the authorities [code]
    locality: Any  # socio-economic level of its town: -1 low, 0, 1 high, not a number where unknown [level]
    level: Any  # socio-economic level of its students, by quintile or else by town, -1 low to 1 high [level]
    ability: Any  # mean ability of its students, by quintile [sd]
    usual: Any  # its share at five units in the reference year, or what it would be with a track [share]
    standing: Any  # logit of that share, less the mean over schools with a track [logit]
    complies: Any  # holds to the official class minimum; the others use the waiver [flag]
    reserves: Any  # in the programme of science reserves [flag]
    size: Any  # maths takers of a grade in the reference year [students]
    appeal: Any  # what makes five units attractive here, before any programme [logit]
    track: Any  # opens a class of five units in grade 10 [flag]
    teachers: Any  # teachers of five units [teachers]
    missing: Any  # teachers missing in the last two Septembers, the latest first, shape (schools, 2) [teachers]
    share: Any  # examinees at five units over maths takers, last examination [share]
    track_appeal: Any  # what the viability of a track adds here (fixed circumstances of the school) [log students]
    junior: Any  # capability built in grades 7-9, reaching grade 10 with a lag [share]
    support: Any  # partners' support stock by channel [NIS/pupil]
    policy_support: Any  # ministry's support stock by channel [NIS/pupil]
    effect: Any  # effect of partners' support by channel [share]
    policy_effect: Any  # effect of the ministry's support by channel [share]
    earlier_motivation: Any  # motivation effect of the year before, which choosers met in grade 9 [share]
    virtual: Any  # seats in virtual classes [students]
    hours: Any  # ministry's annual weekly hours this year [hours]
    pilot: Any  # one of the schools of the first programme [flag]
    delivered: Any  # partners' money delivered this year by channel [NIS million]
    arriving: Any  # partners' support of this year by channel, as far as it serves mathematics [NIS million]
    coming: Any  # the part of it that works next year [NIS million]
    virtual_money: Any  # partners' money for virtual classes this year [NIS million]
    received: Any  # partners' and ministry's money delivered so far [NIS million]
    delivered_policy: Any  # ministry's money delivered this year by channel [NIS million]
    readiness: Any  # local readiness R [share]
    opened: Any  # school year of the last opening or closing of the track, 0 never [school year]

    def __len__(self) -> int:
        """Return the number of schools."""
        return len(self.id)

    @property
    def weakness(self) -> Any:
        """Quintile less its middle, 0 where not published; shape (schools,)."""
        return np.where(self.quintile == NO_QUINTILE, 0, self.quintile - 3)


@dataclass(frozen=True)
class Cohorts(Table):
    """Students by grade (10, 11, 12), school and ability band; shapes (3, schools, 5).

    Conserved by cohort: five + four + neither = takers.
    """

    takers: Any  # maths takers [students]
    five: Any  # at five units [students]
    four: Any  # at four units [students]
    examinees: Any  # of the last examination at five units, by school [students], shape (schools,)
    sitters: Any  # of the last grade-11 paper at five units, by school [students], shape (schools,)
    starters: Any  # of the cohort last examined, who began grade 10 at five units, (3 cohorts,) [students]
    entered: Any  # grade-10 starters at five units of the three cohorts now in grades 10-12 [students], shape (3,)
    boys_gain: Any  # gain of boys by programmes beyond that of girls, mean over starters [logit], shape (3,)


@dataclass(frozen=True)
class Placements(Table):
    """Programmes placed this school year; one row a provider and school; shapes (placements,), amounts (placements, 3)."""

    provider: Any  # row of the organisation [row]
    school: Any  # row of the school [row]
    promised: Any  # by channel [NIS million]
    delivered: Any  # by channel [NIS million]
    overlap: Any  # repeated what another provider did there by the same channel [NIS million]


def no_placements() -> Placements:
    """Return a year without programmes."""
    rows, amounts = np.zeros(0, dtype=np.int64), np.zeros((0, 3))
    return Placements(rows, rows, amounts, amounts, np.zeros(0))
