"""Learned: what a posterior says that the prior did not, parameter by parameter, and which hang together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

LEVELS = {"low_90": 0.05, "median": 0.5, "high_90": 0.95}
"""Quantiles of the posterior by the column that holds them."""


def learned(
    posterior: pd.DataFrame, priors: pd.DataFrame, prior_value: Callable[[str, float], float] | None = None
) -> pd.DataFrame:
    """Prior against posterior, most narrowed first.

    Args:
        posterior: a row a parameter set, a column a parameter
        priors: columns name, default, low, high
        prior_value: of a name and a share, the value below which that share of the prior lies; None: the priors are uniform

    Returns: a row a parameter: name, default, low, high, median, low_90, high_90; `width` of the middle 90%, over that
        of the prior; `moved`, from the prior's median to the posterior's [halves of the prior's range].
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
    """Return the strongest rank correlations of pairs of parameters: one, other, correlation."""
    matrix = posterior.rank().corr().to_numpy()
    one, other = np.triu_indices(len(matrix), k=1)
    names = posterior.columns
    table = pd.DataFrame({"one": names[one], "other": names[other], "correlation": matrix[one, other]})
    order = table["correlation"].abs().sort_values(ascending=False, na_position="last").index
    return table.loc[order].head(most).reset_index(drop=True)


def central(posterior: pd.DataFrame, distances: pd.Series) -> int:
    """Return the row number of a central, good member: the nearest to the medians, of the half that lies nearest to the record.

    Args:
        posterior: a row a parameter set, a column a parameter
        distances: from the record, of each row
    """
    off = off_centre(posterior, posterior)
    good = (distances <= distances.median()).to_numpy()
    return int(np.flatnonzero(good)[off[good].argmin()])


def off_centre(posterior: pd.DataFrame, sets: pd.DataFrame) -> Any:
    """How far sets lie from the middle of a posterior: mean square of their ranks off the middle; shape (sets,).

    Args:
        posterior: a row a parameter set, a column a parameter
        sets: with the same columns

    >>> table = pd.DataFrame({"trust.gain": [0.1, 0.2, 0.3]})
    >>> off_centre(table, pd.DataFrame({"trust.gain": [0.2, 0.9]})).tolist()
    [0.0, 0.25]
    """
    columns = [place(posterior[name].to_numpy(), sets[name].to_numpy()) for name in posterior]
    return ((np.array(columns) - 0.5) ** 2).mean(axis=0)


def place(known: Any, values: Any) -> Any:
    """Return the share of known values below some others, with half of those that equal them; shape of the others.

    >>> float(place([1.0, 2.0, 2.0, 4.0], 2.0))
    0.5
    """
    known = np.sort(known)
    return (np.searchsorted(known, values) + np.searchsorted(known, values, "right")) / (2.0 * len(known))
