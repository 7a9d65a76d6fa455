"""Effective numbers: the independent facts that a record is worth, and the parameters that it determines."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.calibration.rounds import StageResult


@dataclass(frozen=True)
class EffectiveNumbers:
    """How many independent facts the record is worth, and how many parameters it teaches.

    Args:
        facts: counts, shares and parts
        independent: facts without a common error that they are worth
        flags: what is only so or not so: that all dates are near, and each yes
        parameters: that are estimated
        learned: parameters that the record determines, in sum over all of them: of each the part of its prior variance that
            the posterior does not have any more

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
            result: of the stage, its scores with a prior variance of 1
        """
        measure, scores = result.emulator.measure, result.chain.scores
        error = result.emulator.surfaces[1] + np.diag(measure.tolerance[measure.smooth] ** 2)
        learned = float((1.0 - scores.var(axis=0, ddof=1)).sum()) if len(scores) > 1 else float("nan")
        flags = len(result.emulator.chances[1])
        return EffectiveNumbers(len(error), independent(error), flags, scores.shape[1], learned)

    def as_dict(self) -> dict[str, float]:
        """Return the numbers by name, for the record of a calibration."""
        return asdict(self)


def independent(covariance: Any) -> float:
    """Return how many independent figures some are worth: squared sum of the eigenvalues over the sum of their squares.

    Of their correlation; equal figures count once, independent ones each.

    Args:
        covariance: of the figures' errors, shape (facts, facts)

    Source: bretherton_1999

    >>> independent(np.eye(3)), independent(np.ones((3, 3)))
    (3.0, 1.0)
    """
    spread = np.sqrt(np.diag(covariance))
    return float(len(spread) ** 2 / ((covariance / np.outer(spread, spread)) ** 2).sum())
