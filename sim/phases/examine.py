"""June: moves between levels during the year, and examinations."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import logit, ndtri

from sim.dates import month_of_year, school_year
from sim.declare import parameter
from sim.draws import Stream
from sim.phases.host import Model
from sim.phases.june import Pupils, june
from sim.phases.school_year import gain_weights
from sim.rules import counts as counting
from sim.rules.arrays import Flags, Floats
from sim.rules.enrolling import gain_of_boys
from sim.rules.logit import chance
from sim.world.facts import taking_over_reference
from sim.world.forums import TECHNOLOGY_GROUP
from sim.world.schools import BAND_SCORES, ELEVEN, TWELVE, all_bands
from sim.world.setting import of_the_country
from sim.world.state import World


@dataclass(frozen=True)
class ExaminationParameters:
    """Gender and other subjects, which are split from the totals after the draw."""

    girls: float = parameter(0.47, unit="share", about="girls among examinees at five units, before any programme", low=0,
        high=1)  # fmt: skip
    girls_by_hours: float = parameter(0.0, unit="ratio", about="gain of girls by the ministry's hours and classes, "
        "over that of boys: no effect on girls was found", low=0, high=2, source="bank_of_israel",
        evidence="measured")  # fmt: skip
    girls_by_reserves: float = parameter(1.4, unit="ratio", about="gain of girls by the science reserves, over that "
        "of boys: 1 to 2 points more", low=0, high=3, source="bank_of_israel", evidence="estimated")  # fmt: skip
    physics: float = parameter(0.081, unit="share", about="share of the grade at five units of physics, in the "
        "reference year",
        low=0, high=1, source="trump_foundation", evidence="estimated")  # fmt: skip
    physics_trend: float = parameter(0.015, unit="1/year", about="own trend of physics", low=-0.2, high=0.2,
        source="trump_foundation", evidence="estimated")  # fmt: skip
    chemistry: float = parameter(
        0.065, unit="share", about="share of the grade at five units of chemistry", low=0, high=1
    )
    chemistry_trend: float = parameter(0.0, unit="1/year", about="own trend of chemistry", low=-0.2, high=0.2)
    computing: float = parameter(0.06, unit="share", about="share of the grade at five units of computer science",
        low=0,
        high=1)  # fmt: skip
    computing_trend: float = parameter(0.02, unit="1/year", about="own trend of computer science", low=-0.2, high=0.2)
    spillover: float = parameter(0.35, unit="ratio", about="growth of other sciences for each growth of mathematics",
        low=0, high=1, source="case", uncertain=True)  # fmt: skip
    overlap: float = parameter(0.6, unit="share", about="part of those in another science who also take mathematics",
        low=0,
        high=1)  # fmt: skip
    english: float = parameter(0.298, unit="share", about="share of the grade at five units of English, in the "
        "reference year",
        low=0, high=1, source="school_file", evidence="estimated")  # fmt: skip
    english_trend: float = parameter(0.033, unit="1/year", about="own trend of English", low=-0.2, high=0.2,
        source="school_file", evidence="estimated")  # fmt: skip
    ambition: float = parameter(0.3, unit="share", about="loading of English on the ambition that mathematics shares",
        low=0, high=1, uncertain=True)  # fmt: skip


def examine(model: Model) -> World:
    """Settle the year's moves between levels, and examine."""
    world = model.world
    if month_of_year(world.month) != 6:
        return world
    five, four, examinees, sitters, takers, share = june_of(model)
    old = world.cohorts
    cohorts = old.with_(
        five=five,
        four=four,
        examinees=examinees,
        sitters=sitters,
        starters=old.entered[TWELVE],
        boys_gain=old.boys_gain + boys_gain_in_staying(model),
    )
    world = world.with_(cohorts=cohorts, schools=world.schools.with_(share=share))
    return world.noting("examination", **results(model, world, takers))


def june_of(model: Model) -> tuple[Floats, ...]:
    """Return the June of all schools: students at five and at four units, examinees, sitters, maths takers, and shares."""
    view, schools, cohorts = model.schools, model.world.schools, model.world.cohorts
    return june(
        model.luck.keys(model.world.month),
        schools.id,
        (view.programmes(), (schools.ability, schools.standing), view.staying_weights()),
        Pupils(cohorts.takers, cohorts.five, cohorts.four),
        view.reasons_to_move(),
        view.seats(),
    )


def boys_gain_in_staying(model: Model) -> Floats:
    """Return the gain of boys beyond girls in staying at five units, from hours and classes, by grade; shape (3,) [logit]."""
    p, schools, gain = model.parameters.school, model.world.schools, np.zeros(3)
    if not schools.policy_effect.any():
        return gain
    weights = gain_weights(p, model.parameters.examination, (p.teaching_keeping, p.access_keeping), 0.0)
    upper = p.by_ability_keeping * float(BAND_SCORES[-2:].mean())
    for grade, keeping in ((ELEVEN, p.keeping), (TWELVE, p.keeping_last)):
        students = all_bands(model.world.cohorts.five[grade])
        leaving = 1.0 - float(chance(keeping + upper))  # of a logit more, so much more stay, in logs
        gain[grade] = leaving * gain_of_boys(model.schools.programmes(), schools.reserves, students, weights)
    return gain


def results(model: Model, world: World, takers: Floats) -> dict[str, float | Floats | Flags]:
    """Return the examination's figures: national totals by subject and gender, and the schools' own columns.

    Args:
        model: whose month it is
        world: as it is now
        takers: maths takers of grade 12 [students], shape (schools,)
    """
    p, cohorts = model.parameters.examination, world.cohorts
    grade, total = float(takers.sum() / model.parameters.setting.taking), float(cohorts.examinees.sum())
    shares = shares_of_subjects(model, world, total / max(grade, 1.0))
    luck = ndtri(model.luck(Stream.SUBJECTS, world.month, np.arange(len(shares))))
    counts = counting.count_of_many(luck, np.floor(grade), np.minimum(list(shares.values()), 1.0))
    taken = dict(zip(shares, counts.tolist(), strict=True))
    few = float(chance(float(logit(p.girls)) - cohorts.boys_gain[TWELVE])) if 0.0 < p.girls < 1.0 else p.girls
    girls = counting.count_of_many(ndtri(model.luck.once(Stream.GENDER, world.month)), total, few)
    setting = model.parameters.setting
    taking = taking_over_reference(school_year(world.month), setting.year, of_the_country(setting, "taking_by_year"))
    return taken | {
        "year": school_year(world.month),
        "takers": np.maximum(np.rint(takers * taking), cohorts.examinees),
        "examinees": cohorts.examinees,
        "sitters": cohorts.sitters,
        "four": float(cohorts.four[TWELVE].sum()),
        "starters": float(cohorts.starters),
        "grade": grade,
        "girls": float(girls),
        "other_science": (taken["physics"] + taken["chemistry"] + taken["computing"]) * (1.0 - p.overlap),
        "teachers": float(world.schools.teachers.sum()),
        "tracks": world.schools.track,
        "pilot": world.schools.pilot,
    }


def shares_of_subjects(model: Model, world: World, share: float) -> dict[str, float]:
    """Return the share of the grade at five units of each other subject: own level and trend, and spillover.

    Args:
        model: whose month it is
        world: as it is now
        share: of the grade at five units of mathematics [share]
    """
    p, year = model.parameters.examination, school_year(world.month)
    since = year - model.parameters.setting.year
    ambition = float(model.schools.preference(year - 3).mean())
    growth = max(share / max(world.reference_share, 1e-9), 1e-9)
    technology = model.parameters.network.group_strength * world.initiative.levels[TECHNOLOGY_GROUP]
    spilled, led = growth**p.spillover, growth ** (p.spillover * (1.0 + technology))
    return {
        "physics": p.physics * math.exp(p.physics_trend * since) * led,
        "chemistry": p.chemistry * math.exp(p.chemistry_trend * since) * spilled,
        "computing": p.computing * math.exp(p.computing_trend * since) * led,
        "english": p.english * math.exp(p.english_trend * since + p.ambition * ambition),
    }
