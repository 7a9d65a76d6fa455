"""Which decisions of a run a report explains: the ministry's, and one of each kind of those who put something in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.errors import Mistake
from sim.explain.ministry import DECISIONS, decisive
from sim.findings.numbers import plain
from sim.policy import Scenario
from sim.reports import Chapter
from sim.reports.chapters.decisions import Reason, reasons
from sim.runs.run import Run, simulate

ASKED = {
    "ministry_joins": "When and why did the ministry join",
    "pilot": "When and why did it decide on a pilot",
    "national": "When and why did it decide on the national programme",
}
"""What is asked of each decision of the ministry."""


def explained(baseline: Scenario, arm: Scenario, seed: int) -> Chapter:
    """Return the chapter of reasons: of the baseline's run of a seed, and of that of an arm.

    Args:
        baseline: of a comparison
        arm: of the same
        seed: of the runs
    """
    runs = simulate(baseline, seed), simulate(arm, seed)
    told = [*of_ministry(runs[0]), *of_ministry(runs[1]), *of_partner(runs[0]), *of_tracks(runs[0])]
    called = [plain(run.case.name) for run in runs]
    return reasons(told, f"The runs of {called[0]} and of {called[1]} with seed {seed}.")


def of_ministry(run: Run) -> list[Reason]:
    """The decisions of the ministry in a run; where it decides nothing, that."""
    name = plain(run.case.name)
    try:
        months = {each: run.why(each) for each in DECISIONS}
    except Mistake as given:
        return [Reason(f"What did the ministry decide in {name}?", f"Nothing: {given}.", run.events.head(0))]
    return [Reason(f"{ASKED[each]} in {name}?", run.because(each), rows, decisive(rows) if len(rows) else None)
            for each, rows in months.items()]  # fmt: skip


def of_partner(run: Run) -> list[Reason]:
    """Joining and pledge of the member that delivered most, the ministry left out, and the largest placement of a member."""
    table, placed = run.organisations, run.placements
    members = table[(table["kind"] != "ministry") & table["member"]].sort_values("money_delivered", ascending=False)
    if members.empty:
        return []
    who, year = str(members["name"].iloc[0]), max(run.worlds)
    told = asked(lambda: Reason(f"Why did {who}, which delivered most of all members, join?",
                                run.because("joining", who=who), run.why("joining", who=who)))  # fmt: skip
    told += asked(lambda: Reason(f"Why did {who} pledge what it pledged in the school year {year}?",
                                 run.because("pledge", who=who, year=year), run.why("pledge", who=who, year=year)))  # fmt: skip
    mine = placed[placed["provider"].isin(members["name"])]
    if mine.empty:
        return told
    row = mine.iloc[int(mine["promised"].to_numpy().argmax())]
    at: dict[str, Any] = {"who": str(row["provider"]), "school": row["school"], "year": int(row["year"])}
    return told + asked(lambda: Reason(f"Why did {at['who']} work at school {at['school']} in {at['year']}?",
                                       run.because("placement", **at), run.why("placement", **at)))  # fmt: skip


def of_tracks(run: Run) -> list[Reason]:
    """The last track that opened in a run, and the last that closed."""
    moved, told = run.why("track"), []
    for asks, way in (("open", "open its track"), ("close", "close it")):
        rows = moved[moved["asked"] == asks]
        if len(rows):
            at: dict[str, Any] = {"school": rows["school"].iloc[-1], "year": int(rows["year"].iloc[-1])}
            said = run.because("track", **at), run.why("track", **at)
            told.append(Reason(f"Why did school {at['school']} {way}?", *said))
    return told


def asked(question: Callable[[], Reason]) -> list[Reason]:
    """A reason, if there is one to be told."""
    try:
        return [question()]
    except Mistake:
        return []
