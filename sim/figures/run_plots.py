"""Figures of a run, each on axes of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from sim.analysis.enrolment import yearly
from sim.analysis.money import money_by_source
from sim.dates import school_year
from sim.errors import InputError, counted
from sim.figures import networks, style
from sim.figures import trajectories as course
from sim.figures.network_over_time import years_page
from sim.figures.run_page import Tables, run_page

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LAUNCH = "launch"
"""Event of the launch of the initiative."""


def examinees_axes(runs: pd.DataFrame) -> Axes:
    """Return examinees by year over the runs of a scenario, without published counts.

    Args:
        runs: a row for each run: scenario, seed and examinees_YEAR [students]
    """
    ax = style.axes()
    with style.figure_style():
        course.enrolment(yearly(runs, ["scenario", "seed"]), ax)
        ax.set_title(f"{style.plain(runs['scenario'].iloc[0])}, {counted(len(runs), 'run')}", loc="left")
    return ax


def add_footer(ax: Axes, text: str) -> Figure:
    """Write provenance at the foot of axes, below the drawing, and return their figure."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    with style.figure_style():
        high = (style.add_caption(figure, text) + 0.15) / figure.get_figheight()
    engine: Any = figure.get_layout_engine()
    engine.set(rect=(0.0, high, 1.0, 1.0 - high))
    return figure


class HasNational(Protocol):
    """A scenario that is national or not."""

    @property
    def national(self) -> bool:
        """True if the published national counts apply to its runs."""


class RunTables(Protocol):
    """A run: its tables, its network, its provenance and its scenario."""

    @property
    def scenario(self) -> HasNational:
        """The simulated scenario."""

    @property
    def provenance(self) -> dict[str, str]:
        """Version, scenario and seed of the run."""

    @property
    def years(self) -> pd.DataFrame:
        """Table with a row for each school year."""

    @property
    def months(self) -> pd.DataFrame:
        """Table with a row for each recorded month of the network."""

    @property
    def events(self) -> pd.DataFrame:
        """Table of month, date and event."""

    @property
    def organisations(self) -> pd.DataFrame:
        """Table with a row for each organisation."""

    def network(self, year: int | None = None) -> Any:
        """Return the network of trust at the end of a school year, or of the run."""


def years_from_launch(run: RunTables) -> list[int]:
    """Return the school year before the launch and all later ones; all school years if there is no launch."""
    launched = run.events.loc[run.events["event"] == LAUNCH, "month"]
    first = school_year(int(launched.iloc[0])) - 1 if len(launched) else 0
    return [int(year) for year in run.years["year"] if year >= first]


class RunPlots:
    """Figures of a run, each on axes of its own.

    Args:
        run: run with the tables
        published: columns year and value [students], drawn with enrolment if the run is national
    """

    def __init__(self, run: RunTables, published: pd.DataFrame | None = None) -> None:
        self.run, self.published = run, published if run.scenario.national else None

    def enrolment(self) -> Axes:
        """Draw examinees by year, with the published counts."""
        return self._single_axes("Examinees by year", lambda ax: course.enrolment(self.run.years, ax, self.published))

    def trust(self) -> Axes:
        """Draw mean trust over time."""
        return self._single_axes("Trust among members", lambda ax: course.trust(self.run.months, ax))

    def readiness(self) -> Axes:
        """Draw consensus, shared measurement, readiness and trust in entrepreneurs over time."""
        return self._single_axes("Readiness of the network", lambda ax: course.readiness(self.run.months, ax))

    def who_gains(self, by: str = "quintile") -> Axes:
        """Draw the share at five units by group of schools.

        Args:
            by: "quintile" or "stream" of schools

        Raises:
            InputError: `by` is something else
        """
        names = {"quintile": course.QUINTILES, "stream": course.SCHOOL_STREAMS}.get(by)
        if names is None:
            raise InputError(f"`by` must be quintile or stream; got {by!r}")
        return self._single_axes(
            f"Who gains, by {by} of schools", lambda ax: course.who_gains(self.run.years, ax, names)
        )

    def money(self) -> Axes:
        """Draw the fates of the money of each source."""
        spent = money_by_source(self.run.organisations)
        return self._single_axes("Money by source and what became of it", lambda ax: course.money(spent, ax))

    def events(self) -> Axes:
        """Draw events on a timeline."""
        return self._single_axes("What happened", lambda ax: course.timeline(self.run.events, ax), 9.0, 3.0)

    def network(self, year: int | None = None, least: float = 0.5) -> Axes:
        """Draw the network of trust.

        Args:
            year: school year at whose end the network is drawn; None: the end of the run
            least: weakest trust drawn [share]
        """
        graph = self.run.network(year)
        title = f"Trust between organisations at the end of {graph.graph.get('year') or year or 'the run'}"
        ax = self._single_axes(title, lambda ax: networks.trust_network(graph, ax, least), 7.5, 7.6)
        with style.figure_style():
            ax.legend(handles=networks.network_legend(least), loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=3)
        return ax

    def sectors(self, year: int | None = None) -> Axes:
        """Draw mean trust of each sector in each other.

        Args:
            year: school year at whose end trust is taken; None: the end of the run
        """
        graph = self.run.network(year)
        title = f"Trust of the row in the column at the end of {year or 'the run'}"
        ax = self._single_axes(title, lambda ax: networks.trust_matrix(graph, ax), 7.5, 6.2)
        ax.tick_params(axis="y", rotation=0)
        return ax

    def networks(self, years: Sequence[int] | None = None, least: float = 0.5) -> Figure:
        """Return the network of trust at the end of each school year on one page; each organisation has the same place in all.

        Args:
            years: school years; None: the one before the launch and all later ones, or all if there is no launch
            least: weakest trust drawn [share]

        Raises:
            InputError: `years` is empty, or one of them was not simulated
        """
        run = self.run
        chosen = years_from_launch(run) if years is None else list(years)
        if not chosen:
            raise InputError("`years` is empty; give at least one school year")
        provenance = ", ".join(f"{key} {value}" for key, value in run.provenance.items())
        title = f"Trust between organisations: {style.plain(self._run_name)}"
        return years_page([run.network(year) for year in chosen], title, least, provenance)

    def page(self, title: str = "", provenance: str = "") -> Figure:
        """Return all figures on one page.

        Args:
            title: scenario and seed if empty
            provenance: provenance of the run if empty
        """
        run = self.run
        provenance = provenance or ", ".join(f"{key} {value}" for key, value in run.provenance.items())
        tables = Tables(title or self._run_name, run.years, run.months, run.events, run.organisations, run.network())
        return run_page(tables, self.published, provenance)

    @property
    def _run_name(self) -> str:
        """Scenario and seed of the run."""
        years = self.run.years
        return f"{years['scenario'].iloc[0]}, seed {years['seed'].iloc[0]}"

    def _single_axes(self, title: str, draw: Callable[[Axes], None], width: float = 7.5, height: float = 4.5) -> Axes:
        """Return axes with a drawing, and a title that names the run."""
        years, ax = self.run.years, style.axes(width, height)
        with style.figure_style():
            draw(ax)
            ax.set_title(f"{title}: {style.plain(years['scenario'].iloc[0])}, seed {years['seed'].iloc[0]}", loc="left")
        return ax
