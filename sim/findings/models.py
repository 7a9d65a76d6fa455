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

EVIDENT = 3.0
"""Factor by which odds must change before the record is said to distinguish models [ratio]; chosen."""


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


def ministry_sentence(rows: pd.DataFrame) -> str:
    """Return what the record says of a ministry that does not ask the network, as one sentence.

    The record is said to distinguish only if the odds changed by more than EVIDENT.

    Args:
        rows: of `sim.runs.models.models`

    >>> ministry_sentence(pd.DataFrame({"model": ["damped_taste", "ministry_does_not_ask"], "prior": [0.5, 0.5],
    ...                                 "weight": [0.55, 0.45], "log_evidence": [1.0, 0.8], "error": [0.1, 0.1]}))
    'The record cannot tell what moved the ministry: models in which it does not ask the network have 45% of the weight \
(50% before the calibration).'
    """
    silent = rows["model"].str.contains("does_not_ask")
    prior, weight = (float(rows.loc[silent, column].sum() / rows[column].sum()) for column in ("prior", "weight"))
    if not rows["log_evidence"].notna().all():
        return "Nothing was asked of the record yet about what moved the ministry: the models have their prior weights."
    change = (weight / (1.0 - weight)) / (prior / (1.0 - prior)) if 0.0 < weight < 1.0 else np.inf * (weight - 0.5)
    share = f"models in which it does not ask the network have {weight:.0%} of the weight ({prior:.0%} before the calibration)"
    if change > EVIDENT:
        return f"The record speaks against a ministry that asks the network: {share}."
    if change < 1.0 / EVIDENT:
        return f"The record speaks for a ministry that asks the network: {share}."
    return f"The record cannot tell what moved the ministry: {share}."


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
