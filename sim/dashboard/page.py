"""The page: settings on one side, results on the other; visits share nothing."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import uuid4

import solara
import solara.lab

from sim.dashboard import tabs as panels
from sim.dashboard.background import FAILED
from sim.dashboard.comparison import REMEMBERED, choice_for, compare, other_settings
from sim.dashboard.controls import controls, own_schools
from sim.dashboard.glossary import STYLE
from sim.dashboard.landing import start
from sim.dashboard.preparation import use_progress, waiting
from sim.dashboard.prompts import prompt
from sim.dashboard.queue import FULL, VISITS
from sim.dashboard.session import Desk, opening_run, use_previous, use_runs
from sim.dashboard.settings import Settings, error_sentence, from_link, link_of
from sim.dashboard.tabs import html, safe
from sim.errors import InputError
from sim.figures.side_by_side import STYLE as FILM_STYLE
from sim.results.files import bytes_of

TABS = ("Start", "Enrolment", "Network", "Who gains", "Compare", "Events", "Your schools", "Words")

INTRODUCTION = """Israel's 5x2 Initiative as a model: does a backbone that holds a network together double the students of
five-unit mathematics?"""


@solara.component
def page() -> None:
    """Show everything; a failure gives a message, never an empty page."""
    prepared = use_progress()
    solara.Title("Collective Impact Lab")
    solara.Style(STYLE + FILM_STYLE)
    with solara.Div(classes=["lab"]):
        with solara.Div(classes=["lab-title"]):
            html("Collective Impact Lab", "h1")
            html(INTRODUCTION)
        if prepared.ready:
            guarded_visit()
        else:
            waiting(prepared)


@solara.component
def guarded_visit() -> None:
    """Show the visit or a failure message; exceptions of the visit arrive here."""
    error, clear = solara.use_exception()
    if error is None:
        visit()
    else:
        failure_message(error, clear)


@solara.component
def failure_message(error: BaseException, restart: Callable[[], None]) -> None:
    """Show a message in place of a visit that failed."""
    solara.use_effect(lambda: logging.getLogger(__name__).error("the page failed", exc_info=error), [error])
    html(FAILED, "p", "lab-wrong")
    solara.Button("Start again", on_click=restart)


@solara.component
def visit() -> None:
    """Show a visit, or a message if there are too many of them."""
    name = solara.use_memo(lambda: uuid4().hex, [])
    is_served = solara.use_memo(lambda: VISITS.enter(name), [])
    solara.use_effect(lambda: lambda: VISITS.leave(name), [])
    if is_served:
        served_visit(name)
    else:
        html(FULL.format(most=VISITS.most), "p", "lab-wrong")


@solara.component
def served_visit(name: str) -> None:
    """Show a visit: its settings, its run and its fan."""
    search = solara.use_router().search
    linked, before, problems = solara.use_memo(lambda: from_link(search), [])
    settings, change = solara.use_state(linked)
    remembered, set_remembered = solara.use_state(before if before is not None and before.moved else None)
    against, set_against = solara.use_state(choice_for(linked, before))
    tab, set_tab = solara.use_state(TABS.index(first_tab(linked, before)))
    folder = use_folder()

    def remember() -> None:
        set_remembered(settings)
        set_against(REMEMBERED)
        set_tab(TABS.index("Compare"))

    def move(function: Callable[[Settings], Settings]) -> None:
        change(function)
        set_tab(lambda shown: TABS.index("Enrolment") if TABS[shown] == "Start" else shown)

    desk, failed = use_runs(settings, name)
    previous = use_previous(desk)
    with solara.Div(classes=["lab-two"]):
        before_settings = other_settings(settings, against, remembered) if TABS[tab] == "Compare" else None
        controls(settings, move, remember, link_of(settings, before_settings))
        with solara.Div(classes=["lab-panel"]):
            solara.lab.Tabs(value=tab, on_value=set_tab, children=[solara.lab.Tab(name) for name in TABS])
            _notes(settings, problems, failed)
            if TABS[tab] == "Start":
                start()
            elif TABS[tab] == "Words":
                panels.words()
            elif TABS[tab] == "Your schools":
                own_schools(settings, change, folder, example_schools)
            elif desk is not None:
                _panel(TABS[tab], desk, previous, (settings, against, set_against, remembered))
            elif not failed:
                html("Simulating the first run ...", "p", "lab-busy")
            prompt(TABS[tab], move)


def first_tab(settings: Settings, before: Settings | None) -> str:
    """Return the tab that a link opens: a comparison if it has one, enrolment if it has settings, else the first view."""
    if before is not None:
        return "Compare"
    return "Start" if settings == Settings() else "Enrolment"


def use_folder() -> str:
    """Return a folder for the files of a visit, deleted when the visit ends."""
    folder: str = solara.use_memo(lambda: tempfile.mkdtemp(dir=folder_of_visits().name), [])
    solara.use_effect(lambda: lambda: shutil.rmtree(folder, ignore_errors=True), [])
    return folder


@lru_cache(maxsize=1)
def folder_of_visits() -> tempfile.TemporaryDirectory[str]:
    """Return the folder of all visits, deleted when the server stops."""
    return tempfile.TemporaryDirectory(prefix="lab-")


EXAMPLE_YEAR = 2013
"""School year of the example file."""


def example_schools() -> bytes:
    """Return an example of a school file: the schools of the opening run in EXAMPLE_YEAR, as CSV."""
    panel = opening_run().run.panel
    return bytes_of(panel[panel["year"] == EXAMPLE_YEAR], "csv")


def _panel(name: str, desk: Desk, previous: Desk | None, comparison_arguments: tuple[Any, ...]) -> None:
    """Show the panel of a tab."""
    if name == "Compare":
        compare(desk, *comparison_arguments)
    elif name == "Enrolment":
        panels.enrolment(desk, previous)
    else:
        {"Network": panels.network, "Who gains": panels.who_gains}.get(name, panels.events)(desk)


def _notes(settings: Settings, problems: list[str], failed: str) -> None:
    """Show notes above the panels: on the link, on the sliders, on settings that cannot be simulated."""
    try:
        notes = settings.notes()
    except InputError as mistake:
        notes = [error_sentence("These settings cannot be simulated:", mistake)]
    for sentence in [*problems, *notes]:
        html(safe(sentence), "p", "lab-note")
    if failed and not any(failed in note for note in notes):
        html(safe(failed), "p", "lab-wrong")


Page = page
"""Name under which the server looks for the page."""
