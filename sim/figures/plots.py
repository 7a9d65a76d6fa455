"""Figures of ensembles and comparisons."""

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
        """Table with a row for each run."""
        ...


class Paired(Protocol):
    """Arms against a baseline within pairs of runs."""

    @property
    def over_posterior(self) -> bool:
        """True if pairs have parameter sets of a posterior."""
        ...

    @property
    def sharing(self) -> str:
        """Sentence on shared parameter sets; empty if pairs share none."""
        ...

    def differences(self, outcome: str = "examinees_2020") -> pd.DataFrame:
        """Return the difference of each arm from the baseline, a row for each arm."""
        ...


class EnsemblePlots:
    """Figures of an ensemble."""

    def __init__(self, runs: Runs) -> None:
        self.ensemble_runs = runs

    def fan(self, scenario: str | None = None) -> Axes:
        """Draw examinees by year over the runs of a scenario: median, 50% and 90% of runs, with the published counts.

        Args:
            scenario: name; the first scenario if None

        Raises:
            InputError: the scenario was not simulated
        """
        runs = self.runs_of(scenario)
        ax = style.axes()
        with style.figure_style():
            course.enrolment(yearly(runs, ["scenario", "seed"]), ax, published())
            ax.set_title(f"{style.plain(runs['scenario'].iloc[0])}, {counted(len(runs), 'run')}", loc="left")
        return ax

    def fit(self, scenario: str | None = None, provenance: str = "") -> Figure:
        """Return the page of the published record beside the runs of a scenario, pattern by pattern.

        Args:
            scenario: name; the first scenario if None
            provenance: for the foot of the page

        Raises:
            InputError: the scenario was not simulated
        """
        runs = self.runs_of(scenario)
        title = f"The record and {style.plain(runs['scenario'].iloc[0])}, pattern by pattern"
        foot = " ".join(filter(None, [sharing_note(runs), provenance]))
        return fit_page(fit(runs, targets()), title, foot)

    def runs_of(self, scenario: str | None = None) -> pd.DataFrame:
        """Return the runs of a scenario.

        Args:
            scenario: name; the first scenario if None

        Raises:
            InputError: the scenario was not simulated
        """
        names = list(dict.fromkeys(self.ensemble_runs.frame["scenario"]))
        chosen = names[0] if scenario is None else scenario
        if not is_one_of(chosen, names):
            raise InputError(f"the ensemble has no scenario `{chosen}`{suggestion(chosen, names)}")
        return self.ensemble_runs.frame[self.ensemble_runs.frame["scenario"] == chosen]


class PairPlots:
    """Figures of a paired comparison."""

    def __init__(self, pairs: Paired) -> None:
        self.pairs = pairs

    def effects(self, outcome: str = "examinees_2020") -> Axes:
        """Draw the difference of each arm from the baseline with its interval, and a note on the intervals.

        Args:
            outcome: name of one outcome

        Raises:
            InputError: the outcome is unknown, several were given, or no arm has a pair with values
        """
        unit = OUTCOMES[outcome].unit if is_one_of(outcome, OUTCOMES) else "students"
        differences = self.pairs.differences(outcome).query("dates == 'emergent'")
        ax = style.axes(height=min(1.7 + 0.45 * len(differences), 4.5))
        with style.figure_style():
            contrasts.arms(differences, ax, unit)
            note = contrasts.interval_note(differences, self.pairs.over_posterior)
            note = f"{note}. {self.pairs.sharing}" if self.pairs.sharing else note
            ax.figure.supxlabel(note, x=0.01, ha="left", fontsize=style.SMALL, color=style.QUIET)
        return ax
