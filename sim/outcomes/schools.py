"""Outcomes of schools and students: examinees, gaps, subjects, tracks, teachers."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.declare import outcome
from sim.world.schools import STREAMS
from sim.world.state import World, entries


def examinations(world: World) -> dict[int, dict[str, Any]]:
    """Return the figures of every June by school year, burn-in included."""
    return {entry.fields["year"]: entry.fields for entry in entries(world, "examination")}


def _year(world: World, year: int | None = None) -> dict[str, Any] | None:
    figures = examinations(world)
    return figures.get(year or (max(figures) if figures else 0))


def _shares(world: World, flags: Any, year: int) -> float:
    figure = _year(world, year)
    if figure is None or figure["takers"][flags].sum() == 0:
        return float("nan")
    return float(figure["examinees"][flags].sum() / figure["takers"][flags].sum())


def share_of_quintile(world: World, quintile: int, year: int) -> float:
    """Return the share of maths takers at five units in a quintile [share].

    Args:
        world: as it is now
        quintile: 1 strongest to 5 weakest
        year: school year
    """
    return _shares(world, world.schools.quintile == quintile, year)


def share_of_stream(world: World, stream: int, year: int) -> float:
    """Return the share of maths takers at five units in a stream [share].

    Args:
        world: as it is now
        stream: number of the stream [code]
        year: school year
    """
    return _shares(world, world.schools.stream == stream, year)


def share_of_grade(figure: dict[str, Any]) -> float:
    """Return the share of the grade at five units in an examination, 0 where nobody was in the grade [share].

    Args:
        figure: figures of the examination
    """
    return float(figure["examinees"].sum() / max(figure["grade"], 1.0))


def _figure(world: World, name: str, year: int) -> float:
    figure = _year(world, year)
    return float("nan") if figure is None else float(figure[name])


@outcome("share of maths takers", better=-1)
def gap_quintiles_2017(world: World) -> float:
    """Share at five units in the strongest quintile less that in the weakest, 2017."""
    return share_of_quintile(world, 1, 2017) - share_of_quintile(world, 5, 2017)


@outcome("share of maths takers", better=-1)
def gap_quintiles_2020(world: World) -> float:
    """Share at five units in the strongest quintile less that in the weakest, 2020."""
    return share_of_quintile(world, 1, 2020) - share_of_quintile(world, 5, 2020)


@outcome("share of maths takers", better=-1)
def gap_quintiles_2013(world: World) -> float:
    """Share at five units in the strongest quintile less that in the weakest, 2013."""
    return share_of_quintile(world, 1, 2013) - share_of_quintile(world, 5, 2013)


@outcome("ratio", better=-1)
def ratio_quintiles_2020(world: World) -> float:
    """Share at five units in the strongest quintile over that in the weakest, 2020."""
    weakest = share_of_quintile(world, 5, 2020)
    return share_of_quintile(world, 1, 2020) / weakest if weakest > 0 else float("nan")


@outcome("share of maths takers", better=-1)
def gap_periphery_2020(world: World) -> float:
    """Share at five units in the centre less that in the periphery, 2020."""
    return _shares(world, ~world.schools.periphery, 2020) - _shares(world, world.schools.periphery, 2020)


@outcome("share of maths takers", better=-1)
def gap_streams_2020(world: World) -> float:
    """Share at five units in state schools less that in non-Jewish schools, 2020."""
    state, other = STREAMS.index("state"), STREAMS.index("non_jewish")
    return share_of_stream(world, state, 2020) - share_of_stream(world, other, 2020)


@outcome("index", better=-1)
def concentration_2020(world: World) -> float:
    """Concentration of examinees over schools ordered from the weakest quintile, 2020 (0 even, 1 all in the strongest)."""
    figure = _year(world, 2020)
    if figure is None:
        return float("nan")
    order = np.argsort(-np.where(world.schools.quintile == 0, 3, world.schools.quintile), kind="stable")
    takers, examinees = figure["takers"][order], figure["examinees"][order]
    if examinees.sum() == 0:
        return float("nan")
    people, at_five = np.cumsum(takers) / takers.sum(), np.cumsum(examinees) / examinees.sum()
    return float(1.0 - 2.0 * np.trapezoid(at_five, people))


@outcome("share", better=1)
def girls_2020(world: World) -> float:
    """Girls among examinees at five units, 2020."""
    figure = _year(world, 2020)
    return float("nan") if figure is None else float(figure["girls"] / max(figure["examinees"].sum(), 1.0))


@outcome("students", better=1)
def physics_2017(world: World) -> float:
    """Examinees at five units of physics, 2017."""
    return _figure(world, "physics", 2017)


@outcome("students", better=1)
def physics_2020(world: World) -> float:
    """Examinees at five units of physics, 2020."""
    return _figure(world, "physics", 2020)


@outcome("students", better=1)
def chemistry_2020(world: World) -> float:
    """Examinees at five units of chemistry, 2020."""
    return _figure(world, "chemistry", 2020)


@outcome("students", better=1)
def computing_2020(world: World) -> float:
    """Examinees at five units of computer science, 2020."""
    return _figure(world, "computing", 2020)


@outcome("students", better=0)
def english_2017(world: World) -> float:
    """Takers at five units of English, 2017: a comparison series."""
    return _figure(world, "english", 2017)


@outcome("share of the grade", better=1)
def excellent_2020(world: World) -> float:
    """Share of the cohort at five units in any of the four subjects, 2020 (the goal is 0.20)."""
    figure = _year(world, 2020)
    if figure is None:
        return float("nan")
    return float((figure["examinees"].sum() + figure["other_science"]) / max(figure["grade"], 1.0))


@outcome("students", better=1)
def growth_2017_2020(world: World) -> float:
    """Examinees at five units in 2020 less those in 2017."""
    first, last = _year(world, 2017), _year(world, 2020)
    if first is None or last is None:
        return float("nan")
    return float(last["examinees"].sum() - first["examinees"].sum())


@outcome("ratio", better=1)
def keeping_2020(world: World) -> float:
    """Examinees of 2020 over those who began grade 10 at five units in their cohort."""
    figure = _year(world, 2020)
    return float("nan") if figure is None else float(figure["examinees"].sum() / max(figure["starters"], 1.0))


@outcome("schools", better=1)
def tracks_2017(world: World) -> float:
    """Schools with five examinees or more at five units, 2017."""
    figure = _year(world, 2017)
    return float("nan") if figure is None else float((figure["examinees"] >= 5).sum())


@outcome("schools", better=1)
def tracks_2020(world: World) -> float:
    """Schools with five examinees or more at five units, 2020."""
    figure = _year(world, 2020)
    return float("nan") if figure is None else float((figure["examinees"] >= 5).sum())


@outcome("teachers", better=1)
def teachers_2015(world: World) -> float:
    """Teachers of five units, 2015."""
    return _figure(world, "teachers", 2015)


@outcome("teachers", better=1)
def teachers_2020(world: World) -> float:
    """Teachers of five units, 2020."""
    return _figure(world, "teachers", 2020)
