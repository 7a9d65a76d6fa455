"""Figures of a calibration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.uniformity import uniformity
from sim.errors import Mistake

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.calibration.summary import Calibration


@dataclass(frozen=True)
class CalibrationPlots:
    """Figures of a calibration.

    Args:
        calibration: whose they are
    """

    calibration: Calibration

    def page(self) -> Figure:
        """Return the page that shows the posterior beside the prior, parameter by parameter."""
        from sim.figures.posterior import learned_page

        record = self.calibration.record
        made = f"{record['command']}; model {record['model']}"
        return learned_page(self.calibration.learned, len(self.calibration.posterior), made)

    def ranks(self) -> Figure:
        """Return the page of the ranks of known values in their posteriors.

        Raises:
            Mistake: no truths were simulated
        """
        from sim.figures.ranks import ranks_page

        ranks, record = self.calibration.ranks, self.calibration.record
        if ranks is None:
            raise Mistake("there are no ranks: `truths` is 0; 30 truths tell")
        return ranks_page(ranks, uniformity(ranks), f"{record['command']}; model {record['model']}")
