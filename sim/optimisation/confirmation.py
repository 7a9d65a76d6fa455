"""Confirmation: decisions of a search run again with fresh seeds, compared in pairs with the scenario as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.analysis.clusters import clusters_in
from sim.analysis.doubling import reached
from sim.analysis.pareto import MIN, ROBUST, objective, objective_estimate, on_front, spread_along_front
from sim.errors import InputError
from sim.findings.optimisation import AS_IS
from sim.optimisation.decisions import DecisionSpace
from sim.optimisation.search import Goals


def finalists_of(candidates: pd.DataFrame, goals: Mapping[str, str], most: int) -> tuple[pd.DataFrame, int]:
    """Return the decisions of a search that are run again, along its front or best by its only goal.

    Args:
        candidates: one row per decision, the scenario's own first
        goals: directions by column
        most: finalists

    Returns:
        The finalists, and how many decisions are on the front.
    """
    proposed = candidates.iloc[1:]
    front = proposed[on_front(candidates, goals).iloc[1:]]
    if len(goals) == 1:
        ((goal, way),) = goals.items()
        ordered = proposed.dropna(subset=goal).sort_values(goal, ascending=way == MIN, kind="stable")
        return ordered.head(most), len(front)
    return front.loc[spread_along_front(front, goals, most)] if len(front) else front, len(front)


def confirmed(runs: pd.DataFrame, finalists: pd.DataFrame, space: DecisionSpace, goals: Goals) -> pd.DataFrame:
    """Return the value of decisions in fresh runs.

    Args:
        runs: one row per run; `decision` 0 for the scenario's own, then in the order of `finalists`
        finalists: decisions of the search, with their values there
        space: the decisions that may be taken
        goals: that they are judged by

    Returns:
        One row per decision, the scenario's own first: decision, its values, and for each goal its value with low and high (95%,
        bootstrap over seeds), `_less_as_is` with low and high (within pairs), `_mean`, `_worst_quarter`, and `_searched`,
        its value in the search; doubled [share of runs], n [runs], unbeaten [flag].

    Raises:
        InputError: a decision has no run
    """
    names = [AS_IS, *(str(number) for number in range(1, len(finalists) + 1))]
    decisions, columns = [space.as_is, *records_of(finalists, space.names)], list(goals.directions)
    before = [dict.fromkeys(columns, float("nan")), *records_of(finalists, columns)]
    by_name = {name: runs[runs["decision"] == place].set_index("seed") for place, name in enumerate(names)}
    missing = [name for name, fresh in by_name.items() if not len(fresh)]
    if missing:
        raise InputError(f"every run of decision {missing[0]} failed: there is nothing to compare")
    rows = []
    for name, values, searched in zip(names, decisions, before, strict=True):
        fresh, estimates = by_name[name], dict[str, Any]()
        for goal in columns:
            estimates |= objective_with_interval(fresh, by_name[AS_IS], goal, goals)
            estimates[f"{goal}_searched"] = searched[goal]
        doubled = float(reached(fresh, goals.doubling).mean())
        rows.append({"decision": name, **values, **estimates, "doubled": doubled, "n": len(fresh)})
    table = pd.DataFrame(rows)
    return table.assign(unbeaten=on_front(table, goals.directions))


def records_of(frame: pd.DataFrame, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Return rows of a table as dictionaries of some columns."""
    return [{str(name): value for name, value in row.items()} for row in frame[list(columns)].to_dict("records")]


def objective_with_interval(runs: pd.DataFrame, as_is: pd.DataFrame, goal: str, goals: Goals) -> dict[str, float]:
    """Return the value of a decision by a goal, and how much more it is than as it is within pairs, each with its interval.

    Args:
        runs: of the decision; index seed
        as_is: runs of the scenario's own decision; index seed
        goal: column
        goals: that decisions are judged by
    """
    way, values, frame = goals.directions[goal], runs[goal], runs.reset_index()
    own = objective_estimate(values, way, goals.robust, clusters_in(frame, runs.index))
    pairs = pd.concat([values, as_is[goal]], axis=1, join="inner")
    more = objective_estimate(pairs.to_numpy(dtype=float), way, goals.robust, clusters_in(frame, pairs.index))
    return {
        goal: own.mean, f"{goal}_low": own.low, f"{goal}_high": own.high,
        f"{goal}_less_as_is": more.mean, f"{goal}_less_as_is_low": more.low, f"{goal}_less_as_is_high": more.high,
        **{f"{goal}_{kind}": objective(values, way, kind) for kind in ROBUST},
    }  # fmt: skip
