"""Why a motion passed or was refused: who sits in the committee, votes for it or follows, and by which reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import date_of
from sim.draws import Stream
from sim.errors import InputError, counted
from sim.explain.question import Question
from sim.explain.replay import Heard, Listening, listened
from sim.explain.words import luck, share, weighed
from sim.phases.motions import seats
from sim.rules.arrays import Flags
from sim.rules.logit import chance, logit_of
from sim.world.state import MOTIONS, Entry, entries

if TYPE_CHECKING:
    import pandas as pd

BEFORE = ["date", "motion", "who", "seat", "asked", "distance", "trust"]
AFTER = ["chance", "draw", "accepted", "votes", "quorum", "passed"]


def why(asked: Question) -> pd.DataFrame:
    """Return a row a month in which a motion was put and a member that was asked.

    Columns: date; motion; who; seat, whether it sits in the steering committee [flag]; asked, `vote`, or `follow` of those
    outside a committee that passed the motion; distance from its position to the motion [share]; trust, of who votes in who
    proposes, of who follows in those of its own kind who sit there [share]; each reason, whose sum is the logit of the chance
    [logit], not a number where a class of one's own decides; chance; draw, it accepted where the draw lies below the
    chance [share]; accepted [flag]; votes, part of the votes that were for it, the quorum needed [share], and passed [flag],
    the same for all of a month. Without `who`: everyone who was asked; without `motion`: every motion.

    Raises:
        InputError: an organisation that has no vote
    """
    import pandas as pd

    may_vote(asked)
    months = sorted({each.month for each in put(asked)})
    parts = [vote_of(asked, model, entry) for model in listened(asked.run, months) for entry in put(asked, model)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*BEFORE, *AFTER])


def may_vote(asked: Question) -> None:
    """Raises InputError for an organisation that has no vote."""
    table = asked.run.world.organisations
    if asked.row is not None and not (table.eligible[asked.row] or table.member[asked.row]):
        raise InputError(f"{asked.name} has no vote on motions: members vote, and it is never one of them")


def put(asked: Question, model: Listening | None = None) -> list[Entry]:
    """Times that the motions asked about were put, in the months asked about or in the last month of a model."""
    months = asked.months if model is None else (model.world.month - 1,)
    every = [each for each in entries(asked.run.world, "motion") if each.month in months]
    return [each for each in every if asked.motion in (None, MOTIONS.index(each.fields["motion"]))]


def vote_of(asked: Question, model: Listening, entry: Entry) -> pd.DataFrame:
    """Who was asked about a motion in the last month of a model, or the one asked about among them."""
    import pandas as pd

    at = [each.fields["motion"] for each in entries(asked.run.world, "motion") if each.month == entry.month].index(
        entry.fields["motion"]
    )
    heard = model.asked["chance_of_accepting"][at]
    seated, member, votes = seats(model, heard.world), heard.world.organisations.member, entry.fields["accepted"]
    quorum = model.parameters.deliberation.quorum
    parts = [answers(asked, model, entry, heard, seated if seated.any() else member)]
    if seated.any() and votes >= quorum:
        parts.append(answers(asked, model, entry, model.asked["chance_of_following"][at], member & ~seated))
    told = pd.concat(parts, ignore_index=True)
    return told.assign(votes=votes, quorum=quorum, passed=votes >= quorum)


def answers(asked: Question, model: Listening, entry: Entry, heard: Heard, among: Flags) -> pd.DataFrame:
    """Answers of some members who were asked to vote or to follow."""
    import pandas as pd

    table, follows = heard.world.organisations, heard.circumstances[2:] == ()
    terms = {name: np.asarray(value, dtype=float) for name, value in heard.said.get("acceptance_terms", {}).items()}
    by_rule = np.isclose(chance(logit_of(terms)), heard.answer, rtol=1e-9, atol=0.0) if terms else False
    number = np.full(len(table), MOTIONS.index(entry.fields["motion"]))
    draw = model.luck(Stream.FOLLOWING if follows else Stream.ACCEPTANCE, entry.month, table.id, number)
    columns: dict[str, Any] = {
        "date": date_of(entry.month),
        "motion": entry.fields["motion"],
        "who": asked.names,
        "seat": seats(model, heard.world),
        "asked": "follow" if follows else "vote",
        "distance": heard.circumstances[0],
        "trust": heard.circumstances[1],
        **{name: np.where(by_rule, value, np.nan) for name, value in terms.items()},
        "chance": heard.answer,
        "draw": draw,
        "accepted": draw < heard.answer,
    }
    shown = among if asked.row is None else among & (np.arange(len(table)) == asked.row)
    return pd.DataFrame(columns)[shown]


def because(asked: Question) -> str:
    """Return the last month asked about in which a motion was put: how all voted, or one member, and by which reasons."""
    if asked.motion is None:
        raise InputError(f'say which motion, for example `because("motion", motion="{MOTIONS[0]}")`')
    may_vote(asked)
    motion, when = MOTIONS[asked.motion], " in the time asked about" if asked.dated else ""
    times, told = put(asked), why(asked)
    if not times:
        return f"`{motion}` was not put to a vote{when}."
    if told.empty:
        only = "members vote, and those outside the steering committee follow where it passes"
        return f"{asked.names[asked.row or 0]} was not asked about `{motion}`{when}: {only}."
    last = told[told["date"] == told["date"].iloc[-1]]
    before = [each for each in times if date_of(each.month) < last["date"].iloc[0]]
    return (of_all(last) if asked.row is None else of_one(asked.name, last.iloc[0])) + again(before)


def again(before: list[Entry]) -> str:
    """Number of times that a motion had been put before, in words."""
    if not before:
        return ""
    best = max(float(each.fields["accepted"]) for each in before)
    first = f"first in {date_of(before[0].month)}"
    return f" It had been put {counted(len(before), 'time')} before, {first}, with at most {share(best)} of the votes for it."


def outcome(row: pd.Series) -> str:
    """Result of the vote, in words."""
    return f"{share(row['votes'])} of the votes were for it, and {share(row['quorum'])} are needed"


def of_one(name: str, row: pd.Series) -> str:
    """Answer of one member, in a sentence."""
    if row["asked"] == "follow":
        done = f"{name}, outside the steering committee, {'followed' if row['accepted'] else 'did not follow'}"
    else:
        seat = "in the steering committee" if row["seat"] else "as every member, since no committee sat,"
        done = f"{name} voted {seat} {'for' if row['accepted'] else 'against'}"
    said = luck(row["chance"], row["draw"])
    fell = f"{'passed' if row['passed'] else 'was refused'}: {outcome(row)}"
    return f"{done} `{row['motion']}` in {row['date']}: {said}; {weighed(terms_of(row))}. The motion {fell}."


def of_all(told: pd.DataFrame) -> str:
    """Result of the vote on a motion in one month, and the mean reasons, in two sentences."""
    row, vote = told.iloc[0], told[told["asked"] == "vote"]
    who = "seats of the steering committee" if row["seat"] else "members, as no committee sat,"
    fell = f"`{row['motion']}` {'passed' if row['passed'] else 'was refused'} in {row['date']}"
    said = f"{fell}: {int(vote['accepted'].sum())} of {len(vote)} {who} voted for it; {outcome(row)}"
    follow = told[told["asked"] == "follow"]
    if len(follow):
        said += f". Of {counted(len(follow), 'other member')} {int(follow['accepted'].sum())} followed"
    mean = vote.mean(numeric_only=True)
    reasons = weighed(terms_of(mean))
    return f"{said}. On the mean of those who voted the chance was {share(float(mean['chance']))}; {reasons}."


def terms_of(row: pd.Series) -> dict[str, float]:
    """Return the reasons in a row of `why`, or in a mean of rows [logit]."""
    return {
        str(name): float(row[name]) for name in row.index if name not in (*BEFORE, *AFTER) and np.isfinite(row[name])
    }
