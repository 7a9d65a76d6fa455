"""Mechanisms switched off one at a time: the effect of each on its nearest outcome, and a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from sim.analysis.mechanism_effects import CAME, ITSELF, Effect, effect_of
from sim.analysis.paired_differences import outcome_traits

WORKS, AGAINST, SMALL, UNCLEAR, NOTHING = (
    "works", "works, against the expected sign", "too small", "not told apart from 0", "nothing to switch off",
)  # fmt: skip
"""Verdicts. Nothing to switch off: the baseline does not have the item, so its runs do not change."""

ERRORS = 2.0
"""Number of standard errors by which the outcome of a working item must change."""


def verdict(effect: Effect, sign: str, least: float) -> str:
    """Return the verdict on an item.

    An effect is too small if its whole interval, or a significant effect, lies within `least` of the level.

    Args:
        effect: on the nearest outcome
        sign: expected from theory: +, - or ?
        least: smallest relevant change, as a part of the level [share]

    >>> verdict(Effect(100.0, 5.0, 1.0, 3.0, 7.0, 50), "+", 0.01), verdict(Effect(100.0, 5.0, 4.0, -3.0, 13.0, 50), "+", 0.01)
    ('works', 'not told apart from 0')
    >>> verdict(Effect(100.0, 5.0, 1.0, 3.0, 7.0, 50), "-", 0.01), verdict(Effect(100.0, 0.0, 0.0, 0.0, 0.0, 50), "?", 0.01)
    ('works, against the expected sign', 'too small')
    """
    enough = least * abs(effect.level)
    if max(abs(effect.low), abs(effect.high)) <= enough:
        return SMALL
    if not abs(effect.difference) > ERRORS * effect.error:  # also true for NaN
        return UNCLEAR
    if abs(effect.difference) <= enough:
        return SMALL
    return WORKS if sign in ("?", _sign(effect)) else AGAINST


def _sign(effect: Effect) -> str:
    """Return the sign of an effect; a month that comes in more runs counts as earlier."""
    return "+" if (effect.difference > 0) != (effect.measure == CAME) else "-"


def item_effects(runs: pd.DataFrame, items: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """Return each item in each baseline, with its effects and a verdict.

    Args:
        runs: one row per run: columns baseline, item, seed and outcomes
        items: one row per baseline and item: baseline, item, outcome, sign, least [share], there (flag: the baseline has it)
        outcomes: further columns of a run

    Returns:
        `items` without `there`, with unit, measure, level, difference, error, low, high [unit of the outcome], percent,
        percent_low, percent_high [% of the level], pairs, verdict, and each further outcome's difference with its interval
    """
    rows = []
    for baseline, listed in items.groupby("baseline", sort=False):
        baseline_runs = runs[runs["baseline"] == baseline]
        for _, row in listed.iterrows():
            rows.append(row.drop("there").to_dict() | _item_effect(baseline_runs, row, outcomes))
    return pd.DataFrame(rows)


def _item_effect(runs: pd.DataFrame, row: Any, outcomes: Sequence[str]) -> dict[str, Any]:
    """Return the effects of an item and its verdict; a baseline without the item is its own pair."""
    item = str(row["item"]) if row["there"] else ITSELF
    nearest = effect_of(runs, item, row["outcome"])
    result = verdict(nearest, row["sign"], row["least"]) if row["there"] else NOTHING
    values: dict[str, Any] = {"unit": outcome_traits(row["outcome"]).unit} | {
        name: getattr(nearest, name) for name in ("measure", "level", "difference", "error", "low", "high")
    }
    part = 100.0 / abs(nearest.level) if nearest.level else float("nan")
    values |= {
        "percent": part * nearest.difference,
        "percent_low": part * nearest.low,
        "percent_high": part * nearest.high,
    }
    values |= {"pairs": nearest.pairs, "verdict": result}
    for name in outcomes:
        other = effect_of(runs, item, name)
        values |= {name: other.difference, f"{name}_low": other.low, f"{name}_high": other.high}
    return values


def overall(table: pd.DataFrame) -> pd.Series[str]:
    """Return one verdict per item: the best over baselines (works, then works against the sign).

    Args:
        table: rows of `item_effects`

    Returns:
        by item, in order: works; works, against the expected sign; or does not work

    >>> overall(pd.DataFrame({"item": ["a", "a", "b"], "verdict": [SMALL, WORKS, UNCLEAR]})).to_dict()
    {'a': 'works', 'b': 'does not work'}
    """
    return table.groupby("item", sort=False)["verdict"].agg(_best)


IDLE = "does not work"
"""Verdict on an item that works in no baseline."""


def _best(verdicts: pd.Series[str]) -> str:
    return next((best for best in (WORKS, AGAINST) if best in set(verdicts)), IDLE)
