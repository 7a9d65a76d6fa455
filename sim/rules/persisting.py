"""Moves of students between levels in the years after they chose."""

from __future__ import annotations

import numpy as np

from sim.jit import segment, step_of
from sim.rules.arrays import Floats, Ints
from sim.rules.choosing import share_seats
from sim.rules.counts import counts_of, total_at
from sim.rules.logit import chance

_chance_of = step_of(chance)

type GradeDraws = tuple[Ints, Floats, Floats]
"""Schools with a class in a grade [row], shape (classes,), and luck of staying and of rising [share], (classes, bands)."""


@step_of
def _chances(rows: Ints, reasons: Floats, adds: Floats) -> Floats:
    # All chances come before any count: interleaving them slows the processor's branch prediction.
    out = np.empty((rows.size, reasons.size))
    for place in range(rows.size):
        for band in range(reasons.size):
            out[place, band] = _chance_of(reasons[band] + adds[rows[place]])
    return out


@step_of
def _settle(rows: Ints, stay: Floats, up: Floats, seats: Floats, grade: int, levels: tuple[Floats, Floats]) -> None:
    (five, four), risen, (grades, schools, bands) = levels, np.zeros(stay.shape), levels[0].shape
    in_grades = five.reshape((grades * schools, bands))
    for place in range(rows.size):
        school, others = rows[place], 0.0
        if total_at(place, up) > 0.0:
            for other in range(grades):
                others += total_at(other * schools + school, in_grades) * (other != grade)
            share_seats(place, up, seats[school] - others - total_at(place, stay), place, risen)
        for band in range(bands):
            four[grade, school, band] += five[grade, school, band] - stay[place, band] - risen[place, band]
            five[grade, school, band] = stay[place, band] + risen[place, band]


@segment
def moved(
    classes: tuple[GradeDraws, GradeDraws], five: Floats, four: Floats, reasons: Floats, adds: Floats, seats: Floats
) -> tuple[Floats, Floats]:
    """Move students between levels for a year: some leave five units for four, some rise to five while seats are free.

    Args:
        classes: of each grade but the first, schools with a class of five units [row] and their luck [share], GradeDraws
        five: at five units [students], shape (grades, schools, bands)
        four: at four units [students], shape (grades, schools, bands)
        reasons: to stay and to rise in each grade but the first [logit], shape (grades - 1, 2, bands)
        adds: what each school adds to staying and to rising [logit], shape (schools, 2)
        seats: seats for all grades together [students], shape (schools,)

    Returns: those at five and at four units afterwards [students], two arrays of shape (grades, schools, bands).
    Holds for: whole numbers; nobody is lost; the first grade has just chosen and does not move.
    Source: assumed: who stays keeps the seat, who rises needs a free one

    >>> students, even = np.array([[[0.0]], [[10.0]]]), np.zeros((1, 2, 1))
    >>> classes = ((np.array([0]), np.full((1, 1), 0.5), np.full((1, 1), 0.5)),)
    >>> five, four = moved(classes, students, students, even, even[..., 0], np.array([8.0]))
    >>> five.ravel().tolist(), four.ravel().tolist()
    ([0.0, 8.0], [0.0, 12.0])
    """
    new_five, new_four = five.copy(), four.copy()
    for grade, (rows, staying, rising) in enumerate(classes, 1):
        keeping = _chances(rows, reasons[grade - 1, 0], adds[:, 0])
        lifting = _chances(rows, reasons[grade - 1, 1], adds[:, 1])
        stay = counts_of(rows, staying, new_five[grade], keeping)
        up = counts_of(rows, rising, new_four[grade], lifting)
        _settle(rows, stay, up, seats, grade, (new_five, new_four))
    return new_five, new_four
