"""Use of the offered money by source."""

from __future__ import annotations

import pandas as pd

from sim.analysis.sweep_grid import needs

FATES = ("delivered", "overhead", "unspent", "transit")
"""Uses of money: delivered to schools, overhead, unspent, in transit."""


def money_by_source(organisations: pd.DataFrame) -> pd.DataFrame:
    """Return the use of the money of each kind of organisation.

    Args:
        organisations: one row per organisation (and run, if `seed` is a column): kind and money_FATE [NIS million]

    Returns:
        one row per kind that offered anything, largest first: source and FATES [NIS million; mean over runs]
    """
    columns = [f"money_{fate}" for fate in FATES]
    needs(organisations, ["kind", *columns])
    runs = organisations["seed"].nunique() if "seed" in organisations.columns else 1
    table = organisations.groupby("kind", observed=True)[columns].sum() / runs
    table = table.rename(columns=dict(zip(columns, FATES, strict=True))).rename_axis("source")
    table = table[table.sum(axis=1) > 0]
    return table.loc[table.sum(axis=1).sort_values(ascending=False).index].reset_index()
