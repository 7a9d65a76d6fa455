"""The page itself: settings on one side, what comes of them on the other; nothing is shared between visits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import solara
import solara.lab

from sim.dashboard import panels
from sim.dashboard.behind import FAILED, Found, use_behind
from sim.dashboard.comparing import AS_IT_COMES, REMEMBERED, compare, seeds
from sim.dashboard.controls import controls, own_schools
from sim.dashboard.following import Followed, fanned, followed
from sim.dashboard.panels import Desk, html, safe
from sim.dashboard.settings import Settings, from_query
from sim.dashboard.words import STYLE
from sim.declare import Mistake

if TYPE_CHECKING:
    import pandas as pd

TABS = ("Enrolment", "Network", "Who gains", "Compare", "What happened", "Your schools", "Words")

ASKED_ABOUT = """Organisations that distrust one another - a ministry, foundations, businesses, NGOs, colleges, towns - come
to agree, and win the state over; or not. Move a slider and see whether the number of students at the highest level of school
mathematics doubles. What you see is a model of Israel's 5x2 Initiative, not a forecast."""


@solara.component
def page() -> None:
    """Everything a visitor sees; a failure ends in a sentence, never in an empty page."""
    solara.Title("Collective Impact Lab")
    solara.Style(STYLE)
    with solara.Div(classes=["lab"]):
        html("Collective Impact Lab", "h1")
        html(ASKED_ABOUT)
        guarded()


@solara.component
def guarded() -> None:
    """The visit or, where it failed, a word about it; nothing stands around it, so that the failure arrives here."""
    error, clear = solara.use_exception()
    if error is None:
        visit()
    else:
        sorry(error, clear)


@solara.component
def sorry(error: BaseException, again: Callable[[], None]) -> None:
    """What is shown in place of a visit that failed."""
    solara.use_effect(lambda: logging.getLogger(__name__).error("the page failed", exc_info=error), [error])
    html(FAILED, "p", "lab-wrong")
    solara.Button("Start again", on_click=again)


@solara.component
def visit() -> None:
    """A visit: its settings, its run and its fan."""
    search = solara.use_router().search
    begun = solara.use_memo(lambda: from_query(search), [])
    settings, change = solara.use_state(begun[0])
    kept, keep = solara.use_state(None)
    against, choose = solara.use_state(AS_IT_COMES)
    tab, set_tab = solara.use_state(0)

    def remember() -> None:
        keep(settings)
        choose(REMEMBERED)
        set_tab(TABS.index("Compare"))

    one, many = use_behind(_run(settings), [settings]), use_behind(_fan(settings), [settings])
    with solara.Div(classes=["lab-two"]):
        controls(settings, change, remember)
        with solara.Div():
            _said(settings, begun[1], one)
            solara.lab.Tabs(value=tab, on_value=set_tab, children=[solara.lab.Tab(name) for name in TABS])
            if TABS[tab] == "Words":
                panels.words()
            elif TABS[tab] == "Your schools":
                own_schools(settings, change)
            elif one.result is not None:
                desk = Desk(one.result, _of(many, settings), many.busy, settings.told())
                _panel(TABS[tab], desk, compare, (settings, against, choose, kept))
            elif not one.wrong:
                html("Simulating the first run ...", "p", "lab-busy")


def _panel(name: str, desk: Desk, comparison: Callable[..., Any], about: tuple[Any, ...]) -> None:
    """The panel of a tab."""
    if name == "Compare":
        comparison(desk, *about)
    else:
        shown = {"Enrolment": panels.enrolment, "Network": panels.network, "Who gains": panels.who_gains}
        shown.get(name, panels.events)(desk)


@lru_cache(maxsize=1)
def opening() -> Followed:
    """The run with which every visit opens: it is the same for all, and simulated once."""
    return followed(Settings().case(), Settings().seed)


def _run(settings: Settings) -> Callable[[threading.Event], Iterator[Followed]]:
    def task(stop: threading.Event) -> Iterator[Followed]:
        yield opening() if settings == Settings() else followed(settings.case(), settings.seed, stop)

    return task


def _fan(settings: Settings) -> Callable[[threading.Event], Iterator[tuple[Settings, pd.DataFrame]]]:
    def task(stop: threading.Event) -> Iterator[tuple[Settings, pd.DataFrame]]:
        if not stop.wait(0.4):
            for many in fanned(settings.case(), seeds(settings.seed), stop):
                yield settings, many

    return task


def _of(found: Found[tuple[Settings, pd.DataFrame]], settings: Settings) -> pd.DataFrame | None:
    """The fan, if it is of these settings."""
    return found.result[1] if found.result is not None and found.result[0] == settings else None


def _said(settings: Settings, wrong: list[str], one: Found[Followed]) -> None:
    """What is to be said above the panels: of the link, of the sliders, of what cannot be simulated."""
    try:
        notes = settings.notes()
    except Mistake as mistake:
        notes = [f"These settings cannot be simulated: {mistake}."]
    for sentence in [*wrong, *notes]:
        html(safe(sentence), "p", "lab-note")
    if one.wrong and not any(one.wrong in note for note in notes):
        html(safe(one.wrong), "p", "lab-wrong")


Page = page
"""The name under which the server looks for it."""
