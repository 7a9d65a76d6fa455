"""Diagnostics of the chain of a calibration, by parameter."""

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
    """Return diagnostics of a chain, one row per parameter.

    Walkers of an ensemble are treated as chains. Their moves depend on one another, so an r-hat near 1 is necessary but not
    sufficient.

    Args:
        chain: of the last round
        names: of its parameters

    Returns:
        parameter, `r_hat`, `ess_bulk` and `ess_tail` (effective sample sizes of the stored steps; NaN if ArviZ is not
        installed), `autocorrelation` (autocorrelation time [steps]).

    Source: vehtari_2021, goodman_weare_2010
    """
    table = pd.DataFrame({"parameter": names, "r_hat": np.nan, "ess_bulk": np.nan, "ess_tail": np.nan})
    if has_arviz():
        steps = np.moveaxis(chain.walkers, 2, 0)
        table["r_hat"], table["ess_bulk"], table["ess_tail"] = _diagnostics(steps)
    return table.assign(autocorrelation=np.broadcast_to(chain.autocorrelation, len(names)))


def _diagnostics(steps: Any) -> tuple[Any, Any, Any]:
    """Return r-hat and effective sample sizes of bulk and tails; shapes (parameters,)."""
    import arviz_stats.base  # type: ignore[import-untyped, import-not-found, unused-ignore]

    statistics: Any = arviz_stats.base.array_stats  # type: ignore[attr-defined, unused-ignore]
    axes = {"chain_axis": 1, "draw_axis": 2}
    tails = statistics.ess(steps, method="tail", prob=(0.05, 0.95), **axes)
    return statistics.rhat(steps, **axes), statistics.ess(steps, method="bulk", **axes), tails
