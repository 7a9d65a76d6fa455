"""The page of one run, or of many of one scenario, and the figures a run offers by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from sim.analysis.enrolment import yearly
from sim.analysis.money import money_by_source
from sim.dates import school_year
from sim.errors import InputError, counted
from sim.figures import networks, style
from sim.figures import trajectories as course
from sim.figures.network_over_time import years_of
from sim.figures.sweep import Choices

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LAUNCH = "launch"
"""What the log calls the launch of the initiative."""

WIDTH, HEIGHT = 16.5, 11.7
"""A3, landscape [inches]; every place below is in inches from the lower left corner."""


@dataclass(frozen=True)
class Tables:
    """What is known of a run or of many; a part that is None is said to be missing.

    Args:
        title: of the page
        years: a row a run and school year
        months: a row a run and month of the network
        events: month and event, of one run
        organisations: a row an organisation (and run): kind and money_FATE [NIS million]
        graph: networkx graph of trust, of one run
    """

    title: str
    years: pd.DataFrame
    months: pd.DataFrame | None = None
    events: pd.DataFrame | None = None
    organisations: pd.DataFrame | None = None
    graph: Any = None


def run_page(tables: Tables, published: pd.DataFrame | None = None, provenance: str = "") -> Figure:
    """Enrolment, who gains, trust, readiness, money, network and events on one page.

    Args:
        tables: of the run or runs
        published: columns year and value [students], drawn with enrolment
        provenance: how the tables were made
    """
    sources = "" if published is None else f"Published counts: {Choices.sources}."
    with style.applied():
        figure = style.sheet(WIDTH, HEIGHT)
        figure.text(0.42 / WIDTH, 11.3 / HEIGHT, tables.title, fontsize=style.TITLE, fontweight="bold", va="center")
        runs = tables.years["seed"].nunique()
        second = (
            "One run." if runs == 1 else f"{runs} runs: lines are medians, bands the middle half unless said otherwise."
        )
        figure.text(0.42 / WIDTH, 11.0 / HEIGHT, second, color=style.QUIET, va="center")
        for panel in _panels(tables, published):
            _draw(figure, panel)
        style.caption(figure, "\n".join(filter(None, [sources, provenance])))
    return figure


def course_of(runs: pd.DataFrame) -> Axes:
    """Examinees by year over the runs of a scenario, beside nothing published.

    Args:
        runs: a row a run: scenario, seed and examinees_YEAR [students]
    """
    ax = style.axes()
    with style.applied():
        course.enrolment(yearly(runs, ["scenario", "seed"]), ax)
        ax.set_title(f"{style.plain(runs['scenario'].iloc[0])}, {counted(len(runs), 'run')}", loc="left")
    return ax


def footed(ax: Axes, text: str) -> Figure:
    """Return the figure of axes with how it was made at its foot, below what is drawn."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    with style.applied():
        high = (style.caption(figure, text) + 0.15) / figure.get_figheight()
    engine: Any = figure.get_layout_engine()
    engine.set(rect=(0.0, high, 1.0, 1.0 - high))
    return figure


@dataclass(frozen=True)
class Panel:
    """A place on the page [inches], its heading, and what draws it; nothing draws what is missing."""

    place: tuple[float, float, float, float]
    letter: str
    title: str
    second: str
    data: Any
    drawn: Callable[[Any, Axes], None]


def _panels(tables: Tables, published: pd.DataFrame | None) -> list[Panel]:
    years, months, graph = tables.years, tables.months, tables.graph
    money = None if tables.organisations is None else money_by_source(tables.organisations)

    def enrolment(frame: pd.DataFrame, ax: Axes) -> None:
        course.enrolment(frame, ax, published)

    def streams(frame: pd.DataFrame, ax: Axes) -> None:
        course.who_gains(frame, ax, course.SCHOOL_STREAMS)

    share = "maths takers at five units"
    return [
        Panel((1.0, 7.45, 6.2, 2.85), "A", "Enrolment", "examinees in grade 12", years, enrolment),
        Panel((8.1, 7.45, 2.75, 2.85), "B", "Who gains, by quintile", share, years, course.who_gains),
        Panel((12.35, 7.45, 2.75, 2.85), "C", "Who gains, by stream", share, years, streams),
        Panel((1.0, 4.0, 2.4, 2.4), "D", "Trust", "among members", months, course.trust),
        Panel((5.0, 4.0, 2.4, 2.4), "E", "Readiness", "of the network, from the launch", months, course.readiness),
        Panel((1.0, 0.75, 7.9, 2.25), "F", "What happened", "by month", tables.events, course.timeline),
        Panel((10.4, 0.95, 5.5, 1.75), "G", "Money", "by source and what became of it", money, course.money),
        Panel((8.9, 3.1, 3.9, 3.4), "H", "Network of trust", "ties of trust 0.5 or more; hollow: no member", graph,
            networks.trust_network),
        Panel((13.9, 4.0, 2.4, 2.4), "I", "Trust between sectors", "of the row in the column", graph,
            networks.trust_matrix),
    ]  # fmt: skip


def _draw(figure: Figure, panel: Panel) -> None:
    left, bottom, width, height = panel.place
    ax = figure.add_axes((left / WIDTH, bottom / HEIGHT, width / WIDTH, height / HEIGHT))
    if panel.data is None or len(panel.data) == 0:
        style.unanswered(ax, "Not shown: this belongs to one run, or was not recorded.")
    else:
        panel.drawn(panel.data, ax)
    style.headed(ax, panel.letter, panel.title, panel.second)


class National(Protocol):
    """What figures ask of a scenario."""

    @property
    def national(self) -> bool:
        """Whether the published national counts can be held to its runs."""


class Shown(Protocol):
    """What figures ask of a run: its tables, its network, what made it, and whether it is of the whole country."""

    @property
    def case(self) -> National:
        """The scenario simulated."""

    @property
    def provenance(self) -> dict[str, str]:
        """What made the run."""

    @property
    def years(self) -> pd.DataFrame:
        """A row a school year."""

    @property
    def months(self) -> pd.DataFrame:
        """A row a recorded month of the network."""

    @property
    def events(self) -> pd.DataFrame:
        """Month, date and event."""

    @property
    def organisations(self) -> pd.DataFrame:
        """A row an organisation."""

    def network(self, year: int | None = None) -> Any:
        """Return the network of trust at the end of a school year, or of the run."""


def since_the_launch(run: Shown) -> list[int]:
    """Return the school year before the launch and all since; every one where nothing is launched."""
    launched = run.events.loc[run.events["event"] == LAUNCH, "month"]
    first = school_year(int(launched.iloc[0])) - 1 if len(launched) else 0
    return [int(year) for year in run.years["year"] if year >= first]


class RunPlots:
    """The figures of a run, each on axes of its own.

    Args:
        run: that has the tables
        published: columns year and value [students], drawn with enrolment where the run is of the whole country
    """

    def __init__(self, run: Shown, published: pd.DataFrame | None = None) -> None:
        self.run, self.published = run, published if run.case.national else None

    def enrolment(self) -> Axes:
        """Examinees by year, the published counts in front."""
        return self._alone("Examinees by year", lambda ax: course.enrolment(self.run.years, ax, self.published))

    def trust(self) -> Axes:
        """Mean trust over time."""
        return self._alone("Trust among members", lambda ax: course.trust(self.run.months, ax))

    def readiness(self) -> Axes:
        """Consensus, shared measurement, readiness and trust in entrepreneurs over time."""
        return self._alone("Readiness of the network", lambda ax: course.readiness(self.run.months, ax))

    def who_gains(self, by: str = "quintile") -> Axes:
        """Share at five units by "quintile" or "stream" of schools.

        Raises:
            InputError: anything else
        """
        names = {"quintile": course.QUINTILES, "stream": course.SCHOOL_STREAMS}.get(by)
        if names is None:
            raise InputError(f"who gains is told by quintile or stream; got {by!r}")
        return self._alone(f"Who gains, by {by} of schools", lambda ax: course.who_gains(self.run.years, ax, names))

    def money(self) -> Axes:
        """What became of the money of each source."""
        spent = money_by_source(self.run.organisations)
        return self._alone("Money by source and what became of it", lambda ax: course.money(spent, ax))

    def events(self) -> Axes:
        """What happened, on a line of time."""
        return self._alone("What happened", lambda ax: course.timeline(self.run.events, ax), 9.0, 3.0)

    def network(self, year: int | None = None, least: float = 0.5) -> Axes:
        """Return the network of trust at the end of a school year, or of the run, with ties of at least this trust."""
        graph = self.run.network(year)
        what = f"Trust between organisations at the end of {graph.graph.get('year') or year or 'the run'}"
        ax = self._alone(what, lambda ax: networks.trust_network(graph, ax, least), 7.5, 7.6)
        with style.applied():
            ax.legend(handles=networks.network_legend(least), loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=3)
        return ax

    def sectors(self, year: int | None = None) -> Axes:
        """Mean trust of each sector in each other at the end of a school year, or of the run."""
        graph = self.run.network(year)
        what = f"Trust of the row in the column at the end of {year or 'the run'}"
        ax = self._alone(what, lambda ax: networks.trust_matrix(graph, ax), 7.5, 6.2)
        ax.tick_params(axis="y", rotation=0)
        return ax

    def networks(self, years: Sequence[int] | None = None, least: float = 0.5) -> Figure:
        """Return the network of trust at the end of each school year on one page, everybody where they always stand.

        Args:
            years: school years; without, the one before the launch and all since, or every one where nothing is launched
            least: weakest trust drawn [share]

        Raises InputError for no years, or one that was not simulated.
        """
        run = self.run
        shown = since_the_launch(run) if years is None else list(years)
        if not shown:
            raise InputError("networks are shown of one school year at least; `years` is empty")
        provenance = ", ".join(f"{key} {value}" for key, value in run.provenance.items())
        title = f"Trust between organisations: {style.plain(self._named)}"
        return years_of([run.network(year) for year in shown], title, least, provenance)

    def page(self, title: str = "", provenance: str = "") -> Figure:
        """All of it on one page; title and foot say of which run and what made it, unless they are given."""
        run = self.run
        provenance = provenance or ", ".join(f"{key} {value}" for key, value in run.provenance.items())
        tables = Tables(title or self._named, run.years, run.months, run.events, run.organisations, run.network())
        return run_page(tables, self.published, provenance)

    @property
    def _named(self) -> str:
        """Scenario and seed of the run."""
        years = self.run.years
        return f"{years['scenario'].iloc[0]}, seed {years['seed'].iloc[0]}"

    def _alone(self, title: str, drawn: Callable[[Axes], None], width: float = 7.5, height: float = 4.5) -> Axes:
        """Axes of its own with what is drawn, and a title that says of which run."""
        years, ax = self.run.years, style.axes(width, height)
        with style.applied():
            drawn(ax)
            ax.set_title(f"{title}: {style.plain(years['scenario'].iloc[0])}, seed {years['seed'].iloc[0]}", loc="left")
        return ax
