"""The page itself: settings on one side, what comes of them on the other; nothing is shared between visits."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable
from typing import Any

import solara
import solara.lab

from sim.dashboard import tabs as panels
from sim.dashboard.background import FAILED
from sim.dashboard.comparison import REMEMBERED, chosen, compare, other_settings
from sim.dashboard.controls import controls, own_schools
from sim.dashboard.glossary import STYLE
from sim.dashboard.session import Desk, opening, use_runs
from sim.dashboard.settings import Settings, from_link, in_full, link_of
from sim.dashboard.tabs import html, safe
from sim.errors import InputError
from sim.results.files import bytes_of

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
    asked, before, wrong = solara.use_memo(lambda: from_link(search), [])
    settings, change = solara.use_state(asked)
    kept, keep = solara.use_state(before if before is not None and before.moved else None)
    against, choose = solara.use_state(chosen(asked, before))
    tab, set_tab = solara.use_state(TABS.index("Enrolment" if before is None else "Compare"))
    folder = use_folder()

    def remember() -> None:
        keep(settings)
        choose(REMEMBERED)
        set_tab(TABS.index("Compare"))

    desk, failed = use_runs(settings)
    with solara.Div(classes=["lab-two"]):
        compared = other_settings(settings, against, kept) if TABS[tab] == "Compare" else None
        controls(settings, change, remember, link_of(settings, compared))
        with solara.Div():
            _said(settings, wrong, failed)
            solara.lab.Tabs(value=tab, on_value=set_tab, children=[solara.lab.Tab(name) for name in TABS])
            if TABS[tab] == "Words":
                panels.words()
            elif TABS[tab] == "Your schools":
                own_schools(settings, change, folder, example)
            elif desk is not None:
                _panel(TABS[tab], desk, (settings, against, choose, kept))
            elif not failed:
                html("Simulating the first run ...", "p", "lab-busy")


def use_folder() -> str:
    """Return a folder for the files of a visit, which goes when the visit ends."""
    folder: str = solara.use_memo(lambda: tempfile.mkdtemp(prefix="lab-"), [])
    solara.use_effect(lambda: lambda: shutil.rmtree(folder, ignore_errors=True), [])
    return folder


EXAMPLE_YEAR = 2013
"""School year of the example of a school file."""


def example() -> bytes:
    """Return a school file as a student may send one: the schools of the opening run in EXAMPLE_YEAR, as CSV."""
    panel = opening().run.panel
    return bytes_of(panel[panel["year"] == EXAMPLE_YEAR], "csv")


def _panel(name: str, desk: Desk, about: tuple[Any, ...]) -> None:
    """The panel of a tab."""
    if name == "Compare":
        compare(desk, *about)
    else:
        shown = {"Enrolment": panels.enrolment, "Network": panels.network, "Who gains": panels.who_gains}
        shown.get(name, panels.events)(desk)


def _said(settings: Settings, wrong: list[str], failed: str) -> None:
    """What is to be said above the panels: of the link, of the sliders, of what cannot be simulated."""
    try:
        notes = settings.notes()
    except InputError as mistake:
        notes = [in_full("These settings cannot be simulated:", mistake)]
    for sentence in [*wrong, *notes]:
        html(safe(sentence), "p", "lab-note")
    if failed and not any(failed in note for note in notes):
        html(safe(failed), "p", "lab-wrong")


Page = page
"""The name under which the server looks for it."""
