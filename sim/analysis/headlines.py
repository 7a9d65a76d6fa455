"""Headline outcomes of runs, and the policies of a sampled design."""

from __future__ import annotations

import pandas as pd

from sim.analysis.doubling import Doubling, answered_in_all, reached
from sim.analysis.sweep_grid import EMERGENT

SAMPLE = "sample"
"""Column of a sampled design: the number of the sample, from 0."""

DOUBLED = "doubled"
"""Column: flag of a doubling of enrolment; its mean over seeds is a share of runs."""

HEADLINES = (
    DOUBLED, "examinees_2017", "examinees_2020", "month_national", "stage_reached", "members", "consensus", "transparency",
    "trust_across", "collaboration", "gap_quintiles_2020", "delivered", "cost_per_additional",
)  # fmt: skip
"""Headline outcomes, by column; a table need not have all of them."""


def headline_runs(table: pd.DataFrame, doubling: Doubling) -> pd.DataFrame:
    """Return the runs with a free ministry, with the column DOUBLED if all runs last until the deadline."""
    free = table[table["dates"] == EMERGENT]
    if not answered_in_all(free, doubling):
        return free
    return pd.concat([free, reached(free, doubling).astype(float).rename(DOUBLED)], axis=1)


def headline_outcomes(table: pd.DataFrame) -> list[str]:
    """Return the headline outcomes that a table has."""
    return [name for name in HEADLINES if name in table]


def policy_columns(table: pd.DataFrame) -> list[str]:
    """Return the columns that distinguish the policies of a sampled design: those that differ between runs of one sample."""
    columns = list(table.columns[: list(table.columns).index("dates")])
    first_sample = table[(table[SAMPLE] == table[SAMPLE].min()) & (table["dates"] == EMERGENT)]
    return [name for name in columns if first_sample[name].nunique() > 1]


def policies_in(runs: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the name and the runs of each policy."""
    columns = policy_columns(runs) or ["scenario"]
    return [
        (", ".join(f"{name}={value}" for name, value in zip(columns, key, strict=True)), rows)
        for key, rows in runs.groupby(columns, observed=True)
    ]
