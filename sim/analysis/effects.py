"""Effects: paired differences between arms, and the effect of facilitation through the dates and through strength."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.clusters import clusters_in, values_and_clusters
from sim.analysis.intervals import LEVEL, bootstrap, newcombe
from sim.analysis.sweep_grid import EMERGENT, FACILITATION, HELD, facilitations, needs, timings
from sim.errors import InputError

TOTAL, THROUGH_DATES, THROUGH_STRENGTH = "total", "through the dates", "through strength"
PARTS = (TOTAL, THROUGH_DATES, THROUGH_STRENGTH)
"""An effect of facilitation, and the two parts that add up to it."""

REFERENCE = 0.8
"""Facilitation of the reference arm, whose dates the arms with held dates follow [share]."""

SAME = 1e-9


@dataclass(frozen=True)
class Estimate:
    """A mean with its interval, in the unit of the outcome, over n seeds (or pairs, facts, schools)."""

    mean: float
    low: float
    high: float
    n: int

    @property
    def sign(self) -> int:
        """1 if the whole interval lies above zero, -1 if below, 0 if it includes zero or is not known."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0


def estimate(differences: Any, clusters: Any = None) -> Estimate:
    """Return the estimate of one difference.

    Args:
        differences: shape (seeds,); NaN are left out
        clusters: parameter set of each seed; shape (seeds,); None if seeds share none
    """
    values = np.asarray(differences, dtype=float)
    complete = ~np.isnan(values)
    mean, low, high = bootstrap(values[complete, None], clusters=_clusters_of_chosen(clusters, complete))
    return Estimate(float(mean[0]), float(low[0]), float(high[0]), int(complete.sum()))


def estimate_over(frame: pd.DataFrame, differences: pd.Series[float]) -> Estimate:
    """Return the estimate of a difference in runs that may share parameter sets.

    Args:
        frame: one row per run, with the column seed and, where replicates share sets, `parameter_set`
        differences: index seed; NaN are left out
    """
    return estimate(*values_and_clusters(frame, differences))


def _clusters_of_chosen(clusters: Any, chosen: Any) -> Any:
    """Return the clusters of the chosen seeds; None stays None."""
    return None if clusters is None else np.asarray(clusters)[chosen]


def difference(pairs: Any, clusters: Any = None) -> Estimate:
    """Return the first less the second over pairs, with Newcombe's interval for yes or no, else a bootstrap over pairs.

    Args:
        pairs: one row per seed; shape (seeds, 2); rows with NaN are left out
        clusters: parameter set of each seed; shape (seeds,); None if seeds share none
    """
    both = np.asarray(pairs, dtype=float).reshape(-1, 2)
    complete = ~np.isnan(both).any(axis=1)
    both, clusters = both[complete], _clusters_of_chosen(clusters, complete)
    if len(both) and np.isin(both, (0.0, 1.0)).all():
        return Estimate(*newcombe(both, clusters=clusters), len(both))
    return estimate(both[:, 0] - both[:, 1], clusters)


def paired(frame: pd.DataFrame, baseline: Any, arms: list[Any], outcome: str, by: str = "scenario") -> pd.DataFrame:
    """Return differences of arms from a baseline, seed by seed.

    Args:
        frame: one row per run, with columns `seed`, `by` and the outcome
        baseline: value of `by` for the arm to compare with
        arms: values of `by` to compare
        outcome: column; pairs with a missing value (NaN: never) are left out
        by: the column that names the arm

    Returns:
        one row per arm: arm, baseline, outcome, difference, low, high [outcome's unit], level of that interval [share],
        correlation within pairs, n [pairs]; an arm without a pair has n 0 and difference NaN

    Raises:
        InputError: an arm has no runs, several runs share a seed and an arm, or no arm has a pair with values
    """
    needs(frame, ["seed", by, outcome])
    table = _by_seed(frame, by, outcome)
    absent = [arm for arm in (baseline, *arms) if arm not in table.columns]
    if absent:
        raise InputError(f"`{by}` {absent[0]!r} has no runs; choose one of {', '.join(map(str, table.columns))}")
    rows = []
    for arm in arms:
        values = table[[baseline, arm]].dropna()
        pair = values.to_numpy()
        estimated = difference(pair[:, [-1, 0]], clusters_in(frame, values.index))
        rows.append(
            (
                arm,
                baseline,
                outcome,
                estimated.mean,
                estimated.low,
                estimated.high,
                LEVEL,
                correlation(pair),
                estimated.n,
            )
        )
    names = ["arm", "baseline", "outcome", "difference", "low", "high", "level", "correlation", "n"]
    result = pd.DataFrame(rows, columns=names)
    if not result["n"].any():
        raise InputError(
            f"no pair of runs has a value of `{outcome}` in both `{baseline}` and an arm, so they cannot be compared"
        )
    return result


def correlation(pair: Any) -> float:
    """Return the correlation of two arms over seeds, shape (seeds, 2); NaN if either does not vary."""
    if len(pair) < 2 or np.ptp(pair[:, 0]) == 0 or np.ptp(pair[:, -1]) == 0:
        return float("nan")
    return float(np.corrcoef(pair[:, 0], pair[:, -1])[0, 1])


def _by_seed(frame: pd.DataFrame, by: str, outcome: str) -> pd.DataFrame:
    if frame.duplicated(["seed", by]).any():
        raise InputError(f"several runs share a seed and a `{by}`; pairs need one run of each")
    return frame.pivot(index="seed", columns=by, values=outcome)


def arm_outcomes(frame: pd.DataFrame, facilitation: float, timing: str, dates: str, outcome: str) -> pd.Series[float]:
    """Return an outcome of one point by seed; empty if it was not run.

    Raises:
        InputError: several runs share a seed
    """
    point = (frame[FACILITATION] - facilitation).abs() < SAME
    rows = frame[point & (frame["timing"].astype(str) == timing) & (frame["dates"] == dates)]
    if rows["seed"].duplicated().any():
        raise InputError(f"facilitation {facilitation:g}, timing {timing}, dates {dates}: several runs share a seed")
    return rows.set_index("seed")[outcome].astype(float)


@dataclass(frozen=True)
class Contrast:
    """A comparison of two facilitations under the same timing.

    Args:
        outcome: column of the frame
        strong: facilitation of the first runs of the difference [share]
        weak: facilitation of the runs that are subtracted [share]
        reference: facilitation whose dates the arms with held dates follow [share]
    """

    outcome: str
    strong: float
    weak: float
    reference: float = REFERENCE


def outcomes_at_reference_dates(
    frame: pd.DataFrame, facilitation: float, timing: str, contrast: Contrast
) -> pd.Series[float]:
    """Return the outcome by seed at the reference arm's dates; the reference arm's own runs for the reference itself."""
    if abs(facilitation - contrast.reference) < SAME:
        return arm_outcomes(frame, facilitation, timing, EMERGENT, contrast.outcome)
    return arm_outcomes(frame, facilitation, timing, HELD, contrast.outcome)


def effect_parts_by_seed(frame: pd.DataFrame, contrast: Contrast, timing: str) -> pd.DataFrame:
    """Return strong less weak facilitation under one timing, seed by seed, in total and in its two parts.

    Through strength is the difference with the dates of the reference arm in both. Through the dates is the rest.

    Returns:
        index seed, columns PARTS [outcome's unit]; the two parts are NaN if no runs have held dates
    """
    needs(frame, [FACILITATION, "timing", "dates", "seed", contrast.outcome])
    with_own_dates = [
        arm_outcomes(frame, value, timing, EMERGENT, contrast.outcome) for value in (contrast.strong, contrast.weak)
    ]
    at_reference_dates = [
        outcomes_at_reference_dates(frame, value, timing, contrast) for value in (contrast.strong, contrast.weak)
    ]
    total, strength = (with_own_dates[0] - with_own_dates[1]).dropna(), at_reference_dates[0] - at_reference_dates[1]
    strength = strength.reindex(total.index)
    return pd.DataFrame({TOTAL: total, THROUGH_DATES: total - strength, THROUGH_STRENGTH: strength})


def decomposition(frame: pd.DataFrame, outcome: str, reference: float = REFERENCE) -> pd.DataFrame:
    """Return the effect of each facilitation against the reference arm, in total and by parts, for each timing.

    total = Y(f, emergent) - Y(reference, emergent), through strength = Y(f, held) - Y(reference, emergent),
    through the dates = total - through strength; means over the seeds that have all three.

    Returns:
        columns backbone.facilitation, timing, part, effect, low, high (bootstrap over seeds, 95%), n [seeds]
    """
    rows = []
    for value in (value for value in facilitations(frame) if abs(value - reference) >= SAME):
        for timing in timings(frame):
            parts = complete_seeds(effect_parts_by_seed(frame, Contrast(outcome, value, reference, reference), timing))
            rows += [(value, timing, *row) for row in part_estimates(parts, clusters_in(frame, parts.index))]
    return pd.DataFrame(rows, columns=[FACILITATION, "timing", "part", "effect", "low", "high", "n"])


def complete_seeds(parts: pd.DataFrame) -> pd.DataFrame:
    """Return the seeds with all parts; if there are none, the seeds with the total."""
    with_all = parts.dropna()
    return with_all if len(with_all) else parts[[TOTAL]].dropna()


def part_estimates(parts: pd.DataFrame, clusters: Any = None) -> list[tuple[str, float, float, float, int]]:
    """Return part, mean, low, high and number of seeds for each column.

    Args:
        parts: index seed, one column per part
        clusters: parameter set of each seed; shape (seeds,); None if seeds share none
    """
    if parts.empty:
        return []
    ends = zip(*bootstrap(parts.to_numpy(), clusters=clusters), strict=True)
    named = zip(parts.columns, ends, strict=True)
    return [(str(part), float(mean), float(low), float(high), len(parts)) for part, (mean, low, high) in named]


def effect_by_timing(frame: pd.DataFrame, contrast: Contrast) -> pd.DataFrame:
    """Return strong less weak facilitation at every timing: columns timing, part, effect, low, high, n [seeds]."""
    rows = []
    for timing in timings(frame):
        parts = complete_seeds(effect_parts_by_seed(frame, contrast, timing))
        rows += [(timing, *row) for row in part_estimates(parts, clusters_in(frame, parts.index))]
    return pd.DataFrame(rows, columns=["timing", "part", "effect", "low", "high", "n"])


def with_doubling(frame: pd.DataFrame, happened: pd.Series[bool], name: str = "doubled") -> pd.DataFrame:
    """Return the frame with an event as a column of ones and zeros, to estimate effects on its probability."""
    return frame.assign(**{name: happened.astype(float)})
