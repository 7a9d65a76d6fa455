"""How far the emulator is off at draws that it has not seen, and where one more round of draws is worth its time.

Before the draws of a round teach an emulator, the one of the rounds before predicts them. The error is in tolerances of
each fact; dates and what is a yes or a no are chances and have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.fit import PATTERNS
from sim.calibration.emulator import Draws, Emulator
from sim.calibration.stages import Stage

REGIONS = ("nearest quarter", "second quarter", "third quarter", "farthest quarter")
"""Draws of a round by their distance from the record."""

POSTERIOR = "all draws"
"""The region of the posterior: a round draws where the rounds before expect the record."""

COLUMNS = ("round", "region", "group", "facts", "draws", "error", "luck", "surface")
"""Columns of a table of errors."""


def emulator_errors(emulator: Emulator, draws: Draws, stage: Stage, number: int) -> pd.DataFrame:
    """Return how far an emulator is off at the draws of a round that it has not seen.

    The nearest draws are near partly because random variation or the emulator's error took them there, so that errors by
    region describe and only those of all draws measure.

    Args:
        emulator: of the rounds before
        draws: of the round
        stage: whose draws they are
        number: of the round

    Returns:
        One row per region and group of patterns: round, region, group, `facts` and `draws` in it, `error` (root mean square
        of simulated less predicted), `luck` (what random variation at the defaults has of it) and `surface` (what is left,
        by squares) [tolerances].
    """
    smooth, tolerance = emulator.measure.smooth, emulator.measure.tolerance
    off = (emulator.measure.scaled(draws.figures)[:, smooth] - emulator.predicted(draws.scores)) / tolerance[smooth]
    luck = np.sqrt(np.maximum(emulator.noisy_measure.tolerance**2 - tolerance**2, 0.0))[smooth] / tolerance[smooth]
    rows = []
    for region, some in _regions(emulator, draws):
        for group, facts in _groups(stage, smooth):
            error, by_luck = _root_mean_square(off[np.ix_(some, facts)]), _root_mean_square(luck[facts])
            surface = np.sqrt(max(error**2 - by_luck**2, 0.0)) if np.isfinite(error) else np.nan
            rows.append((number, region, group, len(facts), int(some.sum()), error, by_luck, surface))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _regions(emulator: Emulator, draws: Draws) -> list[tuple[str, Any]]:
    """All draws, and quarters of them by distance from the record: name, which belong to it [flag]."""
    order = np.argsort(np.argsort(emulator.noisy_measure.distance(draws.figures), kind="stable"), kind="stable")
    quarter = order * len(REGIONS) // len(order)
    every = [(POSTERIOR, np.ones(len(order), dtype=bool))]
    return every + [(name, quarter == k) for k, name in enumerate(REGIONS) if (quarter == k).any()]


def _groups(stage: Stage, smooth: Any) -> list[tuple[str, list[int]]]:
    """Groups of patterns in the order of the record, with the places of their facts among the surfaces."""
    names = pd.concat(stage.facts, ignore_index=True)["pattern"].to_numpy()[smooth]
    panels = [PATTERNS[name].panel for name in names]
    return [(panel, [k for k, each in enumerate(panels) if each == panel]) for panel in dict.fromkeys(panels)]


def _root_mean_square(values: Any) -> float:
    """Of the numbers among some values; not a number where none is."""
    numbers = values[np.isfinite(values)]
    return float(np.sqrt(np.mean(numbers**2))) if numbers.size else float("nan")


def patterns_off_target(errors: pd.DataFrame, largest: float) -> pd.DataFrame:
    """Return the groups of patterns for which the surfaces of the last round's emulator are off by more than they may be.

    Args:
        errors: of all rounds of a stage, rounds in order
        largest: error that surfaces may have in the region of the posterior [tolerances]
    """
    if errors.empty:
        return errors
    last = errors[(errors["round"] == errors["round"].max()) & (errors["region"] == POSTERIOR)]
    return last[last["surface"] > largest].sort_values("surface", ascending=False, kind="stable")


def joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the errors of several rounds as one table; one without rows where nothing was predicted yet."""
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))
