"""The network of a run month by month, for animations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sim.dates import date_of, september
from sim.errors import InputError
from sim.figures.network_over_time import Moment
from sim.figures.run_plots import LAUNCH
from sim.figures.style import plain
from sim.model import CollaborationModel
from sim.runs.run import Run
from sim.runs.tables import trust_graph

STEPS = {"quarter": (3, 500), "month": (1, 200)}
"""Steps of an animation: months between two images, and how long each is shown [milliseconds]."""

LAST = 3000
"""How long the last image is shown [milliseconds]."""

BEFORE = 12
"""How long before the launch an animation begins [months]."""


def months_shown(run: Run, step: int) -> list[int]:
    """Return the months that begin right after each image.

    Args:
        run: that is shown
        step: months between two images

    Returns:
        Months; the last one begins after the end of the run, and the first one has no image.
    """
    launched = run.events.loc[run.events["event"] == LAUNCH, "month"]
    begin = max(run.scenario.first_month, int(launched.iloc[0]) - BEFORE) if len(launched) else run.scenario.first_month
    return list(range(run.scenario.last_month + 1, begin - 1, -step))[::-1]


def moments(run: Run, step: int) -> Iterator[Moment]:
    """Return the state at each image, in order of time; the run is simulated again from its last world before the first.

    Args:
        run: that is shown
        step: months between two images

    Raises:
        InputError: the run is too short for two images
    """
    months = months_shown(run, step)
    if len(months) < 3:
        raise InputError("the run is too short for an animation; set a later `setting.until`")
    return _moments_of(run, months)


def _moments_of(run: Run, months: list[int]) -> Iterator[Moment]:
    """Yield the state at each image, with the months of `months_shown`."""
    before_first = [world for year, world in run.worlds.items() if september(year + 1) <= months[1]]
    model = CollaborationModel(run.scenario, run.seed, before_first[-1] if before_first else None, run.kinds)
    dated = [(month, f"{date} {plain(event)}") for month, date, event in run.events.itertuples(index=False)]
    for before, month in pairwise(months):
        model.run_until_month(month)
        graph = trust_graph(model.world, run.scenario)
        events = tuple(event for when, event in dated if before <= when < month)
        earlier = [event for when, event in dated if when < before]
        passed = (month - months[1]) / (months[-1] - months[1])
        yield Moment(graph, date_of(month - 1), events, earlier[-1] if earlier else "", passed)
