"""Figures of ensembles and comparisons, from their frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sim.analysis.clusters import sharing_note
from sim.analysis.enrolment import yearly
from sim.analysis.fit import fit
from sim.catalogue import published, targets
from sim.declare import OUTCOMES
from sim.errors import InputError, counted, is_one_of, suggestion
from sim.figures import effects as contrasts
from sim.figures import style
from sim.figures import trajectories as course
from sim.figures.fit import fit_page

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Runs(Protocol):
    """Runs of one or several scenarios in a table."""

    @property
    def frame(self) -> pd.DataFrame:
        """A row a run."""
        ...


class Paired(Protocol):
    """Arms beside a baseline within pairs of runs."""

    @property
    def over_posterior(self) -> bool:
        """Whether pairs have parameter sets of a posterior."""
        ...

    @property
    def sharing(self) -> str:
        """The sentence on how pairs share parameter sets; empty where they share none."""
        ...

    def differences(self, outcome: str = "examinees_2020") -> pd.DataFrame:
        """Return a row an arm: its difference from the baseline."""
        ...


class EnsemblePlots:
    """Figures of an ensemble."""

    def __init__(self, many: Runs) -> None:
        self.many = many

    def fan(self, scenario: str | None = None) -> Axes:
        """Examinees by year over the runs of a scenario: median, 50% and 90% of runs, the published counts in front.

        Raises:
            InputError: a scenario that was not simulated
        """
        runs = self.runs_of(scenario)
        ax = style.axes()
        with style.applied():
            course.enrolment(yearly(runs, ["scenario", "seed"]), ax, published())
            ax.set_title(f"{style.plain(runs['scenario'].iloc[0])}, {counted(len(runs), 'run')}", loc="left")
        return ax

    def fit(self, scenario: str | None = None, provenance: str = "") -> Figure:
        """Return the record beside the runs of a scenario, pattern by pattern, on one page.

        Raises:
            InputError: a scenario that was not simulated
        """
        runs = self.runs_of(scenario)
        title = f"The record and {style.plain(runs['scenario'].iloc[0])}, pattern by pattern"
        foot = " ".join(filter(None, [sharing_note(runs), provenance]))
        return fit_page(fit(runs, targets()), title, foot)

    def runs_of(self, scenario: str | None = None) -> pd.DataFrame:
        """Return the runs of a scenario, of the first where None.

        Raises:
            InputError: one that was not simulated
        """
        names = list(dict.fromkeys(self.many.frame["scenario"]))
        chosen = names[0] if scenario is None else scenario
        if not is_one_of(chosen, names):
            raise InputError(f"the ensemble has no scenario `{chosen}`{suggestion(chosen, names)}")
        return self.many.frame[self.many.frame["scenario"] == chosen]


class PairPlots:
    """Figures of a paired comparison."""

    def __init__(self, pairs: Paired) -> None:
        self.pairs = pairs

    def effects(self, outcome: str = "examinees_2020") -> Axes:
        """Difference of each arm from the baseline, with its interval and a note on how far that is to be trusted.

        Raises:
            InputError: an unknown outcome, for several at once, or where no arm has a pair with values
        """
        unit = OUTCOMES[outcome].unit if is_one_of(outcome, OUTCOMES) else "students"
        differences = self.pairs.differences(outcome).query("dates == 'emergent'")
        ax = style.axes(height=min(1.7 + 0.45 * len(differences), 4.5))
        with style.applied():
            contrasts.arms(differences, ax, unit)
            note = contrasts.note_of(differences, self.pairs.over_posterior)
            note = f"{note}. {self.pairs.sharing}" if self.pairs.sharing else note
            ax.figure.supxlabel(note, x=0.01, ha="left", fontsize=style.SMALL, color=style.QUIET)
        return ax
