"""What a study of equity says, in sentences that are never stronger than their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from sim.analysis.costs import ALL, MONEY
from sim.analysis.effects import Estimate
from sim.analysis.equity import AS_RATIO, IN_POINTS, INDEX
from sim.findings.comparison import amount, ranged

NO_NUMBER = "no number"
"""What is said of a cost for each where it is not sure that there is anybody to divide by."""

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
    "Gender: girls are a constant share of examinees in the model, and luck. Additional girls and boys follow from that, and "
    "nothing can be said about which of them gain."
)
"""What the model knows of gender."""


def label_of(group: str) -> str:
    """A group in words.

    >>> label_of("quintile 5"), label_of("periphery")
    ('quintile 5, weakest', 'periphery')
    """
    return LABELS.get(group, group)


def plainly(name: str, reference: str) -> str:
    """A scenario in words, the reference as that."""
    return f"{name.replace('_', ' ')}{' (reference)' if name == reference else ''}"


def estimate_in(row: Any, name: str) -> Estimate:
    """The estimate that a row holds in the columns NAME, NAME_low and NAME_high."""
    return Estimate(float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"]), 0)


def ranged_size(row: Any, name: str, signed: bool = False) -> str:
    """A figure with its interval.

    >>> ranged_size({"a": 12.0, "a_low": 10.0, "a_high": 150.0}, "a")
    '12 [10, 150]'
    """
    found = estimate_in(row, name)
    if math.isnan(found.mean):
        return "-"
    if math.isnan(found.low):
        return f"{amount(found.mean, signed)} [no interval]"
    return f"{amount(found.mean, signed)} [{amount(found.low, signed)}, {amount(found.high, signed)}]"


def percent(row: Any, name: str) -> str:
    """A part with its interval, in percent."""
    found = estimate_in(row, name)
    return "-" if math.isnan(found.mean) else f"{found.mean:.1%} [{found.low:.1%}, {found.high:.1%}]"


def priced(row: Any, name: str) -> str:
    """A cost for each examinee caused, or that there is no number; the median of the runs where there is no interval."""
    if f"{name}_low" in row:
        return NO_NUMBER if math.isnan(row[name]) else ranged_size(row, name)
    return "-" if math.isnan(row[name]) else amount(float(row[name]), signed=False)


def gains_in_words(rows: pd.DataFrame) -> str:
    """What one comparison says of its groups: where shares differ, and who has more of the gain than of the takers.

    Args:
        rows: of one arm and one scenario, as `sim.analysis.equity.gains` gives them
    """
    arm, against, year = rows["arm"].iloc[0], rows["against"].iloc[0], rows["year"].iloc[0]
    told = [(label_of(row["group"]), estimate_in(row, "points")) for _, row in rows[rows["share"].notna()].iterrows()]
    said = []
    for sign, way in ((1, "higher in"), (-1, "lower in"), (0, "not sure to differ in")):
        named = [f"{name} ({ranged(found)})" for name, found in told if found.sign == sign]
        said += [f"{way} {'; '.join(named)}"] if named else []
    first = f"{arm} beside {against}, share at five units in {year} [points]: {'. It is '.join(said)}."
    return f"{first}\n{_parts(rows)}"


def _parts(rows: pd.DataFrame) -> str:
    """Who has more, and who less, of all additional examinees than of all maths takers."""
    kept = rows[rows["share"].notna() & rows["part_of_gain"].notna()]
    if kept.empty:
        return "It is not sure that there are more examinees, or fewer, so that nobody has a part of them."
    what = "gain" if kept["additional"].sum() > 0 else "loss"
    more = kept[kept["part_of_gain_low"] > kept["part_of_takers"]]
    less = kept[kept["part_of_gain_high"] < kept["part_of_takers"]]
    said = [
        f"{word} of the {what} than of the takers have {_beside(of)}"
        for word, of in (("More", more), ("Less", less))
        if len(of)
    ]
    return (
        ". ".join(said) + "." if said else f"No group is sure to have more of the {what}, or less, than of the takers."
    )


def _beside(rows: pd.DataFrame) -> str:
    return ", ".join(
        f"{label_of(row['group'])} ({percent(row, 'part_of_gain')} beside {row['part_of_takers']:.1%})"
        for _, row in rows.iterrows()
    )


def gains_table(rows: pd.DataFrame) -> str:
    """The groups of one comparison as text, a row a group."""
    against = rows["against"].iloc[0]
    told = [
        {
            "group": label_of(row["group"]),
            "share": _share(row["share"]),
            f"in {against}": _share(row["share_against"]),
            "difference [points]": ranged(estimate_in(row, "points")),
            "additional examinees": ranged(estimate_in(row, "additional")),
            "part of these": percent(row, "part_of_gain"),
            "of takers": _share(row["part_of_takers"]),
        }
        for _, row in rows.iterrows()
    ]
    return pd.DataFrame(told).to_string(index=False)


def _share(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.1%}"


def gaps_in_words(rows: pd.DataFrame) -> list[str]:
    """What one comparison says of each gap, by both measures, and where these disagree.

    Args:
        rows: of one arm and one scenario, as `sim.analysis.equity.gaps` gives them
    """
    arm, against, said = rows["arm"].iloc[0], rows["against"].iloc[0], []
    for gap, of in rows.groupby("gap", sort=False):
        found = [(row, Estimate(row["difference"], row["low"], row["high"], row["n"])) for _, row in of.iterrows()]
        told = [
            f"{ranged_size(row, 'level')}{_of(row['measure'])}, {ranged(one)} against {against} ({way(row)})"
            for row, one in found
        ]
        apart = {one.sign for _, one in found} == {1, -1}
        both = "; the two measures disagree, so that which of them is meant must be said" * apart
        said.append(f"{arm}, {gap}: {'; '.join(told)}{both}.")
    return said


def _of(measure: str) -> str:
    return {IN_POINTS: " points", AS_RATIO: " as a ratio"}.get(measure, " as an index")


def way(row: Any) -> str:
    """Which way a gap differs: wider or narrower only where the same group is ahead in both scenarios.

    >>> said = {"measure": "points", "level": 2.0, "level_low": 1.0, "difference": -3.0, "low": -4.0, "high": -2.0}
    >>> way(said), way(said | {"level_low": -1.0}), way(said | {"low": -7.0, "high": 1.0})
    ('narrower', 'lower, and not sure that the same group is ahead', 'no difference cannot be excluded')
    """
    sign = Estimate(row["difference"], row["low"], row["high"], 0).sign
    if not sign:
        return "no difference cannot be excluded"
    if row["measure"] == INDEX:
        return "more" * (sign > 0) + "less" * (sign < 0) + " for the strong"
    even = 1.0 if row["measure"] == AS_RATIO else 0.0
    if min(row["level_low"], row["level"] - row["difference"]) >= even:
        return "wider" if sign > 0 else "narrower"
    return f"{'higher' if sign > 0 else 'lower'}, and not sure that the same group is ahead"


def cost_in_words(row: Any) -> str:
    """What one arm cost for each examinee that it caused, or why there is no number.

    Args:
        row: of `sim.analysis.costs.costs`, of all sources
    """
    arm, reference = row["arm"], row["reference"]
    found = estimate_in(row, "caused")
    if math.isnan(found.mean):
        return f"{arm} is what the others are compared with: nothing is caused by it."
    said = f"{arm}: {ranged(found)} examinees against {reference}, for {ranged(estimate_in(row, 'extra'))} NIS million more"
    if math.isnan(row["per_caused"]):
        why = "there are fewer" if found.sign < 0 else "it is not sure that there are any"
        return f"{said}; {NO_NUMBER} for each, since {why}."
    return (f"{said}; NIS thousand for each: {priced(row, 'extra_per_caused')} of the money beyond {reference}, "
            f"{priced(row, 'per_caused')} of all its money.")  # fmt: skip


def money_table(costs: pd.DataFrame, scenarios: Sequence[str]) -> str:
    """Money by scenario and source as text, sources that offered nothing left out [NIS million of 2015]."""
    kept = costs[(costs["offered"] > 0) & costs["arm"].isin(scenarios)]
    told = kept[["arm", "source", *MONEY]].copy()
    told["unspent of offered"] = [_share(value) for value in kept["unspent"] / kept["offered"]]
    again = kept["duplicated"].div(kept["delivered"].where(kept["delivered"] > 0))
    told["duplicated of delivered"] = [_share(value) for value in again]
    told["arm"] = told["arm"].where(told["source"] == ALL, "")
    return told.round(1).to_string(index=False)
