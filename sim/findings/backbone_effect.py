"""Findings on the backbone's effect: by model and on average, for prior and posterior."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.analysis.backbone_effect import AVERAGE, EXAMINEES, POSTERIOR, PRIOR
from sim.findings.models import model_words
from sim.findings.numbers import Unit, amount, estimated, figure, interval

POINTS = Unit(100.0, "percentage points")
"""Unit of changes of probabilities."""


def average_of(effects: pd.DataFrame, outcome: str, over: str) -> pd.Series[Any]:
    """Return the row of the average over models.

    Args:
        effects: rows of `sim.analysis.backbone_effect.effects`
        outcome: column
        over: PRIOR or POSTERIOR
    """
    rows = effects[(effects["outcome"] == outcome) & (effects["over"] == over) & (effects["model"] == AVERAGE)]
    return rows.iloc[0]


def includes_zero(row: Any) -> bool:
    """Return whether the interval of a row includes zero or is not known."""
    return not (row["low"] > 0.0 or row["high"] < 0.0)


def effect_text(row: Any) -> str:
    """Return a clause on the backbone's effect on examinees of 2020, without a claim if the interval includes zero.

    Args:
        row: effect, low, high [students]

    >>> effect_text({"effect": 10.0, "low": -5.0, "high": 25.0}).partition(":")[0]
    'the effect of the backbone on examinees of 2020 cannot be distinguished from zero'
    >>> effect_text({"effect": 10.0, "low": 5.0, "high": 25.0})
    'the backbone adds 10 examinees of 2020 on average (95% interval +5 to +25)'
    """
    ends = f"95% interval {interval(row['low'], row['high'])}"
    if includes_zero(row):
        size = amount(row["effect"])
        return f"the effect of the backbone on examinees of 2020 cannot be distinguished from zero: {size} on average ({ends})"
    verb = "adds" if row["effect"] > 0.0 else "takes away"
    return f"the backbone {verb} {amount(abs(row['effect']), False)} examinees of 2020 on average ({ends})"


def headline(effects: pd.DataFrame, weights: str) -> str:
    """Return sentences on the backbone's effect on examinees of 2020, averaged over models.

    Args:
        effects: rows of `sim.analysis.backbone_effect.effects`
        weights: of the models, in words
    """
    row = average_of(effects, EXAMINEES, POSTERIOR)
    models = effects.loc[effects["model"] != AVERAGE, "model"].nunique()
    claim = effect_text(row)
    spread = f"In the middle 90% of parameter sets it is {interval(row['low_90'], row['high_90'])}"
    return f"Averaged over {models} models ({weights}), {claim}. {spread}."


def by_model_sentence(effects: pd.DataFrame) -> str:
    """Return sentences on the models with the largest, the smallest and possibly zero effect on examinees of 2020."""
    rows = effects[(effects["outcome"] == EXAMINEES) & (effects["over"] == POSTERIOR) & (effects["model"] != AVERAGE)]
    ordered = rows.sort_values("effect", kind="stable")
    least, most = ordered.iloc[0], ordered.iloc[-1]
    ends = " to ".join(f"{amount(row['effect'])} ({model_words(row['model'])})" for row in (least, most))
    zero = rows[[includes_zero(row) for _, row in rows.iterrows()]]
    if zero.empty:
        return f"Model by model it reaches from {ends}; in none of them does the interval include zero."
    names = "; ".join(model_words(name) for name in zero["model"])
    share = zero["weight"].sum() / rows["weight"].sum()
    note = f"The interval includes zero in models with {share:.0%} of the weight: {names}."
    return f"Model by model it reaches from {ends}. {note}"


def prior_sentence(effects: pd.DataFrame) -> str:
    """Return a sentence on the same effect over the prior, to show what the record adds."""
    before, after = (average_of(effects, EXAMINEES, over) for over in (PRIOR, POSTERIOR))
    width = (after["high_90"] - after["low_90"]) / (before["high_90"] - before["low_90"])
    return (
        f"Over the prior it is {estimated(before, 'effect', Unit(1.0, 'students'))} students, in the middle 90% of sets "
        f"{interval(before['low_90'], before['high_90'])}: the middle 90% of the posterior is {width:.2f} times as wide."
    )


def variance_sentence(row: Any, of: str) -> str:
    """Return a sentence on the part of a variance that lies between models.

    Args:
        row: between, between_low, between_high [share]
        of: quantity in words
    """
    if pd.isna(row["between"]):
        return (
            f"The part of the variance of {of} between models is not known: no model has two runs, or nothing varies."
        )
    ends = f"95% interval {row['between_low']:.0%} to {row['between_high']:.0%}"
    return f"Of the variance of {of}, {row['between']:.0%} lies between models ({ends}) and the rest within them."


def doubling_sentence(effects: pd.DataFrame, year: int) -> str:
    """Return a sentence on the backbone's effect on the probability of doubling by a year, averaged over models."""
    row = average_of(effects, f"doubled_{year}", POSTERIOR)
    size = (
        f"{figure(row['effect'], POINTS)} percentage points (95% interval {interval(row['low'], row['high'], POINTS)})"
    )
    if includes_zero(row):
        return f"The effect on the probability of doubling by {year} cannot be distinguished from zero: {size}."
    return f"It changes the probability of doubling by {year} by {size}."


def effects_in_text(effects: pd.DataFrame, outcome: str, unit: Unit) -> pd.DataFrame:
    """Return an effect by model as a table of text, for prior and posterior.

    Args:
        effects: rows of `sim.analysis.backbone_effect.effects`
        outcome: column
        unit: of the outcome
    """
    rows = effects[effects["outcome"] == outcome].set_index(["over", "model"])
    cells = []
    for name in dict.fromkeys(effects["model"]):
        line = [model_words(name)]
        for over in (PRIOR, POSTERIOR):
            row = rows.loc[(over, name)]
            line += [estimated(row, "effect", unit), interval(row["low_90"], row["high_90"], unit)]
        cells.append(line)
    columns = [f"{over}: {name}" for over in (PRIOR, POSTERIOR) for name in ("mean [95%]", "middle 90%")]
    return pd.DataFrame(cells, columns=["model", *columns])


def spreads_in_text(effects: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return the spread of an effect within each model as a table of text: between sets, within sets, share above zero.

    Args:
        effects: rows of `sim.analysis.backbone_effect.effects`
        outcome: column
    """
    rows = effects[(effects["outcome"] == outcome) & (effects["over"] == POSTERIOR) & (effects["model"] != AVERAGE)]
    cells = [
        [model_words(row["model"]), amount(row["sd_sets"], False), amount(row["sd_random"], False), f"{row['positive']:.0%}",
         str(row["sets"]), str(row["pairs"])]
        for _, row in rows.iterrows()
    ]  # fmt: skip
    header = ["model", "sd between sets", "sd within sets", "pairs above zero", "sets", "pairs"]
    return pd.DataFrame(cells, columns=header)
