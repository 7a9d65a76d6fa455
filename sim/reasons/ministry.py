"""Why the ministry joined, began a pilot, or went national; read from the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import date_of, month_of
from sim.declare import Mistake
from sim.draws import Luck, Stream
from sim.reasons.asking import Question
from sim.reasons.words import luck, weighed
from sim.world.state import NEVER, STAGES, entries

if TYPE_CHECKING:
    import pandas as pd

DECISIONS = {"ministry_joins": "partner", "pilot": "pilot", "national": "national"}
"""Decisions of the ministry, and the stage each leads to."""

GIVEN = {
    "recorded": "the ministry's dates are recorded, not decided",
    "scheduled": "the ministry's dates are given, not decided",
    "never": "the ministry never acts",
}
"""Modes of the ministry in which it decides nothing, in words."""

DONE = {
    "ministry_joins": "joined as a partner",
    "pilot": "decided on a pilot",
    "national": "decided on the national programme",
}
IN_WORDS = {"stage": "the base of this stage"}
NO_TERMS = ("date", "chance", "opened", "taken")


def why(asked: Question) -> pd.DataFrame:
    """The terms of the decision, a row a month until it was taken: date, chance, opened, each term [logit], taken.

    Raises Mistake where the ministry's dates were given and nothing was decided.
    """
    import pandas as pd

    case, ministry = asked.run.case, asked.run.world.ministry
    mode = case.parameters["ministry.mode"]
    if mode in GIVEN:
        raise Mistake(
            f"in `{case.name}` {GIVEN[mode]} (`ministry.mode={mode}`), so there are no reasons to show; "
            "where it is `emergent`, as in `historical_emergent`, the ministry decides"
        )
    stage = DECISIONS[asked.decision]
    taken = {"partner": ministry.joined, "pilot": ministry.pilot, "national": ministry.national}[stage]
    rows = [
        {"date": date_of(e.month), **{k: v for k, v in e.fields.items() if k != "towards"}, "taken": e.month == taken}
        for e in entries(asked.run.world, "adoption")
        if e.fields["towards"] == stage and (taken == NEVER or e.month <= taken)
    ]
    return pd.DataFrame(rows, columns=None if rows else ["date", "chance", "taken"])


def because(asked: Question) -> str:
    """The month in which it was taken, or else the one in which it was likeliest: chance, draw, strongest reasons."""
    told, done = why(asked), DONE[asked.decision]
    if told.empty:
        return f"The ministry never {done}: it never came to the stage before that, so there was no month to decide in."
    taken = bool(told["taken"].iloc[-1])
    row = told.iloc[-1] if taken else told.iloc[int(told["chance"].to_numpy().argmax())]
    stage = STAGES.index(DECISIONS[asked.decision]) - 1
    draw = Luck(asked.run.seed).once(Stream.STAGE, month_of(row["date"]), stage)
    when = f"in {row['date']}" if taken else f"in {len(told)} months that it could have; likeliest in {row['date']}"
    window = (
        "in an open window" if row["opened"] == 1.0 else f"outside a window, which multiplied it by {row['opened']:g}"
    )
    terms = {IN_WORDS.get(str(name), str(name)): float(value) for name, value in row.drop(list(NO_TERMS)).items()}
    said = f"{luck(row['chance'], draw)}, {window}; {weighed(terms)}"
    return f"The ministry {'' if taken else 'never '}{done} {when}: {said}."


assert set(DECISIONS.values()) <= set(STAGES)
