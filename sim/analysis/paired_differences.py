"""Paired differences between arms and a baseline: effects, their two parts, shares of pairs, and runs saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.clusters import clusters_in
from sim.analysis.effects import (
    THROUGH_DATES,
    THROUGH_STRENGTH,
    TOTAL,
    Estimate,
    complete_seeds,
    correlation,
    difference,
    part_estimates,
)
from sim.analysis.enrolment import COLUMN_OF, years
from sim.analysis.headlines import DOUBLED
from sim.analysis.intervals import LEVEL, share_interval
from sim.analysis.money import FATES
from sim.analysis.sweep_grid import EMERGENT, HELD, NONE, needs
from sim.declare import OUTCOMES
from sim.errors import InputError

NATIONAL = "month_national"
"""Column: month of national adoption; NaN: never."""

ENOUGH = 20
"""Number of pairs from which the variance explained by months of adoption is reported."""

GROUPS = (
    "gap_quintiles",
    "gap_periphery",
    "gap_streams",
    "ratio_quintiles",
    "concentration",
    "girls_",
    "share_5_units/",
)
"""Beginnings of the names of outcomes of groups of students."""

MONEY, MONEY_UNIT = tuple(f"{fate}/" for fate in (*FATES, "offered", "duplicated")), "NIS million"
"""Beginnings of the names of outcomes of money by source, and their unit."""

YES_OR_NO, SHARE_OF_TAKERS, MONTHS = "share of runs", "share of maths takers", "months"
"""Units of outcomes; months are differences of dates."""


class OutcomeTraits(NamedTuple):
    """The unit of an outcome and its better direction: 1 more, -1 less, 0 neither."""

    unit: str
    better: int


def outcome_traits(outcome: str) -> OutcomeTraits:
    """Return the unit and the better direction of an outcome, as declared or from its name.

    >>> outcome_traits("examinees_2020/periphery"), outcome_traits("track_closing_rate/2014/national")
    (OutcomeTraits(unit='students', better=1), OutcomeTraits(unit='', better=0))
    >>> outcome_traits("takers_2020/periphery"), outcome_traits("overhead/ngo")
    (OutcomeTraits(unit='students', better=0), OutcomeTraits(unit='NIS million', better=0))
    """
    if outcome in OUTCOMES:
        unit = OUTCOMES[outcome].unit
        return OutcomeTraits(MONTHS if unit.startswith("month,") else unit, OUTCOMES[outcome].better)
    begins = {"examinees_": "students", "share_5_units/": SHARE_OF_TAKERS, "share_": "share of the grade"}
    units = [unit for begin, unit in begins.items() if outcome.startswith(begin)]
    if outcome == DOUBLED:
        return OutcomeTraits(YES_OR_NO, 1)
    if outcome.startswith(("takers_", *MONEY)):
        return OutcomeTraits(MONEY_UNIT if outcome.startswith(MONEY) else "students", 0)
    return OutcomeTraits(units[0], 1) if units else OutcomeTraits("", 0)


def year_columns(frame: pd.DataFrame) -> list[str]:
    """Return the columns of examinees by year in a frame."""
    return [f"{COLUMN_OF['count']}_{year}" for year in years(frame)]


def group_columns(frame: pd.DataFrame) -> list[str]:
    """Return the columns on groups of students in a frame: quintiles, streams, periphery, girls."""
    return [str(name) for name in frame.columns if str(name).startswith(GROUPS)]


def paired_outcomes(frame: pd.DataFrame, baseline: str, arm: str, outcome: str, dates: str = EMERGENT) -> pd.DataFrame:
    """Return an outcome of the baseline and of an arm by seed, for seeds with both runs.

    Args:
        frame: one row per run, with columns scenario, dates, seed and the outcome
        baseline: the scenario to compare with, its dates free
        arm: the scenario to compare
        outcome: column [its unit]
        dates: of the arm: emergent, held to those of the baseline, or none in both

    Returns:
        index seed, columns baseline and arm; NaN if a run has no value

    Raises:
        InputError: a column is missing, or several runs of a scenario share a seed
    """
    needs(frame, ["scenario", "dates", "seed", outcome])
    baseline_dates = NONE if dates == NONE else EMERGENT
    runs = {"baseline": _runs(frame, baseline, baseline_dates, outcome), "arm": _runs(frame, arm, dates, outcome)}
    return pd.concat(runs, axis=1, join="inner").sort_index().astype(float)


def _runs(frame: pd.DataFrame, scenario: str, dates: str, outcome: str) -> pd.Series[float]:
    rows = frame.loc[(frame["scenario"] == scenario) & (frame["dates"] == dates), ["seed", outcome]]
    if rows["seed"].duplicated().any():
        raise InputError(f"several runs of `{scenario}` share a seed; pairs need one run of each")
    return rows.set_index("seed")[outcome]


def differences(frame: pd.DataFrame, baseline: str, arms: Sequence[str], outcomes: Sequence[str]) -> pd.DataFrame:
    """Return differences of arms from a baseline by seed, for each kind of dates that was run.

    Returns:
        one row per outcome, arm and kind of dates: arm, baseline, dates, outcome, unit, difference, low, high [that unit]
        with the level of the interval [share], correlation, n [pairs with values], saved (times fewer runs than
        without pairs, for the same interval; infinite where every pair differs by the same, NaN where nothing varies),
        better with better_low and better_high (Wilson) and same [share of pairs], pairs [counted in these], and
        by_month (of the variance of a free difference, what the months of adoption explain) [share]
    """
    rows = []
    for outcome in outcomes:
        for arm in arms:
            for dates in (dates for dates in (EMERGENT, HELD, NONE) if _has_row(frame, arm, dates)):
                pairs = paired_outcomes(frame, baseline, arm, outcome, dates)
                month = share_explained_by_months(frame, baseline, arm, outcome) if dates == EMERGENT else float("nan")
                identity = {"arm": arm, "baseline": baseline, "dates": dates, "outcome": outcome}
                rows.append(
                    identity | _difference_row(pairs, outcome, clusters_in(frame, pairs.index)) | {"by_month": month}
                )
    return pd.DataFrame(rows)


def _has_row(frame: pd.DataFrame, arm: str, dates: str) -> bool:
    """Return whether a row is reported: always for free dates, for others if there are runs."""
    return dates == EMERGENT or bool(((frame["scenario"] == arm) & (frame["dates"] == dates)).any())


def _difference_row(pairs: pd.DataFrame, outcome: str, clusters: Any = None) -> dict[str, Any]:
    complete = pairs.dropna().to_numpy()
    estimated = difference(pairs.to_numpy()[:, ::-1], clusters)
    return {
        "unit": outcome_traits(outcome).unit, "difference": estimated.mean, "low": estimated.low, "high": estimated.high,
        "level": LEVEL, "correlation": correlation(complete), "n": estimated.n, "saved": variance_ratio(complete),
        **share_better(pairs, outcome, clusters),
    }  # fmt: skip


def variance_ratio(pairs: Any) -> float:
    """Return the factor of runs that pairing saves: the variance of independent arms over that of pairs.

    Args:
        pairs: one row per seed; shape (seeds, 2)

    >>> variance_ratio([[1.0, 2.0], [3.0, 4.0]]), round(variance_ratio([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]), 1)
    (inf, 31.0)
    """
    values = np.asarray(pairs, dtype=float).reshape(-1, 2)
    if len(values) < 2:
        return float("nan")
    independent_variance = float(values.var(axis=0, ddof=1).sum())
    paired_variance = float((values[:, 1] - values[:, 0]).var(ddof=1))
    if paired_variance <= 1e-12 * independent_variance:
        return float("inf") if independent_variance else float("nan")
    return independent_variance / paired_variance


def share_better(pairs: pd.DataFrame, outcome: str, clusters: Any = None) -> dict[str, float]:
    """Return the share of pairs in which the arm is better, with Wilson's interval; NaN without a better direction.

    For months, never counts as later than any month.

    Args:
        pairs: columns baseline and arm, one row per pair
        outcome: name of their column
        clusters: parameter set of each pair; shape (pairs,); None if pairs share none
    """
    unit, direction = outcome_traits(outcome)
    comparable = pairs.fillna(np.inf) if unit == MONTHS else pairs.dropna()
    wins = (direction * comparable["arm"] > direction * comparable["baseline"]).to_numpy()[
        : len(comparable) if direction else 0
    ]
    clusters_of_pairs = None if clusters is None else clusters[pairs.index.isin(comparable.index)][: len(wins)]
    low, high = share_interval(wins, clusters_of_pairs)
    part = int(wins.sum()) / len(wins) if len(wins) else float("nan")
    same = float((comparable["arm"] == comparable["baseline"]).mean()) if len(comparable) else float("nan")
    return {"better": part, "better_low": low, "better_high": high, "same": same, "pairs": len(comparable)}


def effect_parts(frame: pd.DataFrame, baseline: str, arms: Sequence[str], outcome: str) -> pd.DataFrame:
    """Return the effect of each arm in total, through the dates and through strength, over seeds with all three.

    Total: arm less baseline, the ministry free in both. Through strength: the arm with the ministry held to its months in
    the baseline's run of the same seed, less the baseline; of an arm whose ministry never acts, that arm less the baseline
    without the ministry's acts. Through the dates: the rest.

    Returns:
        columns arm, outcome, part, effect, low, high (bootstrap over pairs, 95%) [outcome's unit], n [pairs]; only the total
        for an arm without held runs
    """
    rows = []
    for arm in arms:
        by_seed = arm_parts_by_seed(frame, baseline, arm, outcome)
        complete = complete_seeds(by_seed)
        rows += [(arm, outcome, *row) for row in part_estimates(complete, clusters_in(frame, complete.index))]
    return pd.DataFrame(rows, columns=["arm", "outcome", "part", "effect", "low", "high", "n"])


def arm_parts_by_seed(frame: pd.DataFrame, baseline: str, arm: str, outcome: str) -> pd.DataFrame:
    """Return an arm's effect and its two parts; index seed, columns PARTS of `sim.analysis.effects`."""
    dates_of_strength = NONE if _has_row(frame, arm, NONE) else HELD
    total, strength = (
        pair["arm"] - pair["baseline"]
        for pair in (paired_outcomes(frame, baseline, arm, outcome, dates) for dates in (EMERGENT, dates_of_strength))
    )
    strength = strength.reindex(total.index)
    return pd.DataFrame({TOTAL: total, THROUGH_DATES: total - strength, THROUGH_STRENGTH: strength})


def share_explained_by_months(frame: pd.DataFrame, baseline: str, arm: str, outcome: str) -> float:
    """Return the share of a difference's variance over pairs that is explained by the months of adoption of its runs.

    It is the adjusted R squared of a regression on the month of each run and on flags of adoption; NaN below 20 pairs, without
    months, or if the difference does not vary.
    """
    pairs = paired_outcomes(frame, baseline, arm, outcome).dropna()
    values = (pairs["arm"] - pairs["baseline"]).to_numpy()
    if len(values) < ENOUGH or NATIONAL not in frame or np.ptp(values) == 0:
        return float("nan")
    months = paired_outcomes(frame, baseline, arm, NATIONAL).reindex(pairs.index).to_numpy()
    came = ~np.isnan(months)
    terms = np.column_stack([np.ones(len(values)), came, np.where(came, months - 100.0, 0.0)])
    weights, _, rank, _ = np.linalg.lstsq(terms, values, rcond=None)
    residual_variance = float(((values - terms @ weights) ** 2).sum()) / (len(values) - int(rank))
    return max(0.0, 1.0 - residual_variance / float(values.var(ddof=1)))


def half_widths(table: pd.DataFrame) -> pd.Series[float]:
    """Return half the width of each interval [outcome's unit]; NaN without an interval."""
    return (table["high"] - table["low"]) / 2.0


def estimate_of(row: Any) -> Estimate:
    """Return the estimate in a row of `differences`."""
    return Estimate(float(row["difference"]), float(row["low"]), float(row["high"]), int(row["n"]))


def that_differ(table: pd.DataFrame) -> pd.DataFrame:
    """Return the outcomes in which some arm differs from the baseline in some pair."""
    varies = table[["difference", "low", "high"]].fillna(0.0).abs().sum(axis=1) > 0
    return table[table["outcome"].isin(table.loc[varies, "outcome"])]
