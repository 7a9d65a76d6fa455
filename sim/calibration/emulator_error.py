"""Errors of the emulator at new draws, to decide on additional rounds.

The emulator of the earlier rounds predicts the draws of a round before a new emulator is fitted to them. Errors are in
tolerances of each fact; dates and yes-or-no facts are probabilities and have no error.
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
"""Regions: quarters of the draws of a round by their distance from the record."""

POSTERIOR = "all draws"
"""Name of the region of the posterior: a round draws from the posterior of the earlier rounds."""

COLUMNS = ("round", "region", "group", "facts", "draws", "error", "noise", "surface")
"""Columns of a table of errors."""


def emulator_errors(emulator: Emulator, draws: Draws, stage: Stage, number: int) -> pd.DataFrame:
    """Return the errors of an emulator at the draws of a new round.

    The nearest draws may be near because of random variation or of the emulator's error, so errors by region are only
    descriptive; those of all draws measure the error.

    Args:
        emulator: of the earlier rounds
        draws: of the round
        stage: of the draws
        number: of the round

    Returns:
        One row per region and group of patterns: round, region, group, `facts` and `draws` in it, `error` (root mean square
        of simulated less predicted), `noise` (part of random variation, from runs at the defaults) and `surface` (the rest,
        in squares) [tolerances].
    """
    smooth, tolerance = emulator.measure.smooth, emulator.measure.tolerance
    deviations = (emulator.measure.scaled(draws.figures)[:, smooth] - emulator.predicted(draws.scores)) / tolerance[
        smooth
    ]
    noise = np.sqrt(np.maximum(emulator.noisy_measure.tolerance**2 - tolerance**2, 0.0))[smooth] / tolerance[smooth]
    rows = []
    for region, flags in _regions(emulator, draws):
        for group, facts in _groups(stage, smooth):
            error, from_noise = _root_mean_square(deviations[np.ix_(flags, facts)]), _root_mean_square(noise[facts])
            surface = np.sqrt(max(error**2 - from_noise**2, 0.0)) if np.isfinite(error) else np.nan
            rows.append((number, region, group, len(facts), int(flags.sum()), error, from_noise, surface))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _regions(emulator: Emulator, draws: Draws) -> list[tuple[str, Any]]:
    """Return all draws, and quarters by distance from the record: name and flags of the draws."""
    order = np.argsort(np.argsort(emulator.noisy_measure.distance(draws.figures), kind="stable"), kind="stable")
    quarter = order * len(REGIONS) // len(order)
    every = [(POSTERIOR, np.ones(len(order), dtype=bool))]
    return every + [(name, quarter == k) for k, name in enumerate(REGIONS) if (quarter == k).any()]


def _groups(stage: Stage, smooth: Any) -> list[tuple[str, list[int]]]:
    """Return the groups of patterns in the order of the record, with the places of their facts among the surfaces."""
    names = pd.concat(stage.facts, ignore_index=True)["pattern"].to_numpy()[smooth]
    panels = [PATTERNS[name].panel for name in names]
    return [(panel, [k for k, each in enumerate(panels) if each == panel]) for panel in dict.fromkeys(panels)]


def _root_mean_square(values: Any) -> float:
    """Return the root mean square of the finite values; NaN if there is none."""
    numbers = values[np.isfinite(values)]
    return float(np.sqrt(np.mean(numbers**2))) if numbers.size else float("nan")


def patterns_off_target(errors: pd.DataFrame, largest: float) -> pd.DataFrame:
    """Return the groups of patterns with errors of the last round's emulator that are too large.

    Args:
        errors: of all rounds of a stage, rounds in order
        largest: largest acceptable error in the region of the posterior [tolerances]
    """
    if errors.empty:
        return errors
    last = errors[(errors["round"] == errors["round"].max()) & (errors["region"] == POSTERIOR)]
    return last[last["surface"] > largest].sort_values("surface", ascending=False, kind="stable")


def joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the errors of several rounds as one table; empty if there are none."""
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))
