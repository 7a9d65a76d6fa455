"""June in all schools as one compiled function: moves between levels during the year, and examinations."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.draws import Stream, luck_of_each
from sim.jit import segment, step_of
from sim.rules import persisting
from sim.rules.arrays import Floats, Ints, Keys
from sim.rules.counts import total_at
from sim.rules.enrolling import Programmes, StayingWeights, write_staying_reasons
from sim.world.schools import BANDS, ELEVEN, TWELVE

_moved = step_of(persisting.moved)


class Pupils(NamedTuple):
    """Students before the year's moves; shapes (grades, schools, bands)."""

    takers: Floats  # of mathematics [students]
    five: Floats  # at five units [students]
    four: Floats  # at four units [students]


@step_of
def draws_of_grade(key: np.uint64, ids: Ints, rows: Ints) -> Floats:
    """Return the draws of every ability band of some schools [share]; shape (rows, bands).

    Args:
        key: of a random stream in the month
        ids: identities of all schools [id], shape (schools,)
        rows: of the schools [row]
    """
    bands = np.empty(rows.size * BANDS, np.int64)
    for place in range(rows.size):
        for band in range(BANDS):
            bands[place * BANDS + band] = ids[rows[place]] * BANDS + band
    return luck_of_each(key, bands).reshape((rows.size, BANDS))


@step_of
def classes_in(five: Floats) -> Ints:
    """Return the schools with students at five units in a grade [row].

    Args:
        five: students at five units, shape (schools, bands) [students]
    """
    rows, count = np.empty(five.shape[0], np.int64), 0
    for school in range(five.shape[0]):
        if total_at(school, five) > 0.0:
            rows[count] = school
            count += 1
    return rows[:count]


@step_of
def totals(students: Floats) -> Floats:
    """Return the students of all ability bands of each school; shape (schools,) [students]."""
    out = np.empty(students.shape[0])
    for school in range(out.size):
        out[school] = total_at(school, students)
    return out


@segment
def june(
    keys: Keys,
    ids: Ints,
    staying: tuple[Programmes, tuple[Floats, Floats], StayingWeights],
    pupils: Pupils,
    reasons: Floats,
    seats: Floats,
) -> tuple[Floats, ...]:
    """Settle the year's moves between levels, and examine.

    Args:
        keys: of the random streams of the month
        ids: identities of schools [id], shape (schools,)
        staying: programmes, mean ability and standing of schools, and weights of the reasons to stay and to rise
        pupils: students before
        reasons: to stay and to rise in grades 11 and 12 [logit], shape (2, 2, bands)
        seats: at five units for all grades together [students], shape (schools,)

    Returns: students at five and at four units, shapes (grades, schools, bands); examinees, sitters of grade 11, maths
    takers of grade 12 [students] and share at five units [share], shapes (schools,).
    """
    programmes, columns, weights = staying
    eleven, twelve = classes_in(pupils.five[ELEVEN]), classes_in(pupils.five[TWELVE])
    adds, written = np.empty((ids.size, 2)), np.zeros(ids.size, np.bool_)
    for rows in (eleven, twelve):
        for school in rows:
            if not written[school]:
                write_staying_reasons(school, programmes, columns, weights, adds)
                written[school] = True
    classes = (
        (eleven, draws_of_grade(keys[Stream.KEEPING], ids, eleven), draws_of_grade(keys[Stream.RISING], ids, eleven)),
        (
            twelve,
            draws_of_grade(keys[Stream.KEEPING_LAST], ids, twelve),
            draws_of_grade(keys[Stream.RISING_LAST], ids, twelve),
        ),
    )
    five, four = _moved(classes, pupils.five, pupils.four, reasons, adds, seats)
    examinees, sitters, takers = totals(five[TWELVE]), totals(five[ELEVEN]), totals(pupils.takers[TWELVE])
    share = np.zeros(ids.size)
    for school in range(ids.size):
        if takers[school] > 0.0:
            share[school] = examinees[school] / takers[school]
    return five, four, examinees, sitters, takers, share
