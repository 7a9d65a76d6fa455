"""What a study of equity says, in sentences that are never stronger than their intervals."""

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
"""What is said of a cost for each where it is not sure that there is anybody to divide by."""

NO_PARTS = (
    "No group's part of the additional examinees is given, since their total may be zero: "
    f"its {LEVEL_OF_TOTAL:.0%} interval includes zero."
)
"""What is said in place of parts of a total that may be zero."""

LABELS = {
    "quintile 1": "quintile 1, strongest", "quintile 5": "quintile 5, weakest", "quintile unknown": "quintile not published",
    "stream state": "state", "stream state_religious": "state-religious", "stream haredi": "Haredi",
    "stream non_jewish": "non-Jewish", "stream unknown": "stream not known",
}  # fmt: skip
"""Groups in words, where these are others than their names."""

COUNTED = (
    "Counted as cost is what organisations offered since the start of a run, whatever became of it: pledges and grants of "
    "foundations, businesses, NGOs, academia and local authorities, members of the initiative or not, volunteers' work "
    "valued; the backbone's own cost; and of the ministry's money only its pilot, its national programme (with matching, "
    "where there is any) or a plan of its own. Not counted: what families and schools spend, and the ministry's regular "
    "budget. Money offered in the last years of a run may not have acted yet when it ends; it is counted all the same."
)
"""What is counted as cost."""

TWO_COSTS = (
    "Caused are the examinees of all years of a run beyond those of the reference's run with the same luck. Each of them "
    "is set against all money that the arm offered, and against the money that it offered beyond the reference, in which "
    "organisations may offer money too. `cost_per_additional` of the results table divides all money by all growth since "
    "2013, whoever caused it: it is not the cost of what an arm caused."
)
"""How the two costs for each examinee differ, and from the outcome of that name."""

GENDER = (
    "Gender: the model splits examinees by two measured effects, that girls gain nothing by hours and classes and more by the "
    "science reserves. To everything else girls and boys answer alike, so little can be said about which of them gain."
)
"""What the model knows of gender."""


def label_of(group: str) -> str:
    """Return a group in words.

    >>> label_of("quintile 5"), label_of("periphery")
    ('quintile 5, weakest', 'periphery')
    """
    return LABELS.get(group, group)


def scenario_text(name: str, reference: str) -> str:
    """Return a scenario in words, the reference as that."""
    return f"{name.replace('_', ' ')}{' (reference)' if name == reference else ''}"


def estimate_in(row: Any, name: str) -> Estimate:
    """Return the estimate that a row holds in the columns NAME, NAME_low and NAME_high."""
    return Estimate(float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"]), 0)


def figure_with_interval(row: Any, name: str, unit: Unit = PLAIN, signed: bool = True) -> str:
    """Return a figure with its interval, from the columns NAME, NAME_low and NAME_high.

    >>> sized({"a": 12.0, "a_low": 10.0, "a_high": 150.0}, "a", signed=False)
    '12 [10 to 150]'
    """
    if math.isnan(row[name]):
        return "-"
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    ends = "no interval" if math.isnan(low) else interval(low, high, unit, signed)
    return f"{figure(row[name], unit, signed)} [{ends}]"


def cost_text(row: Any, name: str) -> str:
    """Return a cost for each examinee caused, or that there is no number; the median of runs where there is no interval."""
    if f"{name}_low" in row:
        return NO_NUMBER if math.isnan(row[name]) else figure_with_interval(row, name, signed=False)
    return "-" if math.isnan(row[name]) else figure(float(row[name]), signed=False)


def percent_text(row: Any, name: str) -> str:
    """Return a part in percent, with its interval if there is one.

    >>> percent({"a": 0.123}, "a"), percent({"a": 0.5, "a_low": 0.4, "a_high": 0.6}, "a"), percent({"a": float("nan")}, "a")
    ('12.3%', '50.0% [40.0%, 60.0%]', '-')
    """
    if math.isnan(row[name]):
        return "-"
    ends = f" [{row[f'{name}_low']:.1%}, {row[f'{name}_high']:.1%}]" if f"{name}_low" in row else ""
    return minus(f"{row[name]:.1%}{ends}")


def gain_sentence(row: Any) -> str:
    """Return how one group's share differs from that in the scenario it is set beside.

    Args:
        row: of `sim.analysis.equity.gains`
    """
    points, against = estimate_in(row, "points"), readable_name(str(row["against"]))
    ends = interval(points.low, points.high)
    mean = f"{figure(points.mean, POINTS)} percentage points on average (95% interval {ends})"
    if not points.sign:
        return f"no difference from {against} in the share at five units cannot be excluded; {mean}."
    return f"the share at five units is {'higher' if points.sign > 0 else 'lower'} than in {against}, by {mean}."


def parts_of_gain(rows: pd.DataFrame) -> str:
    """Return who has more, and who less, of all additional examinees than of all maths takers.

    Args:
        rows: of one arm and one scenario, as `sim.analysis.equity.gains` returns them
    """
    kept = rows[rows["share"].notna() & rows["part_of_gain"].notna()]
    if kept.empty:
        return NO_PARTS
    what = "gain" if kept["additional"].sum() > 0 else "loss"
    more = kept[kept["part_of_gain_low"] > kept["part_of_takers"]]
    less = kept[kept["part_of_gain_high"] < kept["part_of_takers"]]
    said = [
        f"{word} of the {what} than of the takers have {_parts_text(of)}"
        for word, of in (("More", more), ("Less", less))
        if len(of)
    ]
    return (
        ". ".join(said) + "." if said else f"No group is sure to have more of the {what}, or less, than of the takers."
    )


def _parts_text(rows: pd.DataFrame) -> str:
    return ", ".join(
        f"{label_of(row['group'])} ({percent_text(row, 'part_of_gain')} beside {percent_text(row, 'part_of_takers')})"
        for _, row in rows.iterrows()
    )


def gap_sentence(row: Any) -> str:
    """Return how one gap of an arm differs from that of the scenario it is set beside.

    Args:
        row: of `sim.analysis.equity.gaps`
    """
    size = f"{figure(row['difference'])} {MEASURES[row['measure']]} (95% interval {interval(row['low'], row['high'])})"
    what = f"{CONCENTRATION} over quintiles" if row["measure"] == INDEX else f"gap of {row['gap']}"
    return f"{what} beside {readable_name(row['against'])}: {direction_text(row)}, {size}."


def disagreements(rows: pd.DataFrame) -> list[str]:
    """Return for which gaps the difference has one sign in points and the other as a ratio.

    Args:
        rows: of `sim.analysis.equity.gaps`
    """
    apart = []
    for (arm, against, name), of in rows.groupby(["arm", "against", "gap"], sort=False):
        signs = {Estimate(row["difference"], row["low"], row["high"], row["n"]).sign for _, row in of.iterrows()}
        if signs == {1, -1}:
            apart.append(f"The two measures of the gap of {name} in {readable_name(str(arm))} beside {readable_name(str(against))} disagree: "
                         "say which of them is meant.")  # fmt: skip
    return apart


def direction_text(row: Any) -> str:
    """Which way a gap differs: wider or narrower only where the same group is ahead in both scenarios.

    >>> said = {"measure": "points", "level": 2.0, "level_low": 1.0, "difference": -3.0, "low": -4.0, "high": -2.0}
    >>> way(said), way(said | {"level_low": -1.0}), way(said | {"low": -7.0, "high": 1.0})
    ('narrower', 'lower, and not sure that the same group is ahead', 'no difference cannot be excluded')
    """
    sign = Estimate(row["difference"], row["low"], row["high"], 0).sign
    if not sign:
        return "no difference cannot be excluded"
    if row["measure"] == INDEX:
        return "higher, so more for the strong" if sign > 0 else "lower, so less for the strong"
    even = 1.0 if row["measure"] == AS_RATIO else 0.0
    if min(row["level_low"], row["level"] - row["difference"]) >= even:
        return "wider" if sign > 0 else "narrower"
    return f"{'higher' if sign > 0 else 'lower'}, and not sure that the same group is ahead"


def cost_sentence(row: Any) -> str:
    """Return what an arm cost for each examinee that it caused, or why there is no number.

    Args:
        row: of `sim.analysis.costs.costs`, of all sources
    """
    if math.isnan(row["per_caused"]):
        fewer = estimate_in(row, "caused").sign < 0
        why = "there are fewer examinees" if fewer else "it is not sure that there are any"
        return f"no cost for each examinee caused: {why} ({figure_with_interval(row, 'caused')})."
    return (f"NIS thousand {cost_text(row, 'extra_per_caused')} of the money beyond {readable_name(row['reference'])}, and "
            f"{cost_text(row, 'per_caused')} of all its money, for each examinee caused.")  # fmt: skip
