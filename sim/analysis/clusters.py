"""Clusters of replicates: runs that share a parameter set because the posterior has fewer sets than seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

PARAMETER_SET = "parameter_set"
"""Column: number of the parameter set of a run, from 0; present only where replicates share sets."""

STRUCTURE = "structure"
"""Column: the model of a run; present only where runs are of several models."""

FEW_SETS = 10
"""Number of parameter sets below which an interval that resamples them is unreliable."""


def clusters_of(seeds: Any, sets: int) -> Any:
    """Return the number of the parameter set of each replicate.

    Args:
        seeds: of the replicates; shape (replicates,)
        sets: number of parameter sets of the posterior; 0 for parameters at their defaults

    Returns:
        shape (replicates,); None if no two seeds share a set

    >>> clusters_of([1, 2, 3, 4], 2).tolist(), clusters_of([1, 2, 3, 4], 4), clusters_of([1, 2], 0)
    ([1, 0, 1, 0], None, None)
    """
    numbers = np.asarray(seeds, dtype=int)
    if not sets:
        return None
    clusters = numbers % sets
    return clusters if len(np.unique(clusters)) < len(np.unique(numbers)) else None


def with_clusters(frame: pd.DataFrame, sets: int, structures: Sequence[str] = ()) -> pd.DataFrame:
    """Return runs with a column for their parameter set if replicates share sets; otherwise unchanged.

    The column is derived from the seeds and the number of sets each time a table is made, so it stays right when seeds
    are added later.

    Args:
        frame: one row per run, with the column seed
        sets: number of parameter sets of the posterior; 0 for parameters at their defaults
        structures: name of the model of each set; empty if all sets are of one model
    """
    if len(frame) and "seed" in frame and sets and structures:
        numbers = frame["seed"].to_numpy(dtype=int) % sets % len(structures)
        frame = frame.assign(**{STRUCTURE: np.array(structures)[numbers]})
    clusters = clusters_of(frame["seed"], sets) if len(frame) and "seed" in frame else None
    return frame if clusters is None else frame.assign(**{PARAMETER_SET: clusters})


def clusters_in(frame: pd.DataFrame, seeds: Any) -> Any:
    """Return the parameter set of each seed of a frame of runs.

    Args:
        frame: one row per run, with the column seed and, where replicates share sets, `parameter_set`
        seeds: of the replicates; shape (replicates,)

    Returns:
        shape (replicates,); None if replicates share no set, or all share one
    """
    if PARAMETER_SET not in frame or frame[PARAMETER_SET].nunique() < 2:
        return None
    return frame.drop_duplicates("seed").set_index("seed")[PARAMETER_SET].reindex(seeds).to_numpy()


def values_and_clusters(frame: pd.DataFrame, differences: pd.Series[float]) -> tuple[Any, Any]:
    """Return the values of a series that are not missing, with their clusters.

    Args:
        frame: the runs, as for `clusters_in`
        differences: by seed
    """
    values = differences.dropna()
    return values.to_numpy(), clusters_in(frame, values.index)


def sharing_note(frame: pd.DataFrame, what: str = "replicates") -> str:
    """Return a sentence on shared parameter sets and their effect on intervals; empty if none are shared.

    Args:
        frame: one row per run, from `with_clusters`
        what: word for replicates

    >>> import pandas as pd
    >>> sharing_note(with_clusters(pd.DataFrame({"seed": range(1, 13)}), 2)).split(": ")[0]
    '12 replicates share 2 parameter sets'
    """
    if PARAMETER_SET not in frame:
        return ""
    return shared_sets_text(frame["seed"].nunique(), frame[PARAMETER_SET].nunique(), what)


def shared_sets_text(seeds: int, sets: int, what: str = "replicates") -> str:
    """Return the sentence of `sharing_note` from numbers; empty if there are no sets, or as many as replicates.

    Args:
        seeds: number of replicates, at consecutive seeds
        sets: number of parameter sets of the posterior; 0 for parameters at their defaults
        what: word for replicates

    >>> shared_sets_text(12, 20), shared_sets_text(40, 20)
    ('', '40 replicates share 20 parameter sets: intervals resample the sets.')
    """
    if not 0 < sets < seeds:
        return ""
    if sets == 1:
        return (f"{seeds:,} {what} share 1 parameter set: intervals cover random variation within that set only, "
                "not parameter uncertainty.")  # fmt: skip
    few = f" With fewer than {FEW_SETS} sets such intervals are unreliable." if sets < FEW_SETS else ""
    return f"{seeds:,} {what} share {sets:,} parameter sets: intervals resample the sets.{few}"
