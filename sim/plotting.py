"""Figures of ensembles and comparisons, from their frames."""

from __future__ import annotations

from functools import lru_cache
from re import fullmatch
from typing import TYPE_CHECKING

from sim.analysis.fit import fit
from sim.analysis.points import needs
from sim.analysis.series import published_counts, yearly
from sim.declare import OUTCOMES, Mistake, is_one_of, shown
from sim.figures import contrasts, course, style
from sim.figures.fit import fit_page
from sim.parameters import suggestion
from sim.tables.texts import number_in, texts_of
from sim.world.facts import data_path

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.comparing import Pairs
    from sim.ensembles import Ensemble


@lru_cache(maxsize=1)
def published() -> pd.DataFrame:
    """The published national counts: columns year and value [students]."""
    return published_counts(targets())


@lru_cache(maxsize=8)
def targets(name: str = "targets.csv") -> pd.DataFrame:
    """Return the published facts, or another table of their form.

    Raises:
        Mistake: there is no such file, it is broken, or a year or a value cannot be used, with file and row
    """
    import pandas as pd

    path = data_path(name)
    try:
        texts = texts_of(path)
    except OSError as error:
        raise Mistake(f"{path} cannot be read: {error.strerror or error}") from None
    needs(pd.DataFrame(columns=list(texts.columns)), ("pattern", "year", "group", "value"), str(path))
    table = pd.DataFrame({column: pd.Series(cells, dtype="str") for column, cells in texts.columns.items()})
    years = texts.numbers("year", blank=False)
    for line, year, value in zip(texts.lines, years, texts.columns["value"], strict=True):
        if not year.is_integer():
            raise Mistake(f"{path}, row {line}: `year` must be a whole number; got {year}")
        if not value or (number_in(value) is None and not fullmatch("[0-9]{4}-[0-9]{2}", value)):
            raise Mistake(
                f"{path}, row {line}: `value` must be a number or a month such as 2014-05; got {shown(value)}"
            )
    dated = any(number_in(value) is None for value in texts.columns["value"])
    table["value"] = table["value"] if dated else texts.numbers("value")
    return table.assign(year=[int(year) for year in years])


class EnsemblePlots:
    """Figures of an ensemble."""

    def __init__(self, many: Ensemble) -> None:
        self.many = many

    def fan(self, scenario: str | None = None) -> Axes:
        """Examinees by year over the runs of a scenario: median, 50% and 90% of runs, the published counts in front.

        Raises Mistake for a scenario that was not simulated.
        """
        runs = self.runs_of(scenario)
        ax = style.axes()
        with style.applied():
            course.enrolment(yearly(runs, ["scenario", "seed"]), ax, published())
            ax.set_title(f"{style.plain(runs['scenario'].iloc[0])}, {len(runs)} runs", loc="left")
        return ax

    def fit(self, scenario: str | None = None, provenance: str = "") -> Figure:
        """The record beside the runs of a scenario, pattern by pattern, on one page.

        Raises Mistake for a scenario that was not simulated.
        """
        runs = self.runs_of(scenario)
        title = f"The record and {style.plain(runs['scenario'].iloc[0])}, pattern by pattern"
        return fit_page(fit(runs, targets()), title, provenance)

    def runs_of(self, scenario: str | None = None) -> pd.DataFrame:
        """The runs of a scenario, of the first where None. Raises Mistake for one that was not simulated."""
        names = list(dict.fromkeys(self.many.frame["scenario"]))
        chosen = names[0] if scenario is None else scenario
        if not is_one_of(chosen, names):
            raise Mistake(f"the ensemble has no scenario `{chosen}`{suggestion(chosen, names)}")
        return self.many.frame[self.many.frame["scenario"] == chosen]


class PairPlots:
    """Figures of a paired comparison."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs

    def effects(self, outcome: str = "examinees_2020") -> Axes:
        """Difference of each arm from the baseline, with its interval and a note on how far that is to be trusted.

        Raises Mistake for an unknown outcome, for several at once, or where no arm has a pair with values.
        """
        unit = OUTCOMES[outcome].unit if is_one_of(outcome, OUTCOMES) else "students"
        differences = self.pairs.differences(outcome).query("dates == 'emergent'")
        ax = style.axes(height=min(1.7 + 0.45 * len(differences), 4.5))
        with style.applied():
            contrasts.arms(differences, ax, unit)
            note = contrasts.note_of(differences, self.pairs.over_posterior)
            ax.figure.supxlabel(note, x=0.01, ha="left", fontsize=style.SMALL, color=style.QUIET)
        return ax
