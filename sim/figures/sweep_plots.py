"""Figures of a sweep from Python: heat map, response curve and fan, each in one call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from sim.analysis.clusters import clusters_in
from sim.analysis.effects import estimate
from sim.analysis.enrolment import yearly
from sim.analysis.headlines import SAMPLE
from sim.analysis.intervals import share_interval
from sim.analysis.paired_differences import outcome_traits
from sim.analysis.sweep_grid import EMERGENT, FACILITATION
from sim.catalogue import published
from sim.errors import InputError, counted, is_one_of, shown, suggestion
from sim.figures import style
from sim.figures import trajectories as course
from sim.figures.heat_maps import level_order, mean_map
from sim.figures.plots import EnsemblePlots

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LEVELS = 12
"""Levels of a factor above which a response curve takes means over equal parts of its range."""

PARTS = 8
"""Parts of the range of a sampled factor, each with the same number of runs."""


class SweepRuns(Protocol):
    """Runs of a sweep."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row per run: scenario and factors, dates, seed and outcomes."""
        ...

    @property
    def headline_frame(self) -> pd.DataFrame:
        """The runs with the ministry free, with the column `doubled` if it is known for all."""
        ...


class SweepPlots(EnsemblePlots):
    """Figures of a sweep."""

    def __init__(self, runs: SweepRuns) -> None:
        super().__init__(runs)
        self.sweep = runs

    @property
    def factors(self) -> list[str]:
        """Columns of scenario and factors that vary; without the number of a sample."""
        frame = self.sweep.frame
        columns = frame.columns[: frame.columns.get_loc("dates")]
        return [str(name) for name in columns if frame[name].nunique() > 1 and name != SAMPLE]

    def heat_map(self, outcome: str = "examinees_2020", across: str | None = None, up: str | None = None) -> Axes:
        """Draw the mean of an outcome, with its 95% interval, in each cell of two factors.

        Args:
            outcome: column of a run, or `doubled`
            across: factor along the axis; None: timing, or the second one that varies
            up: factor upwards; None: facilitation, or the first one that varies

        Raises:
            InputError: the outcome or a factor is unknown, a factor does not vary, or the sweep sampled its factors
        """
        runs = self._runs_with(outcome)
        if SAMPLE in runs:
            raise InputError("a heat map needs a grid; this sweep sampled its factors: use `plot.response_curve`")
        up, across = self._two_factors(up, across)
        cells = estimates_by(runs, [up, across], outcome)
        ax = style.axes(max(5.0, 1.6 + 0.8 * runs[across].nunique()), 1.6 + 0.55 * runs[up].nunique())
        with style.figure_style():
            mean_map(cells, ax, up, across, outcome_traits(outcome).unit.startswith("share"))
            ax.set_title(f"{_title(outcome)}: mean, 95% interval below", loc="left")
        return ax

    def response_curve(self, outcome: str = "examinees_2020", factor: str | None = None, by: str | None = None) -> Axes:
        """Draw the mean of an outcome, with its 95% interval, along a factor, over all runs with its level.

        Args:
            outcome: column of a run, or `doubled`
            factor: along the axis; None: facilitation, or the first one that varies
            by: factor with a curve for each of its levels; None for one curve

        Raises:
            InputError: the outcome or a factor is unknown, or a factor does not vary
        """
        runs, factor = self._runs_with(outcome), self._factor(factor, self._default(FACILITATION))
        levels = [None] if by is None else ordered_levels(runs[self._factor(by, by)])
        ax = style.axes()
        with style.figure_style():
            for level, colour in zip(levels, _colours(len(levels)), strict=True):
                chosen = runs if level is None else runs[runs[by] == level]
                _curve(ax, curve_points(chosen, factor, outcome), None if level is None else f"{by} {level}", colour)
            if by is not None:
                ax.legend()
            ax.set(xlabel=factor.replace("_", " "), ylabel=_title(outcome))
            ax.set_title(f"{_title(outcome)}: mean and 95% interval, {counted(len(runs), 'run')}", loc="left")
            ax.grid(axis="y", color=style.GROUND)
        return ax

    def fan(self, scenario: str | None = None, at: Mapping[str, Any] | None = None) -> Axes:
        """Draw examinees by year over the runs of a point: median, 50% and 90% of runs, with the published counts.

        Args:
            scenario: name; the first scenario if None
            at: levels of factors that choose the runs, such as `{"backbone.facilitation": 0.8, "timing": 0}`; None for all

        Raises:
            InputError: the scenario was not simulated, a factor is unknown, or no run has these levels
        """
        runs = self.runs_of(scenario)
        runs = runs[runs["dates"] == EMERGENT]
        for name, level in (at or {}).items():
            same = runs[self._factor(name, name)].astype(str).map(_plain) == _plain(str(level))
            if not same.any():
                raise InputError(
                    f"no run has {name} {shown(level)}; there are {', '.join(map(str, ordered_levels(runs[name])))}"
                )
            runs = runs[same]
        ax = style.axes()
        with style.figure_style():
            course.enrolment(yearly(runs.assign(seed=range(len(runs))), ["scenario", "seed"]), ax, published())
            where = ", ".join(f"{name} {level}" for name, level in (at or {}).items()) or "all points"
            ax.set_title(f"{style.plain(runs['scenario'].iloc[0])}, {where}, {counted(len(runs), 'run')}", loc="left")
        return ax

    def _runs_with(self, outcome: str) -> pd.DataFrame:
        """Return the runs with the ministry free, after a check that they have an outcome."""
        runs = self.sweep.headline_frame
        columns = list(map(str, runs.columns))
        columns = columns[columns.index("dates") + 1 :]
        if not is_one_of(outcome, columns):
            raise InputError(f"the runs have no outcome {shown(outcome)}{suggestion(outcome, columns)}")
        return runs

    def _default(self, name: str) -> str | None:
        return name if name in self.factors else next(iter(self.factors), None)

    def _factor(self, name: str | None, otherwise: str | None) -> str:
        """Return a factor that varies.

        Raises:
            InputError: there is none, or the named one does not vary
        """
        chosen = otherwise if name is None else name
        if chosen is None:
            raise InputError("no factor of this sweep varies")
        if not is_one_of(chosen, self.factors):
            raise InputError(
                f"{shown(chosen)} does not vary in this sweep{suggestion(chosen, self.factors)}; {', '.join(self.factors)} do"
            )
        return chosen

    def _two_factors(self, up: str | None, across: str | None) -> tuple[str, str]:
        """Return the factors of a heat map.

        Raises:
            InputError: fewer than two factors vary, one of them does not, or both are the same
        """
        if len(self.factors) < 2:
            raise InputError(f"a heat map needs two factors that vary; here {', '.join(self.factors) or 'none'} does")
        chosen_up = self._factor(up, self._default(FACILITATION) if across != FACILITATION else None)
        rest = [name for name in self.factors if name != chosen_up]
        chosen = self._factor(across, "timing" if "timing" in rest else rest[0])
        if chosen == chosen_up:
            raise InputError(f"`across` and `up` are both {chosen}; choose two factors")
        return chosen_up, chosen


def estimates_by(runs: pd.DataFrame, by: list[str], outcome: str) -> pd.DataFrame:
    """Return the mean of an outcome at each combination of levels, with its 95% interval: columns `by`, mean, low, high.

    The interval is Wilson's for yes or no, else a bootstrap over runs.

    Args:
        runs: one row per run
        by: columns of factors
        outcome: column [its unit]
    """
    rows = []
    for levels, cell in runs.groupby(by, sort=False, observed=True):
        values, clusters = cell[outcome].to_numpy(dtype=float), clusters_in(cell, cell["seed"])
        if np.isin(values, (0.0, 1.0)).all():
            rows.append((*levels, float(values.mean()), *share_interval(values, clusters)))
        else:
            one = estimate(values, clusters)
            rows.append((*levels, one.mean, one.low, one.high))
    return pd.DataFrame(rows, columns=[*by, "mean", "low", "high"])


def curve_points(runs: pd.DataFrame, factor: str, outcome: str) -> pd.DataFrame:
    """Return the points of a response curve: columns at (level, or middle of a part of the range), mean, low, high.

    Args:
        runs: one row per run
        factor: column
        outcome: column [its unit]
    """
    values = runs[factor]
    if values.nunique() > MOST_LEVELS and pd.api.types.is_numeric_dtype(values):
        part = pd.qcut(values, PARTS, labels=False, duplicates="drop")
        middles = values.groupby(part).median()
        points = estimates_by(runs.assign(_part=part.map(middles)), ["_part"], outcome).rename(columns={"_part": "at"})
        return points.sort_values("at")
    points = estimates_by(runs, [factor], outcome).rename(columns={factor: "at"})
    return points.set_index("at").loc[ordered_levels(points["at"])].reset_index()


def ordered_levels(values: pd.Series[Any]) -> list[Any]:
    """Return the levels of a factor in order: numbers by size, timings by months with `never` last, names as they come.

    >>> ordered_levels(pd.Series(["12", "never", "-6"])), ordered_levels(pd.Series([0.8, 0.0]))
    (['-6', '12', 'never'], [0.0, 0.8])
    """
    return sorted(dict.fromkeys(values), key=level_order)


def _curve(ax: Axes, points: pd.DataFrame, label: str | None, colour: str) -> None:
    numeric = pd.api.types.is_numeric_dtype(points["at"])
    places: Any = points["at"] if numeric else np.arange(len(points))
    ax.fill_between(places, points["low"], points["high"], color=colour, alpha=0.18, linewidth=0)
    ax.plot(places, points["mean"], color=colour, linewidth=1.9, marker="o", markersize=4, label=label)
    if not numeric:
        ax.set_xticks(places, [style.signed(level) for level in points["at"]])


def _colours(number: int) -> list[str]:
    return [style.CYCLE[place % len(style.CYCLE)] for place in range(number)]


def _title(outcome: str) -> str:
    unit = outcome_traits(outcome).unit
    return f"{outcome.replace('_', ' ').capitalize()}{f' [{unit}]' if unit else ''}"


def _plain(level: str) -> str:
    """Return a level as text that is the same for equal numbers.

    >>> _plain("0.80") == _plain("0.8"), _plain("never")
    (True, 'never')
    """
    try:
        return f"{float(level):g}"
    except ValueError:
        return level
