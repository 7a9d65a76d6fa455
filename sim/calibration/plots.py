"""Figures of a calibration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.uniformity import uniformity
from sim.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class CalibrationPlots:
    """Figures of a calibration.

    Args:
        posterior_summary: prior against posterior, one row per parameter
        sets: number of parameter sets of the posterior
        rank_table: ranks of known values in their posteriors; None if no truths were simulated
        record: of the calibration
    """

    posterior_summary: pd.DataFrame
    sets: int
    rank_table: pd.DataFrame | None
    record: Mapping[str, Any]

    def page(self) -> Figure:
        """Return the page of the prior and the posterior of each parameter."""
        from sim.figures.posterior import posterior_page

        source = f"{self.record['command']}; model {self.record['model']}"
        return posterior_page(self.posterior_summary, self.sets, source)

    def ranks(self) -> Figure:
        """Return the page of the ranks of known values in their posteriors.

        Raises:
            InputError: no truths were simulated
        """
        from sim.figures.ranks import ranks_page

        if self.rank_table is None:
            raise InputError("there are no ranks, since `truths` is 0; calibrate with at least 30 truths")
        source = f"{self.record['command']}; model {self.record['model']}"
        return ranks_page(self.rank_table, uniformity(self.rank_table), source)
