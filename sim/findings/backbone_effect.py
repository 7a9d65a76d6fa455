"""Findings on the backbone's effect: over models, prior beside posterior, and through the dates of the ministry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.analysis.backbone_effect import AVERAGE, DIRECT, EXAMINEES, POSTERIOR, PRIOR, THROUGH, TOTAL
from sim.findings.models import model_words
from sim.findings.numbers import Unit, amount, estimated, figure, interval, minus

WHOLE = "the whole backbone"
"""All hours switched off at once, with the groups that the backbone convenes."""

DEFINITIONS = (
    "*Total effect*: the run with the hours less the run without them, the ministry free in both, parameters and luck the "
    "same. *Dates held* (direct effect): the same, but the ministry keeps in both runs the dates that it has with the "
    "hours. *Through the dates* (indirect effect): the rest (`robins_greenland_1992`, `pearl_2001`). The dates are set by "
    "intervention, so these effects are known in the model. In the world they are not: nobody saw the ministry keep its "
    "dates without a backbone."
)
"""What the parts of an effect are."""

NOT_IDENTIFIED = (
    "Not identified: how the effect through the dates divides among shared measurement, trust, consensus and attendance. "
    "They move one another, and hours move all of them at once (`vanderweele_2014`). The table shows how far hours move each, "
    "not how much passes through it. Uses of hours share the path of the ministry, so their effects need not sum to "
    "that of the whole backbone."
)
"""What the table of mediation does not say."""

READING = (
    "Mean over pairs of runs of what the hours add, with its 95% interval over luck, parameter sets and models. Shared "
    "measurement, consensus and trust are those of the end, the others means since the launch. Urgency is missing because no "
    "hours move it: in this model only a crisis and the yearly figures make the problem urgent."
)
"""How the tables of mediation are read."""

POINTS = Unit(100.0, "percentage points")
"""In which changes of chances are told."""


def average_of(effects: pd.DataFrame, outcome: str, over: str) -> pd.Series[Any]:
    """Return the row that averages over models.

    Args:
        effects: rows of `sim.analysis.backbone_effect.effects`
        outcome: of which
        over: prior or posterior
    """
    rows = effects[(effects["outcome"] == outcome) & (effects["over"] == over) & (effects["model"] == AVERAGE)]
    return rows.iloc[0]


def includes_zero(row: Any) -> bool:
    """Return whether the interval of a row includes zero, or is not known."""
    return not (row["low"] > 0.0 or row["high"] < 0.0)


def added(row: Any) -> str:
    """Return what the backbone adds to examinees of 2020, without a claim where the interval includes zero.

    Args:
        row: effect, low, high [students]

    >>> added({"effect": 10.0, "low": -5.0, "high": 25.0}).partition(":")[0]
    'no effect of the backbone on examinees of 2020 can be told from zero'
    >>> added({"effect": 10.0, "low": 5.0, "high": 25.0})
    'the backbone adds 10 examinees of 2020 on average (95% interval +5 to +25)'
    """
    ends = f"95% interval {interval(row['low'], row['high'])}"
    if includes_zero(row):
        size = amount(row["effect"])
        return f"no effect of the backbone on examinees of 2020 can be told from zero: {size} on average ({ends})"
    verb = "adds" if row["effect"] > 0.0 else "takes away"
    return f"the backbone {verb} {amount(abs(row['effect']), False)} examinees of 2020 on average ({ends})"


def headline(effects: pd.DataFrame, weights: str) -> str:
    """Return the backbone's effect on examinees of 2020, averaged over models, as a sentence.

    Args:
        effects: rows of `sim.analysis.backbone_effect.effects`
        weights: of the models, in words
    """
    row = average_of(effects, EXAMINEES, POSTERIOR)
    models = effects.loc[effects["model"] != AVERAGE, "model"].nunique()
    claim = added(row)
    spread = f"In the middle 90% of parameter sets it is {interval(row['low_90'], row['high_90'])}"
    return f"Averaged over {models} models ({weights}), {claim}. {spread}."


def by_model_sentence(effects: pd.DataFrame) -> str:
    """Return in which models the effect on examinees of 2020 is largest and smallest, and in which it may be nothing."""
    rows = effects[(effects["outcome"] == EXAMINEES) & (effects["over"] == POSTERIOR) & (effects["model"] != AVERAGE)]
    ordered = rows.sort_values("effect", kind="stable")
    least, most = ordered.iloc[0], ordered.iloc[-1]
    ends = " to ".join(f"{amount(row['effect'])} ({model_words(row['model'])})" for row in (least, most))
    zero = rows[[includes_zero(row) for _, row in rows.iterrows()]]
    if zero.empty:
        return f"Model by model it reaches from {ends}; in none of them does the interval include zero."
    names = ", ".join(model_words(name) for name in zero["model"])
    share = zero["weight"].sum() / rows["weight"].sum()
    told = f"The interval includes zero in models with {share:.0%} of the weight: {names}."
    return f"Model by model it reaches from {ends}. {told}"


def prior_sentence(effects: pd.DataFrame) -> str:
    """Return what the prior says of the same effect, so that a reader sees what the record has added."""
    before, after = (average_of(effects, EXAMINEES, over) for over in (PRIOR, POSTERIOR))
    width = (after["high_90"] - after["low_90"]) / (before["high_90"] - before["low_90"])
    return (
        f"Over the prior it is {estimated(before, 'effect', Unit(1.0, 'students'))} students, in the middle 90% of sets "
        f"{interval(before['low_90'], before['high_90'])}: the middle 90% of the posterior is {width:.2f} times as wide."
    )


def variance_sentence(row: Any, of: str) -> str:
    """Return what part of a variance lies between models.

    Args:
        row: between, between_low, between_high [share]
        of: whose variance it is, in words
    """
    if pd.isna(row["between"]):
        return f"The variance of {of} has no part between models: there is one model, or nothing varies."
    ends = f"95% interval {row['between_low']:.0%} to {row['between_high']:.0%}"
    return f"Of the variance of {of}, {row['between']:.0%} lies between models ({ends}) and the rest within them."


def doubling_sentence(effects: pd.DataFrame, year: int) -> str:
    """Return what the backbone does for the chance of doubling by a year, averaged over models."""
    row = average_of(effects, f"doubled_{year}", POSTERIOR)
    size = (
        f"{figure(row['effect'], POINTS)} percentage points (95% interval {interval(row['low'], row['high'], POINTS)})"
    )
    if includes_zero(row):
        return f"For the chance of doubling by {year} no effect can be told from zero: {size}."
    return f"It changes the chance of doubling by {year} by {size}."


def mediation_sentences(table: pd.DataFrame) -> list[str]:
    """Return what of the whole backbone's effect remains at held dates, and which uses of hours do nothing for students.

    Args:
        table: rows of `sim.analysis.backbone_effect.mediation`
    """
    students = table[table["outcome"] == EXAMINEES].set_index(["hours", "part"])
    total, direct, through = (students.loc[(WHOLE, part)] for part in (TOTAL, DIRECT, THROUGH))
    whole = (
        f"Of the {_sized(total)} examinees of 2020 that a whole backbone adds, {_sized(direct)} remain with the ministry's "
        f"dates held, and {_sized(through)} go through the dates."
    )
    parts = {"with a free ministry": TOTAL, "with the dates held": DIRECT}
    uses = [hours for hours in dict.fromkeys(table["hours"]) if hours != WHOLE]
    silent = {
        words: [hours for hours in uses if includes_zero(students.loc[(hours, part)])] for words, part in parts.items()
    }
    return [whole, *(f"No effect on examinees of 2020 can be told from zero {words}: {', '.join(names)}."
                     for words, names in silent.items() if names)]  # fmt: skip


def _sized(row: Any) -> str:
    zero = ", zero included" if includes_zero(row) else ""
    return f"{amount(row['effect'])} ({interval(row['low'], row['high'])}{zero})"


def effects_in_text(effects: pd.DataFrame, outcome: str, unit: Unit) -> pd.DataFrame:
    """Return an effect by model as text, prior beside posterior.

    Args:
        effects: rows of `sim.analysis.backbone_effect.effects`
        outcome: of which
        unit: in which it is told
    """
    rows = effects[effects["outcome"] == outcome].set_index(["over", "model"])
    cells = []
    for name in dict.fromkeys(effects["model"]):
        line = [model_words(name)]
        for over in (PRIOR, POSTERIOR):
            row = rows.loc[(over, name)]
            line += [
                f"{row['weight']:.3f}",
                estimated(row, "effect", unit),
                interval(row["low_90"], row["high_90"], unit),
            ]
        cells.append(line)
    own = [f"{over}: {what}" for over in (PRIOR, POSTERIOR) for what in ("weight", "mean [95%]", "middle 90% of sets")]
    return pd.DataFrame(cells, columns=["model", *own])


def spreads_in_text(effects: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Return by what an effect spreads within each model: parameter sets, luck, share of pairs above zero.

    Args:
        effects: rows of `sim.analysis.backbone_effect.effects`
        outcome: of which
    """
    rows = effects[(effects["outcome"] == outcome) & (effects["over"] == POSTERIOR) & (effects["model"] != AVERAGE)]
    cells = [
        [model_words(row["model"]), amount(row["sd_sets"], False), amount(row["sd_luck"], False), f"{row['positive']:.0%}",
         str(row["sets"]), str(row["pairs"])]
        for _, row in rows.iterrows()
    ]  # fmt: skip
    header = ["model", "sd between sets", "sd of luck", "pairs above zero", "sets", "pairs"]
    return pd.DataFrame(cells, columns=header)


def mediation_in_text(table: pd.DataFrame, columns: Mapping[tuple[str, str], tuple[str, Unit]]) -> pd.DataFrame:
    """Return what hours add as text: a row a use of hours, a column an outcome and part.

    Args:
        table: rows of `sim.analysis.backbone_effect.mediation`
        columns: name of the column and unit, by outcome and part
    """
    keyed = zip(table["hours"], table["outcome"], table["part"], table.to_dict("records"), strict=True)
    rows = {(hours, outcome, part): row for hours, outcome, part, row in keyed}
    cells = [
        [hours, *(_cell(rows[(hours, *key)], unit) for key, (_, unit) in columns.items())]
        for hours in dict.fromkeys(table["hours"])
    ]
    return pd.DataFrame(cells, columns=["switched off", *(name for name, _ in columns.values())])


def _cell(row: Any, unit: Unit) -> str:
    mean, low, high = (row[name] * unit.factor for name in ("effect", "low", "high"))
    if mean == low == high == 0.0:
        return "0"
    return f"{_short(mean)} [{_short(low)}, {_short(high)}]"


def _short(value: float) -> str:
    """Return a number with one decimal, from 100 on without."""
    return minus(f"{value:+,.0f}" if abs(value) >= 99.95 else f"{value:+.1f}")
