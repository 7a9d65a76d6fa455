"""Opening and closing of a school's class of five units: viability, teachers and a draw each September."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.draws import Stream
from sim.explain.question import DecisionQuestion
from sim.explain.replay import septembers
from sim.explain.words import draw_text, reasons_text
from sim.phases.school_year import school_year_begun, school_year_phase
from sim.rules import staffing
from sim.world.names import school_ids

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import CollaborationModel

BEFORE = ["year", "school", "asked", "students", "rule", "minimum"]
AFTER = ["viability", "rate", "teachers", "chance", "draw", "came"]


def why(question: DecisionQuestion) -> pd.DataFrame:
    """Return a row a school year and school: whether it opens its class in that September, or closes the one it has.

    Columns: year, school year; school, its id; asked, `open` or `close`; students, who would begin five units; rule,
    those that the rule asks for, and minimum, those that the school asks for: the rule, or `staffing.waiver` where it uses
    waivers and joint classes [students]; four terms and viability, their sum [logit]; rate, the chance
    where there is every reason [share/year]; teachers, part of those wanted that can be hired, 1 where a class closes
    [share]; chance, rate / (1 + exp(-viability)) x teachers to open and rate / (1 + exp(viability)) to close
    [share/year]; draw, it came where the draw lies below the chance [share]; came [flag]. Without `school`: only schools
    that opened or closed.
    """
    import pandas as pd

    models = septembers(question.run, question.years, school_year_phase)
    parts = [september_of(question, year, model) for year, model in models]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*BEFORE, *AFTER])


def september_of(question: DecisionQuestion, year: int, model: CollaborationModel) -> pd.DataFrame:
    """Return the decisions of a September: of the school in question, or of all that open or close."""
    import pandas as pd

    world, p, view = model.world, model.parameters.staffing, model.schools
    schools, expected = world.schools, view.expected_takers(view.chance_of_five())
    rule, has = model.kind("ministry").package()["minimum"], schools.track
    minimum = view.class_minimum()
    at_hand, changed, _ = school_year_begun(model)
    viable, hand = view.viability(expected), np.where(has, 1.0, at_hand)
    draws = [model.luck(stream, world.month, schools.id) for stream in (Stream.CLOSING, Stream.OPENING)]
    columns: dict[str, Any] = {
        "year": year,
        "school": school_ids(question.run.world, question.run.scenario.files),
        "asked": np.where(has, "close", "open"),
        "students": expected,
        "rule": rule,
        "minimum": minimum,
        "students over the minimum": np.log(expected / minimum) / p.width,
        "circumstances of the school": schools.track_appeal / p.width,
        "access support by partners": p.by_access * schools.effect[:, 1] / p.width,
        "access support by the ministry": p.by_access * view.strength() * schools.policy_effect[:, 1] / p.width,
        "viability": viable,
        "rate": p.rate,
        "teachers": hand,
        "chance": staffing.hazard(np.where(has, -viable, viable), rate=p.rate) * hand,
        "draw": np.where(has, *draws),
        "came": changed[0] != has,
    }
    frame = pd.DataFrame(columns)
    return frame[frame["came"]] if question.site is None else frame.iloc[[question.site]]


def because(question: DecisionQuestion) -> str:
    """Return the September in question, else the last that changed something, else the last: chance, draw, reasons."""
    school, table = question.school, why(question)
    if table.empty:
        return f"School {school} was not asked about its track in the time of the run."
    row = (table[table["came"]] if table["came"].any() else table).iloc[-1]
    closes = row["asked"] == "close"
    done = ("closed" if row["came"] else "kept") if closes else ("opened" if row["came"] else "did not open")
    sign = -1.0 if closes else 1.0
    terms = {str(n): sign * float(row[n]) for n in table.columns if n not in (*BEFORE, *AFTER)}
    when = f"in September {row['year'] - 1} (school year {row['year']})"
    act = "to close it" if closes else "to open it"
    needed = f"a class needs {row['rule']:g} by the rule"
    if row["minimum"] < row["rule"]:
        needed += f", and {row['minimum']:g} here, with a waiver or a joint class (`staffing.waiver`)"
    seats = f"{row['students']:.1f} students would begin; {needed}"
    short = "" if row["teachers"] == 1.0 else f", teachers for {row['teachers']:.2f} of those wanted"
    drawn = draw_text(row["chance"], row["draw"], act)
    return f"School {school} {done} its track {when}: {drawn}; {seats}{short}; {reasons_text(terms)}."
