"""Decisions of the ministry to join, to begin a pilot and to go national, from the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.dates import date_of
from sim.draws import Luck, Stream
from sim.errors import InputError
from sim.explain.question import DecisionQuestion
from sim.explain.words import draw_text, reasons_text
from sim.world.state import NEVER, STAGES, Entry, entries

if TYPE_CHECKING:
    import pandas as pd

DECISIONS = {"ministry_joins": "partner", "pilot": "pilot", "national": "national"}
"""Decisions of the ministry, and the stage each leads to."""

UNDECIDED_MODES = {
    "recorded": "the ministry's dates are recorded, not decided",
    "scheduled": "the ministry's dates are given, not decided",
    "never": "the ministry never acts",
}
"""Modes in which the ministry decides nothing, in words."""

DONE = {
    "ministry_joins": "joined as a partner",
    "pilot": "decided on a pilot",
    "national": "decided on the national programme",
}
NAMED = {"stage": "base of this stage"}
"""Terms of the journal with another name in a table, where `stage` would be taken for a stage."""

NO_TERMS = ("date", "chance", "draw", "opened", "taken")


def why(question: DecisionQuestion) -> pd.DataFrame:
    """Return the terms of the decision, a row a month until it was taken.

    Columns: date; chance [share/month]; draw, it was taken where the draw lies below the chance [share]; opened, the factor
    of the window on the chance [share]; each term, `base of this stage` the first, whose sum is the logit of the chance in
    an open window [logit]; taken [flag].

    Raises:
        InputError: the ministry's dates were fixed, so it decided nothing
    """
    import pandas as pd

    scenario, ministry = question.run.scenario, question.run.world.ministry
    mode = scenario.parameters["ministry.mode"]
    if mode in UNDECIDED_MODES:
        raise InputError(
            f"in `{scenario.name}` {UNDECIDED_MODES[mode]} (`ministry.mode={mode}`), so there are no reasons to show; "
            "where it is `emergent`, as in `historical_emergent`, the ministry decides"
        )
    stage = DECISIONS[question.decision]
    taken = {"partner": ministry.joined, "pilot": ministry.pilot, "national": ministry.national}[stage]
    rows = [
        {"date": date_of(e.month), **month_terms(question, e), "taken": e.month == taken}
        for e in entries(question.run.world, "adoption")
        if e.fields["towards"] == stage and (taken == NEVER or e.month <= taken)
    ]
    return pd.DataFrame(rows, columns=None if rows else ["date", "chance", "draw", "taken"])


def month_terms(question: DecisionQuestion, entry: Entry) -> dict[str, float]:
    """Return the journal's line of a month: chance, the draw of that month, opened and each term."""
    fields = {NAMED.get(name, name): value for name, value in entry.fields.items()}
    stage = STAGES.index(fields.pop("towards")) - 1
    draw = Luck(question.run.seed).once(Stream.STAGE, entry.month, stage)
    return {"chance": fields.pop("chance"), "draw": draw, **fields}


def decisive(months: pd.DataFrame) -> int:
    """Return the place of the month of the decision, or else of the month in which it was likeliest.

    Args:
        months: as `why` returns them, one at least
    """
    return len(months) - 1 if months["taken"].iloc[-1] else int(months["chance"].to_numpy().argmax())


def because(question: DecisionQuestion) -> str:
    """Return the month of the decision, or else the likeliest month: chance, draw, strongest reasons."""
    months, done = why(question), DONE[question.decision]
    if months.empty:
        return f"The ministry never {done}: it never came to the stage before that, so there was no month to decide in."
    row = months.iloc[decisive(months)]
    taken = bool(row["taken"])
    when = f"in {row['date']}" if taken else f"in {len(months)} months that it could have; likeliest in {row['date']}"
    window = (
        "in an open window" if row["opened"] == 1.0 else f"outside a window, which multiplied it by {row['opened']:g}"
    )
    terms = {str(name): float(value) for name, value in row.drop(list(NO_TERMS)).items()}
    reasons = f"{draw_text(row['chance'], row['draw'])}, {window}; {reasons_text(terms)}"
    return f"The ministry {'' if taken else 'never '}{done} {when}: {reasons}."


assert set(DECISIONS.values()) <= set(STAGES)
