"""Effects: paired differences between arms, and what facilitation does through the dates and through strength."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.clusters import clusters_in, over
from sim.analysis.intervals import LEVEL, bootstrap, newcombe
from sim.analysis.sweep_grid import EMERGENT, FACILITATION, HELD, facilitations, needs, timings
from sim.errors import InputError

TOTAL, THROUGH_DATES, THROUGH_STRENGTH = "total", "through the dates", "through strength"
PARTS = (TOTAL, THROUGH_DATES, THROUGH_STRENGTH)
"""An effect of facilitation, and the two parts that add up to it."""

REFERENCE = 0.8
"""Facilitation of the reference arm, whose dates the held arms keep [share]."""

SAME = 1e-9


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds with its 95% interval, in the unit of the outcome; n seeds."""

    mean: float
    low: float
    high: float
    n: int

    @property
    def sign(self) -> int:
        """1 when the whole interval lies above zero, -1 below, 0 when it does not exclude zero (or is unknown)."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0


def estimate(differences: Any, clusters: Any = None) -> Estimate:
    """Return the estimate of one difference.

    Args:
        differences: shape (seeds,); NaN are left out
        clusters: parameter set of each seed; shape (seeds,); None where seeds share none
    """
    values = np.asarray(differences, dtype=float)
    whole = ~np.isnan(values)
    mean, low, high = bootstrap(values[whole, None], clusters=_of(clusters, whole))
    return Estimate(float(mean[0]), float(low[0]), float(high[0]), int(whole.sum()))


def estimate_over(frame: pd.DataFrame, differences: pd.Series[float]) -> Estimate:
    """Return the estimate of a difference in runs that may share parameter sets.

    Args:
        frame: a row a run, with the column seed and, where replicates share sets, `parameter_set`
        differences: index seed; NaN are left out
    """
    return estimate(*over(frame, differences))


def _of(clusters: Any, chosen: Any) -> Any:
    """Return the clusters of the chosen seeds; None stays None."""
    return None if clusters is None else np.asarray(clusters)[chosen]


def difference(pairs: Any, clusters: Any = None) -> Estimate:
    """First less second over pairs; Newcombe's interval where both are yes or no, else a bootstrap over pairs.

    Args:
        pairs: a row a seed; shape (seeds, 2); rows with NaN are left out
        clusters: parameter set of each seed; shape (seeds,); None where seeds share none
    """
    both = np.asarray(pairs, dtype=float).reshape(-1, 2)
    whole = ~np.isnan(both).any(axis=1)
    both, clusters = both[whole], _of(clusters, whole)
    if len(both) and np.isin(both, (0.0, 1.0)).all():
        return Estimate(*newcombe(both, clusters=clusters), len(both))
    return estimate(both[:, 0] - both[:, 1], clusters)


def paired(frame: pd.DataFrame, baseline: Any, arms: list[Any], outcome: str, by: str = "scenario") -> pd.DataFrame:
    """Differences of arms from a baseline, seed by seed.

    Args:
        frame: a row a run, with columns `seed`, `by` and the outcome
        baseline: value of `by` of the arm compared with
        arms: values of `by` to compare
        outcome: column; runs without a value (NaN: never) leave their pair out
        by: the column that names the arm

    Returns:
        a row an arm: arm, baseline, outcome, difference, low, high [outcome's unit], level of that interval [share],
        correlation achieved by the pairing, n [pairs]; an arm without a pair has n 0 and no difference (NaN)

    Raises InputError for an arm without runs, for pairs that are none, and where no arm has a pair with values.
    """
    needs(frame, ["seed", by, outcome])
    table = _by_seed(frame, by, outcome)
    absent = [arm for arm in (baseline, *arms) if arm not in table.columns]
    if absent:
        raise InputError(f"no runs of `{by}` {absent[0]!r}; there are {', '.join(map(str, table.columns))}")
    rows = []
    for arm in arms:
        values = table[[baseline, arm]].dropna()
        pair = values.to_numpy()
        found = difference(pair[:, [-1, 0]], clusters_in(frame, values.index))
        rows.append((arm, baseline, outcome, found.mean, found.low, found.high, LEVEL, correlation(pair), found.n))
    names = ["arm", "baseline", "outcome", "difference", "low", "high", "level", "correlation", "n"]
    told = pd.DataFrame(rows, columns=names)
    if not told["n"].any():
        raise InputError(
            f"no pair of runs has a value of `{outcome}` in both `{baseline}` and an arm: nothing to compare"
        )
    return told


def correlation(pair: Any) -> float:
    """Correlation of two arms over seeds; shape (seeds, 2); NaN when either does not vary."""
    if len(pair) < 2 or np.ptp(pair[:, 0]) == 0 or np.ptp(pair[:, -1]) == 0:
        return float("nan")
    return float(np.corrcoef(pair[:, 0], pair[:, -1])[0, 1])


def _by_seed(frame: pd.DataFrame, by: str, outcome: str) -> pd.DataFrame:
    if frame.duplicated(["seed", by]).any():
        raise InputError(f"several runs share a seed and a `{by}`: pairs would not be pairs")
    return frame.pivot(index="seed", columns=by, values=outcome)


def arm(frame: pd.DataFrame, facilitation: float, timing: str, dates: str, outcome: str) -> pd.Series[float]:
    """Return an outcome of one point by seed, empty when it was not run.

    Raises:
        InputError: a seed comes twice
    """
    point = (frame[FACILITATION] - facilitation).abs() < SAME
    rows = frame[point & (frame["timing"].astype(str) == timing) & (frame["dates"] == dates)]
    if rows["seed"].duplicated().any():
        raise InputError(f"facilitation {facilitation:g}, timing {timing}, dates {dates}: a seed comes twice")
    return rows.set_index("seed")[outcome].astype(float)


@dataclass(frozen=True)
class Contrast:
    """Two facilitations compared under the same dates.

    Args:
        outcome: column of the frame
        strong: facilitation whose runs come first in the difference [share]
        weak: facilitation whose runs are subtracted [share]
        reference: facilitation whose dates the held arms keep [share]
    """

    outcome: str
    strong: float
    weak: float
    reference: float = REFERENCE


def held(frame: pd.DataFrame, facilitation: float, timing: str, contrast: Contrast) -> pd.Series[float]:
    """Return the outcome by seed with the reference arm's dates; of the reference itself, its own runs."""
    if abs(facilitation - contrast.reference) < SAME:
        return arm(frame, facilitation, timing, EMERGENT, contrast.outcome)
    return arm(frame, facilitation, timing, HELD, contrast.outcome)


def by_parts(frame: pd.DataFrame, contrast: Contrast, timing: str) -> pd.DataFrame:
    """Strong less weak facilitation under one timing, seed by seed, in total and in its two parts.

    Through strength: the difference with the dates of the reference arm in both. Through the dates: the rest.

    Returns:
        index seed, columns PARTS [outcome's unit]; the two parts are NaN where no held runs exist
    """
    needs(frame, [FACILITATION, "timing", "dates", "seed", contrast.outcome])
    free = [arm(frame, value, timing, EMERGENT, contrast.outcome) for value in (contrast.strong, contrast.weak)]
    kept = [held(frame, value, timing, contrast) for value in (contrast.strong, contrast.weak)]
    total, strength = (free[0] - free[1]).dropna(), kept[0] - kept[1]
    strength = strength.reindex(total.index)
    return pd.DataFrame({TOTAL: total, THROUGH_DATES: total - strength, THROUGH_STRENGTH: strength})


def decomposition(frame: pd.DataFrame, outcome: str, reference: float = REFERENCE) -> pd.DataFrame:
    """Return the effect of every facilitation against the reference arm, in total and by its parts, timing by timing.

    total = Y(f, emergent) - Y(reference, emergent), through strength = Y(f, held) - Y(reference, emergent),
    through the dates = total - through strength; means over the seeds that have all three.

    Returns:
        columns backbone.facilitation, timing, part, effect, low, high (bootstrap over seeds, 95%), n [seeds]
    """
    rows = []
    for value in (value for value in facilitations(frame) if abs(value - reference) >= SAME):
        for timing in timings(frame):
            parts = complete(by_parts(frame, Contrast(outcome, value, reference, reference), timing))
            rows += [(value, timing, *row) for row in summary(parts, clusters_in(frame, parts.index))]
    return pd.DataFrame(rows, columns=[FACILITATION, "timing", "part", "effect", "low", "high", "n"])


def complete(parts: pd.DataFrame) -> pd.DataFrame:
    """Return the seeds that have every part; when none has the parts, those that have the total."""
    whole = parts.dropna()
    return whole if len(whole) else parts[[TOTAL]].dropna()


def summary(parts: pd.DataFrame, clusters: Any = None) -> list[tuple[str, float, float, float, int]]:
    """Part, mean, low, high and seeds of every column.

    Args:
        parts: index seed, a column a part
        clusters: parameter set of each seed; shape (seeds,); None where seeds share none
    """
    if parts.empty:
        return []
    ends = zip(*bootstrap(parts.to_numpy(), clusters=clusters), strict=True)
    named = zip(parts.columns, ends, strict=True)
    return [(str(part), float(mean), float(low), float(high), len(parts)) for part, (mean, low, high) in named]


def effect_by_timing(frame: pd.DataFrame, contrast: Contrast) -> pd.DataFrame:
    """Strong less weak facilitation at every timing: columns timing, part, effect, low, high, n [seeds]."""
    rows = []
    for timing in timings(frame):
        parts = complete(by_parts(frame, contrast, timing))
        rows += [(timing, *row) for row in summary(parts, clusters_in(frame, parts.index))]
    return pd.DataFrame(rows, columns=["timing", "part", "effect", "low", "high", "n"])


def with_doubling(frame: pd.DataFrame, happened: pd.Series[bool], name: str = "doubled") -> pd.DataFrame:
    """Return the frame with what happened as a column of ones and zeros, so that effects on its probability can be asked."""
    return frame.assign(**{name: happened.astype(float)})
