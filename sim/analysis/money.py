"""Money by its source: what became of everything that was offered."""

from __future__ import annotations

import pandas as pd

from sim.analysis.sweep_grid import needs

FATES = ("delivered", "overhead", "unspent", "transit")
"""What becomes of money: in schools, overhead, unspent, still in transit."""


def money_by_source(organisations: pd.DataFrame) -> pd.DataFrame:
    """What became of the money of each kind of organisation.

    Args:
        organisations: a row an organisation (and run, if `seed` is a column): kind and money_FATE [NIS million]

    Returns:
        a row a kind that offered anything, largest first: source and FATES [NIS million; mean over runs]
    """
    columns = [f"money_{fate}" for fate in FATES]
    needs(organisations, ["kind", *columns])
    runs = organisations["seed"].nunique() if "seed" in organisations.columns else 1
    found = organisations.groupby("kind", observed=True)[columns].sum() / runs
    found = found.rename(columns=dict(zip(columns, FATES, strict=True))).rename_axis("source")
    found = found[found.sum(axis=1) > 0]
    return found.loc[found.sum(axis=1).sort_values(ascending=False).index].reset_index()
