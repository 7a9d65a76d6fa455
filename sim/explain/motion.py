"""Votes on motions: members of the committee, those who follow, and the reasons of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import date_of
from sim.draws import Stream
from sim.errors import InputError, counted
from sim.explain.question import DecisionQuestion
from sim.explain.replay import ReplayModel, ReplayQuery, replayed
from sim.explain.words import draw_text, reasons_text, share_text
from sim.phases.motions import seats
from sim.rules.arrays import Flags
from sim.rules.logit import chance, logit_of
from sim.world.state import MOTIONS, Entry, entries

if TYPE_CHECKING:
    import pandas as pd

BEFORE = ["date", "motion", "who", "seat", "asked", "distance", "trust"]
AFTER = ["chance", "draw", "accepted", "votes", "quorum", "passed"]


def why(question: DecisionQuestion) -> pd.DataFrame:
    """Return a row a month in which a motion was put and a member that was asked.

    Columns: date; motion; who; seat, whether it sits in the steering committee [flag]; asked, `vote`, or `follow` of those
    outside a committee that passed the motion; distance from its position to the motion [share]; trust, of who votes in who
    proposes, of who follows in those of its own kind who sit there [share]; each reason, whose sum is the logit of the chance
    [logit], not a number where a user's class decides; chance; draw, it accepted where the draw lies below the
    chance [share]; accepted [flag]; votes, part of the votes that were for it, the quorum needed [share], and passed [flag],
    the same for all of a month. Without `who`: everyone who was asked; without `motion`: every motion.

    Raises:
        InputError: the organisation has no vote
    """
    import pandas as pd

    require_may_vote(question)
    months = sorted({each.month for each in motion_entries(question)})
    parts = [
        vote_of(question, model, entry)
        for model in replayed(question.run, months)
        for entry in motion_entries(question, model)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*BEFORE, *AFTER])


def require_may_vote(question: DecisionQuestion) -> None:
    """Check that an organisation may vote.

    Raises:
        InputError: it may not
    """
    table = question.run.world.organisations
    if question.row is not None and not (table.eligible[question.row] or table.member[question.row]):
        raise InputError(f"{question.name} has no vote on motions: only members vote, and it cannot become a member")


def motion_entries(question: DecisionQuestion, model: ReplayModel | None = None) -> list[Entry]:
    """Return the times that the motions in question were put, in the months in question or in the last month of a model."""
    months = question.months if model is None else (model.world.month - 1,)
    every = [each for each in entries(question.run.world, "motion") if each.month in months]
    return [each for each in every if question.motion in (None, MOTIONS.index(each.fields["motion"]))]


def vote_of(question: DecisionQuestion, model: ReplayModel, entry: Entry) -> pd.DataFrame:
    """Return the members asked about a motion in the last month of a model, or the one in question among them.

    Args:
        question: about the run
        model: after the month
        entry: of the journal
    """
    import pandas as pd

    at = [each.fields["motion"] for each in entries(question.run.world, "motion") if each.month == entry.month].index(
        entry.fields["motion"]
    )
    query = model.queries["chance_of_accepting"][at]
    seated, member, votes = seats(model, query.world), query.world.organisations.member, entry.fields["accepted"]
    quorum = model.parameters.deliberation.quorum
    parts = [answers(question, model, entry, query, seated if seated.any() else member)]
    if seated.any() and votes >= quorum:
        parts.append(answers(question, model, entry, model.queries["chance_of_following"][at], member & ~seated))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(votes=votes, quorum=quorum, passed=votes >= quorum)


def answers(
    question: DecisionQuestion, model: ReplayModel, entry: Entry, query: ReplayQuery, among: Flags
) -> pd.DataFrame:
    """Return the answers of some members who were asked to vote or to follow.

    Args:
        question: about the run
        model: after the month
        entry: of the journal
        query: of the decision
        among: members who were asked [flag], shape (organisations,)
    """
    import pandas as pd

    table, follows = query.world.organisations, query.circumstances[2:] == ()
    terms = {name: np.asarray(value, dtype=float) for name, value in query.reasons.get("acceptance_terms", {}).items()}
    by_rule = np.isclose(chance(logit_of(terms)), query.answer, rtol=1e-9, atol=0.0) if terms else False
    number = np.full(len(table), MOTIONS.index(entry.fields["motion"]))
    draw = model.luck(Stream.FOLLOWING if follows else Stream.ACCEPTANCE, entry.month, table.id, number)
    columns: dict[str, Any] = {
        "date": date_of(entry.month),
        "motion": entry.fields["motion"],
        "who": question.names,
        "seat": seats(model, query.world),
        "asked": "follow" if follows else "vote",
        "distance": query.circumstances[0],
        "trust": query.circumstances[1],
        **{name: np.where(by_rule, value, np.nan) for name, value in terms.items()},
        "chance": query.answer,
        "draw": draw,
        "accepted": draw < query.answer,
    }
    shown = among if question.row is None else among & (np.arange(len(table)) == question.row)
    return pd.DataFrame(columns)[shown]


def because(question: DecisionQuestion) -> str:
    """Return the last vote on a motion in the time in question: of all members, or of one, with the reasons."""
    if question.motion is None:
        raise InputError(f'`motion` is missing; name one, for example `because("motion", motion="{MOTIONS[0]}")`')
    require_may_vote(question)
    motion, when = MOTIONS[question.motion], " in the time asked about" if question.dated else ""
    times, table = motion_entries(question), why(question)
    if not times:
        return f"`{motion}` was not put to a vote{when}."
    if table.empty:
        only = "members vote, and those outside the steering committee follow where it passes"
        return f"{question.names[question.row or 0]} was not asked about `{motion}`{when}: {only}."
    last = table[table["date"] == table["date"].iloc[-1]]
    before = [each for each in times if date_of(each.month) < last["date"].iloc[0]]
    return (committee_text(last) if question.row is None else member_text(question.name, last.iloc[0])) + repeats_text(
        before
    )


def repeats_text(before: list[Entry]) -> str:
    """Return the number of times that a motion had been put before, in words."""
    if not before:
        return ""
    best = max(float(each.fields["accepted"]) for each in before)
    first = f"first in {date_of(before[0].month)}"
    times = counted(len(before), "time")
    return f" It had been put {times} before, {first}, with at most {share_text(best)} of the votes for it."


def votes_text(row: pd.Series) -> str:
    """Return the result of the vote in words.

    Args:
        row: of an organisation [row]
    """
    return f"{share_text(row['votes'])} of the votes were for it, and {share_text(row['quorum'])} are needed"


def member_text(name: str, row: pd.Series) -> str:
    """Return the answer of one member in a sentence.

    Args:
        name: of the member
        row: of an organisation [row]
    """
    if row["asked"] == "follow":
        done = f"{name}, outside the steering committee, {'followed' if row['accepted'] else 'did not follow'}"
    else:
        seat = "in the steering committee" if row["seat"] else "as every member, since no committee sat,"
        done = f"{name} voted {seat} {'for' if row['accepted'] else 'against'}"
    drawn = draw_text(row["chance"], row["draw"])
    fell = f"{'passed' if row['passed'] else 'was refused'}: {votes_text(row)}"
    return f"{done} `{row['motion']}` in {row['date']}: {drawn}; {reasons_text(terms_of(row))}. The motion {fell}."


def committee_text(table: pd.DataFrame) -> str:
    """Return the result of the vote on a motion in one month, and the mean reasons, in two sentences.

    Args:
        table: as `why` returns it
    """
    row, vote = table.iloc[0], table[table["asked"] == "vote"]
    who = "seats of the steering committee" if row["seat"] else "members, as no committee sat,"
    fell = f"`{row['motion']}` {'passed' if row['passed'] else 'was refused'} in {row['date']}"
    text = f"{fell}: {int(vote['accepted'].sum())} of {len(vote)} {who} voted for it; {votes_text(row)}"
    follow = table[table["asked"] == "follow"]
    if len(follow):
        text += f". Of {counted(len(follow), 'other member')} {int(follow['accepted'].sum())} followed"
    mean = vote.mean(numeric_only=True)
    reasons = reasons_text(terms_of(mean))
    return f"{text}. On the mean of those who voted the chance was {share_text(float(mean['chance']))}; {reasons}."


def terms_of(row: pd.Series) -> dict[str, float]:
    """Return the reasons in a row of `why`, or in a mean of rows [logit].

    Args:
        row: of an organisation [row]
    """
    return {
        str(name): float(row[name]) for name in row.index if name not in (*BEFORE, *AFTER) and np.isfinite(row[name])
    }
