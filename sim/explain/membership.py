"""Why an organisation joined the initiative or left it: a chance a month and a draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import date_of
from sim.draws import Stream
from sim.errors import Mistake
from sim.explain.question import Question
from sim.explain.replay import Listening, listened
from sim.explain.words import luck, share, signed
from sim.phases.convene import joining
from sim.rules import pledging
from sim.rules.logit import chance
from sim.world.organisations import BACKBONE, KINDS, MINISTRY
from sim.world.state import NEVER

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["date", "who", "asked", "founder", "chance", "draw", "trust", "without trust", "held by trust", "came"]


def why(asked: Question) -> pd.DataFrame:
    """A row a month from the launch on: of who is no member the chance to join, of a member the chance to leave.

    Columns: date; who; asked, `join` or `leave`; founder [flag]; chance [share/month]; draw, it came where the draw lies
    below the chance [share]; trust, mean trust in its partners [share]; `without trust` and `held by trust`, the two
    terms of leaving, whose sum is the logit of its chance [logit], not a number where nobody is asked to leave, founders
    stay or a class of one's own decides; came [flag]. Without `who`: only the months in which somebody came or went.

    Raises Mistake for an organisation that may never join.
    """
    import pandas as pd

    run, launched = asked.run, asked.run.world.initiative.launched
    may_join(asked)
    months = range(max(asked.months.start, launched), asked.months.stop)
    models = listened(run, months) if launched != NEVER and len(months) else ()
    parts = [month_of(asked, model) for model in models]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def may_join(asked: Question) -> None:
    """Raises Mistake for an organisation that may never join."""
    if asked.row is None or asked.run.world.organisations.eligible[asked.row]:
        return
    name, kind = asked.name, KINDS.index(asked.kind)
    if kind == MINISTRY:
        raise Mistake(f'{name} joins by deciding to, as a stage: ask for `why("ministry_joins")`')
    if kind == BACKBONE:
        raise Mistake(f"{name} convenes the initiative and is no member of it, so it neither joins nor leaves")
    if not KINDS.having("may_join")[kind]:
        raise Mistake(f"{name} may never join, as no {asked.kind} may (`may_join` of its class)")
    raise Mistake(f"{name} may never join: the file of organisations says so in its column `joins`")


def month_of(asked: Question, model: Listening) -> pd.DataFrame:
    """What the last month of a model decided: the row of who is asked about, or of everyone who came or went."""
    import pandas as pd

    world, (trust,), leaves = model.heard["chance_of_leaving"]
    table, month, p = world.organisations, world.month, model.parameters.network
    launch = month == world.initiative.launched
    lucky = model.luck(Stream.LAUNCH, 0, table.id) if launch else model.luck(Stream.JOINING, month, table.id)
    logit = pledging.logit_of_leaving(trust, base=p.leaving_base, by_trust=p.leaving_by_trust)
    by_rule = table.member & ~table.founder & np.isclose(chance(logit), leaves, rtol=1e-9, atol=0.0)
    columns: dict[str, Any] = {
        "date": date_of(month),
        "who": asked.names,
        "asked": np.where(table.member, "leave", "join"),
        "founder": table.founder,
        "chance": np.where(table.member, np.where(table.founder, 0.0, leaves), joining(model, world)),
        "draw": np.where(table.member, model.luck(Stream.LEAVING, month, table.id), lucky),
        "trust": trust,
        "without trust": np.where(by_rule, p.leaving_base, np.nan),
        "held by trust": np.where(by_rule, -p.leaving_by_trust * trust, np.nan),
        "came": table.member != model.world.organisations.member,
    }
    frame = pd.DataFrame(columns)
    return frame[frame["came"]] if asked.row is None else frame.iloc[[asked.row]]


def because(asked: Question) -> str:
    """When it joined, or that it did not, and whether it left, with chance and draw."""
    name, told, when = asked.name, why(asked), " in the time asked about" if asked.dated else ""
    if told.empty:
        return f"{name} was not asked to join{when}: the initiative had not been launched."
    rows = [row for _, row in told[told["came"]].iterrows()]
    if rows:
        return " ".join(moved(row, asked, again=k > 0) for k, row in enumerate(rows))
    if told["asked"].iloc[0] == "leave":
        return f"{name} was a member and stayed {span(told)}."
    launch = told["date"] == date_of(asked.run.world.initiative.launched)
    first = [luck(row["chance"], row["draw"], "at the launch") for _, row in told[launch].iterrows()]
    parts = first + ([span(told[~launch])] if len(told[~launch]) else [])
    return f"{name} did not join{when}: {'; '.join(parts)}."


def span(told: pd.DataFrame) -> str:
    """Months in which nobody moved, with the greatest chance."""
    first, last, chance = told["date"].iloc[0], told["date"].iloc[-1], told["chance"].max()
    when = f"in {first}" if len(told) == 1 else f"in the {len(told)} months from {first} to {last}"
    if told["founder"].all():
        return f"{when}, as founders do"
    return f"{when}: chance at most {share(chance)} a month, and no draw fell below that of its month"


def moved(row: pd.Series, asked: Question, again: bool) -> str:
    """One coming or going, in a sentence."""
    name, kind, said = "It" if again else asked.name, asked.kind, luck(row["chance"], row["draw"])
    if row["asked"] == "leave":
        terms = (
            f"; on the logit scale its chance is {signed(row['without trust'])} without any trust, and its mean trust in "
            f"partners, {row['trust']:.2f}, adds {signed(row['held by trust'])}"
        )
        terms = terms if np.isfinite(row["without trust"]) else ""
        return f"{name} left in {row['date']}: {said}{terms}."
    launch = row["date"] == date_of(asked.run.world.initiative.launched)
    if launch and row["founder"]:
        return f"{name} is a founder: it takes part from the launch in {row['date']} on."
    if launch:
        same = f"every {kind} had this chance, whatever its trust (`kinds.{kind}.joins_at_launch`)"
        return f"{name} joined at the launch in {row['date']}: {said}; {same}."
    same = f"every {kind} outside had this chance, whatever its trust (`kinds.{kind}.joins_later` x `network.joining`)"
    return f"{name} joined{' again' if again else ''} in {row['date']}: {said}; {same}."
