"""Confirmation: finalists of a search in runs with fresh seeds, compared in pairs with the scenario as it is."""

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
    """Return the finalists of a search: along its front, or the best by its only goal.

    Args:
        candidates: one row per decision, first the scenario as it is
        goals: directions by column
        most: maximum number of finalists

    Returns:
        The finalists, and the number of decisions on the front.
    """
    proposed = candidates.iloc[1:]
    front = proposed[on_front(candidates, goals).iloc[1:]]
    if len(goals) == 1:
        ((goal, way),) = goals.items()
        ordered = proposed.dropna(subset=goal).sort_values(goal, ascending=way == MIN, kind="stable")
        return ordered.head(most), len(front)
    return front.loc[spread_along_front(front, goals, most)] if len(front) else front, len(front)


def confirmed(runs: pd.DataFrame, finalists: pd.DataFrame, space: DecisionSpace, goals: Goals) -> pd.DataFrame:
    """Return the values of decisions in fresh runs.

    Args:
        runs: one row per run; `decision` is 0 for the scenario as it is, then the order of `finalists`
        finalists: decisions of the search, with their values in it
        space: the decisions that may be taken
        goals: of the optimisation

    Returns:
        One row per decision, first the scenario as it is: decision, its values, and for each goal its value with low and
        high (95%, bootstrap over seeds), `_less_as_is` with low and high (within pairs), `_mean`, `_worst_quarter`, and
        `_searched`, its value in the search; doubled [share of runs], n [runs], unbeaten [flag].

    Raises:
        InputError: a decision has no run
    """
    names = [AS_IS, *(str(number) for number in range(1, len(finalists) + 1))]
    decisions, columns = [space.as_is, *records_of(finalists, space.names)], list(goals.directions)
    before = [dict.fromkeys(columns, float("nan")), *records_of(finalists, columns)]
    by_name = {name: runs[runs["decision"] == place].set_index("seed") for place, name in enumerate(names)}
    missing = [name for name, fresh in by_name.items() if not len(fresh)]
    if missing:
        raise InputError(
            f"every run of decision {missing[0]} failed, so it cannot be compared; see the tracebacks in `failures`"
        )
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
    """Return the rows of a table as dictionaries of some columns."""
    return [{str(name): value for name, value in row.items()} for row in frame[list(columns)].to_dict("records")]


def objective_with_interval(runs: pd.DataFrame, as_is: pd.DataFrame, goal: str, goals: Goals) -> dict[str, float]:
    """Return the value of a decision by a goal and its paired difference from the scenario as it is, with intervals.

    Args:
        runs: of the decision; index seed
        as_is: runs of the scenario as it is; index seed
        goal: column
        goals: of the optimisation
    """
    way, values, frame = goals.directions[goal], runs[goal], runs.reset_index()
    value = objective_estimate(values, way, goals.robust, clusters_in(frame, runs.index))
    pairs = pd.concat([values, as_is[goal]], axis=1, join="inner")
    difference = objective_estimate(pairs.to_numpy(dtype=float), way, goals.robust, clusters_in(frame, pairs.index))
    return {
        goal: value.mean, f"{goal}_low": value.low, f"{goal}_high": value.high,
        f"{goal}_less_as_is": difference.mean, f"{goal}_less_as_is_low": difference.low,
        f"{goal}_less_as_is_high": difference.high,
        **{f"{goal}_{kind}": objective(values, way, kind) for kind in ROBUST},
    }  # fmt: skip
