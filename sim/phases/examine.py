"""June: who stayed, who moved between levels during the year, and who sits the papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.dates import month_of_year, school_year
from sim.declare import parameter
from sim.draws import Stream
from sim.rules import choosing
from sim.world.schools import BANDS, ELEVEN, TWELVE, Cohorts
from sim.world.state import World


@dataclass(frozen=True)
class ExaminationParameters:
    """What is split from the totals after the draw: gender and the other subjects."""

    girls: float = parameter(0.47, unit="share", about="girls among examinees at five units", low=0, high=1)
    girls_all: float = parameter(0.51, unit="share", about="girls among maths takers", low=0, high=1)
    physics: float = parameter(0.083, unit="share", about="of the grade at five units of physics, in the reference year",
        low=0, high=1, source="trump_foundation", evidence="estimated")  # fmt: skip
    physics_trend: float = parameter(0.0, unit="1/year", about="own trend of physics", low=-0.2, high=0.2)
    chemistry: float = parameter(0.065, unit="share", about="of the grade at five units of chemistry", low=0, high=1)
    chemistry_trend: float = parameter(0.0, unit="1/year", about="own trend of chemistry", low=-0.2, high=0.2)
    computing: float = parameter(0.06, unit="share", about="of the grade at five units of computer science", low=0,
        high=1)  # fmt: skip
    computing_trend: float = parameter(0.02, unit="1/year", about="own trend of computer science", low=-0.2, high=0.2)
    spillover: float = parameter(0.35, unit="ratio", about="growth of other sciences for each growth of mathematics",
        low=0, high=1, source="case", uncertain=True)  # fmt: skip
    overlap: float = parameter(0.6, unit="share", about="of those in another science, who also take mathematics", low=0,
        high=1)  # fmt: skip
    english: float = parameter(0.303, unit="share", about="of the grade at five units of English, in the reference year",
        low=0, high=1, source="school_file", evidence="measured")  # fmt: skip
    english_trend: float = parameter(0.06, unit="1/year", about="own trend of English", low=-0.2, high=0.2,
        source="school_file", evidence="estimated")  # fmt: skip
    ambition: float = parameter(0.3, unit="share", about="loading of English on the ambition that mathematics shares",
        low=0, high=1, uncertain=True)  # fmt: skip


def examine(model: Any) -> World:
    """Moves of the year are settled and papers are sat."""
    world = model.world
    if month_of_year(world.month) != 6:
        return world  # type: ignore[no-any-return]
    p = model.parameters.school
    cohorts = moved(model, world, ELEVEN, p.keeping, p.rising, (Stream.KEEPING, Stream.RISING))
    last = (Stream.KEEPING_LAST, Stream.RISING_LAST)
    cohorts = moved(model, world.with_(cohorts=cohorts), TWELVE, p.keeping_last, p.rising_last, last)
    examinees, sitters = cohorts.five[TWELVE].sum(axis=1), cohorts.five[ELEVEN].sum(axis=1)
    cohorts = cohorts.with_(examinees=examinees, sitters=sitters, starters=cohorts.entered[TWELVE])
    takers = cohorts.takers[TWELVE].sum(axis=1)
    share = np.divide(examinees, takers, out=np.zeros(len(takers)), where=takers > 0.0)
    world = world.with_(cohorts=cohorts, schools=world.schools.with_(share=share))
    return world.noting("examination", **results(model, world, takers))


def moved(model: Any, world: World, grade: int, keeping: float, rising: float, streams: Any) -> Cohorts:
    """Cohorts after a grade's moves: down from five units, up from four as far as there are seats."""
    cohorts, view, month, luck = world.cohorts, model.schools, world.month, model.luck
    identity = world.schools.id[:, None] * BANDS + np.arange(BANDS)
    five, four = cohorts.five[grade], cohorts.four[grade]
    stay = choosing.count_of(luck(streams[0], month, identity), five, view.chance_of_keeping(keeping))
    open_class = (five.sum(axis=1) > 0.0)[:, None]
    up = choosing.count_of(luck(streams[1], month, identity), four * open_class, view.chance_of_rising(rising))
    others = cohorts.five.sum(axis=(0, 2)) - five.sum(axis=1)
    up = choosing.seats_given(up, np.maximum(view.seats() - others - stay.sum(axis=1), 0.0))
    new_five, new_four = cohorts.five.copy(), cohorts.four.copy()
    new_five[grade] = stay + up
    new_four[grade] = four - up + (five - stay)
    return cohorts.with_(five=new_five, four=new_four)


def results(model: Any, world: World, takers: Any) -> dict[str, Any]:
    """The examination's figures: national totals by subject and gender, and the schools' own columns."""
    p, year, cohorts = model.parameters.examination, school_year(world.month), world.cohorts
    grade, total = takers.sum() / model.taking, cohorts.examinees.sum()
    since, luck = year - model.parameters.setting.year, model.luck
    relative = max(total / max(grade, 1.0) / model.reference_share, 1e-9)

    def others(name: str, number: int) -> float:
        share = getattr(p, name) * np.exp(getattr(p, f"{name}_trend") * since) * relative**p.spillover
        return float(choosing.count_of(luck(Stream.SUBJECTS, world.month, number), np.floor(grade), min(share, 1.0)))

    english = p.english * np.exp(p.english_trend * since + p.ambition * model.schools.preference(year - 3))
    return {
        "year": year,
        "takers": takers,
        "examinees": cohorts.examinees,
        "sitters": cohorts.sitters,
        "starters": float(cohorts.starters),
        "grade": float(grade),
        "girls": float(choosing.count_of(luck(Stream.GENDER, world.month), total, p.girls)),
        "physics": others("physics", 1),
        "chemistry": others("chemistry", 2),
        "computing": others("computing", 3),
        "english": float(choosing.count_of(luck(Stream.SUBJECTS, world.month, 4), np.floor(grade), min(english, 1.0))),
        "teachers": float(world.schools.teachers.sum()),
        "tracks": world.schools.track,
        "pilot": world.schools.pilot,
    }
