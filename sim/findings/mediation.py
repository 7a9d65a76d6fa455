"""Findings on mediation: the part of the backbone's effect through the dates of the ministry, and what is not identified."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.analysis.backbone_effect import EXAMINEES
from sim.analysis.mediation import DIRECT, THROUGH, TOTAL
from sim.findings.backbone_effect import includes_zero
from sim.findings.numbers import Unit, amount, interval, minus

WHOLE = "the whole backbone"
"""Name of all hours together, with the groups that the backbone convenes."""

DEFINITIONS = (
    "*Total effect*: the run with the hours less the run without them, the ministry free in both, with the same "
    "parameters and "
    "seed. *Dates held* (direct effect): the same, but the ministry keeps in both runs the dates that it has with the "
    "hours. *Through the dates* (indirect effect): the rest (`robins_greenland_1992`, `pearl_2001`). The dates are set by "
    "intervention, so these effects are known in the model. In reality they are not: nobody observed the ministry keep its "
    "dates without a backbone."
)
"""Definitions of the parts of an effect."""

NOT_IDENTIFIED = (
    "Not identified: how the effect through the dates divides among shared measurement, trust, consensus and attendance. "
    "They move one another, and hours move all of them at once (`vanderweele_2014`). The table shows how far hours move each, "
    "not how much passes through it. Uses of hours share the path of the ministry, so their effects need not sum to "
    "that of the whole backbone."
)
"""Limits of the table of mediation."""

READING = (
    "Mean effect of the hours over pairs of runs, with its 95% interval over seeds, parameter sets and models. Shared "
    "measurement, consensus and trust are those of the end, the others means since the launch. Urgency is missing because no "
    "hours move it: in this model only a crisis and the yearly figures make the problem urgent."
)
"""Note of the tables of mediation."""


def mediation_sentences(table: pd.DataFrame) -> list[str]:
    """Return sentences on the parts of the whole backbone's effect, and on uses of hours without effect on students.

    Args:
        table: rows of `sim.analysis.backbone_effect.mediation`
    """
    students = table[table["outcome"] == EXAMINEES].set_index(["hours", "part"])
    total, direct, through = (students.loc[(WHOLE, part)] for part in (TOTAL, DIRECT, THROUGH))
    whole = (
        f"Of the {_effect_text(total)} examinees of 2020 that a whole backbone adds, {_effect_text(direct)} remain "
        f"with the ministry's "
        f"dates held, and {_effect_text(through)} go through the dates."
    )
    parts = {"with a free ministry": TOTAL, "with the dates held": DIRECT}
    uses = [hours for hours in dict.fromkeys(table["hours"]) if hours != WHOLE]
    without_effect = {
        words: [hours for hours in uses if includes_zero(students.loc[(hours, part)])] for words, part in parts.items()
    }
    return [whole, *(f"The effect on examinees of 2020 cannot be distinguished from zero {words}: {', '.join(names)}."
                     for words, names in without_effect.items() if names)]  # fmt: skip


def _effect_text(row: Any) -> str:
    zero = ", zero included" if includes_zero(row) else ""
    return f"{amount(row['effect'])} ({interval(row['low'], row['high'])}{zero})"


def mediation_in_text(table: pd.DataFrame, columns: Mapping[tuple[str, str], tuple[str, Unit]]) -> pd.DataFrame:
    """Return the effects of hours as a table of text: one row per use of hours, one column per outcome and part.

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
    return f"{_short_number(mean)} [{_short_number(low)}, {_short_number(high)}]"


def _short_number(value: float) -> str:
    """Return a number as text with one decimal, or none from 100.

    >>> _short_number(-0.04), _short_number(12.34), _short_number(1234.5)
    ('0.0', '+12.3', '+1,234')
    """
    if abs(value) < 0.05:
        return "0.0"
    return minus(f"{value:+,.0f}" if abs(value) >= 99.95 else f"{value:+.1f}")
