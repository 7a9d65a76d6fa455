"""Figures of ensembles and comparisons, from their frames."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sim.analysis.series import published_counts, yearly
from sim.declare import OUTCOMES, Mistake, is_one_of
from sim.figures import contrasts, course, style
from sim.parameters import suggestion
from sim.world.setting import data_path

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.ensembles import Ensemble, Pairs


@lru_cache(maxsize=1)
def published() -> pd.DataFrame:
    """The published national counts: columns year and value [students]."""
    import pandas as pd

    return published_counts(pd.read_csv(data_path("targets.csv")))


class EnsemblePlots:
    """Figures of an ensemble."""

    def __init__(self, many: Ensemble) -> None:
        self.many = many

    def fan(self, scenario: str | None = None) -> Axes:
        """Examinees by year over the runs of a scenario: median, 50% and 90% of runs, the published counts in front.

        Raises Mistake for a scenario that was not simulated.
        """
        names = list(dict.fromkeys(self.many.frame["scenario"]))
        chosen = names[0] if scenario is None else scenario
        if not is_one_of(chosen, names):
            raise Mistake(f"the ensemble has no scenario `{chosen}`{suggestion(chosen, names)}")
        runs = self.many.frame[self.many.frame["scenario"] == chosen]
        ax = style.axes()
        with style.applied():
            course.enrolment(yearly(runs, ["scenario", "seed"]), ax, published())
            ax.set_title(f"{style.plain(chosen)}, {len(runs)} runs", loc="left")
        return ax


class PairPlots:
    """Figures of a paired comparison."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs

    def effects(self, outcome: str = "examinees_2020") -> Axes:
        """Difference of each arm from the baseline, with its interval. Raises Mistake for an unknown outcome."""
        unit = OUTCOMES[outcome].unit if is_one_of(outcome, OUTCOMES) else "students"
        ax = style.axes()
        with style.applied():
            contrasts.arms(self.pairs.differences(outcome), ax, unit)
        return ax
