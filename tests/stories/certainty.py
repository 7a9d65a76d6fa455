"""Certainty that a story needs: the mean difference within pairs, less three and a half standard errors."""

from __future__ import annotations

import numpy as np

ERRORS = 3.5
"""Standard errors given away: with 40 pairs a claim without truth passes once in some 1,700 times."""


def at_least(differences) -> float:
    """Return the lower bound of the mean difference."""
    values = np.asarray(differences, dtype=float)
    assert len(values) >= 10, "too few pairs to tell"
    return float(values.mean() - ERRORS * values.std(ddof=1) / np.sqrt(len(values)))


def at_most(differences) -> float:
    """Return the upper bound of the mean difference."""
    return -at_least(-np.asarray(differences, dtype=float))
