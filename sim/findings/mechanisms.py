"""Findings on mechanisms that are switched off one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.analysis.mechanism_effects import CAME
from sim.analysis.mechanisms import AGAINST, IDLE, NOTHING, WORKS, overall
from sim.findings.numbers import Unit, amount, figure, interval, readable_name, unit_of, unit_suffix

LEGEND = (
    "Difference: runs with the item less runs of the same seed without it. Level: mean of the outcome with the item. "
    "An interval is a 95% interval of the mean difference."
)
"""Note of the table."""

RULE = (
    "An item works if its nearest outcome moves by more than its least part of the level and by more than two standard "
    "errors, with the expected sign or with no sign expected, in at least one baseline. An effect is too small if its whole "
    "interval, or an effect that is told apart from 0, lies within that part. It is not told apart from 0 if it "
    "is at most two standard errors. Months are compared over pairs of runs in which both have the month; where fewer "
    "than half of the pairs have it, the share of runs in which it came is compared instead, and more runs "
    "count as an earlier month."
)
"""Meaning of the verdicts."""


def count_sentence(table: pd.DataFrame) -> str:
    """Return a sentence on the number of items that work in at least one baseline.

    Args:
        table: of `sim.analysis.mechanisms.item_effects`

    >>> count_sentence(pd.DataFrame({"item": ["a", "b"], "verdict": [WORKS, IDLE], "baseline": "x"}))
    '1 of 2 items works.'
    >>> count_sentence(pd.DataFrame({"item": ["a", "a"], "verdict": [WORKS, WORKS], "baseline": ["x", "y"]}))
    '1 of 1 item works in at least one of 2 baselines.'
    """
    best, baselines = overall(table), table["baseline"].nunique()
    works = int((best == WORKS).sum())
    where = f" in at least one of {baselines} baselines" if baselines > 1 else ""
    return f"{works} of {len(best)} item{'s' * (len(best) != 1)} work{'s' * (works == 1)}{where}."


def without_effect(table: pd.DataFrame) -> list[str]:
    """Return the items that work in no baseline, each with its verdicts.

    Args:
        table: of `sim.analysis.mechanisms.item_effects`
    """
    best = overall(table)
    return [f"{name}: {verdicts_text(table, str(name))}" for name in best.index[best == IDLE]]


def against_the_sign(table: pd.DataFrame) -> list[str]:
    """Return the items that work against the expected sign in some baseline, each with its effect.

    Args:
        table: of `sim.analysis.mechanisms.item_effects`
    """
    rows = table[table["verdict"] == AGAINST]
    return [f"{row['item']}: {change_text(row)} in {readable_name(str(row['baseline']))}, expected {row['sign']}"
            for _, row in rows.iterrows()]  # fmt: skip


def verdicts_text(table: pd.DataFrame, item: str) -> str:
    """Return the verdicts on an item as text, grouped by verdict.

    Args:
        table: of `sim.analysis.mechanisms.item_effects`
        item: name of the item
    """
    rows = table[table["item"] == item]
    by_verdict = {verdict: rows.loc[rows["verdict"] == verdict, "baseline"] for verdict in rows["verdict"].unique()}
    if len(by_verdict) == 1:
        return next(iter(by_verdict))
    return "; ".join(f"{verdict} in {' and '.join(map(readable_name, names))}" for verdict, names in by_verdict.items())


def change_text(row: Any) -> str:
    """Return the effect of an item as text.

    Args:
        row: of the table
    """
    unit = unit_in(row)
    part = "" if pd.isna(row["percent"]) else f", {amount(row['percent'])}% of the level"
    return f"{row['outcome']} {figure(row['difference'], unit)}{unit_suffix(unit)}{part}"


def unit_in(row: Any) -> Unit:
    """Return the unit of the differences of a row; a share of runs if a month seldom came."""
    return unit_of("share of runs" if row["measure"] == CAME else str(row["unit"]))


def effects_in_text(table: pd.DataFrame, labels: Mapping[str, str], outcomes: Sequence[str]) -> pd.DataFrame:
    """Return the effects of a baseline as a table of text, one row per item.

    Args:
        table: rows of `sim.analysis.mechanisms.item_effects` of one baseline
        labels: outcomes in words
        outcomes: further outcomes
    """
    rows = [_row_in_text(row, labels, outcomes) for _, row in table.iterrows()]
    return pd.DataFrame(rows)


def _row_in_text(row: Any, labels: Mapping[str, str], outcomes: Sequence[str]) -> dict[str, str]:
    unit, nothing = unit_in(row), row["verdict"] == NOTHING
    came = " (share of runs in which it came)" if row["measure"] == CAME else ""
    cells = {
        "item": str(row["item"]),
        "nearest outcome": f"{labels[row['outcome']]}{came}{unit_suffix(unit)}",
        "level": figure(row["level"], unit, signed=False),
        "difference": "-"
        if nothing
        else f"{figure(row['difference'], unit)} [{interval(row['low'], row['high'], unit)}]",
        "% of level": "-" if nothing else amount(row["percent"]),
        "expected": str(row["sign"]),
        "pairs": str(row["pairs"]),
        "verdict": str(row["verdict"]),
    }
    for name in outcomes:
        cells[labels[name]] = (
            "-" if nothing else f"{amount(row[name])} [{interval(row[f'{name}_low'], row[f'{name}_high'])}]"
        )
    return cells
