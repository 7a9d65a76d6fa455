"""What matters: Sobol indices, Morris' effects and PAWN of an outcome, with intervals, and how they settle as n grows."""

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
"""Resamples of the intervals of indices."""

LEVELS = 4
"""Levels of a factor in Morris' design, as it was sampled."""


def by_sample(runs: pd.DataFrame, outcome: str, samples: int) -> Any:
    """Mean of an outcome over seeds, sample by sample; shape (samples,).

    Args:
        runs: of one policy, a row a run, with columns `sample`, `seed` and the outcome
        outcome: column
        samples: how many there should be

    Raises InputError where a sample or a value is missing, and where the outcome does not vary.
    """
    counts = runs.groupby(SAMPLE)["seed"].nunique().reindex(range(samples), fill_value=0)
    if (counts < counts.max()).any() or counts.max() == 0:
        lacking = int((counts < max(counts.max(), 1)).sum())
        raise InputError(f"{lacking:,} of {samples:,} samples lack runs: sweep again with the same command, then ask")
    missing = runs[outcome].isna().mean()
    if missing:
        raise InputError(f"`{outcome}` has no value in {missing:.0%} of the runs, so it has no variance to take apart")
    values = runs.groupby(SAMPLE)[outcome].mean().to_numpy(dtype=float)
    if np.ptp(values) == 0:
        raise InputError(f"`{outcome}` is {values[0]:g} in every sample: there is nothing to explain")
    return values


def sobol(names: Sequence[str], values: Any) -> pd.DataFrame:
    """First-order and total Sobol indices of Saltelli's design, each with its interval.

    Args:
        names: of the factors
        values: outcome by sample, in the order of the design; shape (n x (factors + 2),)

    Returns: a row a factor: factor, S1, S1_low, S1_high, ST, ST_low, ST_high [share of variance], n.

    Raises:
        InputError: a number of values that is no Saltelli design
    """
    from SALib.analyze import sobol as analysis

    block = len(names) + 2
    if len(values) % block or len(values) < 2 * block:
        raise InputError(f"{len(values):,} values are no Saltelli design of {len(names)} factors, whose size is a multiple "
                      f"of {block}")  # fmt: skip
    found = analysis.analyze(
        problem(names), np.asarray(values, dtype=float), calc_second_order=False, num_resamples=RESAMPLES,
        conf_level=LEVEL, seed=BOOTSTRAP_SEED,
    )  # fmt: skip
    columns: dict[str, Any] = {"factor": list(names)}
    for index in ("S1", "ST"):
        columns |= interval(index, found[index], found[f"{index}_conf"])
    return pd.DataFrame(columns).assign(n=len(values) // block)


def morris(names: Sequence[str], shares: Any, values: Any) -> pd.DataFrame:
    """Mean size and spread of the elementary effects of a Morris design.

    Args:
        names: of the factors
        shares: the design in the unit cube; shape (n x (factors + 1), factors) [share of the range]
        values: outcome by sample; shape (n x (factors + 1),)

    Returns:
        a row a factor: factor, mu_star, mu_star_low, mu_star_high, mu, sigma [outcome over the whole range], n

    Raises InputError for a number of values that is no Morris design.
    """
    from SALib.analyze import morris as analysis

    block = len(names) + 1
    if len(values) != len(shares) or len(values) % block:
        raise InputError(f"{len(values):,} values are no Morris design of {len(names)} factors, whose size is a multiple "
                      f"of {block}")  # fmt: skip
    found = analysis.analyze(
        problem(names), np.asarray(shares, dtype=float), np.asarray(values, dtype=float), num_levels=LEVELS,
        num_resamples=RESAMPLES, conf_level=LEVEL, seed=BOOTSTRAP_SEED,
    )  # fmt: skip
    columns: dict[str, Any] = {"factor": list(names)}
    columns |= interval("mu_star", np.asarray(found["mu_star"]), np.asarray(found["mu_star_conf"]))
    columns |= {"mu": np.asarray(found["mu"]), "sigma": np.asarray(found["sigma"])}
    return pd.DataFrame(columns).assign(n=len(values) // block)


def pawn(names: Sequence[str], shares: Any, values: Any, slices: int = 10) -> pd.DataFrame:
    """How far the distribution of an outcome moves when a factor is known (PAWN), for any design.

    Args:
        names: of the factors
        shares: the design in the unit cube; shape (samples, factors) [share of the range]
        values: outcome by sample; shape (samples,)
        slices: of each factor's range

    Returns: a row a factor: factor, median and maximum Kolmogorov-Smirnov distance [0-1], n [samples].
    """
    from SALib.analyze import pawn as analysis

    found = analysis.analyze(
        problem(names), np.asarray(shares, dtype=float), np.asarray(values, dtype=float), S=slices, seed=BOOTSTRAP_SEED
    )
    columns = {"factor": list(names), "median": np.asarray(found["median"]), "maximum": np.asarray(found["maximum"])}
    return pd.DataFrame(columns).assign(n=len(values))


def settling(kind: str, names: Sequence[str], shares: Any, values: Any) -> pd.DataFrame:
    """Return the indices of ever longer beginnings of a design: an eighth, a quarter, half of it, and all.

    Returns: the rows of `sobol` or `morris` one after the other, told apart by n.
    """
    block = len(names) + (2 if kind == "sobol" else 1)
    whole = len(values) // block
    sizes = sorted({max(whole // part, 2) for part in (8, 4, 2, 1)})
    parts = [size * block for size in sizes if np.ptp(values[: size * block]) > 0]
    frames = [
        sobol(names, values[:end]) if kind == "sobol" else morris(names, shares[:end], values[:end]) for end in parts
    ]
    return pd.concat(frames, ignore_index=True)


def interval(index: str, middle: Any, reach: Any) -> dict[str, Any]:
    """Return an index with the ends of its interval, as columns."""
    return {index: middle, f"{index}_low": middle - reach, f"{index}_high": middle + reach}


def problem(names: Sequence[str]) -> dict[str, Any]:
    """Return the factors as SALib has them, in the unit cube."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def settled(found: pd.DataFrame, index: str) -> str:
    """How far the greatest index is known, and how much it moved when the design was doubled, in words."""
    last = found[found["n"] == found["n"].max()].sort_values(index, ascending=False)
    first = last.iloc[0]
    wide = float(first[f"{index}_high"] - first[f"{index}_low"])
    before = found[found["n"] < found["n"].max()]
    moved = ""
    if len(before):
        half = before[before["n"] == before["n"].max()].set_index("factor")[index]
        change = (last.set_index("factor")[index] - half).abs()
        moved = f"; from n={int(before['n'].max())} to {int(first['n'])} an index moved by {change.max():.2g} at most"
    return f"the interval of the greatest, `{first['factor']}`, is {wide:.2g} wide{moved}"
