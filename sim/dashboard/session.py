"""Runs of a visit: one run first, then many others; each result has the settings that produced it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import solara

from sim.dashboard.background import Background, use_background
from sim.dashboard.live_run import FAN, LiveRun, Rows, fan_years, simulate_live, years_of_run
from sim.dashboard.queue import FAN_TURNS, TURNS, Recent
from sim.dashboard.settings import Settings
from sim.runs.parallel import in_second_process

if TYPE_CHECKING:
    import pandas as pd

PAUSE = 0.4
"""Time without a slider move before many runs start [seconds]."""


@dataclass(frozen=True, eq=False)
class Desk:
    """Results for the panels: a run, its fan if available, and the settings in words.

    Attributes:
        live: the run
        many: school years of many runs; None if not yet available
        busy: true if more of them follow
        description: the settings in words
        visit: name of the visit, for the queue
    """

    live: LiveRun
    many: pd.DataFrame | None
    busy: bool
    description: str
    visit: str = ""

    @property
    def key(self) -> tuple[str, int] | None:
        """All that the results depend on: settings and number of runs; None with schools of the visit's own."""
        if self.live.run.scenario.parameters["setting.schools"]:
            return None
        return self.description, 0 if self.many is None else self.many["seed"].nunique()

    @property
    def years(self) -> pd.DataFrame:
        """School years of the fan or, until it is there, of the run."""
        return self.live.run.years if self.many is None else self.many


def seeds(seed: int) -> range:
    """Return the seeds of a fan: those after the run's own, so that the fan excludes the run."""
    return range(seed + 1, seed + 1 + FAN[-1])


@lru_cache(maxsize=1)
def opening_run() -> LiveRun:
    """Return the first run of every visit; it is simulated once."""
    return simulate_live(Settings().as_scenario(), Settings().seed)


FANS: Recent[Settings, dict[int, Rows]] = Recent()
"""Runs of fans by settings, for all visits; those with a visit's own schools are not stored."""

RUNS: Recent[Settings, LiveRun] = Recent(8)
"""First runs by settings, for all visits; those with a visit's own schools are not stored."""


def use_runs(settings: Settings, visit: str) -> tuple[Desk | None, str]:
    """Return the newest available run with its fan, and an error message about the current settings.

    During a run the previous one stays with its own settings; a fan of other settings is dropped.
    """
    live, many = use_background(_run(settings, visit), [settings]), use_background(_fan(settings, visit), [settings])
    if live.result is None:
        return None, live.wrong
    settings_of_run, run = live.result
    return Desk(run, fan_of(many, settings_of_run), many.busy, settings_of_run.text(), visit), live.wrong


def use_previous(desk: Desk | None) -> Desk | None:
    """Return the results of the settings before the current ones; None if there were none."""
    last_two: solara.Ref[list[Desk]] = solara.use_ref([])
    if desk is not None:
        same = bool(last_two.current) and last_two.current[-1].description == desk.description
        last_two.current = [*last_two.current[:-1], desk] if same else [*last_two.current[-1:], desk]
    return last_two.current[0] if len(last_two.current) > 1 else None


def fan_of(background: Background[tuple[Settings, pd.DataFrame]], settings: Settings) -> pd.DataFrame | None:
    """Return the fan if it has these settings."""
    return background.result[1] if background.result is not None and background.result[0] == settings else None


def _run(settings: Settings, visit: str) -> Callable[[threading.Event], Iterator[tuple[Settings, LiveRun]]]:
    def task(stop: threading.Event) -> Iterator[tuple[Settings, LiveRun]]:
        run = opening_run() if settings == Settings() else RUNS.get(settings)
        if run is None:
            with TURNS.turn(visit, stop):
                run = simulate_live(settings.as_scenario(), settings.seed, stop)
            if settings.schools is None:
                RUNS.put(settings, run)
        yield settings, run

    return task


def _fan(settings: Settings, visit: str) -> Callable[[threading.Event], Iterator[tuple[Settings, pd.DataFrame]]]:
    def task(stop: threading.Event) -> Iterator[tuple[Settings, pd.DataFrame]]:
        if not stop.wait(PAUSE):
            stored = FANS.get(settings)
            if stored is None:
                stored = {}
                if settings.schools is None:
                    FANS.put(settings, stored)
            turn, elsewhere = partial(FAN_TURNS.turn, visit, stop), partial(in_second_process, years_of_run)
            for many in fan_years(settings.as_scenario(), seeds(settings.seed), stop, turn, stored, elsewhere):
                yield settings, many

    return task
