"""What a search found, run again with fresh luck: compared in pairs with what is as it is, and said in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments.allocating import LAUNCH, Levers, launch_of
from sim.analysis.doubling import Doubling, reached
from sim.analysis.effects import estimate, paired
from sim.analysis.fronts import MIN, WORST_QUARTER, best, unbeaten, worth
from sim.dates import date_of
from sim.declare import Mistake

AS_IS = "as it is"
"""What the scenario's own decision is called."""

ENOUGH = 20
"""Fresh replicates below which a bootstrap's intervals are too narrow to be claimed."""


def confirmed(
    runs: pd.DataFrame, chosen: pd.DataFrame, levers: Levers, goals: Mapping[str, str], doubling: Doubling
) -> pd.DataFrame:
    """What decisions are worth in fresh runs.

    Args:
        runs: a row a run; `decision` 0 for what is as it is, then in the order of `chosen`
        chosen: decisions of the search, with what they were worth there
        levers: what was decided
        goals: outcomes with their directions
        doubling: that is counted

    Returns:
        a row a decision, what is as it is first: decision, what is decided, and for each goal its mean with low and high
        (95%, bootstrap over replicates), `_worst_quarter`, `_less_as_is` with low and high (within pairs), `_searched`;
        doubled [share of runs], n [runs], unbeaten [flag]

    Raises Mistake where a decision has no run.
    """
    names = [AS_IS, *(str(number) for number in range(1, len(chosen) + 1))]
    decided = [levers.as_is, *chosen[levers.names].to_dict("records")]
    before = [dict.fromkeys(goals, float("nan")), *chosen[list(goals)].to_dict("records")]
    runs = runs.assign(decision=[names[int(place)] for place in runs["decision"]])
    missing = [name for name in names if not (runs["decision"] == name).any()]
    if missing:
        raise Mistake(f"every run of decision {missing[0]} failed: there is nothing to compare")
    rows = []
    for name, values, searched in zip(names, decided, before, strict=True):
        mine = runs[runs["decision"] == name]
        about: dict[str, Any] = {"decision": name, **values}
        for goal, way in goals.items():
            about |= {**valued(mine[goal], goal, way), f"{goal}_searched": searched[goal]}
        rows.append(about | {"doubled": float(reached(mine, doubling).mean()), "n": len(mine)})
    table = pd.DataFrame(rows)
    for goal in goals:
        found = paired(runs, AS_IS, names[1:], goal, by="decision")
        for column, said in (("difference", ""), ("low", "_low"), ("high", "_high")):
            table[f"{goal}_less_as_is{said}"] = [0.0, *found[column]]
    return table.assign(unbeaten=unbeaten(table, goals))


def valued(values: pd.Series[float], goal: str, way: str) -> dict[str, float]:
    """Mean of a goal with its interval, and the mean of the quarter in which it does worst."""
    found = estimate(values)
    return {goal: found.mean, f"{goal}_low": found.low, f"{goal}_high": found.high,
            f"{goal}_{WORST_QUARTER}": worth(values, way, WORST_QUARTER)}  # fmt: skip


def in_words(
    table: pd.DataFrame, levers: Levers, goals: Mapping[str, str], counts: Mapping[str, int], doubling: Doubling
) -> str:
    """What was found, never said more strongly than its intervals allow."""
    ways = ", ".join(f"{'less' if way == MIN else 'more'} {goal}" for goal, way in goals.items())
    head = (
        f"Decisions over {', '.join(levers.names)}; goals: {ways}.\n"
        f"{counts['decisions']:,} decisions were tried, {counts['front']:,} of them beaten by none in the search; "
        f"{len(table) - 1:,} were run again with {counts['replicates']:,} fresh replicates."
    )
    said = [f"{AS_IS}: {decision(table.iloc[0], levers)}: {worths(table.iloc[0], goals)}"]
    finalists = table.iloc[1:]
    for goal, way in goals.items():
        row = finalists.loc[best(finalists.assign(**{goal: finalists[f"{goal}_searched"]}), goal, way)]
        said.append(f"{'least' if way == MIN else 'most'} {goal} in the search: {decision(row, levers)}: "
                    f"{worths(row, goals)}; against {AS_IS} {against(row, goals)}")  # fmt: skip
    said.append(verdict(finalists, goals))
    shown = table[["decision", *levers.names, *goals, "doubled", "unbeaten"]].round(3).to_string(index=False)
    if counts["replicates"] < ENOUGH:
        said.append(
            f"With fewer than {ENOUGH} fresh replicates intervals are too narrow: try it out, but claim nothing."
        )
    return "\n\n".join([head, *said, f"Means over fresh replicates; doubled: {doubling.description}", shown])


def decision(row: Any, levers: Levers) -> str:
    """A decision in words: percents of the budget, the month of the launch, other levers."""
    parts = [f"{name.split('.')[-1]} {row[name] / levers.total:.0%}" for name in levers.split]
    if levers.launch:
        parts.append(f"launch {date_of(launch_of(levers.case) + int(row[LAUNCH]))}")
    return ", ".join(parts + [f"{factor.name} {figure(row[factor.name])}" for factor in levers.factors])


def worths(row: Any, goals: Mapping[str, str]) -> str:
    """What a decision is worth by each goal, with intervals."""
    return ", ".join(
        f"{goal} {figure(row[goal])} ({figure(row[f'{goal}_low'])} to {figure(row[f'{goal}_high'])})" for goal in goals
    )


def against(row: Any, goals: Mapping[str, str]) -> str:
    """Differences of a decision from what is as it is, within pairs."""
    keys = [f"{goal}_less_as_is" for goal in goals]
    return ", ".join(
        f"{signed(row[key])} ({signed(row[f'{key}_low'])} to {signed(row[f'{key}_high'])})" for key in keys
    )


def sure(finalists: pd.DataFrame, goal: str, way: str) -> pd.Series[bool]:
    """Finalists whose whole interval is better than what is as it is by one goal."""
    key = f"{goal}_less_as_is"
    return finalists[f"{key}_high"] < 0 if way == MIN else finalists[f"{key}_low"] > 0


def verdict(finalists: pd.DataFrame, goals: Mapping[str, str]) -> str:
    """How many finalists are surely better than what is as it is, by each goal and by all of them."""
    better = pd.DataFrame({goal: sure(finalists, goal, way) for goal, way in goals.items()})
    said = [
        f"{goal}: {count} of {len(finalists)}" if count else f"{goal}: none, so that no gain can be claimed"
        for goal, count in better.sum().items()
    ]
    every = finalists.loc[better.all(axis=1), "decision"].tolist()
    both = f"in every goal at once: decision {', '.join(every)}" if every else "in every goal at once: none"
    return (
        f"Surely better than {AS_IS} (the whole 95% interval within pairs, each taken alone): "
        f"{'; '.join([*said, both] if len(goals) > 1 else said)}."
    )


def figure(value: Any) -> str:
    """A number with three figures or in whole thousands; a word as it is."""
    if isinstance(value, str | bool):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def signed(value: float) -> str:
    """A difference with its sign."""
    return f"{value:+,.0f}" if abs(value) >= 100 else f"{value:+.2g}"
