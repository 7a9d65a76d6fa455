"""Summary of a posterior: prior against posterior for each parameter, and correlations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

LEVELS = {"low_90": 0.05, "median": 0.5, "high_90": 0.95}
"""Quantiles of the posterior by column."""


def posterior_summary(
    posterior: pd.DataFrame, priors: pd.DataFrame, prior_value: Callable[[str, float], float] | None = None
) -> pd.DataFrame:
    """Return prior against posterior, the most narrowed parameter first.

    Args:
        posterior: one row per parameter set, one column per parameter
        priors: columns name, default, low, high
        prior_value: returns the quantile of a parameter's prior at a share; None for uniform priors

    Returns:
        one row per parameter: name, default, low, high, median, low_90, high_90; `width` of the middle 90%, divided by that
        of the prior; `moved`, posterior median less prior median [halves of the prior's range].
    """
    rows = priors[priors["name"].isin(posterior.columns)].set_index("name")[["default", "low", "high"]].astype(float)
    table = rows.join(pd.DataFrame({n: posterior.quantile(level) for n, level in LEVELS.items()}))
    span = table["high"] - table["low"]
    prior = pd.DataFrame({n: table["low"] + span * level for n, level in LEVELS.items()})
    if prior_value is not None:
        prior = pd.DataFrame(
            {n: [prior_value(str(k), level) for k in rows.index] for n, level in LEVELS.items()}, rows.index
        )
    table["width"] = (table["high_90"] - table["low_90"]) / (prior["high_90"] - prior["low_90"])
    table["moved"] = (table["median"] - prior["median"]) / (span / 2.0)
    return table.sort_values("width").rename_axis("name").reset_index()


def correlations(posterior: pd.DataFrame, most: int = 10) -> pd.DataFrame:
    """Return the strongest rank correlations between parameters: one, other, correlation."""
    matrix = posterior.rank().corr().to_numpy()
    first, second = np.triu_indices(len(matrix), k=1)
    names = posterior.columns
    table = pd.DataFrame({"one": names[first], "other": names[second], "correlation": matrix[first, second]})
    order = table["correlation"].abs().sort_values(ascending=False, na_position="last").index
    return table.loc[order].head(most).reset_index(drop=True)


def central_set(posterior: pd.DataFrame, distances: pd.Series) -> int:
    """Return the row of a central, good set: nearest to the medians among the half nearest to the record.

    Args:
        posterior: one row per parameter set, one column per parameter
        distances: of each row from the record
    """
    distance = distance_from_centre(posterior, posterior)
    good = (distances <= distances.median()).to_numpy()
    return int(np.flatnonzero(good)[distance[good].argmin()])


def distance_from_centre(posterior: pd.DataFrame, sets: pd.DataFrame) -> Any:
    """Return the distance of sets from the centre of a posterior: mean square of (rank share - 0.5); shape (sets,).

    Args:
        posterior: one row per parameter set, one column per parameter
        sets: one row per set, with the same columns

    >>> table = pd.DataFrame({"trust.gain": [0.1, 0.2, 0.3]})
    >>> distance_from_centre(table, pd.DataFrame({"trust.gain": [0.2, 0.9]})).tolist()
    [0.0, 0.25]
    """
    columns = [share_below(posterior[name].to_numpy(), sets[name].to_numpy()) for name in posterior]
    return ((np.array(columns) - 0.5) ** 2).mean(axis=0)


def share_below(reference: Any, values: Any) -> Any:
    """Return the share of reference values below each value, with half of the equal ones; shape of the values.

    >>> float(share_below([1.0, 2.0, 2.0, 4.0], 2.0))
    0.5
    """
    reference = np.sort(reference)
    return (np.searchsorted(reference, values) + np.searchsorted(reference, values, "right")) / (2.0 * len(reference))
