"""What a search found, run again with fresh luck: compared in pairs with what is as it is, and said in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.clusters import clusters_in
from sim.analysis.doubling import Doubling, reached
from sim.analysis.effects import Estimate
from sim.analysis.pareto import MEAN, MIN, ROBUST, best, estimated, unbeaten, worth
from sim.dates import date_of
from sim.errors import Mistake
from sim.findings.numbers import amount, ranged
from sim.labels import label_of

from .allocating import LAUNCH, Levers, launch_of

AS_IS = "as it is"
"""What the scenario's own decision is called."""

ENOUGH = 20
"""Fresh seeds below which a bootstrap's intervals are too narrow to be claimed."""

IN_WORDS = {MEAN: "means over seeds", ROBUST[1]: "means over the quarter of seeds in which each decision does worst"}
"""What figures are, by what a decision is worth."""

OVER = {MEAN: "means within pairs", ROBUST[1]: "means over each one's worst quarter of seeds"}
"""The same, as short as a panel needs."""


@dataclass(frozen=True)
class Asked:
    """What decisions are judged by.

    Args:
        levers: what is decided
        goals: outcomes with their directions
        robust: what a decision is worth over seeds
        doubling: that is counted
    """

    levers: Levers
    goals: Mapping[str, str]
    robust: str
    doubling: Doubling


def confirmed(runs: pd.DataFrame, chosen: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """What decisions are worth in fresh runs.

    Args:
        runs: a row a run; `decision` 0 for what is as it is, then in the order of `chosen`
        chosen: decisions of the search, with what they were worth there
        asked: what they are judged by

    Returns:
        a row a decision, what is as it is first: decision, what is decided, and for each goal what it is worth with low and
        high (95%, bootstrap over seeds), `_less_as_is` with low and high (within pairs), `_mean`, `_worst_quarter`, and
        `_searched`, its worth in the search; doubled [share of runs], n [runs], unbeaten [flag]

    Raises Mistake where a decision has no run.
    """
    names = [AS_IS, *(str(number) for number in range(1, len(chosen) + 1))]
    decided = [asked.levers.as_is, *chosen[asked.levers.names].to_dict("records")]
    before = [dict.fromkeys(asked.goals, float("nan")), *chosen[list(asked.goals)].to_dict("records")]
    by_name = {name: runs[runs["decision"] == place].set_index("seed") for place, name in enumerate(names)}
    missing = [name for name, mine in by_name.items() if not len(mine)]
    if missing:
        raise Mistake(f"every run of decision {missing[0]} failed: there is nothing to compare")
    rows = []
    for name, values, searched in zip(names, decided, before, strict=True):
        mine, found = by_name[name], dict[str, Any]()
        for goal in asked.goals:
            found |= valued(mine, by_name[AS_IS], goal, asked) | {f"{goal}_searched": searched[goal]}
        doubled = float(reached(mine, asked.doubling).mean())
        rows.append({"decision": name, **values, **found, "doubled": doubled, "n": len(mine)})
    table = pd.DataFrame(rows)
    return table.assign(unbeaten=unbeaten(table, asked.goals))


def valued(runs: pd.DataFrame, as_is: pd.DataFrame, goal: str, asked: Asked) -> dict[str, float]:
    """What a goal is worth, and how much more than as it is within pairs, each with its interval.

    Args:
        runs: of a decision; index seed
        as_is: runs of what is as it is; index seed
        goal: column
        asked: what decisions are judged by
    """
    way, values, frame = asked.goals[goal], runs[goal], runs.reset_index()
    found = estimated(values, way, asked.robust, clusters_in(frame, runs.index))
    pairs = pd.concat([values, as_is[goal]], axis=1, join="inner")
    more = estimated(pairs.to_numpy(dtype=float), way, asked.robust, clusters_in(frame, pairs.index))
    return {
        goal: found.mean, f"{goal}_low": found.low, f"{goal}_high": found.high,
        f"{goal}_less_as_is": more.mean, f"{goal}_less_as_is_low": more.low, f"{goal}_less_as_is_high": more.high,
        **{f"{goal}_{kind}": worth(values, way, kind) for kind in ROBUST},
    }  # fmt: skip


def in_words(table: pd.DataFrame, asked: Asked, counts: Mapping[str, int]) -> str:
    """What was found, never said more strongly than its intervals allow."""
    ways = ", ".join(f"{'less' if way == MIN else 'more'} {goal}" for goal, way in asked.goals.items())
    head = (
        f"Decisions over {', '.join(asked.levers.names)}; goals: {ways}; figures are {IN_WORDS[asked.robust]}.\n"
        f"{counts['decisions']:,} decisions were tried, {counts['front']:,} of them beaten by none in the search; "
        f"{len(table) - 1:,} were run again with {counts['fresh']:,} fresh seeds."
    )
    finalists = table.iloc[1:]
    said = [f"{AS_IS}: {decision(table.iloc[0], asked.levers)}: {worths(table.iloc[0], asked.goals)}"]
    for goal, way in asked.goals.items():
        row = finalists.loc[best(finalists.assign(**{goal: finalists[f"{goal}_searched"]}), goal, way)]
        said.append(f"{'least' if way == MIN else 'most'} {goal} in the search, decision {row['decision']}: "
                    f"{decision(row, asked.levers)}: {worths(row, asked.goals)}; "
                    f"against {AS_IS} {worths(row, asked.goals, '_less_as_is')}")  # fmt: skip
    said.append(verdict(finalists, asked.goals))
    if counts["fresh"] < ENOUGH:
        said.append(f"With fewer than {ENOUGH} fresh seeds intervals are too narrow: try it out, but claim nothing.")
    return "\n\n".join([head, *said, tabled(table, asked)])


def tabled(table: pd.DataFrame, asked: Asked) -> str:
    """All decisions as text: shares of the budget in percent, then what they are worth in fresh runs."""
    shown = table[["decision", *asked.levers.names, *asked.goals, "doubled", "unbeaten"]].copy()
    for name in asked.levers.split:
        shown[name] = (100.0 * shown[name] / asked.levers.total).round().astype(int)
    shown = shown.rename(columns={name: f"{name.split('.')[-1]} %" for name in asked.levers.split})
    for goal in asked.goals:
        shown[goal] = [amount(value, signed=False) for value in shown[goal]]
    about = f"{IN_WORDS[asked.robust].capitalize()}, fresh ones; launch: months later; doubled: {asked.doubling.description}"
    return f"{about}\n\n{shown.round(3).to_string(index=False)}"


def decision(row: Any, levers: Levers) -> str:
    """A decision in words: percents of the budget, the month of the launch, other levers."""
    parts = [f"{name.split('.')[-1]} {row[name] / levers.total:.0%}" for name in levers.split]
    if levers.launch:
        parts.append(f"launch {date_of(launch_of(levers.case) + int(row[LAUNCH]))}")
    return ", ".join(parts + [f"{factor.name} {in_figures(row[factor.name])}" for factor in levers.factors])


def in_figures(value: Any) -> str:
    """A number as a sentence has it; a word as it is."""
    return str(value) if isinstance(value, str | bool | np.bool_) else amount(float(value), signed=False)


def worths(row: Any, goals: Mapping[str, str], less: str = "") -> str:
    """What a decision is worth by each goal, or how much more than as it is, with intervals and units."""
    said = []
    for goal in goals:
        found = Estimate(*(row[f"{goal}{less}{end}"] for end in ("", "_low", "_high")), int(row["n"]))
        name, _, unit = label_of(goal).rstrip("]").partition(" [")
        said.append(f"{name.lower()} {ranged(found) if less else plainly(found)} {unit}")
    return ", ".join(said)


def plainly(found: Estimate) -> str:
    """An estimate without signs."""
    return f"{amount(found.mean, signed=False)} [{amount(found.low, signed=False)}, {amount(found.high, signed=False)}]"


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
