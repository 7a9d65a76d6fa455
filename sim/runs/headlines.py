"""Stored results over all averaged models, which README, page and report quote first."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sim.configuration import configs
from sim.errors import InputError
from sim.findings.averaged_answer import Headline

TABLE = configs() / "data" / "headlines.csv"
"""The project's own table of headlines; `experiments/maintenance/headlines.py` writes it."""

COLUMNS = ("quantity", "unit", "value", "low", "high", "command")
"""Columns of the table: quantity, its unit, value, ends of the 95% interval, and the command that measured it."""


@lru_cache(maxsize=4)
def headlines(table: Path = TABLE) -> dict[str, Headline]:
    """Return the stored results by quantity.

    Args:
        table: path of a table with the columns COLUMNS

    Raises:
        InputError: the table lacks a column, or an interval does not contain its value
    """
    import pandas as pd

    rows = pd.read_csv(table)
    if missing := [name for name in COLUMNS if name not in rows]:
        raise InputError(f"{table.name} has no column `{missing[0]}`; write it anew")
    results = {
        str(row["quantity"]): Headline(str(row["unit"]), *(float(row[name]) for name in ("value", "low", "high")))
        for row in rows.to_dict("records")
    }
    outside = [name for name, result in results.items() if not result.low <= result.value <= result.high]
    if outside:
        raise InputError(f"{table.name}: the interval of `{outside[0]}` does not contain its value; correct the row")
    return results
