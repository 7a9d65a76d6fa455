"""What is simulated for a visit: one run first, many others behind it; each comes with the settings it is of."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sim.dashboard.background import Found, use_behind
from sim.dashboard.live_run import FAN, Followed, fanned, followed
from sim.dashboard.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

PAUSE = 0.4
"""How long many runs wait for a slider to stand still [seconds]."""


@dataclass(frozen=True, eq=False)
class Desk:
    """What the panels look at: a run, the fan behind it if it is there, and the settings in words.

    Attributes:
        one: the run
        many: school years of many runs, or none yet
        busy: whether more of them are coming
        told: the settings in words
    """

    one: Followed
    many: pd.DataFrame | None
    busy: bool
    told: str


def seeds(seed: int) -> range:
    """Return the seeds of a fan: those that follow the run's own, so that every run of it is another."""
    return range(seed + 1, seed + 1 + FAN[-1])


@lru_cache(maxsize=1)
def opening() -> Followed:
    """Return the run with which every visit opens: it is the same for all, and simulated once."""
    return followed(Settings().case(), Settings().seed)


def use_runs(settings: Settings) -> tuple[Desk | None, str]:
    """Return the newest run that is there, with its fan, and what went wrong with what is asked for, in a sentence.

    While a run is under way the last one stays, under its own settings; a fan of other settings is none.
    """
    one, many = use_behind(_run(settings), [settings]), use_behind(_fan(settings), [settings])
    if one.result is None:
        return None, one.wrong
    of, run = one.result
    return Desk(run, fan_of(many, of), many.busy, of.told()), one.wrong


def fan_of(found: Found[tuple[Settings, pd.DataFrame]], settings: Settings) -> pd.DataFrame | None:
    """Return the fan, if it is of these settings."""
    return found.result[1] if found.result is not None and found.result[0] == settings else None


def _run(settings: Settings) -> Callable[[threading.Event], Iterator[tuple[Settings, Followed]]]:
    def task(stop: threading.Event) -> Iterator[tuple[Settings, Followed]]:
        run = opening() if settings == Settings() else followed(settings.case(), settings.seed, stop)
        yield settings, run

    return task


def _fan(settings: Settings) -> Callable[[threading.Event], Iterator[tuple[Settings, pd.DataFrame]]]:
    def task(stop: threading.Event) -> Iterator[tuple[Settings, pd.DataFrame]]:
        if not stop.wait(PAUSE):
            for many in fanned(settings.case(), seeds(settings.seed), stop):
                yield settings, many

    return task
