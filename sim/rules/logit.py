"""The linear predictor: named terms on the logit scale, and the chance that follows."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.jit import elementwise
from sim.rules.arrays import Values


@elementwise
def chance(logit: float) -> float:
    """Return the chance that follows from a sum of reasons for and against.

    Args:
        logit: sum of the terms [logit]

    Holds for: any real number; never exactly 0 or 1 below 30 in size.
    Source: brock_durlauf_2001

    >>> float(chance(0.0))
    0.5
    """
    return 1.0 / (1.0 + math.exp(-logit))


def logit_of(terms: Mapping[str, Values]) -> Values:
    """Add up named reasons, each a weight times a circumstance.

    Args:
        terms: name of the reason -> its value, numbers or arrays of one shape [logit]

    Holds for: any number of terms.
    Source: brock_durlauf_2001

    >>> logit_of({"liking": 1.0, "cost": -0.5})
    0.5
    """
    values = iter(terms.values())
    total = next(values)
    for value in values:
        total = total + value
    return total
