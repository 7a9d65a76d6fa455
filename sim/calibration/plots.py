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
        sets: parameter sets of the posterior
        rank_table: of known values in their posteriors; None where no truths were simulated
        record: what made the calibration
    """

    posterior_summary: pd.DataFrame
    sets: int
    rank_table: pd.DataFrame | None
    record: Mapping[str, Any]

    def page(self) -> Figure:
        """Return the page that shows the posterior beside the prior, parameter by parameter."""
        from sim.figures.posterior import learned_page

        made = f"{self.record['command']}; model {self.record['model']}"
        return learned_page(self.posterior_summary, self.sets, made)

    def ranks(self) -> Figure:
        """Return the page of the ranks of known values in their posteriors.

        Raises:
            InputError: no truths were simulated
        """
        from sim.figures.ranks import ranks_page

        if self.rank_table is None:
            raise InputError("there are no ranks: `truths` is 0; 30 truths tell")
        made = f"{self.record['command']}; model {self.record['model']}"
        return ranks_page(self.rank_table, uniformity(self.rank_table), made)
