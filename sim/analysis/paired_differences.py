"""Arms beside a baseline within pairs of runs: differences, their two parts, how surely better, and runs saved."""

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
    complete,
    correlation,
    difference,
    summary,
)
from sim.analysis.enrolment import COLUMN_OF, years
from sim.analysis.headlines import DOUBLED
from sim.analysis.intervals import LEVEL, share
from sim.analysis.money import FATES
from sim.analysis.sweep_grid import EMERGENT, HELD, NONE, needs
from sim.declare import OUTCOMES
from sim.errors import InputError

NATIONAL = "month_national"
"""The month of adoption, NaN where it never came [month]."""

ENOUGH = 20
"""From so many pairs on it is told what the months of adoption explain."""

GROUPS = (
    "gap_quintiles",
    "gap_periphery",
    "gap_streams",
    "ratio_quintiles",
    "concentration",
    "girls_",
    "share_5_units/",
)
"""How outcomes of groups of students begin."""

MONEY, MONEY_UNIT = tuple(f"{fate}/" for fate in (*FATES, "offered", "duplicated")), "NIS million"
"""How outcomes of money by its source begin, and their unit."""

YES_OR_NO, SHARE_OF_TAKERS, MONTHS = "share of runs", "share of maths takers", "months"
"""Units of outcomes; months are those by which two dates differ."""


class Described(NamedTuple):
    """The unit of an outcome, and which way is better: 1 more, -1 less, 0 neither."""

    unit: str
    better: int


def described(outcome: str) -> Described:
    """Unit and direction of an outcome: as declared; of examinees, doubling and shares at five units more is better.

    >>> described("examinees_2020/periphery"), described("track_closing_rate/2014/national")
    (Described(unit='students', better=1), Described(unit='', better=0))
    >>> described("takers_2020/periphery"), described("overhead/ngo")
    (Described(unit='students', better=0), Described(unit='NIS million', better=0))
    """
    if outcome in OUTCOMES:
        unit = OUTCOMES[outcome].unit
        return Described(MONTHS if unit.startswith("month,") else unit, OUTCOMES[outcome].better)
    begins = {"examinees_": "students", "share_5_units/": SHARE_OF_TAKERS, "share_": "share of the grade"}
    units = [unit for begin, unit in begins.items() if outcome.startswith(begin)]
    if outcome == DOUBLED:
        return Described(YES_OR_NO, 1)
    if outcome.startswith(("takers_", *MONEY)):
        return Described(MONEY_UNIT if outcome.startswith(MONEY) else "students", 0)
    return Described(units[0], 1) if units else Described("", 0)


def of_year(frame: pd.DataFrame) -> list[str]:
    """Return the columns of examinees of each year that a frame has."""
    return [f"{COLUMN_OF['count']}_{year}" for year in years(frame)]


def of_group(frame: pd.DataFrame) -> list[str]:
    """Return the columns about groups of students that a frame has: quintiles, streams, periphery, girls."""
    return [str(name) for name in frame.columns if str(name).startswith(GROUPS)]


def together(frame: pd.DataFrame, baseline: str, arm: str, outcome: str, dates: str = EMERGENT) -> pd.DataFrame:
    """Return an outcome of the baseline and of an arm by seed, of the seeds at which both runs ended.

    Args:
        frame: a row a run, with columns scenario, dates, seed and the outcome
        baseline: the scenario compared with, its dates free
        arm: the scenario that is compared
        outcome: column [its unit]
        dates: of the arm: free, or held to those of the baseline; or none, in both

    Returns:
        index seed, columns baseline and arm; NaN where a run has no value

    Raises InputError when a column is missing or a seed comes twice.
    """
    needs(frame, ["scenario", "dates", "seed", outcome])
    beside = NONE if dates == NONE else EMERGENT
    runs = {"baseline": _runs(frame, baseline, beside, outcome), "arm": _runs(frame, arm, dates, outcome)}
    return pd.concat(runs, axis=1, join="inner").sort_index().astype(float)


def _runs(frame: pd.DataFrame, scenario: str, dates: str, outcome: str) -> pd.Series[float]:
    rows = frame.loc[(frame["scenario"] == scenario) & (frame["dates"] == dates), ["seed", outcome]]
    if rows["seed"].duplicated().any():
        raise InputError(f"several runs of `{scenario}` share a seed: pairs would not be pairs")
    return rows.set_index("seed")[outcome]


def differences(frame: pd.DataFrame, baseline: str, arms: Sequence[str], outcomes: Sequence[str]) -> pd.DataFrame:
    """Differences of arms from a baseline, seed by seed, with the dates free and, where so run, held, or with none in both.

    Returns:
        a row an outcome, arm and kind of dates: arm, baseline, dates, outcome, unit, difference, low, high [that unit]
        with the level of the interval [share], correlation achieved, n [pairs with values], saved (times fewer runs than
        without pairs, for the same interval; infinite where every pair differs by the same, NaN where nothing varies),
        better with better_low and better_high (Wilson) and same [share of pairs], pairs [counted in these], and
        by_month (of the variance of a free difference, what the months of adoption explain) [share]
    """
    rows = []
    for outcome in outcomes:
        for arm in arms:
            for dates in (dates for dates in (EMERGENT, HELD, NONE) if _has(frame, arm, dates)):
                pairs = together(frame, baseline, arm, outcome, dates)
                month = explained(frame, baseline, arm, outcome) if dates == EMERGENT else float("nan")
                about = {"arm": arm, "baseline": baseline, "dates": dates, "outcome": outcome}
                rows.append(about | _within(pairs, outcome, clusters_in(frame, pairs.index)) | {"by_month": month})
    return pd.DataFrame(rows)


def _has(frame: pd.DataFrame, arm: str, dates: str) -> bool:
    """Whether there is to be a row: of free dates in any case, of others where there are runs."""
    return dates == EMERGENT or bool(((frame["scenario"] == arm) & (frame["dates"] == dates)).any())


def _within(pairs: pd.DataFrame, outcome: str, clusters: Any = None) -> dict[str, Any]:
    kept = pairs.dropna().to_numpy()
    found = difference(pairs.to_numpy()[:, ::-1], clusters)
    return {
        "unit": described(outcome).unit, "difference": found.mean, "low": found.low, "high": found.high, "level": LEVEL,
        "correlation": correlation(kept), "n": found.n, "saved": saved(kept), **better(pairs, outcome, clusters),
    }  # fmt: skip


def saved(pairs: Any) -> float:
    """How many times fewer runs than independent arms need for an interval as narrow: a ratio of variances.

    Args:
        pairs: a row a seed; shape (seeds, 2)

    >>> saved([[1.0, 2.0], [3.0, 4.0]]), round(saved([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]), 1)
    (inf, 31.0)
    """
    values = np.asarray(pairs, dtype=float).reshape(-1, 2)
    if len(values) < 2:
        return float("nan")
    apart = float(values.var(axis=0, ddof=1).sum())
    joint = float((values[:, 1] - values[:, 0]).var(ddof=1))
    if joint <= 1e-12 * apart:
        return float("inf") if apart else float("nan")
    return apart / joint


def better(pairs: pd.DataFrame, outcome: str, clusters: Any = None) -> dict[str, float]:
    """In what share of pairs the arm is better, as the outcome declares it, with Wilson's interval; NaN where neither way is.

    Months are compared with those that never came too: never is later than any month.

    Args:
        pairs: columns baseline and arm, a row a pair
        outcome: column that they are of
        clusters: parameter set of each pair; shape (pairs,); None where pairs share none
    """
    unit, way = described(outcome)
    kept = pairs.fillna(np.inf) if unit == MONTHS else pairs.dropna()
    wins = (way * kept["arm"] > way * kept["baseline"]).to_numpy()[: len(kept) if way else 0]
    within = None if clusters is None else clusters[pairs.index.isin(kept.index)][: len(wins)]
    low, high = share(wins, within)
    part = int(wins.sum()) / len(wins) if len(wins) else float("nan")
    same = float((kept["arm"] == kept["baseline"]).mean()) if len(kept) else float("nan")
    return {"better": part, "better_low": low, "better_high": high, "same": same, "pairs": len(kept)}


def parts(frame: pd.DataFrame, baseline: str, arms: Sequence[str], outcome: str) -> pd.DataFrame:
    """Each arm's effect in total, through the dates and through strength, over the seeds that have all three.

    Total: arm less baseline, the ministry free in both. Through strength: the arm with the ministry held to its months in
    the baseline's run of the same seed, less the baseline; of an arm whose ministry never acts, that arm less the baseline
    without the ministry's acts. Through the dates: the rest.

    Returns:
        columns arm, outcome, part, effect, low, high (bootstrap over pairs, 95%) [outcome's unit], n [pairs]; of an arm
        without held runs the total alone
    """
    rows = []
    for arm in arms:
        found = by_seed(frame, baseline, arm, outcome)
        whole = complete(found)
        rows += [(arm, outcome, *row) for row in summary(whole, clusters_in(frame, whole.index))]
    return pd.DataFrame(rows, columns=["arm", "outcome", "part", "effect", "low", "high", "n"])


def by_seed(frame: pd.DataFrame, baseline: str, arm: str, outcome: str) -> pd.DataFrame:
    """Return an arm's effect and its two parts, seed by seed; index seed, columns total, through dates, through strength."""
    at_given = NONE if _has(frame, arm, NONE) else HELD
    total, strength = (
        pair["arm"] - pair["baseline"]
        for pair in (together(frame, baseline, arm, outcome, dates) for dates in (EMERGENT, at_given))
    )
    strength = strength.reindex(total.index)
    return pd.DataFrame({TOTAL: total, THROUGH_DATES: total - strength, THROUGH_STRENGTH: strength})


def explained(frame: pd.DataFrame, baseline: str, arm: str, outcome: str) -> float:
    """Return the part of a free difference's variance over pairs that the months of adoption in its two runs explain [share].

    By least squares on the month of each run and on whether it came at all, made smaller for what so many terms explain
    by chance; NaN below 20 pairs, without months, or where the difference does not vary.
    """
    pairs = together(frame, baseline, arm, outcome).dropna()
    values = (pairs["arm"] - pairs["baseline"]).to_numpy()
    if len(values) < ENOUGH or NATIONAL not in frame or np.ptp(values) == 0:
        return float("nan")
    months = together(frame, baseline, arm, NATIONAL).reindex(pairs.index).to_numpy()
    came = ~np.isnan(months)
    terms = np.column_stack([np.ones(len(values)), came, np.where(came, months - 100.0, 0.0)])
    weights, _, rank, _ = np.linalg.lstsq(terms, values, rcond=None)
    left = float(((values - terms @ weights) ** 2).sum()) / (len(values) - int(rank))
    return max(0.0, 1.0 - left / float(values.var(ddof=1)))


def reaches(table: pd.DataFrame) -> pd.Series[float]:
    """How far each interval reaches to either side: half of its width [outcome's unit]; NaN where there is none."""
    return (table["high"] - table["low"]) / 2.0


def estimate_of(row: Any) -> Estimate:
    """Return the estimate that a row of `differences` holds."""
    return Estimate(float(row["difference"]), float(row["low"]), float(row["high"]), int(row["n"]))
