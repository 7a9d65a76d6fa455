"""Effective numbers of independent facts in the record and of parameters that it determines."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.calibration.rounds import StageResult


@dataclass(frozen=True)
class EffectiveNumbers:
    """Effective numbers of a record.

    Args:
        facts: number of counts, shares and parts
        independent: equivalent number of facts with independent errors
        flags: number of yes-or-no facts, including that all dates are near
        parameters: number of estimated parameters
        learned: number of parameters that the record determines: the sum of 1 less the ratio of posterior to prior variance

    Source: bretherton_1999, rodgers_2000
    """

    facts: int
    independent: float
    flags: int
    parameters: int
    learned: float

    @staticmethod
    def of(result: StageResult) -> EffectiveNumbers:
        """Return the numbers of a stage.

        Args:
            result: of the stage, with scores that have a prior variance of 1
        """
        measure, scores = result.emulator.measure, result.chain.scores
        error = result.emulator.surfaces.covariance + np.diag(measure.tolerance[measure.smooth] ** 2)
        learned = float((1.0 - scores.var(axis=0, ddof=1)).sum()) if len(scores) > 1 else float("nan")
        flags = len(result.emulator.chances[1])
        return EffectiveNumbers(len(error), independent(error), flags, scores.shape[1], learned)

    def as_dict(self) -> dict[str, float]:
        """Return the numbers by name, for the record of a calibration."""
        return asdict(self)


def independent(covariance: Any) -> float:
    """Return the equivalent number of independent figures: squared sum of eigenvalues over the sum of their squares.

    The eigenvalues are those of the correlation matrix; equal figures count once.

    Args:
        covariance: of the figures' errors, shape (facts, facts)

    Source: bretherton_1999

    >>> independent(np.eye(3)), independent(np.ones((3, 3)))
    (3.0, 1.0)
    """
    spread = np.sqrt(np.diag(covariance))
    return float(len(spread) ** 2 / ((covariance / np.outer(spread, spread)) ** 2).sum())
