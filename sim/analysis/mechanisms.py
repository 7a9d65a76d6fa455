"""Mechanisms switched off one at a time: what each changes in the outcome nearest to it within pairs, and a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from sim.analysis.mechanism_effects import CAME, ITSELF, Effect, effect_of
from sim.analysis.paired_differences import described

WORKS, AGAINST, SMALL, LUCK, NOTHING = (
    "works", "works, against the expected sign", "too small", "not told apart from luck", "nothing to switch off",
)  # fmt: skip
"""Verdicts. Nothing to switch off: the baseline does not have the item, so that its runs are the same without it."""

ERRORS = 2.0
"""An item works if its outcome moves by more than so many standard errors."""


def verdict(found: Effect, sign: str, least: float) -> str:
    """Return in plain words whether an item works.

    It is too small where its whole interval, or an effect that is told apart from luck, lies within `least` of the level.

    Args:
        found: in the outcome nearest to it
        sign: that theory gives: +, - or ?
        least: part of the level by which an outcome must move [share]

    >>> verdict(Effect(100.0, 5.0, 1.0, 3.0, 7.0, 50), "+", 0.01), verdict(Effect(100.0, 5.0, 4.0, -3.0, 13.0, 50), "+", 0.01)
    ('works', 'not told apart from luck')
    >>> verdict(Effect(100.0, 5.0, 1.0, 3.0, 7.0, 50), "-", 0.01), verdict(Effect(100.0, 0.0, 0.0, 0.0, 0.0, 50), "?", 0.01)
    ('works, against the expected sign', 'too small')
    """
    enough = least * abs(found.level)
    if max(abs(found.low), abs(found.high)) <= enough:
        return SMALL
    if not abs(found.difference) > ERRORS * found.error:  # so that what has no error, or no value, is not told apart
        return LUCK
    if abs(found.difference) <= enough:
        return SMALL
    return WORKS if sign in ("?", _sign(found)) else AGAINST


def _sign(found: Effect) -> str:
    """Return the sign of an effect; a month that comes in more runs counts as one that comes earlier."""
    return "+" if (found.difference > 0) != (found.measure == CAME) else "-"


def item_effects(runs: pd.DataFrame, items: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """Return every item in every baseline, with what it changes and a verdict.

    Args:
        runs: a row a run: columns baseline, item, seed and outcomes
        items: a row a baseline and item: baseline, item, outcome, sign, least [share], there (whether the baseline has it)
        outcomes: further columns of a run, reported beside

    Returns:
        `items` without `there`, with unit, measure, level, difference, error, low, high [unit of the outcome], percent,
        percent_low, percent_high [% of the level], pairs, verdict, and each further outcome's difference with its interval
    """
    rows = []
    for baseline, listed in items.groupby("baseline", sort=False):
        mine = runs[runs["baseline"] == baseline]
        for _, row in listed.iterrows():
            rows.append(row.drop("there").to_dict() | _item_effect(mine, row, outcomes))
    return pd.DataFrame(rows)


def _item_effect(runs: pd.DataFrame, row: Any, outcomes: Sequence[str]) -> dict[str, Any]:
    """Return the effects of an item and its verdict; where it is not there, the baseline is its own pair."""
    item = str(row["item"]) if row["there"] else ITSELF
    found = effect_of(runs, item, row["outcome"])
    said = verdict(found, row["sign"], row["least"]) if row["there"] else NOTHING
    values: dict[str, Any] = {"unit": described(row["outcome"]).unit} | {
        name: getattr(found, name) for name in ("measure", "level", "difference", "error", "low", "high")
    }
    part = 100.0 / abs(found.level) if found.level else float("nan")
    values |= {"percent": part * found.difference, "percent_low": part * found.low, "percent_high": part * found.high}
    values |= {"pairs": found.pairs, "verdict": said}
    for name in outcomes:
        beside = effect_of(runs, item, name)
        values |= {name: beside.difference, f"{name}_low": beside.low, f"{name}_high": beside.high}
    return values


def overall(table: pd.DataFrame) -> pd.Series[str]:
    """Return one verdict an item: it works if it works in at least one baseline, else it may work against the sign.

    Args:
        table: as `item_effects` returns it

    Returns:
        by item, in order: works; works, against the expected sign; or does not work

    >>> overall(pd.DataFrame({"item": ["a", "a", "b"], "verdict": [SMALL, WORKS, LUCK]})).to_dict()
    {'a': 'works', 'b': 'does not work'}
    """
    return table.groupby("item", sort=False)["verdict"].agg(_best)


IDLE = "does not work"
"""The verdict over all baselines on an item that works in none."""


def _best(verdicts: pd.Series[str]) -> str:
    return next((best for best in (WORKS, AGAINST) if best in set(verdicts)), IDLE)
