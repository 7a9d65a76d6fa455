"""Information of the record on parameters, by pattern, from the surfaces of the emulator."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sim.calibration.rounds import StageResult
from sim.calibration.stages import Stage

DATES = "dates near"
"""Name of the yes-or-no fact that all dates of a run are near the record."""

STEP = 0.05
"""Step of the numerical slopes [normal scores]."""


def information_table(result: StageResult, stage: Stage) -> pd.DataFrame:
    """Return the information of each pattern on each parameter, at the mean of the posterior.

    Args:
        result: of the stage
        stage: that was run

    Returns:
        One row per parameter and pattern: parameter, pattern, information (Fisher, of the parameter's normal score; the
        prior has 1).
    """
    emulator, at = result.emulator, result.chain.scores.mean(axis=0)
    slopes = _slopes(emulator, at)
    noise = np.diag(emulator.surfaces.covariance) + emulator.measure.tolerance[emulator.measure.smooth] ** 2
    probabilities = 1.0 / (1.0 + np.exp(-(emulator.chances[0] @ at + emulator.chances[1])))
    information_by_fact = np.vstack(
        (slopes**2 / noise[:, None], emulator.chances[0] ** 2 * (probabilities * (1.0 - probabilities))[:, None])
    )
    table = pd.DataFrame(information_by_fact, columns=list(stage.parameters)).assign(pattern=_patterns(emulator, stage))
    sums = table.groupby("pattern").sum().rename_axis(columns="parameter")
    information: Any = sums.stack()
    return information.rename("information").reset_index()[["parameter", "pattern", "information"]]


def _slopes(emulator: Any, at: Any) -> Any:
    """Return the slopes of the surfaces at a point; shape (facts, parameters)."""
    steps = STEP * np.eye(len(at))
    return (emulator.predicted(at + steps) - emulator.predicted(at - steps)).T / (2.0 * STEP)


def _patterns(emulator: Any, stage: Stage) -> list[str]:
    """Return the pattern of each surface and of each yes-or-no fact, in their order."""
    names = pd.concat(stage.facts, ignore_index=True)["pattern"].to_numpy()
    measure = emulator.measure
    dates = [DATES] if measure.dated.any() else []
    return [*names[measure.smooth], *dates, *names[~measure.smooth & ~measure.dated]]


def strongest_patterns(rows: pd.DataFrame, most: int = 3) -> pd.DataFrame:
    """Return the total information on each parameter and its main patterns, most informed parameter first.

    Args:
        rows: columns parameter, pattern, information
        most: number of patterns that are named
    """
    lines = []
    for name, patterns in rows.groupby("parameter"):
        top = patterns.nlargest(most, "information")
        total = float(patterns["information"].sum())
        parts = zip(top["pattern"], top["information"], strict=True)
        sources = ", ".join(f"{pattern} {part / total:.0%}" for pattern, part in parts) if total else ""
        lines.append({"parameter": name, "information": round(total, 2), "from": sources})
    return pd.DataFrame(lines).sort_values("information", ascending=False, ignore_index=True)
