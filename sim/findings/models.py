"""Sentences about the models that are averaged and their weights."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.findings.numbers import MINUS
from sim.findings.tables import in_text

PRIOR = "weights: prior, no calibration yet"
"""Words for weights that rest on no evidence."""

NEAR_PRIOR = "weights: near the prior ones, since the evidence differs by less than its error"
"""Words for weights where the record cannot tell models apart."""

BY_EVIDENCE = "weights: prior times evidence"
"""Words for weights that a calibration has changed."""


def weights_words(rows: pd.DataFrame) -> str:
    """Return what the weights of the models rest on.

    Args:
        rows: of `sim.runs.models.models`

    >>> weights_words(pd.DataFrame({"log_evidence": [np.nan], "error": [np.nan]}))
    'weights: prior, no calibration yet'
    """
    evidence = rows["log_evidence"]
    if not evidence.notna().all():
        return PRIOR
    ordered = rows.sort_values("log_evidence", kind="stable")[["log_evidence", "error"]].to_numpy(dtype=float)
    (least, error_of_least), (most, error_of_most) = ordered[0], ordered[-1]
    return NEAR_PRIOR if most - least < np.hypot(error_of_least, error_of_most) else BY_EVIDENCE


def weights_in_text(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the table of models as text: prior weight, log evidence with its error, and weight.

    Args:
        rows: of `sim.runs.models.models`
    """
    table = rows[["model", "prior", "log_evidence", "error", "weight"]]
    logs = "{:.2f}".format
    text = in_text(table, "{:.3f}".format, {"log_evidence": logs, "error": logs})
    return text.map(lambda cell: cell if not cell[1:2].isdigit() else cell.replace("-", MINUS))
