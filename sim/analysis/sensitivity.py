"""Sensitivity: Sobol indices, Morris effects and PAWN indices of an outcome, with intervals, by size of the design."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.headlines import SAMPLE
from sim.analysis.intervals import LEVEL
from sim.analysis.resampling import BOOTSTRAP_SEED
from sim.errors import InputError

RESAMPLES = 500
"""Number of resamples for the intervals of indices."""

LEVELS = 4
"""Levels of a factor in Morris' design, as it was sampled."""


def mean_by_sample(runs: pd.DataFrame, outcome: str, samples: int) -> Any:
    """Return the mean of an outcome over seeds by sample; shape (samples,).

    Args:
        runs: of one policy, one row per run, with columns `sample`, `seed` and the outcome
        outcome: column
        samples: number of samples of the design

    Raises:
        InputError: a sample or a value is missing, or the outcome does not vary
    """
    counts = runs.groupby(SAMPLE)["seed"].nunique().reindex(range(samples), fill_value=0)
    if (counts < counts.max()).any() or counts.max() == 0:
        lacking = int((counts < max(counts.max(), 1)).sum())
        raise InputError(
            f"{lacking:,} of {samples:,} samples lack runs; repeat the sweep with the same command, then analyse it"
        )
    missing = runs[outcome].isna().mean()
    if missing:
        raise InputError(
            f"`{outcome}` has no value in {missing:.0%} of the runs, so its variance cannot be decomposed; choose an "
            f"outcome that every run has"
        )
    values = runs.groupby(SAMPLE)[outcome].mean().to_numpy(dtype=float)
    if np.ptp(values) == 0:
        raise InputError(
            f"`{outcome}` is {values[0]:g} in every sample, so there is no variance to explain; choose another outcome"
        )
    return values


def sobol(names: Sequence[str], values: Any) -> pd.DataFrame:
    """Return first-order and total Sobol indices of a Saltelli design, with intervals.

    Args:
        names: of the factors
        values: outcome by sample, in the order of the design; shape (n x (factors + 2),)

    Returns:
        one row per factor: factor, S1, S1_low, S1_high, ST, ST_low, ST_high [share of variance], n.

    Raises:
        InputError: the number of values does not fit a Saltelli design
    """
    from SALib.analyze import sobol as analysis

    block = len(names) + 2
    if len(values) % block or len(values) < 2 * block:
        raise InputError(f"{len(values):,} values are not a Saltelli design of {len(names)} factors; its size must be a "
                      f"multiple of {block}")  # fmt: skip
    indices = analysis.analyze(
        salib_problem(names), np.asarray(values, dtype=float), calc_second_order=False, num_resamples=RESAMPLES,
        conf_level=LEVEL, seed=BOOTSTRAP_SEED,
    )  # fmt: skip
    columns: dict[str, Any] = {"factor": list(names)}
    for index in ("S1", "ST"):
        columns |= interval(index, indices[index], indices[f"{index}_conf"])
    return pd.DataFrame(columns).assign(n=len(values) // block)


def morris(names: Sequence[str], shares: Any, values: Any) -> pd.DataFrame:
    """Return the mean size and spread of the elementary effects of a Morris design.

    Args:
        names: of the factors
        shares: the design in the unit cube; shape (n x (factors + 1), factors) [share of the range]
        values: outcome by sample; shape (n x (factors + 1),)

    Returns:
        one row per factor: factor, mu_star, mu_star_low, mu_star_high, mu, sigma [outcome over the whole range], n

    Raises:
        InputError: the number of values does not fit a Morris design
    """
    from SALib.analyze import morris as analysis

    block = len(names) + 1
    if len(values) != len(shares) or len(values) % block:
        raise InputError(f"{len(values):,} values are not a Morris design of {len(names)} factors; its size must be a "
                      f"multiple of {block}")  # fmt: skip
    effects = analysis.analyze(
        salib_problem(names), np.asarray(shares, dtype=float), np.asarray(values, dtype=float), num_levels=LEVELS,
        num_resamples=RESAMPLES, conf_level=LEVEL, seed=BOOTSTRAP_SEED,
    )  # fmt: skip
    columns: dict[str, Any] = {"factor": list(names)}
    columns |= interval("mu_star", np.asarray(effects["mu_star"]), np.asarray(effects["mu_star_conf"]))
    columns |= {"mu": np.asarray(effects["mu"]), "sigma": np.asarray(effects["sigma"])}
    return pd.DataFrame(columns).assign(n=len(values) // block)


def pawn(names: Sequence[str], shares: Any, values: Any, slices: int = 10) -> pd.DataFrame:
    """Return PAWN indices: the change of an outcome's distribution when a factor is fixed, for any design.

    Args:
        names: of the factors
        shares: the design in the unit cube; shape (samples, factors) [share of the range]
        values: outcome by sample; shape (samples,)
        slices: of each factor's range

    Returns:
        one row per factor: factor, median and maximum Kolmogorov-Smirnov distance [0-1], n [samples].
    """
    from SALib.analyze import pawn as analysis

    distances = analysis.analyze(
        salib_problem(names),
        np.asarray(shares, dtype=float),
        np.asarray(values, dtype=float),
        S=slices,
        seed=BOOTSTRAP_SEED,
    )
    columns = {
        "factor": list(names),
        "median": np.asarray(distances["median"]),
        "maximum": np.asarray(distances["maximum"]),
    }
    return pd.DataFrame(columns).assign(n=len(values))


def indices_by_size(kind: str, names: Sequence[str], shares: Any, values: Any) -> pd.DataFrame:
    """Return the indices of an eighth, a quarter, a half and all of a design.

    Returns:
        rows of `sobol` or `morris`, distinguished by n.
    """
    block = len(names) + (2 if kind == "sobol" else 1)
    full_size = len(values) // block
    sizes = sorted({max(full_size // part, 2) for part in (8, 4, 2, 1)})
    parts = [size * block for size in sizes if np.ptp(values[: size * block]) > 0]
    frames = [
        sobol(names, values[:end]) if kind == "sobol" else morris(names, shares[:end], values[:end]) for end in parts
    ]
    return pd.concat(frames, ignore_index=True)


def interval(index: str, middle: Any, reach: Any) -> dict[str, Any]:
    """Return an index and the ends of its interval, by column."""
    return {index: middle, f"{index}_low": middle - reach, f"{index}_high": middle + reach}


def salib_problem(names: Sequence[str]) -> dict[str, Any]:
    """Return the factors in the unit cube as a problem of SALib."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def precision_text(indices: pd.DataFrame, index: str) -> str:
    """Return the width of the interval of the greatest index, and its change when the design was doubled, as text."""
    last = indices[indices["n"] == indices["n"].max()].sort_values(index, ascending=False)
    first = last.iloc[0]
    wide = float(first[f"{index}_high"] - first[f"{index}_low"])
    smaller = indices[indices["n"] < indices["n"].max()]
    change_note = ""
    if len(smaller):
        half = smaller[smaller["n"] == smaller["n"].max()].set_index("factor")[index]
        change = (last.set_index("factor")[index] - half).abs()
        change_note = (
            f"; from n={int(smaller['n'].max())} to {int(first['n'])} an index moved by {change.max():.2g} at most"
        )
    return f"the interval of the greatest, `{first['factor']}`, is {wide:.2g} wide{change_note}"
