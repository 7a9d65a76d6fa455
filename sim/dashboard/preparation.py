"""Preparation of the page while it is served: compiled rules, and the run with which every visit opens."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace

import solara

from sim.dashboard.live_run import years_of_run
from sim.dashboard.tabs import html
from sim.jit.first_compilation import compile_rules
from sim.runs.parallel import in_second_process

PAUSE = 0.5
"""Time between two looks at the progress [seconds]."""


@dataclass(frozen=True)
class Progress:
    """Progress of the preparation.

    Attributes:
        ready: whether runs can be simulated
        done: functions compiled
        total: functions to compile; 0 if there are none, or before they are counted
        seconds: left [seconds], -1 if unknown
        problem: a sentence if the preparation failed
    """

    ready: bool = True
    done: int = 0
    total: int = 0
    seconds: float = -1.0
    problem: str = ""

    @property
    def text(self) -> str:
        """The progress in a sentence."""
        if not self.total or self.done == self.total:
            return "Simulating the first run ..."
        left = f", about {self.seconds:.0f} seconds left" if self.seconds >= 0 else ""
        return f"The rules are compiled, once on this machine: {self.done} of {self.total} functions{left}."


_progress = [Progress()]


def progress() -> Progress:
    """Return the progress of the preparation; it is ready where none was begun."""
    return _progress[0]


def begin() -> threading.Thread:
    """Prepare in a thread, so that the page is served in the meantime."""
    _progress[0] = Progress(ready=False)
    thread = threading.Thread(target=prepare, daemon=True)
    thread.start()
    return thread


def prepare() -> None:
    """Compile the rules, then simulate one run and draw one picture, so that the first visitor does not wait for them."""
    try:
        for failure in compile_rules(report)[:1]:
            logging.getLogger(__name__).warning("a rule is compiled at its first use: %s", failure)
        warm_up()
        _progress[0] = replace(progress(), ready=True)
    except Exception as error:
        logging.getLogger(__name__).exception("the rules of the page could not be compiled")
        problem = f"The rules could not be compiled ({type(error).__name__}: {error}). Stop the page and open it again."
        _progress[0] = replace(progress(), ready=False, problem=problem)


def report(done: int, total: int, seconds: float) -> None:
    """Take the functions compiled, the functions in all and the seconds left."""
    _progress[0] = Progress(False, done, total, seconds)


def warm_up() -> None:
    """Simulate the opening run here and in the second process, and draw one picture."""
    from sim.dashboard.figures import enrolment
    from sim.dashboard.images import page_images
    from sim.dashboard.session import opening_run

    live = opening_run()
    in_second_process(years_of_run, live.run.scenario, live.run.seed)
    for _ in page_images(lambda: enrolment(live, live.run.years.assign(seed=0))):
        pass


def use_progress() -> Progress:
    """Return the progress of the preparation, and draw the page again as it advances."""
    state, update = solara.use_state(progress())

    def watch() -> None:
        while not (now := progress()).ready and not now.problem:
            update(now)
            time.sleep(PAUSE)
        update(now)

    def begin_to_watch() -> None:
        if not state.ready:
            threading.Thread(target=watch, daemon=True).start()

    solara.use_effect(begin_to_watch, [])
    return state


@solara.component
def waiting(state: Progress) -> None:
    """Show the progress, or why the preparation failed."""
    if state.problem:
        html(state.problem, "p", "lab-wrong")
        return
    html(state.text, "p", "lab-busy")
    if state.total:
        solara.ProgressLinear(value=100 * state.done / state.total)
