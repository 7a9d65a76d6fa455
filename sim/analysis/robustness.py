"""How much of a finding is left under another mechanism: its effect over the model's, within pairs of the same seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import isnan
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.clusters import clusters_in
from sim.analysis.effects import difference
from sim.analysis.intervals import ratio_of_means
from sim.analysis.paired_differences import differences, estimate_of, together

HOLDS, GROWS, SHRINKS, NOT_TOLD, REVERSES = "holds", "grows", "shrinks", "not told", "reverses"
RANKS = {REVERSES: 0, NOT_TOLD: 1, SHRINKS: 1, GROWS: 2, HOLDS: 3}
VERDICTS = tuple(RANKS)
"""Verdicts on a finding of the model under another mechanism, and how bad each is, from the worst; those of one rank go by
the ratio: not told at 5% (-3 to 12%) is worse than shrinking to 60%, and that is worse than not told at 100% (40 to 170%)."""

FOUND, NOTHING = "finding", "nothing to compare"
"""In place of a verdict: the model's own finding; every row of a comparison in which the model has none."""

KEPT = 0.75
"""A finding shrinks if the interval of its ratio lies below this, and grows if it lies above one over this [share].

Who plans by the model's effect is then wrong by a third or more (1 / 0.75 = 1.33), by the same factor both ways.
"""

LOST = 0.5
"""A finding holds only if its ratio is surely this or more [share].

If the interval begins below a half, the finding shrinks where the interval ends below 1, and is not told where it reaches 1:
then it cannot be told from the runs whether half of the effect is lost or nothing. Without this bound few seeds, whose
intervals are wide, would make every finding hold.
"""

ITSELF = "the model"
"""What mechanisms are held against, in the column mechanism."""

FINDING = ["arm", "outcome", "dates"]
"""What a finding is of."""

RATIO = ["ratio", "ratio_low", "ratio_high", "ratio_pairs"]
"""Columns of a ratio: effect over the model's effect with its interval [share], and the pairs that it is of."""


class Ratio(NamedTuple):
    """An effect over the model's effect.

    Args:
        mean: of the one over the mean of the other [share]
        low: end of its 95% interval [share]
        high: end of its 95% interval [share]
        pairs: seeds that have both effects
    """

    mean: float
    low: float
    high: float
    pairs: int


def effect_ratio(above: Any, below: Any, clusters: Any = None) -> Ratio:
    """Return one effect over another of the same seeds, with its bootstrap interval; the same seeds are drawn for both.

    Of an outcome that is yes or no and comes out the same in every pair, a bootstrap has no width: the ends are then those
    of the quotients of the ends of Newcombe's intervals.

    Args:
        above: arm and reference, a row a seed; shape (seeds, 2)
        below: arm and reference of the same seeds; shape (seeds, 2)
        clusters: parameter set of each seed; shape (seeds,); None: seeds are independent

    Returns:
        the ratio; NaN where zero cannot be excluded for the effect below

    >>> effect_ratio([[2.0, 0.0], [4.0, 0.0]], [[1.0, 0.0], [2.0, 0.0]])
    Ratio(mean=2.0, low=2.0, high=2.0, pairs=2)
    """
    pairs = [np.asarray(each, dtype=float).reshape(-1, 2) for each in (above, below)]
    one, other = (difference(each, clusters) for each in pairs)
    if not other.sign:
        return Ratio(np.nan, np.nan, np.nan, other.n)
    top, under = (each[:, 0] - each[:, 1] for each in pairs)
    mean, low, high = (float(each[0]) for each in ratio_of_means(top[:, None], under, clusters=clusters))
    yes_or_no = any(np.isin(each, (0.0, 1.0)).all() for each in pairs)
    if yes_or_no and (np.ptp(top) == 0.0 or np.ptp(under) == 0.0):
        ends = [above / below for above, below in product((one.low, one.high), (other.low, other.high))]
        low, high = min(ends), max(ends)
    return Ratio(mean, low, high, other.n)


def compared(
    frames: Mapping[str, pd.DataFrame], baseline: str, arms: Sequence[str], outcomes: Sequence[str]
) -> pd.DataFrame:
    """Return every comparison under every mechanism, with its ratio to the model's and its verdict.

    Args:
        frames: runs in the model (ITSELF) and under each mechanism, a row a run; the seeds are the same in all
        baseline: the scenario compared with
        arms: the scenarios that are compared
        outcomes: columns of a run

    Returns:
        rows of `sim.analysis.paired_differences.differences` with columns mechanism, RATIO and verdict
    """
    tables = []
    for mechanism, frame in frames.items():
        table = differences(frame, baseline, arms, outcomes).assign(mechanism=mechanism)
        ratios = [ratio_of(row, frame, frames[ITSELF], mechanism == ITSELF) for _, row in table.iterrows()]
        tables.append(table.assign(**pd.DataFrame(ratios, columns=RATIO, index=table.index)))
    return with_verdicts(pd.concat(tables, ignore_index=True))


def ratio_of(row: Any, frame: pd.DataFrame, model: pd.DataFrame, itself: bool) -> Ratio:
    """Return a difference over the same difference in the model; pairs that lack a value in either are left out.

    Args:
        row: of `sim.analysis.paired_differences.differences`
        frame: the runs that it is of
        model: the runs of the model
        itself: whether both are the same: then there is nothing to divide
    """
    which = row["baseline"], row["arm"], row["outcome"], row["dates"]
    runs = {name: together(each, *which)[["arm", "baseline"]] for name, each in (("above", frame), ("below", model))}
    both = pd.concat(runs, axis=1, join="inner").dropna()
    if itself:
        return Ratio(np.nan, np.nan, np.nan, len(both))
    return effect_ratio(both["above"], both["below"], clusters_in(model, both.index))


def with_verdicts(table: pd.DataFrame) -> pd.DataFrame:
    """Return comparisons under mechanisms with the verdict on each.

    Args:
        table: rows of differences, with columns mechanism and RATIO; those of the model are named ITSELF
    """
    signs = table.assign(sign=[estimate_of(row).sign for _, row in table.iterrows()])
    own = signs[signs["mechanism"] == ITSELF].set_index(FINDING)["sign"].rename("model")
    joined = signs.join(own, on=FINDING)
    verdicts = [
        judged(int(row["model"]), int(row["sign"]), _ratio(row))
        if row["mechanism"] != ITSELF or not row["model"] else FOUND
        for _, row in joined.iterrows()
    ]  # fmt: skip
    return table.assign(verdict=verdicts)


def _ratio(row: Any) -> Ratio:
    mean, low, high, pairs = (float(row[name]) for name in RATIO)
    return Ratio(mean, low, high, int(pairs))


def judged(model: int, sign: int, ratio: Ratio) -> str:
    """Return the verdict on a finding of the model under another mechanism.

    Args:
        model: sign of the model's effect; 0: it has no finding
        sign: of the effect under the other mechanism; 0: its interval contains zero
        ratio: of the two

    >>> [judged(1, 1, Ratio(*ends, 40)) for ends in ((0.9, 0.8, 1.0), (0.2, 0.1, 0.3), (2.0, 1.5, 2.5), (0.7, 0.2, 1.2))]
    ['holds', 'shrinks', 'grows', 'not told']
    >>> judged(1, -1, Ratio(-0.5, -0.9, -0.1, 40)), judged(1, 0, Ratio(0.1, -0.1, 0.3, 40))
    ('reverses', 'not told')
    """
    if not model:
        return NOTHING
    if sign == -model:
        return REVERSES
    if not sign or isnan(ratio.low) or ratio.low <= 0.0:
        return NOT_TOLD
    if ratio.high < KEPT or (ratio.low < LOST and ratio.high < 1.0):
        return SHRINKS
    if ratio.low > 1.0 / KEPT:
        return GROWS
    return HOLDS if ratio.low >= LOST else NOT_TOLD


def worst_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a finding under other mechanisms, the worst first.

    Reversed findings come first, then those that shrink or are not told, then those that grow, then those that hold. Among
    these what has no ratio comes first, then the smaller ratio; of grown findings, the larger.

    Args:
        rows: as `compared` returns them
    """
    ratio = rows["ratio"].where(rows["verdict"] != GROWS, -rows["ratio"])
    keys = pd.DataFrame({"rank": rows["verdict"].map(RANKS), "ratio": ratio})
    return rows.loc[keys.sort_values(["rank", "ratio"], kind="stable", na_position="first").index]


def survivors(table: pd.DataFrame) -> pd.DataFrame:
    """Return the findings of the model, each with its verdicts and the worst of them.

    Args:
        table: as `compared` returns it

    Returns:
        a row a finding: arm, outcome, dates, difference, low, high [outcome's unit], mechanisms [number], how many of them
        give each of VERDICTS, worst, under [the mechanism of the worst], RATIO there
    """
    rows = []
    for key, rest in table[table["verdict"] != NOTHING].groupby(FINDING, sort=False):
        own, others = rest[rest["mechanism"] == ITSELF].iloc[0], worst_first(rest[rest["mechanism"] != ITSELF])
        worst = others.iloc[0]
        counts = [int((others["verdict"] == verdict).sum()) for verdict in VERDICTS]
        about = own["difference"], own["low"], own["high"], len(others), *counts
        rows.append((*key, *about, worst["verdict"], worst["mechanism"], *worst[RATIO]))
    columns = ["difference", "low", "high", "mechanisms", *VERDICTS, "worst", "under", *RATIO]
    return pd.DataFrame(rows, columns=[*FINDING, *columns])
