"""Sentences on the beliefs behind an answer, on its limit, and on how to read an interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.commands import command
from sim.findings.models import ministry_sentence

INTERVALS = (
    "A 95% interval is a range for the mean of the model. Of a hundred such ranges, each from other seeds, about 95 hold that "
    "mean. It narrows with more runs; it does not cover errors of the model."
)
"""How to read an interval."""


EFFECTS = f"`{command('predict', ['question=backbone'])}` estimates the effect of the backbone in each model."
"""Where a reader finds the size of that uncertainty."""


def believe_sentences(assumptions: pd.DataFrame, models: pd.DataFrame, record: Mapping[str, Any]) -> list[str]:
    """Return what a reader must believe to accept the answer, a sentence each.

    Args:
        assumptions: as `sim.assumptions` returns it
        models: the averaged models and their weights, of `sim.runs.models.models`
        record: of the main comparison
    """
    assumed = int((assumptions["evidence"] == "assumed").sum())
    texts = [
        f"That the ministry is moved as the model says. {ministry_sentence(models)}",
        f"That {assumed} of the {len(assumptions)} numbers and choices of the model, which the authors assumed, are near the "
        "truth.",
    ]
    if record["uncertainty"] == "point":
        texts.append("That every parameter has its default value: intervals cover random variation only.")
    return texts


def limit_sentence(facts: pd.DataFrame | None) -> str:
    """Return one limit: the last year with facts that the model was fitted to.

    Args:
        facts: published facts, of `sim.catalogue.targets`; None if they are not about the simulated schools

    >>> limit_sentence(None)
    'These are statements about a model of this place, which no record of this place has tested.'
    """
    if facts is None:
        return "These are statements about a model of this place, which no record of this place has tested."
    last = int(facts.loc[facts["use"] == "fit", "year"].max())
    return f"These are statements about a model, not about the country. It was fitted to nothing after {last}."
