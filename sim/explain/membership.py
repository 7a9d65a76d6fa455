"""Joining and leaving of organisations: a chance and a draw each month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import date_of
from sim.draws import Stream
from sim.errors import InputError
from sim.explain.question import DecisionQuestion
from sim.explain.replay import ReplayModel, replayed
from sim.explain.words import NOTHING, draw_text, share_text, signed_text
from sim.phases.convene import USUAL_SALIENCE, joining
from sim.rules import pledging
from sim.rules.logit import chance
from sim.world.organisations import BACKBONE, KINDS, MINISTRY
from sim.world.state import NEVER, World

if TYPE_CHECKING:
    import pandas as pd

PARTS = ["usual", "urgency", "approached", "trusted partners joined"]
COLUMNS = ["date", "who", "asked", "founder", "chance", "draw", *PARTS, "trust", "without trust", "held by trust",
           "came"]  # fmt: skip


def why(question: DecisionQuestion) -> pd.DataFrame:
    """Return a row a month from the launch on: the chance of a non-member to join, of a member to leave.

    Columns: date; who; asked, `join` or `leave`; founder [flag]; chance [share/month]; draw, it came where the draw lies
    below the chance [share]; usual, the chance of its kind, at the launch or later [share/month]; urgency, what shifts it at
    the launch [logit]; approached and `trusted partners joined`, the two parts of the chance later, whose sum it is (at most
    1) [share/month]; trust, mean trust in its partners [share]; `without trust` and `held by trust`, the two terms of
    leaving, whose sum is the logit of its chance [logit]; came [flag]. A part that does not apply, or that a user's class
    decides, is not a number. Without `who`: only the months in which somebody came or went.

    Raises:
        InputError: the organisation may never join
    """
    import pandas as pd

    run, launched = question.run, question.run.world.initiative.launched
    require_may_join(question)
    months = range(max(question.months.start, launched), question.months.stop)
    models = replayed(run, months) if launched != NEVER and len(months) else ()
    parts = [month_of(question, model) for model in models]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def require_may_join(question: DecisionQuestion) -> None:
    """Check that an organisation may ever join.

    Raises:
        InputError: it may not
    """
    if question.row is None or question.run.world.organisations.eligible[question.row]:
        return
    name, kind = question.name, KINDS.index(question.kind)
    if kind == MINISTRY:
        raise InputError(f'{name} joins as a stage of its engagement; use `why("ministry_joins")`')
    if kind == BACKBONE:
        raise InputError(f"{name} convenes the initiative and is not a member, so it neither joins nor leaves")
    if not KINDS.having("may_join")[kind]:
        raise InputError(f"{name} may never join: `may_join` of its class is false")
    raise InputError(f"{name} may never join: the file of organisations says so in its column `joins`")


def month_of(question: DecisionQuestion, model: ReplayModel) -> pd.DataFrame:
    """Return the decisions of a model's last month: of the organisation in question, or of everyone who came or went."""
    import pandas as pd

    world, (trust,), leaves, _ = model.last_queries["chance_of_leaving"]
    table, month, p = world.organisations, world.month, model.parameters.network
    launch = month == world.initiative.launched
    lucky = model.luck(Stream.LAUNCH, 0, table.id) if launch else model.luck(Stream.JOINING, month, table.id)
    logit = pledging.logit_of_leaving(trust, base=p.leaving_base, by_trust=p.leaving_by_trust)
    by_rule = table.member & ~table.founder & np.isclose(chance(logit), leaves, rtol=1e-9, atol=0.0)
    joins = joining(model, world) if launch else model.last_queries["chance_of_joining"].answer
    columns: dict[str, Any] = {
        "date": date_of(month),
        "who": question.names,
        "asked": np.where(table.member, "leave", "join"),
        "founder": table.founder,
        "chance": np.where(table.member, np.where(table.founder, 0.0, leaves), joins),
        "draw": np.where(table.member, model.luck(Stream.LEAVING, month, table.id), lucky),
        **(parts_at_launch if launch else parts_later)(model, world),
        "trust": trust,
        "without trust": np.where(by_rule, p.leaving_base, np.nan),
        "held by trust": np.where(by_rule, -p.leaving_by_trust * trust, np.nan),
        "came": table.member != model.world.organisations.member,
    }
    frame = pd.DataFrame(columns)
    return frame[frame["came"]] if question.row is None else frame.iloc[[question.row]]


def parts_at_launch(model: ReplayModel, world: World) -> dict[str, Any]:
    """Return the parts of the chance to join at the launch; shapes (organisations,)."""
    table, none = world.organisations, np.full(len(world.organisations), np.nan)
    open_to = ~table.member & ~table.founder
    usual = table.trait(model.parameters.kinds, "joins_at_launch")
    urgency = model.parameters.calendar.urgency * (world.initiative.salience - USUAL_SALIENCE)
    parts = np.where(open_to, usual, np.nan), np.where(open_to, urgency, np.nan)
    return dict(zip(PARTS, (*parts, none, none), strict=True))


def parts_later(model: ReplayModel, world: World) -> dict[str, Any]:
    """Return the parts of the chance to join later: recruiting, and trusted partners who joined; shapes (organisations,)."""
    table, p, effort = world.organisations, model.parameters.network, world.initiative.recruiting
    _, (joined,), answer, _ = model.last_queries["chance_of_joining"]
    usual = table.trait(model.parameters.kinds, "joins_later") * p.joining

    def part(by_recruiting: float, by_partners: float) -> Any:
        return pledging.chance_of_joining(usual, effort, joined, by_recruiting=by_recruiting, by_partners=by_partners)

    by_rule = ~table.member & np.isclose(part(p.by_recruiting, p.by_partners), answer, rtol=1e-9, atol=0.0)
    parts = usual, part(p.by_recruiting, 0.0), part(0.0, p.by_partners)
    own = [np.where(by_rule, each, np.nan) for each in parts]
    return dict(zip(PARTS, (own[0], np.full(len(table), np.nan), *own[1:]), strict=True))


def because(question: DecisionQuestion) -> str:
    """Return when an organisation joined and left, or that it did not, with chance and draw."""
    name, table, when = question.name, why(question), " in the time asked about" if question.dated else ""
    if table.empty:
        return f"{name} was not asked to join{when}: the initiative had not been launched."
    rows = [row for _, row in table[table["came"]].iterrows()]
    if rows:
        return " ".join(move_text(row, question, again=k > 0) for k, row in enumerate(rows))
    if table["asked"].iloc[0] == "leave":
        return f"{name} was a member and stayed {span_text(table)}."
    launch = table["date"] == date_of(question.run.world.initiative.launched)
    first = [draw_text(row["chance"], row["draw"], "at the launch") for _, row in table[launch].iterrows()]
    parts = first + ([span_text(table[~launch])] if len(table[~launch]) else [])
    return f"{name} did not join{when}: {'; '.join(parts)}."


def span_text(table: pd.DataFrame) -> str:
    """Return the months in which nobody moved, with the greatest chance and its parts, in words.

    Args:
        table: as `why` returns it
    """
    first, last, likeliest = (
        table["date"].iloc[0],
        table["date"].iloc[-1],
        table.iloc[int(table["chance"].to_numpy().argmax())],
    )
    when = f"in {first}" if len(table) == 1 else f"in the {len(table)} months from {first} to {last}"
    if table["founder"].all():
        return f"{when}, as founders do"
    most = f"chance at most {share_text(likeliest['chance'])} a month{parts_text(likeliest)}"
    return f"{when}: {most}, and no draw fell below that of its month"


def parts_text(row: pd.Series) -> str:
    """Return the two parts of a chance to join in words, where it has them.

    Args:
        row: of an organisation [row]
    """
    if not np.isfinite(row["approached"]):
        return ""
    approached, partners = share_text(row["approached"]), share_text(row["trusted partners joined"])
    return f" ({approached} because it was approached, {partners} because partners that it trusts had joined)"


def move_text(row: pd.Series, question: DecisionQuestion, again: bool) -> str:
    """Return one joining or leaving in a sentence."""
    name, kind, drawn = "It" if again else question.name, question.kind, draw_text(row["chance"], row["draw"])
    if row["asked"] == "leave":
        held = row["held by trust"]
        much = "no likelier" if abs(held) < NOTHING else "likelier" if held > 0.0 else "less likely"
        terms = (
            f"; its mean trust in partners, {row['trust']:.2f}, made this {much} ({signed_text(held)} logits, on top of "
            f"{signed_text(row['without trust'])} without any trust)"
        )
        terms = terms if np.isfinite(row["without trust"]) else ""
        return f"{name} left in {row['date']}: {drawn}{terms}."
    launch = row["date"] == date_of(question.run.world.initiative.launched)
    if launch and row["founder"]:
        return f"{name} is a founder: it takes part from the launch in {row['date']} on."
    if launch:
        usual = f"every {kind} had the chance {share_text(row['usual'])} (`kinds.{kind}.joins_at_launch`), whatever its trust"
        much = "as much as" if abs(row["urgency"]) < NOTHING else "more than" if row["urgency"] > 0.0 else "less than"
        urgent = f"shifted by urgency ({signed_text(row['urgency'])} logits, `calendar.urgency`)"
        talk = f"the problem was talked about {much} usual"
        return f"{name} joined at the launch in {row['date']}: {drawn}; {usual}, {urgent}, as {talk}."
    when = f"{name} joined{' again' if again else ''} in {row['date']}"
    if not np.isfinite(row["approached"]):
        return f"{when}: {drawn}; the class that decides for it set this chance."
    return f"{when}: {drawn}; the chance is the sum of two parts{parts_text(row)}."
