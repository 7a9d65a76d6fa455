"""Findings on equity as sentences, never stronger than their intervals."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from sim.analysis.effects import Estimate
from sim.analysis.equity import AS_RATIO, CONCENTRATION, IN_POINTS, INDEX, LEVEL_OF_TOTAL
from sim.findings.numbers import Unit, figure, interval, minus, readable_name

PLAIN, POINTS = Unit(1.0, ""), Unit(1.0, "percentage points")
MEASURES = {IN_POINTS: "percentage points", AS_RATIO: "as a ratio", INDEX: "as an index"}
"""Units of the measures of a gap, in words."""

NO_NUMBER = "no number"
"""Text for a cost per examinee if it is not certain that any were caused."""

NO_PARTS = (
    "No group's part of the additional examinees is given, since their total may be zero: "
    f"its {LEVEL_OF_TOTAL:.0%} interval includes zero."
)
"""Sentence in place of parts of a total that may be zero."""

LABELS = {
    "quintile 1": "quintile 1, strongest", "quintile 5": "quintile 5, weakest", "quintile unknown": "quintile not published",
    "stream state": "state", "stream state_religious": "state-religious", "stream haredi": "Haredi",
    "stream non_jewish": "non-Jewish", "stream unknown": "stream not known",
}  # fmt: skip
"""Groups in words, if these differ from their names."""

COUNTED = (
    "Counted as cost is what organisations offered since the start of a run, whatever became of it: pledges and grants of "
    "foundations, businesses, NGOs, academia and local authorities, members of the initiative or not, volunteers' work "
    "valued; the backbone's own cost; and of the ministry's money only its pilot, its national programme (with matching, "
    "where there is any) or a plan of its own. Not counted: what families and schools spend, and the ministry's regular "
    "budget. Money offered in the last years of a run may not have acted yet when it ends; it is counted all the same."
)
"""Definition of cost."""

TWO_COSTS = (
    "Caused examinees are those of all years of a run less those of the reference's run with the same seed. They are "
    "divided into all money that the arm offered, and into the money that it offered beyond the reference, in which "
    "organisations may offer money too. `cost_per_additional` of the results table divides all money by all growth since "
    "2013, whoever caused it: it is not the cost of what an arm caused."
)
"""Definition of the two costs per examinee."""

GENDER = (
    "Gender: the model splits examinees by two measured effects, that girls gain nothing by hours and classes and more by the "
    "science reserves. Girls and boys respond alike to everything else, so the model says little about which of them gain."
)
"""Limits of results on gender."""


def label_of(group: str) -> str:
    """Return a group in words.

    >>> label_of("quintile 5"), label_of("periphery")
    ('quintile 5, weakest', 'periphery')
    """
    return LABELS.get(group, group)


def scenario_text(name: str, reference: str) -> str:
    """Return a scenario in words, with a note for the reference."""
    return f"{name.replace('_', ' ')}{' (reference)' if name == reference else ''}"


def estimate_in(row: Any, name: str) -> Estimate:
    """Return the estimate in the columns NAME, NAME_low and NAME_high of a row."""
    return Estimate(float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"]), 0)


def figure_with_interval(row: Any, name: str, unit: Unit = PLAIN, signed: bool = True) -> str:
    """Return a figure with its interval as text, from the columns NAME, NAME_low and NAME_high.

    >>> figure_with_interval({"a": 12.0, "a_low": 10.0, "a_high": 150.0}, "a", signed=False)
    '12 [10 to 150]'
    """
    if math.isnan(row[name]):
        return "-"
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    ends = "no interval" if math.isnan(low) else interval(low, high, unit, signed)
    return f"{figure(row[name], unit, signed)} [{ends}]"


def cost_text(row: Any, name: str) -> str:
    """Return a cost per examinee caused as text; NO_NUMBER or a dash if there is none."""
    if f"{name}_low" in row:
        return NO_NUMBER if math.isnan(row[name]) else figure_with_interval(row, name, signed=False)
    return "-" if math.isnan(row[name]) else figure(float(row[name]), signed=False)


def percent_text(row: Any, name: str) -> str:
    """Return a part in percent as text, with its interval if there is one.

    >>> percent_text({"a": 0.123}, "a"), percent_text({"a": 0.5, "a_low": 0.4, "a_high": 0.6}, "a")
    ('12.3%', '50.0% [40.0%, 60.0%]')
    >>> percent_text({"a": float("nan")}, "a")
    '-'
    """
    if math.isnan(row[name]):
        return "-"
    ends = f" [{row[f'{name}_low']:.1%}, {row[f'{name}_high']:.1%}]" if f"{name}_low" in row else ""
    return minus(f"{row[name]:.1%}{ends}")


def gain_sentence(row: Any) -> str:
    """Return a sentence on the difference of one group's share from that in another scenario.

    Args:
        row: of `sim.analysis.equity.gains`
    """
    points, against = estimate_in(row, "points"), readable_name(str(row["against"]))
    ends = interval(points.low, points.high)
    mean = f"{figure(points.mean, POINTS)} percentage points on average (95% interval {ends})"
    if not points.sign:
        return f"a difference of zero from {against} in the share at five units cannot be excluded; {mean}."
    return f"the share at five units is {'higher' if points.sign > 0 else 'lower'} than in {against}, by {mean}."


def parts_of_gain(rows: pd.DataFrame) -> str:
    """Return a sentence on the groups with more or less of the additional examinees than of the maths takers.

    Args:
        rows: of one arm and one scenario, of `sim.analysis.equity.gains`
    """
    reported = rows[rows["share"].notna() & rows["part_of_gain"].notna()]
    if reported.empty:
        return NO_PARTS
    what = "gain" if reported["additional"].sum() > 0 else "loss"
    more = reported[reported["part_of_gain_low"] > reported["part_of_takers"]]
    less = reported[reported["part_of_gain_high"] < reported["part_of_takers"]]
    sentences = [
        f"{word} of the {what} than of the takers have {_parts_text(of)}"
        for word, of in (("More", more), ("Less", less))
        if len(of)
    ]
    return (
        ". ".join(sentences) + "."
        if sentences
        else f"No group surely has more or less of the {what} than of the takers."
    )


def _parts_text(rows: pd.DataFrame) -> str:
    return ", ".join(
        f"{label_of(row['group'])} ({percent_text(row, 'part_of_gain')} beside {percent_text(row, 'part_of_takers')})"
        for _, row in rows.iterrows()
    )


def gap_sentence(row: Any) -> str:
    """Return a sentence on the difference of a gap from that in another scenario.

    Args:
        row: of `sim.analysis.equity.gaps`
    """
    size = f"{figure(row['difference'])} {MEASURES[row['measure']]} (95% interval {interval(row['low'], row['high'])})"
    what = f"{CONCENTRATION} over quintiles" if row["measure"] == INDEX else f"gap of {row['gap']}"
    return f"{what} beside {readable_name(row['against'])}: {direction_text(row)}, {size}."


def disagreements(rows: pd.DataFrame) -> list[str]:
    """Return a sentence for each gap whose difference has opposite signs in points and as a ratio.

    Args:
        rows: of `sim.analysis.equity.gaps`
    """
    sentences = []
    for (arm, against, name), of in rows.groupby(["arm", "against", "gap"], sort=False):
        signs = {Estimate(row["difference"], row["low"], row["high"], row["n"]).sign for _, row in of.iterrows()}
        if signs == {1, -1}:
            where = f"{readable_name(str(arm))} beside {readable_name(str(against))}"
            sentences.append(
                f"The two measures of the gap of {name} in {where} disagree: name the measure that you mean."
            )
    return sentences


def direction_text(row: Any) -> str:
    """Return the direction of a difference of gaps: wider or narrower only if the same group is ahead in both scenarios.

    >>> row = {"measure": "points", "level": 2.0, "level_low": 1.0, "difference": -3.0, "low": -4.0, "high": -2.0}
    >>> direction_text(row), direction_text(row | {"level_low": -1.0}), direction_text(row | {"low": -7.0, "high": 1.0})
    ('narrower', 'lower, and it is not certain that the same group is ahead', 'a difference of zero cannot be excluded')
    """
    sign = Estimate(row["difference"], row["low"], row["high"], 0).sign
    if not sign:
        return "a difference of zero cannot be excluded"
    if row["measure"] == INDEX:
        return "higher, so more for the strong" if sign > 0 else "lower, so less for the strong"
    even = 1.0 if row["measure"] == AS_RATIO else 0.0
    if min(row["level_low"], row["level"] - row["difference"]) >= even:
        return "wider" if sign > 0 else "narrower"
    return f"{'higher' if sign > 0 else 'lower'}, and it is not certain that the same group is ahead"


def cost_sentence(row: Any) -> str:
    """Return a clause on the cost of an arm per examinee caused, or the reason why there is none.

    Args:
        row: of `sim.analysis.costs.costs`, of all sources
    """
    if math.isnan(row["per_caused"]):
        fewer = estimate_in(row, "caused").sign < 0
        why = "there are fewer examinees" if fewer else "it is not certain that there are any"
        return f"no cost for each examinee caused: {why} ({figure_with_interval(row, 'caused')})."
    return (f"NIS thousand {cost_text(row, 'extra_per_caused')} of the money beyond {readable_name(row['reference'])}, and "
            f"{cost_text(row, 'per_caused')} of all its money, for each examinee caused.")  # fmt: skip
