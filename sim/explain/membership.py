"""Why an organisation joined the initiative or left it: a chance a month and a draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import date_of
from sim.draws import Stream
from sim.errors import InputError
from sim.explain.question import Question
from sim.explain.replay import Listening, listened
from sim.explain.words import NOTHING, luck, share, signed
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


def why(asked: Question) -> pd.DataFrame:
    """Return a row a month from the launch on: of who is no member the chance to join, of a member the chance to leave.

    Columns: date; who; asked, `join` or `leave`; founder [flag]; chance [share/month]; draw, it came where the draw lies
    below the chance [share]; usual, the chance of its kind, at the launch or later [share/month]; urgency, what shifts it at
    the launch [logit]; approached and `trusted partners joined`, the two parts of the chance later, whose sum it is (at most
    1) [share/month]; trust, mean trust in its partners [share]; `without trust` and `held by trust`, the two terms of
    leaving, whose sum is the logit of its chance [logit]; came [flag]. A part that was not asked for, or that a class of
    one's own decides otherwise, is not a number. Without `who`: only the months in which somebody came or went.

    Raises:
        InputError: an organisation that may never join
    """
    import pandas as pd

    run, launched = asked.run, asked.run.world.initiative.launched
    may_join(asked)
    months = range(max(asked.months.start, launched), asked.months.stop)
    models = listened(run, months) if launched != NEVER and len(months) else ()
    parts = [month_of(asked, model) for model in models]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def may_join(asked: Question) -> None:
    """Raises InputError for an organisation that may never join."""
    if asked.row is None or asked.run.world.organisations.eligible[asked.row]:
        return
    name, kind = asked.name, KINDS.index(asked.kind)
    if kind == MINISTRY:
        raise InputError(f'{name} joins by deciding to, as a stage: ask for `why("ministry_joins")`')
    if kind == BACKBONE:
        raise InputError(f"{name} convenes the initiative and is no member of it, so it neither joins nor leaves")
    if not KINDS.having("may_join")[kind]:
        raise InputError(f"{name} may never join, as no {asked.kind} may (`may_join` of its class)")
    raise InputError(f"{name} may never join: the file of organisations says so in its column `joins`")


def month_of(asked: Question, model: Listening) -> pd.DataFrame:
    """What the last month of a model decided: the row of who is asked about, or of everyone who came or went."""
    import pandas as pd

    world, (trust,), leaves, _ = model.heard["chance_of_leaving"]
    table, month, p = world.organisations, world.month, model.parameters.network
    launch = month == world.initiative.launched
    lucky = model.luck(Stream.LAUNCH, 0, table.id) if launch else model.luck(Stream.JOINING, month, table.id)
    logit = pledging.logit_of_leaving(trust, base=p.leaving_base, by_trust=p.leaving_by_trust)
    by_rule = table.member & ~table.founder & np.isclose(chance(logit), leaves, rtol=1e-9, atol=0.0)
    joins = joining(model, world) if launch else model.heard["chance_of_joining"].answer
    columns: dict[str, Any] = {
        "date": date_of(month),
        "who": asked.names,
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
    return frame[frame["came"]] if asked.row is None else frame.iloc[[asked.row]]


def parts_at_launch(model: Listening, world: World) -> dict[str, Any]:
    """Return the parts of the chance to be there at the launch; shapes (organisations,)."""
    table, none = world.organisations, np.full(len(world.organisations), np.nan)
    open_to = ~table.member & ~table.founder
    usual = table.trait(model.parameters.kinds, "joins_at_launch")
    urgency = model.parameters.calendar.urgency * (world.initiative.salience - USUAL_SALIENCE)
    parts = np.where(open_to, usual, np.nan), np.where(open_to, urgency, np.nan)
    return dict(zip(PARTS, (*parts, none, none), strict=True))


def parts_later(model: Listening, world: World) -> dict[str, Any]:
    """Return the parts of the chance to join later: approached, and trusted partners who have joined; shapes (organisations,)."""
    table, p, effort = world.organisations, model.parameters.network, world.initiative.recruiting
    _, (joined,), answer, _ = model.heard["chance_of_joining"]
    usual = table.trait(model.parameters.kinds, "joins_later") * p.joining

    def part(by_recruiting: float, by_partners: float) -> Any:
        return pledging.chance_of_joining(usual, effort, joined, by_recruiting=by_recruiting, by_partners=by_partners)

    by_rule = ~table.member & np.isclose(part(p.by_recruiting, p.by_partners), answer, rtol=1e-9, atol=0.0)
    parts = usual, part(p.by_recruiting, 0.0), part(0.0, p.by_partners)
    own = [np.where(by_rule, each, np.nan) for each in parts]
    return dict(zip(PARTS, (own[0], np.full(len(table), np.nan), *own[1:]), strict=True))


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
    """Months in which nobody moved, with the greatest chance and its parts."""
    first, last, likeliest = (
        told["date"].iloc[0],
        told["date"].iloc[-1],
        told.iloc[int(told["chance"].to_numpy().argmax())],
    )
    when = f"in {first}" if len(told) == 1 else f"in the {len(told)} months from {first} to {last}"
    if told["founder"].all():
        return f"{when}, as founders do"
    most = f"chance at most {share(likeliest['chance'])} a month{parted(likeliest)}"
    return f"{when}: {most}, and no draw fell below that of its month"


def parted(row: pd.Series) -> str:
    """Return the two parts of a chance to join, where it has them."""
    if not np.isfinite(row["approached"]):
        return ""
    approached, partners = share(row["approached"]), share(row["trusted partners joined"])
    return f" ({approached} because it was approached, {partners} because partners that it trusts had joined)"


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
        usual = (
            f"every {kind} had the chance {share(row['usual'])} (`kinds.{kind}.joins_at_launch`), whatever its trust"
        )
        much = "as much as" if abs(row["urgency"]) < NOTHING else "more than" if row["urgency"] > 0.0 else "less than"
        urgent = f"shifted by urgency ({signed(row['urgency'])} on the logit scale, `calendar.urgency`)"
        talk = f"the problem was talked about {much} usual"
        return f"{name} joined at the launch in {row['date']}: {said}; {usual}, {urgent}, as {talk}."
    when = f"{name} joined{' again' if again else ''} in {row['date']}"
    if not np.isfinite(row["approached"]):
        return f"{when}: {said}; the class that decides for it set this chance."
    return f"{when}: {said}; the chance is the sum of two parts{parted(row)}."
