"""Decisions of a run that a report explains: of the ministry, organisations, owners of schools and the committee."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from sim.errors import InputError
from sim.explain.admission import answer_text
from sim.explain.ministry import DECISIONS, decisive
from sim.findings.numbers import readable_name
from sim.policy import Scenario
from sim.reports import Chapter
from sim.reports.chapters.decisions import Reason, reasons
from sim.runs.run import Run, simulate

QUESTIONS = {
    "ministry_joins": "When and why did the ministry join",
    "pilot": "When and why did it decide on a pilot",
    "national": "When and why did it decide on the national programme",
}
"""Question about each decision of the ministry."""

LARGEST = 10
"""Number of providers, those that promised most, whose refusals are searched."""


def explained(baseline: Scenario, arm: Scenario, seed: int) -> Chapter:
    """Return the chapter with the reasons of decisions in a run of the baseline and in a run of an arm.

    Args:
        baseline: of a comparison
        arm: of the same comparison
        seed: of the runs
    """
    runs = simulate(baseline, seed), simulate(arm, seed)
    answers = [*of_ministry(runs[0]), *of_ministry(runs[1]), *of_motion(runs[0]), *of_approached(runs[0]), *of_partner(runs[0]),
            *of_refusal(runs[0]), *of_pressure(runs[0]), *of_tracks(runs[0])]  # fmt: skip
    called = [readable_name(run.scenario.name) for run in runs]
    return reasons(answers, f"The runs of {called[0]} and of {called[1]} with seed {seed}.")


def of_ministry(run: Run) -> list[Reason]:
    """Return the reasons of the ministry's decisions in a run, or the sentence that it decided nothing."""
    name = readable_name(run.scenario.name)
    try:
        months = {each: run.why(each) for each in DECISIONS}
    except InputError as reason:
        return [Reason(f"What did the ministry decide in {name}?", f"Nothing: {reason}.", run.events.head(0))]
    return [Reason(f"{QUESTIONS[each]} in {name}?", run.because(each), rows, decisive(rows) if len(rows) else None)
            for each, rows in months.items()]  # fmt: skip


def of_partner(run: Run) -> list[Reason]:
    """Return the reasons of the member that delivered most, without the ministry: joining, pledge, largest placement."""
    table, placed = run.organisations, run.placements
    members = table[(table["kind"] != "ministry") & table["member"]].sort_values("money_delivered", ascending=False)
    if members.empty:
        return []
    who, year = str(members["name"].iloc[0]), max(run.worlds)
    answers = answered(lambda: Reason(f"Why did {who}, which delivered most of all members, join?",
                                run.because("joining", who=who), run.why("joining", who=who)))  # fmt: skip
    answers += answered(lambda: Reason(f"Why did {who} pledge what it pledged in the school year {year}?",
                                 run.because("pledge", who=who, year=year), run.why("pledge", who=who, year=year)))  # fmt: skip
    placements = placed[placed["provider"].isin(members["name"])]
    if placements.empty:
        return answers
    row = placements.iloc[int(placements["promised"].to_numpy().argmax())]
    at: dict[str, Any] = {"who": str(row["provider"]), "school": row["school"], "year": int(row["year"])}
    return answers + answered(lambda: Reason(f"Why did {at['who']} work at school {at['school']} in {at['year']}?",
                                       " ".join([run.because("placement", **at), *let_in(run, **at)]),
                                       run.why("placement", **at)))  # fmt: skip


def let_in(run: Run, **at: Any) -> list[str]:
    """Return why the owner of a school admitted a provider; empty for a provider that serves its own schools."""
    try:
        reply = answer_text(run.why("admission", **at).iloc[-1])
    except InputError:
        return []
    return [f"{reply[0].upper()}{reply[1:]}."]


def of_motion(run: Run) -> list[Reason]:
    """Return the reasons of the vote on the motion that was closest to the quorum; of several, the first."""
    votes = run.why("motion").drop_duplicates(["date", "motion"])
    if votes.empty:
        return []
    vote = votes.iloc[int((votes["votes"] - votes["quorum"]).abs().to_numpy().argmin())]
    at: dict[str, Any] = {"motion": str(vote["motion"]), "date": str(vote["date"])}
    fell = "pass" if vote["passed"] else "fail"
    return [Reason(f"Why did the motion `{at['motion']}` {fell} in {at['date']}, the closest vote?",
                   run.because("motion", **at), run.why("motion", **at))]  # fmt: skip


def of_approached(run: Run) -> list[Reason]:
    """Return the reasons of the member whose joining after the launch depended most on being approached."""
    came = run.why("joining")
    came = came[(came["asked"] == "join") & (came["approached"] > 0.0)]
    if came.empty:
        return []
    row = came.iloc[int((came["approached"] - came["trusted partners joined"]).to_numpy().argmax())]
    at: dict[str, Any] = {"who": str(row["who"]), "date": str(row["date"])}
    return [Reason(f"Did {at['who']} join because the backbone approached it?",
                   run.because("joining", **at), run.why("joining", **at))]  # fmt: skip


def of_refusal(run: Run) -> list[Reason]:
    """Return the reasons of the refusal of a provider by the owner of a school that was least likely to admit it."""
    promised = (
        run.placements.groupby("provider", sort=False)["promised"].sum().sort_values(ascending=False, kind="stable")
    )
    parts = [refused(run, str(who)) for who in promised.index[:LARGEST]]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if rows.empty:
        return []
    row = rows.iloc[int(rows["chance"].to_numpy(dtype=float).argmin())]
    at: dict[str, Any] = {"who": str(row["who"]), "school": row["school"], "year": int(row["year"])}
    return [Reason(f"Why was {at['who']} not let into school {at['school']} in {at['year']}?",
                   run.because("admission", **at), run.why("admission", **at))]  # fmt: skip


def refused(run: Run, who: str) -> pd.DataFrame:
    """Return the schools that refused a provider, a row each; empty for a provider that asks no other owner."""
    try:
        answers = run.why("admission", who=who)
    except InputError:
        return pd.DataFrame()
    return answers[~answers["admitted"].astype(bool)]


def of_pressure(run: Run) -> list[Reason]:
    """Return the reasons of the owner of schools whose aim was raised most by published local shares."""
    months = run.why("pledge")
    months = months[(months["pressure"] > 0.0) & months["target"].notna()]
    if months.empty:
        return []
    row = months.iloc[int((months["pressed"] - months["target"]).to_numpy(dtype=float).argmax())]
    at: dict[str, Any] = {"who": str(row["who"]), "date": str(row["date"])}
    return [Reason(f"Did published local shares move {at['who']}?",
                   run.because("pledge", **at), run.why("pledge", **at))]  # fmt: skip


def of_tracks(run: Run) -> list[Reason]:
    """Return the reasons of the last track that opened in a run, and of the last that closed."""
    moved, answers = run.why("track"), []
    for asks, way in (("open", "open its track"), ("close", "close its track")):
        rows = moved[moved["asked"] == asks]
        if len(rows):
            at: dict[str, Any] = {"school": rows["school"].iloc[-1], "year": int(rows["year"].iloc[-1])}
            sentence, rows = run.because("track", **at), run.why("track", **at)
            answers.append(Reason(f"Why did school {at['school']} {way}?", sentence, rows))
    return answers


def answered(question: Callable[[], Reason]) -> list[Reason]:
    """Return a reason in a list; an empty list if the question has no answer.

    Args:
        question: function that returns the reason
    """
    try:
        return [question()]
    except InputError:
        return []
