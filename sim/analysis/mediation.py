"""Mediation: the effect of each use of the backbone's hours, and its part through the dates of the ministry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from sim.analysis.clusters import clusters_in
from sim.analysis.effects import Estimate, difference

DECIDED, MONTHS = "national_decided", "national_months"
"""Columns: flag of a decision by the end, and months since then (0: never)."""

TOTAL, DIRECT, THROUGH = "total", "dates held", "through the dates"
"""The effect with a free ministry, its part with held dates, and the rest."""


def with_decisions(frame: pd.DataFrame, last_month: int) -> pd.DataFrame:
    """Return runs with a flag of the national decision and the months since then; every run has both.

    Args:
        frame: one row per run, with the column month_national; NaN: never
        last_month: of the runs

    >>> with_decisions(pd.DataFrame({"month_national": [116.0, float("nan")]}), 179)[[DECIDED, MONTHS]].to_numpy().tolist()
    [[1.0, 64.0], [0.0, 0.0]]
    """
    month = frame["month_national"]
    columns = {DECIDED: month.notna().astype(float), MONTHS: (last_month + 1.0 - month).fillna(0.0)}
    return frame.assign(**columns)


def mediation(frame: pd.DataFrame, baseline: str, arms: Mapping[str, str], outcomes: Sequence[str]) -> pd.DataFrame:
    """Return the effect of each use of the backbone's hours on each outcome, with a free ministry and with held dates.

    The total effect is the baseline less the run without the hours, both with a free ministry. The direct effect is the
    baseline less the run without the hours in which the ministry keeps its dates of the baseline. The effect through the
    dates is the rest. All three are means over the same pairs.

    Args:
        frame: one row per run: scenario, dates, seed and the outcomes
        baseline: name of the scenario with all hours
        arms: use of hours that is switched off, by name of the scenario
        outcomes: columns

    Returns:
        one row per use, outcome and part: hours, outcome, part, effect, low, high [unit], n [pairs]

    Source: robins_greenland_1992, pearl_2001
    """
    rows = []
    for arm, hours in arms.items():
        for outcome in outcomes:
            for part, estimate in _parts(frame, baseline, arm, outcome).items():
                rows.append((hours, outcome, part, estimate.mean, estimate.low, estimate.high, estimate.n))
    return pd.DataFrame(rows, columns=["hours", "outcome", "part", "effect", "low", "high", "n"])


def _parts(frame: pd.DataFrame, baseline: str, arm: str, outcome: str) -> dict[str, Estimate]:
    """Return the effect of some hours in total, with held dates, and the rest, over seeds with all three runs."""
    keys = ((baseline, "emergent"), (arm, "emergent"), (arm, "held"))
    runs = [
        frame[(frame["scenario"] == name) & (frame["dates"] == dates)].set_index("seed")[outcome]
        for name, dates in keys
    ]
    table = pd.concat(runs, axis=1, keys=["on", "off", "held"], join="inner").astype(float).dropna()
    clusters = clusters_in(frame, table.index)
    ends = {TOTAL: ["on", "off"], DIRECT: ["on", "held"], THROUGH: ["held", "off"]}
    return {part: difference(table[columns].to_numpy(), clusters) for part, columns in ends.items()}
