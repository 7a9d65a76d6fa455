"""How well the chain of a calibration has mixed, parameter by parameter."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from sim.calibration.emulator import Chain


def has_arviz() -> bool:
    """Return whether ArviZ is installed."""
    return find_spec("arviz_stats") is not None and find_spec("arviz_base") is not None


def sampling(chain: Chain, names: tuple[str, ...]) -> pd.DataFrame:
    """Return how well a chain has mixed: one row per parameter.

    Walkers of an ensemble take the part of chains. They move by one another's places, so that an r-hat near 1 is necessary
    and not sufficient.

    Args:
        chain: of the last round
        names: of its parameters

    Returns:
        parameter, `r_hat`, `ess_bulk` and `ess_tail` (effective sample sizes of the steps that are kept; not numbers where
        ArviZ is not installed), `autocorrelation` (steps in which the chain forgets it).

    Source: vehtari_2021, goodman_weare_2010
    """
    table = pd.DataFrame({"parameter": names, "r_hat": np.nan, "ess_bulk": np.nan, "ess_tail": np.nan})
    if has_arviz():
        steps = np.moveaxis(chain.walkers, 2, 0)
        table["r_hat"], table["ess_bulk"], table["ess_tail"] = _diagnostics(steps)
    return table.assign(autocorrelation=np.broadcast_to(chain.autocorrelation, len(names)))


def _diagnostics(steps: Any) -> tuple[Any, Any, Any]:
    """R-hat and effective sample sizes of bulk and tails; shapes (parameters,)."""
    import arviz_stats.base  # type: ignore[import-untyped, import-not-found, unused-ignore]

    of_arrays: Any = arviz_stats.base.array_stats  # type: ignore[attr-defined, unused-ignore]
    axes = {"chain_axis": 1, "draw_axis": 2}
    tails = of_arrays.ess(steps, method="tail", prob=(0.05, 0.95), **axes)
    return of_arrays.rhat(steps, **axes), of_arrays.ess(steps, method="bulk", **axes), tails
