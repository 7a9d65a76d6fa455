"""Robustness of findings: effects under other mechanisms as ratios to the model's effect, within pairs of the same seeds."""

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
from sim.analysis.paired_differences import differences, estimate_of, paired_outcomes

HOLDS, GROWS, SHRINKS, UNCLEAR, REVERSES = "holds", "grows", "shrinks", "not told", "reverses"
RANKS = {REVERSES: 0, UNCLEAR: 1, SHRINKS: 1, GROWS: 2, HOLDS: 3}
VERDICTS = tuple(RANKS)
"""Verdicts on a finding under another mechanism with their ranks, worst first. Verdicts of one rank are ordered by the ratio:
*not told* at 5% (-3 to 12%) is worse than *shrinks* to 60%, which is worse than *not told* at 100% (40 to 170%)."""

MODEL_FINDING, NOTHING = "finding", "nothing to compare"
"""Values in place of a verdict: for the model's own finding, and if the model has no finding."""

SHRINKS_BELOW = 0.75
"""A finding shrinks if the interval of its ratio lies below this, and grows if it lies above one over this [share].

A plan that relies on the model's effect is then wrong by a third or more (1 / 0.75 = 1.33), in either direction.
"""

HOLDS_FROM = 0.5
"""A finding holds only if the interval of its ratio begins here or above [share].

If the interval begins below a half, the finding shrinks if the interval ends below 1, and is not told if it reaches 1: the
runs then cannot distinguish a loss of half of the effect from no loss. Without this bound, few seeds with wide intervals
would make every finding hold.
"""

ITSELF = "the model"
"""Name of the model in the column mechanism."""

FINDING = ["arm", "outcome", "dates"]
"""Columns that identify a finding."""

RATIO = ["ratio", "ratio_low", "ratio_high", "ratio_pairs"]
"""Columns of a ratio: effect over the model's effect with its interval [share], and number of pairs."""


class Ratio(NamedTuple):
    """The ratio of an effect to the model's effect.

    Args:
        mean: ratio of the mean effects [share]
        low: end of its 95% interval [share]
        high: end of its 95% interval [share]
        pairs: number of seeds with both effects
    """

    mean: float
    low: float
    high: float
    pairs: int


def effect_ratio(above: Any, below: Any, clusters: Any = None) -> Ratio:
    """Return the ratio of two effects at the same seeds, with a bootstrap interval that draws common seeds.

    A bootstrap has no width for a yes-or-no outcome that is the same in every pair; the interval then comes from the quotients
    of the ends of Newcombe's intervals.

    Args:
        above: arm and reference, one row per seed; shape (seeds, 2)
        below: arm and reference of the same seeds; shape (seeds, 2)
        clusters: parameter set of each seed; shape (seeds,); None: seeds are independent

    Returns:
        the ratio; NaN if the interval of the effect below includes zero

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


def robustness_table(
    frames: Mapping[str, pd.DataFrame], baseline: str, arms: Sequence[str], outcomes: Sequence[str]
) -> pd.DataFrame:
    """Return each comparison under each mechanism, with its ratio to the model's effect and a verdict.

    Args:
        frames: runs of the model (ITSELF) and of each mechanism at the same seeds, one row per run
        baseline: the scenario to compare with
        arms: the scenarios to compare
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
    """Return the ratio of a difference to the same difference in the model, over pairs with values in both.

    Args:
        row: of `sim.analysis.paired_differences.differences`
        frame: the runs of the row
        model: the runs of the model
        itself: true for the row of the model itself
    """
    keys = row["baseline"], row["arm"], row["outcome"], row["dates"]
    runs = {
        name: paired_outcomes(each, *keys)[["arm", "baseline"]] for name, each in (("above", frame), ("below", model))
    }
    both = pd.concat(runs, axis=1, join="inner").dropna()
    if itself:
        return Ratio(np.nan, np.nan, np.nan, len(both))
    return effect_ratio(both["above"], both["below"], clusters_in(model, both.index))


def with_verdicts(table: pd.DataFrame) -> pd.DataFrame:
    """Return comparisons under mechanisms with their verdicts.

    Args:
        table: rows of differences, with columns mechanism and RATIO; those of the model are named ITSELF
    """
    signs = table.assign(sign=[estimate_of(row).sign for _, row in table.iterrows()])
    model_signs = signs[signs["mechanism"] == ITSELF].set_index(FINDING)["sign"].rename("model")
    joined = signs.join(model_signs, on=FINDING)
    verdicts = [
        robustness_verdict(int(row["model"]), int(row["sign"]), _ratio(row))
        if row["mechanism"] != ITSELF or not row["model"] else MODEL_FINDING
        for _, row in joined.iterrows()
    ]  # fmt: skip
    return table.assign(verdict=verdicts)


def _ratio(row: Any) -> Ratio:
    mean, low, high, pairs = (float(row[name]) for name in RATIO)
    return Ratio(mean, low, high, int(pairs))


def robustness_verdict(model: int, sign: int, ratio: Ratio) -> str:
    """Return the verdict on a finding of the model under another mechanism.

    Args:
        model: sign of the model's effect; 0: no finding
        sign: of the effect under the other mechanism; 0: its interval contains zero
        ratio: of the two effects

    >>> ends = ((0.9, 0.8, 1.0), (0.2, 0.1, 0.3), (2.0, 1.5, 2.5), (0.7, 0.2, 1.2))
    >>> [robustness_verdict(1, 1, Ratio(*values, 40)) for values in ends]
    ['holds', 'shrinks', 'grows', 'not told']
    >>> robustness_verdict(1, -1, Ratio(-0.5, -0.9, -0.1, 40)), robustness_verdict(1, 0, Ratio(0.1, -0.1, 0.3, 40))
    ('reverses', 'not told')
    """
    if not model:
        return NOTHING
    if sign == -model:
        return REVERSES
    if not sign or isnan(ratio.low) or ratio.low <= 0.0:
        return UNCLEAR
    if ratio.high < SHRINKS_BELOW or (ratio.low < HOLDS_FROM and ratio.high < 1.0):
        return SHRINKS
    if ratio.low > 1.0 / SHRINKS_BELOW:
        return GROWS
    return HOLDS if ratio.low >= HOLDS_FROM else UNCLEAR


def worst_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a finding under other mechanisms, worst first.

    Reversed findings come first, then those that shrink or are not told, then those that grow, then those that hold. Within a
    rank, rows without a ratio come first, then smaller ratios (larger ratios for findings that grow).

    Args:
        rows: of `robustness_table`
    """
    ratio = rows["ratio"].where(rows["verdict"] != GROWS, -rows["ratio"])
    keys = pd.DataFrame({"rank": rows["verdict"].map(RANKS), "ratio": ratio})
    return rows.loc[keys.sort_values(["rank", "ratio"], kind="stable", na_position="first").index]


def findings_with_worst(table: pd.DataFrame) -> pd.DataFrame:
    """Return the findings of the model with the counts of their verdicts and the worst one.

    Args:
        table: rows of `robustness_table`

    Returns:
        one row per finding: arm, outcome, dates, difference, low, high [outcome's unit], mechanisms [number], the
        number of each of VERDICTS, worst, under [the mechanism of the worst], RATIO of the worst
    """
    rows = []
    for key, finding in table[table["verdict"] != NOTHING].groupby(FINDING, sort=False):
        model, others = (
            finding[finding["mechanism"] == ITSELF].iloc[0],
            worst_first(finding[finding["mechanism"] != ITSELF]),
        )
        worst = others.iloc[0]
        counts = [int((others["verdict"] == verdict).sum()) for verdict in VERDICTS]
        summary = model["difference"], model["low"], model["high"], len(others), *counts
        rows.append((*key, *summary, worst["verdict"], worst["mechanism"], *worst[RATIO]))
    columns = ["difference", "low", "high", "mechanisms", *VERDICTS, "worst", "under", *RATIO]
    return pd.DataFrame(rows, columns=[*FINDING, *columns])
