"""The outcomes that stand for a run where there is no room for all, and a sampled design seen sample by sample."""

from __future__ import annotations

import pandas as pd

from sim.analysis.doubling import Doubling, known, reached
from sim.analysis.sweep_grid import EMERGENT

SAMPLE = "sample"
"""Column of a sampled design: the number of the sample, from 0."""

DOUBLED = "doubled"
"""Column for whether enrolment doubled; over seeds its mean is a share [share of runs]."""

HEADLINES = (
    DOUBLED, "examinees_2017", "examinees_2020", "month_national", "stage_reached", "members", "consensus", "transparency",
    "trust_across", "collaboration", "gap_quintiles_2020", "delivered", "cost_per_additional",
)  # fmt: skip
"""Headline outcomes, by column; those that a table does not have are passed over."""


def headlines(table: pd.DataFrame, doubling: Doubling) -> pd.DataFrame:
    """Return the runs with the ministry free, with whether enrolment doubled as one more column where the runs last so long."""
    free = table[table["dates"] == EMERGENT]
    if not known(free, doubling):
        return free
    return pd.concat([free, reached(free, doubling).astype(float).rename(DOUBLED)], axis=1)


def headlines_in(table: pd.DataFrame) -> list[str]:
    """Return the headline outcomes that a table has."""
    return [name for name in HEADLINES if name in table]


def policy_columns(table: pd.DataFrame) -> list[str]:
    """What tells the policies of a sampled design apart: what differs between runs of one sample and seed."""
    about = list(table.columns[: list(table.columns).index("dates")])
    one = table[(table[SAMPLE] == table[SAMPLE].min()) & (table["dates"] == EMERGENT)]
    return [name for name in about if one[name].nunique() > 1]


def policies_in(runs: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the runs of each policy, with its name."""
    columns = policy_columns(runs) or ["scenario"]
    return [
        (", ".join(f"{name}={value}" for name, value in zip(columns, key, strict=True)), rows)
        for key, rows in runs.groupby(columns, observed=True)
    ]
