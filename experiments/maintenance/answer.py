"""The answer on the first page of the README as sentences made from stored results.

The results are in configs/data/headlines.csv, a row a quantity, with the command that measured each.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sim.catalogue import targets
from sim.findings.averaged_answer import Headline, added_sentence, answer_sentences, number_in_words
from sim.runs.headlines import TABLE, headlines
from sim.runs.models import models

from .odd_tables import table

NOT_ASKING = "ministry_does_not_ask"
"""Part of the name of models in which the ministry does not ask the network before it acts."""

SETS_OF_AVERAGE, SETS_OF_ONE_MODEL = 20, 100
"""Parameter sets of each model behind the backbone's effect over all models, and behind its effect in a single model."""

SETS = f"{SETS_OF_ONE_MODEL} sets"
"""Sets of a single model in words."""

MEANING = {
    "doubled_with_backbone": "Enrolment doubles by 2020 with a backbone",
    "doubled_without_backbone": "Enrolment doubles by 2020 without a backbone",
    "doubled_without_window": "Enrolment doubles by 2020 if policy windows never open",
    "backbone_adds": f"A backbone adds, over all models ({SETS_OF_AVERAGE} parameter sets a model)",
    "backbone_adds_if_asked": f"A backbone adds in the main model, where the ministry asks the network ({SETS})",
    "backbone_adds_if_not_asked": f"A backbone adds in the model where the ministry does not ask ({SETS})",
}
"""Quantities in words."""


def answer(results: Mapping[str, Headline] | None = None) -> str:
    """Return one sentence that says whether the backbone matters and when, and one on policy that never comes.

    Args:
        results: stored results by quantity; those of the project if None
    """
    claim, never = answer_sentences(results or headlines())
    return f"**{claim}**\n{never}"


def basis() -> str:
    """Return what the answer rests on, and its first limit."""
    results, averaged = headlines(), models()
    facts = int((targets()["use"] == "fit").sum())
    weights = averaged.loc[averaged["model"].str.contains(NOT_ASKING), "weight"]
    all_models, asks, does_not_ask = (results[f"backbone_adds{name}"] for name in ("", "_if_asked", "_if_not_asked"))
    number, silent = number_in_words(len(averaged)), number_in_words(len(weights))
    return (
        f"* **It rests on** {number} models, fitted to {facts} facts through 2018 and weighted by their evidence.\n"
        f"  Over them a backbone adds {all_models.text} examinees in 2020 (95% interval {all_models.interval}; "
        f"{SETS_OF_AVERAGE} parameter sets a model).\n"
        "* **Its limit:** the record cannot tell what moved the ministry. In the main model it *asks the network*:\n"
        "  it is likelier to act if partners agree, share data and have its trust.\n"
        f"  There a backbone adds {asks.text} examinees ({asks.interval}; {SETS}).\n"
        f"  In another model the ministry decides without looking at the network. There a backbone adds {does_not_ask.text} "
        f"({does_not_ask.interval}; {SETS}).\n"
        f"  A model's *weight* says how far to believe it after the fit; the {number} weights sum to 100%.\n"
        f"  The {silent} models whose ministry does not ask have {weights.sum():.0%} together."
    )


def plain_answer() -> str:
    """Return the answer and what the backbone adds over all averaged models, a line each."""
    return "\n".join((*answer_sentences(headlines()), added_sentence(headlines(), len(models()))))


def headlines_table() -> str:
    """Return the stored results as a table: quantity in words, value, 95% interval, unit, command."""
    commands = pd.read_csv(TABLE).set_index("quantity")["command"]
    rows = [
        (MEANING[name], result.text, result.interval, result.unit, f"`python -m {commands[name]}`")
        for name, result in headlines().items()
    ]
    return table(("quantity", "value", "95% interval", "unit", "command"), rows)
