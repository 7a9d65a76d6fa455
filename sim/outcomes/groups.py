"""Examinees at five units and maths takers of groups of students, as columns `examinees_YEAR/GROUP`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from sim.world.schools import NO_QUINTILE, STREAMS
from sim.world.state import World

YEARS = (2013, 2017, 2020)
"""School years for which groups are counted: the launch, the goal, and the last year of the outcomes."""

GRADES = range(NO_QUINTILE + 1, NO_QUINTILE + 6)
"""Quintiles of schools, 1 strongest to 5 weakest."""

QUINTILES = (*(f"quintile {number}" for number in GRADES), "quintile unknown")
OF_STREAMS = tuple(f"stream {name}" for name in STREAMS)
PLACES = ("centre", "periphery")
GENDERS = ("girls", "boys")
"""Groups by division; each division counts every examinee once."""

BY_SCHOOL = (*QUINTILES, *OF_STREAMS, *PLACES)
"""Groups by the school of a student; by gender there are examinees only, since takers have none in the model."""

COUNTS = {"examinees": (*BY_SCHOOL, *GENDERS), "takers": BY_SCHOOL}
"""Counts, and the groups of each."""


def group_columns(years: Iterable[int] = YEARS) -> list[str]:
    """Return the columns of groups in some years.

    Args:
        years: school years

    >>> group_columns([2020])[4], len(group_columns())
    ('examinees_2020/quintile 5', 84)
    """
    return [f"{what}_{year}/{group}" for year in years for what, groups in COUNTS.items() for group in groups]


def by_group(world: World, figures: dict[int, dict[str, Any]]) -> dict[str, float]:
    """Return examinees and maths takers of every group and year [students]; nan for a year that was not simulated.

    A group without a school has 0. Girls are those drawn in the examination. Their share of examinees
    changes by the ministry's hours and the science reserves alone.

    Args:
        world: after the last month of a run
        figures: of its examinations, by school year
    """
    codes = codes_of(world)
    values_by_column: dict[str, float] = {}
    for year in YEARS:
        figure = figures.get(year)
        counted = None if figure is None else counts_of(figure, codes)
        for what, groups in COUNTS.items():
            values = [math.nan] * len(groups) if counted is None else counted[what]
            values_by_column |= {f"{what}_{year}/{group}": value for group, value in zip(groups, values, strict=True)}
    return values_by_column


def codes_of(world: World) -> Any:
    """Return, for each division, the place of every school's group in BY_SCHOOL; shape (3, schools)."""
    schools = world.schools
    quintile = np.where(schools.quintile == NO_QUINTILE, len(GRADES), schools.quintile - 1)
    stream = len(QUINTILES) + schools.stream
    place = len(QUINTILES) + len(OF_STREAMS) + schools.periphery
    return np.stack([quintile, stream, place])


def counts_of(figure: dict[str, Any], codes: Any) -> dict[str, list[float]]:
    """Return the counts of an examination for each group of COUNTS [students].

    Args:
        figure: figures of the examination
        codes: as `codes_of` returns them
    """
    counts = {}
    for what in COUNTS:
        weights = np.tile(figure[what], len(codes))
        counts[what] = np.bincount(codes.ravel(), weights=weights, minlength=len(BY_SCHOOL)).tolist()
    girls = float(figure["girls"])
    counts["examinees"] += [girls, float(figure["examinees"].sum()) - girls]
    return counts
