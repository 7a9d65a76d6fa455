"""Findings on the models that are averaged and their weights."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.findings.numbers import minus, readable_name
from sim.findings.tables import in_text

PRIOR = "weights: prior, no calibration yet"
"""Words for weights that rest on no evidence."""

NEAR_PRIOR = "weights: near the prior ones, since the evidence differs by less than its error"
"""Words for weights where the record does not distinguish models."""

BY_EVIDENCE = "weights: prior times evidence"
"""Words for weights that a calibration has changed."""


def weights_words(rows: pd.DataFrame) -> str:
    """Return the basis of the models' weights in words.

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
    """Return the models as a table of text: prior weight, log evidence with its error, and weight.

    Args:
        rows: of `sim.runs.models.models`
    """
    table = rows[["model", "prior", "log_evidence", "error", "weight"]]
    table = table.assign(model=[model_words(name) for name in table["model"]])
    logs = {"log_evidence": lambda value: minus(f"{value:.2f}"), "error": "{:.2f}".format}
    return in_text(table, weight_text, logs)


def weight_text(weight: float) -> str:
    """Return a weight as text.

    >>> weight_text(0.0625), weight_text(0.25), weight_text(1.0)
    ('0.0625', '0.25', '1')
    """
    return f"{weight:.3g}"


def model_words(name: str) -> str:
    """Return the name of a model as words.

    >>> model_words("constant_trust_ministry_does_not_ask"), model_words("damped_taste")
    ('constant trust, ministry does not ask', 'damped taste')
    """
    return readable_name(str(name)).replace("trust ministry", "trust, ministry")
